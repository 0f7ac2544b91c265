"""Saving readings or costs as a table, where the user wants it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from mosaic_desktop.account.insight import costs_csv, readings_csv
from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.core.run import Run, RunId
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui import ask
from mosaic_desktop.gui.desktop import show_in_folder
from mosaic_desktop.gui.pages.account.chart_card import BALANCE, ChartCard
from mosaic_desktop.gui.pages.opening import no_file_manager
from mosaic_desktop.gui.widgets.snackbar import Snackbar

_KIND = "Tables (*.csv)"
_NAMES = {True: "mosaic-balance.csv", False: "mosaic-run-costs.csv"}


class Exporting:
    """Tells at `snackbar` where it is saved, whose action shows the file; at `chart` why it is not. `run_of`: a run
    that is still in the list.
    """

    def __init__(
        self,
        chart: ChartCard,
        desk: AccountDesk,
        run_of: Callable[[RunId], Run | None],
        scope: TaskScope,
        snackbar: Snackbar,
    ) -> None:
        self._chart = chart
        self._desk = desk
        self._run_of = run_of
        self._scope = scope
        self._snackbar = snackbar
        self._saved: Path | None = None
        snackbar.acted.connect(self._on_acted)
        chart.export_wanted.connect(self._on_export_wanted)

    def _on_export_wanted(self, view: str) -> None:
        self._scope.replace(self._export(readings=view == BALANCE), "export")

    async def _export(self, *, readings: bool) -> None:
        folder = await asyncio.to_thread(_usual_folder)
        title = "Save the readings of the balance" if readings else "Save what runs cost"
        file = await ask.choose_new_file(self._chart.window(), title, folder / _NAMES[readings], _KIND)
        if file is None:
            return
        text = readings_csv(self._desk.readings) if readings else costs_csv(self._desk.costs, self._run_of)
        if problem := await asyncio.to_thread(_write, file, text):
            self._chart.show_trouble(f"{file.name} was not saved: {problem}. Choose another folder.")
        else:
            self._saved = file
            self._chart.show_trouble("")
            self._snackbar.tell(f"Saved {file.name}")

    def _on_acted(self) -> None:
        self._snackbar.tell("")
        if (saved := self._saved) is not None:
            show_in_folder(saved, self._chart, lambda: self._chart.show_trouble(no_file_manager(saved)))


def _usual_folder() -> Path:
    """Where the user keeps documents; not everybody has such a folder."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return folder if folder.is_dir() else Path.home()


def _write(file: Path, text: str) -> str:
    """Empty, or why not. With a byte order mark, without which spreadsheets take names for another encoding."""
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            out.write(text)
    except OSError as error:
        return error.strerror or "the folder cannot be written to"
    return ""
