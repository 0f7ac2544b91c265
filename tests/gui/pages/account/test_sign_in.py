"""Signing in and out on the Account page."""

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from mosaic_desktop.core.account import SignIn, SignInState
from mosaic_desktop.core.errors import AuthError, Code, NetworkError
from mosaic_desktop.gui.credits_chip import CreditsChip
from mosaic_desktop.gui.pages.account.words import ENDED, KEPT, UNAVAILABLE, UNKEPT, WHY_SIGN_IN
from mosaic_desktop.gui.pages.settings.page import SettingsPage
from tests.gui.pages.account.desk import EMAIL, PASSWORD, AccountStory, keys_of
from tests.gui.pages.desk import ACCOUNT, LOCAL, Desk
from tests.gui.widgets.accessible import spoken_name
from tests.support.waiting import until_async

OUT = SignIn(SignInState.OUT)


@pytest.fixture
def story(desk: Desk) -> AccountStory:
    found = AccountStory(desk)
    found.account.state = OUT
    found.account.kept = keys_of(found.now)
    return found


async def enter(story: AccountStory, password: str = PASSWORD) -> None:
    story.type("Email", EMAIL)
    story.type("Password", password)
    QTest.keyClick(story.field("Password"), Qt.Key.Key_Return)
    await story.desk.settle()


def test_after_signing_in_the_account_is_in_sight(story: AccountStory) -> None:
    async def run() -> None:
        await story.open()
        assert WHY_SIGN_IN in story.desk.words()
        assert "Sign in to see, create and revoke the keys" in story.desk.words()
        assert "keys" not in story.account.asked
        await enter(story)
        await story.desk.until_says(f"Signed in as {EMAIL}")
        await until_async(lambda: len(story.rows()) == 3)
        assert not story.page.findChildren(QLineEdit, options=Qt.FindChildOption.FindDirectChildrenOnly)
        assert all(PASSWORD not in edit.text() for edit in story.page.findChildren(QLineEdit)), "forgotten"

    story.desk.run(run())


def test_who_signed_in_last_has_only_the_password_to_type(story: AccountStory) -> None:
    async def run() -> None:
        await story.open("Studio", replace(ACCOUNT, email=EMAIL))
        await story.desk.press("Sign in for credits")
        assert story.field("Email").text() == EMAIL
        assert story.desk.window.focusWidget() is story.field("Password")

    story.desk.run(run())


def test_the_header_leads_to_the_first_field(story: AccountStory) -> None:
    async def run() -> None:
        await story.open("Studio")
        await story.desk.press("Sign in for credits")
        assert story.desk.window.focusWidget() is story.field("Email")

    story.desk.run(run())


@pytest.mark.parametrize(("session_only", "words"), [(False, KEPT), (True, UNKEPT)])
def test_how_long_the_sign_in_lasts_is_said_before(story: AccountStory, session_only: bool, words: str) -> None:
    async def run() -> None:
        await story.open(profile=replace(ACCOUNT, session_only=session_only))
        assert words in story.desk.words()

    story.desk.run(run())


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (None, "The email or the password is not right."),
        (AuthError(Code.EMAIL_NOT_CONFIRMED), "This email is not confirmed yet."),
        (NetworkError(Code.UNREACHABLE, seen=False), "Mosaic cannot be reached."),
    ],
)
def test_why_it_did_not_work_stands_at_the_fields(
    story: AccountStory, error: AuthError | NetworkError | None, words: str
) -> None:
    async def run() -> None:
        await story.open()
        if error is not None:
            story.account.fail["sign"] = error
        await enter(story, "wrong" if error is None else PASSWORD)
        await story.desk.until_says(words)
        assert story.field("Email").text() == EMAIL
        assert story.desk.window.focusWidget() is story.field("Password")
        QTest.keyClicks(story.field("Password"), PASSWORD)  # in the place of the wrong one
        QTest.keyClick(story.field("Password"), Qt.Key.Key_Return)
        await story.desk.until_says(f"Signed in as {EMAIL}")

    story.desk.run(run())


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [("", "x", "Enter your email address."), ("you", "x", "not a whole email"), (EMAIL, "", "Enter your password.")],
)
def test_nothing_is_sent_before_it_is_whole(story: AccountStory, email: str, password: str, words: str) -> None:
    async def run() -> None:
        await story.open()
        story.type("Email", email)
        story.type("Password", password)
        await story.desk.press("Sign in")
        QTest.keyClick(story.field("Password"), Qt.Key.Key_Return)
        await story.desk.until_says(words)
        assert story.account.asked == []

    story.desk.run(run())


