"""What closing the window means while work goes on."""

from mosaic_desktop.gui.closing import OnClose
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.settings.choice_card import ChoiceCard

_HIDDEN = OnClose.BACKGROUND.value
_CHOICES = (
    (OnClose.ASK.value, "Ask"),
    (_HIDDEN, "Keep going"),
    (OnClose.STOP.value, "Stop and quit"),
)


class ClosingCard(ChoiceCard):
    def __init__(self, parts: PageParts) -> None:
        self._settings = parts.settings
        self._choices = _CHOICES if parts.has_tray() else tuple(each for each in _CHOICES if each[0] != _HIDDEN)
        super().__init__(parts.theme, "Closing the window", "While work is going on.", self._choices)
        self.choice.chosen.connect(self._on_chosen)
        self.refresh()

    def refresh(self) -> None:
        """It may have been chosen elsewhere, or on a system with a tray."""
        chosen = self._settings.value.on_close
        self.choice.set_current(chosen if chosen in dict(self._choices) else OnClose.ASK.value)

    def _on_chosen(self, key: str) -> None:
        self._settings.change(on_close=key)
