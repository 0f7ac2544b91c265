"""The Settings page: account, outputs, transfers, credits, closing the window, appearance, help, about this program."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mosaic_desktop import __version__
from mosaic_desktop.gui.pages.opening import open_file
from mosaic_desktop.gui.pages.page import CREDITS, DataPlaces, PageParts
from mosaic_desktop.gui.pages.settings.account import AccountSection
from mosaic_desktop.gui.pages.settings.choice_card import ChoiceCard
from mosaic_desktop.gui.pages.settings.closing import ClosingCard
from mosaic_desktop.gui.pages.settings.credits import CreditsCard
from mosaic_desktop.gui.pages.settings.outputs import OutputsSection
from mosaic_desktop.gui.pages.settings.section import Section
from mosaic_desktop.gui.pages.settings.support import SupportCard
from mosaic_desktop.gui.pages.settings.transfers import TransfersCard
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme, ThemeMode
from mosaic_desktop.gui.widgets.buttons import secondary_button
from mosaic_desktop.gui.widgets.facts_table import Fact

_COLUMN = 720
_MODES = ((ThemeMode.SYSTEM.value, "System"), (ThemeMode.LIGHT.value, "Light"), (ThemeMode.DARK.value, "Dark"))
_SYSTEM = "System follows the light or dark of your desktop."


class SettingsPage(QScrollArea):
    def __init__(self, parts: PageParts) -> None:
        super().__init__()
        self._parts = parts
        self.account = AccountSection(parts)
        self.outputs = OutputsSection(parts)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Settings")
        content = QWidget()
        column = QVBoxLayout()
        column.setSpacing(Space.L)
        about = AboutSection(parts.theme, parts.data_places)
        self._closing = ClosingCard(parts)
        appearance = ChoiceCard(parts.theme, "Appearance", _SYSTEM, _MODES)
        appearance.choice.set_current(parts.theme.mode.value)
        appearance.choice.chosen.connect(self._on_mode_chosen)
        self.support = SupportCard(parts)
        self._credits = CreditsCard(parts)
        cards = (self.account, self.outputs, TransfersCard(parts), self._credits, self._closing, appearance)
        for section in (*cards, self.support, about):
            section.setMaximumWidth(_COLUMN)
            column.addWidget(section)
        column.addStretch(1)
        row = QHBoxLayout(content)
        row.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        row.addStretch(1)
        row.addLayout(column, 1000)
        row.addStretch(1)
        self.setWidget(content)

    def select(self, wanted: str) -> None:
        """Shows the card, with the keyboard in it."""
        if wanted == CREDITS:
            self._credits.take_focus()
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self._credits))

    def _on_mode_chosen(self, key: str) -> None:
        self._parts.theme.set_mode(ThemeMode(key))
        self._parts.settings.change(appearance=key)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.account.look_at_vault()
        self.outputs.refresh()
        self._closing.refresh()
        self._credits.refresh()


class AboutSection(Section):
    """Which program this is, and where it keeps what."""

    def __init__(self, theme: Theme, places: DataPlaces | None) -> None:
        super().__init__(theme, "About")
        facts = [Fact("Mosaic Desktop", f"Version {__version__}"), Fact("Licence", "MIT")]
        if places is not None:
            facts += [Fact("Data folder", str(places.data)), Fact("Log", str(places.log))]
            self._data = places.data
            button = secondary_button(theme, "Open the data folder", "folder-open")
            button.clicked.connect(self._on_open_clicked)
            self.add_action(button)
        self.facts.set_facts(facts)

    def _on_open_clicked(self) -> None:
        self.show_trouble(open_file(self._data))
