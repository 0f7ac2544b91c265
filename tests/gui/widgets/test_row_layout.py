from itertools import combinations, product

import pytest
from PySide6.QtCore import QRect

from mosaic_desktop.gui.theme.metrics import Size
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.widgets.row_view import RowView, row_layout
from mosaic_desktop.gui.widgets.tile_delegate import TileGrid, tile_rects

CASES = list(product([True, False], [True, False], [True, False], [0, 30, 70]))


@pytest.mark.parametrize("width", [*range(360, 700, 7), *range(700, 1601, 100)])
def test_parts_of_a_row_never_overlap_or_leave_it(width: int) -> None:
    row = QRect(0, 0, width, Size.ROW)
    for checkable, progress, menu, end_width in CASES:
        rects = row_layout(
            width, checkable=checkable, has_progress=progress, has_menu=menu, end_width=end_width
        ).painted()
        assert all(row.contains(rect) for rect in rects)
        assert not [pair for pair in combinations(rects, 2) if pair[0].intersects(pair[1])]


@pytest.mark.parametrize("width", range(360, 1601, 40))
def test_title_keeps_room_to_be_read(width: int) -> None:
    rects = row_layout(width, checkable=True, has_progress=True, end_width=50)
    assert rects.title.width() >= 100


def test_state_has_a_column_when_wide_and_a_line_when_narrow() -> None:
    wide, narrow = row_layout(800), row_layout(500)
    assert wide.state.left() > wide.title.right()
    assert narrow.state.top() > narrow.subtitle.bottom()


def test_state_column_stands_still_between_rows() -> None:
    assert row_layout(700, end_width=10).state.left() == row_layout(700, end_width=40).state.left()


@pytest.mark.parametrize("width", range(200, 1800, 37))
def test_tiles_fill_the_width_without_overlap(width: int) -> None:
    grid = TileGrid.fit(width)
    assert grid.columns * grid.cell.width() <= width
    tile, picture, title, subtitle, _ = tile_rects(QRect(0, 0, grid.cell.width(), grid.cell.height()))
    assert tile.contains(picture)
    assert tile.contains(title)
    assert tile.contains(subtitle)
    assert not picture.intersects(title)
    assert not title.intersects(subtitle)


def test_row_is_read_as_one_sentence() -> None:
    view = RowView("a.mp4", "2 GB", "Uploading 62 %", StateKind.NEUTRAL, right_text="38 MB/s", progress=620)
    assert view.accessible_text == "a.mp4, Uploading 62 %, 38 MB/s, 2 GB"
