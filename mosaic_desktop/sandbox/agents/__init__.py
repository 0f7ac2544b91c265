"""The agents that the local Mosaic offers: what they are called, which nodes they run and what can be set.

Descriptions only. How a node works on a video is in `mosaic_desktop.sandbox.steps`.
"""

from mosaic_desktop.sandbox.agents.agent import Agent, Node, Schema
from mosaic_desktop.sandbox.agents.audio_enhance import AUDIO_ENHANCE
from mosaic_desktop.sandbox.agents.captions import CAPTIONS
from mosaic_desktop.sandbox.agents.clips import CLIPS
from mosaic_desktop.sandbox.agents.colour import COLOUR
from mosaic_desktop.sandbox.agents.mirror import MIRROR
from mosaic_desktop.sandbox.agents.reframe import REFRAME
from mosaic_desktop.sandbox.agents.rough_cut import ROUGH_CUT
from mosaic_desktop.sandbox.agents.shorts_maker import SHORTS_MAKER
from mosaic_desktop.sandbox.agents.silence_removal import SILENCE_REMOVAL
from mosaic_desktop.sandbox.agents.trim import TRIM
from mosaic_desktop.sandbox.agents.watermark import WATERMARK

# Oldest first; clients see the newest first.
AGENTS = (
    TRIM,
    MIRROR,
    COLOUR,
    WATERMARK,
    CAPTIONS,
    CLIPS,
    ROUGH_CUT,
    REFRAME,
    SILENCE_REMOVAL,
    SHORTS_MAKER,
    AUDIO_ENHANCE,
)


def agent_of_kind(kind: str) -> Agent:
    """The agent with this stable name; raises KeyError."""
    return {agent.kind: agent for agent in AGENTS}[kind]


__all__ = [
    "AGENTS",
    "AUDIO_ENHANCE",
    "CAPTIONS",
    "CLIPS",
    "COLOUR",
    "MIRROR",
    "REFRAME",
    "ROUGH_CUT",
    "SHORTS_MAKER",
    "SILENCE_REMOVAL",
    "TRIM",
    "WATERMARK",
    "Agent",
    "Node",
    "Schema",
    "agent_of_kind",
]
