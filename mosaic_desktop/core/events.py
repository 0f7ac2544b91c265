"""What the engine publishes: typed changes of rows. The window, the command line, the log and tests hear the same."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.output import Output
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.run import Run

Row = Asset | Run | Output


class What(StrEnum):
    ADDED = "added"
    STATE = "state"  # the state, or anything else that must be seen at once
    PROGRESS = "progress"  # numbers only; may be shown later, together with others
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class RowChanged:
    what: What
    row: Row


@dataclass(frozen=True, slots=True)
class Refused:
    """Something the user offered was not taken. ``offered``: the file, folder or link in the user's words."""

    offered: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class ServiceReached:
    """Whether the service answered last time; ``problem`` tells why not."""

    problem: Problem | None


@dataclass(frozen=True, slots=True)
class SpendingHeld:
    """Nothing that costs credits is started until the user says to go on; ``runs`` wait for that. None: it goes on."""

    problem: Problem | None
    runs: int = 0


@dataclass(frozen=True, slots=True)
class Undoable:
    """``words``: what the user did last to the queue and may take back, "Removed 3 videos"; None where nothing is.
    ``just_done``: else it was done earlier, and what came after it is not to be taken back any more.
    """

    words: str | None
    just_done: bool = True


@dataclass(frozen=True, slots=True)
class LimitsChanged:
    """How much may move at the same time from here on."""

    limits: TransferLimits


Event = RowChanged | Refused | ServiceReached | SpendingHeld | Undoable | LimitsChanged
log = logging.getLogger(__name__)
Listener = Callable[[Event], None]


class Events:
    """An emitter. Listeners run at once, on the event-loop thread, in the order in which they subscribed."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Returns the function that ends the subscription."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """A listener that fails is logged; the others hear the event, and whoever publishes goes on."""
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:
                log.exception("a listener failed")
