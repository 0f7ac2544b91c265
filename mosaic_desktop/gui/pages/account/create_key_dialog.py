"""A new API key: made, shown this once, copied, and taken into use if wanted."""

from PySide6.QtWidgets import QWidget

from mosaic_desktop.core.account import NewKey
from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.core.errors import MosaicError, NetworkError
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui.clipboard_secret import ClipboardSecret
from mosaic_desktop.gui.pages.account.key_list import KeyList
from mosaic_desktop.gui.pages.account.story_dialog import StoryDialog, opened
from mosaic_desktop.gui.pages.account.url_field import UrlField
from mosaic_desktop.gui.pages.account.words import lost_answer, url_trouble
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import primary_button, secondary_button
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.masked_secret import MaskedSecret
from mosaic_desktop.gui.widgets.remark import mark_wrong

_CREATE, _USE = "create", "use"
_WHAT = (
    "Programs use a key to upload and run in your name. Give each program its own, so that one can be revoked alone."
)
_WEBHOOK = "Webhook, if wanted: where Mosaic calls when a run ends that was started with it."
_ONCE = "This is the only time that Mosaic shows this key. Copy it to a safe place, or use it in this app."
_LOST = "Nobody has this key yet: it was neither copied nor taken into use, and it will not be shown again."
_COPIED = "Copied. The clipboard forgets it after a minute, so paste it now."
_USED = "This app works with the new key from here on. Revoke the one before it if no other program uses that."


class CreateKeyDialog(StoryDialog):
    """`receiver`: this app's own address for webhooks, empty while it does not listen."""

    def __init__(self, theme: Theme, clipboard: ClipboardSecret, receiver: str, parent: QWidget) -> None:
        super().__init__(theme, "Create an API key", parent)
        self._new: NewKey | None = None
        self._used = False
        self._warned = False
        self._words = text_label(theme, _WHAT, tone=Tone.SECONDARY, wrap=True)
        self._hint = text_label(theme, _WEBHOOK, tone=Tone.SECONDARY, wrap=True)
        self._field = UrlField(theme, receiver)
        self.secret = MaskedSecret(theme, "API key", clipboard.put)
        self._use = secondary_button(theme, "Use in this profile", "key-round")
        self._cancel = secondary_button(theme, "Cancel")
        self._go = primary_button(theme, "Create key", "plus")
        for widget in (self._words, self._hint, self._field, self.secret):
            self.body.addWidget(widget)
        for button in (self._use, self._cancel, self._go):
            self.foot.addWidget(button)
        self._go.setDefault(True)
        self._go.clicked.connect(self._on_go_clicked)
        self._use.clicked.connect(lambda: self.want(_USE))
        self._cancel.clicked.connect(self.reject)
        self._field.edit.textEdited.connect(lambda: self._refuse(""))
        self.secret.was_copied.connect(self._on_copied)
        self._refresh()

    @property
    def url(self) -> str | None:
        return self._field.edit.text().strip() or None

    def set_busy(self, words: str) -> None:
        super().set_busy(words)
        for widget in (self._field, self._go, self._use, self._cancel):
            widget.setEnabled(not words)

    def show_key(self, new: NewKey) -> None:
        self._new = new
        self.secret.set_secret(new.key)
        self.set_title("Your new API key")
        self._refresh()
        self.secret.take_focus()

    def show_used(self) -> None:
        self._used = True
        self._refresh()
        self.say(_USED, Tone.GOOD)
        self._go.setFocus()

    def reject(self) -> None:
        """Not without a word while a key would be lost."""
        if self._new is not None and not self._used and not self.secret.copied and not self._warned:
            self._warned = True
            self.say(_LOST, Tone.WARNING)
            self._go.setText("Close anyway")
            self._go.updateGeometry()
            return
        super().reject()

    def forget(self) -> None:
        self.secret.set_secret(None)

    # Inside

    def _refresh(self) -> None:
        made = self._new is not None
        self._words.setText(_ONCE if made else _WHAT)
        self._hint.setVisible(not made)
        self._field.setVisible(not made)
        self.secret.setVisible(made)
        self._use.setVisible(made and not self._used)
        self._cancel.setVisible(not made)
        self._go.setText("Done" if made else "Create key")
        self._go.set_icon("" if made else "plus")
        self.fit()

    def _on_go_clicked(self) -> None:
        if self._new is not None:
            self.reject()
        elif self.url is not None and (words := url_trouble(self.url)):
            self._refuse(words)
        else:
            self.want(_CREATE)

    def _on_copied(self) -> None:
        self._refresh()
        self.say(_COPIED)

    def _refuse(self, words: str) -> None:
        self.say(words, Tone.BAD)
        mark_wrong(self._field.edit, bool(words))
        if words:
            self._field.edit.setFocus()


async def create_key(
    theme: Theme, desk: AccountDesk, keys: KeyList, clipboard: ClipboardSecret, receiver: str, parent: QWidget
) -> None:
    """Until the user is done with the new key, or gives up before there is one."""
    new: NewKey | None = None
    async with opened(CreateKeyDialog(theme, clipboard, receiver, parent)) as dialog:
        try:
            while wish := await dialog.wish():
                dialog.set_busy("Creating the key…" if wish == _CREATE else "Storing the key in your keyring…")
                try:
                    if wish == _CREATE:
                        new = await keys.create(dialog.url)
                    elif new is not None:
                        await desk.use_key(new)
                        await keys.reload()  # so that the list says the same
                except MosaicError as error:
                    lost = wish == _CREATE and isinstance(error, NetworkError) and error.seen
                    dialog.set_busy("")
                    dialog.say(lost_answer(error.problem) if lost else sentence(error.problem), Tone.BAD)
                    continue
                dialog.set_busy("")
                if wish == _CREATE and new is not None:
                    dialog.show_key(new)
                else:
                    dialog.show_used()
        finally:
            dialog.forget()
