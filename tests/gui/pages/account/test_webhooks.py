"""The receiver on the Account page."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox

from mosaic_desktop.core.account import ReceiverState, SignIn, SignInState, Verdict
from mosaic_desktop.core.errors import Code, MosaicError, Problem
from mosaic_desktop.gui.pages.account.words import REACH, REACH_LOCAL
from mosaic_desktop.gui.widgets.switch import Switch
from tests.gui.pages.account.desk import DAY, AccountStory
from tests.gui.pages.desk import LOCAL, Desk
from tests.support.waiting import until_async


@pytest.fixture
def story(desk: Desk) -> AccountStory:
    return AccountStory(desk)


async def opened(story: AccountStory) -> None:
    await story.open()
    await story.desk.press("Webhooks")


def switch(story: AccountStory) -> Switch:
    return story.desk.visible(Switch)[0]


def is_kept_on(story: AccountStory) -> bool:
    return story.desk.settings.value.webhooks


def test_the_receiver_is_off_until_it_is_turned_on(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        assert not switch(story).isChecked()
        assert not story.desk.button("Send a test").isEnabled()
        assert "No deliveries yet" in story.desk.words()
        assert REACH in story.desk.words()
        await story.desk.press("Receiver")
        await until_async(lambda: story.webhooks.state.url)
        await until_async(switch(story).isEnabled)
        assert story.field("Address of the receiver").text() == "http://127.0.0.1:8765/mosaic"
        assert is_kept_on(story)
        await story.desk.press("Copy the receiver’s address")
        assert QGuiApplication.clipboard().text() == "http://127.0.0.1:8765/mosaic"
        await story.desk.press("Receiver")
        await until_async(lambda: story.webhooks.state.url is None and switch(story).isEnabled())
        assert not is_kept_on(story)
        assert story.field("Address of the receiver").text() == ""

    story.desk.run(run())


def test_the_local_mosaic_reaches_the_receiver_as_it_is(story: AccountStory) -> None:
    async def run() -> None:
        await story.open(profile=LOCAL)
        await story.desk.press("Webhooks")
        assert REACH_LOCAL in story.desk.words()

    story.desk.run(run())


def test_a_port_that_is_taken_is_said_and_another_one_chosen(story: AccountStory) -> None:
    async def run() -> None:
        story.webhooks.taken = (8765,)
        await opened(story)
        await story.desk.press("Receiver")
        await story.desk.until_says("Another program uses this port. Choose another one.")
        await until_async(switch(story).isEnabled)
        assert not switch(story).isChecked()
        assert not is_kept_on(story)
        set_port(story, "9001")
        assert story.desk.settings.value.webhook_port == 9001
        await until_async(lambda: story.webhooks.state.url == "http://127.0.0.1:9001/mosaic")
        await until_async(lambda: "Another program" not in story.desk.words())
        set_port(story, "9002")
        await until_async(lambda: story.webhooks.state.url == "http://127.0.0.1:9002/mosaic")
        assert switch(story).isChecked()
        await until_async(switch(story).isEnabled)
        assert story.desk.window.focusWidget() is story.desk.visible(QDoubleSpinBox)[0]

    story.desk.run(run())


def set_port(story: AccountStory, port: str) -> None:
    spin = story.desk.visible(QDoubleSpinBox)[0]
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, port)
    QTest.keyClick(spin, Qt.Key.Key_Return)


def test_the_switch_waits_until_it_is_known_how_it_went(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        story.webhooks.hold = asyncio.Event()
        await story.desk.press("Receiver")
        assert not switch(story).isEnabled()
        story.webhooks.hold.set()
        await until_async(switch(story).isEnabled)
        assert switch(story).isChecked()

    story.desk.run(run())


def test_a_receiver_that_ends_by_itself_is_seen_to(story: AccountStory) -> None:
    async def run() -> None:
        await story.webhooks.start(8765)
        await opened(story)
        assert switch(story).isChecked()
        story.webhooks.state = ReceiverState(None, Problem(Code.RECEIVER_FAILED))
        story.webhooks.listeners.tell()
        await story.desk.until_says("The receiver stopped.")
        assert not switch(story).isChecked()
        assert story.webhooks.state.url is None, "it was not turned off by the switch that followed it"

    story.desk.run(run())


def test_deliveries_come_with_their_verdict_and_what_it_means(story: AccountStory) -> None:
    async def run() -> None:
        await story.webhooks.start(8765)
        story.webhooks.arrive(Verdict.FORGED, age=2 * DAY)
        story.webhooks.arrive(Verdict.ACCEPTED, "agent_run.completed", 130)
        await opened(story)
        accepted, forged = story.rows("Deliveries")
        assert accepted.startswith("Run finished, Accepted, 2 min ago.")
        assert forged.startswith("not read, Forged, ")
        assert forged.endswith("Not signed with a key that this app works with, so it was ignored.")
        story.webhooks.state = ReceiverState(story.webhooks.state.url, unlisted=3)
        story.webhooks.listeners.tell()
        await story.desk.until_says("3 more were refused, too fast to be listed.")

    story.desk.run(run())


def test_a_test_delivery_arrives_or_says_why_not(story: AccountStory) -> None:
    async def run() -> None:
        await story.webhooks.start(8765)
        await opened(story)
        await story.desk.press("Send a test")
        await until_async(lambda: story.rows("Deliveries"))
        assert story.rows("Deliveries")[0].startswith("Test, Arrived, ")
        story.webhooks.fail = MosaicError(Code.NO_KEY)
        await story.desk.press("Send a test")
        await story.desk.until_says("The test did not arrive.")
        await until_async(story.desk.button("Send a test").isEnabled)

    story.desk.run(run())


def test_a_page_without_a_receiver_shows_keys_alone(story: AccountStory) -> None:
    async def run() -> None:
        await story.open(webhooks=False)
        assert not story.desk.has_button("Webhooks")

    story.desk.run(run())


def test_webhooks_can_be_used_while_signed_out(story: AccountStory) -> None:
    async def run() -> None:
        story.account.state = SignIn(SignInState.OUT)
        await opened(story)
        await story.desk.press("Receiver")
        await until_async(lambda: story.webhooks.state.url)

    story.desk.run(run())
