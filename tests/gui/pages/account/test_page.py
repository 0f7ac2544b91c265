"""The Account page as a whole: names, keyboard, sizes, themes, and that nothing of it stays behind."""

import asyncio
import gc
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from mosaic_desktop.core.account import BalanceReading, Forecast, RunCost, SignIn, SignInState, Verdict
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.gui.pages.account.page import AccountPage
from mosaic_desktop.gui.theme.palette import DARK, LIGHT
from mosaic_desktop.gui.theme.theme import ThemeMode
from tests.gui.pages.account.desk import DAY, EMAIL, AccountStory, keys_of
from tests.gui.pages.desk import Desk
from tests.gui.test_main_window import colors, tab_stops, unnamed
from tests.support.waiting import until_async


def fill(story: AccountStory) -> None:
    now = story.now
    story.account.kept = keys_of(now)
    story.account.past = tuple(BalanceReading(now - day * DAY, 500 + 10 * day) for day in range(20, -1, -1))
    story.account.spent = (RunCost("r1", "Reframe", 60, 40, False, now - DAY),)
    story.account.ahead = Forecast(23 * DAY, 14)
    story.account.read(18420, 12)


def listen(story: AccountStory) -> None:
    fill(story)
    for verdict in Verdict:
        story.webhooks.arrive(verdict, "agent_run.completed", 60)


def sign_out(story: AccountStory) -> None:
    story.account.state = SignIn(SignInState.OUT)


def end(story: AccountStory) -> None:
    fill(story)
    story.account.state = SignIn(SignInState.ENDED, EMAIL)


def take_away(story: AccountStory) -> None:
    story.account.state = SignIn(SignInState.UNAVAILABLE)


def break_off(story: AccountStory) -> None:
    fill(story)
    story.account.read(96, 7300, Problem(Code.UNREACHABLE))


@pytest.fixture
def story(desk: Desk) -> AccountStory:
    return AccountStory(desk)


SCENES = {
    "filled": (fill, "Keys"),
    "receiver": (listen, "Webhooks"),
    "signed out": (sign_out, "Keys"),
    "ended": (end, "Keys"),
    "no address": (take_away, "Keys"),
    "offline": (break_off, "Keys"),
}


async def show(story: AccountStory, name: str) -> None:
    prepare, view = SCENES[name]
    prepare(story)
    await story.open()
    await story.desk.settle()
    await story.desk.press(view)


@pytest.mark.parametrize("name", SCENES)
def test_every_control_has_a_name(story: AccountStory, name: str) -> None:
    async def run() -> None:
        await show(story, name)
        assert unnamed(story.desk.window) == []

    story.desk.run(run())


@pytest.mark.parametrize("opening", ["Create key", "Set webhook…", "Replace this key…"])
def test_every_control_of_a_dialog_has_a_name(story: AccountStory, opening: str) -> None:
    async def run() -> None:
        await show(story, "filled")
        await until_async(lambda: story.rows())
        if opening == "Create key":
            await story.desk.press(opening)
        else:
            await story.menu(0 if opening.startswith("Replace") else 1, opening)
        dialog = await story.dialog()
        assert unnamed(dialog) == []
        assert dialog.accessibleName() or dialog.windowTitle()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await story.until_gone()

    story.desk.run(run())


@pytest.mark.parametrize(
    ("name", "controls"),
    [
        ("filled", ["Read the balance now", "Sign out", "Balance", "Export CSV", "Keys", "Create key", "API keys"]),
        ("receiver", ["Send a test", "Receiver", "Port", "Deliveries"]),
        ("signed out", ["Email", "Password", "Paste a session token", "Sign in", "Sign in for credits"]),
        ("no address", ["Open Settings", "Paste a session token"]),
    ],
)
def test_tab_reaches_everything(story: AccountStory, name: str, controls: list[str]) -> None:
    async def run() -> None:
        if name == "receiver":
            await story.webhooks.start(8765)
        await show(story, name)
        reached = tab_stops(story.desk)
        assert [control for control in controls if control not in reached] == [], reached
        if name == "filled":
            assert any(each.startswith("Balance, since ") for each in reached), "the chart"

    story.desk.run(run())


