"""What should happen: choosing an agent, its form of every kind of field, typed rows, and a prompt instead."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDoubleSpinBox, QLineEdit, QPlainTextEdit

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.errors import Code, NetworkError
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.gui.widgets.number_field import NumberField
from mosaic_desktop.gui.widgets.segmented import SegmentedControl
from mosaic_desktop.gui.widgets.switch import Switch
from tests.gui.models.builders import asset
from tests.gui.pages.desk import Desk
from tests.gui.pages.studio.studio import AGENTS, Studio, sent
from tests.gui.widgets.accessible import accessible
from tests.support.waiting import until_async

DEFAULTS: dict[str, ParameterValue] = {
    "shape": "9:16",
    "pause": 600,
    "level": -16,
    "style": "c",
    "music": True,
    "color": "#FFD400",
    "seed": 7,
}


def select(desk: Desk) -> QComboBox:
    (found,) = desk.visible(QComboBox)
    return found


async def open_form(desk: Desk, agent: str = "Reframe") -> Studio:
    await desk.open(asset("a.mp4"), agents=AGENTS)
    studio = Studio(desk)
    await studio.choose_agent(agent)
    return studio


def test_a_form_has_a_fitting_editor_for_every_kind(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk)
        assert studio.find(SegmentedControl, "Shape").current() == "0"
        assert studio.find(NumberField, "Shortest pause").value() == 600
        assert studio.find(QDoubleSpinBox, "Shortest pause").text() == "600 ms"
        assert studio.find(QDoubleSpinBox, "Loudness").text() == "-16.0"
        assert select(desk).currentText() == "c"
        assert select(desk).accessibleName() == "Caption style"
        labels = [pair[0].text(QAccessible.Text.Name) for pair in accessible(select(desk)).relations()]
        assert "Caption style" in labels
        assert studio.find(Switch, "Music").isChecked()
        assert studio.find(QLineEdit, "Highlight").text() == "#FFD400"
        assert studio.find(QLineEdit, "Title text").text() == ""
        assert studio.find(QDoubleSpinBox, "Seed").text() == "7"
        assert studio.find(NumberField, "Shortest pause").toolTip() == "Shorter pauses stay."
        assert sent(desk) == DEFAULTS

    desk.run(story())


def test_every_editor_changes_what_is_sent(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk)
        studio.find(QAbstractButton, "4:5").click()
        studio.find(QDoubleSpinBox, "Shortest pause").setValue(601)
        studio.find(QDoubleSpinBox, "Loudness").setValue(-23.5)
        select(desk).setCurrentIndex(5)
        studio.find(Switch, "Music").click()
        color = studio.find(QLineEdit, "Highlight")
        color.selectAll()
        QTest.keyClicks(color, "#00ff00")
        QTest.keyClicks(studio.find(QLineEdit, "Title text"), "Hello")
        studio.find(QDoubleSpinBox, "Seed").setValue(5_000_000_000)
        assert sent(desk) == {
            "shape": "4:5",
            "pause": 601,
            "level": -23.5,
            "style": "f",
            "music": False,
            "color": "#00FF00",
            "title": "Hello",
            "seed": 5_000_000_000,
        }
        assert isinstance(sent(desk)["pause"], int)
        await desk.press("Reset the settings")
        assert sent(desk) == DEFAULTS

    desk.run(story())


def test_chosen_for_me_sends_only_what_was_changed(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk)
        studio.find(Switch, "Choose for me").click()
        assert sent(desk) == {}
        studio.find(QAbstractButton, "1:1").click()
        assert sent(desk) == {"shape": "1:1"}
        await desk.press("Shape: let Mosaic choose")
        assert sent(desk) == {}

    desk.run(story())


def test_an_agent_is_shown_as_it_was_left(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk)
        studio.find(QAbstractButton, "1:1").click()
        studio.find(Switch, "Choose for me").click()
        await studio.choose_agent("Plain")
        await desk.until_says("This agent has no settings.")
        assert sent(desk) == {}
        await studio.choose_agent("Reframe")
        assert sent(desk) == {"shape": "1:1"}
        assert studio.find(Switch, "Choose for me").isChecked()

    desk.run(story())


def test_typed_rows_are_remembered_for_their_agent(desk: Desk) -> None:
    desk.settings.change(typed_parameters={"untold": {"loops": "3", "quoted": '"3"'}})

    async def story() -> None:
        studio = await open_form(desk, "Untold")
        assert sent(desk) == {"loops": 3, "quoted": "3"}
        await desk.press("Add a setting")
        names = [edit for edit in desk.visible(QLineEdit) if edit.placeholderText() == "Name"]
        values = [edit for edit in desk.visible(QLineEdit) if edit.placeholderText() == "Value"]
        assert values[1].text() == '"3"'
        QTest.keyClicks(names[2], "style")
        QTest.keyClicks(values[2], "karaoke")
        assert sent(desk) == {"loops": 3, "quoted": "3", "style": "karaoke"}
        studio.find(QAbstractButton, "Remove this setting").click()
        await desk.settle()
        remembered = (desk.settings.value.typed_parameters or {})["untold"]
        assert remembered == {"quoted": '"3"', "style": '"karaoke"'}

    desk.run(story())


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("loops", "", "Give “loops” a value, or remove it"),
        ("", "3", "Name the setting with the value “3”"),
        ("known", "3", "“known” is set twice: remove one"),
        ("", "", "Untold · 1 change"),
    ],
)
def test_a_half_typed_row_holds_the_run(desk: Desk, name: str, value: str, words: str) -> None:
    desk.settings.change(typed_parameters={"untold": {"known": "1"}})

    async def story() -> None:
        studio = await open_form(desk, "Untold")
        await studio.select(0)
        await studio.key(Qt.Key.Key_Space)
        await desk.press("Add a setting")
        QTest.keyClicks([edit for edit in desk.visible(QLineEdit) if edit.placeholderText() == "Name"][1], name)
        QTest.keyClicks([edit for edit in desk.visible(QLineEdit) if edit.placeholderText() == "Value"][1], value)
        await desk.settle()
        assert words in desk.words()
        assert studio.run_button.isEnabled() == ("change" in words)

    desk.run(story())


def test_two_hundred_agents_are_searched_and_scrolled(desk: Desk) -> None:
    many = tuple(Agent(f"a{n}", f"Agent {n}", "Cuts pauses" if n == 137 else "Does it all") for n in range(200))

    async def story() -> None:
        await desk.open(asset("a.mp4"), agents=many)
        studio = Studio(desk)
        await until_async(lambda: studio.agents.model().rowCount() == 200)
        assert studio.find(QLineEdit, "Agent search").placeholderText() == "Search 200 agents"
        await studio.choose_agent("Agent 199")
        assert studio.agents.viewport().rect().intersects(studio.agents.visualRect(studio.agents.currentIndex()))
        QTest.keyClicks(studio.find(QLineEdit, "Agent search"), "pauses")
        await desk.settle()
        assert [studio.agents.model().index(0, 0).data(), studio.agents.model().rowCount()] == ["Agent 137", 1]
        assert not studio.agents.selectionModel().hasSelection()

    desk.run(story())


def test_the_search_narrows_and_keys_lead_into_the_list(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(asset("a.mp4"), agents=AGENTS)
        studio = Studio(desk)
        await studio.activate()
        await until_async(lambda: studio.agents.model().rowCount() == 3)
        search = studio.find(QLineEdit, "Agent search")
        search.setFocus()
        QTest.keyClicks(search, "settings LIST")
        await desk.settle()
        assert [studio.agents.model().index(0, 0).data()] == ["Untold"]
        await studio.key(Qt.Key.Key_Return)
        assert desk.has_button("Add a setting")
        await studio.key(Qt.Key.Key_Escape)
        await studio.key(Qt.Key.Key_Down)
        assert QApplication.focusWidget() is studio.agents
        await studio.key(Qt.Key.Key_Home)
        assert studio.find(NumberField, "Shortest pause").isVisible()
        QTest.keyClicks(search, "nothing like it")
        await desk.until_says("No agent matches this search.")

    desk.run(story())


def test_agents_that_cannot_be_fetched_can_be_tried_again(desk: Desk) -> None:
    async def story() -> None:
        desk.service.errors["list_agents"] = [NetworkError(Code.UNREACHABLE, seen=False)]
        await desk.open(asset("a.mp4"), agents=AGENTS)
        await desk.until_says("The agents could not be fetched. Mosaic cannot be reached.")
        await desk.press("Retry")
        await until_async(lambda: Studio(desk).agents.model().rowCount() == 3)

    desk.run(story())


def test_waiting_for_agents_is_said_and_so_is_having_none(desk: Desk) -> None:
    async def story() -> None:
        gate = desk.service.hold["list_agents"] = asyncio.Event()
        await desk.open()
        await desk.until_says("Looking for your agents…")
        gate.set()
        await desk.until_says("This account has no agents yet.")

    desk.run(story())


@pytest.mark.parametrize("typed", ["Cut the pauses", "  "])
def test_a_prompt_stands_in_for_an_agent(desk: Desk, typed: str) -> None:
    async def story() -> None:
        await desk.open(asset("a.mp4"), agents=AGENTS)
        studio = Studio(desk)
        await studio.select(0)
        await studio.key(Qt.Key.Key_Space)
        await desk.press("Prompt")
        prompt = studio.find(QPlainTextEdit, "Prompt")
        QTest.keyClicks(prompt, typed)
        assert "Mosaic picks the agent and its settings from your words." in desk.words()
        if typed.strip():
            await desk.press("Run on 1 video")
            await until_async(lambda: desk.service.started or "1 run added to Runs" in desk.words())
        else:
            await desk.until_says("Type what should happen")
            assert not studio.run_button.isEnabled()

    desk.run(story())
