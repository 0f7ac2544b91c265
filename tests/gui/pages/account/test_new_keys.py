"""Creating a key, and replacing the one that the app works with."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from mosaic_desktop.core.errors import AuthError, Code, NetworkError, VaultError
from tests.gui.pages.account.desk import PLAINTEXT, AccountStory, keys_of
from tests.gui.pages.desk import Desk
from tests.support.waiting import until_async

AWAY = NetworkError(Code.UNREACHABLE, seen=False)
LOST = NetworkError(Code.INTERRUPTED, seen=True)


@pytest.fixture
def story(desk: Desk) -> AccountStory:
    found = AccountStory(desk)
    found.account.kept = keys_of(found.now)
    return found


async def opened(story: AccountStory) -> None:
    await story.open()
    await until_async(lambda: story.rows())


# Creating


def test_a_new_key_is_masked_shown_on_purpose_and_copied(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.desk.press("Create key")
        dialog = await story.dialog()
        await story.press_in(dialog, "Create key")
        assert "mk_live_••••••••••••••••77fe" in story.says(dialog)
        assert PLAINTEXT not in story.says(dialog)
        await story.press_in(dialog, "Show the API key")
        assert PLAINTEXT in story.says(dialog)
        await story.press_in(dialog, "Hide the API key")
        assert PLAINTEXT not in story.says(dialog)
        await story.press_in(dialog, "Copy the API key")
        assert QGuiApplication.clipboard().text() == PLAINTEXT
        await story.press_in(dialog, "Done")
        await story.until_gone()
        await until_async(lambda: len(story.rows()) == 4)
        story.desk.window.leave_workspace()
        assert QGuiApplication.clipboard().text() == "", "left behind by the page"

    story.desk.run(run())


def test_a_new_key_is_taken_into_use(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.desk.press("Create key")
        dialog = await story.dialog()
        story.type("Webhook address", "https://hooks.example/x")
        await story.press_in(dialog, "Create key")
        story.account.fail["use"] = VaultError(Code.KEYRING_LOCKED)
        await story.press_in(dialog, "Use in this profile")
        assert "Your keyring is locked." in story.says(dialog)
        await story.press_in(dialog, "Use in this profile")
        await until_async(lambda: "This app works with the new key from here on." in story.says(dialog))
        assert "mk_live_…77fe, this app" in story.rows()[3], "the list says the same"
        await story.press_in(dialog, "Done")
        await story.until_gone()
        assert story.account.used is not None
        assert story.account.used.webhook_url == "https://hooks.example/x"

    story.desk.run(run())


def test_a_key_that_nobody_has_is_not_thrown_away_without_a_word(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.desk.press("Create key")
        dialog = await story.dialog()
        await story.press_in(dialog, "Create key")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert "Nobody has this key yet" in story.says(dialog)
        await story.press_in(dialog, "Close anyway")
        await story.until_gone()

    story.desk.run(run())


def test_once_the_key_is_copied_nothing_says_that_it_would_be_lost(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.desk.press("Create key")
        dialog = await story.dialog()
        await story.press_in(dialog, "Create key")
        await story.press_in(dialog, "Done")
        assert "Nobody has this key yet" in story.says(dialog)
        await story.press_in(dialog, "Copy the API key")
        assert "Nobody has this key yet" not in story.says(dialog)
        assert "The clipboard forgets it after a minute" in story.says(dialog)
        await story.press_in(dialog, "Done")
        await story.until_gone()

    story.desk.run(run())


def test_while_a_key_is_made_the_dialog_waits_for_the_answer(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.desk.press("Create key")
        dialog = await story.dialog()
        story.account.hold["create"] = asyncio.Event()
        await story.press_in(dialog, "Create key")
        assert "Creating the key…" in story.says(dialog)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        dialog.close()
        await story.desk.settle()
        assert dialog.isVisible()
        story.account.hold.pop("create").set()
        await until_async(lambda: "Mosaic shows this key" in story.says(dialog))
        await story.press_in(dialog, "Copy the API key")
        await story.press_in(dialog, "Done")
        await story.until_gone()
        assert [words for words in story.account.asked if words.startswith("create")] == ["create without webhook"]

    story.desk.run(run())


def test_a_lost_answer_says_that_there_may_be_a_key(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.desk.press("Create key")
        dialog = await story.dialog()
        story.account.fail["create"] = LOST
        await story.press_in(dialog, "Create key")
        assert "A key may have been made all the same" in story.says(dialog)
        story.account.fail["create"] = AWAY
        await story.press_in(dialog, "Create key")
        assert "A key may have been made" not in story.says(dialog)
        await story.press_in(dialog, "Cancel")
        await story.until_gone()

    story.desk.run(run())


def test_a_wrong_webhook_is_refused_before_a_key_is_made(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.desk.press("Create key")
        dialog = await story.dialog()
        story.type("Webhook address", "hooks.example")
        QTest.keyClick(story.field("Webhook address"), Qt.Key.Key_Return)
        await story.desk.settle()
        assert "An address begins with https://" in story.says(dialog)
        assert not any(words.startswith("create") for words in story.account.asked)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await story.until_gone()

    story.desk.run(run())


# Replacing


def test_the_own_key_is_replaced_step_by_step_and_revoked_only_when_told_to(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        before = len(story.account.asked)
        await story.menu(0, "Replace this key…")
        dialog = await story.dialog()
        assert "A new key takes the place of the one this app works with." in story.says(dialog)
        layout = dialog.layout()
        assert layout is not None
        assert dialog.height() >= layout.totalHeightForWidth(dialog.width()), "all of it can be read"
        await story.press_in(dialog, "Replace key")
        await until_async(lambda: "This app works with the new key now." in story.says(dialog))
        done = [words for words in story.account.asked[before:] if words != "keys"]
        assert done == ["create http://127.0.0.1:8765/mosaic", "check mk_live_…77fe", "use key-4"]
        await story.press_in(dialog, "Revoke the old key")
        await until_async(lambda: "The old key is refused from here on." in story.says(dialog))
        await story.press_in(dialog, "Done")
        await story.until_gone()
        assert [key.id for key in story.account.kept if key.is_own] == ["key-4"]
        assert "k-own" not in [key.id for key in story.account.kept]

    story.desk.run(run())


def test_both_keys_can_be_kept(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.menu(0, "Replace this key…")
        dialog = await story.dialog()
        await story.press_in(dialog, "Replace key")
        await until_async(lambda: "Keep both" in story.buttons(dialog))
        await story.press_in(dialog, "Keep both")
        await story.until_gone()
        assert not any(words.startswith("revoke") for words in story.account.asked)
        await until_async(lambda: "this app" in story.rows()[3])

    story.desk.run(run())


def test_replacing_stops_safely_after_a_step_and_goes_on(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        story.account.hold["create"] = asyncio.Event()
        await story.menu(0, "Replace this key…")
        dialog = await story.dialog()
        await story.press_in(dialog, "Replace key")
        assert "Create a new key: creating…" in story.says(dialog)
        await story.press_in(dialog, "Stop")
        assert "It stops after this step." in story.says(dialog)
        story.account.hold.pop("create").set()
        await until_async(lambda: "this app still works with the old one" in story.says(dialog))
        assert not any(words.startswith("check") for words in story.account.asked)
        await story.press_in(dialog, "Go on")
        await until_async(lambda: "This app works with the new key now." in story.says(dialog))
        await story.press_in(dialog, "Keep both")
        await story.until_gone()

    story.desk.run(run())


@pytest.mark.parametrize(
    ("verb", "error", "words"),
    [
        ("create", AWAY, "Mosaic cannot be reached."),
        ("create", LOST, "A key may have been made all the same"),
        ("check", AuthError(Code.INVALID_KEY), "does not accept"),
        ("use", VaultError(Code.KEYRING_LOCKED), "Your keyring is locked."),
    ],
)
def test_a_step_that_fails_says_why_and_is_tried_again_alone(
    story: AccountStory, verb: str, error: AuthError | NetworkError | VaultError, words: str
) -> None:
    async def run() -> None:
        await opened(story)
        story.account.fail[verb] = error
        await story.menu(0, "Replace this key…")
        dialog = await story.dialog()
        await story.press_in(dialog, "Replace key")
        await until_async(lambda: words in story.says(dialog))
        assert "did not work" in story.says(dialog)
        await story.press_in(dialog, "Try again")
        await until_async(lambda: "Keep both" in story.buttons(dialog))
        assert sum(asked.startswith("create") for asked in story.account.asked) == (2 if verb == "create" else 1)
        await story.press_in(dialog, "Keep both")
        await story.until_gone()

    story.desk.run(run())


def test_a_new_key_that_does_not_work_is_taken_back(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        story.account.fail["check"] = AuthError(Code.INVALID_KEY)
        await story.menu(0, "Replace this key…")
        dialog = await story.dialog()
        await story.press_in(dialog, "Replace key")
        await until_async(lambda: "Revoke the new key" in story.buttons(dialog))
        story.account.fail["revoke"] = AWAY
        await story.press_in(dialog, "Revoke the new key")
        assert "Mosaic cannot be reached." in story.says(dialog)
        await story.press_in(dialog, "Revoke the new key")
        await story.until_gone()
        assert [key.id for key in story.account.kept if key.is_own] == ["k-own"]
        assert len(story.account.kept) == 3
        await until_async(lambda: len(story.rows()) == 3)

    story.desk.run(run())


def test_the_old_key_stays_until_it_is_revoked_for_sure(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        story.account.fail["revoke"] = AWAY
        await story.menu(0, "Replace this key…")
        dialog = await story.dialog()
        await story.press_in(dialog, "Replace key")
        await until_async(lambda: "Revoke the old key" in story.buttons(dialog))
        await story.press_in(dialog, "Revoke the old key")
        await until_async(lambda: "Mosaic cannot be reached." in story.says(dialog))
        await story.press_in(dialog, "Try again")
        await until_async(lambda: "The old key is refused" in story.says(dialog))
        await story.press_in(dialog, "Done")
        await story.until_gone()

    story.desk.run(run())
