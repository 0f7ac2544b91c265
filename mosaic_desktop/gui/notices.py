"""What the user must hear of, whatever the window shows: banners above everything else until they are closed."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mosaic_desktop.gui.desktop import open_file, show_in_folder
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind


@dataclass(frozen=True, slots=True)
class Notice:
    """`file` is what it is about, where there is one: it can be shown in its folder or, as `action` says, looked at."""

    sentence: str
    file: Path | None = None
    action: str = ""


NEWER_JOURNAL = Notice(
    "The list of your work was last written by a newer version of this app. What this version does not know is not"
    " shown; it stays in the list and comes back with the newer version."
)


def damaged_journal(kept: Path) -> Notice:
    """`kept` is the journal that was set aside."""
    return Notice(
        "The list of your work was damaged, so this one is empty. Your videos and everything that was finished are"
        " still in their folders; runs that were under way are not followed any more."
        f" The damaged list was kept in the data folder as {kept.name}.",
        kept,
    )


def crash_notice(report: Path) -> Notice:
    """`report` tells what went wrong."""
    return Notice(
        "Something went wrong in this app since you started it last. A report was written on this computer and sent to"
        " nobody. Settings can save a support file with it, if you want help.",
        report,
        "Look at the report",
    )


def useless_settings(trouble: str, kept: Path | None) -> Notice:
    """`trouble` says what is wrong with them; `kept` is the file that was set aside, if it was."""
    place = f" The old ones were kept in the data folder as {kept.name}." if kept is not None else ""
    return Notice(f"{trouble} Check the output folder.{place}", kept)


class Notices(QWidget):
    """Hidden while there are none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._open = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self._column.setSpacing(Space.S)
        self.hide()

    def add(self, notice: Notice) -> None:
        file = notice.file
        action = notice.action or ("Show in folder" if file is not None else "")
        banner = Banner(self._theme, BannerKind.WARNING, notice.sentence, action=action, closable=True)
        if file is not None:
            banner.acted.connect(lambda: _show(file, look=bool(notice.action)))
        banner.closed.connect(self._on_closed)
        self._column.addWidget(banner)
        self._open += 1
        self.show()

    def _on_closed(self) -> None:
        self._open -= 1
        self.setVisible(self._open > 0)


def _show(file: Path, *, look: bool) -> None:
    if not look or not open_file(file):
        show_in_folder(file)
