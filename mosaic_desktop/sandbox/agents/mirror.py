"""Mirror: the picture the other way round."""

from mosaic_desktop.sandbox.agents.agent import Agent, Node

MIRROR = Agent(
    kind="mirror",
    name="Mirror",
    description="Flips the picture, as selfie cameras do. The sound stays as it is.",
    nodes=(Node("mirror", "Mirror", price=4),),
    properties={
        "direction": {
            "type": "string",
            "title": "Direction",
            "description": "Which sides change places.",
            "enum": ["horizontal", "vertical"],
            "x-enum-titles": ["Left and right", "Top and bottom"],
            "default": "horizontal",
        },
    },
)
