"""The Runs page: what is seen of every run, and what its buttons, keys and menu do."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QMessageBox

from mosaic_desktop.core.actions import Action
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.asset import AssetState
from mosaic_desktop.core.errors import Code, NetworkError, Problem
from mosaic_desktop.core.events import ServiceReached
from mosaic_desktop.core.run import Graph, Node, NodeState, Run, RunId, RunSpec, RunState
from mosaic_desktop.core.sentences import UNCONFIRMED
from mosaic_desktop.gui.pages.runs.commands import RUN_ACTIONS, open_actions
from mosaic_desktop.gui.pages.runs.page import RunsPage
from mosaic_desktop.gui.widgets.labels import ElidedLabel
from mosaic_desktop.gui.widgets.row_list import RowList
from mosaic_desktop.gui.widgets.row_view import RowRole, RowView
from mosaic_desktop.jobs.engine import Engine
from tests.gui.models.builders import asset, output, run
from tests.gui.pages.desk import Desk, Opened
from tests.gui.widgets.accessible import spoken_name
from tests.support.waiting import until_async

VIDEO = replace(asset("a.mp4"), file_id="file-1")
NODES = (
    Node("1", "Find the subject", NodeState.COMPLETED),
    Node("2", "Reframe", NodeState.RUNNING, progress=0.5, frames_done=120, frames_total=240),
)
FAILED_NODES = (replace(NODES[0]), Node("2", "Reframe", NodeState.FAILED, error="The picture is empty."))
NOW = 1_700_000_000.0
RUNNING = run(1, state=RunState.RUNNING, remote_id="r-1", graph=Graph(NODES), progress=0.5, started_at=NOW - 72)
FAILED = run(2, state=RunState.FAILED, remote_id="r-2", graph=Graph(FAILED_NODES), started_at=NOW, finished_at=NOW + 3)
FINISHED = run(3, state=RunState.FINISHED, remote_id="r-3", started_at=NOW, finished_at=NOW + 41)
UNSURE = run(4, state=RunState.UNCONFIRMED)
WAITING = run(5)


def runs_page(desk: Desk) -> RunsPage:
    return desk.visible(RunsPage)[0]


def row_list(desk: Desk) -> RowList:
    view = next(view for view in desk.visible(RowList) if spoken_name(view) == "Runs")
    view.setFocus()
    return view


def rows(desk: Desk) -> list[RowView]:
    model = row_list(desk).model()
    return [model.index(number, 0).data(RowRole) for number in range(model.rowCount())]


def now_of(engine: Engine, of: Run) -> Run:
    found = engine.store.run(of.id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("shown", "state", "says"),
    [
        (RUNNING, "50 % · Reframe", ["50 % · Reframe · 120 of 240 frames", "so far"]),
        (FAILED, "Failed at Reframe", ["The picture is empty.", "took 0:03"]),
        (FINISHED, "Finished", ["took 0:41"]),
        (UNSURE, "Unconfirmed", [UNCONFIRMED]),
        (WAITING, "Waiting to start", ["This run starts by itself in a moment."]),
        (run(6, state=RunState.STARTING), "Starting", ["Starting"]),
        (run(7, state=RunState.COLLECTING, started_at=NOW), "Listing the outputs", ["Listing the outputs"]),
        (run(8, state=RunState.DROPPED), "Set aside", ["You set this run aside"]),
        (
            run(9, state=RunState.FAILED, problem=Problem(Code.NO_CREDITS)),
            "Not enough credits",
            ["There are not enough credits"],
        ),
    ],
    ids=lambda value: value.state.value if isinstance(value, Run) else "",
)
def test_every_state_is_told_in_the_list_and_beside_it(desk: Desk, shown: Run, state: str, says: list[str]) -> None:
    async def story() -> None:
        await desk.open(VIDEO, shown, page="Runs")
        assert [row.state for row in rows(desk)] == [state]
        for words in says:
            assert words in desk.words()

    desk.run(story())


def test_the_card_counts_and_the_newest_run_comes_first_and_is_shown(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, FINISHED, replace(RUNNING, spec=RunSpec("x", "Shorts maker")), page="Runs")
        assert "1 going · 1 finished" in desk.words()
        assert [row.title for row in rows(desk)] == ["Shorts maker", "Reframe"]
        current = runs_page(desk).current_run()
        assert current is not None
        assert current.id == RUNNING.id

    desk.run(story())


def test_elapsed_time_goes_on_in_the_card(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, replace(RUNNING, started_at=0.0), page="Runs")
        assert "so far" in desk.words()

    desk.run(story())


def test_settings_get_the_titles_of_the_agents_form(desk: Desk) -> None:
    schema = {"properties": {"aspect": {"title": "Shape", "enum": ["9:16"]}}}
    agent = Agent("reframe", "Reframe", parameters_schema=schema)
    spec = RunSpec("reframe", "Reframe", parameters={"aspect": "9:16"})

    async def story() -> None:
        await desk.open(VIDEO, replace(RUNNING, spec=spec), page="Runs", agents=(agent,))
        await desk.until_says("Shape")

    desk.run(story())


def test_settings_get_their_titles_as_soon_as_mosaic_answers_again(desk: Desk) -> None:
    schema = {"properties": {"aspect": {"title": "Shape", "enum": ["9:16"]}}}
    spec = RunSpec("reframe", "Reframe", parameters={"aspect": "9:16"})

    async def story() -> None:
        agent = Agent("reframe", "Reframe", parameters_schema=schema)
        desk.service.down = NetworkError(Code.UNREACHABLE, seen=False)
        engine = await desk.open(VIDEO, replace(RUNNING, spec=spec), page="Runs", agents=(agent,))
        await desk.until_says("Mosaic cannot be reached")
        desk.service.down = None
        engine.events.publish(ServiceReached(None))
        await desk.until_says("Shape")

    desk.run(story())


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.FINISHED, RunState.FAILED])
def test_what_mosaic_made_of_a_prompt_is_told(desk: Desk, state: RunState) -> None:
    spec = RunSpec(prompt="do a backflip")
    said = "The prompt names nothing this server can do, so Audio enhance runs."

    async def story() -> None:
        await desk.open(VIDEO, replace(RUNNING, spec=spec, state=state, message=said), page="Runs")
        assert f"Mosaic: {said}" in desk.words()

    desk.run(story())


def test_what_mosaic_made_of_a_link_is_told(desk: Desk) -> None:
    link = replace(VIDEO, path=None, link="https://youtu.be/x")

    async def story() -> None:
        await desk.open(link, replace(FINISHED, message="A stand-in clip is used."), page="Runs")
        assert "Mosaic: A stand-in clip is used." in desk.words()

    desk.run(story())


@pytest.mark.parametrize(
    ("said", "told"),
    [("This video has no sound, so only its picture was edited. Finished.", True), ("Finished.", False)],
)
def test_what_mosaic_says_of_a_finished_run_is_told_where_it_is_more_than_that(
    desk: Desk, said: str, told: bool
) -> None:
    async def story() -> None:
        await desk.open(VIDEO, replace(FINISHED, message=said), page="Runs")
        assert (f"Mosaic: {said}" in desk.words()) is told

    desk.run(story())


def test_what_the_service_says_beside_an_agents_steps_is_left_out(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, replace(RUNNING, message="Reframe: 50%"), page="Runs")
        assert "Reframe: 50%" not in desk.words()

    desk.run(story())


def test_of_a_run_that_failed_no_outputs_are_announced(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, FAILED, page="Runs")
        assert "Outputs go to" not in desk.words()

    desk.run(story())


def test_a_failed_step_is_retried(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(VIDEO, FAILED, page="Runs")
        await desk.press("Retry")
        await until_async(lambda: now_of(engine, FAILED).state is RunState.RUNNING)
        assert desk.service.retried == ["2"]

    desk.run(story())


def test_a_run_that_failed_before_it_began_offers_only_another_run(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, run(9, state=RunState.FAILED, problem=Problem(Code.NO_CREDITS)), page="Runs")
        assert not desk.has_button("Retry")
        assert desk.has_button("Run again")

    desk.run(story())


def test_run_again_makes_another_run(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(VIDEO, FINISHED, page="Runs")
        await desk.press("Run again")
        await until_async(lambda: (shown := runs_page(desk).current_run()) is not None and shown.id != FINISHED.id)
        await until_async(lambda: len(desk.service.started) == 1)
        assert len(list(engine.store.runs())) == 2

    desk.run(story())


def test_the_card_acts_on_the_run_that_it_shows_only(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, FINISHED, replace(FINISHED, id=RunId("run-8")), page="Runs")
        row_list(desk).selectAll()
        await desk.press("Run again")
        await until_async(lambda: desk.service.started)
        await desk.settle()
        assert len(desk.service.started) == 1

    desk.run(story())


def test_run_again_without_the_video_says_so(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(FINISHED, page="Runs")
        await desk.press("Run again")
        assert "The video of this run is not in the queue any more." in desk.words()
        await desk.press("Close this message")
        assert "not in the queue" not in desk.words()

    desk.run(story())


def test_an_unconfirmed_run_is_started_again_only_by_the_user(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(VIDEO, UNSURE, page="Runs")
        assert desk.service.started == []
        await desk.press("Start again")
        assert "it runs twice and is charged twice" in desk.words()
        await desk.answer("Start again")
        await until_async(lambda: len(desk.service.started) == 1)
        assert now_of(engine, UNSURE).state is RunState.RUNNING

    desk.run(story())


def test_an_unconfirmed_run_takes_the_id_that_mosaic_shows(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(VIDEO, UNSURE, page="Runs")
        await desk.press("Enter the run’s id")
        field = next(field for field in desk.visible(QLineEdit) if spoken_name(field) == "The run’s id")
        assert not desk.button("Use this id").isEnabled()
        QTest.keyClicks(field, " r-77 ")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert now_of(engine, UNSURE).remote_id == "r-77"

    desk.run(story())


def test_what_waits_is_not_run_if_the_user_says_so(desk: Desk) -> None:
    video = replace(VIDEO, state=AssetState.PAUSED)

    async def story() -> None:
        engine = await desk.open(video, WAITING, page="Runs")
        await desk.press("Don’t run")
        assert now_of(engine, WAITING).state is RunState.DROPPED

    desk.run(story())


def test_an_unconfirmed_run_is_forgotten_after_a_question(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(VIDEO, UNSURE, page="Runs")
        await desk.press("Forget it")
        assert "its videos do not come here" in desk.words()
        await desk.answer("Forget it")
        assert now_of(engine, UNSURE).state is RunState.DROPPED

    desk.run(story())


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return], ids=["escape", "enter"])
@pytest.mark.parametrize("way", ["Start again", "Forget it"])
def test_escape_and_enter_leave_an_unconfirmed_run_as_it_is(desk: Desk, way: str, key: Qt.Key) -> None:
    async def story() -> None:
        engine = await desk.open(VIDEO, UNSURE, page="Runs")
        await desk.press(way)
        QTest.keyClick(desk.visible(QMessageBox)[0], key)
        await until_async(lambda: not desk.visible(QMessageBox))
        await desk.settle()
        assert now_of(engine, UNSURE).state is RunState.UNCONFIRMED
        assert desk.service.started == []

    desk.run(story())


def test_escape_takes_the_field_for_the_id_away(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, UNSURE, page="Runs")
        await desk.press("Enter the run’s id")
        field = next(field for field in desk.visible(QLineEdit) if spoken_name(field) == "The run’s id")
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert not field.isVisible()

    desk.run(story())


@pytest.mark.parametrize("by", ["button", "key"])
def test_a_run_that_was_given_up_is_looked_at_again(desk: Desk, by: str) -> None:
    given_up = replace(FAILED, graph=Graph(), problem=Problem(Code.NO_OUTPUTS))

    async def story() -> None:
        engine = await desk.open(VIDEO, given_up, page="Runs")
        assert "The run finished without any video." in desk.words()
        assert not desk.has_button("Retry")
        if by == "button":
            await desk.press("Look again")
        else:
            QTest.keyClick(row_list(desk), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert now_of(engine, given_up).state is RunState.RUNNING

    desk.run(story())


def test_a_step_that_is_pressed_tells_all_about_it(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, FAILED, page="Runs")
        await desk.press("Reframe, failed")
        assert "Reframe: failed. The picture is empty." in desk.words()
        await desk.press("Reframe, failed")
        assert "Reframe: failed" not in desk.words()

    desk.run(story())


def test_delete_takes_runs_that_are_over_out_of_the_list(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(VIDEO, FAILED, FINISHED, page="Runs")
        row_list(desk).selectAll()
        QTest.keyClick(row_list(desk), Qt.Key.Key_Delete)
        await desk.settle()
        assert list(engine.store.runs()) == []
        await desk.until_says("Runs appear here")

    desk.run(story())


def test_the_run_that_the_card_shows_is_selected_once_others_are_gone(desk: Desk) -> None:
    """And a key that is held down takes out no more than one."""

    async def story() -> None:
        await desk.open(VIDEO, FAILED, FINISHED, page="Runs")
        view = row_list(desk)
        QTest.keyClick(view, Qt.Key.Key_Delete)
        await until_async(lambda: len(rows(desk)) == 1)
        assert [index.row() for index in view.selectedIndexes()] == [0]
        assert not any(action.autoRepeat() for action in view.actions() if action.shortcuts())

    desk.run(story())


def test_delete_leaves_a_running_run_alone(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(VIDEO, RUNNING, page="Runs")
        row_list(desk).setFocus()
        QTest.keyClick(row_list(desk), Qt.Key.Key_Delete)
        assert len(list(engine.store.runs())) == 1

    desk.run(story())


def test_the_menu_holds_what_makes_sense(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, FINISHED, page="Runs")
        view = row_list(desk)
        view.menu_requested.emit(view.currentIndex(), view.mapToGlobal(view.rect().center()))
        menu = next(menu for menu in desk.window.findChildren(QMenu) if menu.isVisible())
        assert [action.text() for action in menu.actions() if action.text()] == [
            "Show outputs",
            "Run again",
            "Copy the run’s id",
            "Remove from the list",
        ]
        menu.close()

    desk.run(story())


def test_what_costs_is_asked_for_one_run_at_a_time() -> None:
    assert Action.RUN_AGAIN in open_actions([FINISHED])
    assert Action.RUN_AGAIN not in open_actions([FINISHED, FAILED])
    assert Action.REMOVE in open_actions([FINISHED, FAILED])
    assert open_actions([]) == frozenset()
    assert set(open_actions([UNSURE])) <= set(RUN_ACTIONS)


def test_the_runs_id_stands_in_the_column_of_the_values(desk: Desk) -> None:
    spec = RunSpec("reframe", "Reframe", parameters={"aspect": "9:16"})

    async def story() -> None:
        await desk.open(VIDEO, replace(FINISHED, spec=spec), page="Runs")
        value = next(label for label in desk.visible(ElidedLabel) if label.text() == "9:16")
        run_id = next(label for label in desk.visible(ElidedLabel) if label.text() == "r-3")
        places = [widget.mapTo(desk.window, QPoint()).x() for widget in (value, run_id)]
        assert places[0] == places[1]

    desk.run(story())


def test_an_id_that_has_no_room_shows_both_its_ends(desk: Desk) -> None:
    long = "7d0e1c2b-9a54-4b58-9d0e-2c5f6a7b8c9d"

    async def story() -> None:
        await desk.open(VIDEO, replace(FINISHED, remote_id=long), page="Runs")
        desk.window.resize(1024, 700)
        label = next(label for label in desk.visible(ElidedLabel) if label.text() == long)
        await until_async(lambda: label.shown_text() != long)
        assert label.shown_text().startswith("7d0e1c2b")
        assert "…" in label.shown_text()
        assert label.shown_text().endswith("8c9d")
        assert label.toolTip() == long

    desk.run(story())


def test_the_runs_id_is_copied_by_button_and_key(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, FINISHED, page="Runs")
        await desk.press("Copy the run’s id")
        assert QGuiApplication.clipboard().text() == "r-3"
        QGuiApplication.clipboard().setText("")
        QTest.keyClick(row_list(desk), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == "r-3"

    desk.run(story())


def test_enter_on_a_finished_run_shows_its_outputs(desk: Desk, tmp_path: Path) -> None:
    made = replace(output(1), run_id=RunId("run-3"), folder=tmp_path)

    async def story() -> None:
        await desk.open(VIDEO, FINISHED, made, page="Runs")
        QTest.keyClick(row_list(desk), Qt.Key.Key_Return)
        await desk.settle()
        assert desk.button("Outputs").isChecked()
        assert made.name in desk.words()

    desk.run(story())


def test_a_search_and_a_state_narrow_the_list(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, replace(FINISHED, spec=RunSpec("x", "Captions")), RUNNING, page="Runs")
        search = next(field for field in desk.visible(QLineEdit) if spoken_name(field) == "Search runs")
        search.setText("capt")
        assert [row.title for row in rows(desk)] == ["Captions"]
        search.setText("nothing like it")
        await desk.until_says("Nothing found")
        await desk.press("Show all")
        assert len(rows(desk)) == 2
        menu = desk.button("Shown: All states").findChildren(QMenu)[0]
        next(action for action in menu.actions() if action.text() == "Finished").trigger()
        assert [row.state for row in rows(desk)] == ["Finished"]
        assert desk.has_button("Shown: Finished")

    desk.run(story())


def test_what_waits_is_not_counted_as_going(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, RUNNING, WAITING, page="Runs")
        assert "1 going · 1 waiting" in desk.words()
        menu = desk.button("Shown: All states").findChildren(QMenu)[0]
        next(action for action in menu.actions() if action.text() == "Waiting").trigger()
        assert [row.state for row in rows(desk)] == ["Waiting to start"]
        next(action for action in menu.actions() if action.text() == "Going").trigger()
        assert [row.state for row in rows(desk)] == ["50 % · Reframe"]

    desk.run(story())


def test_an_empty_page_invites_to_the_studio(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(page="Runs")
        assert "Runs appear here" in desk.words()
        await desk.press("Go to the Studio")
        assert desk.button("Studio").isChecked()

    desk.run(story())


def test_the_folder_of_the_run_is_named_and_opened(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        opened = Opened()
        await desk.open(VIDEO, replace(RUNNING, folder=tmp_path), page="Runs")
        assert f"Outputs go to {tmp_path}" in desk.words()
        await desk.press("Open folder")
        await until_async(lambda: opened.paths)
        opened.stop()
        assert opened.paths == [tmp_path]

    desk.run(story())


def test_only_the_run_in_sight_is_watched_closely(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(VIDEO, FINISHED, RUNNING, page="Runs")
        watched: list[list[RunId]] = []

        def watch(run_ids: Collection[RunId] | None) -> None:
            watched.append(list(run_ids or []))

        engine.watch = watch  # type: ignore[method-assign]
        runs_page(desk).select(FINISHED.id)
        await desk.press("Outputs")
        await desk.press("Runs")
        assert watched == [[FINISHED.id], [], [FINISHED.id]]

    desk.run(story())


def test_a_folder_that_is_not_there_yet_is_made_and_one_that_cannot_be_is_told(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    async def story() -> None:
        opened = Opened()
        engine = await desk.open(VIDEO, replace(RUNNING, folder=tmp_path / "Videos" / "Mosaic"), page="Runs")
        await desk.press("Open folder")
        await until_async(lambda: opened.paths)
        assert (tmp_path / "Videos" / "Mosaic").is_dir()
        engine.store.put(replace(RUNNING, folder=tmp_path / "file" / "below"))
        await desk.settle()
        await desk.press("Open folder")
        await desk.until_says("cannot be reached. Choose another one in Settings.")
        opened.stop()

    desk.run(story())


def test_the_first_run_that_comes_while_the_page_is_open_is_selected(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(VIDEO, page="Runs")
        desk.button("Go to the Studio").setFocus()
        engine.store.put(FINISHED)
        await until_async(lambda: desk.visible(RowList))
        await until_async(lambda: [index.row() for index in row_list(desk).selectedIndexes()] == [0])

    desk.run(story())
