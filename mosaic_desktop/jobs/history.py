"""What the user did to the queue and may take back."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mosaic_desktop.core.events import Events, Undoable
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.turns import Turns

_KEPT = 20


@dataclass(frozen=True, slots=True)
class Deed:
    """``words``: what was done, "Removed 3 videos". ``take_back`` does the opposite, a row a step. ``stands``: whether
    anything of it is left to be taken back. ``leftovers``: files that nobody needs once it cannot be taken back any
    more.
    """

    words: str
    take_back: Callable[[], Iterator[None]]
    leftovers: tuple[Path, ...] = ()
    stands: Callable[[], bool] = lambda: True


class History:
    """The last deeds, the latest on top. Publishes what could be taken back next."""

    def __init__(self, events: Events, scope: TaskScope, turns: Turns) -> None:
        self._events = events
        self._scope = scope
        self._turns = turns
        self._deeds: deque[Deed] = deque()

    @property
    def words(self) -> str | None:
        return self._deeds[-1].words if self._deeds else None

    def note(self, deed: Deed) -> None:
        self._deeds.append(deed)
        if len(self._deeds) > _KEPT:
            self.discard(self._deeds.popleft().leftovers)
        self._events.publish(Undoable(deed.words))

    def undo(self) -> None:
        if self._deeds:
            self._turns.do(self._deeds.pop().take_back())
            self._events.publish(Undoable(self.words, just_done=False))

    def review(self) -> None:
        """Forgets what the user undid in another way meanwhile."""
        last = self._deeds[-1] if self._deeds else None
        for deed in [deed for deed in self._deeds if not deed.stands()]:
            self._deeds.remove(deed)
            self.discard(deed.leftovers)
        if last is not None and not (self._deeds and self._deeds[-1] is last):
            self._events.publish(Undoable(self.words, just_done=False))

    def discard(self, leftovers: tuple[Path, ...]) -> None:
        if leftovers and not self._scope.closed:
            self._scope.start(asyncio.to_thread(files.discard_all, leftovers), "leftovers")

    async def close(self) -> None:
        """At the end: what was done stays done."""
        leftovers = [path for deed in self._deeds for path in deed.leftovers]
        self._deeds.clear()
        await asyncio.to_thread(files.discard_all, leftovers)
