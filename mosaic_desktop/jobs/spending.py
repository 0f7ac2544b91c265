"""Credits that are used up: everything that would spend waits until the user says to go on."""

from collections.abc import Callable

from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.events import Events, SpendingHeld
from mosaic_desktop.core.run import Run, RunState
from mosaic_desktop.jobs.reasons import Reasons, says
from mosaic_desktop.jobs.store import Store


class Spending:
    """Said once. What is held is on the rows themselves, so that it is held after a restart too: runs that wait, and
    failed runs whose steps are to be retried.

    ``on_go_on`` is called when the user says so.
    """

    def __init__(self, store: Store, events: Events, reasons: Reasons, on_go_on: Callable[[], None]) -> None:
        self._store = store
        self._events = events
        self._reasons = reasons
        self._on_go_on = on_go_on
        self._problem: Problem | None = None

    @property
    def problem(self) -> Problem | None:
        """Why nothing is spent; None where nothing stands against it."""
        return self._problem

    @property
    def held(self) -> SpendingHeld:
        """As it is now, for whoever comes later than the event."""
        return SpendingHeld(self._problem, self._count() if self._problem is not None else 0)

    def take_up(self) -> None:
        """At start-up: a hold of before still stands."""
        held = next((run for run in (*self._waiting(), *self.retries()) if says(run, Code.NO_CREDITS)), None)
        if held is not None and held.problem is not None:
            self.hold(held.problem)

    def hold(self, problem: Problem) -> None:
        """The service refused for want of credits; the row that it refused says so already."""
        if self._problem is None:
            self._problem = problem
            self._reasons.tell(problem, RunState.WAITING)
            self._events.publish(self.held)

    def go_on(self) -> None:
        if self._problem is not None:
            self._problem = None
            self._events.publish(SpendingHeld(None))
            self._reasons.take_back(Code.NO_CREDITS, RunState.WAITING)
            self._on_go_on()

    def let_go_if_unwanted(self) -> None:
        """Once the user took back everything that was held, nothing is held."""
        if self._problem is not None and not self._count():
            self.go_on()

    def retries(self) -> list[Run]:
        """Failed runs whose steps are to be retried once there are credits."""
        failed = self._store.runs_in(RunState.FAILED)
        return [run for run in failed if run.remote_id is not None and says(run, Code.NO_CREDITS)]

    def _waiting(self) -> list[Run]:
        return list(self._store.runs_in(RunState.WAITING))

    def _count(self) -> int:
        return len(self._waiting()) + len(self.retries())
