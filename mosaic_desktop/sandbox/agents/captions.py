"""Captions: what is said, written into the picture word by word."""

from mosaic_desktop.sandbox.agents.agent import A_COLOR, Agent, Node

CAPTIONS = Agent(
    kind="captions",
    name="Captions",
    description="Writes what is said into the picture, word by word. The sound stays as it is.",
    nodes=(Node("transcribe", "Transcribe", price=4), Node("draw", "Draw captions", price=6, after=("transcribe",))),
    properties={
        "text": {
            "type": "string",
            "title": "Subtitles",
            "description": "The words as SRT or VTT text. Left empty, English speech is recognised on this computer.",
            "maxLength": 200_000,
            "default": "",
        },
        "style": {
            "type": "string",
            "title": "Style",
            "description": "Karaoke lights up the word that is said, pop lets words come in one by one.",
            "enum": ["karaoke", "pop", "plain"],
            "x-enum-titles": ["Karaoke", "Pop", "Plain"],
            "default": "karaoke",
        },
        "font_size": {
            "type": "number",
            "title": "Font size",
            "description": "In percent of the picture's shorter side.",
            "minimum": 3,
            "maximum": 20,
            "default": 9,
            "x-unit": "%",
        },
        "color": {
            **A_COLOR,
            "title": "Colour",
            "description": "Of the words.",
            "default": "#FFFFFF",
        },
        "highlight_color": {
            **A_COLOR,
            "title": "Highlight",
            "description": "Of the word that is being said, in the styles karaoke and pop.",
            "default": "#FFD400",
        },
        "outline_color": {
            **A_COLOR,
            "title": "Outline",
            "description": "Of the edge around the letters, which keeps them readable on any background.",
            "default": "#000000",
        },
        "position": {
            "type": "string",
            "title": "Position",
            "description": "Where the captions stand.",
            "enum": ["top", "middle", "bottom"],
            "x-enum-titles": ["Top", "Middle", "Bottom"],
            "default": "bottom",
        },
        "uppercase": {
            "type": "boolean",
            "title": "Capital letters",
            "description": "Writes everything in capital letters.",
            "default": False,
        },
    },
)
