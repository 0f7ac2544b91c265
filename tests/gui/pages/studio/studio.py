"""The Studio of a desk: its parts as a user finds them, by their accessible names."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QListView, QWidget

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.gui.pages.studio.page import StudioPage
from mosaic_desktop.gui.widgets.row_view import RowRole, RowView
from tests.gui.dragging import drag_in, drop
from tests.gui.pages.desk import Desk
from tests.gui.widgets.accessible import spoken_name
from tests.support.waiting import until_async

W = TypeVar("W", bound=QWidget)
REFRAME = Agent(
    "reframe",
    "Reframe",
    "Another shape of picture",
    None,
    {
        "type": "object",
        "properties": {
            "shape": {"type": "string", "title": "Shape", "enum": ["9:16", "1:1", "4:5"], "default": "9:16"},
            "pause": {
                "type": "integer",
                "title": "Shortest pause",
                "description": "Shorter pauses stay.",
                "minimum": 100,
                "maximum": 2000,
                "default": 600,
                "x-unit": "ms",
            },
            "level": {"type": "number", "title": "Loudness", "minimum": -36, "maximum": -9, "default": -16},
            "style": {"type": "string", "title": "Caption style", "enum": list("abcdef"), "default": "c"},
            "music": {"type": "boolean", "title": "Music", "default": True},
            "color": {"type": "string", "format": "color", "title": "Highlight", "default": "#FFD400"},
            "title": {"type": "string", "title": "Title text"},
            "seed": {"type": "integer", "title": "Seed", "default": 7},
        },
    },
)
PLAIN = Agent("plain", "Plain", "Nothing to set", None, {"type": "object", "properties": {}})
UNTOLD = Agent("untold", "Untold", "Does not list its settings")
AGENTS = (REFRAME, PLAIN, UNTOLD)


class Studio:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def activate(self) -> None:
        """Give the window the keyboard, as a window manager would."""
        self.desk.window.activateWindow()
        await until_async(self.desk.window.isActiveWindow)

    def find(self, kind: type[W], name: str) -> W:
        """The visible widget whose accessible name begins with `name`."""
        found = [widget for widget in self.desk.visible(kind) if spoken_name(widget).startswith(name)]
        assert found, f"no {kind.__name__} {name!r}: {[spoken_name(w) for w in self.desk.visible(kind)]}"
        return found[0]

    @property
    def queue(self) -> QListView:
        return self.find(QListView, "Upload queue")

    @property
    def agents(self) -> QListView:
        return self.find(QListView, "Agent list")

    @property
    def run_button(self) -> QAbstractButton:
        buttons = [b for b in self.desk.visible(QAbstractButton) if spoken_name(b).startswith("Run")]
        return next(button for button in buttons if spoken_name(button) != "Runs")

    def rows(self) -> list[RowView]:
        model = self.queue.model()
        return [model.index(row, 0).data(RowRole) for row in range(model.rowCount())]

    async def until_rows(self, count: int) -> None:
        await until_async(lambda: self.desk.visible(QListView) and self._row_count() == count)

    def _row_count(self) -> int:
        lists = [view for view in self.desk.visible(QListView) if spoken_name(view).startswith("Upload queue")]
        return lists[0].model().rowCount() if lists else 0

    async def select(self, *rows: int) -> None:
        await self.activate()
        self.queue.setFocus()
        self.queue.clearSelection()
        for number, row in enumerate(rows):
            spot = self.queue.visualRect(self.queue.model().index(row, 0)).center() - QPoint(60, 0)
            modifier = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
            QTest.mouseClick(self.queue.viewport(), Qt.MouseButton.LeftButton, modifier, spot)
        await self.desk.settle()

    async def key(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, to: QWidget | None = None
    ) -> None:
        """A key for whoever has the keyboard, or for `to`."""
        target = to or QApplication.focusWidget()
        assert isinstance(target, QWidget)
        QTest.keyClick(target, key, modifier)
        await self.desk.settle()

    async def choose_agent(self, name: str) -> None:
        await until_async(lambda: self.agents.model().rowCount())
        model = self.agents.model()
        names = [model.index(row, 0).data() for row in range(model.rowCount())]
        self.agents.setCurrentIndex(model.index(names.index(name), 0))
        await self.desk.settle()

    def drag(self, paths: Sequence[Path]) -> QMimeData:
        """Real drag and drop of files onto the window. Returns the data, which must outlive the events."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        self.drop(mime)
        return mime

    def drop(self, mime: QMimeData, *, release: bool = True) -> bool:
        """Whether the window took it, or with no release, would take it."""
        taken = drag_in(self.desk.window, mime)
        return drop(self.desk.window, mime) if taken and release else taken


def sent(desk: Desk) -> dict[str, ParameterValue]:
    """What a run would be given now."""
    return dict(desk.visible(StudioPage)[0]._wish.wish().parameters)
