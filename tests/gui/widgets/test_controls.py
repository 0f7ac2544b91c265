from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QColorDialog, QDoubleSpinBox, QLineEdit, QMenu, QSlider, QWidget
from pytestqt.qtbot import QtBot

from mosaic_desktop.gui.theme.metrics import Size
from mosaic_desktop.gui.theme.palette import DARK, LIGHT
from mosaic_desktop.gui.theme.theme import Theme, ThemeMode
from mosaic_desktop.gui.widgets.buttons import (
    danger_button,
    icon_button,
    primary_button,
    quiet_button,
    secondary_button,
)
from mosaic_desktop.gui.widgets.chip import Chip
from mosaic_desktop.gui.widgets.color_field import ColorField
from mosaic_desktop.gui.widgets.number_field import NumberField
from mosaic_desktop.gui.widgets.rail import Rail
from mosaic_desktop.gui.widgets.search_field import SearchField
from mosaic_desktop.gui.widgets.segmented import SegmentedControl
from mosaic_desktop.gui.widgets.select import Select
from mosaic_desktop.gui.widgets.switch import Switch
from tests.gui.widgets.accessible import accessible, spoken_name
from tests.support.waiting import until

W = TypeVar("W", bound=QWidget)


def child(parent: QWidget, kind: type[W]) -> W:
    found = parent.findChild(kind)
    assert isinstance(found, kind)
    return found


