"""The chip in the header: whose work this is, and the way out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from mosaic_desktop.core.ports import Profile
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.chip import Chip

SWITCH = "Switch to another way in…"


def profile_lines(profile: Profile) -> tuple[str, ...]:
    """What the menu tells of a profile: where it is and which key it uses."""
    if profile.is_local:
        lines = ["The local Mosaic, on this computer", profile.base_url]
    else:
        key = f"Key {profile.key_hint}" if profile.key_hint else ""
        lines = [key, "Kept for this session only" if profile.session_only else "", profile.base_url]
    return tuple(line for line in lines if line)


class ProfileChip(Chip):
    """`switch_wanted` when the user wants another way in; `settings_wanted` for the page with the details."""

    switch_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, theme: Theme, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__(theme, profile.title, "monitor" if profile.is_local else "key-round", parent=parent)
        self.setAccessibleName(f"Account: {profile.title}")
        menu = QMenu(self)
        menu.setAccessibleName("Account")
        for line in profile_lines(profile):
            menu.addAction(line).setEnabled(False)
        menu.addSeparator()
        menu.addAction("Account settings").triggered.connect(self.settings_wanted)
        menu.addAction(theme.icons.icon("log-out"), SWITCH).triggered.connect(self.switch_wanted)
        self.attach_menu(menu)
