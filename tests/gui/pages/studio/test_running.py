"""Pressing Run: what it says first, what it starts, and what the service refuses."""

import asyncio
import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel, QLineEdit, QListView, QWidget

from mosaic_desktop.core.account import Estimate
from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.core.errors import Code, Problem, ServiceError
from mosaic_desktop.core.run import RunState
from mosaic_desktop.core.video import MediaInfo
from tests.gui.models.builders import asset
from tests.gui.pages.account.desk import FakeAccount
from tests.gui.pages.desk import Desk
from tests.gui.pages.studio.studio import AGENTS, Studio
from tests.gui.widgets.accessible import accessible, spoken_name
from tests.support.waiting import until_async

FIRST = replace(asset("a.mp4"), file_id="file-a")
SECOND = replace(asset("b.mp4", position=1.0), file_id="file-b")
TAB, SPACE = Qt.Key.Key_Tab, Qt.Key.Key_Space


async def check_all(studio: Studio) -> None:
    await studio.select(0)
    await studio.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    await studio.key(SPACE)


def test_it_says_what_is_missing_step_by_step(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(agents=AGENTS)
        assert "Add a video to begin" in desk.words()
        assert not Studio(desk).run_button.isEnabled()

    async def with_videos() -> None:
        await desk.open(FIRST, SECOND, agents=AGENTS)
        studio = Studio(desk)
        assert "Check the videos to run on" in desk.words()
        await check_all(studio)
        assert "2 videos checked" in desk.words()
        assert "Choose an agent" in desk.words()
        assert not studio.run_button.isEnabled()
        await studio.choose_agent("Reframe")
        assert "Reframe · defaults" in desk.words()
        assert spoken_name(studio.run_button) == "Run on 2 videos"
        assert studio.run_button.isEnabled()

    desk.run(story())
    desk.run(with_videos())


def test_it_says_how_many_of_the_checked_videos_can_run(desk: Desk) -> None:
    failed = replace(asset("c.mp4", state=AssetState.FAILED, problem=Problem(Code.NOT_A_VIDEO), position=2.0))

    async def story() -> None:
        await desk.open(FIRST, SECOND, failed, agents=AGENTS)
        studio = Studio(desk)
        await check_all(studio)
        assert "2 of 3 checked can run" in desk.words()
        await studio.select(0, 1)
        await studio.key(SPACE)
        assert "The checked video cannot run\nRetry what failed, or check other videos" in desk.words()

    desk.run(story())


def test_a_run_starts_once_for_each_checked_video(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(FIRST, SECOND, agents=AGENTS)
        studio = Studio(desk)
        await check_all(studio)
        await studio.choose_agent("Plain")
        button = studio.run_button
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        await until_async(lambda: len(desk.service.started) == 2)
        await desk.until_says("2 runs added to Runs")
        assert [(file, spec.agent_id, spec.auto) for file, spec in desk.service.started] == [
            ("file-a", "plain", False),
            ("file-b", "plain", False),
        ]
        assert [row.checked for row in studio.rows()] == [False, False]
        await desk.press("Show the runs")
        await until_async(lambda: any(spoken_name(view) == "Runs" for view in desk.visible(QListView)))

    desk.run(story())


def test_it_says_that_a_run_waits_for_its_upload(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(replace(asset("a.mp4", state=AssetState.PAUSED)), agents=AGENTS)
        studio = Studio(desk)
        await check_all(studio)
        await studio.choose_agent("Plain")
        assert "Starts when the upload is confirmed" in desk.words()
        await desk.press("Run on 1 video")
        await desk.until_says("1 run added to Runs")
        assert not desk.service.started

    desk.run(story())


def test_a_failed_video_is_not_run(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(FIRST, asset("b.mp4", state=AssetState.FAILED, position=1.0), agents=AGENTS)
        studio = Studio(desk)
        await check_all(studio)
        await studio.choose_agent("Plain")
        assert spoken_name(studio.run_button) == "Run on 1 video"

    desk.run(story())


def test_a_refused_value_is_shown_at_its_field(desk: Desk) -> None:
    words = "pause: 700 is greater than the maximum of 650."

    async def story() -> None:
        refusal = ServiceError(Code.OUT_OF_RANGE, words, status=422, field="pause")
        desk.service.errors["start_run"] = [refusal]
        engine = await desk.open(FIRST, agents=AGENTS)
        studio = Studio(desk)
        await check_all(studio)
        await studio.choose_agent("Reframe")
        pause = studio.find(QDoubleSpinBox, "Shortest pause")
        pause.setValue(700)
        await desk.press("Run on 1 video")
        await desk.until_says(words)
        assert QApplication.focusWidget() is pause
        assert [run.state for run in engine.store.runs()] == [RunState.FAILED]
        assert spoken_name(studio.run_button) == "Run on 1 video"
        pause.setValue(640)
        await desk.settle()
        assert words not in desk.words()
        await desk.press("Run on 1 video")
        await until_async(lambda: desk.service.started)
        assert desk.service.started[0][1].parameters["pause"] == 640

    desk.run(story())


PAUSE_REFUSED = ServiceError(Code.OUT_OF_RANGE, "pause: 700 is too much.", status=422, field="pause")


async def run_with_a_pause(desk: Desk, *, gate: asyncio.Event) -> Studio:
    """A run with a pause of 700 is on its way; the service refuses the value when the gate opens."""
    desk.service.errors["start_run"] = [PAUSE_REFUSED]
    desk.service.hold["start_run"] = gate
    await desk.open(FIRST, agents=AGENTS)
    studio = Studio(desk)
    await check_all(studio)
    await studio.choose_agent("Reframe")
    studio.find(QDoubleSpinBox, "Shortest pause").setValue(700)
    await desk.press("Run on 1 video")
    return studio


def test_a_late_refusal_does_not_take_the_keyboard_from_who_is_typing(desk: Desk) -> None:
    async def story() -> None:
        gate = asyncio.Event()
        studio = await run_with_a_pause(desk, gate=gate)
        await studio.activate()
        search = studio.find(QLineEdit, "Agent search")
        search.setFocus()
        gate.set()
        await desk.until_says("pause: 700 is too much.")
        assert QApplication.focusWidget() is search
        assert accessible(studio.find(QDoubleSpinBox, "Shortest pause")).text(QAccessible.Text.Description) == (
            "pause: 700 is too much."
        )

    desk.run(story())


def test_a_refused_value_that_was_changed_meanwhile_is_not_complained_about(desk: Desk) -> None:
    async def story() -> None:
        gate = asyncio.Event()
        studio = await run_with_a_pause(desk, gate=gate)
        studio.find(QDoubleSpinBox, "Shortest pause").setValue(500)
        gate.set()
        await until_async(lambda: not desk.service.errors["start_run"])
        await desk.settle()
        assert "700" not in desk.words()
        assert not studio.run_button.isEnabled()

    desk.run(story())


@pytest.mark.parametrize("elsewhere", ["Plain", "Untold", "the prompt"])
def test_a_refusal_waits_with_the_settings_of_its_agent(desk: Desk, elsewhere: str) -> None:
    async def story() -> None:
        gate = asyncio.Event()
        studio = await run_with_a_pause(desk, gate=gate)
        if elsewhere == "the prompt":
            await desk.press("Prompt")
        else:
            await studio.choose_agent(elsewhere)
        gate.set()
        await until_async(lambda: not desk.service.errors["start_run"])
        await desk.settle()
        assert "700" not in desk.words()
        assert [row.checked for row in studio.rows()] == [False]
        if elsewhere == "the prompt":
            await desk.press("Agent")
        else:
            await studio.choose_agent("Reframe")
        assert "pause: 700 is too much." in desk.words()

    desk.run(story())


def test_a_refused_typed_setting_is_shown_at_its_row(desk: Desk) -> None:
    desk.settings.change(typed_parameters={"untold": {"loops": "3", "pause": "700"}})

    async def story() -> None:
        desk.service.errors["start_run"] = [PAUSE_REFUSED]
        await desk.open(FIRST, agents=AGENTS)
        studio = Studio(desk)
        await check_all(studio)
        await studio.choose_agent("Untold")
        await desk.press("Run on 1 video")
        await desk.until_says("pause: 700 is too much.")
        value = QApplication.focusWidget()
        assert isinstance(value, QLineEdit)
        assert value.text() == "700"
        QTest.keyClick(value, Qt.Key.Key_Backspace)
        await desk.settle()
        assert "too much" not in desk.words()
        assert spoken_name(studio.run_button) == "Run on 1 video"

    desk.run(story())


def test_all_refused_videos_are_ready_for_another_press(desk: Desk) -> None:
    async def story() -> None:
        desk.service.errors["start_run"] = [PAUSE_REFUSED, PAUSE_REFUSED]
        await desk.open(FIRST, SECOND, agents=AGENTS)
        studio = Studio(desk)
        await check_all(studio)
        await studio.choose_agent("Reframe")
        studio.find(QDoubleSpinBox, "Shortest pause").setValue(700)
        await desk.press("Run on 2 videos")
        await until_async(lambda: [row.checked for row in studio.rows()] == [True, True])
        studio.find(QDoubleSpinBox, "Shortest pause").setValue(600)
        await desk.press("Run on 2 videos")
        await until_async(lambda: len(desk.service.started) == 2)

    desk.run(story())


def test_the_whole_way_by_keyboard(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(FIRST, agents=AGENTS)
        studio = Studio(desk)
        await studio.activate()
        await until_async(lambda: studio.agents.model().rowCount() == 3)
        seen: list[str] = []

        async def tab_to(name: str) -> None:
            for _ in range(60):
                focused = QApplication.focusWidget()
                if isinstance(focused, QWidget) and spoken_name(focused).startswith(name):
                    return
                await studio.key(TAB, to=desk.window if focused is None else None)
                focused = QApplication.focusWidget()
                seen.append(spoken_name(focused) if isinstance(focused, QWidget) else "")
            raise AssertionError(f"{name} cannot be reached: {seen}")

        await tab_to("Upload queue")
        await studio.key(Qt.Key.Key_Down)
        await studio.key(Qt.Key.Key_Home)
        await studio.key(SPACE)
        await tab_to("Agent list")
        await studio.key(SPACE)
        await tab_to("Shortest pause")
        await studio.key(Qt.Key.Key_Up)
        await tab_to("Run on 1 video")
        await studio.key(SPACE)
        await until_async(lambda: desk.service.started)
        assert desk.service.started[0][1].parameters["pause"] != 600
        order = [name for name in seen if name in {"Agent search", "Agent list", "Choose for me", "Shortest pause"}]
        assert order == ["Agent search", "Agent list", "Choose for me", "Shortest pause"]

    desk.run(story())


def test_control_enter_runs_from_anywhere(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(FIRST, agents=AGENTS)
        studio = Studio(desk)
        await check_all(studio)
        await studio.choose_agent("Plain")
        await studio.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, studio.queue)
        await until_async(lambda: desk.service.started)
        assert desk.visible(QLabel)

    desk.run(story())


# --- What it is going to cost -----------------------------------------------------------------------------------------

KNOWN = {("Reframe", 60.0): Estimate(40, 55, 5), ("Reframe", 600.0): Estimate(400, 400, 1)}


class Account(FakeAccount):
    """Knows what some runs cost."""

    def estimate(self, agent: str, seconds: float | None) -> Estimate | None:
        return next((found for (name, length), found in KNOWN.items() if (name, length) == (agent, seconds)), None)


def lasting(name: str, seconds: float | None, position: float) -> Asset:
    media = MediaInfo(seconds, 1920, 1080, "h264", "aac", 25.0)
    return replace(asset(f"{name}.mp4", position=position), file_id=f"file-{name}", media=media)


SHORT, SAME, LONG = lasting("a", 60.0, 0.0), lasting("b", 60.0, 1.0), lasting("c", 600.0, 2.0)
UNKNOWN, UNTIMED = lasting("d", 5.0, 3.0), lasting("e", None, 4.0)
COSTS: dict[str, tuple[tuple[Asset, ...], str]] = {
    "one": ((SHORT,), "Last 5 runs of this agent on videos of this length: 40 to 55 credits"),
    "one like the last": ((LONG,), "Last run of this agent on videos of this length: 400 credits"),
    "several": ((SHORT, SAME, LONG), "By the last runs of this agent: 480 to 510 credits in all"),
    "some": ((SHORT, UNKNOWN, UNTIMED), "40 to 55 credits for 1 of 3; of the others nothing is known"),
    "none": ((UNKNOWN, UNTIMED), "No history yet, so the cost is not known"),
}


@pytest.mark.parametrize("name", COSTS)
def test_it_says_what_it_is_going_to_cost(desk: Desk, name: str) -> None:
    films, words = COSTS[name]

    async def story() -> None:
        await desk.open(*films, agents=AGENTS, account=Account(time.time))
        studio = Studio(desk)
        await check_all(studio)
        await studio.choose_agent("Reframe")
        assert words in desk.words()

    desk.run(story())


def test_without_an_account_that_tells_of_credits_it_says_nothing_of_cost(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(SHORT, agents=AGENTS)
        studio = Studio(desk)
        await check_all(studio)
        await studio.choose_agent("Reframe")
        assert "Reframe · defaults" in desk.words()
        assert "cost" not in desk.words()
        assert "credits" not in desk.words()

    desk.run(story())
