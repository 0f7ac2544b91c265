"""A file for whoever helps, written where the user wants it and sent to nobody."""

from pathlib import Path

from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui import ask
from mosaic_desktop.gui.desktop import show_in_folder
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.settings.setting_row import SettingRow
from mosaic_desktop.gui.pages.trouble import Trouble
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.widgets.buttons import secondary_button
from mosaic_desktop.gui.widgets.card import Card

_NAME = "mosaic-desktop-support.zip"
_TITLE = "Support file"
_HINT = (
    "Logs, versions, kinds of settings and numbers of rows, for whoever helps you. Keys, sign-ins and links are taken"
    " out; the logs may name files of yours. It is sent to nobody; look at it before you hand it on."
)


class SupportCard(Card):
    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts.theme, "Help")
        self._parts = parts
        self._trouble = Trouble(parts.theme, (Space.L, Space.S, Space.L, Space.S))
        self._save = secondary_button(parts.theme, "Save a support file…")
        self._save.clicked.connect(self._on_save_clicked)
        self.body.addWidget(self._trouble)
        self.body.addWidget(SettingRow(parts.theme, _TITLE, _HINT, self._save))
        self._save.setAccessibleName("Save a support file…")

    async def save(self, target: Path) -> None:
        self._trouble.tell("")
        self._save.setEnabled(False)
        try:
            await self._parts.gateway.save_support_file(target)
        except MosaicError as error:
            self._trouble.tell(f"{target} was not written. {error.detail or sentence(error.problem)}")
        else:
            show_in_folder(target, self)
        finally:
            self._save.setEnabled(True)

    def _on_save_clicked(self) -> None:
        self._parts.scope.replace(self._choose(), "support file")

    async def _choose(self) -> None:
        kind = "Zip files (*.zip)"
        target = await ask.choose_new_file(self, "Save a support file", Path.home() / _NAME, kind)
        if target is not None:
            await self.save(target)
