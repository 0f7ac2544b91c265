"""The first page: the way back to the accounts of earlier, whose keys the keyring holds."""

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLineEdit

from mosaic_desktop.core.errors import AuthError, Code, JournalError, MosaicError, VaultError
from mosaic_desktop.core.ports import VaultState
from mosaic_desktop.gui.widgets.buttons import Button, ButtonKind
from tests.gui.pages.desk import ACCOUNT, LOCAL, Desk
from tests.support.waiting import until_async

HINT = "mk_live_…a1b2"
LOCKED = VaultError(Code.KEYRING_LOCKED)
BACK = f"Continue with {HINT}"


@pytest.fixture(autouse=True)
def account_of_earlier(desk: Desk) -> None:
    desk.gateway.profiles = (ACCOUNT, LOCAL)


async def go_on(desk: Desk) -> None:
    """The application starts, and the account was open last."""
    desk.window.show_first(go_on=ACCOUNT.id)
    await desk.show()


def primary(desk: Desk) -> list[str]:
    return [button.text() for button in desk.visible(Button) if button.kind is ButtonKind.PRIMARY]


# While the user may choose


def test_a_kept_key_is_one_click_away(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.kept = HINT
        await desk.open_first()
        await desk.until_says("Its key is in your keyring (GNOME Keyring).")
        assert primary(desk) == [BACK]
        assert desk.button(BACK).hasFocus()
        await desk.press(BACK)
        assert desk.gateway.asked == ["open account"]

    desk.run(story())


def test_without_an_account_of_earlier_there_is_nothing_to_go_back_to(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.profiles = (LOCAL,)
        await desk.open_first()
        await desk.until_says("GNOME Keyring")
        assert not desk.has_button("Continue")
        assert primary(desk) == ["Try it here"]

    desk.run(story())


def test_an_account_without_a_kept_key_asks_for_it_and_keeps_its_work(desk: Desk) -> None:
    async def story() -> None:
        await desk.open_first()
        await desk.until_says("Its key is not kept, so it has to be entered again.")
        assert primary(desk) == ["Try it here"]
        await desk.press("Enter its key")
        await desk.until_says(f"The key of “{ACCOUNT.title}”")
        desk.visible(QLineEdit)[0].setText("mk_live_abcdefgh1234")
        await desk.press("Use this key")
        assert desk.gateway.asked == ["give account the key mk_live_abcdefgh1234", "open account"]
        await desk.press("Add another account instead")
        desk.visible(QLineEdit)[0].setText("mk_live_abcdefgh1234")
        await desk.press("Use my API key")
        assert desk.gateway.asked[2:] == ["add mk_live_abcdefgh1234", "open account"]

    desk.run(story())


def test_several_accounts_are_each_one_click_away(desk: Desk) -> None:
    other = replace(ACCOUNT, id="other", title="A client")

    async def story() -> None:
        desk.gateway.kept, desk.gateway.profiles = HINT, (ACCOUNT, other, LOCAL)
        await desk.open_first()
        await until_async(lambda: desk.has_button(f"{BACK}: A client"))
        assert primary(desk) == [BACK]
        await desk.press(f"{BACK}: A client")
        assert desk.gateway.asked == ["open other"]

    desk.run(story())


def test_another_account_takes_the_place_of_one_whose_keyring_is_silent(desk: Desk) -> None:
    other = replace(ACCOUNT, id="other", title="A client")

    async def story() -> None:
        desk.gateway.kept, desk.gateway.profiles = HINT, (ACCOUNT, other, LOCAL)
        await desk.open_first()
        await until_async(lambda: desk.has_button(f"{BACK}: A client"))
        desk.gateway.hold = asyncio.Event()
        await desk.press(f"{BACK}: {ACCOUNT.title}")
        await desk.press(f"{BACK}: A client")
        assert desk.gateway.asked == ["open account", "open other"]
        assert desk.gateway.given_up == ["open account"]

    desk.run(story())


def test_the_page_does_not_wait_for_the_keyring(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.kept, desk.gateway.silence = HINT, asyncio.Event()
        await desk.open_first()
        await desk.press("Try it here")
        assert desk.gateway.asked == ["try here"]
        desk.gateway.silence.set()
        await until_async(lambda: desk.has_button(BACK))

    desk.run(story())


def test_a_locked_keyring_is_asked_only_when_the_user_wants_it(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.kept, desk.gateway.hold = LOCKED, asyncio.Event()
        await desk.open_first()
        await desk.until_says("Its key is in your keyring (GNOME Keyring), which is locked.")
        assert desk.gateway.asked == []
        await desk.press("Unlock and continue")
        await desk.until_says("Your keyring is locked and asks you to unlock it. Then your account opens.")
        await desk.press("Cancel")
        await until_async(lambda: desk.has_button("Unlock and continue"))
        assert desk.gateway.given_up == ["open account"]
        assert "asks you" not in desk.words()

    desk.run(story())


def test_a_keyring_that_stays_locked_is_told_with_a_way_to_try_again(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.kept, desk.gateway.error = LOCKED, LOCKED
        await desk.open_first()
        await until_async(lambda: desk.has_button("Unlock and continue"))
        for _ in range(2):
            await desk.press("Unlock and continue")
            await desk.until_says("Your keyring is locked, so your account is not open.")
        assert desk.gateway.asked == ["open account", "open account"]
        assert desk.has_button("Use it for this session only")

    desk.run(story())


def test_while_a_key_is_checked_the_way_back_rests(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.kept, desk.gateway.hold = HINT, asyncio.Event()
        await desk.open_first()
        await until_async(lambda: desk.has_button(BACK))
        await desk.press("Try it here")
        assert not desk.button(BACK).isEnabled()

    desk.run(story())


# At the start of the application


def test_at_the_start_an_open_keyring_leads_straight_in(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.kept, desk.gateway.hold = HINT, asyncio.Event()
        desk.window.show_first(go_on=ACCOUNT.id)
        desk.window.show()
        assert not desk.has_button("Try it here"), "nothing flashes by before the workspace"
        await until_async(lambda: desk.gateway.asked == ["open account"])
        await until_async(lambda: desk.has_button("Try it here"))

    desk.run(story())


def test_a_keyring_that_does_not_answer_is_told_and_answers_late(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.kept, desk.gateway.silence = HINT, asyncio.Event()
        await go_on(desk)
        await desk.until_says("Waiting for your keyring. Your account opens as soon as it answers.")
        assert desk.gateway.asked == []
        desk.gateway.silence.set()
        await until_async(lambda: desk.gateway.asked == ["open account"])

    desk.run(story())


def test_at_the_start_a_locked_keyring_is_told_and_asks_nobody(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.kept, desk.gateway.hold = LOCKED, asyncio.Event()
        await go_on(desk)
        await desk.until_says("Your keyring is locked, so your account is not open.")
        assert desk.gateway.asked == []
        assert desk.has_button("Use it for this session only")
        await desk.press("Unlock and continue")
        await desk.until_says("Your keyring is locked and asks you to unlock it. Then your account opens.")
        assert desk.gateway.asked == ["open account"]

    desk.run(story())


def test_at_the_start_the_other_accounts_are_a_way_too(desk: Desk) -> None:
    other = replace(ACCOUNT, id="other", title="A client")

    async def story() -> None:
        desk.gateway.profiles = (ACCOUNT, other, LOCAL)
        desk.gateway.kept, desk.gateway.silence = HINT, asyncio.Event()
        await go_on(desk)
        await until_async(lambda: desk.has_button(f"{BACK}: A client"))
        await desk.until_says("Waiting for your keyring.")
        desk.gateway.silence.set()
        desk.gateway.error = VaultError(Code.KEYRING_DENIED)
        await desk.until_says("Your keyring did not give this app access, so your account is not open.")
        desk.gateway.error = None
        await desk.press(f"{BACK}: A client")
        assert desk.gateway.asked == ["open account", "open other"]

    desk.run(story())


async def asks_to_unlock(desk: Desk) -> None:
    """The user wished for the account, and the keyring asks and gets no answer."""
    desk.gateway.kept, desk.gateway.hold = LOCKED, asyncio.Event()
    await desk.open_first()
    await until_async(lambda: desk.has_button("Unlock and continue"))
    await desk.press("Unlock and continue")
    await desk.until_says("Your keyring is locked and asks you to unlock it.")


def test_a_locked_keyring_leaves_every_other_way_open(desk: Desk) -> None:
    async def story() -> None:
        await asks_to_unlock(desk)
        desk.gateway.hold = None
        await desk.press("Add another account instead")
        desk.visible(QLineEdit)[0].setText("mk_live_abcdefgh1234")
        await desk.press("Use it for this session only")
        assert desk.gateway.asked == ["open account", "add mk_live_abcdefgh1234 for this session", "open account"]
        assert desk.gateway.given_up == ["open account"]

    desk.run(story())


@pytest.mark.parametrize("code", [Code.KEYRING_LOCKED, Code.KEYRING_DENIED, Code.KEYRING_GONE, Code.NO_KEY])
def test_a_key_typed_where_the_keyring_gave_none_is_that_accounts_and_goes_to_its_service(
    desk: Desk, code: Code
) -> None:
    async def story() -> None:
        desk.gateway.kept = LOCKED
        desk.gateway.error = AuthError(code) if code is Code.NO_KEY else VaultError(code)
        await go_on(desk)
        await desk.until_says(f"The key of “{ACCOUNT.title}”")
        desk.gateway.error = None
        asked = len(desk.gateway.asked)
        desk.visible(QLineEdit)[0].setText("mk_live_abcdefgh1234")
        await desk.press("Use this key" if code is Code.NO_KEY else "Use it for this session only")
        given = "give account the key mk_live_abcdefgh1234"
        assert desk.gateway.asked[asked].startswith(given)

    desk.run(story())


def test_a_key_that_is_being_typed_stays_what_it_was_meant_for(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.kept = HINT
        await desk.open_first()
        await until_async(lambda: desk.has_button(BACK))
        desk.visible(QLineEdit)[0].setText("mk_live_ab")
        desk.gateway.error = VaultError(Code.KEYRING_DENIED)
        await desk.press(BACK)
        await desk.until_says("Your keyring did not give this app access")
        assert f"The key of “{ACCOUNT.title}”" not in desk.words()

    desk.run(story())


def test_a_way_that_fails_does_not_take_the_way_back_with_it(desk: Desk) -> None:
    async def story() -> None:
        await asks_to_unlock(desk)
        desk.gateway.hold, desk.gateway.error = None, MosaicError(Code.SANDBOX)
        await desk.press("Try it here")
        await desk.until_says("The local Mosaic did not start.")
        assert desk.button("Unlock and continue").isEnabled()

    desk.run(story())


@pytest.mark.parametrize(
    ("kept", "error", "sentence", "again"),
    [
        (
            VaultError(Code.KEYRING_SILENT),
            VaultError(Code.KEYRING_SILENT),
            "Your keyring did not answer, so your account is not open.",
            "Try again",
        ),
        (
            VaultError(Code.NO_KEYRING),
            VaultError(Code.NO_KEYRING),
            "This system has no keyring service now, so the key kept in it cannot be read.",
            "Try again",
        ),
        (
            VaultError(Code.KEYRING_DENIED),
            VaultError(Code.KEYRING_DENIED),
            "Your keyring did not give this app access, so your account is not open.",
            "Try again",
        ),
        (
            VaultError(Code.KEYRING_GONE),
            VaultError(Code.KEYRING_GONE),
            "The keyring that holds your key is not there any more, so your account is not open.",
            "Try again",
        ),
        (HINT, VaultError(Code.KEYRING_FAILED, "denied"), "The keyring did not work. (denied)", "Try again"),
        (HINT, JournalError(Code.JOURNAL), "The list of your work cannot be written to disk.", "Try again"),
    ],
)
def test_why_the_account_is_not_open_is_told_with_a_way_to_try_again(
    desk: Desk, kept: str | VaultError, error: MosaicError, sentence: str, again: str
) -> None:
    async def story() -> None:
        desk.gateway.kept, desk.gateway.error = kept, error
        await go_on(desk)
        await desk.until_says(sentence)
        assert desk.has_button("Use it for this session only") == isinstance(error, VaultError)
        desk.gateway.kept, desk.gateway.error = HINT, None
        await desk.press(again)
        assert desk.gateway.asked == ["open account", "open account"]
        assert sentence not in desk.words()

    desk.run(story())


def test_a_key_that_is_not_kept_any_more_has_to_be_entered(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.error = AuthError(Code.NO_KEY)
        await go_on(desk)
        await desk.until_says("Your keyring holds no key any more. Enter it again below.")
        assert not desk.has_button("Try again")
        assert not desk.has_button("Continue")
        assert desk.has_button("Enter its key")
        assert primary(desk) == ["Try it here"]

    desk.run(story())


def test_without_a_keyring_a_key_is_offered_for_this_session_from_the_beginning(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.vault = VaultState("", Code.NO_KEYRING)
        await desk.open_first()
        await until_async(lambda: desk.has_button("Use it for this session only"))
        desk.visible(QLineEdit)[0].setText("mk_live_abcdefgh1234")
        await desk.press("Use it for this session only")
        assert desk.gateway.asked == ["add mk_live_abcdefgh1234 for this session", "open account"]

    desk.run(story())


def test_a_key_of_one_session_is_not_said_to_be_in_a_keyring(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.profiles = (replace(ACCOUNT, keyring=""), LOCAL)
        desk.gateway.kept = VaultError(Code.NO_KEYRING)
        await desk.open_first()
        await desk.until_says("Its key is not kept, so it has to be entered again.")
        assert desk.has_button("Enter its key")
        assert not desk.has_button("Try again")

    desk.run(story())
