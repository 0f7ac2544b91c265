"""What closing the window means while work goes on."""

from PySide6.QtWidgets import QHBoxLayout

from mosaic_desktop.gui.closing import OnClose
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.segmented import SegmentedControl

_HIDDEN = OnClose.BACKGROUND.value
_TITLE = "Closing the window"
_CHOICES = (
    (OnClose.ASK.value, "Ask"),
    (_HIDDEN, "Keep going"),
    (OnClose.STOP.value, "Stop and quit"),
)


class ClosingCard(Card):
    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts.theme, _TITLE)
        self._settings = parts.settings
        self._choices = _CHOICES if parts.has_tray() else tuple(each for each in _CHOICES if each[0] != _HIDDEN)
        self._choice = SegmentedControl(parts.theme, _TITLE, self._choices)
        self._choice.chosen.connect(self._on_chosen)
        row = QHBoxLayout()
        row.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        row.addWidget(text_label(parts.theme, "While work is going on.", tone=Tone.SECONDARY), 1)
        row.addWidget(self._choice)
        self.body.addLayout(row)
        self.refresh()

    def refresh(self) -> None:
        """It may have been chosen elsewhere, or on a system with a tray."""
        chosen = self._settings.value.on_close
        self._choice.set_current(chosen if chosen in dict(self._choices) else OnClose.ASK.value)

    def _on_chosen(self, key: str) -> None:
        self._settings.change(on_close=key)
