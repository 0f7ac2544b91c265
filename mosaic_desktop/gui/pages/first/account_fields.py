"""What is entered of an account besides its key: a name, and behind a button the addresses that few people need."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import quiet_button
from mosaic_desktop.gui.widgets.labels import Tone, text_label

_MORE, _LESS = "Advanced", "Fewer fields"


class AccountFields(QWidget):
    """`usual_address`: of Mosaic, for those who enter none."""

    def __init__(self, theme: Theme, usual_address: str) -> None:
        super().__init__()
        self.title = _field("Name of the account", "Name, if you like: a person, a client")
        self.base_url = _field("Address of Mosaic", usual_address)
        self.auth_url = _field("Address to sign in at", "https://….supabase.co/auth/v1")
        self.anon_key = _field("Public key for signing in", "eyJ…")
        self._advanced = QWidget()
        self._toggle = quiet_button(theme, _MORE, "sliders-horizontal")
        self._toggle.clicked.connect(self._on_toggled)
        self._build_ui(theme)
        self._show_advanced(False)

    def clear(self) -> None:
        for field in (self.title, self.base_url, self.auth_url, self.anon_key):
            field.clear()

    def _build_ui(self, theme: Theme) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self.title)
        inner = QVBoxLayout(self._advanced)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(Space.XS)
        for field, hint in (
            (self.base_url, "https only. Left empty, it is the usual one."),
            (self.auth_url, "Of Supabase Auth; needed to see credits and keys."),
            (self.anon_key, "The “anon” key that belongs to it. It is no secret."),
        ):
            label = text_label(theme, field.accessibleName(), TextStyle.SMALL, Tone.SECONDARY)
            label.setBuddy(field)
            field.setToolTip(hint)
            field.setAccessibleDescription(hint)
            inner.addWidget(label)
            inner.addWidget(field)
        column.addWidget(self._advanced)
        column.addWidget(self._toggle, 0, Qt.AlignmentFlag.AlignLeft)

    def _on_toggled(self) -> None:
        self._show_advanced(self._advanced.isHidden())

    def _show_advanced(self, shown: bool) -> None:
        self._advanced.setVisible(shown)
        self._toggle.setText(_LESS if shown else _MORE)


def _field(name: str, placeholder: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(placeholder)
    field.setMinimumHeight(Size.CONTROL)
    return field
