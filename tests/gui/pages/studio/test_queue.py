"""The upload queue: taking things in, saying why not, and what can be done to its rows."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView, QMenu, QWidget

from mosaic_desktop.core.asset import AssetId, AssetState
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.events import Refused
from mosaic_desktop.gui.widgets.banner import Banner
from mosaic_desktop.gui.widgets.drop_overlay import DropOverlay
from mosaic_desktop.jobs.engine import Engine
from tests.gui.dragging import drag_out
from tests.gui.models.builders import asset
from tests.gui.pages.desk import Desk
from tests.gui.pages.studio.studio import AGENTS, Studio
from tests.gui.widgets.accessible import accessible, spoken_name
from tests.support.waiting import until_async

READY, PAUSED, FAILED, QUEUED = AssetState.READY, AssetState.PAUSED, AssetState.FAILED, AssetState.QUEUED


def clip(folder: Path, name: str, size: int = 5000) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return path


def state_of(engine: Engine, asset_id: str) -> AssetState | None:
    found = engine.store.asset(AssetId(asset_id))
    return found.state if found is not None else None


def test_an_empty_queue_invites(desk: Desk) -> None:
    async def story() -> None:
        await desk.open()
        await desk.until_says("Drop videos or folders here")
        assert desk.has_button("Browse")
        assert not desk.has_button("Pause all")

    desk.run(story())


def test_what_is_added_to_a_long_queue_comes_into_sight(desk: Desk, tmp_path: Path) -> None:
    queue = [replace(asset(f"{number}.mp4"), position=float(number)) for number in range(30)]

    async def story() -> None:
        await desk.open(*queue)
        studio = Studio(desk)
        mime = studio.drag([clip(tmp_path, "new.mp4")])
        assert mime.hasUrls()
        await studio.until_rows(31)
        new = studio.queue.model().index(30, 0)
        await until_async(lambda: studio.queue.viewport().rect().contains(studio.queue.visualRect(new)))

    desk.run(story())


def test_dropped_files_are_added_and_checked(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.open()
        studio = Studio(desk)
        mime = studio.drag([clip(tmp_path, "a.mp4"), clip(tmp_path, "b.mov")])
        assert mime.hasUrls()
        await studio.until_rows(2)
        assert [(row.title, row.checked) for row in studio.rows()] == [("a.mp4", True), ("b.mov", True)]
        await desk.until_says("2 videos · 10 KB")

    desk.run(story())


def test_a_drag_over_the_window_says_what_a_drop_would_do(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.open()
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(f"/v/{name}.mp4") for name in "abc"])
        assert Studio(desk).drop(mime, release=False)
        assert next(spoken_name(overlay) for overlay in desk.visible(DropOverlay)).startswith("Drop 3 videos to add")
        drag_out(desk.window)
        useless = QMimeData()
        useless.setText("just words")
        assert not Studio(desk).drop(useless)

    desk.run(story())


def test_a_dropped_folder_is_searched_and_what_is_no_video_is_named(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.open()
        studio = Studio(desk)
        clip(tmp_path, "film/day 1/a.mp4")
        (tmp_path / "nothing").mkdir()
        mime = studio.drag([tmp_path / "film", tmp_path / "nothing", clip(tmp_path, "tiny.mp4", 3)])
        assert mime.hasUrls()
        await studio.until_rows(1)
        await desk.until_says("2 things were not added.")
        assert "nothing: There are no videos in this folder." in desk.words()
        assert "tiny.mp4: The file is smaller than 1 KB" in desk.words()

    desk.run(story())


@pytest.mark.parametrize("how", ["another page", "a run", "another video"])
def test_a_refusal_goes_when_the_user_goes_on(desk: Desk, tmp_path: Path, how: str) -> None:
    async def story() -> None:
        engine = await desk.open(replace(asset("a.mp4"), file_id="file-a"), agents=AGENTS)
        studio = Studio(desk)
        await studio.choose_agent("Plain")
        await studio.select(0)
        await studio.key(Qt.Key.Key_Space)
        engine.events.publish(Refused("/v/notes.txt", Problem(Code.NOT_A_VIDEO)))
        await desk.until_says("Not added. notes.txt")
        if how == "another page":
            await desk.press("Runs")
            await desk.press("Studio")
        elif how == "a run":
            await desk.press("Run on 1 video")
        else:
            mime = studio.drag([clip(tmp_path, "new.mp4")])
            assert mime.hasUrls()
        await desk.settle()
        assert "Not added" not in desk.words()

    desk.run(story())


def test_that_a_video_is_in_the_queue_is_not_said_once_it_is_not(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(asset("a.mp4"))
        engine.events.publish(Refused("/v/notes.txt", Problem(Code.NOT_A_VIDEO)))
        engine.events.publish(Refused("/videos/a.mp4", Problem(Code.ALREADY_QUEUED)))
        await desk.until_says("2 things were not added.")
        await Studio(desk).select(0)
        await Studio(desk).key(Qt.Key.Key_Delete)
        await desk.until_says("Not added. notes.txt")
        assert "already in the queue" not in desk.words()

    desk.run(story())


def test_refusals_collapse_and_can_be_closed(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(asset("a.mp4"))
        for number in range(7):
            engine.events.publish(Refused(f"/v/{number}.txt", Problem(Code.NOT_A_VIDEO)))
        await desk.until_says("7 things were not added.")
        assert "0.txt, 1.txt, 2.txt and 4 more: This is not a video" in desk.words()
        await desk.press("Close this message")
        assert not desk.visible(Banner)

    desk.run(story())


def test_a_pasted_link_needs_no_upload(desk: Desk) -> None:
    async def story() -> None:
        await desk.open()
        QGuiApplication.clipboard().setText("https://youtu.be/dQw4w9WgXcQ")
        studio = Studio(desk)
        await studio.activate()
        await studio.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier, desk.window)
        await studio.until_rows(1)
        (row,) = studio.rows()
        assert (row.state, row.subtitle, row.checked) == ("Ready", "YouTube · no upload needed", True)

    desk.run(story())


def test_every_state_is_told_to_eye_and_ear(desk: Desk) -> None:
    rows = [asset(f"{state.value}.mp4", state=state, position=number) for number, state in enumerate(AssetState)]
    name = "an endless name of a film that somebody gave to the final final version, second cut.mp4"

    async def story() -> None:
        await desk.open(*rows, asset(name, 6 * 1024**3, position=99.0))
        studio = Studio(desk)
        assert len({row.state for row in studio.rows()}) == len(rows)
        spoken = accessible(studio.queue)
        texts = [spoken.child(number).text(QAccessible.Text.Name) for number in range(spoken.childCount())]
        assert texts[0].startswith("probing.mp4, 5 MB, looking into the file")
        assert texts[-1] == f"{name}, 6.44 GB, ready"
        desk.window.resize(1024, 700)
        await desk.settle()
        assert desk.window.grab().height() == 700

    desk.run(story())


def test_space_checks_the_selected_rows_together(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*(asset(f"{n}.mp4", position=n) for n in range(3)))
        studio = Studio(desk)
        assert [row.checked for row in studio.rows()] == [False] * 3
        await studio.select(0, 2)
        await studio.key(Qt.Key.Key_Space)
        assert [row.checked for row in studio.rows()] == [True, False, True]
        await studio.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        await studio.key(Qt.Key.Key_Space)
        assert [row.checked for row in studio.rows()] == [True] * 3
        await studio.key(Qt.Key.Key_Space)
        assert [row.checked for row in studio.rows()] == [False] * 3

    desk.run(story())


def test_a_click_on_the_box_checks_one_row(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*(asset(f"{n}.mp4", position=n) for n in range(2)))
        studio = Studio(desk)
        box = studio.queue.visualRect(studio.queue.model().index(1, 0)).topLeft() + QPoint(24, 34)
        QTest.mouseClick(studio.queue.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box)
        await desk.settle()
        assert [row.checked for row in studio.rows()] == [False, True]
        assert not studio.queue.selectionModel().selectedIndexes()

    desk.run(story())


def test_keys_pause_resume_retry_and_remove(desk: Desk, tmp_path: Path) -> None:
    path = clip(tmp_path, "a.mp4")
    failed = replace(asset("c.mp4", state=FAILED, problem=Problem(Code.FILE_CHANGED), position=2.0), path=path, size=1)

    async def story() -> None:
        engine = await desk.open(asset("a.mp4", state=QUEUED), asset("b.mp4", position=1.0), failed)
        studio = Studio(desk)
        await studio.select(0)
        await studio.key(Qt.Key.Key_P)
        await until_async(lambda: state_of(engine, "a.mp4") is PAUSED and studio.rows()[0].state == "Paused")
        await studio.key(Qt.Key.Key_P)
        await until_async(lambda: state_of(engine, "a.mp4") is not PAUSED)
        await studio.select(2)
        await studio.key(Qt.Key.Key_R)
        await until_async(lambda: state_of(engine, "c.mp4") not in {FAILED, None})
        await studio.select(1)
        await studio.key(Qt.Key.Key_Delete)
        await studio.until_rows(2)
        assert state_of(engine, "b.mp4") is None

    desk.run(story())


def test_pause_all_becomes_resume_all(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*(asset(f"{n}.mp4", state=QUEUED, position=n) for n in range(3)), asset("r.mp4", position=9.0))
        studio = Studio(desk)
        await desk.press("Pause all")
        await until_async(lambda: desk.has_button("Resume all"))
        assert [row.state for row in studio.rows()] == ["Paused"] * 3 + ["Ready"]
        await desk.press("Resume all")
        await until_async(lambda: not desk.has_button("Resume all"))

    desk.run(story())


@pytest.mark.parametrize("how", ["key", "dots"])
def test_the_menu_holds_what_makes_sense(desk: Desk, how: str) -> None:
    async def story() -> None:
        await desk.open(asset("a.mp4", state=FAILED, problem=Problem(Code.FILE_CHANGED)))
        studio = Studio(desk)
        row = studio.queue.visualRect(studio.queue.model().index(0, 0))
        if how == "key":
            await studio.select(0)
            await studio.key(Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
        else:
            dots = QPoint(row.right() - 30, row.center().y())
            nothing = Qt.KeyboardModifier.NoModifier
            QTest.mouseClick(studio.queue.viewport(), Qt.MouseButton.LeftButton, nothing, dots)
        await until_async(lambda: desk.visible(QMenu))
        (menu,) = desk.visible(QMenu)
        words = [action.text() for action in menu.actions() if not action.isSeparator()]
        assert words == ["Retry", "Show in folder", "Remove from the queue"]
        menu.close()
        await desk.settle()

    desk.run(story())


def test_everything_has_a_name(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(asset("a.mp4", state=QUEUED), agents=AGENTS)
        studio = Studio(desk)
        for agent in ("Reframe", "Untold"):
            await studio.choose_agent(agent)
            tabbed = [w for w in desk.visible(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isEnabled()]
            nameless = [w for w in tabbed if not spoken_name(w) and not w.focusProxy()]
            assert not [(type(w).__name__, type(w.parent()).__name__) for w in nameless]
        assert desk.visible(QListView)

    desk.run(story())
