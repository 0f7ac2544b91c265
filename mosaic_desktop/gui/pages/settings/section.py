"""One card of the settings: facts, what went wrong, and the buttons."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.facts_table import FactsTable


class Section(Card):
    """Buttons stand in a row below the facts."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__(theme, title)
        self.facts = FactsTable(theme, title)
        self._trouble = Banner(theme, BannerKind.BAD, "", closable=True)
        self._trouble.setVisible(False)
        self._buttons = QHBoxLayout()
        self._buttons.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self._buttons.setSpacing(Space.S)
        self._buttons.addStretch(1)
        trouble = QHBoxLayout()
        trouble.setContentsMargins(Space.L, Space.S, Space.L, 0)
        trouble.addWidget(self._trouble)
        self.body.addWidget(self.facts)
        self.body.addLayout(trouble)
        self.body.addLayout(self._buttons)

    def add_button(self, button: QWidget) -> None:
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def show_trouble(self, sentence: str) -> None:
        """An empty sentence takes it away."""
        self._trouble.setVisible(bool(sentence))
        self._trouble.set_message(BannerKind.BAD, sentence)

    def trouble(self) -> str:
        return "" if self._trouble.isHidden() else self._trouble.text()
