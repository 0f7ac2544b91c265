"""Warnings of low credits, at limits that the user sets."""

import pytest

from mosaic_desktop.core.account import SignIn, SignInState
from mosaic_desktop.gui.credits_chip import CreditsChip
from mosaic_desktop.gui.low_banner import LowBanner
from mosaic_desktop.gui.pages.account.words import fell_words
from tests.gui.pages.account.desk import AccountStory
from tests.gui.pages.desk import Desk
from tests.gui.widgets.accessible import spoken_name
from tests.support.waiting import until_async


@pytest.fixture
def story(desk: Desk) -> AccountStory:
    return AccountStory(desk)


async def until_balance(story: AccountStory, credits: float, words: str) -> None:
    story.account.read(credits)
    await until_async(lambda: spoken_name(story.desk.visible(CreditsChip)[0]) == f"Credits: {words}")


def test_a_fall_below_a_limit_is_told_once_on_every_page(story: AccountStory) -> None:
    async def run() -> None:
        story.account.read(1200)
        await story.open("Studio")
        assert not story.desk.visible(LowBanner)
        await until_balance(story, 990, "990 credits, low")
        await story.desk.until_says("Your balance fell below 1,000 credits: 990 are left.")
        await story.desk.press("Close this message")
        await until_balance(story, 900, "900 credits, low")
        assert not story.desk.visible(LowBanner), "told once"
        await until_balance(story, 90, "90 credits, low")
        await story.desk.until_says("Your balance fell below 100 credits: 90 are left.")
        await story.desk.press("See account")
        assert story.page.isVisible()
        await until_balance(story, 5000, "5,000 credits")
        await until_async(lambda: not story.desk.visible(LowBanner))

    story.desk.run(run())


def test_a_balance_that_was_low_before_is_no_news(story: AccountStory) -> None:
    async def run() -> None:
        story.account.read(50)
        await story.open("Studio")
        await until_balance(story, 49, "49 credits, low")
        assert not story.desk.visible(LowBanner)

    story.desk.run(run())


def test_the_first_reading_of_all_crosses_nothing(story: AccountStory) -> None:
    async def run() -> None:
        await story.open("Studio")
        await until_balance(story, 49, "49 credits, low")
        assert not story.desk.visible(LowBanner)

    story.desk.run(run())


def test_what_another_person_has_is_no_fall(story: AccountStory) -> None:
    async def run() -> None:
        story.account.read(1200)
        await story.open("Studio")
        await until_balance(story, 990, "990 credits, low")
        await story.desk.until_says("Your balance fell below 1,000 credits")
        story.account.state = SignIn(SignInState.IN, "somebody@else.example")
        await until_balance(story, 90, "90 credits, low")
        await until_async(lambda: not story.desk.visible(LowBanner))
        await until_balance(story, 1200, "1,200 credits")
        await until_balance(story, 80, "80 credits, low")
        await story.desk.until_says("Your balance fell below 100 credits: 80 are left.")

    story.desk.run(run())


def test_limits_that_the_user_sets_count_at_once(story: AccountStory) -> None:
    async def run() -> None:
        story.account.read(4000)
        await story.open()
        await story.desk.press("Set when to warn of low credits")
        assert story.desk.window.focusWidget() is story.field("Warn below")
        story.desk.settings.change(low_balance=(5000,))
        await story.desk.press("Account")
        assert "Low: below 5,000 credits" in story.desk.words()
        assert spoken_name(story.desk.visible(CreditsChip)[0]) == "Credits: 4,000 credits, low"

    story.desk.run(run())


def test_used_up_is_said_as_such() -> None:
    assert fell_words(0, 100).startswith("Your credits are used up.")
