"""A number box: what can be typed, what it says about it, and what it takes when it is left."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.number_spin import NumberSpin
from mosaic_desktop.gui.widgets.remark import NOTHING, Remark
from tests.gui.widgets.accessible import spoken_name
from tests.support.waiting import until

BETWEEN = Remark("Between 100 and 2000 ms", wrong=True)


@pytest.fixture
def box(theme: Theme, qtbot: QtBot) -> NumberSpin:
    return opened(qtbot, NumberSpin("Shortest pause", 100, 2000, 50, 0, "ms"), 600)


def opened(qtbot: QtBot, box: NumberSpin, number: float | None) -> NumberSpin:
    qtbot.addWidget(box)
    box.set_number(number)
    box.show()
    box.activateWindow()
    box.setFocus()
    until(box.hasFocus)
    return box


def retype(box: NumberSpin, text: str) -> None:
    box.selectAll()
    QTest.keyClick(box, Qt.Key.Key_Delete)
    QTest.keyClicks(box, text)


def leave(box: NumberSpin) -> None:
    """As Tab would, were there another place to go to."""
    box.clearFocus()


def test_it_is_named_and_shows_its_unit(box: NumberSpin) -> None:
    assert (spoken_name(box), box.text(), box.number(), box.fits, box.remark) == (
        "Shortest pause",
        "600 ms",
        600,
        True,
        NOTHING,
    )


def test_what_is_typed_counts_at_once(box: NumberSpin) -> None:
    seen: list[float] = []
    box.valueChanged.connect(seen.append)
    retype(box, "700")
    assert (box.number(), box.fits, box.text()) == (700, True, "700 ms")
    assert seen == [700]


def test_a_number_out_of_bounds_stays_in_sight_and_the_bounds_are_said(box: NumberSpin) -> None:
    told: list[Remark] = []
    box.remarked.connect(lambda: told.append(box.remark))
    retype(box, "9999")
    assert box.text() == "9999 ms"
    assert (box.fits, box.remark, box.number()) == (False, BETWEEN, 2000)
    assert told[-1] == BETWEEN
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    assert (box.text(), box.fits, box.remark) == ("999 ms", True, NOTHING)


@pytest.mark.parametrize(
    ("typed", "becomes", "words"),
    [
        ("9999", 2000, "9999 became 2000 ms, the most."),
        ("6", 100, "6 became 100 ms, the least."),
        ("-5", 100, "-5 became 100 ms, the least."),
    ],
)
@pytest.mark.parametrize("how", ["leave", "enter", "hide"])
def test_left_it_takes_the_nearest_bound_and_says_so(
    box: NumberSpin, typed: str, becomes: float, words: str, how: str
) -> None:
    retype(box, typed)
    if how == "leave":
        leave(box)
    elif how == "enter":
        QTest.keyClick(box, Qt.Key.Key_Return)
    else:
        box.hide()
    assert (box.number(), box.text(), box.fits) == (becomes, f"{becomes} ms", True)
    assert box.remark == Remark(words)
    box.set_number(700)
    assert box.remark == NOTHING


def test_nothing_is_said_of_a_number_that_may_still_become_right(box: NumberSpin) -> None:
    retype(box, "6")
    assert (box.remark, box.fits) == (NOTHING, False)
    QTest.keyClicks(box, "50")
    assert (box.number(), box.fits) == (650, True)


def test_negative_bounds(theme: Theme, qtbot: QtBot) -> None:
    box = opened(qtbot, NumberSpin("Silence threshold", -60, -20, 0.5, 1, "dB"), -38)
    retype(box, "5")
    assert box.remark == Remark("Between -60 and -20 dB", wrong=True)
    retype(box, "-5")
    assert (box.remark, box.fits) == (NOTHING, False)
    retype(box, "-75")
    assert box.remark.wrong
    leave(box)
    assert (box.text(), box.remark.text) == ("-60.0 dB", "-75 became -60.0 dB, the least.")


def test_an_emptied_box_keeps_its_number_and_says_so(box: NumberSpin) -> None:
    retype(box, "")
    assert not box.fits
    leave(box)
    assert (box.number(), box.remark.text) == (600, "600 ms stays: nothing was typed.")


def test_letters_are_not_taken(box: NumberSpin) -> None:
    retype(box, "7a0.0e")
    assert (box.text(), box.fits) == ("700 ms", True)


def test_open_ends(theme: Theme, qtbot: QtBot) -> None:
    box = opened(qtbot, NumberSpin("Seed", 0, None), 7)
    retype(box, "5000000000")
    assert (box.number(), box.fits) == (5_000_000_000, True)
    retype(box, "-1")
    assert box.remark == Remark("At least 0", wrong=True)
    leave(box)
    assert box.number() == 0
    assert NumberSpin("Any", None, None).bounds_words() == ""
    assert NumberSpin("Any", None, 5, unit="s").bounds_words() == "At most 5 s"


def test_steps_start_from_what_was_typed(box: NumberSpin) -> None:
    retype(box, "9999")
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.number() == 1950


def test_an_unset_box_says_so_until_a_number_is_typed(theme: Theme, qtbot: QtBot) -> None:
    box = opened(qtbot, NumberSpin("Seed", 0, None, unit="s", unset="Not set"), None)
    assert (box.text(), box.number(), box.fits) == ("Not set", None, True)
    edit = box.findChild(QLineEdit)
    assert isinstance(edit, QLineEdit)
    edit.deselect()
    edit.setCursorPosition(3)
    QTest.keyClicks(box, "4")
    assert (box.text(), box.number(), box.fits) == ("4 s", 4, True)
    retype(box, "")
    assert (box.number(), box.fits) == (None, True)
    leave(box)
    assert (box.text(), box.remark) == ("Not set", NOTHING)


@pytest.mark.parametrize(("ends", "first"), [((None, None), 0), ((5, 9), 5), ((-9, -5), -5)])
def test_the_first_step_from_unset_is_a_usual_number(
    theme: Theme, qtbot: QtBot, ends: tuple[float | None, float | None], first: float
) -> None:
    box = opened(qtbot, NumberSpin("Seed", *ends, unset="Not set"), None)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert box.number() == first


@pytest.mark.parametrize("focused", [True, False])
def test_the_wheel_turns_only_the_box_that_has_the_keyboard(box: NumberSpin, focused: bool) -> None:
    if not focused:
        leave(box)
    place = QPointF(5, 5)
    turn = QWheelEvent(
        place,
        QPointF(box.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turn)
    assert box.number() == (650 if focused else 600)


def test_the_field_inside_the_box_has_its_name_too(box: NumberSpin) -> None:
    assert spoken_name(box) == spoken_name(box.lineEdit()) == "Shortest pause"
