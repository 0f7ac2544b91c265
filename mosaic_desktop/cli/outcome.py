"""How a command ended, told once everything is over: failures first, finished files last."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.output import Output
from mosaic_desktop.core.run import Run, RunId


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that did not come back. ``name``: the video, output or whatever was offered; empty for the service.

    ``unconfirmed``: the run about which only the user can decide, where that is the failure.
    """

    name: str
    problem: Problem
    unconfirmed: RunId | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished file at ``path``, made by ``run``."""

    path: Path
    output: Output
    run: Run


@dataclass(frozen=True, slots=True)
class Outcome:
    """All came back where nothing failed."""

    failures: tuple[Failure, ...] = ()
    finished: tuple[Finished, ...] = ()

    @classmethod
    def of(cls, outcomes: Iterable["Outcome"]) -> "Outcome":
        """Several in one; a failure that is told twice counts once."""
        together = tuple(outcomes)
        failures = dict.fromkeys(failure for outcome in together for failure in outcome.failures)
        return cls(tuple(failures), tuple(file for outcome in together for file in outcome.finished))
