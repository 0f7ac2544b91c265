"""From one account to another, by the menu of the chip: asked, told, and the ways to more accounts."""

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLineEdit, QMenu

from mosaic_desktop.core.asset import AssetState
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, Problem, VaultError
from mosaic_desktop.core.events import ServiceReached
from mosaic_desktop.gui.key_dialog import KeyDialog
from mosaic_desktop.gui.title_dialog import TitleDialog
from tests.gui.models.builders import asset
from tests.gui.pages.desk import ACCOUNT, LOCAL, Desk
from tests.support.waiting import until_async

CLIENT = replace(ACCOUNT, id="client", title="A client")
SENDING = asset("a.mp4", state=AssetState.UPLOADING)
KEY = "mk_live_abcdefgh1234"


@pytest.fixture(autouse=True)
def accounts(desk: Desk) -> None:
    desk.gateway.profiles = (ACCOUNT, CLIENT, LOCAL)


def choose(desk: Desk, words: str) -> None:
    menu = desk.button("Account: ").findChildren(QMenu)[0]
    next(action for action in menu.actions() if action.text() == words).trigger()


async def dialog(desk: Desk) -> KeyDialog:
    await until_async(lambda: desk.visible(KeyDialog))
    return desk.visible(KeyDialog)[0]


def field(shown: KeyDialog, name: str) -> QLineEdit:
    return next(each for each in shown.findChildren(QLineEdit) if each.accessibleName() == name)


