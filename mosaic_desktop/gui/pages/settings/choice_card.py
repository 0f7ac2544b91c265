"""A card of the settings with one choice: what it is about at the left, the possibilities at the right."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout

from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.segmented import SegmentedControl


class ChoiceCard(Card):
    """`options` as those of `choice`, which is to be listened to."""

    def __init__(self, theme: Theme, title: str, words: str, options: Sequence[tuple[str, str]]) -> None:
        super().__init__(theme, title)
        self.choice = SegmentedControl(theme, title, options)
        row = QHBoxLayout()
        row.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        row.addWidget(text_label(theme, words, tone=Tone.SECONDARY), 1)
        row.addWidget(self.choice)
        self.body.addLayout(row)
