"""Rough cut: takes that were said again are cut out."""

from mosaic_desktop.sandbox.agents.agent import Agent, Node
from mosaic_desktop.sandbox.agents.silence_removal import SILENCE_REMOVAL

ROUGH_CUT = Agent(
    kind="rough_cut",
    name="Rough cut",
    description="Cuts out bad takes: of a phrase that is said again, also after a false start, the last time is kept, "
    "and the pauses between phrases become short. A simple comparison of sounds: it knows no words, and a phrase said "
    "differently is another phrase.",
    nodes=(Node("find_takes", "Find takes", price=2), Node("cut", "Cut", price=5, after=("find_takes",))),
    properties={
        "similarity": {
            "type": "number",
            "title": "Similarity",
            "description": "How alike two phrases must be to be takes of one: 1 is the very same sound.",
            "minimum": 0,
            "maximum": 1,
            "default": 0.8,
        },
        "min_pause_ms": {
            "type": "integer",
            "title": "Shortest pause between phrases",
            "description": "Shorter pauses belong to a phrase and stay.",
            "minimum": 100,
            "maximum": 5000,
            "default": 500,
            "x-unit": "ms",
        },
        "threshold_db": SILENCE_REMOVAL.properties["threshold_db"],
        "padding_ms": SILENCE_REMOVAL.properties["padding_ms"],
    },
)
