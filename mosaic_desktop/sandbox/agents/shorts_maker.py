"""Shorts maker: a long take becomes a vertical and a square short, with everything that the other agents do for it."""

from collections.abc import Mapping
from importlib.util import find_spec

from mosaic_desktop.sandbox.agents.agent import Agent, Condition, Node
from mosaic_desktop.sandbox.agents.audio_enhance import AUDIO_ENHANCE
from mosaic_desktop.sandbox.agents.captions import CAPTIONS
from mosaic_desktop.sandbox.agents.reframe import REFRAME
from mosaic_desktop.sandbox.agents.silence_removal import SILENCE_REMOVAL


def _is_on(switch: str) -> Condition:
    return lambda parameters: bool(parameters[switch])


def _has_shape(shape: str) -> Condition:
    return lambda parameters: parameters["shapes"] in ("both", shape)


def _switch(title: str, description: str, *, default: bool) -> Mapping[str, object]:
    return {"type": "boolean", "title": title, "description": description, "default": default}


_FOUND_OUT = ("find_pauses", "transcribe", "master")

SHORTS_MAKER = Agent(
    kind="shorts_maker",
    name="Shorts maker",
    description="A vertical and a square short: no pauses, on the subject, captioned, clear sound.",
    nodes=(
        Node("find_pauses", "Find pauses", price=1, when=_is_on("remove_pauses")),
        Node("track_vertical", "Find the subject, vertical", price=4, when=_has_shape("vertical")),
        Node("track_square", "Find the subject, square", price=4, when=_has_shape("square")),
        Node("transcribe", "Transcribe", price=4, when=_is_on("captions")),
        Node("denoise", "Denoise", price=3, when=_is_on("enhance_audio")),
        Node("master", "Level", price=2, after=("denoise", "find_pauses"), when=_is_on("enhance_audio")),
        Node(
            "render_vertical",
            "Vertical short",
            price=8,
            after=(*_FOUND_OUT, "track_vertical"),
            when=_has_shape("vertical"),
        ),
        Node("render_square", "Square short", price=8, after=(*_FOUND_OUT, "track_square"), when=_has_shape("square")),
        Node("render_original", "Short", price=8, after=_FOUND_OUT, when=lambda wanted: wanted["shapes"] == "original"),
    ),
    properties={
        "shapes": {
            "type": "string",
            "title": "Shapes",
            "description": "Which shorts are made, each as a video of its own.",
            "enum": ["both", "vertical", "square", "original"],
            "x-enum-titles": ["Vertical and square", "Vertical (9:16)", "Square (1:1)", "As the video is"],
            "default": "both",
        },
        "fit": REFRAME.properties["fit"],
        "remove_pauses": _switch("Cut pauses", "Cuts pauses out of sound and picture.", default=True),
        **SILENCE_REMOVAL.properties,
        "captions": _switch(
            "Captions",
            "Writes what is said into the picture: the subtitles below, or else what is recognised on this computer.",
            default=find_spec("pocketsphinx") is not None,
        ),
        **CAPTIONS.properties,
        "enhance_audio": _switch("Clear sound", "Takes noise away and sets the loudness.", default=True),
        **AUDIO_ENHANCE.properties,
    },
)
