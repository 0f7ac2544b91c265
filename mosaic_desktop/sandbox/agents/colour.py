"""Colour: brightness, contrast, saturation and warmth of the picture."""

from mosaic_desktop.sandbox.agents.agent import Agent, Node

COLOUR = Agent(
    kind="colour",
    name="Colour",
    description="Sets brightness, contrast, saturation and warmth. The sound stays as it is.",
    nodes=(Node("colour", "Colour", price=5),),
    properties={
        "brightness": {
            "type": "number",
            "title": "Brightness",
            "description": "Below 0 is darker, above 0 is brighter.",
            "minimum": -0.5,
            "maximum": 0.5,
            "default": 0,
        },
        "contrast": {
            "type": "number",
            "title": "Contrast",
            "description": "1 leaves it as it is.",
            "minimum": 0.5,
            "maximum": 2,
            "default": 1.1,
        },
        "saturation": {
            "type": "number",
            "title": "Saturation",
            "description": "0 is black and white, 1 leaves it as it is.",
            "minimum": 0,
            "maximum": 2,
            "default": 1.15,
        },
        "warmth": {
            "type": "number",
            "title": "Warmth",
            "description": "Below 0 is bluer, above 0 is more orange.",
            "minimum": -1,
            "maximum": 1,
            "default": 0,
        },
    },
)
