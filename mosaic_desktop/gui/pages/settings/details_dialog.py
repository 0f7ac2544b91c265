"""A dialog for what the user may change of an account: its name, its addresses and its output folder."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.ports import Profile
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui import ask
from mosaic_desktop.gui.pages.first.ways_in import way_in_sentence
from mosaic_desktop.gui.pages.trouble import Trouble
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.title_dialog import LONGEST_TITLE
from mosaic_desktop.gui.widgets.buttons import primary_button, secondary_button
from mosaic_desktop.gui.widgets.labels import Tone, text_label

_WIDTH = 520
_TITLE = "Name"
_BASE = "Address of Mosaic"
_AUTH = "Address to sign in at"
_ANON = "Public key for signing in"
_FOLDER = "Folder for its finished videos"
_HINTS = {
    _BASE: "Another address is checked with your key. The account then opens again there.",
    _AUTH: "Of Supabase Auth, such as https://….supabase.co/auth/v1. Needed to see credits and keys.",
    _ANON: "The “anon” key that belongs to it. It is no secret.",
}


class DetailsDialog(QDialog):
    """`save` is asked for the changed profile, and tells by an error why it was not; the dialog then stays. `stops`:
    what saving it would stop, about which the user is asked first; empty where that is nothing.

    `shared_folder`: where the videos of accounts go that have no folder of their own.
    """

    def __init__(
        self,
        theme: Theme,
        scope: TaskScope,
        profile: Profile,
        shared_folder: Path,
        stops: Callable[[Profile], str],
        save: Callable[[Profile], Awaitable[None]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scope = scope
        self._profile = profile
        self._stops = stops
        self._save = save
        self._fields = {
            _TITLE: QLineEdit(profile.title),
            _BASE: QLineEdit(profile.base_url),
            _AUTH: QLineEdit(profile.auth_url),
            _ANON: QLineEdit(profile.anon_key),
            _FOLDER: QLineEdit(str(profile.output_folder or "")),
        }
        self._fields[_TITLE].setMaxLength(LONGEST_TITLE)
        self._fields[_FOLDER].setPlaceholderText(f"{shared_folder}, as for every account")
        self._trouble = Trouble(theme, (0, 0, 0, 0))
        self._button = primary_button(theme, "Save")
        self._button.setDefault(True)
        self._button.clicked.connect(self._on_save)
        self._build_ui()
        self.setWindowTitle(f"The account “{profile.title}”")
        self.setFixedWidth(_WIDTH)

    def changed(self) -> Profile:
        """The profile as it is in the fields."""
        folder = self._text(_FOLDER)
        return replace(
            self._profile,
            title=self._text(_TITLE),
            base_url=self._text(_BASE),
            auth_url=self._text(_AUTH),
            anon_key=self._text(_ANON),
            output_folder=Path(folder).expanduser().absolute() if folder else None,
        )

    def _text(self, name: str) -> str:
        return self._fields[name].text().strip()

    def _build_ui(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.XS)
        for name, field in self._fields.items():
            field.setAccessibleName(name)
            field.setMinimumHeight(Size.CONTROL)
            label = text_label(self._theme, name, TextStyle.BODY_STRONG)
            label.setBuddy(field)
            column.addWidget(label)
            column.addLayout(self._folder_row(field)) if name == _FOLDER else column.addWidget(field)
            if hint := _HINTS.get(name):
                field.setAccessibleDescription(hint)
                column.addWidget(text_label(self._theme, hint, TextStyle.SMALL, Tone.SECONDARY, wrap=True))
            column.addSpacing(Space.S)
        column.addWidget(self._trouble)
        cancel = secondary_button(self._theme, "Cancel")
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self._button)
        column.addLayout(foot)

    def _folder_row(self, field: QLineEdit) -> QHBoxLayout:
        choose = secondary_button(self._theme, "Choose…")
        choose.setAccessibleName("Choose the folder of this account…")
        choose.clicked.connect(self._on_choose)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(field, 1)
        row.addWidget(choose)
        return row

    def _on_choose(self) -> None:
        self._scope.replace(self._choose(), "folder of an account")

    async def _choose(self) -> None:
        now = self._text(_FOLDER)
        folder = await ask.choose_folder(self, "Where to save the videos of this account", Path(now) if now else None)
        if folder is not None:
            self._fields[_FOLDER].setText(str(folder))

    def _on_save(self) -> None:
        if not self._text(_TITLE):
            self._trouble.tell("An account needs a name.")
            return
        self._button.setEnabled(False)
        self._scope.replace(self._saving(), "details of an account")

    async def _saving(self) -> None:
        changed = self.changed()
        words = self._stops(changed)
        if words and not await ask.confirm(self, "Change the address?", words, "Change", "Stay"):
            self._button.setEnabled(True)
            return
        try:
            await self._save(changed)
        except MosaicError as error:
            self._trouble.tell(way_in_sentence(error.problem))
            self._button.setEnabled(True)
        else:
            self.accept()
