"""One card of the settings: buttons in its header, what went wrong, and facts."""

from mosaic_desktop.gui.pages.trouble import Trouble
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.facts_table import FactsTable


class Section(Card):
    """`add_action` puts a button into the header."""

    def __init__(self, theme: Theme, title: str, detail: str = "") -> None:
        super().__init__(theme, title, detail)
        self.facts = FactsTable(theme, title)
        self._trouble = Trouble(theme, (Space.L, Space.S, Space.L, Space.S))
        self.body.addWidget(self._trouble)
        self.body.addWidget(self.facts)

    def show_trouble(self, sentence: str) -> None:
        """An empty sentence takes it away."""
        self._trouble.tell(sentence)
