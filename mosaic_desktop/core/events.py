"""What the engine publishes: typed changes of rows. The window, the command line, the log and tests hear the same."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.listeners import Listeners
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
Listener = Callable[[Event], None]


class Events:
    """An emitter of what the engine publishes."""

    def __init__(self) -> None:
        self._listeners = Listeners[[Event]]()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Returns the function that ends the subscription."""
        return self._listeners.subscribe(listener)

    def publish(self, event: Event) -> None:
        self._listeners.tell(event)
