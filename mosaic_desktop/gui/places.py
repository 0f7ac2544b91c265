"""The places of a workspace: which pages there are, and how each is built."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.gui.pages.outputs.page import OutputsPage
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.runs.page import RunsPage
from mosaic_desktop.gui.pages.settings.page import SettingsPage
from mosaic_desktop.gui.pages.studio.page import StudioPage
from mosaic_desktop.gui.workspace_frame import Place


def _account_page(parts: PageParts, account: AccountDesk, go: Callable[[str, str], None]) -> QWidget:
    """Loaded when it is first shown, as few do at once."""
    from mosaic_desktop.gui.pages.account.page import AccountPage

    return AccountPage(parts, account, go)


def places(parts: PageParts, go: Callable[[str, str], None]) -> Mapping[str, Place]:
    """In the order of the rail. `go(page, row id)` leads from one page to another."""
    account = parts.account
    found = [
        Place("studio", "clapperboard", "Studio", lambda: StudioPage(parts, lambda: go("runs", ""))),
        Place("runs", "layers", "Runs", lambda: RunsPage(parts, go)),
        Place("outputs", "folder-input", "Outputs", lambda: OutputsPage(parts, go)),
        *(
            [Place("account", "wallet", "Account", lambda: _account_page(parts, account, go))]
            if account is not None
            else []
        ),
        Place("settings", "settings", "Settings", lambda: SettingsPage(parts), at_bottom=True),
    ]
    return {place.key: place for place in found}
