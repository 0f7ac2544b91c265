from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mosaic_desktop.gui.theme.palette import DARK, LIGHT, StateKind
from mosaic_desktop.gui.theme.theme import Theme, ThemeMode
from mosaic_desktop.gui.widgets.row_delegate import RowDelegate
from mosaic_desktop.gui.widgets.row_list import RowList
from mosaic_desktop.gui.widgets.row_view import RowRole, RowView, row_layout
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache
from mosaic_desktop.gui.widgets.tile_delegate import TileDelegate
from mosaic_desktop.gui.widgets.tile_list import TileList
from tests.gui.widgets.accessible import accessible
from tests.support.waiting import until

_Index = QModelIndex | QPersistentModelIndex


class Rows(QAbstractListModel):
    """A small real model: rows whose checkbox works."""

    def __init__(self, rows: list[RowView]) -> None:
        super().__init__()
        self.rows = rows

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = 0) -> object:
        row = self.rows[index.row()]
        return {RowRole: row, Qt.ItemDataRole.AccessibleTextRole.value: row.accessible_text}.get(role)

    def setData(self, index: _Index, value: object, role: int = 0) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        checked = value == Qt.CheckState.Checked.value
        self.rows[index.row()] = replace(self.rows[index.row()], checked=checked)
        self.dataChanged.emit(index, index)
        return True


@pytest.fixture
def rows() -> Rows:
    return Rows(
        [
            RowView("take.mov", "2 GB", "Uploading 62 %", right_text="38 MB/s", progress=620, checked=False),
            RowView("birds.mp4", "12:40", "Ready", StateKind.GOOD, "circle-check", checked=False),
        ]
    )


@pytest.fixture
def view(theme: Theme, rows: Rows, qtbot: QtBot) -> RowList:
    widget = RowList(theme, "Upload queue", ThumbnailCache())
    widget.setModel(rows)
    widget.resize(740, 300)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def part(view: RowList, row: int, name: str) -> QPoint:
    """Middle of a part of a row, in the viewport."""
    place = view.visualRect(view.model().index(row, 0))
    rect: QRect = getattr(row_layout(place.width(), checkable=True), name)
    return place.topLeft() + rect.center()


def test_rows_are_read_aloud(view: RowList) -> None:
    interface = accessible(view)
    assert interface.text(QAccessible.Text.Name) == "Upload queue"
    assert interface.child(0).text(QAccessible.Text.Name) == "take.mov, Uploading 62 %, 38 MB/s, 2 GB"


def test_row_is_68_high(view: RowList) -> None:
    assert view.visualRect(view.model().index(0, 0)).height() == 68


def test_mouse_toggles_the_checkbox_and_leaves_the_selection(view: RowList, rows: Rows) -> None:
    for expected in (True, False):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=part(view, 1, "checkbox"))
        assert rows.rows[1].checked is expected
    assert rows.rows[0].checked is False
    assert not view.selectionModel().hasSelection()


def test_click_on_the_words_selects_and_checks_nothing(view: RowList, rows: Rows) -> None:
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=part(view, 1, "title"))
    assert view.currentIndex().row() == 1
    assert rows.rows[1].checked is False


def test_space_toggles_the_current_row(view: RowList, rows: Rows) -> None:
    view.setCurrentIndex(view.model().index(1, 0))
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert rows.rows[1].checked is True


def test_menu_dots_ask_for_the_menu(view: RowList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.menu_requested) as caught:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=part(view, 1, "menu"))
    index, spot = caught.args or [QModelIndex(), QPoint()]
    assert index.row() == 1
    assert view.rect().contains(view.mapFromGlobal(spot))


def test_the_tool_tip_tells_what_a_row_has_no_room_for(view: RowList) -> None:
    delegate = view.itemDelegate()
    assert isinstance(delegate, RowDelegate)
    row = QRect(0, 0, 740, 68)
    assert delegate.tool_tip(RowView("a.mov", "2 GB", "Ready"), row) == ""
    facts = "Already uploaded as a-film-with-quite-a-long-name-of-which-the-end-is-cut-off-here.mov"
    assert (
        delegate.tool_tip(RowView("a.mov", facts, "Ready"), row)
        == f"a.mov\nReady\n{facts.replace('as ', 'as' + chr(10))}"
    )
    told = RowView("a.mov", "Retry sends it", "Failed", more="The file changed.")
    assert delegate.tool_tip(told, row) == "a.mov\nFailed\nRetry sends it\nThe file changed."
    marked = RowView("<b>a</b>.mov", "2 GB", more="Why.")
    assert delegate.tool_tip(marked, row).startswith("<p>&lt;b&gt;a")


