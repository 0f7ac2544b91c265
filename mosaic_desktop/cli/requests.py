"""What a headless command was asked for."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.run import ParameterValue


class UsageError(MosaicError):
    """What was asked for cannot be meant. ``detail`` is the sentence that says why."""


class Decision(StrEnum):
    """What becomes of a run of which nobody knows whether it started."""

    START_AGAIN = "start-again"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class AgentsRequest:
    """List the agents of ``profile``: an account by its title or id; None for the one that is used anyway."""

    profile: str | None = None


@dataclass(frozen=True, slots=True)
class ProfilesRequest:
    """List the accounts."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Run an agent, by its name or id, or a prompt on each of ``videos``: files, folders and links.

    ``output_dir``: an absolute folder, or None for the one in the settings. ``profile`` as with the agents.
    """

    videos: Sequence[str]
    agent: str | None = None
    prompt: str | None = None
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    auto: bool = False
    output_dir: Path | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class ResumeRequest:
    """Go on with everything unfinished.

    ``run_ids``: pairs of an unconfirmed run, by its own id or its video's name, and the service's id of it.
    ``unconfirmed``: what happens to the unconfirmed runs that are not among these; None leaves them as they are.
    ``output_dir``: where the outputs go whose download failed before. ``profile``: the only account to go on with.
    """

    run_ids: Sequence[tuple[str, str]] = ()
    unconfirmed: Decision | None = None
    output_dir: Path | None = None
    profile: str | None = None


Request = AgentsRequest | ProfilesRequest | RunRequest | ResumeRequest


def request_of(arguments: argparse.Namespace) -> Request:
    """The request in the parsed arguments of ``run``, ``resume``, ``agents`` or ``profiles``."""
    match arguments.command:
        case "run":
            return RunRequest(
                videos=arguments.videos,
                agent=arguments.agent,
                prompt=arguments.prompt,
                parameters=dict(arguments.parameters),
                auto=arguments.auto,
                output_dir=arguments.output_dir,
                profile=arguments.profile,
            )
        case "resume":
            return ResumeRequest(
                run_ids=arguments.run_ids,
                unconfirmed=Decision(arguments.unconfirmed) if arguments.unconfirmed else None,
                output_dir=arguments.output_dir,
                profile=arguments.profile,
            )
        case "profiles":
            return ProfilesRequest()
        case _:
            return AgentsRequest(arguments.profile)
