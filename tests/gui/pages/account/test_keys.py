"""The keys on the Account page: what they show, their webhooks, and revoking."""

import asyncio

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest

from mosaic_desktop.core.account import ApiKey, SignIn, SignInState
from mosaic_desktop.core.errors import AuthError, Code, NetworkError
from mosaic_desktop.gui.pages.account.words import OWN_KEY_MISSING
from mosaic_desktop.gui.widgets.record_delegate import RecordDelegate
from tests.gui.pages.account.desk import AccountStory, keys_of
from tests.gui.pages.desk import Desk
from tests.gui.widgets.accessible import accessible
from tests.support.waiting import until_async

AWAY = NetworkError(Code.UNREACHABLE, seen=False)


@pytest.fixture
def story(desk: Desk) -> AccountStory:
    found = AccountStory(desk)
    found.account.kept = keys_of(found.now)
    return found


async def opened(story: AccountStory) -> None:
    await story.open()
    await until_async(lambda: story.rows())


def test_every_key_says_what_is_known_of_it(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        own, other, unused = story.rows()
        assert own.startswith("mk_live_…a1b2, this app, created ")
        assert own.endswith(", last used just now, webhook http://127.0.0.1:8765/mosaic")
        assert other.startswith("mk_live_…77fe, created ")
        assert other.endswith(", last used 2 days ago, webhook none")
        assert unused.startswith("Key 9c1d2e3f…")
        assert "last used never" in unused
        assert "API keys" in story.desk.words()
        interface = accessible(story.table())
        assert interface.role() == QAccessible.Role.Table
        spoken = [interface.child(number).text(QAccessible.Text.Name) for number in range(interface.childCount())]
        assert {"Key", "Created", "Last used", "Webhook", own, other, unused, "never", "none"} <= set(spoken)

    story.desk.run(run())


def test_keys_without_the_own_one_may_be_those_of_another_account(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        assert OWN_KEY_MISSING not in story.desk.words()
        story.account.kept = story.account.kept[1:]
        await story.desk.press("Studio")
        await story.desk.press("Account")
        await story.desk.until_says(OWN_KEY_MISSING)

    story.desk.run(run())


def test_without_keys_the_page_invites(story: AccountStory) -> None:
    async def run() -> None:
        story.account.kept = []
        await story.open()
        await story.desk.until_says("No API keys yet")

    story.desk.run(run())


def test_while_they_are_read_and_when_that_fails(story: AccountStory) -> None:
    async def run() -> None:
        story.account.hold["keys"] = asyncio.Event()
        story.account.fail["keys"] = AWAY
        await story.open()
        await story.desk.until_says("Reading your keys…")
        assert not story.desk.button("Create key").isEnabled()
        story.account.hold.pop("keys").set()
        await story.desk.until_says("The keys could not be read")
        assert "Mosaic cannot be reached." in story.desk.words()
        await story.desk.press("Try again")
        await until_async(lambda: len(story.rows()) == 3)

    story.desk.run(run())


def test_keys_that_were_read_stay_when_reading_them_again_fails(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.desk.press("Studio")
        story.account.fail["keys"] = AWAY
        await story.desk.press("Account")
        await until_async(lambda: not story.account.fail)
        await story.desk.until_says("The list may be old. Mosaic cannot be reached.")
        assert len(story.rows()) == 3

    story.desk.run(run())


def test_the_id_is_copied(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.menu(1, "Copy id")
        assert QGuiApplication.clipboard().text() == story.account.kept[1].id

    story.desk.run(run())


def test_the_dots_open_the_menu(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        table = story.table()
        delegate = table.itemDelegate()
        assert isinstance(delegate, RecordDelegate)
        cell = table.visualRect(table.records.index(1, 3))
        spot = delegate.menu_rect(cell).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(spot))
        await until_async(story.menus)
        (menu,) = story.menus()
        words = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
        menu.close()
        assert words == ["Copy id", "Set webhook…", "Revoke…"]
        assert table.current_key() == story.account.kept[1].id

    story.desk.run(run())


def test_only_the_own_key_can_be_replaced(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        table = story.table()
        table.setCurrentIndex(table.records.index(0, 0))
        assert {"replace", "change_webhook", "remove_webhook"} <= set(table._open_actions())  # type: ignore[attr-defined]

    story.desk.run(run())


def test_a_key_is_revoked_only_after_asking_and_gone_only_after_the_answer(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.menu(1, "Revoke…")
        box = await story.desk.question()
        assert "Programs that use it will be refused at once; runs in flight go on." in box.informativeText()
        await story.desk.answer("Cancel")
        assert not any(words.startswith("revoke") for words in story.account.asked)
        story.account.hold["revoke"] = asyncio.Event()
        await story.menu(1, "Revoke…")
        await story.desk.answer("Revoke")
        assert "mk_live_…77fe, revoking…" in story.rows()[1]
        story.account.hold.pop("revoke").set()
        await until_async(lambda: len(story.rows()) == 2)

    story.desk.run(run())


def test_the_own_key_is_revoked_after_a_stronger_word(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        table = story.table()
        table.setFocus()
        table.setCurrentIndex(table.records.index(0, 0))
        QTest.keyClick(table, Qt.Key.Key_Delete)
        box = await story.desk.question()
        assert "This app works with this key." in box.informativeText()
        await story.desk.answer("Revoke anyway")
        await until_async(lambda: len(story.rows()) == 2)

    story.desk.run(run())


def test_a_key_that_is_not_revoked_stays_and_says_why(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        story.account.fail["revoke"] = AWAY
        await story.menu(1, "Revoke…")
        await story.desk.answer("Revoke")
        await story.desk.until_says("mk_live_…77fe was not revoked. Mosaic cannot be reached.")
        assert len(story.rows()) == 3
        assert "revoking" not in story.rows()[1]

    story.desk.run(run())


def test_a_lost_answer_claims_nothing_and_the_list_tells(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        gone = story.account.kept.pop(1)  # it was revoked, and nobody heard of it
        story.account.fail["revoke"] = NetworkError(Code.INTERRUPTED, seen=True)
        await story.menu(1, "Revoke…")
        await story.desk.answer("Revoke")
        await story.desk.until_says(f"Perhaps {gone.hint} was revoked: the answer was lost.")
        await until_async(lambda: len(story.rows()) == 2)

    story.desk.run(run())


def test_a_webhook_is_set_checked_and_removed(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.menu(1, "Set webhook…")
        dialog = await story.dialog()
        story.type("Webhook address", "http://hooks.example/x")
        QTest.keyClick(story.field("Webhook address"), Qt.Key.Key_Return)
        assert "Only an address on this computer may begin with http://." in story.says(dialog)
        story.type("Webhook address", "https://hooks.example/x")
        story.account.fail["webhook"] = AWAY
        await story.press_in(dialog, "Save webhook")
        assert "Mosaic cannot be reached." in story.says(dialog)
        await story.press_in(dialog, "Save webhook")
        await story.until_gone()
        await until_async(lambda: "webhook https://hooks.example/x" in story.rows()[1])
        await story.menu(1, "Remove webhook")
        await until_async(lambda: "webhook none" in story.rows()[1])

    story.desk.run(run())


def test_a_webhook_is_shown_only_once_the_service_has_it(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        story.account.hold["webhook"] = asyncio.Event()
        await story.menu(0, "Remove webhook")
        assert "saving…" in story.rows()[0]
        assert "webhook http://127.0.0.1:8765/mosaic" in story.rows()[0]
        story.account.fail["webhook"] = AWAY
        story.account.hold.pop("webhook").set()
        await story.desk.until_says("The webhook of mk_live_…a1b2 was not removed. Mosaic cannot be reached.")
        assert "saving" not in story.rows()[0]

    story.desk.run(run())


def test_the_own_receiver_is_one_click_away(story: AccountStory) -> None:
    async def run() -> None:
        await story.webhooks.start(8765)
        await opened(story)
        await story.menu(1, "Set webhook…")
        dialog = await story.dialog()
        await story.press_in(dialog, "Fill in the address of this app’s receiver")
        await story.press_in(dialog, "Save webhook")
        await story.until_gone()
        await until_async(lambda: "webhook http://127.0.0.1:8765/mosaic" in story.rows()[1])

    story.desk.run(run())


def test_a_dialog_goes_with_its_workspace(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        await story.menu(1, "Set webhook…")
        await story.dialog()
        story.desk.window.leave_workspace()
        await story.until_gone()

    story.desk.run(run())


def test_the_row_with_the_keyboard_keeps_it_when_others_go(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        table = story.table()
        table.set_current_key(story.account.kept[2].id)
        story.account.kept.pop(0)
        story.page._access.keys.keys.load()
        await until_async(lambda: len(story.rows()) == 2)
        assert table.current_key() == story.account.kept[1].id

    story.desk.run(run())


def test_a_list_that_comes_too_late_brings_no_revoked_key_back(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        keys = story.page._access.keys.keys
        old = story.account.hold["keys"] = asyncio.Event()
        keys.load()  # its answer would have the key still
        await story.desk.settle()
        story.account.hold.pop("keys")
        await keys.revoke(story.account.kept[1].id)
        old.set()
        await story.desk.settle()
        assert len(story.rows()) == 2

    story.desk.run(run())


def test_a_session_that_ends_meanwhile_asks_to_sign_in(story: AccountStory) -> None:
    async def run() -> None:
        await opened(story)
        story.account.fail["revoke"] = AuthError(Code.SESSION_ENDED)
        await story.menu(1, "Revoke…")
        await story.desk.answer("Revoke")
        story.account.change(SignIn(SignInState.ENDED))
        await story.desk.until_says("Sign in to see, create and revoke the keys")
        assert not story.desk.visible(type(story.page._access.keys.table))

    story.desk.run(run())


def test_a_thousand_keys_are_shown_at_once(story: AccountStory) -> None:
    async def run() -> None:
        story.account.kept = [ApiKey(f"id-{number}", story.now, hint=f"mk_…{number:04}") for number in range(1000)]
        await opened(story)
        assert len(story.rows()) == 1000
        assert "1000" in story.desk.words()

    story.desk.run(run())
