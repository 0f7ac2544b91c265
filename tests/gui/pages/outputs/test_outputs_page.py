"""The Outputs page: what is seen of every output, and what can be done with it."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenu, QMessageBox

from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.run import RunSpec, RunState
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.gui.pages.outputs.commands import open_sweeps
from mosaic_desktop.gui.pages.outputs.page import OutputsPage
from mosaic_desktop.gui.pages.outputs.selection_bar import SelectionBar
from mosaic_desktop.gui.pages.outputs.words import output_fact_rows
from mosaic_desktop.gui.pages.runs.page import RunsPage
from mosaic_desktop.gui.pages.sweeps import Sweep
from mosaic_desktop.gui.widgets.row_view import RowRole, RowView
from mosaic_desktop.gui.widgets.tile_list import TileList
from mosaic_desktop.jobs.engine import Engine
from tests.gui.models.builders import asset, output, run
from tests.gui.pages.desk import Desk, Opened
from tests.gui.widgets.accessible import spoken_name
from tests.support.waiting import until_async

SOURCE = asset("a.mp4", size=2_410_000_000, media=MediaInfo(872.0, 3840, 2160, "prores", "aac"))
RUN = run(1, state=RunState.FINISHED, remote_id="r-1")
UPRIGHT = MediaInfo(48.2, 1080, 1920, "h264", "aac")


def saved(number: int, folder: Path) -> Output:
    """An output that is really there."""
    made = output(number, state=OutputState.SAVED, size=31_000_000, duration=48.0, media=UPRIGHT)
    path = folder / made.name
    path.write_bytes(b"video")
    return replace(made, folder=folder, path=path)


def tiles(desk: Desk) -> TileList:
    view = desk.visible(TileList)[0]
    view.setFocus()
    return view


def shown(desk: Desk) -> list[RowView]:
    model = tiles(desk).model()
    return [model.index(number, 0).data(RowRole) for number in range(model.rowCount())]


def test_a_saved_output_shows_its_facts(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.open(SOURCE, RUN, saved(1, tmp_path), page="Outputs")
        assert shown(desk)[0].subtitle == "0:48 · 1080×1920 · 31 MB"
        assert "1 video · 31 MB" in desk.words()
        facts = ("14:32 → 0:48", "2.41 GB → 31 MB", "3840×2160 → 1080×1920", "H.264, AAC", "Reframe", str(tmp_path))
        for fact in facts:
            assert fact in desk.words()

    desk.run(story())


@pytest.mark.parametrize(
    ("made", "state", "says", "buttons"),
    [
        (output(1), "Waiting to download", "Waiting to download", ["Cancel download"]),
        (
            output(1, state=OutputState.DOWNLOADING, size=1000, bytes_done=710, rate=12.3e6, eta=9.0),
            "Downloading 71 %",
            "12.3 MB/s · 9 s left",
            ["Cancel download"],
        ),
        (
            output(1, state=OutputState.FAILED, problem=Problem(Code.DISK_FULL)),
            "Disk is full",
            "The disk is full. What has come is kept: free some space, then retry.",
            ["Download again"],
        ),
        (output(1, state=OutputState.CANCELLED), "Download cancelled", "Download cancelled", ["Download again"]),
    ],
    ids=["waiting", "downloading", "failed", "cancelled"],
)
def test_every_other_state_is_told(desk: Desk, made: Output, state: str, says: str, buttons: list[str]) -> None:
    async def story() -> None:
        await desk.open(SOURCE, RUN, made, page="Outputs")
        assert [tile.state for tile in shown(desk)] == [state]
        assert says in desk.words()
        every = ["Open", "Show in folder", "Download again", "Cancel download"]
        page = desk.visible(OutputsPage)[0]
        assert [name for name in every if _has(page, name)] == buttons

    desk.run(story())


async def press_in_bar(desk: Desk, name: str) -> None:
    """For all that are selected, as soon as it can be done."""
    buttons = desk.visible(SelectionBar)[0].findChildren(QAbstractButton)
    button = next(button for button in buttons if spoken_name(button) == name)
    await until_async(button.isVisible)
    button.click()


def _now(engine: Engine, of: Output) -> Output:
    found = engine.store.output(of.id)
    assert found is not None
    return found


def _has(page: OutputsPage, name: str) -> bool:
    return any(b.isVisible() and spoken_name(b) == name for b in page.findChildren(QAbstractButton))


def test_open_by_button_double_click_and_enter(desk: Desk, tmp_path: Path) -> None:
    made = saved(1, tmp_path)

    async def story() -> None:
        opened = Opened()
        await desk.open(SOURCE, RUN, made, page="Outputs")
        view = tiles(desk)
        await desk.press("Open")
        place = view.visualRect(view.model().index(0, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.keyClick(view, Qt.Key.Key_Return)
        await until_async(lambda: len(opened.paths) == 3)
        opened.stop()
        assert opened.paths == [made.path] * 3

    desk.run(story())


def test_show_in_folder_opens_the_folder_where_no_file_manager_answers(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        opened = Opened()
        await desk.open(SOURCE, RUN, saved(1, tmp_path), page="Outputs")
        await desk.press("Show in folder")
        await until_async(lambda: opened.paths)
        opened.stop()
        assert opened.paths == [tmp_path]

    desk.run(story())


def test_a_file_that_is_gone_is_noticed_and_can_be_had_again(desk: Desk, tmp_path: Path) -> None:
    made = saved(1, tmp_path)
    assert made.path is not None

    async def story() -> None:
        engine = await desk.open(SOURCE, RUN, made, page="Outputs")
        assert made.path is not None
        made.path.unlink()
        await desk.press("Runs")
        await desk.press("Outputs")
        await until_async(lambda: shown(desk)[0].state == "Moved or deleted")
        assert "it was moved or deleted" in desk.words()
        assert not _has(desk.visible(OutputsPage)[0], "Open")
        await desk.press("Download again")
        now = engine.store.output(made.id)
        assert now is not None
        assert now.state is not OutputState.SAVED

    desk.run(story())


def test_an_output_is_called_what_its_file_is_called(desk: Desk, tmp_path: Path) -> None:
    """Not what it was to be called, where another file had that name already."""
    made = replace(saved(1, tmp_path), path=tmp_path / "a · Reframe 1 (1).mp4")
    assert made.path is not None
    made.path.touch()

    async def story() -> None:
        await desk.open(SOURCE, RUN, made, page="Outputs")
        assert [tile.title for tile in shown(desk)] == ["a · Reframe 1 (1).mp4"]
        assert "a · Reframe 1 (1).mp4" in desk.words()
        said = tiles(desk).model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        assert said.startswith("a, Reframe 1 (1).mp4, ")

    desk.run(story())


def test_opening_a_file_that_went_a_moment_ago_says_so(desk: Desk, tmp_path: Path) -> None:
    made = saved(1, tmp_path)
    assert made.path is not None

    async def story() -> None:
        opened = Opened()
        await desk.open(SOURCE, RUN, made, page="Outputs")
        assert made.path is not None
        made.path.unlink()
        await desk.press("Open")
        await until_async(lambda: shown(desk)[0].state == "Moved or deleted")
        opened.stop()
        assert opened.paths == []
        assert "it was moved or deleted" in desk.words()

    desk.run(story())


@pytest.mark.qt_log_ignore("Unable to detect a launcher")
def test_where_nothing_shows_folders_the_user_is_told_where_the_file_is(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = saved(1, tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))  # where there is no program that opens folders

    async def story() -> None:
        await desk.open(SOURCE, RUN, made, page="Outputs")
        await desk.press("Show in folder")
        await desk.until_says(f"This system has no file manager that shows {made.name}. It is in {tmp_path}.")

    desk.run(story())


def test_a_paused_download_says_what_is_kept(desk: Desk) -> None:
    paused = output(1, state=OutputState.PAUSED, size=40_000_000, bytes_done=12_600_000, bytes_kept=12_300_000)

    async def story() -> None:
        await desk.open(SOURCE, RUN, paused, page="Outputs")
        assert [(tile.state, tile.right_text, tile.progress) for tile in shown(desk)] == [
            ("Paused", "12.3 of 40 MB kept", 307)
        ]
        assert "12.3 of 40 MB kept" in desk.words()
        assert _has(desk.visible(OutputsPage)[0], "Resume")

    desk.run(story())


def test_pause_and_resume_by_button_key_and_for_several_at_once(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(SOURCE, RUN, output(1), output(2), page="Outputs")

        def states() -> set[OutputState]:
            return {made.state for made in engine.store.outputs()}

        tiles(desk).selectAll()
        assert "2 selected" in desk.words()
        await press_in_bar(desk, "Pause")
        await until_async(lambda: states() == {OutputState.PAUSED})
        await press_in_bar(desk, "Resume")
        await until_async(lambda: {tile.state for tile in shown(desk)}.isdisjoint({"Paused"}))
        QTest.keyClick(tiles(desk), Qt.Key.Key_P)
        await until_async(lambda: states() == {OutputState.PAUSED})

    desk.run(story())


BUSY, PAUSED, FAILED, SAVED = (
    output(1),
    output(2, state=OutputState.PAUSED),
    output(3, state=OutputState.FAILED, problem=Problem(Code.UNREACHABLE)),
    output(4, state=OutputState.SAVED, path=Path("/out/a.mp4")),
)


@pytest.mark.parametrize(
    ("outputs", "sweeps"),
    [
        ((), set()),
        ((BUSY, PAUSED), {Sweep.PAUSE}),
        ((PAUSED, FAILED), {Sweep.RESUME, Sweep.RETRY}),
        ((SAVED, BUSY), {Sweep.PAUSE, Sweep.CLEAR}),
        ((output(5, state=OutputState.CANCELLED),), set()),
    ],
)
def test_what_can_be_done_to_all_outputs_depends_on_them(outputs: tuple[Output, ...], sweeps: set[Sweep]) -> None:
    assert open_sweeps(output.state for output in outputs) == sweeps


def test_all_downloads_are_paused_and_resumed_by_button_and_key(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(SOURCE, RUN, output(1), output(2), page="Outputs")

        def paused() -> int:
            return sum(made.state is OutputState.PAUSED for made in engine.store.outputs())

        await desk.press("Pause all")
        await until_async(lambda: paused() == 2)
        await until_async(lambda: desk.has_button("Resume all"))
        assert desk.button("Resume all").toolTip() == "Resume all (Shift+P)"
        await desk.press("Resume all")
        await until_async(lambda: paused() == 0)
        await until_async(lambda: desk.has_button("Pause all"))
        QTest.keyClick(tiles(desk), Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
        await until_async(lambda: paused() == 2)

    desk.run(story())


@pytest.mark.parametrize("how", ["menu", "key"])
def test_all_failed_downloads_are_tried_again(desk: Desk, how: str) -> None:
    async def story() -> None:
        engine = await desk.open(SOURCE, RUN, FAILED, replace(FAILED, id=OutputId("out-4")), PAUSED, page="Outputs")
        await sweep(desk, "Retry all failed", Qt.Key.Key_R, how)
        await until_async(lambda: OutputState.FAILED not in {made.state for made in engine.store.outputs()})
        assert _now(engine, PAUSED).state is OutputState.PAUSED

    desk.run(story())


@pytest.mark.parametrize("how", ["menu", "key"])
def test_what_is_saved_leaves_the_list_and_the_files_stay(desk: Desk, tmp_path: Path, how: str) -> None:
    first, second = saved(1, tmp_path), saved(2, tmp_path)

    async def story() -> None:
        engine = await desk.open(SOURCE, RUN, first, second, replace(PAUSED, id=OutputId("out-9")), page="Outputs")
        await sweep(desk, "Clear finished", Qt.Key.Key_Delete, how)
        await until_async(lambda: [made.state for made in engine.store.outputs()] == [OutputState.PAUSED])
        assert all(made.path is not None and made.path.exists() for made in (first, second))

    desk.run(story())


def test_where_nothing_can_be_done_to_all_the_buttons_say_why(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        engine = await desk.open(SOURCE, RUN, saved(1, tmp_path), page="Outputs")
        pause, more = desk.button("Pause all"), desk.button("All outputs")
        assert (pause.isEnabled(), pause.toolTip()) == (False, "No download is under way or paused")
        assert more.isEnabled()
        engine.clear_saved()
        await until_async(lambda: not more.isEnabled())
        assert more.toolTip() == "All outputs: there is nothing to pause, retry or clear"
        assert "1 video" not in desk.words()

    desk.run(story())


async def sweep(desk: Desk, words: str, key: Qt.Key, how: str) -> None:
    """By the menu for all outputs, or with Shift and `key`."""
    if how == "key":
        QTest.keyClick(tiles(desk), key, Qt.KeyboardModifier.ShiftModifier)
        return
    await desk.press("All outputs")
    await until_async(lambda: desk.visible(QMenu))
    (menu,) = desk.visible(QMenu)
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()
    await desk.settle()


def test_a_failed_download_goes_on_where_it_stopped(desk: Desk) -> None:
    failed = output(
        1, state=OutputState.FAILED, size=40_000_000, bytes_kept=12_300_000, problem=Problem(Code.INTERRUPTED)
    )

    async def story() -> None:
        engine = await desk.open(SOURCE, RUN, failed, page="Outputs")
        assert "The connection broke." in desk.words()
        assert "12.3 of 40 MB kept" in desk.words()
        await desk.press("Retry")
        await until_async(lambda: _now(engine, failed).state is not OutputState.FAILED)

    desk.run(story())


def test_rows_leave_the_list_and_files_stay(desk: Desk, tmp_path: Path) -> None:
    first, second = saved(1, tmp_path), saved(2, tmp_path)

    async def story() -> None:
        engine = await desk.open(SOURCE, RUN, first, second, page="Outputs")
        tiles(desk).selectAll()
        assert "2 selected · 62 MB" in desk.words()
        QTest.keyClick(tiles(desk), Qt.Key.Key_Delete)
        await until_async(lambda: not list(engine.store.outputs()))
        assert first.path is not None
        assert first.path.exists()

    desk.run(story())


def test_a_video_that_was_not_downloaded_leaves_the_list_after_a_question_only(desk: Desk) -> None:
    lost = output(1, state=OutputState.CANCELLED)

    async def story() -> None:
        engine = await desk.open(SOURCE, RUN, lost, page="Outputs")
        await desk.press("Remove from list")
        assert "1 video was not downloaded. Once removed, it cannot be downloaded here any more." in desk.words()
        QTest.keyClick(desk.visible(QMessageBox)[0], Qt.Key.Key_Escape)
        await until_async(lambda: not desk.visible(QMessageBox))
        assert _now(engine, lost).state is OutputState.CANCELLED
        await desk.press("Remove from list")
        await desk.answer("Remove")
        await until_async(lambda: not list(engine.store.outputs()))

    desk.run(story())


def test_several_files_of_one_folder_open_it_once(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        opened = Opened()
        await desk.open(SOURCE, RUN, saved(1, tmp_path), saved(2, tmp_path), page="Outputs")
        tiles(desk).selectAll()
        await press_in_bar(desk, "Show in folder")
        await until_async(lambda: opened.paths)
        await desk.settle()
        opened.stop()
        assert opened.paths == [tmp_path]

    desk.run(story())


def test_from_an_output_to_its_run_and_back_to_all_of_its_outputs(desk: Desk, tmp_path: Path) -> None:
    other = replace(run(2, state=RunState.FINISHED), spec=RunSpec("x", "Captions"))
    foreign = replace(saved(3, tmp_path), run_id=other.id)

    async def story() -> None:
        await desk.open(SOURCE, other, RUN, saved(1, tmp_path), saved(2, tmp_path), foreign, page="Outputs")
        desk.visible(OutputsPage)[0].select("out-2")
        await desk.press("Show its run")
        assert desk.button("Runs").isChecked()
        current = desk.visible(RunsPage)[0].current_run()
        assert current is not None
        assert current.id == RUN.id
        await desk.press("Show outputs")
        view = tiles(desk)
        chosen = {view.model().data(index) for index in view.selectionModel().selectedIndexes()}
        assert chosen == {"a · Reframe 1.mp4", "a · Reframe 2.mp4"}
        QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert desk.button("Runs").isChecked()

    desk.run(story())


def test_a_download_is_cancelled(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(SOURCE, RUN, output(1), page="Outputs")
        await desk.press("Cancel download")
        now = engine.store.output(output(1).id)
        assert now is not None
        assert now.state is OutputState.CANCELLED

    desk.run(story())


def test_only_what_is_there_can_be_dragged_out(desk: Desk, tmp_path: Path) -> None:
    made = saved(1, tmp_path)

    async def story() -> None:
        await desk.open(SOURCE, RUN, made, output(2), page="Outputs")
        model = desk.visible(OutputsPage)[0].rows
        draggable = Qt.ItemFlag.ItemIsDragEnabled
        waiting, there = model.index(0, 0), model.index(1, 0)
        assert model.flags(there) & draggable
        assert not model.flags(waiting) & draggable
        mime: QMimeData = model.mimeData([there])
        assert [Path(url.toLocalFile()) for url in mime.urls()] == [made.path]

    desk.run(story())


def test_a_search_narrows_the_tiles(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.open(SOURCE, RUN, saved(1, tmp_path), saved(2, tmp_path), page="Outputs")
        field = next(field for field in desk.visible(QLineEdit) if spoken_name(field) == "Search outputs")
        field.setText("reframe 2")
        assert [tile.title for tile in shown(desk)] == ["a · Reframe 2.mp4"]
        field.setText("nothing like it")
        await desk.until_says("Nothing found")
        await desk.press("Show all")
        assert len(shown(desk)) == 2

    desk.run(story())


def test_an_empty_page_says_what_will_come_and_opens_the_folder(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        opened = Opened()
        await desk.open(page="Outputs")
        assert "Finished videos appear here" in desk.words()
        await desk.press("Open folder")
        await until_async(lambda: opened.paths)
        opened.stop()
        assert opened.paths == [tmp_path]
        await desk.press("Go to the Studio")
        assert desk.button("Studio").isChecked()

    desk.run(story())


def test_facts_without_run_and_source_say_only_what_is_known() -> None:
    made = output(1, state=OutputState.SAVED, size=31_000_000, path=Path("/out/a.mp4"))
    facts = {fact.name: fact.value for fact in output_fact_rows(made, None, None, gone=False)}
    assert facts == {"Size": "31 MB", "Where it is": "/out", "Checked": "size"}
    assert "Checked" not in {fact.name for fact in output_fact_rows(made, None, None, gone=True)}


def test_the_first_output_that_comes_while_the_page_is_open_is_selected(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        engine = await desk.open(SOURCE, RUN, page="Outputs")
        desk.button("Go to the Studio").setFocus()
        engine.store.put(saved(1, tmp_path))
        await until_async(lambda: desk.visible(TileList))
        view = desk.visible(TileList)[0]
        await until_async(lambda: [index.row() for index in view.selectedIndexes()] == [0])
        assert "1 selected" in desk.words()

    desk.run(story())
