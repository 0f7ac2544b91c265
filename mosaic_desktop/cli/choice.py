"""Which agent, and which account, is meant."""

from collections.abc import Sequence

from mosaic_desktop.cli.requests import UsageError
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.ports import Profile


def choose_agent(agents: Sequence[Agent], name_or_id: str) -> Agent:
    """By id, else by name regardless of case, else by the only name that begins so.

    Raises UsageError where none is meant, or several may be: a run costs, so that nothing is guessed.
    """
    wanted = name_or_id.strip().casefold()
    for agent in agents:
        if agent.id.casefold() == wanted:
            return agent
    named = [agent for agent in agents if agent.name.casefold() == wanted]
    meant = named or [agent for agent in agents if agent.name.casefold().startswith(wanted)]
    if len(meant) > 1:
        listed = ", ".join(f"{agent.name} ({agent.id})" for agent in meant)
        raise UsageError("ambiguous_agent", f"“{name_or_id}” may be any of these agents: {listed}.")
    if not meant:
        known = ", ".join(sorted(agent.name for agent in agents)) or "none"
        raise UsageError("unknown_agent", f"There is no agent “{name_or_id}”. There are: {known}.")
    return meant[0]


def choose_profile(profiles: Sequence[Profile], name_or_id: str) -> Profile:
    """By id, else by title regardless of case. Raises UsageError where none is meant, or several may be."""
    wanted = name_or_id.strip().casefold()
    for profile in profiles:
        if profile.id.casefold() == wanted:
            return profile
    meant = [profile for profile in profiles if profile.title.casefold() == wanted]
    if len(meant) > 1:
        listed = ", ".join(profile.id for profile in meant)
        raise UsageError(
            "ambiguous_profile", f"Several accounts are called “{name_or_id}”. Name one by its id: {listed}."
        )
    if not meant:
        known = ", ".join(profile.title for profile in profiles)
        raise UsageError("unknown_profile", f"There is no account “{name_or_id}”. There are: {known}.")
    return meant[0]