def test_signing_in_that_takes_long_can_be_given_up(story: AccountStory) -> None:
    async def run() -> None:
        await story.open()
        story.account.hold["sign"] = asyncio.Event()
        await enter(story)
        assert not story.field("Email").isEnabled()
        assert not story.desk.button("Signing in…").isEnabled()
        await story.desk.press("Cancel")
        assert story.field("Email").isEnabled()
        assert story.field("Password").text() == PASSWORD
        story.account.hold.clear()
        await enter(story)
        await story.desk.until_says(f"Signed in as {EMAIL}")

    story.desk.run(run())


def test_a_session_token_can_be_pasted(story: AccountStory) -> None:
    async def run() -> None:
        await story.open()
        await story.desk.press("Paste a session token")
        assert QApplication.focusWidget() is story.field("Session token")
        assert story.field("Session token").echoMode() is QLineEdit.EchoMode.Password
        story.type("Session token", "mk_live_0123456789")
        QTest.keyClick(story.field("Session token"), Qt.Key.Key_Return)
        await story.desk.until_says("This is an API key.")
        assert story.account.asked == []
        story.type("Session token", "aaa.bbb.ccc")
        QTest.keyClick(story.field("Session token"), Qt.Key.Key_Return)
        await story.desk.until_says("Signed in with a session token, until you quit")

    story.desk.run(run())


def test_signing_out_forgets_the_keys(story: AccountStory) -> None:
    async def run() -> None:
        story.account.state = SignIn(SignInState.IN, EMAIL)
        await story.open()
        await until_async(lambda: len(story.rows()) == 3)
        await story.desk.press("Sign out")
        await story.desk.until_says("Sign in to see, create and revoke the keys")
        assert story.page._access.keys.keys.keys is None
        assert not story.desk.button("Create key").isEnabled()

    story.desk.run(run())


def test_a_session_that_ended_is_told_here_and_nowhere_in_the_way(story: AccountStory) -> None:
    async def run() -> None:
        story.account.state = SignIn(SignInState.IN, EMAIL)
        await story.open("Studio")
        story.account.change(SignIn(SignInState.ENDED, EMAIL))
        await story.desk.settle()
        assert ENDED not in story.desk.words()
        await story.desk.press("Account")
        assert ENDED in story.desk.words()
        assert story.field("Email").text() == EMAIL
        await enter(story)
        await story.desk.until_says(f"Signed in as {EMAIL}")
        assert ENDED not in story.desk.words()

    story.desk.run(run())


def test_without_an_address_it_says_how_to_add_one(story: AccountStory) -> None:
    async def run() -> None:
        story.account.state = SignIn(SignInState.UNAVAILABLE)
        await story.open()
        assert UNAVAILABLE in story.desk.words()
        assert not story.desk.has_button("Sign in")
        await story.desk.press("Open Settings")
        assert story.desk.visible(SettingsPage)

    story.desk.run(run())


def test_nobody_has_to_sign_in_to_the_local_mosaic(story: AccountStory) -> None:
    async def run() -> None:
        await story.open(profile=LOCAL)
        assert "Credits being read…" in spoken_name(story.desk.visible(CreditsChip)[0])
        assert "The local Mosaic’s own account" in story.desk.words()
        assert "Reading your keys…" in story.desk.words()
        for word in ("Sign in", "Sign out"):
            assert not story.desk.has_button(word)
        story.account.change(SignIn(SignInState.IN, "creator@local.invalid", kept=False))
        await until_async(lambda: len(story.rows()) == 3)
        assert "creator@local.invalid" not in story.desk.words()

    story.desk.run(run())


def test_the_button_of_the_keys_leads_to_the_fields(story: AccountStory) -> None:
    async def run() -> None:
        await story.open()
        await story.desk.press("Sign in…")
        assert QApplication.focusWidget() is story.field("Email")
        QTest.keyClick(story.field("Email"), Qt.Key.Key_Return)
        assert QApplication.focusWidget() is story.field("Password")

    story.desk.run(run())
