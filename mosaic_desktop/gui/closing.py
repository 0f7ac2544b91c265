"""What closing the window means while work goes on: it goes on in the background, or stops until the next time.

What is needed only once there is work is loaded then: the window is on the screen before.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mosaic_desktop.core.ports import Profile, SettingsStore
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.theme.theme import Theme

if TYPE_CHECKING:
    from mosaic_desktop.gui.leaving import Unfinished
    from mosaic_desktop.gui.tray import Tray
    from mosaic_desktop.jobs.engine import Engine

BACKGROUND, STOP, STAY = "Keep going in the background", "Stop and quit", "Stay"
_ALWAYS = "Do this each time, and don’t ask again"


class OnClose(StrEnum):
    """`Settings.on_close`: what closing the window means while work goes on."""

    ASK = "ask"
    BACKGROUND = "background"
    STOP = "stop"


_MEANING = {BACKGROUND: OnClose.BACKGROUND, STOP: OnClose.STOP}


def closing_words(work: "Unfinished", profile: Profile, *, can_hide: bool) -> str:
    """What goes on, and what becomes of it on each way."""
    from mosaic_desktop.gui.leaving import continuing_words, work_words

    going = f"{work_words(work)} {'is' if work.count == 1 else 'are'} under way."
    when = "you enter this key again" if profile.session_only else "you open the app again"
    stopped = continuing_words(work, profile, when)
    if can_hide:
        return f"{going} In the background everything goes on, and an icon in the tray leads back. Stopped, {stopped}"
    return f"{going} If you quit, {stopped}"


class Closing(QObject):
    """Decides for `window` what happens when the user closes it; `quit_` ends the application.

    `has_tray`: whether the system has a place for the icon without which nobody would find the way back.
    """

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        settings: SettingsStore,
        scope: TaskScope,
        quit_: Callable[[], None],
        has_tray: Callable[[], bool],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._settings = settings
        self._scope = scope
        self._quit = quit_
        self._has_tray = has_tray
        self._work: tuple[Engine, Profile] | None = None
        self._asking = False
        self.tray: Tray | None = None

    def attend(self, engine: "Engine", profile: Profile) -> None:
        """Whose work it is about from here on."""
        self._work = (engine, profile)

    def rest(self) -> None:
        """There is no work any more."""
        self._work = None
        self.come_back()

    def wanted(self) -> None:
        """The user closes the window."""
        from mosaic_desktop.gui.leaving import unfinished

        if self._work is None or not unfinished(self._work[0].store).count:
            self._quit()
            return
        chosen = OnClose(self._settings.value.on_close)
        if chosen is OnClose.STOP:
            self._quit()
        elif chosen is OnClose.BACKGROUND and self._has_tray():
            self._hide(self._work[0])
        elif not self._asking:
            self._asking = True
            self._scope.start(self._ask(*self._work), "question before closing")

    def come_back(self) -> None:
        """The window is in sight again, or will not be any more."""
        if self.tray is not None:
            self.tray.close()
            self.tray = None

    async def _ask(self, engine: "Engine", profile: Profile) -> None:
        from mosaic_desktop.gui import ask
        from mosaic_desktop.gui.leaving import unfinished

        can_hide = self._has_tray()
        words = closing_words(unfinished(engine.store), profile, can_hide=can_hide)
        title = "Keep going in the background?" if can_hide else "Quit while work is going on?"
        try:
            answer = await ask.choose(
                self._window, title, words, (BACKGROUND, STOP) if can_hide else (STOP,), STAY, _ALWAYS
            )
        finally:
            self._asking = False
        meaning = _MEANING.get(answer.choice)
        if meaning is None or self._work is None:
            return
        if answer.always:
            self._settings.change(on_close=meaning.value)
        if meaning is OnClose.STOP:
            self._quit()
        else:
            self._hide(engine)

    def _hide(self, engine: "Engine") -> None:
        from mosaic_desktop.gui.tray import Tray

        self.tray = Tray(self._theme, engine, self._window)
        self.tray.open_wanted.connect(self._on_open_wanted)
        self.tray.quit_wanted.connect(self._quit)
        self._window.hide()

    def _on_open_wanted(self) -> None:
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
