"""From one account to another without a restart: asked first where work goes on, and told where it does not work."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mosaic_desktop.core.errors import Code, MosaicError, Problem, VaultError
from mosaic_desktop.core.ports import Gateway, Profile
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.leaving import ask_to_leave
from mosaic_desktop.gui.theme.theme import Theme

if TYPE_CHECKING:
    from mosaic_desktop.gui.profile_chip import ProfileChip
    from mosaic_desktop.jobs.engine import Engine


class Switching(QObject):
    """What the menu of the chip leads to. `tell` says what went wrong above everything else; `show_first` shows the
    ways in where nothing is open any more.
    """

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        gateway: Gateway,
        scope: TaskScope,
        tell: Callable[[str], None],
        show_first: Callable[[Problem | None], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._gateway = gateway
        self._scope = scope
        self._tell = tell
        self._show_first = show_first
        self._open: tuple[Engine, Profile, ProfileChip] | None = None

    def attend(self, engine: "Engine", profile: Profile, chip: "ProfileChip") -> None:
        """Whose work the window shows from here on."""
        self._open = (engine, profile, chip)
        chip.profile_wanted.connect(self.open)
        chip.add_wanted.connect(self.add)
        chip.rename_wanted.connect(self._rename)
        chip.leave_wanted.connect(self._leave)

    def show_profile(self, profile: Profile) -> None:
        """It was renamed, or uses another key."""
        if self._open is not None:
            engine, _, chip = self._open
            chip.show_profile(profile)
            self._open = (engine, profile, chip)

    def rest(self) -> None:
        self._open = None

    def open(self, profile_id: str) -> None:
        """The open account itself calls off another that is on its way in."""
        self._begin(self._to(profile_id))

    def add(self) -> None:
        self._begin(self._add())

    def enter_key(self) -> None:
        """Another key for the open account."""
        if self._open is not None:
            self._begin(self._ask_for_key(self._open[1], None))

    # Inside

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        self._scope.replace(work, "switch")

    def _rename(self) -> None:
        self._begin(self._ask_for_title())

    def _leave(self) -> None:
        self._begin(self._to(None))

    async def _to(self, profile_id: str | None) -> None:
        """To another account; None: to the ways in."""
        if self._open is None or profile_id == self._open[1].id:
            return
        engine, profile, chip = self._open
        wanted = next((each for each in self._gateway.profiles if each.id == profile_id), None)
        if not await ask_to_leave(self._window, engine, profile, wanted):
            return
        if wanted is None:
            await self._gateway.leave()
            return
        chip.show_opening(wanted.title)
        trouble = None
        try:
            trouble = await self._opening(wanted)
        finally:
            self._calm(chip)
        if trouble is not None:
            await self._ask_for_key(wanted, trouble)

    def _calm(self, chip: "ProfileChip") -> None:
        """Nothing is on its way in any more; the chip may be gone."""
        if self._open is not None and self._open[2] is chip:
            chip.show_opening("")

    async def _opening(self, wanted: Profile) -> MosaicError | None:
        """Why its key has to be entered, where that is so."""
        try:
            await self._gateway.open_profile(wanted.id)
        except asyncio.CancelledError:
            if self._open is None and not self._scope.closed:
                self._show_first(None)
            raise
        except MosaicError as error:
            if isinstance(error, VaultError) or error.code == Code.NO_KEY:
                return error
            self._told(error.problem, wanted)
        return None

    def _told(self, problem: Problem, wanted: Profile) -> None:
        if self._open is None:
            self._show_first(problem)
        else:
            self._tell(f"“{wanted.title}” could not be opened. {sentence(problem)}")

    async def _ask_for_key(self, wanted: Profile, trouble: MosaicError | None) -> None:
        from mosaic_desktop.gui.key_dialog import ask_for_key

        entered = await ask_for_key(self._window, self._theme, self._gateway, self._scope, wanted, trouble)
        if entered is not None and self._open is not None and entered.id != self._open[1].id:
            await self._opening(entered)

    async def _add(self) -> None:
        from mosaic_desktop.gui.key_dialog import ask_for_key

        known = {profile.id for profile in self._gateway.profiles}
        entered = await ask_for_key(self._window, self._theme, self._gateway, self._scope)
        if entered is None:
            return
        if entered.id in known:
            self._tell(f"This account is here already: it is “{entered.title}”.")
        await self._to(entered.id)

    async def _ask_for_title(self) -> None:
        from mosaic_desktop.gui.title_dialog import ask_for_title

        if self._open is None:
            return
        title = await ask_for_title(self._window, self._theme, self._open[1].title)
        if title is None or self._open is None:
            return
        try:
            await self._gateway.change_profile(replace(self._open[1], title=title))
        except MosaicError as error:
            self._tell(sentence(error.problem))
