"""What is done to all outputs at once: the button above the tiles, the menu beside it, and the keys of both."""

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractItemView

from mosaic_desktop.core.output import OutputState
from mosaic_desktop.gui.pages.outputs.commands import OUTPUT_SWEEPS, open_sweeps
from mosaic_desktop.gui.pages.row_actions import RowActions
from mosaic_desktop.gui.pages.sweeps import Sweep
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import icon_button
from mosaic_desktop.jobs.engine import Engine

_ALL = "All outputs"
_NOTHING_MOVES = "No download is under way or paused"
_NOTHING_TO_DO = f"{_ALL}: there is nothing to pause, retry or clear"


class OutputSweeps(QObject):
    """`in_state`: how many outputs there are in each state, kept up to date by its owner. `pause` and `more` are the
    buttons to be placed.
    """

    def __init__(
        self, theme: Theme, view: QAbstractItemView, in_state: Mapping[OutputState, int], engine: Engine
    ) -> None:
        super().__init__(view)
        self._in_state = in_state
        self._engine = engine
        self._first = Sweep.PAUSE
        self.pause = icon_button(theme, "pause", "")
        self.more = icon_button(theme, "ellipsis-vertical", _ALL)
        self._sweeps = RowActions(theme, view, OUTPUT_SWEEPS, self._open, self._do)
        self.pause.clicked.connect(self._do_first)
        self.more.clicked.connect(lambda: self._sweeps.popup(self.more.mapToGlobal(self.more.rect().bottomLeft())))
        self.refresh()

    def refresh(self) -> None:
        """Outputs came, went or changed."""
        open_now = self._open()
        self._first = Sweep.RESUME if Sweep.RESUME in open_now else Sweep.PAUSE
        words = OUTPUT_SWEEPS[self._first]
        self.pause.setAccessibleName(words.text)
        self.pause.set_icon(words.icon)
        self.pause.setEnabled(self._first in open_now)
        self.pause.setToolTip(words.tip if self._first in open_now else _NOTHING_MOVES)
        self.more.setEnabled(bool(open_now))
        self.more.setToolTip(_ALL if open_now else _NOTHING_TO_DO)

    # Inside

    def _open(self) -> frozenset[Sweep]:
        return open_sweeps(state for state, count in self._in_state.items() if count)

    def _do_first(self) -> None:
        if self._first in self._open():
            self._do(self._first)

    def _do(self, sweep: Sweep) -> None:
        match sweep:
            case Sweep.PAUSE:
                self._engine.pause_all_downloads()
            case Sweep.RESUME:
                self._engine.resume_all_downloads()
            case Sweep.RETRY:
                self._engine.retry_failed_downloads()
            case Sweep.CLEAR:
                self._engine.clear_saved()
            case _:
                raise ValueError(f"not for outputs: {sweep}")
