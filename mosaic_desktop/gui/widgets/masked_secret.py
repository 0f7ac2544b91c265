"""A secret on the screen: masked until the user asks for it, and copied without being shown."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.gui.theme.metrics import Radius, Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.buttons import icon_button, secondary_button
from mosaic_desktop.gui.widgets.labels import text_label

_DOTS = "•" * 16  # always as many, so that they tell nothing of the length


class MaskedSecret(QWidget):
    """`name` says what it is, such as "API key". `copy` puts a secret on the clipboard, and `was_copied` tells that it
    did. What is shown cannot be selected: that would put it where nobody clears it.
    """

    was_copied = Signal()

    def __init__(self, theme: Theme, name: str, copy: Callable[[Secret], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._copy = copy
        self._secret: Secret | None = None
        self._shown = False
        self.copied = False
        self._text = text_label(theme, "")
        self._text.setFont(theme.fonts.fixed())
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._text.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._eye = icon_button(theme, "eye", f"Show the {name}")
        self._eye.clicked.connect(self._on_eye_clicked)
        self._copy_button = secondary_button(theme, "Copy", "copy")
        self._copy_button.setAccessibleName(f"Copy the {name}")
        self._copy_button.setToolTip("The clipboard forgets it after a minute")
        self._copy_button.clicked.connect(self._on_copy_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.M, Space.XS, Space.XS, Space.XS)
        row.setSpacing(Space.XS)
        row.addWidget(self._text, 1)
        row.addWidget(self._eye)
        row.addWidget(self._copy_button)
        self.setFixedHeight(Size.CONTROL + 2 * Space.XS)
        theme.changed.connect(self.update)
        self._refresh()

    def set_secret(self, secret: Secret | None) -> None:
        """Masked anew; None forgets it."""
        self._secret = secret
        self._shown = False
        self.copied = False
        self._copy_button.setText("Copy")
        self._refresh()

    def take_focus(self) -> None:
        """To what is most likely wanted, and does no harm."""
        self._copy_button.setFocus()

    def _on_eye_clicked(self) -> None:
        self._shown = not self._shown
        self._refresh()

    def _on_copy_clicked(self) -> None:
        if self._secret is not None:
            self._copy(self._secret)
            self.copied = True
            self._copy_button.setText("Copied")
            self._copy_button.updateGeometry()
            self.was_copied.emit()

    def _refresh(self) -> None:
        verb = "Hide" if self._shown else "Show"
        self._eye.set_icon("eye-off" if self._shown else "eye")
        self._eye.setToolTip(f"{verb} the {self._name}")
        self._eye.setAccessibleName(f"{verb} the {self._name}")
        for button in (self._eye, self._copy_button):
            button.setEnabled(self._secret is not None)
        if self._secret is None:
            self._text.setText("")
            self._text.setAccessibleName(self._name)
            return
        masked = self._secret.masked
        shown = self._secret.reveal() if self._shown else masked.replace("…", _DOTS)
        self._text.setText(shown)
        self._text.setAccessibleName(f"{self._name}: {shown if self._shown else f'hidden, {masked}'}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill, line = self._theme.color(Token.RAISED), self._theme.color(Token.LINE)
        paint.fill_round(painter, self.rect(), Radius.CONTROL, fill, line)
        if self._text.hasFocus():
            paint.focus_ring(painter, self.rect(), Radius.CONTROL, self._theme, Token.ACCENT)
        painter.end()
