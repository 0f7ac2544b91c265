"""A field for a webhook's address, with this app's own receiver one click away."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import secondary_button


class UrlField(QWidget):
    """`receiver`: empty while it does not listen; then there is nothing to fill in."""

    def __init__(self, theme: Theme, receiver: str, name: str = "Webhook address") -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText("https://…")
        self.edit.setMinimumHeight(Size.CONTROL)
        self.edit.setMaxLength(2000)
        fill = secondary_button(theme, "This app’s receiver")
        fill.setAccessibleName("Fill in the address of this app’s receiver")
        fill.setToolTip(f"Fill in {receiver}, which reaches this app from this computer")
        fill.setVisible(bool(receiver))
        fill.clicked.connect(lambda: self._fill(receiver))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self.edit, 1)
        row.addWidget(fill)

    def _fill(self, receiver: str) -> None:
        self.edit.setText(receiver)
        self.edit.setFocus()
