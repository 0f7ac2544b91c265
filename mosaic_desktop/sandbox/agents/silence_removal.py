"""Silence removal: pauses are cut out of sound and picture together."""

from mosaic_desktop.sandbox.agents.agent import Agent, Node

SILENCE_REMOVAL = Agent(
    kind="silence_removal",
    name="Silence removal",
    description="Finds the pauses and cuts them out of sound and picture together.",
    nodes=(Node("find_pauses", "Find pauses", price=1), Node("cut", "Cut", price=5, after=("find_pauses",))),
    properties={
        "threshold_db": {
            "type": "number",
            "title": "Silence threshold",
            "description": "Sound below this level counts as silence.",
            "minimum": -60,
            "maximum": -20,
            "default": -38,
            "x-unit": "dB",
        },
        "min_silence_ms": {
            "type": "integer",
            "title": "Shortest pause to cut",
            "description": "Shorter pauses stay, so that speech keeps its rhythm.",
            "minimum": 100,
            "maximum": 5000,
            "default": 600,
            "x-unit": "ms",
        },
        "padding_ms": {
            "type": "integer",
            "title": "Padding",
            "description": "How much of a pause is kept on each side of a cut.",
            "minimum": 0,
            "maximum": 1000,
            "default": 100,
            "x-unit": "ms",
        },
    },
)
