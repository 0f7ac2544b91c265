"""The balance on the Account page and in the header."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from mosaic_desktop.core.account import Balance, BalanceReading, Forecast, RunCost, SignIn, SignInState
from mosaic_desktop.core.errors import Code, NetworkError, Problem, VaultError
from mosaic_desktop.gui.credits_chip import CreditsChip
from mosaic_desktop.gui.pages.account.chart_card import ChartCard
from mosaic_desktop.gui.widgets.chart import BarChart, LineChart
from mosaic_desktop.gui.widgets.labels import ElidedLabel
from mosaic_desktop.gui.widgets.share_bars import ShareBars
from tests.gui.pages.account.desk import DAY, EMAIL, AccountStory
from tests.gui.pages.desk import Desk, Opened
from tests.gui.widgets.accessible import accessible, spoken_name
from tests.support.waiting import until_async

_DESCRIPTION = QAccessible.Text.Description


@pytest.fixture
def story(desk: Desk) -> AccountStory:
    return AccountStory(desk)


def chip(story: AccountStory) -> CreditsChip:
    return story.desk.visible(CreditsChip)[0]


def test_the_balance_is_in_the_header_of_every_page(story: AccountStory) -> None:
    async def run() -> None:
        story.account.read(18420, 12)
        await story.open("Studio")
        assert spoken_name(chip(story)) == "Credits: 18,420 credits"
        story.account.read(18380)
        await until_async(lambda: spoken_name(chip(story)) == "Credits: 18,380 credits")
        QTest.mouseClick(chip(story), Qt.MouseButton.LeftButton)
        await story.desk.settle()
        assert "Credit balance" in story.desk.words()

    story.desk.run(run())


def test_the_age_in_the_tool_tip_is_that_of_the_moment(story: AccountStory) -> None:
    async def run() -> None:
        story.account.read(18420, 61)
        await story.open("Studio")
        assert chip(story).toolTip().startswith("Read 1 min ago")
        story.account.value = Balance(BalanceReading(time.time() - 200, 18420.0))  # as if time had gone by
        QApplication.sendEvent(chip(story), QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1)))
        assert chip(story).toolTip() == "Read 3 min ago"

    story.desk.run(run())


@pytest.mark.parametrize("state", [SignInState.OUT, SignInState.ENDED])
def test_signed_out_the_header_leads_to_where_to_sign_in(story: AccountStory, state: SignInState) -> None:
    async def run() -> None:
        story.account.state = SignIn(state)
        await story.open("Studio")
        assert spoken_name(chip(story)) == "Sign in for credits"
        assert " with" in accessible(chip(story)).text(_DESCRIPTION), "that work goes on all the same"
        await story.desk.press("Sign in for credits")
        assert story.field("Email").isVisible()

    story.desk.run(run())


def test_low_is_a_word_and_an_icon_not_a_color_alone(story: AccountStory) -> None:
    async def run() -> None:
        story.account.read(96)
        await story.open()
        assert spoken_name(chip(story)) == "Credits: 96 credits, low"
        assert "Low: below 100 credits" in story.desk.words()

    story.desk.run(run())


def test_the_card_tells_age_forecast_and_who(story: AccountStory) -> None:
    async def run() -> None:
        story.account.read(18420, 61)
        story.account.ahead = Forecast(23 * DAY, 14)
        await story.open()
        for words in ("18,420", "read 1 min ago", "Empty in about 23 days", f"Signed in as {EMAIL}"):
            assert words in story.desk.words()

    story.desk.run(run())


def test_a_sign_in_that_is_not_kept_says_so_and_why(story: AccountStory) -> None:
    async def run() -> None:
        problem = VaultError(Code.KEYRING_LOCKED).problem
        story.account.state = SignIn(SignInState.IN, EMAIL, kept=False, problem=problem)
        await story.open()
        assert f"Signed in as {EMAIL}, until you quit" in story.desk.words()
        assert "Your keyring is locked." in story.desk.words()

    story.desk.run(run())


def test_a_reading_that_failed_stays_in_sight_with_the_reason(story: AccountStory) -> None:
    async def run() -> None:
        story.account.read(5000, 300, Problem(Code.UNREACHABLE))
        await story.open()
        assert "5,000" in story.desk.words()
        assert "read 5 min ago. Mosaic cannot be reached." in story.desk.words()

    story.desk.run(run())


def test_the_balance_is_read_on_demand(story: AccountStory) -> None:
    async def run() -> None:
        story.account.read(5000, 300)
        await story.open()
        await story.desk.press("Read the balance now")
        await story.desk.until_says("read just now")
        story.account.fail["read"] = NetworkError(Code.UNREACHABLE, seen=False)
        await story.desk.press("Read the balance now")
        assert story.desk.button("Read the balance now").isEnabled()

    story.desk.run(run())


def test_ages_go_on_only_while_they_are_in_sight(story: AccountStory) -> None:
    async def run() -> None:
        story.account.read(5000, 1)
        await story.open()
        ages = story.page._ages
        assert ages.isActive()
        assert ages.interval() >= 5000
        story.account.value = Balance(BalanceReading(time.time() - 600, 5000.0))
        ages.timeout.emit()
        assert "read 10 min ago" in story.desk.words()
        assert ages.interval() >= 30_000
        await story.desk.press("Studio")
        assert not ages.isActive()

    story.desk.run(run())


def history(story: AccountStory) -> None:
    now = story.now
    story.account.past = tuple(BalanceReading(now - day * DAY, 500 + 10 * day) for day in range(20, -1, -1))
    story.account.spent = (
        RunCost("r1", "Reframe", 60, 40, False, now - DAY),
        RunCost("r2", "Captions", 60, 50, True, now - 60),
    )


def test_the_charts_tell_their_numbers_to_everybody(story: AccountStory) -> None:
    async def run() -> None:
        history(story)
        await story.open()
        line = story.desk.visible(LineChart)[0]
        assert spoken_name(line).startswith("Balance, since ")
        assert ": 700 credits on " in spoken_name(line)
        line.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(line, Qt.Key.Key_End)
        assert accessible(line).text(_DESCRIPTION).endswith(": 500 credits")
        QTest.keyClick(line, Qt.Key.Key_Left)
        assert accessible(line).text(_DESCRIPTION).endswith(": 510 credits")
        await story.desk.press("By run")
        assert spoken_name(story.desk.visible(BarChart)[0]).endswith(", about 50 credits")
        await story.desk.press("By agent")
        assert "Captions: about 50 credits for 1 run; Reframe: 40" in spoken_name(story.desk.visible(ShareBars)[0])
        await story.desk.press("By day")
        assert "90 credits for 2 runs" in spoken_name(story.desk.visible(BarChart)[0])
        assert "Credits used" in story.desk.words()

    story.desk.run(run())


@pytest.mark.parametrize("view", ["Balance", "By run", "By agent", "By day"])
def test_the_period_is_whole_beside_the_sign_in_too(story: AccountStory, view: str) -> None:
    async def run() -> None:
        history(story)
        story.account.state = SignIn(SignInState.OUT)
        await story.open()
        story.desk.window.resize(1024, 720)
        await story.desk.settle()
        await story.desk.press(view)
        await story.desk.settle()
        (chart,) = story.desk.visible(ChartCard)
        periods = [label for label in chart.findChildren(ElidedLabel) if label.text().startswith(("last ", "since "))]
        assert [label.shown_text() for label in periods] == [label.text() for label in periods] != []
        await story.desk.press("Export CSV")
        await save_as(story, story.desk.folder / "mine.csv")
        await story.desk.until_says("Saved mine.csv")

    story.desk.run(run())


def test_without_history_the_charts_say_so_and_nothing_can_be_exported(story: AccountStory) -> None:
    async def run() -> None:
        await story.open()
        assert "Your balance is drawn here from its first reading on." in story.desk.words()
        assert not story.desk.button("Export CSV").isEnabled()

    story.desk.run(run())


async def save_as(story: AccountStory, file: Path) -> None:
    """Types the name of a file into the system's dialog; its folder goes away before it can be written."""
    await until_async(lambda: story.desk.visible(QFileDialog))
    (dialog,) = story.desk.visible(QFileDialog)
    existed = file.parent.is_dir()
    file.parent.mkdir(exist_ok=True)
    dialog.setDirectory(str(file.parent))
    dialog.findChildren(QLineEdit)[0].setText(file.name)
    if not existed:
        file.parent.rmdir()
    dialog.done(QFileDialog.DialogCode.Accepted.value)


