"""Reframe: another shape of picture that keeps the subject in view."""

from mosaic_desktop.sandbox.agents.agent import Agent, Node

REFRAME = Agent(
    kind="reframe",
    name="Reframe",
    description="Turns a video into another shape, such as vertical, and keeps the subject in it.",
    nodes=(
        Node("track", "Find the subject", price=4),
        Node("crop", "Reframe", price=8, after=("track",)),
    ),
    properties={
        "aspect": {
            "type": "string",
            "title": "Shape",
            "description": "Width to height of the finished picture.",
            "enum": ["9:16", "1:1", "4:5", "16:9"],
            "x-enum-titles": ["Vertical (9:16)", "Square (1:1)", "Portrait (4:5)", "Wide (16:9)"],
            "default": "9:16",
        },
        "fit": {
            "type": "string",
            "title": "Fit",
            "description": "The crop follows faces, or what moves where no face is seen.",
            "enum": ["crop", "blur"],
            "x-enum-titles": ["Crop to the subject", "Whole picture, blurred background"],
            "default": "crop",
        },
    },
)
