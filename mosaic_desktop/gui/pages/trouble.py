"""A sentence about something that did not work, above what it is about, until it is closed."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind


class Trouble(QWidget):
    """Hidden without a sentence. `margins` stand around the banner: left, top, right, bottom."""

    def __init__(self, theme: Theme, margins: tuple[int, int, int, int]) -> None:
        super().__init__()
        self._banner = Banner(theme, BannerKind.WARNING, "This did not work.", closable=True)
        self._banner.closed.connect(self.clear)
        room = QHBoxLayout(self)
        room.setContentsMargins(*margins)
        room.addWidget(self._banner)
        self.clear()

    def tell(self, sentence: str) -> None:
        """An empty sentence takes the last one away."""
        if sentence:
            self._banner.set_message(BannerKind.WARNING, sentence)
        self._banner.setVisible(bool(sentence))
        self.setVisible(bool(sentence))

    def clear(self) -> None:
        self.tell("")
