"""The table for reading: rows, their menu, and the keyboard."""

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mosaic_desktop.gui.theme.palette import LIGHT, StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.record_table import Cell, Column, Record, RecordTable
from tests.support.waiting import until

COLUMNS = (Column("Name", 3, 100), Column("Used", 1, 60), Column("Where", 2, 120))


def record(key: str, used: str = "never", *, menu: bool = True) -> Record:
    cells = (
        Cell(f"Key {key}", badge="this app", strong=True),
        Cell(used, kind=StateKind.WARNING, icon="clock"),
        Cell("a rather long text that needs two lines where there is little room", wraps=True),
    )
    return Record(key, cells, f"Key {key}, {used}", menu=menu)


@pytest.fixture
def table(theme: Theme, qtbot: QtBot) -> RecordTable:
    made = RecordTable(theme, "Keys", COLUMNS)
    qtbot.addWidget(made)
    made.resize(QSize(520, 300))
    made.set_records([record("a"), record("b"), record("c", menu=False)])
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.setFocus()
    until(made.hasFocus)  # the row that has the keyboard is the first one from then on
    return made


@pytest.mark.parametrize("width", [300, 520, 900])
def test_columns_fill_the_room_and_keep_their_least(table: RecordTable, width: int) -> None:
    def widths() -> list[int]:
        return [table.columnWidth(number) for number in range(3)]

    table.resize(width, 300)
    wanted = max(width, sum(column.least for column in COLUMNS))
    until(lambda: abs(sum(widths()) - wanted) <= table.width() - table.viewport().width())
    assert all(width >= column.least for width, column in zip(widths(), COLUMNS, strict=True))


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_the_keyboard_opens_the_menu_of_a_row(table: RecordTable, key: Qt.Key) -> None:
    asked: list[str] = []
    table.menu_requested.connect(lambda row, _: asked.append(row))
    QTest.keyClick(table, key)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, key)
    assert asked == ["a", "b"]
    table.set_current_key("c")
    QTest.keyClick(table, key)
    assert asked == ["a", "b"], "a row without a menu has none"


def test_the_dots_open_the_menu_where_they_are(table: RecordTable) -> None:
    asked: list[QPoint] = []
    table.menu_requested.connect(lambda _, place: asked.append(place))
    cell = table.visualRect(table.records.index(1, 2))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(cell.right() - 20, cell.center().y()))
    assert table.current_key() == "b"
    (place,) = asked
    assert cell.contains(table.viewport().mapFromGlobal(place))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, cell.center().y()))
    assert len(asked) == 1


def test_tab_leaves_the_table(table: RecordTable) -> None:
    table.set_current_key("a")
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert table.current_key() == "a"  # and not the next row


def test_words_that_change_leave_the_selection_alone(table: RecordTable) -> None:
    table.set_current_key("b")
    table.set_records([record("a", "now"), record("b", "now"), record("c", "now")])
    assert table.current_key() == "b"
    table.set_records([record("b"), record("c")])
    assert table.current_key() == "b"
    table.set_records([record("c")])
    assert table.current_key() in ("", "c")


def test_a_row_is_read_as_a_whole_and_by_cells(table: RecordTable) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    assert table.records.index(0, 0).data(role) == "Key a, never"
    assert table.records.index(0, 1).data(role) == "never"


def test_it_is_painted_with_badge_and_lines(table: RecordTable) -> None:
    def colors() -> set[str]:
        image = table.grab().toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    until(lambda: {LIGHT.accent_wash, LIGHT.line} <= colors())


def test_a_badge_is_seen_on_the_selected_row_too(table: RecordTable) -> None:
    table.set_current_key("a")
    for _ in ("with the keyboard", "without it"):
        assert {LIGHT.accent_wash, LIGHT.surface} <= set_of_colors(table, "a")  # its ground, and the badge upon it
        table.clearFocus()


def set_of_colors(table: RecordTable, key: str) -> set[str]:
    row = next(number for number, each in enumerate(table.records.records) if each.key == key)
    spot = table.visualRect(table.records.index(row, 0))
    image = table.viewport().grab(spot).toImage()
    middle = image.height() // 2
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(middle - 6, middle + 6)}
