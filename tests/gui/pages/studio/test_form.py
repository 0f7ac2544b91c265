"""An agent's form as a user meets it: bounds, what is unset or required, short choices, odd schemas."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider, QWidget

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.gui.widgets.number_spin import NumberSpin
from mosaic_desktop.gui.widgets.segmented import SegmentedControl
from mosaic_desktop.gui.widgets.switch import Switch
from tests.gui.models.builders import asset
from tests.gui.pages.desk import Desk
from tests.gui.pages.studio.studio import Studio, sent
from tests.gui.widgets.accessible import accessible, spoken_name
from tests.support.waiting import until_async

READY = replace(asset("a.mp4"), file_id="file-a")
PAUSE = {"type": "integer", "title": "Shortest pause", "minimum": 100, "maximum": 2000, "default": 600, "x-unit": "ms"}
THRESHOLD = {
    "type": "number",
    "title": "Silence threshold",
    "minimum": -60,
    "maximum": -20,
    "default": -38,
    "x-unit": "dB",
}
TAB, SPACE = Qt.Key.Key_Tab, Qt.Key.Key_Space


def agent(required: tuple[str, ...] = (), **properties: Mapping[str, object]) -> Agent:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return Agent("made", "Made", "For this test", None, schema)


async def open_form(desk: Desk, made: Agent) -> Studio:
    """The form of `made`, with one video checked."""
    await desk.open(READY, agents=(made,))
    studio = Studio(desk)
    await studio.select(0)
    await studio.key(SPACE)
    await studio.choose_agent(made.name)
    return studio


async def retype(studio: Studio, name: str, text: str) -> NumberSpin:
    spin = studio.find(NumberSpin, name)
    await studio.activate()
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, text)
    await studio.desk.settle()
    return spin


def description(widget: QWidget) -> str:
    return accessible(widget).text(QAccessible.Text.Description)


# Numbers out of bounds


def test_a_number_out_of_bounds_is_said_at_its_field_and_holds_the_run(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(threshold=THRESHOLD))
        spin = await retype(studio, "Silence threshold", "-75")
        assert spin.text() == "-75 dB"
        assert "Between -60 and -20 dB" in desk.words()
        assert description(spin) == "Between -60 and -20 dB"
        assert "Silence threshold: between -60 and -20 dB" in desk.words()
        assert not studio.run_button.isEnabled()
        await studio.key(TAB)
        assert spin.text() == "-60.0 dB"
        assert "-75 became -60.0 dB, the least." in desk.words()
        assert description(spin) == "-75 became -60.0 dB, the least."
        await desk.press("Run on 1 video")
        await until_async(lambda: desk.service.started)
        assert desk.service.started[0][1].parameters == {"threshold": -60}

    desk.run(story())


def test_a_number_that_is_half_typed_is_not_complained_about_but_not_run_either(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(pause=PAUSE))
        spin = await retype(studio, "Shortest pause", "6")
        assert "Between" not in desk.words()
        assert not studio.run_button.isEnabled()
        QTest.keyClicks(spin, "50")
        await desk.settle()
        assert studio.run_button.isEnabled()
        assert "Made · 1 change" in desk.words()
        assert sent(desk) == {"pause": 650}

    desk.run(story())


def test_what_was_said_of_a_number_goes_with_the_next_change(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(pause=PAUSE))
        await retype(studio, "Shortest pause", "9999")
        await studio.key(TAB)
        assert "9999 became 2000 ms, the most." in desk.words()
        QTest.keyClick(studio.find(QSlider, "Shortest pause"), Qt.Key.Key_Left)
        await desk.settle()
        assert "became" not in desk.words()
        await retype(studio, "Shortest pause", "9999")
        await desk.press("Shortest pause: back to the default")
        assert studio.find(NumberSpin, "Shortest pause").text() == "600 ms"
        assert "Between" not in desk.words()
        assert studio.run_button.isEnabled()

    desk.run(story())


def test_a_number_has_a_slider_where_its_pixels_are_steps_that_somebody_means(desk: Desk) -> None:
    day = {"type": "number", "title": "Start", "minimum": -86_400, "maximum": 86_400, "default": 0, "x-unit": "s"}

    async def story() -> None:
        studio = await open_form(desk, agent(pause=PAUSE, start=day))
        assert [spoken_name(slider) for slider in desk.visible(QSlider)] == ["Shortest pause, slider"]
        spin = studio.find(NumberSpin, "Start")
        assert spin.text() == "0.0 s"
        spin.setFocus()
        spin.selectAll()
        QTest.keyClicks(spin, "-12.5")
        await desk.settle()
        assert sent(desk) == {"pause": 600, "start": -12.5}

    desk.run(story())


def test_a_default_out_of_bounds_is_shown_and_sent_as_the_nearest_bound(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(pause={**PAUSE, "default": 5}))
        assert studio.find(NumberSpin, "Shortest pause").text() == "100 ms"
        assert sent(desk) == {"pause": 100}

    desk.run(story())


def test_a_half_typed_color_is_said_and_gives_way_to_the_last_one(desk: Desk) -> None:
    async def story() -> None:
        color = {"type": "string", "format": "color", "title": "Highlight", "default": "#FFD400"}
        studio = await open_form(desk, agent(color=color))
        edit = studio.find(QLineEdit, "Highlight")
        await studio.activate()
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, "yellow")
        await desk.settle()
        assert "Six hex digits, such as #FFD400" in desk.words()
        assert not studio.run_button.isEnabled()
        await studio.key(TAB)
        assert "#FFD400 stays: “yellow” is no colour." in desk.words()
        assert (edit.text(), sent(desk)) == ("#FFD400", {"color": "#FFD400"})

    desk.run(story())


# Unset and required


def test_what_has_no_default_is_not_set_and_not_sent(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(
            desk,
            agent(
                seed={"type": "integer", "title": "Seed"},
                gain={"type": "number", "title": "Gain", "minimum": 0, "maximum": 5},
                look={"enum": ["soft", "hard"], "title": "Look"},
                tint={"format": "color", "title": "Tint"},
                words={"type": "string", "title": "Words"},
                music={"type": "boolean", "title": "Music"},
            ),
        )
        assert sent(desk) == {}
        assert studio.find(NumberSpin, "Seed").text() == "Not set"
        assert studio.find(NumberSpin, "Gain").text() == "Not set"
        (select,) = desk.visible(QComboBox)
        assert [select.itemText(n) for n in range(select.count())] == ["Not set", "soft", "hard"]
        assert studio.find(QLineEdit, "Tint").placeholderText() == "Not set"
        assert "Made · defaults" in desk.words()
        await retype(studio, "Seed", "0")
        await retype(studio, "Gain", "0")
        select.setCurrentIndex(2)
        QTest.keyClicks(studio.find(QLineEdit, "Tint"), "112233")
        studio.find(Switch, "Music").click()
        assert sent(desk) == {"seed": 0, "gain": 0, "look": "hard", "tint": "#112233", "music": True}
        await desk.press("Reset the settings")
        assert sent(desk) == {}

    desk.run(story())


def test_what_is_required_has_to_be_entered_before_a_run(desk: Desk) -> None:
    async def story() -> None:
        made = agent(
            ("who", "look", "count", "music"),
            who={"type": "string", "title": "Who speaks", "description": "Shown below the picture."},
            look={"enum": ["soft", "hard"], "title": "Look"},
            count={"type": "integer", "title": "Count"},
            music={"type": "boolean", "title": "Music"},
        )
        studio = await open_form(desk, made)
        who = studio.find(QLineEdit, "Who speaks")
        assert description(who) == "Required. Shown below the picture."
        assert "Fill in “Who speaks”" in desk.words()
        assert not studio.run_button.isEnabled()
        QTest.keyClicks(who, "Ann")
        await desk.settle()
        assert "Fill in “Look”" in desk.words()
        (select,) = desk.visible(QComboBox)
        assert select.currentText() == "Choose…"
        select.setCurrentIndex(1)
        await desk.settle()
        assert "Fill in “Count”" in desk.words()
        await retype(studio, "Count", "3")
        assert studio.run_button.isEnabled()
        assert sent(desk) == {"who": "Ann", "look": "soft", "count": 3, "music": False}

    desk.run(story())


def test_mosaic_chooses_also_what_is_required(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(("who",), who={"type": "string", "title": "Who speaks"}))
        studio.find(Switch, "Choose for me").click()
        await desk.settle()
        assert studio.run_button.isEnabled()
        assert "Made · chosen for you" in desk.words()

    desk.run(story())


def test_an_emptied_text_is_sent_where_it_had_a_default(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(words={"type": "string", "title": "Words", "default": "Hello"}))
        studio.find(QLineEdit, "Words").clear()
        assert sent(desk) == {"words": ""}

    desk.run(story())


# Choices


ASPECT = {
    "title": "Shape",
    "enum": ["9:16", "1:1", "4:5", "16:9"],
    "x-enum-titles": ["Vertical (9:16)", "Square (1:1)", "Portrait (4:5)", "Wide (16:9)"],
    "default": "9:16",
}


def test_a_few_short_choices_stand_side_by_side(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(aspect=ASPECT))
        segments = studio.find(SegmentedControl, "Shape")
        buttons = segments.findChildren(QAbstractButton)
        assert [button.text() for button in buttons] == ["9:16", "1:1", "4:5", "16:9"]
        assert [spoken_name(button) for button in buttons][:2] == ["Vertical (9:16)", "Square (1:1)"]
        assert buttons[0].toolTip() == "Vertical (9:16)"
        buttons[2].click()
        assert sent(desk) == {"aspect": "4:5"}

    desk.run(story())


@pytest.mark.parametrize(
    "choice",
    [
        {"enum": list("abcdef"), "default": "a"},
        {"enum": ["crop", "blur"], "x-enum-titles": ["Crop to the subject", "Blurred background"], "default": "crop"},
        {"enum": ["one"], "default": "one"},
        {"enum": ["a", "b"]},
    ],
    ids=["too many", "too long", "only one", "none is chosen yet"],
)
def test_other_choices_are_a_list_to_open(desk: Desk, choice: Mapping[str, object]) -> None:
    async def story() -> None:
        await open_form(desk, agent(choice={"title": "Choice", **choice}))
        assert [spoken_name(box) for box in desk.visible(QComboBox)]
        assert {spoken_name(control) for control in desk.visible(SegmentedControl)} == {"Agent or prompt"}

    desk.run(story())


def test_tab_passes_a_choice_once_whichever_is_chosen_and_arrows_choose(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(aspect=ASPECT, pause=PAUSE))
        await studio.activate()
        studio.find(Switch, "Choose for me").setFocus(Qt.FocusReason.TabFocusReason)
        await studio.key(TAB)
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left):
            await studio.key(key)
        assert sent(desk)["aspect"] == "4:5"
        seen = []
        for _ in range(3):
            await studio.key(TAB)
            focused = QApplication.focusWidget()
            assert isinstance(focused, QWidget)
            seen.append(spoken_name(focused))
        assert seen == ["Shape: back to the default", "Shortest pause, slider", "Shortest pause"]
        await studio.key(TAB, Qt.KeyboardModifier.ShiftModifier)
        await studio.key(TAB, Qt.KeyboardModifier.ShiftModifier)
        await studio.key(TAB, Qt.KeyboardModifier.ShiftModifier)
        focused = QApplication.focusWidget()
        assert isinstance(focused, QWidget)
        assert spoken_name(focused) == "Portrait (4:5)"

    desk.run(story())


# Odd schemas


def test_values_of_an_untold_type_are_what_is_typed(desk: Desk) -> None:
    async def story() -> None:
        made = agent(
            any={"title": "Anything", "default": 3},
            list={"title": "List", "type": "array"},
            code={"title": "Code", "type": "timecode", "default": "007"},
        )
        studio = await open_form(desk, made)
        assert studio.find(QLineEdit, "Anything").text() == "3"
        assert sent(desk) == {"any": 3, "code": "007"}
        studio.find(QLineEdit, "Anything").setText("true")
        studio.find(QLineEdit, "List").setText("[1, 2]")
        assert sent(desk) == {"any": True, "list": "[1, 2]", "code": "007"}

    desk.run(story())


def test_thirty_fields_can_be_reached_and_are_all_sent(desk: Desk) -> None:
    async def story() -> None:
        kinds: tuple[Mapping[str, object], ...] = (PAUSE, ASPECT, {"type": "boolean", "default": True})
        properties = {f"p{n}": {**kinds[n % 3], "title": f"Setting {n}"} for n in range(30)}
        studio = await open_form(desk, agent((), **properties))
        assert len(sent(desk)) == 30
        await studio.activate()
        last = studio.find(Switch, "Setting 29")
        last.setFocus(Qt.FocusReason.TabFocusReason)
        await studio.key(TAB, Qt.KeyboardModifier.ShiftModifier)
        await studio.key(TAB)
        assert QApplication.focusWidget() is last
        assert not last.visibleRegion().isEmpty()
        await studio.key(TAB)
        assert QApplication.focusWidget() is studio.run_button

    desk.run(story())


def test_markup_in_a_description_is_shown_as_it_is(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(
            desk, agent(words={"type": "string", "title": "Words", "description": "Use <b>no</b> markup & more"})
        )
        line = studio.find(QLineEdit, "Words")
        assert line.toolTip() == "<p>Use &lt;b&gt;no&lt;/b&gt; markup &amp; more</p>"
        assert description(line) == "Use <b>no</b> markup & more"

    desk.run(story())


def test_tab_leaves_the_form_and_comes_round(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(pause=PAUSE, threshold=THRESHOLD))
        await studio.activate()
        names = []
        for _ in range(24):
            await studio.key(TAB)
            focused = QApplication.focusWidget()
            names.append(spoken_name(focused) if focused is not None else "")
        assert "Studio" in names[names.index("Run on 1 video") :]

    desk.run(story())
