"""On the first page: what waits to be added, and what of it was refused."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mosaic_desktop.gui.pages.first.waiting import Waiting, waiting_words
from mosaic_desktop.gui.pages.refusals import Refusals
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind


class WaitingBanner(QWidget):
    """Hidden while there is neither."""

    def __init__(self, theme: Theme, waiting: Waiting) -> None:
        super().__init__()
        self._waiting = waiting
        self._banner = Banner(theme, BannerKind.INFO, "Nothing waits.", action="Remove")
        self._banner.acted.connect(waiting.clear)
        self._refusals = Refusals(theme, margin=0)
        self._refusals.closed.connect(waiting.forget_refused)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self._banner)
        column.addWidget(self._refusals)
        waiting.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        things, refused = self._waiting.things, self._waiting.refused
        if things:
            self._banner.set_message(BannerKind.INFO, waiting_words(things))
        self._banner.setVisible(bool(things))
        self._refusals.clear()
        for each in refused:
            self._refusals.add(each)
        self.setVisible(bool(things or refused))
