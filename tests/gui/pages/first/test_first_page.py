"""The first page: two ways in, what goes wrong on them, and where a key goes."""

import asyncio

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from mosaic_desktop.core.errors import AuthError, Code, MosaicError, NetworkError, Problem, VaultError
from mosaic_desktop.core.ports import VaultState
from mosaic_desktop.gui.pages.first.key import trouble_with
from tests.gui.pages.desk import Desk
from tests.support.waiting import until_async

KEY = "mk_live_abcdefgh1234"


def field(desk: Desk) -> QLineEdit:
    return desk.visible(QLineEdit)[0]


def other_field(desk: Desk, name: str) -> QLineEdit:
    return next(each for each in desk.visible(QLineEdit) if each.accessibleName() == name)


async def enter(desk: Desk, key: str) -> None:
    field(desk).setText(key)
    await desk.press("Use my API key")


def test_the_local_mosaic_is_started_at_a_click(desk: Desk) -> None:
    async def story() -> None:
        await desk.open_first()
        await desk.press("Try it here")
        assert desk.gateway.asked == ["try here"]

    desk.run(story())


def test_while_one_way_is_tried_both_rest_and_it_can_be_cancelled(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.hold = asyncio.Event()
        await desk.open_first()
        await desk.press("Try it here")
        await desk.until_says("Starting the local Mosaic…")
        assert not desk.button("Try it here").isEnabled()
        assert not desk.button("Use my API key").isEnabled()
        await desk.press("Cancel")
        await until_async(lambda: desk.button("Try it here").isEnabled())
        assert "Starting" not in desk.words()

    desk.run(story())


def test_a_failure_is_told_in_place(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.error = MosaicError(Code.SANDBOX, "Port 9000 is taken by another program.")
        await desk.open_first()
        await desk.press("Try it here")
        await desk.until_says("Port 9000 is taken by another program.")
        assert desk.button("Try it here").isEnabled()

    desk.run(story())


def test_enter_submits_the_key_without_spaces_around_it(desk: Desk) -> None:
    async def story() -> None:
        await desk.open_first()
        field(desk).setText(f"  {KEY}\t")
        QTest.keyClick(field(desk), Qt.Key.Key_Return)
        await until_async(lambda: bool(desk.gateway.asked))
        assert desk.gateway.asked == [f"add {KEY}", "open account"]
        await until_async(lambda: field(desk).text() == "")
        assert not field(desk).isUndoAvailable()

    desk.run(story())


def test_a_key_in_the_wrong_field_is_no_name(desk: Desk) -> None:
    async def story() -> None:
        await desk.open_first()
        other_field(desk, "Name of the account").setText(f"{KEY} ")
        await enter(desk, KEY)
        assert desk.gateway.asked == [f"add {KEY}", "open account"]

    desk.run(story())


def test_a_name_and_addresses_go_with_the_key_and_are_forgotten_with_it(desk: Desk) -> None:
    addresses = {
        "Address of Mosaic": "https://x.invalid/api",
        "Address to sign in at": "https://y.invalid/auth/v1",
        "Public key for signing in": "eyJanon",
    }

    async def story() -> None:
        await desk.open_first()
        assert len(desk.visible(QLineEdit)) == 2
        other_field(desk, "Name of the account").setText("Ann")
        await desk.press("Advanced")
        for name, text in addresses.items():
            other_field(desk, name).setText(text)
        await enter(desk, KEY)
        await until_async(lambda: field(desk).text() == "")
        assert desk.gateway.asked == [f"add {KEY} as Ann at {' '.join(addresses.values())}", "open account"]
        assert {each.text() for each in desk.visible(QLineEdit)} == {""}

    desk.run(story())


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (AuthError(Code.INVALID_KEY), "Mosaic does not accept this API key."),
        (NetworkError(Code.UNREACHABLE, seen=False), "Mosaic cannot be reached. Check your connection"),
    ],
)
def test_a_refused_key_stays_to_be_corrected(desk: Desk, error: MosaicError, sentence: str) -> None:
    async def story() -> None:
        desk.gateway.error = error
        await desk.open_first()
        await enter(desk, KEY)
        await desk.until_says(sentence)
        assert field(desk).text() == KEY
        assert not desk.has_button("Use it for this session only")

    desk.run(story())


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (Code.NO_KEYRING, "This system has no keyring service"),
        (Code.KEYRING_LOCKED, "Your keyring is locked."),
        (Code.KEYRING_DENIED, "Your keyring did not give this app access."),
        (Code.KEYRING_GONE, "The keyring that holds your key is not there any more."),
        (Code.KEYRING_SILENT, "Your keyring did not answer."),
        (Code.KEYRING_FAILED, "The keyring did not work."),
    ],
)
def test_a_key_that_cannot_be_kept_may_be_used_for_this_session(desk: Desk, code: Code, words: str) -> None:
    async def story() -> None:
        desk.gateway.error = VaultError(code)
        await desk.open_first()
        await enter(desk, KEY)
        await until_async(lambda: desk.has_button("Use it for this session only"))
        assert words in desk.words()
        desk.gateway.error = None
        await desk.press("Use it for this session only")
        await until_async(lambda: field(desk).text() == "")
        assert desk.gateway.asked == [f"add {KEY}", f"add {KEY} for this session", "open account"]

    desk.run(story())


