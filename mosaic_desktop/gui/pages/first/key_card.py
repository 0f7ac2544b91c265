"""The card for people with an account: a masked field for its key, what else belongs to it, where the key is kept."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.ports import Profile, VaultState
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui.pages.first.account_fields import AccountFields
from mosaic_desktop.gui.pages.first.way_card import WayCard
from mosaic_desktop.gui.pages.first.ways_in import Entrance, Entry, Way
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import primary_button, quiet_button, secondary_button

TITLE = "Use my API key"
_SHOW, _HIDE = "Show the key", "Hide the key"


def kept_where(vault: VaultState | None) -> str:
    """Where a key will be kept, for people. `None`: not known yet."""
    if vault is not None and vault.problem_code is not None:
        return f"{sentence(Problem(vault.problem_code))} You can use it for this session only."
    named = f" ({vault.name})" if vault is not None and vault.name else ""
    return f"Kept in your system keyring{named}. Never written to a file."


class KeyCard(WayCard):
    """`submitted(entry, session_only)` by button or Enter. `forget` empties the fields beyond undoing.

    While the keyring stands in the way, using the key for this session only is offered as well; where there is none
    at all, it is the only way. `use`: what the button says. `plain`: without a card around it.
    """

    submitted = Signal(Entry, bool)

    def __init__(
        self, theme: Theme, usual_address: str, title: str = TITLE, use: str = TITLE, *, plain: bool = False
    ) -> None:
        super().__init__(theme, Way.KEY, "key-round", title, kept_where(None), plain=plain)
        self._theme_icons = theme.icons
        self._own_title = title
        self._whose: Profile | None = None
        self._entrance = Entrance()
        self._keeps = True
        self._has_vault = True
        self.field = QLineEdit()
        self.field.setAccessibleName("API key")
        self.field.setPlaceholderText("mk_…")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setMinimumHeight(Size.CONTROL)
        self._eye = QAction(_SHOW, self.field)
        self._eye.triggered.connect(self._on_eye_triggered)
        self._eye.setShortcut("Alt+S")  # the button in the field cannot be reached by Tab
        self._eye.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.field.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self._own_use = use
        self._use = primary_button(theme, use) if plain else secondary_button(theme, use)
        self._session = secondary_button(theme, "Use it for this session only")
        self.field.returnPressed.connect(self._on_return_pressed)
        self.field.textEdited.connect(self._on_text_edited)
        self._use.clicked.connect(self._on_use)
        self._session.clicked.connect(self._on_session)
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self.field, 1)
        line.addWidget(self._use)
        self.controls.addLayout(line)
        self.fields = AccountFields(theme, usual_address)
        for field in (self.fields.title, self.fields.base_url, self.fields.auth_url, self.fields.anon_key):
            field.returnPressed.connect(self._on_return_pressed)
        self.controls.addWidget(self._session)
        self.controls.addWidget(self.fields)
        self._instead = quiet_button(theme, "Add another account instead")
        self._instead.clicked.connect(lambda: self.ask_for(None))
        self._instead.hide()
        self.controls.addWidget(self._instead, 0, Qt.AlignmentFlag.AlignLeft)
        self._refresh_offer()
        self._show_masked(True)

    def ask_for(self, profile: Profile | None) -> None:
        """Whose key is entered; None for a new account's."""
        self._whose = profile
        self.set_title(self._own_title if profile is None else f"The key of “{profile.title}”")
        self._use.setText(self._own_use if profile is None else "Use this key")
        self._use.updateGeometry()
        self.fields.setVisible(profile is None)
        self._instead.setVisible(profile is not None and not self._plain)

    def set_vault(self, vault: VaultState) -> None:
        self.set_sentence(kept_where(vault))
        self._keeps = vault.problem_code is None
        self._has_vault = vault.problem_code != Code.NO_KEYRING
        self._refresh_offer()

    def show_entrance(self, entrance: Entrance) -> None:
        super().show_entrance(entrance)
        self._entrance = entrance
        if entrance.unkept and entrance.code != Code.SECRET_TOO_LONG:
            self._keeps = False  # until the keyring itself says otherwise; of another key it would say the same
        self._refresh_offer()

    def forget(self) -> None:
        self._show_masked(True)
        self.field.setText("")
        self.fields.clear()

    def _entry(self) -> Entry:
        if self._whose is not None:
            return Entry(self.field.text(), profile_id=self._whose.id)
        fields = self.fields
        return Entry(
            self.field.text(),
            fields.title.text(),
            fields.base_url.text(),
            fields.auth_url.text(),
            fields.anon_key.text(),
        )

    def _on_use(self) -> None:
        self.submitted.emit(self._entry(), False)

    def _on_return_pressed(self) -> None:
        self.submitted.emit(self._entry(), not self._has_vault)

    def _on_session(self) -> None:
        self.submitted.emit(self._entry(), True)

    def _on_text_edited(self) -> None:
        if self._entrance.failed is Way.KEY:
            self._attempt.hush()
            self._entrance = Entrance()
            self._refresh_offer()

    def _refresh_offer(self) -> None:
        self._session.setVisible(self._entrance.unkept or not self._keeps)
        self._use.setVisible(self._has_vault)

    def _on_eye_triggered(self) -> None:
        self._show_masked(self.field.echoMode() is not QLineEdit.EchoMode.Password)

    def _show_masked(self, masked: bool) -> None:
        echo = QLineEdit.EchoMode
        self.field.setEchoMode(echo.Password if masked else echo.Normal)
        self._eye.setIcon(self._theme_icons.icon("eye" if masked else "eye-off", Token.SECONDARY))
        self._eye.setText(_SHOW if masked else _HIDE)
        self._eye.setToolTip(f"{self._eye.text()} (Alt+S)")
