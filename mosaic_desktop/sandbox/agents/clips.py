"""Clips: several short parts of a long video."""

from mosaic_desktop.sandbox.agents.agent import Agent, Node

CLIPS = Agent(
    kind="clips",
    name="Clips",
    description="Picks the liveliest parts of a video, by motion, loudness and scene cuts, and makes each a video of "
    "its own that starts and ends at a pause or cut where one is near.",
    nodes=(Node("score", "Find the best parts", price=4), Node("cut_clips", "Cut clips", price=6, after=("score",))),
    properties={
        "count": {
            "type": "integer",
            "title": "Number of clips",
            "description": "How many at most; a short video gives fewer.",
            "minimum": 1,
            "maximum": 10,
            "default": 3,
        },
        "length_s": {
            "type": "number",
            "title": "Length",
            "description": "About how long each clip is.",
            "minimum": 3,
            "maximum": 120,
            "default": 15,
            "x-unit": "s",
        },
        "min_gap_s": {
            "type": "number",
            "title": "Shortest gap",
            "description": "At least so much of the video lies between two clips.",
            "minimum": 0,
            "maximum": 600,
            "default": 1,
            "x-unit": "s",
        },
    },
)
