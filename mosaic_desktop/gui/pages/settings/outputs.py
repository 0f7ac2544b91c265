"""Where finished videos are saved, and how they are called."""

import asyncio
import tempfile
from datetime import datetime
from pathlib import Path

from mosaic_desktop.gui import ask
from mosaic_desktop.gui.pages.opening import open_folder
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.settings.naming import TemplateRow, mirror_row
from mosaic_desktop.gui.pages.settings.section import Section
from mosaic_desktop.gui.widgets.buttons import secondary_button
from mosaic_desktop.gui.widgets.facts_table import Fact


def can_be_written(folder: Path) -> bool:
    """Whether files can be made in `folder`, found out by making one. Touches the disk: not for the window's thread."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".mosaic-"):
            return True
    except OSError:
        return False


class OutputsSection(Section):
    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts.theme, "Outputs", "of runs that start from here on")
        self._parts = parts
        change = secondary_button(parts.theme, "Change…")
        change.setAccessibleName("Change the output folder…")
        change.clicked.connect(self._on_change_clicked)
        self.add_action(change)
        opening = secondary_button(parts.theme, "Open", "folder-open")
        opening.setAccessibleName("Open the output folder")
        opening.clicked.connect(self._on_open_clicked)
        self.add_action(opening)
        now = datetime.fromtimestamp(parts.clock.now())
        self.body.addWidget(TemplateRow(parts.theme, parts.settings, now))
        self.body.addWidget(mirror_row(parts.theme, parts.settings))
        self.refresh()

    def refresh(self) -> None:
        folder = self._parts.settings.value.output_folder
        self.facts.set_facts([Fact("Folder", str(folder))])

    async def use_folder(self, folder: Path) -> None:
        """Take `folder` from here on, if files can be made there."""
        if await asyncio.to_thread(can_be_written, folder):
            self._parts.settings.change(output_folder=folder)
            self.show_trouble("")
            self.refresh()
        else:
            self.show_trouble(f"Nothing can be saved in {folder}. Choose another folder, or change its permissions.")

    def _on_change_clicked(self) -> None:
        self._parts.scope.replace(self._choose(), "output folder")

    async def _choose(self) -> None:
        now = self._parts.settings.value.output_folder
        if (folder := await ask.choose_folder(self, "Where to save finished videos", now)) is not None:
            await self.use_folder(folder)

    def _on_open_clicked(self) -> None:
        self._parts.scope.replace(self._open(), "open output folder")

    async def _open(self) -> None:
        self.show_trouble(await open_folder(self._parts.settings.value.output_folder))
