"""The main window: pages, drops and pastes anywhere, the status line, closing, and leaving nothing behind."""

import asyncio
import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QSize, Qt, QUrl
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
    QColor,
    QGuiApplication,
    QImage,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QMenu, QSplitter, QWidget

from mosaic_desktop.core.asset import AssetState
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.events import RowChanged, ServiceReached, What
from mosaic_desktop.core.output import OutputState
from mosaic_desktop.core.ports import Recorded
from mosaic_desktop.core.run import Graph, Node, NodeState, RunState
from mosaic_desktop.gui.pages.outputs.page import OutputsPage
from mosaic_desktop.gui.pages.runs.page import RunsPage
from mosaic_desktop.gui.pages.settings.page import SettingsPage
from mosaic_desktop.gui.theme.palette import DARK, LIGHT
from mosaic_desktop.gui.theme.theme import ThemeMode
from mosaic_desktop.gui.widgets.drop_overlay import DropOverlay
from mosaic_desktop.gui.widgets.row_list import RowList
from mosaic_desktop.gui.widgets.search_field import SearchField
from mosaic_desktop.gui.widgets.tile_list import TileList
from mosaic_desktop.jobs.engine import Engine
from tests.gui.dragging import drag_in, drag_out, drop
from tests.gui.models.builders import asset, output, run
from tests.gui.pages.desk import ACCOUNT, LOCAL, Desk
from tests.gui.widgets.accessible import accessible, spoken_name
from tests.support.waiting import until_async

PAGES = ("Studio", "Runs", "Outputs", "Settings")
CLIENT = replace(ACCOUNT, id="client", title="A client")
SENDING = asset("a.mp4", state=AssetState.UPLOADING, bytes_done=1_000_000, rate=41.8e6)
STEPS = Graph((Node("1", "Reframe", NodeState.RUNNING, progress=0.5), Node("2", "Audio", NodeState.NOT_STARTED)))
RUNNING = run(1, state=RunState.RUNNING, remote_id="r-1", graph=STEPS, progress=0.5, started_at=1.0)
UNSURE = run(2, state=RunState.UNCONFIRMED)
FETCHING = output(1, state=OutputState.DOWNLOADING, size=1000, bytes_done=500, rate=12.3e6)
ROWS = (SENDING, UNSURE, RUNNING, FETCHING)


def title(desk: Desk) -> str:
    return next(name for name in PAGES if desk.button(name).isChecked())


# Pages


@pytest.mark.parametrize(("page", "kind"), [("Runs", RowList), ("Outputs", TileList), ("Settings", SettingsPage)])
def test_the_keyboard_goes_with_the_user_to_another_page(desk: Desk, page: str, kind: type[QWidget]) -> None:
    """To what the page is about, never to the first button there."""

    async def story() -> None:
        await desk.open(*ROWS)
        desk.visible(QAbstractItemView)[0].setFocus()
        await desk.press(page)
        assert isinstance(QApplication.focusWidget(), kind)

    desk.run(story())


