"""At which balances to warn."""

import re

from PySide6.QtWidgets import QLineEdit

from mosaic_desktop.core.ports import SettingsStore
from mosaic_desktop.core.units import listed
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.settings.setting_row import SettingRow
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.remark import NOTHING, Remark

_TITLE = "Warn below"
_MOST, _HIGHEST = 5, 10**9
_WIDTH = 180


def read_thresholds(text: str) -> tuple[int, ...] | None:
    """Credits from high to low, each once: `1,000; 100` or `1000 100`. None where it is something else."""
    words = re.split(r"[;\s]+|,(?!\d{3}(?!\d))", text.strip())
    numbers = [word.replace(",", "").replace(".", "") for word in words if word]
    if not all(number.isascii() and number.isdigit() and 0 < int(number) <= _HIGHEST for number in numbers):
        return None
    found = tuple(sorted(set(map(int, numbers)), reverse=True))
    return found if len(found) <= _MOST else None


def thresholds_text(thresholds: tuple[int, ...]) -> str:
    return "; ".join(f"{number:,}" for number in thresholds)


def thresholds_hint(thresholds: tuple[int, ...]) -> str:
    if not thresholds:
        return "No warnings. Enter numbers of credits, such as 1,000; 100."
    numbers = listed([f"{number:,}" for number in thresholds])
    return f"The balance is marked when it falls below {numbers} credits."


class CreditsCard(Card):
    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts.theme, "Credits")
        self._row = ThresholdsRow(parts.theme, parts.settings)
        self.body.addWidget(self._row)

    def refresh(self) -> None:
        """It may have been chosen elsewhere."""
        self._row.refresh()

    def take_focus(self) -> None:
        self._row.take_focus()


class ThresholdsRow(SettingRow):
    """Takes over what is typed when the user is done with it; what cannot be used is not."""

    def __init__(self, theme: Theme, settings: SettingsStore) -> None:
        self._settings = settings
        now = settings.value.low_balance
        self._edit = QLineEdit(thresholds_text(now))
        self._edit.setFixedWidth(_WIDTH)
        super().__init__(theme, _TITLE, thresholds_hint(now), self._edit)
        self._edit.setAccessibleName(_TITLE)
        self._edit.textChanged.connect(self._on_changed)
        self._edit.editingFinished.connect(self._take_over)

    def refresh(self) -> None:
        if read_thresholds(self._edit.text()) != self._settings.value.low_balance and not self._edit.hasFocus():
            self._edit.setText(thresholds_text(self._settings.value.low_balance))

    def take_focus(self) -> None:
        self._edit.setFocus()
        self._edit.selectAll()

    def _on_changed(self, text: str) -> None:
        found = read_thresholds(text)
        if found is None:
            self.say(Remark(f"Enter up to {_MOST} numbers of credits, such as 1,000; 100.", wrong=True))
        else:
            self.set_hint(thresholds_hint(found))
            self.say(NOTHING)

    def _take_over(self) -> None:
        found = read_thresholds(self._edit.text())
        if found is not None and found != self._settings.value.low_balance:
            self._settings.change(low_balance=found)
