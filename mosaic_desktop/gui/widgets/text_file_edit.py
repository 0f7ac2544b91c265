"""A text of several lines that also takes a text file: dropped on it, or copied in a file manager and pasted."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from mosaic_desktop.core.texts import TEXT_SUFFIXES

WRAPPING = QTextOption.WrapMode.WordWrap
"""For whatever may be pasted: in the mode that breaks long words too, Qt looks for a place from the start of the word,
line by line, and 200,000 characters without a space hold the window for seconds."""


class TextFileEdit(QPlainTextEdit):
    """`file_given(Path)` for a text file, which is not read here; `text_refused(str)` with the words of `why_not`
    about a text that is not taken. `why_not` has none for what may come in.
    """

    file_given = Signal(object)
    text_refused = Signal(str)

    def __init__(self, why_not: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why_not = why_not
        self.setTabChangesFocus(True)
        self.setWordWrapMode(WRAPPING)

    def fill(self, text: str) -> None:
        """Put `text` in the place of what is there, which can be undone."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return text_file(source) is not None or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if (file := text_file(source)) is not None:
            self.file_given.emit(file)
        elif words := self._why_not(source.text()):
            self.text_refused.emit(words)
        else:
            super().insertFromMimeData(source)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not _takes_copy(event):
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if not _takes_copy(event):
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if _takes_copy(event):
            self.insertFromMimeData(event.mimeData())
        else:
            super().dropEvent(event)


def text_file(mime: QMimeData) -> Path | None:
    """The file, if it is a single one whose name is that of a text."""
    urls = mime.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    file = Path(urls[0].toLocalFile())
    return file if file.suffix.lower() in TEXT_SUFFIXES else None


def _takes_copy(event: QDropEvent) -> bool:
    """A program that is told of a move would delete its file."""
    if text_file(event.mimeData()) is None:
        return False
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
    return True
