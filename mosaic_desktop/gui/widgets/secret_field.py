"""A field for something secret: dots while it is typed, shown only while its eye is open."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.gui.theme.metrics import Size
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme


class SecretField(QLineEdit):
    """`name` is the accessible name and, with "Show the" before it, what the eye says."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name.lower()
        self.setAccessibleName(name)
        self.setMinimumHeight(Size.CONTROL)
        self._eye = QAction(self)
        self._eye.triggered.connect(self._on_eye_triggered)
        self._eye.setShortcut("Alt+S")  # the button in the field cannot be reached by Tab
        self._eye.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self._mask(True)

    def secret(self) -> Secret:
        return Secret(self.text())

    def forget(self) -> None:
        """Empties it beyond undoing."""
        self._mask(True)
        self.setText("")

    def _on_eye_triggered(self) -> None:
        self._mask(self.echoMode() is not QLineEdit.EchoMode.Password)

    def _mask(self, masked: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Password if masked else QLineEdit.EchoMode.Normal)
        self._eye.setIcon(self._theme.icons.icon("eye" if masked else "eye-off", Token.SECONDARY))
        self._eye.setText(f"{'Show' if masked else 'Hide'} the {self._name}")
        self._eye.setToolTip(f"{self._eye.text()} (Alt+S)")