def test_another_account_is_one_choice_away(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(profile=ACCOUNT)
        choose(desk, "A client")
        await until_async(lambda: desk.gateway.asked == ["open client"])

    desk.run(story())


def test_the_menu_tells_the_key_that_is_in_use_now(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(profile=ACCOUNT)
        desk.gateway.profiles = (replace(ACCOUNT, key_hint="mk_live_…77fe"), CLIENT, LOCAL)
        menu = desk.button("Account: ").findChildren(QMenu)[0]
        menu.aboutToShow.emit()
        assert menu.actions()[0].text() == "Key mk_live_…77fe"

    desk.run(story())


@pytest.mark.parametrize(("answer", "asked"), [("Switch", ["open client"]), ("Stay", [])])
def test_it_asks_first_while_work_goes_on(desk: Desk, answer: str, asked: list[str]) -> None:
    async def story() -> None:
        await desk.open(SENDING, profile=ACCOUNT)
        choose(desk, "A client")
        assert (await desk.question()).text() == "Switch to “A client”?"
        await desk.answer(answer)
        assert desk.gateway.asked == asked

    desk.run(story())


def test_the_open_account_calls_off_one_that_is_on_its_way(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(profile=ACCOUNT)
        desk.gateway.hold = asyncio.Event()
        choose(desk, "A client")
        await until_async(lambda: desk.has_button("Account: Opening A client…"))
        choose(desk, ACCOUNT.title)
        await until_async(lambda: desk.has_button(f"Account: {ACCOUNT.title}"))
        assert desk.gateway.given_up == ["open client"]

    desk.run(story())


def test_what_went_wrong_is_told_above_the_work_that_goes_on(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(profile=ACCOUNT)
        desk.gateway.error = MosaicError(Code.SANDBOX)
        choose(desk, "Local Mosaic")
        await desk.until_says("“Local Mosaic” could not be opened. The local Mosaic did not start.")
        assert desk.has_button("Studio")

    desk.run(story())


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (VaultError(Code.KEYRING_LOCKED), "Your keyring is locked, so your account is not open."),
        (VaultError(Code.KEYRING_DENIED), "Your keyring did not give this app access, so your account is not open."),
        (VaultError(Code.KEYRING_GONE), "The keyring that holds your key is not there any more"),
        (VaultError(Code.KEYRING_SILENT), "Your keyring did not answer, so your account is not open."),
        (VaultError(Code.NO_KEYRING), "This system has no keyring service now"),
        (AuthError(Code.NO_KEY), "Your keyring holds no key any more."),
    ],
)
def test_a_key_that_cannot_be_had_is_asked_for_also_for_one_session(desk: Desk, error: MosaicError, words: str) -> None:
    async def story() -> None:
        await desk.open(profile=ACCOUNT)
        desk.gateway.error = error
        choose(desk, "A client")
        shown = await dialog(desk)
        await desk.until_says(words)
        await desk.until_says("The key of “A client”")
        desk.gateway.error = None
        field(shown, "API key").setText(KEY)
        await desk.press("Use it for this session only" if isinstance(error, VaultError) else "Use this key")
        session = " for this session" if isinstance(error, VaultError) else ""
        await until_async(
            lambda: desk.gateway.asked == ["open client", f"give client the key {KEY}{session}", "open client"]
        )

    desk.run(story())


def test_an_account_is_added_in_front_of_the_work(desk: Desk) -> None:
    added = replace(ACCOUNT, id="new", title="Someone")

    async def story() -> None:
        await desk.open(profile=ACCOUNT)
        choose(desk, "Add an account…")
        shown = await dialog(desk)
        await desk.press("Advanced")
        for name, text in {
            "API key": KEY,
            "Name of the account": "Someone",
            "Address of Mosaic": "https://x.invalid/api",
            "Address to sign in at": "https://y.invalid/auth/v1",
            "Public key for signing in": "eyJanon",
        }.items():
            field(shown, name).setText(text)
        desk.gateway.added = added
        desk.gateway.profiles += (added,)
        await desk.press("Add this account")
        addresses = "https://x.invalid/api https://y.invalid/auth/v1 eyJanon"
        await until_async(lambda: desk.gateway.asked == [f"add {KEY} as Someone at {addresses}", "open new"])
        await until_async(lambda: not desk.visible(KeyDialog))

    desk.run(story())


def test_an_account_that_is_there_already_is_told_and_opened(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(profile=ACCOUNT)
        choose(desk, "Add an account…")
        desk.gateway.added = CLIENT
        field(await dialog(desk), "API key").setText(KEY)
        await desk.press("Add this account")
        await desk.until_says("This account is here already: it is “A client”.")
        assert desk.gateway.asked == [f"add {KEY}", "open client"]

    desk.run(story())


def test_a_refused_key_stays_in_the_dialog_and_closing_it_gives_up(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(profile=ACCOUNT)
        choose(desk, "Add an account…")
        shown = await dialog(desk)
        desk.gateway.error = AuthError(Code.INVALID_KEY)
        field(shown, "API key").setText(KEY)
        await desk.press("Add this account")
        await desk.until_says("Mosaic does not accept this API key.")
        shown.reject()
        await until_async(lambda: not desk.visible(KeyDialog))
        assert desk.gateway.asked == [f"add {KEY}"]

    desk.run(story())


def test_a_key_that_is_still_being_checked_is_not_taken_once_the_dialog_is_closed(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(profile=ACCOUNT)
        choose(desk, "Add an account…")
        shown = await dialog(desk)
        desk.gateway.hold = asyncio.Event()
        field(shown, "API key").setText(KEY)
        await desk.press("Add this account")
        shown.reject()
        await until_async(lambda: desk.gateway.given_up == [f"add {KEY}"])

    desk.run(story())


def test_an_account_is_renamed(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(profile=ACCOUNT)
        choose(desk, "Rename this account…")
        await until_async(lambda: desk.visible(TitleDialog))
        (shown,) = desk.visible(TitleDialog)
        shown.field.setText(" ")
        assert not desk.button("Rename").isEnabled()
        shown.field.setText("Ann")
        await desk.press("Rename")
        await until_async(lambda: desk.gateway.asked == ["change account"])
        assert desk.gateway.profiles[0].title == "Ann"

    desk.run(story())


def test_a_refused_key_in_use_is_told_with_the_way_on(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(profile=ACCOUNT)
        engine.events.publish(ServiceReached(Problem(Code.UNREACHABLE)))
        assert not desk.has_button("Enter another key…")
        engine.events.publish(ServiceReached(Problem(Code.INVALID_KEY)))
        await desk.until_says("Mosaic does not accept the API key of this account any more.")
        await desk.press("Enter another key…")
        field(await dialog(desk), "API key").setText(KEY)
        await desk.press("Use this key")
        await until_async(lambda: desk.gateway.asked == [f"give account the key {KEY}"])
        engine.events.publish(ServiceReached(None))
        assert not desk.has_button("Enter another key…")

    desk.run(story())


def test_a_refused_key_of_the_local_mosaic_is_not_asked_for(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(profile=LOCAL)
        engine.events.publish(ServiceReached(Problem(Code.INVALID_KEY)))
        await desk.until_says("The local Mosaic does not accept its key any more.")
        assert not desk.has_button("Enter another key…")

    desk.run(story())
