"""Audio enhance: less noise, loudness at a target, the picture untouched."""

from mosaic_desktop.sandbox.agents.agent import Agent, Node

AUDIO_ENHANCE = Agent(
    kind="audio_enhance",
    name="Audio enhance",
    description="Removes noise and brings the loudness to a target. The picture stays as it is.",
    nodes=(Node("denoise", "Denoise", price=3), Node("level", "Level", price=2, after=("denoise",))),
    properties={
        "denoise": {
            "type": "number",
            "title": "Noise reduction",
            "description": "How strongly steady noise is taken away: 0 leaves it, 1 takes as much as possible.",
            "minimum": 0,
            "maximum": 1,
            "default": 0.5,
        },
        "target_lufs": {
            "type": "number",
            "title": "Loudness",
            "description": "How loud the result is on average. -16 suits the web and podcasts, -23 television.",
            "minimum": -36,
            "maximum": -9,
            "default": -16,
            "x-unit": "LUFS",
        },
    },
)
