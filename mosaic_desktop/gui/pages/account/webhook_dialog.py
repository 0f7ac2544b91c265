"""The webhook of one key: where Mosaic calls when a run that it started ends."""

from PySide6.QtWidgets import QLineEdit, QWidget

from mosaic_desktop.core.account import ApiKey
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.gui.pages.account.key_list import KeyList
from mosaic_desktop.gui.pages.account.story_dialog import StoryDialog, opened
from mosaic_desktop.gui.pages.account.url_field import UrlField
from mosaic_desktop.gui.pages.account.words import key_name, undone, url_trouble
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import primary_button, secondary_button
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.remark import mark_wrong

_SAVE = "save"
_WHAT = "Mosaic sends a signed message to this address when a run ends that was started with this key."


class WebhookDialog(StoryDialog):
    """`receiver`: this app's own address, empty while it does not listen."""

    def __init__(self, theme: Theme, key: ApiKey, receiver: str, parent: QWidget) -> None:
        super().__init__(theme, f"Webhook of {key_name(key)}", parent)
        self._field = UrlField(theme, receiver)
        self._field.edit.setText(key.webhook_url or "")
        self._save = primary_button(theme, "Save webhook")
        self._cancel = secondary_button(theme, "Cancel")
        self.body.addWidget(text_label(theme, _WHAT, tone=Tone.SECONDARY, wrap=True))
        self.body.addWidget(self._field)
        self.foot.addWidget(self._cancel)
        self.foot.addWidget(self._save)
        self._save.setDefault(True)
        self._save.clicked.connect(self._on_save_clicked)
        self._cancel.clicked.connect(self.reject)
        self._field.edit.textEdited.connect(lambda: self._refuse(""))
        self.fit()
        self._field.edit.setFocus()

    @property
    def url(self) -> str:
        return self._field.edit.text().strip()

    @property
    def edit(self) -> QLineEdit:
        return self._field.edit

    def set_busy(self, words: str) -> None:
        super().set_busy(words)
        for widget in (self._field, self._save, self._cancel):
            widget.setEnabled(not words)

    def _on_save_clicked(self) -> None:
        if words := url_trouble(self.url):
            self._refuse(words)
        else:
            self.want(_SAVE)

    def _refuse(self, words: str) -> None:
        self.say(words, Tone.BAD)
        mark_wrong(self._field.edit, bool(words))
        self._field.edit.setAccessibleDescription(words or _WHAT)
        if words:
            self._field.edit.setFocus()


async def edit_webhook(theme: Theme, keys: KeyList, key: ApiKey, receiver: str, parent: QWidget) -> None:
    """Until the service has taken the address, or the user gives up."""
    async with opened(WebhookDialog(theme, key, receiver, parent)) as dialog:
        while await dialog.wish() == _SAVE:
            dialog.set_busy("Saving…")
            try:
                await keys.set_webhook(key.id, dialog.url)
            except MosaicError as error:
                dialog.set_busy("")
                dialog.say(undone("the address", "saved", error), Tone.BAD)
            else:
                return