def shown(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.show()


def test_buttons_are_32_high_and_named(theme: Theme, qtbot: QtBot) -> None:
    for make in (primary_button, secondary_button, quiet_button, danger_button):
        button = make(theme, "Run on 2 videos", "play")
        shown(qtbot, button)
        assert button.sizeHint().height() == Size.CONTROL
        assert spoken_name(button) == "Run on 2 videos"
        assert accessible(button).role() == QAccessible.Role.Button


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_button_is_pressed_by_the_keyboard(theme: Theme, qtbot: QtBot, key: Qt.Key) -> None:
    button = primary_button(theme, "Try it here")
    shown(qtbot, button)
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(button, key)


def test_icon_button_is_named_by_what_it_does(theme: Theme, qtbot: QtBot) -> None:
    button = icon_button(theme, "trash-2", "Remove")
    shown(qtbot, button)
    assert spoken_name(button) == "Remove"
    assert button.toolTip() == "Remove"


def test_primary_button_is_repainted_with_the_theme(theme: Theme, qtbot: QtBot) -> None:
    button = primary_button(theme, "Run")
    shown(qtbot, button)
    for mode, palette in ((ThemeMode.LIGHT, LIGHT), (ThemeMode.DARK, DARK)):
        theme.set_mode(mode)
        assert button.grab().toImage().pixelColor(button.width() // 2, 4).name() == palette.accent_fill


def test_keyboard_focus_draws_a_ring_and_a_click_does_not_take_focus(theme: Theme, qtbot: QtBot) -> None:
    button = secondary_button(theme, "Open")
    shown(qtbot, button)
    button.clearFocus()
    plain = button.grab().toImage()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.hasFocus()
    button.activateWindow()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    until(button.hasFocus)
    assert button.grab().toImage() != plain


def test_menu_button_opens_its_menu(theme: Theme, qtbot: QtBot) -> None:
    button, menu = secondary_button(theme, "All states"), QMenu()
    menu.addAction("Finished")
    qtbot.addWidget(menu)
    button.attach_menu(menu)
    shown(qtbot, button)
    button.click()
    until(menu.isVisible)
    menu.close()


def test_switch_is_a_check_box_for_readers_and_takes_space(theme: Theme, qtbot: QtBot) -> None:
    switch = Switch(theme, "Choose for me")
    shown(qtbot, switch)
    assert accessible(switch).role() == QAccessible.Role.CheckBox
    assert spoken_name(switch) == "Choose for me"
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()
    assert accessible(switch).state().checked


def test_segments_move_by_arrow_keys(theme: Theme, qtbot: QtBot) -> None:
    control = SegmentedControl(theme, "Mode", [("agent", "Agent"), ("prompt", "Prompt")])
    shown(qtbot, control)
    first, second = control.findChildren(QAbstractButton)
    assert (spoken_name(first), accessible(first).role()) == ("Agent", QAccessible.Role.RadioButton)
    with qtbot.waitSignal(control.chosen, check_params_cb=lambda key: key == "prompt"):
        QTest.keyClick(first, Qt.Key.Key_Right)
    assert control.current() == "prompt"
    QTest.keyClick(second, Qt.Key.Key_Right)
    assert control.current() == "prompt"
    QTest.keyClick(second, Qt.Key.Key_Left)
    assert control.current() == "agent"


def test_segments_refuse_an_unknown_key(theme: Theme, qtbot: QtBot) -> None:
    control = SegmentedControl(theme, "Mode", [("agent", "Agent")])
    qtbot.addWidget(control)
    with pytest.raises(ValueError):
        control.set_current("other")


def test_rail_moves_up_and_down(theme: Theme, qtbot: QtBot) -> None:
    rail = Rail(theme)
    studio = rail.add("studio", "clapperboard", "Studio")
    rail.add("runs", "layers", "Runs")
    rail.add("settings", "settings", "Settings", bottom=True)
    shown(qtbot, rail)
    assert rail.current() == "studio"
    assert rail.width() == 84
    seen: list[str] = []
    rail.chosen.connect(seen.append)
    QTest.keyClick(studio, Qt.Key.Key_Down)
    QTest.keyClick(rail.button("runs"), Qt.Key.Key_Down)
    QTest.keyClick(rail.button("settings"), Qt.Key.Key_Up)
    assert seen == ["runs", "settings", "runs"]
    assert spoken_name(rail.button("runs")) == "Runs"


def test_search_has_a_name_and_clears_by_escape_and_button(theme: Theme, qtbot: QtBot) -> None:
    field = SearchField(theme, "Search 8 agents")
    shown(qtbot, field)
    assert spoken_name(field) == "Search 8 agents"
    assert not field.clear_action.isVisible()
    QTest.keyClicks(field, "short")
    assert field.clear_action.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    QTest.keyClicks(field, "short")
    field.clear_action.trigger()
    assert field.text() == ""


def test_chip_is_read_with_its_detail(theme: Theme, qtbot: QtBot) -> None:
    chip = Chip(theme, "18,420", "coins", "credits")
    shown(qtbot, chip)
    assert spoken_name(chip) == "18,420 credits"


def test_long_chip_stays_in_the_header(theme: Theme, qtbot: QtBot) -> None:
    chip = Chip(theme, "A very long profile name " * 5, "user", chevron=True)
    shown(qtbot, chip)
    assert chip.sizeHint().width() < 320
    assert chip.toolTip().startswith("A very long")


def test_the_menu_of_a_chip_ends_where_the_chip_does(theme: Theme, qtbot: QtBot) -> None:
    chip = Chip(theme, "Local Mosaic", "monitor")
    menu = QMenu(chip)
    menu.addAction("Switch to another way in, whatever that may be")
    chip.attach_menu(menu)
    shown(qtbot, chip)
    chip.move(600, 0)
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert menu.geometry().right() == chip.mapToGlobal(chip.rect().bottomRight()).x()


@pytest.mark.parametrize(
    ("minimum", "maximum", "step", "decimals"), [(-30.0, -6.0, 0.7, 1), (100, 2000, 50, 0), (0.0, 1.0, 0.001, 3)]
)
def test_number_field_reaches_both_ends_exactly(
    qtbot: QtBot, minimum: float, maximum: float, step: float, decimals: int
) -> None:
    field = NumberField("Value", minimum, maximum, step, decimals, "ms")
    shown(qtbot, field)
    slider = child(field, QSlider)
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert field.value() == maximum
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert field.value() == minimum


def test_number_field_tells_once_and_moves_its_slider(qtbot: QtBot) -> None:
    field = NumberField("Shortest pause", 100, 2000, 50, unit="ms")
    shown(qtbot, field)
    seen: list[object] = []
    field.value_changed.connect(seen.append)
    field.set_value(600)
    assert seen == [600]
    field.set_value(9999)
    assert field.value() == 2000
    assert child(field, QSlider).value() == child(field, QSlider).maximum()
    assert spoken_name(child(field, QDoubleSpinBox)) == "Shortest pause"


def test_color_field_takes_hex_and_ignores_half_of_it(theme: Theme, qtbot: QtBot) -> None:
    field = ColorField(theme, "Highlight", "#ffd400")
    shown(qtbot, field)
    edit = child(field, QLineEdit)
    edit.selectAll()
    seen: list[str] = []
    field.color_changed.connect(seen.append)
    QTest.keyClicks(edit, "#00ff7f")
    assert seen[-1] == "#00FF7F"
    assert field.color() == "#00FF7F"
    assert spoken_name(edit) == "Highlight, hex"
    with pytest.raises(ValueError):
        field.set_color("yellowish")


def test_swatch_opens_the_dialog_and_takes_its_color(theme: Theme, qtbot: QtBot) -> None:
    field = ColorField(theme, "Highlight", "#FFD400")
    shown(qtbot, field)
    child(field, QAbstractButton).click()
    until(lambda: bool(field.findChildren(QColorDialog)))
    dialog = child(field, QColorDialog)
    dialog.setCurrentColor(Qt.GlobalColor.red)
    dialog.accept()
    assert field.color() == "#FF0000"


def test_select_keeps_its_choice_when_options_change(theme: Theme, qtbot: QtBot) -> None:
    select = Select("Caption style", [("karaoke", "Karaoke"), ("plain", "Plain")])
    shown(qtbot, select)
    select.set_current_key("plain")
    select.set_options([("bold", "Bold"), ("plain", "Plain")])
    assert select.current_key() == "plain"
    assert select.height() == Size.CONTROL
    assert accessible(select).text(QAccessible.Text.Description) == "Caption style"


def test_the_wheel_passes_by_a_select_that_has_not_the_keyboard(qtbot: QtBot) -> None:
    form = QWidget()
    before = QLineEdit(form)
    select = Select("Shapes", [("both", "Vertical and square"), ("as-is", "As the video is")], form)
    select.move(0, 60)
    shown(qtbot, form)
    form.activateWindow()
    before.setFocus()
    until(before.hasFocus)
    QTest.wheelEvent(form.windowHandle(), QPointF(select.geometry().center()), QPoint(0, -120))
    assert (select.current_key(), before.hasFocus()) == ("both", True)


def test_stock_and_own_controls_have_one_height(theme: Theme, qtbot: QtBot) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    controls = [QLineEdit(row), SearchField(theme, "Search", row), Select("Shape", [("a", "A")], row)]
    row.show()
    assert {control.sizeHint().height() for control in controls} == {int(Size.CONTROL)}


def test_switch_under_reduced_motion_moves_at_once(theme: Theme, qtbot: QtBot) -> None:
    theme.set_reduced_motion(True)
    switch = Switch(theme, "Denoise")
    shown(qtbot, switch)
    knob = QPoint(switch.width() - 11, switch.height() // 2)
    switch.setChecked(True)
    assert switch.grab().toImage().pixelColor(knob).name() == LIGHT.on_accent
