"""What was dropped or pasted before a way in was taken: looked at, then kept until a workspace can take it."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.core.links import youtube_id
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.drop import Offered, counted

if TYPE_CHECKING:
    from mosaic_desktop.core.events import Refused


class Waiting(QObject):
    """Lives as long as the window. `changed` when other things wait, or others were refused.

    What waits is offered to the engine in the end, which looks at it once more; here it is looked at so that the user
    hears at once what cannot be added.
    """

    changed = Signal()

    def __init__(self, scope: TaskScope, parent: QObject) -> None:
        super().__init__(parent)
        self._scope = scope
        self._things: list[Offered] = []
        self._refused: list[Refused] = []

    @property
    def things(self) -> tuple[Offered, ...]:
        return tuple(self._things)

    @property
    def refused(self) -> "tuple[Refused, ...]":
        """Of what was offered last."""
        return tuple(self._refused)

    def offer(self, offered: Sequence[Offered]) -> None:
        fresh = [thing for thing in offered if thing not in self._things]
        self._things += fresh
        self._refused.clear()
        self.changed.emit()
        self._scope.start(self._look(fresh), "look at what was dropped")

    def take(self) -> tuple[Offered, ...]:
        """What waits, which then waits no more."""
        taken = self.things
        self.clear()
        return taken

    def clear(self) -> None:
        self._things.clear()
        self._refused.clear()
        self.changed.emit()

    def forget_refused(self) -> None:
        self._refused.clear()
        self.changed.emit()

    async def _look(self, things: Sequence[Offered]) -> None:
        for thing in things:
            found, refused = await asyncio.to_thread(look_at, thing)
            if thing in self._things:  # else it was taken, or thrown away, in the meantime
                self._replace(thing, found)
                self._refused += refused
                self.changed.emit()

    def _replace(self, thing: Offered, found: Sequence[Offered]) -> None:
        place = self._things.index(thing)
        others = [*self._things[:place], *self._things[place + 1 :]]
        self._things[place : place + 1] = [each for each in found if each not in others]


def waiting_words(things: Sequence[Offered]) -> str:
    """`3 videos wait. Choose how to start, then they are added.`"""
    if len(things) == 1:
        return f"{counted(things)} waits. Choose how to start, then it is added."
    return f"{counted(things)} wait. Choose how to start, then they are added."


def look_at(thing: Offered) -> "tuple[list[Offered], list[Refused]]":
    """What of `thing` can be added, folders by the videos in them, and what cannot. Blocks."""
    from mosaic_desktop.core.events import Refused
    from mosaic_desktop.jobs import files

    if isinstance(thing, str):
        return ([thing], []) if youtube_id(thing) else ([], [Refused(thing, LocalFileError(Code.UNKNOWN_LINK).problem)])
    found: list[Offered] = []
    refused: list[Refused] = []
    for path in _files(files.absolute(thing)):
        try:
            files.sendable(path)
            found.append(path)
        except LocalFileError as error:
            refused.append(Refused(str(path), error.problem))
    if not found and not refused:
        refused.append(Refused(str(thing), LocalFileError(Code.NO_VIDEOS_IN_FOLDER).problem))
    return found, refused


def _files(path: Path) -> Iterator[Path]:
    from mosaic_desktop.jobs import files

    if files.is_folder(path):
        yield from files.videos_in(path)
    else:
        yield path
