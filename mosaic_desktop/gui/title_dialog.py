"""A dialog for the name of an account."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mosaic_desktop.gui import ask
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import primary_button, secondary_button
from mosaic_desktop.gui.widgets.labels import text_label

LONGEST_TITLE = 60
_WIDTH = 380


class TitleDialog(QDialog):
    """Accepted with a name that is not empty."""

    def __init__(self, theme: Theme, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = QLineEdit(title)
        self.field.setAccessibleName("Name of the account")
        self.field.setMaxLength(LONGEST_TITLE)
        self.field.setMinimumHeight(Size.CONTROL)
        self.field.selectAll()
        label = text_label(theme, "Name of the account", TextStyle.BODY_STRONG)
        label.setBuddy(self.field)
        self._rename = primary_button(theme, "Rename")
        self._rename.setDefault(True)
        self._rename.clicked.connect(self.accept)
        cancel = secondary_button(theme, "Cancel")
        cancel.clicked.connect(self.reject)
        self.field.textChanged.connect(self._on_changed)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self._rename)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.S)
        column.addWidget(label)
        column.addWidget(self.field)
        column.addSpacing(Space.S)
        column.addLayout(foot)
        self.setWindowTitle("Rename the account")
        self.setFixedWidth(_WIDTH)

    def _on_changed(self, text: str) -> None:
        self._rename.setEnabled(bool(text.strip()))


async def ask_for_title(parent: QWidget, theme: Theme, title: str) -> str | None:
    """The new name; None where the user gave up."""
    dialog = TitleDialog(theme, title, parent)
    accepted = await ask.outcome(dialog) == QDialog.DialogCode.Accepted
    return dialog.field.text().strip() if accepted else None
