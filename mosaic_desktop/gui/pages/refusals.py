"""What was not added and why, where it was dropped, until the user closes it or goes on."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mosaic_desktop.core.events import Refused
from mosaic_desktop.gui.text.refusals import refused_words
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind


class Refusals(QWidget):
    """Collapses several into one banner. Hidden while there are none. `margin` stands on all sides of it. `closed` by
    the user.
    """

    closed = Signal()

    def __init__(self, theme: Theme, margin: int = Space.M) -> None:
        super().__init__()
        self._refused: list[Refused] = []
        self._banner = Banner(theme, BannerKind.WARNING, "Nothing was refused.", closable=True)
        self._banner.closed.connect(self.clear)
        self._banner.closed.connect(self.closed)
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, margin, margin, margin)
        column.addWidget(self._banner)
        self.hide()

    def add(self, refused: Refused) -> None:
        if refused not in self._refused:
            self._refused.append(refused)
        self._refresh()

    def forget(self, offered: str, code: str) -> None:
        """What was refused for this reason would not be any more."""
        left = [entry for entry in self._refused if (entry.offered, entry.problem.code) != (offered, code)]
        if len(left) < len(self._refused):
            self._refused = left
            self._refresh()

    def clear(self) -> None:
        self._refused.clear()
        self._refresh()

    def words(self) -> str:
        """What is shown; empty while hidden."""
        return self._banner.text() if self._refused else ""

    def _refresh(self) -> None:
        if self._refused:
            words = refused_words((_short(entry.offered), entry.problem) for entry in self._refused)
            self._banner.set_message(BannerKind.WARNING, words)
            self._banner.show()
        self.setVisible(bool(self._refused))


def _short(offered: str) -> str:
    """A file's name without its folders; a link as it is."""
    return offered if "://" in offered else Path(offered).name or offered
