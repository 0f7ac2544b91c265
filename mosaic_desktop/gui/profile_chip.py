"""The chip in the header: whose work this is, the other accounts, and the ways to more of them."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from mosaic_desktop.core.ports import Profile
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.chip import Chip

ADD, RENAME, SETTINGS, LEAVE = "Add an account…", "Rename this account…", "Account settings", "Leave this account"


def profile_lines(profile: Profile) -> tuple[str, ...]:
    """What the menu tells of a profile: where it is and which key it uses."""
    if profile.is_local:
        lines = ["The local Mosaic, on this computer", profile.base_url]
    else:
        key = f"Key {profile.key_hint}" if profile.key_hint else ""
        lines = [key, "Kept for this session only" if profile.session_only else "", profile.base_url]
    return tuple(line for line in lines if line)


class ProfileChip(Chip):
    """`profiles` gives every account at the time of asking. `profile_wanted` has the id of the one that was chosen,
    which may be the open one; the other signals are the lines of the menu.
    """

    profile_wanted = Signal(str)
    add_wanted = Signal()
    rename_wanted = Signal()
    settings_wanted = Signal()
    leave_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        profile: Profile,
        profiles: Callable[[], tuple[Profile, ...]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, profile.title, "monitor" if profile.is_local else "key-round", parent=parent)
        self._profile = profile
        self._profiles = profiles
        self._menu_of_accounts = QMenu(self)
        self._menu_of_accounts.setAccessibleName("Account")
        self._menu_of_accounts.aboutToShow.connect(self._fill)
        self._group: QActionGroup | None = None
        self.show_profile(profile)
        self.attach_menu(self._menu_of_accounts)

    def show_profile(self, profile: Profile) -> None:
        """It was renamed, or uses another key."""
        self._profile = profile
        self.show_opening("")
        self._fill()

    def show_opening(self, title: str) -> None:
        """Another account is on its way in, which may take as long as its keyring does; empty: none is."""
        words = f"Opening {title}…" if title else self._profile.title
        self.set_text(words)
        self.setAccessibleName(f"Account: {words}")

    def _fill(self) -> None:
        menu = self._menu_of_accounts
        menu.clear()
        profiles = self._profiles()
        # What it was opened with may be outdated: the Account page takes other keys into use.
        known = (profile for profile in profiles if profile.id == self._profile.id and not profile.is_local)
        for line in profile_lines(next(known, self._profile)):
            menu.addAction(line).setEnabled(False)
        menu.addSeparator()
        if self._group is not None:
            self._group.deleteLater()
        self._group = QActionGroup(self)
        for profile in profiles:
            action = menu.addAction(profile.title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(profile.id == self._profile.id)
            self._group.addAction(action)
            action.triggered.connect(lambda _=False, wanted=profile.id: self.profile_wanted.emit(wanted))
        menu.addSeparator()
        menu.addAction(self.theme.icons.icon("plus"), ADD).triggered.connect(self.add_wanted)
        menu.addSeparator()
        if not self._profile.is_local:
            menu.addAction(RENAME).triggered.connect(self.rename_wanted)
        menu.addAction(self.theme.icons.icon("settings"), SETTINGS).triggered.connect(self.settings_wanted)
        menu.addAction(self.theme.icons.icon("log-out"), LEAVE).triggered.connect(self.leave_wanted)
