"""What the command line prints: lines for people, or one JSON object a line."""

import json
import sys
from collections.abc import Callable, Iterable
from typing import TextIO

from mosaic_desktop.cli.outcome import Failure, Outcome
from mosaic_desktop.cli.records import (
    Record,
    agent_record,
    failure_record,
    finished_record,
    profile_record,
    reason,
    row_record,
)
from mosaic_desktop.cli.words import agent_words, failure_words, problem_words, profile_words, row_words
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.events import Event, Refused, Row, RowChanged, ServiceReached, What
from mosaic_desktop.core.ports import Profile
from mosaic_desktop.core.run import Run
from mosaic_desktop.core.units import format_wait

_SECONDS_BETWEEN_LINES = 1.0


class Report:
    """Prints each change of state at once and progress at most once a second a row.

    ``program``: what the user types to work in the same data folder. ``monotonic``: the clock of the Clock port.
    """

    def __init__(
        self,
        as_json: bool,
        monotonic: Callable[[], float],
        program: str = "mosaic-desktop",
        out: TextIO | None = None,
        errors: TextIO | None = None,
    ) -> None:
        self.program = program
        self._as_json = as_json
        self._monotonic = monotonic
        self._out: TextIO | None = out or sys.stdout  # None where nobody reads
        self._errors: TextIO | None = errors or sys.stderr
        self._last: dict[str, tuple[str, float]] = {}
        self._last_line = ""
        self._away: str | None = None
        self.has_told_of_work = False

    def on_event(self, event: Event) -> None:
        match event:
            case RowChanged(what=what, row=row) if what is not What.REMOVED and self._is_due(row):
                self.has_told_of_work = True
                self._say(row_record(row), row_words(row))
            case Refused(offered=offered, problem=problem) if problem.code != Code.ALREADY_QUEUED:
                self._say(
                    {"event": "refused", "source": offered, **reason(problem)}, f"{offered}: {problem_words(problem)}"
                )
            case ServiceReached(problem=problem):
                self._service(problem)
            case _:
                pass

    def agents(self, agents: Iterable[Agent]) -> None:
        for agent in agents:
            self._say(agent_record(agent), agent_words(agent))

    def profiles(self, profiles: Iterable[Profile], used: Profile) -> None:
        for profile in profiles:
            is_used = profile.id == used.id
            self._say(profile_record(profile, is_used=is_used), profile_words(profile, is_used=is_used))

    def trying_again(self, problem: Problem, seconds: float) -> None:
        words = f"{problem_words(problem, is_over=True)} Trying again in {format_wait(seconds)}."
        self._say({"event": "retry", "error": problem.code, "sentence": words, "wait": round(seconds, 1)}, words)

    def note(self, text: str) -> None:
        self._say({"event": "note", "sentence": text}, text)

    def warn(self, text: str) -> None:
        """Something is wrong here, whatever comes of the work: people find it apart from the results."""
        if self._as_json:
            self.note(text)
        self._complain(text)

    def ended_by(self, problem: Problem) -> None:
        """Why nothing could begin, told where wrong usage is told too."""
        failure = Failure("", problem)
        if self._as_json:
            self.failed(failure)
        self._complain(failure_words(failure, self.program))

    def conclude(self, outcome: Outcome) -> None:
        """The last thing that is printed: failures first, then one line for each finished file."""
        for failure in outcome.failures:
            self.failed(failure)
        for finished in outcome.finished:
            self._say(finished_record(finished), str(finished.path))

    def failed(self, failure: Failure) -> None:
        words = failure_words(failure, self.program)
        line = f"{failure.name}: {words}" if failure.name else words
        self._say(failure_record(failure, self.program), line)

    # Inside

    def _service(self, problem: Problem | None) -> None:
        """The service went or came back; what happens to single rows is told by these."""
        if problem is not None and problem.retryable:
            if problem.code != self._away:
                self._away = problem.code
                words = problem_words(problem)
                self._say({"event": "service", "reached": False, **reason(problem)}, words)
        elif problem is None and self._away is not None:
            self._away = None
            self._say({"event": "service", "reached": True}, "Mosaic answers again.")

    def _is_due(self, row: Row) -> bool:
        now = self._monotonic()
        state, printed_at = self._last.get(row.id, ("", 0.0))
        key = f"{row.state}{row.problem.code if row.problem else ''}{_step(row)}"
        if key == state and now - printed_at < _SECONDS_BETWEEN_LINES:
            return False
        self._last[row.id] = (key, now)
        return True

    def _say(self, record: Record, line: str) -> None:
        if self._as_json:
            self._print(json.dumps(record))  # in ASCII: a name may hold what some reader takes for the end of a line
        elif line != self._last_line:  # a failure that was just told is not told again at the end
            self._last_line = line
            self._print(line)

    def _complain(self, text: str) -> None:
        if self._errors is not None:
            _is_told(text, self._errors)

    def _print(self, text: str) -> None:
        if self._out is not None and not _is_told(text, self._out):
            self._out = None  # nobody can read any more; the work goes on, since it may be paid for


def _is_told(text: str, out: TextIO) -> bool:
    """Whether somebody may read it. A file's name may hold bytes that the terminal or pipe cannot take."""
    encoding = out.encoding or "utf-8"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=out, flush=True)
    except OSError:
        return False
    return True


def _step(row: Row) -> str:
    return node.name if isinstance(row, Run) and (node := row.current_node) else ""
