"""What closing the window means while work goes on."""

from PySide6.QtWidgets import QHBoxLayout

from mosaic_desktop.core.ports import SettingsStore
from mosaic_desktop.gui.closing import OnClose
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.segmented import SegmentedControl

_TITLE = "Closing the window"
_CHOICES = (
    (OnClose.ASK.value, "Ask"),
    (OnClose.BACKGROUND.value, "Keep going"),
    (OnClose.STOP.value, "Stop and quit"),
)


class ClosingCard(Card):
    def __init__(self, theme: Theme, settings: SettingsStore) -> None:
        super().__init__(theme, _TITLE)
        self._settings = settings
        self._choice = SegmentedControl(theme, _TITLE, _CHOICES)
        self._choice.chosen.connect(self._on_chosen)
        row = QHBoxLayout()
        row.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        row.addWidget(text_label(theme, "While work is going on.", tone=Tone.SECONDARY), 1)
        row.addWidget(self._choice)
        self.body.addLayout(row)
        self.refresh()

    def refresh(self) -> None:
        """It may have been chosen elsewhere."""
        self._choice.set_current(self._settings.value.on_close)

    def _on_chosen(self, key: str) -> None:
        self._settings.change(on_close=key)
