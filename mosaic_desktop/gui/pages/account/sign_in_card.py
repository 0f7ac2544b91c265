"""Where the balance would be while nobody is signed in: email and password, or a session token."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mosaic_desktop.core.account import SignIn, SignInState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui.pages.account.words import (
    ENDED,
    KEPT,
    TOKEN_HINT,
    UNAVAILABLE,
    UNKEPT,
    WHY_SIGN_IN,
    bare_token,
    email_trouble,
    token_trouble,
)
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.buttons import primary_button, quiet_button, secondary_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.focus_return import FocusReturn
from mosaic_desktop.gui.widgets.labels import Tone, set_tone, text_label
from mosaic_desktop.gui.widgets.remark import announce, mark_wrong
from mosaic_desktop.gui.widgets.secret_field import SecretField

WIDTH = 328  # beside the chart
_BY_TOKEN, _BY_PASSWORD = "Paste a session token", "Use email and password"


class SignInCard(Card):
    """`sign_in_wanted(email, Secret)`, `token_wanted(Secret)`, `cancelled` while it is busy, `settings_wanted`.

    `kept`: whether a sign-in is still there after a restart. `email`: of the last one.
    """

    sign_in_wanted = Signal(str, object)
    token_wanted = Signal(object)
    cancelled = Signal()
    settings_wanted = Signal()

    def __init__(self, theme: Theme, *, kept: bool, email: str = "") -> None:
        super().__init__(theme, "Sign in")
        self._kept = kept
        self._state = SignInState.OUT
        self._busy = False
        self._with_token = False
        self._keyboard = FocusReturn(self)
        self._banner = Banner(theme, BannerKind.WARNING, ENDED)
        self._why = text_label(theme, WHY_SIGN_IN, TextStyle.BODY, Tone.SECONDARY, wrap=True)
        self._email = QLineEdit(email)
        self._email.setAccessibleName("Email")
        self._email.setPlaceholderText("Email")
        self._password = SecretField(theme, "Password")
        self._password.setPlaceholderText("Password")
        self._token = SecretField(theme, "Session token")
        self._token.setPlaceholderText("Session token")
        self._note = text_label(theme, "", TextStyle.SMALL, Tone.SECONDARY, wrap=True)
        self._settings = secondary_button(theme, "Open Settings", "settings")
        self._other = quiet_button(theme, _BY_TOKEN)
        self._cancel = quiet_button(theme, "Cancel")
        self._go = primary_button(theme, "Sign in", "log-in")
        self._build()
        self._connect()
        self._refresh()

    def show_state(self, sign_in: SignIn) -> None:
        if sign_in.email and not self._email.text():
            self._email.setText(sign_in.email)
        if sign_in.state is SignInState.ENDED:
            self._banner.set_message(BannerKind.WARNING, ENDED)
        elif sign_in.problem is not None:
            self._banner.set_message(BannerKind.WARNING, sentence(sign_in.problem))
        self._banner.setVisible(sign_in.state is SignInState.ENDED or sign_in.problem is not None)
        if sign_in.state is not self._state:
            self._state = sign_in.state
            self._with_token = False
            self._say("")
            self._refresh()

    def set_busy(self, busy: bool) -> None:
        self._busy = busy
        if busy:
            self._say("")
            self._keyboard.away(self._refresh)
        else:
            self._keyboard.back(self._refresh)

    def show_trouble(self, words: str) -> None:
        """Why it did not work; the fields stay as they are, and what is typed next takes the place of the secret."""
        self._say(words, wrong=True)
        for field in (self._password, self._token):
            if field is self.window().focusWidget():
                field.selectAll()

    def forget(self) -> None:
        """What was typed is not needed any more."""
        self._password.forget()
        self._token.forget()
        self._say("")

    def take_focus(self) -> None:
        """To the first field that is still empty."""
        fields: list[QLineEdit] = [self._token] if self._with_token else [self._email, self._password]
        shown = [field for field in fields if not field.isHidden()]
        empty = [field for field in shown if not field.text()]
        if shown:
            (empty or shown)[0].setFocus()
        else:
            self._settings.setFocus()

    # Inside

    def _build(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        column.setSpacing(Space.S)
        for widget in (self._banner, self._why, self._email, self._password, self._token, self._note):
            column.addWidget(widget)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addWidget(self._other)
        foot.addStretch(1)
        for button in (self._cancel, self._settings, self._go):
            foot.addWidget(button)
        column.addLayout(foot)
        self._email.setMinimumHeight(Size.CONTROL)
        self.body.addWidget(inside)

    def _connect(self) -> None:
        self._go.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.cancelled)
        self._settings.clicked.connect(self.settings_wanted)
        self._other.clicked.connect(self._on_other_clicked)
        self._email.returnPressed.connect(self._on_email_entered)
        for field in (self._password, self._token):
            field.returnPressed.connect(self._submit)
        for edit in (self._email, self._password, self._token):
            edit.textEdited.connect(lambda: self._say(""))

    def _refresh(self) -> None:
        away = self._state is SignInState.UNAVAILABLE and not self._with_token
        self._why.setText(UNAVAILABLE if away else WHY_SIGN_IN)
        self._why.setVisible(self._state is not SignInState.ENDED or away)
        for edit in (self._email, self._password):
            edit.setVisible(not self._with_token and not away)
            edit.setEnabled(not self._busy)
        self._token.setVisible(self._with_token)
        self._token.setEnabled(not self._busy)
        self._settings.setVisible(away)
        self._go.setVisible(not away)
        self._go.setEnabled(not self._busy)
        self._go.setText("Signing in…" if self._busy else "Sign in")
        self._cancel.setVisible(self._busy)
        self._other.setText(_BY_PASSWORD if self._with_token else _BY_TOKEN)
        self._other.setVisible(not self._busy)
        if not self._note.property("wrong"):
            self._say("")

    def _hint(self) -> str:
        if self._with_token:
            return TOKEN_HINT
        if self._state in (SignInState.UNAVAILABLE, SignInState.ENDED):
            return ""  # the banner has the room, and who signs in again has read it
        return KEPT if self._kept else UNKEPT

    def _say(self, words: str, *, wrong: bool = False) -> None:
        self._note.setProperty("wrong", wrong)
        set_tone(self._note, Tone.BAD if wrong else Tone.SECONDARY)
        self._note.setText(words or self._hint())
        self._note.setVisible(bool(self._note.text()))
        for edit in (self._email, self._password, self._token):
            edit.setAccessibleDescription(self._note.text())
            mark_wrong(edit, False)
        if wrong and words:
            announce(self, words)

    def _on_other_clicked(self) -> None:
        self._with_token = not self._with_token
        self._say("")
        self._refresh()
        self.take_focus()

    def _on_email_entered(self) -> None:
        if self._password.text():
            self._submit()
        else:
            self._password.setFocus()

    def _submit(self) -> None:
        if self._busy:
            return
        if self._with_token:
            self._submit_token()
            return
        email = self._email.text().strip()
        if words := email_trouble(email):
            self._refuse(self._email, words)
        elif not self._password.text():
            self._refuse(self._password, "Enter your password.")
        else:
            self.sign_in_wanted.emit(email, self._password.secret())

    def _submit_token(self) -> None:
        if words := token_trouble(self._token.text()):
            self._refuse(self._token, words)
        else:
            self.token_wanted.emit(Secret(bare_token(self._token.text())))

    def _refuse(self, field: QLineEdit, words: str) -> None:
        self._say(words, wrong=True)
        mark_wrong(field, True)
        field.setFocus()