def test_without_a_keyring_the_session_is_the_only_way_and_enter_takes_it(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.vault = VaultState("", Code.NO_KEYRING.value)
        await desk.open_first()
        await until_async(lambda: desk.has_button("Use it for this session only"))
        assert not desk.has_button("Use my API key")
        field(desk).setText(KEY)
        QTest.keyClick(field(desk), Qt.Key.Key_Return)
        await until_async(lambda: desk.gateway.asked == [f"add {KEY} for this session", "open account"])

    desk.run(story())


def test_the_offer_for_this_session_stays_while_the_keyring_cannot_be_used(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.error = VaultError(Code.KEYRING_LOCKED)
        await desk.open_first()
        await enter(desk, KEY)
        await until_async(lambda: desk.has_button("Use it for this session only"))
        desk.gateway.error = AuthError(Code.INVALID_KEY)
        await desk.press("Use it for this session only")
        await desk.until_says("Mosaic does not accept this API key.")
        assert desk.has_button("Use it for this session only")
        QTest.keyClicks(field(desk), "x")
        assert "does not accept" not in desk.words()
        assert desk.has_button("Use it for this session only")

    desk.run(story())


def test_another_key_takes_back_the_offer_that_was_for_one_too_long_to_keep(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.error = VaultError(Code.SECRET_TOO_LONG)
        await desk.open_first()
        await enter(desk, KEY)
        await until_async(lambda: desk.has_button("Use it for this session only"))
        QTest.keyClicks(field(desk), "x")
        assert not desk.has_button("Use it for this session only")

    desk.run(story())


def test_nothing_moves_while_a_refused_key_is_corrected(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.error = AuthError(Code.INVALID_KEY)
        await desk.open_first()
        await enter(desk, KEY)
        await desk.until_says("Mosaic does not accept this API key.")
        await desk.settle()
        place = field(desk).mapToGlobal(QPoint())
        QTest.keyClicks(field(desk), "x")
        await desk.settle()
        assert "does not accept" not in desk.words()
        assert field(desk).mapToGlobal(QPoint()) == place

    desk.run(story())


@pytest.mark.parametrize(
    ("vault", "sentence"),
    [
        (VaultState("GNOME Keyring"), "Kept in your system keyring (GNOME Keyring). Never written to a file."),
        (
            VaultState("", Code.NO_KEYRING),
            "the key cannot be kept safely. You can use it for this session only.",
        ),
    ],
)
def test_the_card_says_beforehand_where_the_key_goes(desk: Desk, vault: VaultState, sentence: str) -> None:
    async def story() -> None:
        desk.gateway.vault = vault
        await desk.open_first()
        await desk.until_says(sentence)

    desk.run(story())


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("", "Enter your API key."),
        ("sk-something", "those begin with mk_"),
        ("mk_live abc def", "only letters, digits"),
        ("mk_", "not complete"),
    ],
)
def test_what_cannot_be_a_key_is_not_sent(desk: Desk, key: str, sentence: str) -> None:
    async def story() -> None:
        await desk.open_first()
        await enter(desk, key)
        await desk.until_says(sentence)
        assert desk.gateway.asked == []

    assert sentence in trouble_with(key)
    desk.run(story())


def test_the_key_is_masked_until_the_eye_is_pressed(desk: Desk) -> None:
    async def story() -> None:
        await desk.open_first()
        field(desk).setText(KEY)
        assert KEY not in field(desk).displayText()
        eye = next(action for action in field(desk).actions() if action.text() == "Show the key")
        eye.trigger()
        assert field(desk).displayText() == KEY
        field(desk).setFocus()
        QTest.keyClick(field(desk), Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
        assert KEY not in field(desk).displayText()

    desk.run(story())


def test_why_the_last_workspace_is_not_there_is_said_above(desk: Desk) -> None:
    async def story() -> None:
        desk.window.show_first(Problem(Code.KEYRING_LOCKED))
        await desk.show()
        assert "Your keyring is locked." in desk.words()
        await desk.press("Close this message")
        assert "Your keyring is locked." not in desk.words()

    desk.run(story())
