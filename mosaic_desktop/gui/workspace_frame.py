"""The window while a profile is open: rail, header, pages and status line. Pages are built when first shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from mosaic_desktop.gui.credits_chip import CreditsChip
from mosaic_desktop.gui.held_banner import HeldBanner
from mosaic_desktop.gui.key_banner import KeyBanner
from mosaic_desktop.gui.low_banner import LowBanner
from mosaic_desktop.gui.pages.outputs.page import OutputsPage
from mosaic_desktop.gui.pages.page import SIGN_IN, Listening, PageParts, Selecting
from mosaic_desktop.gui.pages.runs.page import RunsPage
from mosaic_desktop.gui.profile_chip import ProfileChip
from mosaic_desktop.gui.rail_marks import RailMarks
from mosaic_desktop.gui.status import StatusUpdater
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.bars import HeaderBar, StatusLine
from mosaic_desktop.gui.widgets.rail import Rail
from mosaic_desktop.jobs.engine import Engine


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the rail: its word is the rail's and the header's."""

    key: str
    icon: str
    word: str
    build: Callable[[], QWidget]
    at_bottom: bool = False


class WorkspaceFrame(QWidget):
    """`places` in the order of the rail. `chip` asks for other accounts, `key_banner` for another key. `stop_listening`
    before it is thrown away.
    """

    def __init__(self, parts: PageParts, places: Mapping[str, Place]) -> None:
        super().__init__()
        self._places = places
        self._pages: dict[str, QWidget] = {}
        self._rail = Rail(parts.theme)
        self._header = HeaderBar(parts.theme, "")
        self.chip = ProfileChip(parts.theme, parts.profile, lambda: parts.gateway.profiles)
        self._header.add_right(self.chip)
        self.chip.settings_wanted.connect(self._on_settings_wanted)
        self._credits: CreditsChip | None = None
        self._low: LowBanner | None = None
        if parts.account is not None:
            local = parts.profile.is_local
            self._credits = CreditsChip(parts.theme, parts.account, parts.settings, parts.clock, is_local=local)
            self._credits.clicked.connect(self._on_credits_clicked)
            self._header.add_right(self._credits)
            self._low = LowBanner(parts.theme, parts.account, parts.settings)
            self._low.account_wanted.connect(lambda: self.show_page("account"))
        self.key_banner = KeyBanner(parts.theme, parts.engine, parts.profile)
        self.stack = QStackedWidget()
        self._line = StatusLine(parts.theme)
        self._build_ui(parts.theme, parts.engine)
        self._status = StatusUpdater(parts.theme, parts.engine, self._line)
        for number, place in enumerate(places.values(), 1):
            button = self._rail.add(place.key, place.icon, place.word, place.at_bottom)
            button.setToolTip(f"{place.word} (Ctrl+{number})")
            self._add_shortcut(place.key, number)
        self._marks = RailMarks(parts.engine, self._rail)
        self._rail.chosen.connect(self.show_page)
        self.show_page(self._rail.current())

    def current(self) -> str:
        return self._rail.current()

    def show_page(self, key: str, wanted: str = "") -> None:
        """Show a page, building it if this is the first time, and there the row or card that is wanted."""
        self._rail.set_current(key)
        self._header.set_title(self._places[key].word)
        if self._credits is not None:
            self._credits.refresh()  # the page that is left may have set when credits are low
        page, focused = self.page(key), QApplication.focusWidget()
        leaves = page is not self.stack.currentWidget() and focused is not None and self.stack.isAncestorOf(focused)
        self.stack.setCurrentWidget(page)
        # Qt would pass the keyboard on to whatever comes first there, be it the button that leaves the account.
        if leaves:
            (page.view if isinstance(page, RunsPage | OutputsPage) else page).setFocus()
        if wanted and isinstance(page, Selecting):
            page.select(wanted)

    def page(self, key: str) -> QWidget:
        page = self._pages.get(key)
        if page is None:
            page = self._pages[key] = self._places[key].build()
            self.stack.addWidget(page)
        return page

    def stop_listening(self) -> None:
        """The engine is about to end: nothing here asks it any more. Afterwards this may be deleted."""
        self._status.close()
        for page in self._pages.values():
            if isinstance(page, Listening):
                page.stop_listening()
        for listening in (self._credits, self._low):
            if listening is not None:
                listening.stop_listening()
        self._places = {}

    def _build_ui(self, theme: Theme, engine: Engine) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._header)
        right.addWidget(self.key_banner)
        right.addWidget(HeldBanner(theme, engine))
        if self._low is not None:
            right.addWidget(self._low)
        right.addWidget(self.stack, 1)
        right.addWidget(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addLayout(right, 1)

    def _add_shortcut(self, key: str, number: int) -> None:
        shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
        shortcut.activated.connect(lambda: self.show_page(key))

    def _on_credits_clicked(self) -> None:
        leads_in = self._credits is not None and self._credits.leads_in
        self.show_page("account", SIGN_IN if leads_in else "")

    def _on_settings_wanted(self) -> None:
        self.show_page("settings")
