"""A line edit for searching: magnifier in front, clear button behind while there is text."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme


class SearchField(QLineEdit):
    """`textChanged` tells what to look for. Escape clears."""

    def __init__(self, theme: Theme, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        magnifier = QAction(theme.icons.icon("search", Token.SECONDARY), "Search", self)
        self.addAction(magnifier, QLineEdit.ActionPosition.LeadingPosition)
        self._clear = QAction(theme.icons.icon("x", Token.SECONDARY), "Clear search", self)
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setVisible(False)
        self.textChanged.connect(self._on_text_changed)

    @property
    def clear_action(self) -> QAction:
        return self._clear

    def _on_text_changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)
