"""A long queue in its list: what happens to a few of its rows costs nothing for all the others."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QModelIndex
from pytestqt.qtbot import QtBot

from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.core.events import What
from mosaic_desktop.gui.models.asset_model import AssetModel
from mosaic_desktop.gui.models.row_model import Index
from mosaic_desktop.gui.pages.studio.queue_list import QueueList
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache
from tests.gui.models.builders import Board, asset

_COUNT = 3000
_FEW = 300


class CountedModel(AssetModel):
    """Counts how often Qt asks Python for the number of rows."""

    asked = 0

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        self.asked += 1
        return super().rowCount(parent)


Deed = Callable[[Board, list[Asset]], None]


def change(board: Board, rows: list[Asset]) -> None:
    board.publish(What.STATE, replace(rows[1], state=AssetState.PAUSED))


def add(board: Board, rows: list[Asset]) -> None:
    board.publish(What.ADDED, asset("another.mp4", position=float(len(rows))))


def remove(board: Board, rows: list[Asset]) -> None:
    board.publish(What.REMOVED, rows[1])


def move(board: Board, rows: list[Asset]) -> None:
    board.publish(What.STATE, replace(rows[1], position=-1.0))


@pytest.mark.parametrize("deed", [change, add, remove, move])
def test_no_row_is_asked_for_that_nobody_sees(deed: Deed, theme: Theme, qtbot: QtBot) -> None:
    rows = [asset(f"{number}.mp4", position=float(number)) for number in range(_COUNT)]
    board = Board(*rows)
    model = CountedModel(board.store, board.events)
    view = QueueList(theme, model, ThumbnailCache())
    qtbot.addWidget(view)
    view.resize(740, 400)
    with qtbot.waitExposed(view):
        view.show()
    QCoreApplication.processEvents()
    model.asked = 0
    deed(board, rows)
    model.flush()
    view.grab()
    assert 0 < model.asked < _FEW
