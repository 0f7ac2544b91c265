"""One card of the settings: buttons in its header, what went wrong, and facts."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.facts_table import FactsTable


class Section(Card):
    """`add_action` puts a button into the header."""

    def __init__(self, theme: Theme, title: str, detail: str = "") -> None:
        super().__init__(theme, title, detail)
        self.facts = FactsTable(theme, title)
        self._trouble = Banner(theme, BannerKind.BAD, "This did not work.", closable=True)
        self._trouble.closed.connect(lambda: self.show_trouble(""))
        self._trouble_room = QWidget()
        room = QHBoxLayout(self._trouble_room)
        room.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        room.addWidget(self._trouble)
        self.body.addWidget(self._trouble_room)
        self.body.addWidget(self.facts)
        self.show_trouble("")

    def show_trouble(self, sentence: str) -> None:
        """An empty sentence takes it away."""
        if sentence:
            self._trouble.set_message(BannerKind.BAD, sentence)
        self._trouble.setVisible(bool(sentence))
        self._trouble_room.setVisible(bool(sentence))

    def trouble(self) -> str:
        return "" if self._trouble.isHidden() else self._trouble.text()
