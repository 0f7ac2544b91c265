"""Dialogs as awaitables: opened without a nested event loop, so that everything else goes on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QGridLayout, QMessageBox, QPushButton, QWidget

from mosaic_desktop.core.limits import VIDEO_TYPES
from mosaic_desktop.gui.theme.metrics import Space

VIDEO_FILTER = f"Videos ({' '.join(f'*{suffix} *{suffix.upper()}' for suffix in VIDEO_TYPES)})"
_Code = QDialog.DialogCode


@dataclass(frozen=True, slots=True)
class Answer:
    """`choice`: empty where the user chose none of them; `always`: for the next times as well."""

    choice: str = ""
    always: bool = False


async def confirm(parent: QWidget, title: str, text: str, yes: str, no: str = "Cancel") -> bool:
    """Whether the user pressed `yes`. `text` says what will happen; `yes` is a verb. Enter and Escape mean `no`."""
    return bool((await choose(parent, title, text, (yes,), no)).choice)


async def choose(
    parent: QWidget, title: str, text: str, choices: Sequence[str], no: str = "Cancel", always: str = ""
) -> Answer:
    """Which of `choices` the user pressed; Enter and Escape mean `no`. `always`: words of a box to tick, if any."""
    box = _Question(title, parent)
    box.setInformativeText(text)
    offered = [(box.addButton(choice, QMessageBox.ButtonRole.AcceptRole), choice) for choice in choices]
    box.setEscapeButton(box.addButton(no, QMessageBox.ButtonRole.RejectRole))
    tick = QCheckBox(always)
    if always:
        box.setCheckBox(tick)
    box.settle()  # last: Qt lays out the box anew for each of its parts
    await outcome(box)
    clicked = box.clickedButton()
    return Answer(next((choice for button, choice in offered if button is clicked), ""), tick.isChecked())


class _Question(QMessageBox):
    """Enter means what Escape means, also after another appearance, for which Qt lays the buttons out anew."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(QMessageBox.Icon.NoIcon, title, title, parent=parent)

    def settle(self) -> None:
        refused, room = self.escapeButton(), self.layout()
        if isinstance(refused, QPushButton):
            self.setDefaultButton(refused)
        if isinstance(room, QGridLayout):
            # What Qt leaves around the words is half of what the app leaves everywhere else; at the left it puts an
            # indentation of its own.
            room.setContentsMargins(Space.XS, Space.XL, Space.XXL, Space.XL)
            room.setVerticalSpacing(Space.M)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            QTimer.singleShot(0, self, self.settle)  # the row of buttons hears of it after the box


async def choose_files(parent: QWidget, title: str, folder: Path | None = None) -> tuple[Path, ...]:
    """Existing files, videos first; empty if the user cancelled."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters([VIDEO_FILTER, "All files (*)"])
    return await _chosen(dialog, folder)


async def choose_file(parent: QWidget, title: str, kind: str) -> Path | None:
    """An existing file; None if the user cancelled. `kind` as for a new file."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([kind, "All files (*)"])
    chosen = await _chosen(dialog, None)
    return chosen[0] if chosen else None


async def choose_folder(parent: QWidget, title: str, folder: Path | None = None) -> Path | None:
    """An existing folder; None if the user cancelled."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    chosen = await _chosen(dialog, folder)
    return chosen[0] if chosen else None


async def choose_new_file(parent: QWidget, title: str, suggested: Path, kind: str) -> Path | None:
    """Where to write a new file; None if the user cancelled. `kind`: a name filter such as "Tables (*.csv)". The system
    asks before an existing file is chosen.
    """
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilters([kind, "All files (*)"])
    dialog.setDefaultSuffix(suggested.suffix.removeprefix("."))
    dialog.selectFile(str(suggested))
    chosen = await _chosen(dialog, None)
    return chosen[0] if chosen else None


async def _chosen(dialog: QFileDialog, folder: Path | None) -> tuple[Path, ...]:
    if folder is not None:
        dialog.setDirectory(str(folder))
    accepted = await outcome(dialog) == _Code.Accepted
    return tuple(Path(name) for name in dialog.selectedFiles()) if accepted else ()


async def outcome(dialog: QDialog) -> int:
    """Opens `dialog` and waits for its end. A cancelled wait closes it."""
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(code: int) -> None:
        if not ended.done():
            ended.set_result(code)

    dialog.finished.connect(end)
    dialog.open()
    try:
        return await ended
    finally:
        dialog.hide()
        dialog.deleteLater()
