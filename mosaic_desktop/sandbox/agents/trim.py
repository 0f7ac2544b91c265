"""Trim: one part of a video."""

from mosaic_desktop.sandbox.agents.agent import Agent, Node

_DAY = 86_400

TRIM = Agent(
    kind="trim",
    name="Trim",
    description="Keeps the part from start to end; an end of 0 is the end of the video.",
    nodes=(Node("trim", "Trim", price=2),),
    properties={
        "start": {
            "type": "number",
            "title": "Start",
            "description": "Where the part begins. Below 0 counts back from the end of the video.",
            "minimum": -_DAY,
            "maximum": _DAY,
            "default": 0,
            "x-unit": "s",
        },
        "end": {
            "type": "number",
            "title": "End",
            "description": "Where the part ends. 0 is the end of the video, below 0 counts back from there.",
            "minimum": -_DAY,
            "maximum": _DAY,
            "default": 0,
            "x-unit": "s",
        },
    },
)
