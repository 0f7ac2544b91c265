"""A drop-down list by keys, with the few settings that the style sheet cannot give."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QWidget


class Select(QComboBox):
    """`options` are (key, text) pairs; read the choice with `current_key()`. The wheel does nothing without focus."""

    def __init__(self, name: str, options: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # As it is, the wheel alone would give a combo box the keyboard, and so turn it.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        # On Linux Qt answers the choice as the name; there the description says what is chosen.
        self.setAccessibleDescription(name)
        # The default delegate of a combo box ignores the style sheet's item rules.
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.set_options(options)

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Replace the options; the chosen key stays when it is still there."""
        chosen = self.current_key()
        self.clear()
        for key, text in options:
            self.addItem(text, key)
        self.set_current_key(chosen)

    def current_key(self) -> str:
        """Key of the chosen option; empty when there are none."""
        key = self.currentData()
        return key if isinstance(key, str) else ""

    def set_current_key(self, key: str) -> None:
        """Choose by key; an unknown key changes nothing."""
        number = self.findData(key)
        if number >= 0:
            self.setCurrentIndex(number)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