@pytest.mark.parametrize("opened", [False, True], ids=["first page", "workspace"])
def test_the_systems_key_for_quitting_closes_the_window(desk: Desk, opened: bool) -> None:
    async def story() -> None:
        await (desk.open() if opened else desk.open_first())
        QTest.keyClick(desk.window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
        assert desk.close_requests == 1

    desk.run(story())


@pytest.mark.parametrize(("number", "page"), list(enumerate(PAGES, 1)))
def test_pages_are_chosen_by_rail_and_by_number(desk: Desk, number: int, page: str) -> None:
    async def story() -> None:
        await desk.open()
        await desk.press(page)
        assert title(desk) == page
        await desk.press("Studio")
        QTest.keyClick(desk.window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert title(desk) == page
        assert page in desk.words()

    desk.run(story())


def test_pages_are_built_when_first_shown(desk: Desk) -> None:
    async def story() -> None:
        await desk.open()
        assert not desk.window.findChildren(RunsPage)
        await desk.press("Runs")
        await desk.press("Studio")
        await desk.press("Runs")
        assert len(desk.window.findChildren(RunsPage)) == 1

    desk.run(story())


def test_the_chip_tells_whose_work_this_is_and_leads_to_others_and_out(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.profiles = (ACCOUNT, CLIENT, LOCAL)
        await desk.open(profile=ACCOUNT)
        chip = desk.button("Account: Mosaic account")
        menu = chip.findChildren(QMenu)[0]
        words = [action.text() for action in menu.actions() if action.text()]
        assert words == [
            "Key mk_live_…a1b2",
            "https://mosaic.invalid",
            "Mosaic account",
            "A client",
            "Local Mosaic",
            "Add an account…",
            "Rename this account…",
            "Account settings",
            "Leave this account",
        ]
        assert [action.text() for action in menu.actions() if action.isChecked()] == ["Mosaic account"]
        menu.actions()[-1].trigger()
        await desk.settle()
        assert desk.gateway.asked == ["leave"]

    desk.run(story())


def test_the_chip_of_a_local_mosaic_without_an_address_has_no_empty_line(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(profile=replace(LOCAL, base_url=""))
        menu = desk.button("Account: Local Mosaic").findChildren(QMenu)[0]
        words = [action.text() for action in menu.actions() if not action.isSeparator()]
        assert words == [
            "The local Mosaic, on this computer",
            "Local Mosaic",
            "Add an account…",
            "Account settings",
            "Leave this account",
        ]

    desk.run(story())


# The status line


def test_the_status_line_says_whether_mosaic_answers(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open()
        await desk.until_says("Connected")
        engine.events.publish(ServiceReached(Problem(Code.UNREACHABLE)))
        assert "Mosaic cannot be reached. The app keeps trying." in desk.words()
        engine.events.publish(ServiceReached(None))
        assert "Connected" in desk.words()

    desk.run(story())


def test_the_status_line_says_what_moves(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(*ROWS)
        for words in ("1 upload · 41.8 MB/s", "1 download · 12.3 MB/s", "1 run going"):
            assert words in desk.words()
        engine.store.put(replace(SENDING, state=AssetState.PAUSED, rate=None))
        await until_async(lambda: "1 upload" not in desk.words())

    desk.run(story())


def test_the_status_line_pauses_and_goes_on_both_ways(desk: Desk) -> None:
    name = "Uploads and downloads:"
    queued, coming = asset("q.mp4", state=AssetState.QUEUED), output(1)
    made = run(1, state=RunState.FINISHED, remote_id="r-1")

    async def story() -> None:
        engine = await desk.open(queued, made, coming, page="Runs")

        def paused() -> list[bool]:
            uploads = [row.state is AssetState.PAUSED for row in engine.store.assets()]
            return [*uploads, *(row.state is OutputState.PAUSED for row in engine.store.outputs())]

        assert desk.button(name).toolTip() == "Pause all uploads and downloads"
        await desk.press(f"{name} pause all")
        await until_async(lambda: paused() == [True, True])
        await until_async(lambda: desk.has_button(f"{name} resume all"))
        await desk.press(f"{name} resume all")
        await until_async(lambda: paused() == [False, False])

    desk.run(story())


def test_the_status_line_pauses_nothing_where_nothing_moves(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(asset("a.mp4"))
        button = desk.button("Uploads and downloads: pause all")
        assert not button.isEnabled()
        assert button.toolTip() == "Nothing is under way or paused"

    desk.run(story())


def test_a_flood_of_progress_refreshes_the_status_line_only_now_and_then(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(SENDING)
        for done in range(500):
            engine.events.publish(RowChanged(What.PROGRESS, replace(SENDING, bytes_done=done)))
        engine.store.show_progress(replace(SENDING, rate=1e6))
        assert "41.8 MB/s" in desk.words()
        await desk.until_says("1 upload · 1 MB/s")

    desk.run(story())


# Drops and pastes


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def names(engine: Engine) -> list[str]:
    return [row.name for row in engine.store.assets()]


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "street.mp4"
    path.write_bytes(b"\0" * 4096)
    return path


@pytest.mark.parametrize("page", PAGES)
def test_a_drop_on_any_page_adds_the_video_and_shows_the_studio(desk: Desk, video: Path, page: str) -> None:
    async def story() -> None:
        engine = await desk.open(*ROWS, page=page)
        mime = files(video)
        assert drag_in(desk.window, mime)
        overlay = desk.visible(DropOverlay)
        assert [spoken_name(shown).split(".")[0] for shown in overlay] == ["Drop 1 video to add it"]
        assert drop(desk.window, mime)
        assert not desk.visible(DropOverlay)
        assert title(desk) == "Studio"
        await until_async(lambda: "street.mp4" in names(engine))

    desk.run(story())


def test_a_drop_as_the_system_sends_it_is_not_taken_by_text_fields(desk: Desk, video: Path) -> None:
    async def story() -> None:
        engine = await desk.open(*ROWS, page="Runs")
        handle, mime = desk.window.windowHandle(), files(video)
        assert drag_in(handle, mime)
        assert drop(handle, mime)
        await until_async(lambda: "street.mp4" in names(engine))
        assert all(not field.text().startswith("file:") for field in desk.window.findChildren(QLineEdit))

    desk.run(story())


def test_a_drag_that_leaves_takes_the_overlay_along(desk: Desk, video: Path) -> None:
    async def story() -> None:
        await desk.open()
        mime = files(video)
        assert drag_in(desk.window, mime)
        assert desk.visible(DropOverlay)
        drag_out(desk.window)
        assert not desk.visible(DropOverlay)

    desk.run(story())


def test_what_is_no_file_and_no_link_is_not_taken(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(page="Runs")
        mime = QMimeData()
        mime.setText("just words")
        assert not drag_in(desk.window, mime)
        assert not desk.visible(DropOverlay)
        assert title(desk) == "Runs"

    desk.run(story())


# Before a way in is taken


def let_go(desk: Desk, mime: QMimeData) -> bool:
    """Whether the window took what was dragged over it and dropped. `mime` must outlive the call."""
    return drag_in(desk.window, mime) and drop(desk.window, mime)


def test_what_is_dropped_on_the_first_page_waits_for_a_workspace(desk: Desk, video: Path) -> None:
    async def story() -> None:
        await desk.open_first()
        handle, mime = desk.window.windowHandle(), files(video)
        assert drag_in(handle, mime)
        assert [spoken_name(shown).split(".")[0] for shown in desk.visible(DropOverlay)] == ["Drop 1 video to add it"]
        assert drop(handle, mime)
        assert not desk.visible(DropOverlay)
        await desk.until_says("1 video waits. Choose how to start, then it is added.")
        engine = await desk.open()
        await until_async(lambda: names(engine) == ["street.mp4"])
        desk.window.show_first()
        await desk.settle()
        assert "waits" not in desk.words()

    desk.run(story())


def test_what_waits_goes_to_the_studio_whatever_the_workspace_shows(desk: Desk, video: Path) -> None:
    async def story() -> None:
        await desk.open_first()
        assert let_go(desk, files(video))
        desk.window.show_first(Problem(Code.SANDBOX))
        await desk.until_says("1 video waits.")
        desk.window.show_workspace(desk.engine(), ACCOUNT)
        await desk.settle()
        assert title(desk) == "Studio"

    desk.run(story())


def test_what_waits_is_counted_and_can_be_removed(desk: Desk, tmp_path: Path) -> None:
    shoot = tmp_path / "shoot"
    shoot.mkdir()
    for name in ("a.mp4", "b.mov", "readme.txt"):
        (shoot / name).write_bytes(b"\0" * 4096)

    async def story() -> None:
        await desk.open_first()
        assert let_go(desk, files(shoot))
        await desk.until_says("2 videos wait. Choose how to start, then they are added.")
        QGuiApplication.clipboard().setText("https://youtu.be/dQw4w9WgXcQ")
        desk.button("Try it here").setFocus()
        QTest.keyClick(desk.button("Try it here"), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        await desk.until_says("2 videos and 1 link wait.")
        assert let_go(desk, files(shoot / "a.mp4"))
        await desk.settle()
        assert "2 videos and 1 link wait." in desk.words(), "once is enough"
        await desk.press("Remove")
        assert "wait" not in desk.words()
        engine = await desk.open()
        assert names(engine) == []

    desk.run(story())


def test_what_is_refused_on_the_first_page_says_why_there(desk: Desk, video: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "tiny.mp4").write_bytes(b"\0" * 10)

    async def story() -> None:
        await desk.open_first()
        mime = files(tmp_path / "gone.mp4")
        assert let_go(desk, mime)
        await desk.until_says("Not added. gone.mp4: The file is not there any more.")
        links = QMimeData()
        links.setText("https://example.invalid/watch")
        assert let_go(desk, links)
        await desk.until_says("Only links to single YouTube videos can be added.")
        assert "gone.mp4" not in desk.words(), "of the last drop alone"
        assert let_go(desk, files(video, tmp_path / "empty", tmp_path / "tiny.mp4"))
        await desk.until_says("tiny.mp4: The file is smaller than 1 KB, which is no video.")
        assert "empty: There are no videos in this folder." in desk.words()
        assert "1 video waits." in desk.words()
        await desk.press("Close this message")
        assert "Not added" not in desk.words()
        assert "tiny.mp4" not in desk.words()
        assert "1 video waits." in desk.words()

    desk.run(story())


def test_the_studio_hears_of_what_was_not_looked_at_before_it_opened(desk: Desk, video: Path, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.open_first()
        assert let_go(desk, files(video, tmp_path / "gone.mp4"))
        engine = await desk.open()
        await until_async(lambda: names(engine) == ["street.mp4"])
        await desk.until_says("Not added. gone.mp4: The file is not there any more.")

    desk.run(story())


def test_paste_adds_files_from_any_page_and_leaves_text_fields_alone(desk: Desk, video: Path) -> None:
    async def story() -> None:
        engine = await desk.open(*ROWS, page="Runs")
        QGuiApplication.clipboard().setMimeData(files(video))
        desk.button("Runs").setFocus()
        QTest.keyClick(desk.button("Runs"), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        await until_async(lambda: "street.mp4" in names(engine))
        assert title(desk) == "Studio"
        await desk.press("Runs")
        field = next(field for field in desk.visible(QLineEdit) if spoken_name(field) == "Search runs")
        field.setFocus()
        QGuiApplication.clipboard().setText("reframe")
        QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert field.text() == "reframe"
        assert title(desk) == "Runs"

    desk.run(story())


# Looks


def test_ten_changes_of_theme_leave_no_color_behind(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*ROWS)
        for page in PAGES:
            await desk.press(page)
            before = desk.window.grab().toImage()
            for _ in range(5):
                desk.theme.set_mode(ThemeMode.DARK)
                await desk.settle()
                dark = desk.window.grab().toImage()
                desk.theme.set_mode(ThemeMode.LIGHT)
                await desk.settle()
            assert colors(dark, LIGHT.window, LIGHT.surface, LIGHT.raised) < 20, page
            after = desk.window.grab().toImage()
            assert colors(after, DARK.window, DARK.surface, DARK.raised) < 20, page
            assert different(before, after) < 2000, page  # a travelling bar and a clock may have moved

    desk.run(story())


def colors(image: QImage, *values: str) -> int:
    """How many of some evenly spread pixels have one of these colors."""
    wanted = {QColor(value).rgb() for value in values}
    return sum(image.pixel(x, y) in wanted for x in range(0, image.width(), 7) for y in range(0, image.height(), 7))


def different(one: QImage, other: QImage) -> int:
    spots = ((x, y) for x in range(0, one.width(), 3) for y in range(0, one.height(), 3))
    return sum(one.pixel(x, y) != other.pixel(x, y) for x, y in spots)


@pytest.mark.parametrize("size", [QSize(760, 560), QSize(1024, 700), QSize(1280, 800)], ids=str)
def test_nothing_is_wider_than_the_window(desk: Desk, size: QSize) -> None:
    async def story() -> None:
        await desk.open(*ROWS)
        desk.window.resize(size)
        await until_async(lambda: desk.window.size() == size)
        for page in PAGES:
            await desk.press(page)
            for widget in desk.visible(QWidget):
                parent = widget.parentWidget()
                if parent is None or widget.isWindow() or parent.objectName() == "qt_scrollarea_viewport":
                    continue
                assert widget.geometry().right() <= parent.width(), (page, widget, parent)

    desk.run(story())


def test_short_of_room_cards_stand_above_each_other(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*ROWS, page="Runs")
        columns = desk.window.findChildren(RunsPage)[0].findChildren(QSplitter)[0]
        assert columns.orientation() is Qt.Orientation.Horizontal
        desk.window.resize(800, 700)
        await until_async(lambda: columns.orientation() is Qt.Orientation.Vertical)
        desk.window.resize(1200, 700)
        await until_async(lambda: columns.orientation() is Qt.Orientation.Horizontal)

    desk.run(story())


def test_the_split_is_remembered(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*ROWS, page="Runs")
        columns = desk.window.findChildren(RunsPage)[0].findChildren(QSplitter)[0]
        columns.moveSplitter(600, 1)
        share = columns.sizes()[0] / sum(columns.sizes())
        desk.window.show_first()
        await desk.open(*ROWS, page="Runs")
        again = desk.visible(RunsPage)[0].findChildren(QSplitter)[0]
        assert abs(again.sizes()[0] / sum(again.sizes()) - share) < 0.02

    desk.run(story())


# Accessibility

CONTROLS = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.ButtonMenu,
    QAccessible.Role.EditableText,
    QAccessible.Role.ComboBox,
    QAccessible.Role.SpinBox,
    QAccessible.Role.Slider,
    QAccessible.Role.List,
    QAccessible.Role.ListItem,
    QAccessible.Role.ProgressBar,
}


def tree(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield interface
    for number in range(interface.childCount()):
        child = interface.child(number)
        if not child.state().invisible:
            yield from tree(child)


def unnamed(window: QWidget) -> list[str]:
    return [
        f"{node.role().name} in {node.object()!r}"
        for node in tree(accessible(window))
        if node.role() in CONTROLS
        and not node.text(QAccessible.Text.Name).strip()
        and not isinstance(node.object().parent(), SearchField)  # its magnifier is a picture
    ]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("rows", [ROWS, ()], ids=["filled", "empty"])
def test_every_control_has_a_name(desk: Desk, page: str, rows: tuple[object, ...]) -> None:
    async def story() -> None:
        await desk.open(*(ROWS if rows else ()), page=page)
        assert unnamed(desk.window) == []

    desk.run(story())


def test_every_control_of_the_first_page_has_a_name(desk: Desk) -> None:
    async def story() -> None:
        await desk.open_first()
        assert unnamed(desk.window) == []

    desk.run(story())


def tab_stops(desk: Desk, limit: int = 60) -> list[str]:
    """What Tab reaches, in order, once around."""
    found: list[str] = []
    seen: set[QWidget] = set()
    while len(found) < limit:
        QTest.keyClick(QApplication.focusWidget() or desk.window, Qt.Key.Key_Tab)
        widget = QApplication.focusWidget()
        if widget is None or widget in seen:
            break
        seen.add(widget)
        found.append(spoken_name(widget))
    return found


@pytest.mark.parametrize(
    ("page", "controls"),
    [
        ("Runs", ["Search runs", "Shown: All states", "Runs", "Copy the run’s id", "Open folder"]),
        ("Outputs", ["Search outputs", "Open folder", "Outputs", "Cancel download"]),
        ("Settings", ["Leave this account", "Change the output folder…"]),
    ],
)
def test_tab_reaches_the_main_controls(desk: Desk, page: str, controls: list[str]) -> None:
    async def story() -> None:
        await desk.open(*ROWS, page=page)
        reached = tab_stops(desk)
        assert [name for name in (*controls, "Account: Local Mosaic") if name not in reached] == []
        assert set(reached) & set(PAGES), "the rail"
        assert page != "Settings" or {"System", "Light", "Dark"} & set(reached), "arrow keys choose among them"

    desk.run(story())


def test_tab_reaches_both_ways_in(desk: Desk) -> None:
    async def story() -> None:
        await desk.open_first()
        assert {"Try it here", "API key", "Use my API key"} <= set(tab_stops(desk))

    desk.run(story())


# Out of sight


def test_runs_are_looked_at_less_often_while_the_window_is_out_of_sight(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open()
        await engine.start()
        engine.store.fill(Recorded(runs=(run(1, state=RunState.RUNNING, remote_id="r-1"),)))

        async def looks_in(seconds: float) -> int:
            before = desk.service.looks
            for _ in range(int(seconds)):
                desk.clock.advance(1)
                await desk.settle()
            return desk.service.looks - before

        await looks_in(60)
        in_front = await looks_in(60)
        desk.window.hide()
        await until_async(lambda: QGuiApplication.applicationState() is not Qt.ApplicationState.ApplicationActive)
        await desk.settle()
        await looks_in(60)
        assert 0 < await looks_in(60) < in_front
        before = desk.service.looks
        await desk.show()
        await until_async(lambda: desk.service.looks > before)

    desk.run(story())


# Closing


def test_closing_asks_the_application_first(desk: Desk) -> None:
    async def story() -> None:
        await desk.open()
        desk.window.close()
        assert desk.window.isVisible()
        assert desk.close_requests == 1
        desk.window.close_for_good()
        assert not desk.window.isVisible()

    desk.run(story())


def test_size_and_place_are_remembered(desk: Desk) -> None:
    async def first() -> None:
        await desk.open()
        desk.window.resize(900, 650)
        await until_async(lambda: desk.window.size() == QSize(900, 650))

    async def second() -> None:
        assert desk.size_at_first == QSize(900, 650)

    desk.run(first())
    desk.run(second())


def test_leaving_a_workspace_frees_it(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(*ROWS)
        for page in PAGES:
            await desk.press(page)
        pages = desk.window.findChildren(RunsPage) + desk.window.findChildren(OutputsPage)
        alive = [weakref.ref(page) for page in pages] + [weakref.ref(page.model) for page in pages]
        del pages, page
        unseen = len(desk.engine().events._listeners)  # an engine listens to itself
        assert len(engine.events._listeners) > unseen
        desk.window.leave_workspace()
        await until_async(lambda: not desk.window.findChildren(RunsPage))
        gc.collect()
        assert [reference() for reference in alive if reference() is not None] == []
        assert len(engine.events._listeners) == unseen
        engine.events.publish(ServiceReached(None))

    desk.run(story())


def test_a_window_that_closes_as_soon_as_a_workspace_opened_ends_what_that_began(desk: Desk) -> None:
    async def story() -> None:
        await desk.open_first()
        desk.service.hold["list_agents"] = asyncio.Event()
        desk.window.show_workspace(desk.engine(), ACCOUNT)
        began = [task for task in asyncio.all_tasks() if task.get_name().startswith("workspace.")]
        assert began
        await desk.scope.aclose()
        desk.window.close_for_good()
        await until_async(lambda: all(task.cancelled() for task in began))

    desk.run(story())


def test_one_workspace_takes_the_place_of_another(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(*ROWS, page="Runs")
        await desk.open(page="Runs", profile=ACCOUNT)
        assert "Runs appear here" in desk.words()
        await until_async(lambda: len(desk.window.findChildren(RunsPage)) == 1)
        desk.window.show_first()
        await desk.settle()
        assert desk.has_button("Try it here")
        await until_async(lambda: not desk.window.findChildren(RunsPage))

    desk.run(story())