def test_theme_switch_repaints_rows(view: RowList, theme: Theme) -> None:
    empty = QPoint(view.width() // 2, 60)
    theme.set_mode(ThemeMode.DARK)
    title = view.grab(QRect(part(view, 0, "title") - QPoint(120, 9), QSize(120, 18))).toImage()
    colors = {title.pixelColor(x, y).name() for x in range(title.width()) for y in range(title.height())}
    assert DARK.text in colors
    assert LIGHT.text not in colors
    assert view.grab().toImage().pixelColor(empty).name() != LIGHT.surface


def test_arrow_keys_draw_a_ring_around_the_current_row(view: RowList) -> None:
    view.activateWindow()
    view.setFocus()
    until(view.hasFocus)
    view.setCurrentIndex(view.model().index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Down)
    ring = view.visualRect(view.model().index(1, 0)).topLeft() + QPoint(200, 2)
    assert view.viewport().grab().toImage().pixelColor(ring).name() == LIGHT.accent
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=part(view, 1, "title"))
    assert view.viewport().grab().toImage().pixelColor(ring).name() == LIGHT.accent_wash


def test_checked_row_has_a_wash(view: RowList, rows: Rows) -> None:
    rows.setData(rows.index(0), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    image = view.viewport().grab().toImage()
    assert image.pixelColor(4, 4).name() == LIGHT.accent_wash
    assert image.pixelColor(4, 72).name() != LIGHT.accent_wash


def test_thumbnail_fills_its_place_at_twice_the_pixels(tmp_path: Path, qapp: object) -> None:
    file = tmp_path / "a.png"
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    image.save(str(file))
    cache = ThumbnailCache()
    pixmap = cache.pixmap(str(file), QSize(84, 47), 2.0)
    assert pixmap is not None
    assert (pixmap.size(), pixmap.devicePixelRatio()) == (QSize(168, 94), 2.0)


@pytest.mark.parametrize("content", [None, b"", b"not a picture"])
def test_thumbnail_that_cannot_be_read_is_none(tmp_path: Path, qapp: object, content: bytes | None) -> None:
    file = tmp_path / "a.png"
    if content is not None:
        file.write_bytes(content)
    assert ThumbnailCache().pixmap(str(file), QSize(84, 47), 1.0) is None


def test_thumbnail_appears_when_the_file_does(tmp_path: Path, qapp: object) -> None:
    cache, file = ThumbnailCache(), tmp_path / "a.png"
    assert cache.pixmap(str(file), QSize(84, 47), 1.0) is None
    QImage(100, 100, QImage.Format.Format_RGB32).save(str(file))
    assert cache.pixmap(str(file), QSize(84, 47), 1.0) is not None


def test_the_tool_tip_tells_what_a_tile_has_no_room_for(theme: Theme) -> None:
    delegate = TileDelegate(theme, ThumbnailCache())
    tile = QRect(0, 0, 220, 190)
    assert delegate.tool_tip(RowView("a.mp4", "0:48"), tile) == ""
    name = "a film with a name that no tile has room for.mp4"
    assert delegate.tool_tip(RowView(name, "0:48"), tile) == f"{name}\n0:48"
    failed = RowView("a.mp4", "0:48", "Disk is full", more="The disk is full. Free some space.")
    assert delegate.tool_tip(failed, tile) == "a.mp4\nDisk is full\n0:48\nThe disk is full. Free some space."
    paused = RowView("a.mp4", "", "Paused", icon="pause", right_text="123 MB of 40.3 GB kept")
    assert delegate.tool_tip(paused, tile) == "a.mp4\nPaused · 123 MB of 40.3 GB kept"


@pytest.mark.parametrize("width", [420, 640, 742, 1100])
def test_tiles_stand_in_as_many_columns_as_fit(theme: Theme, qtbot: QtBot, width: int) -> None:
    tiles = TileList(theme, "Outputs", ThumbnailCache())
    tiles.setModel(Rows([RowView(f"{number}.mp4") for number in range(12)]))
    qtbot.addWidget(tiles)
    tiles.resize(width, 500)
    tiles.show()
    places = [tiles.visualRect(tiles.model().index(number, 0)) for number in range(12)]
    columns = len({place.left() for place in places})
    assert columns == (width - 30) // 194
    assert max(place.right() for place in places) < tiles.viewport().width()