def test_the_keyboard_goes_with_the_user_to_the_page(story: AccountStory) -> None:
    async def run() -> None:
        fill(story)
        await story.open("Settings")
        story.desk.button("Change the output folder…").setFocus()
        QTest.keyClick(story.desk.window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
        await story.desk.settle()
        assert QApplication.focusWidget() is story.page

    story.desk.run(run())


@pytest.mark.parametrize("size", [QSize(760, 560), QSize(1024, 700), QSize(1280, 800)], ids=str)
@pytest.mark.parametrize("name", SCENES)
def test_nothing_is_wider_than_the_window(story: AccountStory, name: str, size: QSize) -> None:
    async def run() -> None:
        story.desk.window.resize(size)
        await show(story, name)
        await until_async(lambda: story.desk.window.size() == size)
        await story.desk.settle()
        assert story.page.horizontalScrollBar().maximum() == 0
        for widget in story.desk.visible(QWidget):
            parent = widget.parentWidget()
            if parent is None or widget.isWindow() or "scrollarea" in parent.objectName():
                continue
            assert widget.geometry().right() <= parent.width(), (widget, parent)

    story.desk.run(run())


@pytest.mark.parametrize(
    ("name", "view", "size"),
    [
        ("ended", "Keys", QSize(1024, 720)),
        ("ended", "Webhooks", QSize(1280, 800)),
        ("signed out", "Keys", QSize(1024, 720)),
        ("receiver", "Webhooks", QSize(1280, 800)),
        ("filled", "Keys", QSize(1024, 720)),
    ],
)
def test_at_usual_sizes_all_of_it_is_in_sight(story: AccountStory, name: str, view: str, size: QSize) -> None:
    async def run() -> None:
        story.desk.window.resize(size)
        await show(story, name)
        await story.desk.press(view)
        await until_async(lambda: story.desk.window.size() == size)
        await story.desk.settle()
        assert story.page.verticalScrollBar().maximum() == 0

    story.desk.run(run())


@pytest.mark.parametrize("name", SCENES)
def test_a_change_of_theme_leaves_no_color_behind(story: AccountStory, name: str) -> None:
    async def run() -> None:
        await show(story, name)
        story.desk.theme.set_mode(ThemeMode.DARK)
        await story.desk.settle()
        assert colors(story.desk.window.grab().toImage(), LIGHT.window, LIGHT.surface, LIGHT.raised) < 20
        story.desk.theme.set_mode(ThemeMode.LIGHT)
        await story.desk.settle()
        assert colors(story.desk.window.grab().toImage(), DARK.window, DARK.surface, DARK.raised) < 20

    story.desk.run(run())


def test_leaving_a_workspace_frees_the_page(story: AccountStory) -> None:
    async def run() -> None:
        await show(story, "receiver")
        alive = weakref.ref(story.page)
        story.desk.window.leave_workspace()
        await until_async(lambda: not story.desk.window.findChildren(AccountPage))
        gc.collect()
        assert alive() is None
        story.account.listeners.tell()
        story.webhooks.listeners.tell()

    story.desk.run(run())


LEFT_IN_THE_MIDDLE: dict[str, Callable[[AccountStory], None]] = {
    "keys": lambda story: None,
    "sign": sign_out,
}


@pytest.mark.parametrize("verb", LEFT_IN_THE_MIDDLE)
def test_a_page_that_is_left_in_the_middle_of_a_call_ends_it(story: AccountStory, verb: str) -> None:
    async def run() -> None:
        LEFT_IN_THE_MIDDLE[verb](story)
        story.account.hold[verb] = asyncio.Event()
        await story.open()
        if verb == "sign":
            story.type("Email", EMAIL)
            story.type("Password", "x")
            QTest.keyClick(story.field("Password"), Qt.Key.Key_Return)
        await story.desk.settle()
        began = [task for task in asyncio.all_tasks() if task.get_name().startswith("workspace.")]
        assert began
        story.desk.window.leave_workspace()
        await until_async(lambda: all(task.done() for task in began))
        await until_async(lambda: not story.desk.window.findChildren(AccountPage))

    story.desk.run(run())
