"""Watermark: a few words that stand in the picture from the first to the last frame."""

from mosaic_desktop.sandbox.agents.agent import A_COLOR, Agent, Node

WATERMARK = Agent(
    kind="watermark",
    name="Watermark",
    description="Writes a name or an address into the picture. The sound stays as it is.",
    nodes=(Node("watermark", "Watermark", price=4),),
    properties={
        "text": {
            "type": "string",
            "title": "Text",
            "description": "What is written, on one line.",
            "maxLength": 100,
            "default": "Made with Mosaic",
        },
        "position": {
            "type": "string",
            "title": "Position",
            "description": "Where the text stands.",
            "enum": ["top_left", "top_right", "bottom_left", "bottom_right", "centre"],
            "x-enum-titles": ["Top left", "Top right", "Bottom left", "Bottom right", "Centre"],
            "default": "bottom_right",
        },
        "size": {
            "type": "number",
            "title": "Font size",
            "description": "In percent of the picture's shorter side. Text that is too long for it is made smaller.",
            "minimum": 2,
            "maximum": 20,
            "default": 4.5,
            "x-unit": "%",
        },
        "opacity": {
            "type": "number",
            "title": "Opacity",
            "description": "1 hides what is behind the letters, 0 is invisible.",
            "minimum": 0,
            "maximum": 1,
            "default": 0.7,
        },
        "color": {
            **A_COLOR,
            "title": "Colour",
            "description": "Of the letters.",
            "default": "#FFFFFF",
        },
    },
)
