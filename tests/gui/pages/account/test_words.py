"""The sentences of the Account page."""

import pytest

from mosaic_desktop.core.account import (
    ApiKey,
    Balance,
    BalanceReading,
    Delivery,
    Estimate,
    Forecast,
    SignIn,
    SignInState,
    Verdict,
)
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.gui.pages.account import words
from mosaic_desktop.gui.theme.palette import StateKind

NOW = 1_795_880_000.0
HOUR, DAY = 3600.0, 86_400.0
IN = SignIn(SignInState.IN, "you@studio.example")


@pytest.mark.parametrize(
    ("credits", "text"),
    [(18420, "18,420 credits"), (1, "1 credit"), (0, "0 credits"), (12.5, "12.5 credits"), (999.99, "1,000 credits")],
)
def test_credits_in_words(credits: float, text: str) -> None:
    assert words.credits_words(credits) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "just now"),
        (0, "just now"),
        (12.9, "12 s ago"),
        (59.9, "59 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (2 * HOUR, "2 h ago"),
        (DAY, "1 day ago"),
        (2.5 * DAY, "2 days ago"),
    ],
)
def test_ages_in_words(seconds: float, text: str) -> None:
    assert words.format_ago(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (23 * DAY, "Empty in about 23 days"),
        (1.2 * DAY, "Empty in about 1 day"),
        (5 * HOUR, "Empty in about 5 hours"),
        (60, "Empty within an hour"),
        (500 * DAY, "Lasts for over a year at this pace"),
    ],
)
def test_a_forecast_in_words(seconds: float, text: str) -> None:
    assert words.forecast_words(Forecast(seconds, 14)) == text


def test_where_nothing_is_known_it_says_so() -> None:
    assert words.forecast_words(None) == "No forecast: too little was used"
    assert words.estimate_words(None) == "No history yet, so the cost is not known"


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (Estimate(40, 55, 5), "Last 5 runs of this agent on videos of this length: 40 to 55 credits"),
        (Estimate(40, 40, 3), "Last 3 runs of this agent on videos of this length: 40 credits"),
        (Estimate(1, 1, 1), "Last run of this agent on videos of this length: 1 credit"),
    ],
)
def test_an_estimate_in_words(estimate: Estimate, text: str) -> None:
    assert words.estimate_words(estimate) == text


def look(credits: float | None, age: float = 12, problem: Problem | None = None, state: SignIn = IN) -> tuple[str, str]:
    latest = BalanceReading(NOW - age, credits) if credits is not None else None
    found = words.credits_look(state, Balance(latest, problem), (1000, 100), NOW)
    return f"{found.text} {found.detail}", found.icon


def test_the_header_says_how_far_the_balance_can_be_believed() -> None:
    away = Problem(Code.UNREACHABLE)
    assert look(18420) == ("18,420 credits", "coins")
    assert look(18420, 2 * HOUR) == ("18,420 credits, 2 h ago", "clock")
    assert look(18420, 300, away) == ("18,420 credits, 5 min ago", "clock")
    assert look(999) == ("999 credits, low", "triangle-alert")
    assert look(1) == ("1 credit, low", "triangle-alert")
    assert look(0) == ("0 credits, used up", "triangle-alert")
    assert look(99, 2 * HOUR) == ("99 credits, low, 2 h ago", "triangle-alert")
    assert look(None) == ("Credits being read…", "coins")
    assert look(None, problem=away) == ("Credits not known", "circle-alert")


def test_the_header_asks_nobody_to_sign_in_where_that_cannot_be() -> None:
    assert look(5, state=SignIn(SignInState.OUT)) == ("Sign in for credits", "log-in")
    assert look(5, state=SignIn(SignInState.ENDED)) == ("Sign in for credits", "log-in")
    assert look(5, state=SignIn(SignInState.UNAVAILABLE)) == ("Credits not set up", "coins")


def test_why_a_reading_is_old_stands_in_the_tip() -> None:
    balance = Balance(BalanceReading(NOW - 300, 5000), Problem(Code.UNREACHABLE))
    tip = words.credits_look(IN, balance, (), NOW).tip
    assert tip == "Read 5 min ago. Mosaic cannot be reached. The app keeps trying."


def test_low_names_the_lowest_limit_that_was_passed() -> None:
    assert words.low_words(1000, (1000, 100)) == ""
    assert words.low_words(999, (1000, 100)) == "Low: below 1,000 credits"
    assert words.low_words(99, (1000, 100)) == "Low: below 100 credits"
    assert words.low_words(0, ()) == "Used up: nothing that costs credits starts"


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("https://hooks.example/mosaic", ""),
        ("http://127.0.0.1:8765/mosaic", ""),
        ("http://localhost/x", ""),
        ("http://[::1]:8765/x", ""),
        ("", "Enter the address"),
        ("http://hooks.example", "Only an address on this computer"),
        ("ftp://hooks.example", "begins with https://"),
        ("hooks.example/x", "begins with https://"),
        ("https://", "names a host"),
        ("https://a b", "no spaces"),
        ("https://[::1", "not a web address"),
        ("https://host:port/", "not a web address"),
    ],
)
def test_what_cannot_be_a_webhook_is_refused_with_a_sentence(url: str, trouble: str) -> None:
    found = words.url_trouble(url)
    assert trouble in found
    assert bool(found) == bool(trouble)


@pytest.mark.parametrize(
    ("token", "trouble"),
    [
        ("aaa.bbb.ccc", ""),
        ("  Bearer aaa.bbb.ccc\n", ""),
        ("", "Paste a session token"),
        ("mk_live_123", "This is an API key"),
        ("aaa.bbb", "three parts"),
        ("aaa.b b.ccc", "three parts"),
    ],
)
def test_what_cannot_be_a_token_is_refused_with_a_sentence(token: str, trouble: str) -> None:
    found = words.token_trouble(token)
    assert trouble in found
    assert bool(found) == bool(trouble)


@pytest.mark.parametrize(("email", "fits"), [("a@b.example", True), ("a@b", False), ("@b.example", False), ("", False)])
def test_what_cannot_be_an_email_is_refused(email: str, fits: bool) -> None:
    assert (words.email_trouble(email) == "") is fits


def test_a_key_is_named_by_its_hint_or_a_piece_of_its_id() -> None:
    assert words.key_name(ApiKey("k-1", hint="mk_live_…a1b2")) == "mk_live_…a1b2"
    assert words.key_name(ApiKey("0f8a6c1e-5b1f-4f0a-9a44")) == "Key 0f8a6c1e…"
    assert words.key_name(ApiKey("k-1")) == "Key k-1"


def test_revoking_the_own_key_is_a_stronger_warning() -> None:
    other = words.revoke_words(ApiKey("k"))
    assert other.startswith("Programs that use it will be refused at once; runs in flight go on.")
    own = words.revoke_words(ApiKey("k", is_own=True))
    assert "This app works with this key." in own
    assert "Replace this key" in own


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_a_word_and_an_icon(verdict: Verdict) -> None:
    word, kind, icon = words.verdict_look(verdict)
    assert word
    assert icon
    assert (kind is StateKind.GOOD) == (verdict in (Verdict.ACCEPTED, Verdict.TEST))


def test_what_is_not_verified_is_not_repeated() -> None:
    assert words.event_words(Delivery(NOW, Verdict.FORGED)) == "not read"
    assert words.event_words(Delivery(NOW, Verdict.ACCEPTED, "agent_run.completed")) == "Run finished"
    assert words.event_words(Delivery(NOW, Verdict.ACCEPTED, "something.new")) == "something.new"
