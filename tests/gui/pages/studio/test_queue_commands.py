"""What can be done to one, several and all videos of the queue, by toolbar, key, menu and mouse, and taking it back."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QWidget

from mosaic_desktop.core.actions import Action, Move
from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.run import RunState
from mosaic_desktop.gui.pages.studio.queue_actions import open_deeds, open_moves, open_sweeps
from mosaic_desktop.gui.pages.sweeps import Sweep
from mosaic_desktop.jobs.engine import Engine
from tests.gui.dragging import drag_in, drop
from tests.gui.models.builders import asset, run
from tests.gui.pages.desk import Desk
from tests.gui.pages.studio.studio import AGENTS, Studio
from tests.gui.widgets.accessible import spoken_name
from tests.support.waiting import until_async

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
READY, PAUSED, FAILED, QUEUED = AssetState.READY, AssetState.PAUSED, AssetState.FAILED, AssetState.QUEUED


def queue(names: str, state: AssetState = READY) -> list[Asset]:
    return [asset(name, state=state, position=float(place)) for place, name in enumerate(names)]


def order(studio: Studio) -> str:
    return "".join(row.title for row in studio.rows())


async def until_order(studio: Studio, names: str) -> None:
    try:
        await until_async(lambda: order(studio) == names)
    except AssertionError:
        raise AssertionError(f"{order(studio)} instead of {names}") from None


def states(engine: Engine) -> list[AssetState]:
    return [row.state for row in engine.store.assets()]


def selected(studio: Studio) -> str:
    return "".join(sorted(index.data() for index in studio.queue.selectedIndexes()))


def tool(studio: Studio, words: str) -> QAbstractButton:
    return studio.find(QAbstractButton, f"Selected videos: {words}")


async def sweep(desk: Desk, words: str) -> None:
    """By the menu for the whole queue."""
    await desk.press("The whole queue")
    await until_async(lambda: desk.visible(QMenu))
    (menu,) = desk.visible(QMenu)
    next(action for action in menu.actions() if action.text().startswith(words)).trigger()
    menu.close()
    await desk.settle()


async def offered_for_all(desk: Desk) -> list[str]:
    """What the menu for the whole queue holds; a menu of nothing is not shown."""
    await desk.press("The whole queue")
    await desk.settle()
    menus = desk.visible(QMenu)
    words = [action.text() for menu in menus for action in menu.actions()]
    for menu in menus:
        menu.close()
    await desk.settle()
    return words


# What makes sense


@pytest.mark.parametrize(
    ("rows", "moves"),
    [
        ([], set()),
        ([0], {Move.DOWN, Move.BOTTOM}),
        ([0, 1], {Move.DOWN, Move.BOTTOM}),
        ([0, 2], set(Move)),
        ([3], {Move.UP, Move.TOP}),
        ([0, 1, 2, 3], set()),
    ],
)
def test_only_moves_that_change_something_are_offered(rows: Sequence[int], moves: set[Move]) -> None:
    assert open_moves(rows, 4) == moves


def test_what_can_be_done_to_the_whole_queue_depends_on_its_rows() -> None:
    assert open_sweeps([], clearable=False, undoable=False) == frozenset()
    assert open_sweeps([], clearable=False, undoable=True) == {Sweep.UNDO}
    assert open_sweeps(queue("ab", QUEUED), clearable=False, undoable=False) == {Sweep.PAUSE}
    mixed = [*queue("a", PAUSED), *queue("b", FAILED), *queue("c")]
    assert open_sweeps(mixed, clearable=True, undoable=False) == {Sweep.RESUME, Sweep.RETRY, Sweep.CLEAR}


def test_a_video_that_was_not_sent_again_can_be_sent_after_all() -> None:
    assert Action.SEND_AGAIN in open_deeds([replace(asset("a"), file_id="f", reused_from="b")])
    assert Action.SEND_AGAIN not in open_deeds(queue("a"))


# The toolbar


def test_the_toolbar_does_what_makes_sense_for_the_selected_rows(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(*queue("ab", QUEUED), replace(asset("c"), position=9.0))
        studio = Studio(desk)
        assert not tool(studio, "pause").isEnabled()
        await studio.select(0, 1)
        assert "2 selected" in desk.words()
        assert not tool(studio, "retry").isEnabled()
        assert tool(studio, "pause").toolTip() == "Pause (P)"
        tool(studio, "pause").click()
        await until_async(lambda: states(engine) == [PAUSED, PAUSED, READY])
        await until_async(lambda: desk.has_button("Selected videos: resume"))
        tool(studio, "cancel the upload").click()
        await until_async(lambda: states(engine)[:2] == [AssetState.CANCELLED] * 2)
        await until_async(lambda: tool(studio, "retry").isEnabled())
        await studio.select(2)
        tool(studio, "remove").click()
        await studio.until_rows(2)

    desk.run(story())


def test_with_nothing_selected_the_toolbar_is_about_the_checked_rows(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*queue("abc"))
        studio = Studio(desk)
        await studio.select(0, 1)
        await studio.key(Qt.Key.Key_Space)
        studio.queue.clearSelection()
        await until_async(lambda: "2 checked" in desk.words())
        tool(studio, "remove").click()
        await studio.until_rows(1)
        await until_async(lambda: not tool(studio, "remove").isEnabled())

    desk.run(story())


def test_the_toolbar_is_one_stop_for_tab_and_arrows_pass_over_what_is_disabled(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*queue("ab"), agents=AGENTS)
        studio = Studio(desk)
        await studio.select(0)
        first = tool(studio, "move down")
        await studio.key(Qt.Key.Key_Tab, SHIFT)
        assert QApplication.focusWidget() is first, "pause, retry, cancel, and up make no sense"
        await studio.key(Qt.Key.Key_Right)
        await studio.key(Qt.Key.Key_Right)
        assert QApplication.focusWidget() is tool(studio, "remove")
        await studio.key(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is studio.queue
        await studio.key(Qt.Key.Key_Tab, SHIFT)
        assert QApplication.focusWidget() is tool(studio, "remove")

    desk.run(story())


def test_a_button_that_has_done_its_work_does_not_lose_the_keyboard(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*queue("ab"))
        studio = Studio(desk)
        await studio.select(0)
        tool(studio, "move down").setFocus()
        await studio.key(Qt.Key.Key_Space)
        await until_order(studio, "ba")
        await until_async(lambda: not tool(studio, "move down").isEnabled())
        focused = QApplication.focusWidget()
        assert isinstance(focused, QWidget)
        assert spoken_name(focused) == "Selected videos: move to the top"

    desk.run(story())


# Another order


@pytest.mark.parametrize(
    ("rows", "key", "names"),
    [
        ([0], Qt.Key.Key_Down, "bacd"),
        ([3], Qt.Key.Key_Up, "abdc"),
        ([1, 3], Qt.Key.Key_Home, "bdac"),
        ([0, 1], Qt.Key.Key_End, "cdab"),
    ],
)
def test_keys_move_rows_that_stay_selected(desk: Desk, rows: list[int], key: Qt.Key, names: str) -> None:
    async def story() -> None:
        engine = await desk.open(*queue("abcd"))
        studio = Studio(desk)
        await studio.select(*rows)
        chosen = selected(studio)
        await studio.key(key, CONTROL)
        await until_order(studio, names)
        assert "".join(row.name for row in engine.store.assets()) == names
        assert selected(studio) == chosen
        await desk.until_says(f"Moved {len(rows)} video")

    desk.run(story())


def test_a_row_that_is_moved_out_of_sight_is_followed(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*queue("abcdefghijklmnop"))
        studio = Studio(desk)
        await studio.select(0)
        await studio.key(Qt.Key.Key_End, CONTROL)
        await until_order(studio, "bcdefghijklmnopa")
        shown = studio.queue.visualRect(studio.queue.currentIndex())
        assert studio.queue.viewport().rect().contains(shown.center())

    desk.run(story())


def drag_rows(studio: Studio, rows: Sequence[int], place: QPoint) -> bool:
    """Drags rows of the queue over the queue and lets go. Whether they were taken."""
    model, viewport = studio.queue.model(), studio.queue.viewport()
    mime = model.mimeData([model.index(row, 0) for row in rows])
    assert drag_in(viewport, mime)
    nothing = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(place), Qt.DropAction.MoveAction, mime, Qt.MouseButton.LeftButton, nothing)
    event.ignore()
    QCoreApplication.sendEvent(viewport, event)
    return event.isAccepted()


@pytest.mark.parametrize(
    ("rows", "target", "half", "names"),
    [
        ([0], 2, "upper", "bacd"),
        ([0], 2, "lower", "bcad"),
        ([3], 0, "upper", "dabc"),
        ([0, 2], 3, "lower", "bdac"),
        ([1], None, "below all", "acdb"),
    ],
)
def test_rows_are_dragged_to_another_place(
    desk: Desk, rows: list[int], target: int | None, half: str, names: str
) -> None:
    async def story() -> None:
        await desk.open(*queue("abcd"))
        studio = Studio(desk)
        if target is None:
            place = studio.queue.viewport().rect().bottomLeft() + QPoint(40, -4)
        else:
            row = studio.queue.visualRect(studio.queue.model().index(target, 0))
            place = row.center() + QPoint(0, -20 if half == "upper" else 20)
        assert drag_rows(studio, rows, place)
        await until_order(studio, names)

    desk.run(story())


def test_a_drop_on_its_own_place_changes_nothing(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*queue("abc"))
        studio = Studio(desk)
        assert drag_rows(studio, [1], studio.queue.visualRect(studio.queue.model().index(1, 0)).center())
        await desk.settle()
        assert order(studio) == "abc"
        assert "Moved" not in desk.words()

    desk.run(story())


def test_files_are_still_dropped_onto_the_queue_from_outside(desk: Desk, tmp_path: Path) -> None:
    clip = tmp_path / "new.mp4"
    clip.write_bytes(b"x" * 5000)

    async def story() -> None:
        await desk.open(*queue("ab"))
        studio = Studio(desk)
        link = QMimeData()
        link.setText("https://youtu.be/dQw4w9WgXcQ")
        files = QMimeData()
        files.setUrls([QUrl.fromLocalFile(str(clip))])
        handle = desk.window.windowHandle()
        over = desk.window.childAt(desk.window.mapFromGlobal(handle.mapToGlobal(QPoint(300, 300))))
        assert over is studio.queue.viewport(), "what is dropped below lies over the rows"
        for mime in (link, files):
            assert drag_in(handle, mime)
            assert drop(handle, mime)
        await studio.until_rows(4)

    desk.run(story())


# Taking back


@pytest.mark.parametrize("how", ["button", "key", "menu"])
def test_removed_rows_come_back_where_and_as_they_were(desk: Desk, how: str) -> None:
    async def story() -> None:
        engine = await desk.open(*(replace(row, file_id=f"file-{row.name}") for row in queue("abcd")))
        studio = Studio(desk)
        await studio.select(1)
        await studio.key(Qt.Key.Key_Space)
        await studio.select(0, 1, 2)
        await studio.key(Qt.Key.Key_Delete)
        await desk.until_says("Removed 3 videos")
        assert order(studio) == "d"
        assert "Drop videos, folders or links anywhere" not in desk.words()
        if how == "button":
            await desk.press("Undo: Removed 3 videos")
        elif how == "key":
            await studio.key(Qt.Key.Key_Z, CONTROL, studio.queue)
        else:
            await sweep(desk, "Undo")
        await until_order(studio, "abcd")
        assert [row.checked for row in studio.rows()] == [False, True, False, False]
        assert states(engine) == [READY] * 4
        assert "Removed" not in desk.words()
        assert "Drop videos, folders or links anywhere" in desk.words()

    desk.run(story())


def test_several_deeds_are_taken_back_one_by_one(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*queue("abc"))
        studio = Studio(desk)
        await studio.select(2)
        await studio.key(Qt.Key.Key_Home, CONTROL)
        await until_order(studio, "cab")
        await studio.select(1)
        await studio.key(Qt.Key.Key_Delete)
        await until_order(studio, "cb")
        await studio.key(Qt.Key.Key_Z, CONTROL, studio.queue)
        await until_order(studio, "cab")
        await studio.key(Qt.Key.Key_Z, CONTROL, studio.queue)
        await until_order(studio, "abc")

    desk.run(story())


def test_what_was_paused_and_goes_on_is_not_offered_to_be_taken_back(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"x" * 5000)
    is_now = path.stat().st_mtime_ns
    waiting = [replace(row, path=path, size=5000, modified_ns=is_now) for row in queue("a", QUEUED)]

    async def story() -> None:
        engine = await desk.open(*waiting, *(replace(row, position=5.0) for row in queue("m")))
        studio = Studio(desk)
        await studio.select(1)
        await studio.key(Qt.Key.Key_Home, CONTROL)
        await until_order(studio, "ma")
        await desk.press("Pause all")
        await desk.until_says("Paused 1 upload")
        await until_async(lambda: desk.has_button("Resume all"))
        await desk.press("Resume all")
        await until_async(lambda: PAUSED not in states(engine))
        await desk.settle()
        assert "Paused" not in desk.words()
        assert not desk.has_button("Undo"), "what was done before that is not told anew"
        await studio.key(Qt.Key.Key_Z, CONTROL, studio.queue)
        await until_order(studio, "am")

    desk.run(story())


def test_undo_in_a_text_takes_back_what_was_typed(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*queue("ab"), agents=AGENTS)
        studio = Studio(desk)
        await studio.select(0)
        await studio.key(Qt.Key.Key_Delete)
        await until_order(studio, "b")
        search = studio.find(QLineEdit, "Agent search")
        search.setFocus()
        QTest.keyClicks(search, "plain")
        await studio.key(Qt.Key.Key_Z, CONTROL)
        assert search.text() == ""
        assert order(studio) == "b"

    desk.run(story())


# The whole queue


def test_keys_sweep_the_whole_queue(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"x" * 5000)
    failed = [
        replace(asset(name, state=FAILED, problem=Problem(Code.UNREACHABLE), position=5.0 + n), path=path, size=1)
        for n, name in enumerate("fg")
    ]

    async def story() -> None:
        engine = await desk.open(*queue("ab", QUEUED), *failed, replace(asset("r"), file_id="file", position=9.0))
        studio = Studio(desk)
        await studio.select(0)
        await studio.key(Qt.Key.Key_P, SHIFT)
        await until_async(lambda: states(engine)[:2] == [PAUSED, PAUSED])
        await studio.key(Qt.Key.Key_P, SHIFT)
        await until_async(lambda: PAUSED not in states(engine))
        await studio.key(Qt.Key.Key_R, SHIFT)
        await until_async(lambda: FAILED not in states(engine)[2:4])
        await studio.key(Qt.Key.Key_Delete, SHIFT)
        await until_async(lambda: engine.store.asset(AssetId("r")) is None)
        await desk.until_says("Cleared 1 finished video")

    desk.run(story())


def test_the_menu_of_the_whole_queue_holds_what_makes_sense(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*queue("a", QUEUED), *queue("b", FAILED))
        assert await offered_for_all(desk) == ["Pause all\tShift+P", "Retry all failed"]

    desk.run(story())


def test_clearing_is_offered_only_where_no_run_waits_for_the_video(desk: Desk) -> None:
    needed = replace(asset("a.mp4"), file_id="file-1")
    waiting = run(1, state=RunState.UNCONFIRMED)

    async def story() -> None:
        engine = await desk.open(needed, waiting)
        assert await offered_for_all(desk) == []
        engine.drop(waiting.id)
        assert await offered_for_all(desk) == ["Clear finished"]

    desk.run(story())


def test_a_known_video_is_sent_again_by_its_menu(desk: Desk) -> None:
    known = replace(asset("a.mp4"), file_id="file-1", reused_from="b.mp4")

    async def story() -> None:
        engine = await desk.open(known)
        studio = Studio(desk)
        assert studio.rows()[0].subtitle == "Already uploaded as b.mp4"
        await studio.select(0)
        await studio.key(Qt.Key.Key_F10, SHIFT)
        await until_async(lambda: desk.visible(QMenu))
        (menu,) = desk.visible(QMenu)
        next(action for action in menu.actions() if action.text() == "Send it again").trigger()
        menu.close()
        await until_async(lambda: states(engine) != [READY])
        await until_async(lambda: "Already uploaded" not in studio.rows()[0].subtitle)

    desk.run(story())