@pytest.mark.parametrize(
    ("view", "head"),
    [
        ("Balance", "Time (UTC),Credits"),
        ("By run", "Ended (UTC),Video"),
        ("By agent", "Ended (UTC),Video"),
        ("By day", "Ended (UTC)"),
    ],
)
def test_what_is_drawn_is_exported_to_where_the_user_wants_it(story: AccountStory, view: str, head: str) -> None:
    async def run() -> None:
        history(story)
        await story.open()
        await story.desk.press(view)
        await story.desk.press("Export CSV")
        file = story.desk.folder / "mine.csv"
        await save_as(story, file)
        await story.desk.until_says("Saved mine.csv")
        assert file.read_text(encoding="utf-8-sig").startswith(head)
        opened = Opened()
        await story.desk.press("Show in folder")
        await until_async(lambda: opened.paths == [file.parent])
        opened.stop()

    story.desk.run(run())


def test_what_cannot_be_saved_is_said(story: AccountStory) -> None:
    async def run() -> None:
        history(story)
        await story.open()
        await story.desk.press("Export CSV")
        await save_as(story, story.desk.folder / "gone" / "x.csv")
        await story.desk.until_says("x.csv was not saved: No such file or directory. Choose another folder.")

    story.desk.run(run())


def test_nothing_listens_when_the_workspace_is_left(story: AccountStory) -> None:
    async def run() -> None:
        await story.open()
        assert len(story.account.listeners) >= 3
        story.desk.window.leave_workspace()
        assert len(story.account.listeners) == 0
        assert len(story.webhooks.listeners) == 0
        story.account.read(1)

    story.desk.run(run())
