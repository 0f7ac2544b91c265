"""A user at a long queue, inside the application's process."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QAbstractItemView

from mosaic_desktop.gui.main_window import MainWindow
from mosaic_desktop.jobs.engine import Engine
from tests.benchmarks.lateness import Lateness
from tests.support.waiting import until_async

_STEPS = 200
_PATIENCE = 600.0
_SECONDS_TO_SETTLE = 0.5


class QueueUser:
    """Each deed is over when the window shows what came of it; answers with the lateness of the loop meanwhile."""

    def __init__(self, engine: Engine, window: MainWindow) -> None:
        self._engine = engine
        self._window = window

    async def add(self, folder: str, rows: int) -> Mapping[str, float]:
        """A folder of ``rows`` videos, dropped."""
        view, lateness = self._view(), Lateness()
        self._engine.offer([Path(folder)])
        await until_async(lambda: view.model().rowCount() == rows, _PATIENCE)
        return lateness.stop()

    async def scroll(self) -> Mapping[str, float]:
        """From the first row to the last, a page at a time."""
        bar = self._view().verticalScrollBar()
        lateness = Lateness()
        for step in range(_STEPS + 1):
            bar.setValue(bar.maximum() * step // _STEPS)
            await asyncio.sleep(0.01)
        return lateness.stop()

    async def select_all(self) -> Mapping[str, float]:
        view, lateness = self._view(), Lateness()
        view.selectAll()
        await asyncio.sleep(_SECONDS_TO_SETTLE)
        return lateness.stop()

    async def remove_half(self) -> Mapping[str, float]:
        """Every other row, as what is finished may lie between what is not."""
        ids = [asset.id for asset in self._engine.store.assets()][::2]
        view = self._view()
        view.clearSelection()
        left = view.model().rowCount() - len(ids)
        lateness = Lateness()
        self._engine.remove(ids)
        await until_async(lambda: view.model().rowCount() == left, _PATIENCE)
        await asyncio.sleep(_SECONDS_TO_SETTLE)
        return lateness.stop()

    def _view(self) -> QAbstractItemView:
        for view in self._window.findChildren(QAbstractItemView):
            if view.accessibleName().startswith("Upload queue"):
                return view
        raise LookupError("the window shows no queue")
