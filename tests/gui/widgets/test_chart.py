"""Charts: round axes, one value under mouse and keys, and numbers for those who do not see them."""

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mosaic_desktop.gui.theme.palette import DARK, LIGHT
from mosaic_desktop.gui.theme.theme import Theme, ThemeMode
from mosaic_desktop.gui.widgets.chart import BarChart, Chart, LineChart, Mark, Tick, axis_step
from mosaic_desktop.gui.widgets.share_bars import Share, ShareBars
from tests.gui.widgets.accessible import accessible, spoken_name
from tests.support.waiting import until

MARKS = (
    Mark(0, 100, "1 Nov", "100 credits"),
    Mark(0.5, 60, "8 Nov", "60 credits"),
    Mark(1, 20, "15 Nov", "20 credits"),
)
TICKS = (Tick(0, "1 Nov"), Tick(0.02, "2 Nov"), Tick(1, "today"))


def shown(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.resize(QSize(600, 200))
    widget.show()
    qtbot.waitExposed(widget)


def chart(theme: Theme, qtbot: QtBot, kind: type[Chart] = LineChart) -> Chart:
    made = kind(theme, lambda value: f"{value:,.0f}")
    made.set_marks("Balance: 100 to 20 credits", MARKS, TICKS)
    shown(qtbot, made)
    return made


@pytest.mark.parametrize(
    ("top", "step"), [(0, 1), (1, 1), (4, 1), (24_300, 5_000), (18_420, 5_000), (100, 20), (42, 10), (12, 5), (0.3, 1)]
)
def test_axes_have_round_steps(top: float, step: float) -> None:
    assert axis_step(top) == step


@pytest.mark.parametrize("kind", [LineChart, BarChart])
def test_every_value_is_within_the_plot(theme: Theme, qtbot: QtBot, kind: type[Chart]) -> None:
    made = chart(theme, qtbot, kind)
    area = made.plot()
    spots = [made.spot(mark) for mark in MARKS]
    assert all(area.adjusted(-1, -1, 1, 1).contains(spot) for spot in spots)
    assert spots[0].y() < spots[1].y() < spots[2].y() < area.bottom()


@pytest.mark.parametrize(("kind", "least"), [(LineChart, 0.5), (BarChart, 0.0)])
def test_a_line_shows_also_a_small_fall(theme: Theme, qtbot: QtBot, kind: type[Chart], least: float) -> None:
    made = chart(theme, qtbot, kind)
    marks = (Mark(0, 20_000, "12:00", "20,000 credits"), Mark(1, 19_988, "12:01", "19,988 credits"))
    made.set_marks("Balance: 20,000 to 19,988 credits", marks, ())
    fall = made.spot(marks[1]).y() - made.spot(marks[0]).y()
    assert least <= fall / made.plot().height() < least + 0.5
    made.set_marks("Balance: 20,000 credits", marks[:1], ())
    assert made.spot(marks[0]).y() == made.plot().top(), "what does not change is seen from zero"


@pytest.mark.parametrize("kind", [LineChart, BarChart])
def test_it_is_drawn_in_the_colors_of_the_theme(theme: Theme, qtbot: QtBot, kind: type[Chart]) -> None:
    made = chart(theme, qtbot, kind)
    for mode, palette in ((ThemeMode.LIGHT, LIGHT), (ThemeMode.DARK, DARK)):
        theme.set_mode(mode)
        image = made.grab().toImage()
        colors = {image.pixelColor(x, y).name() for x in range(0, 600, 3) for y in range(0, 200, 3)}
        assert palette.accent in colors


def test_the_value_under_the_mouse_is_in_words(theme: Theme, qtbot: QtBot) -> None:
    made = chart(theme, qtbot)
    QTest.mouseMove(made, QPoint(round(made.spot(MARKS[1]).x()) + 4, 50))
    until(lambda: made.current == MARKS[1])
    assert made.grab().toImage() != chart(theme, qtbot).grab().toImage()


def test_the_keys_go_from_value_to_value(theme: Theme, qtbot: QtBot) -> None:
    made = chart(theme, qtbot)
    made.setFocus(Qt.FocusReason.TabFocusReason)
    found = []
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_End):
        QTest.keyClick(made, key)
        assert made.current is not None
        found.append(made.current.value)
    assert found == [20, 60, 100, 100, 60, 20]
    assert accessible(made).text(QAccessible.Text.Description) == "15 Nov: 20 credits"
    assert spoken_name(made) == "Balance: 100 to 20 credits"


def test_other_values_take_the_shown_one_away(theme: Theme, qtbot: QtBot) -> None:
    made = chart(theme, qtbot)
    made.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(made, Qt.Key.Key_End)
    made.set_marks("Less", MARKS[:1], TICKS)
    assert accessible(made).text(QAccessible.Text.Description) == ""
    QTest.keyClick(made, Qt.Key.Key_Right)
    assert made.current == MARKS[0]


def test_without_values_there_is_nothing_to_go_to(theme: Theme, qtbot: QtBot) -> None:
    made = chart(theme, qtbot)
    made.set_marks("Nothing", (), ())
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End):
        QTest.keyClick(made, key)
    QTest.mouseMove(made, QPoint(100, 50))
    assert made.current is None
    made.grab()


def test_shares_tell_their_numbers_row_by_row(theme: Theme, qtbot: QtBot) -> None:
    bars = ShareBars(theme)
    shares = [Share(f"Agent {number}", 100 - number, f"{100 - number} credits · 2 runs") for number in range(12)]
    bars.set_shares("Twelve agents", shares)
    shown(qtbot, bars)
    assert spoken_name(bars) == "Twelve agents"
    assert "Agent 3: 97 credits, 2 runs" in [spoken_name(row) for row in bars.findChildren(QWidget)]
    assert bars.verticalScrollBar().maximum() > 0, "many of them scroll"
    bars.set_shares("One agent", shares[:1])
    assert len(bars._rows) == 1
    bars.grab()
