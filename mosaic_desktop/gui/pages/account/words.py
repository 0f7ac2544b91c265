"""The account in words: credits, ages, keys, deliveries. Pure; the only home of this page's sentences."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from mosaic_desktop.core.account import (
    ApiKey,
    Balance,
    Delivery,
    Estimate,
    Forecast,
    SignIn,
    SignInState,
    Verdict,
)
from mosaic_desktop.core.errors import MosaicError, NetworkError, Problem
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.units import plural
from mosaic_desktop.gui.theme.palette import StateKind

DAY = 86_400.0
OLD_AFTER = 3600.0  # a reading that old is no longer called the balance without a word
SOON_EMPTY = 30 * DAY
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


# Numbers and times


def format_credits(credits: float) -> str:
    """`18,420`; one decimal where there is one."""
    return f"{credits:,.0f}" if abs(credits - round(credits)) < 0.05 else f"{credits:,.1f}"


def credits_words(credits: float) -> str:
    """`1 credit`, `18,420 credits`."""
    text = format_credits(credits)
    return f"{text} credit" if text == "1" else f"{text} credits"


def format_ago(seconds: float) -> str:
    """`just now`, `12 s ago`, `3 min ago`, `5 h ago`, `2 days ago`."""
    whole = int(seconds)
    if whole < 5:
        return "just now"
    if whole < 60:
        return f"{whole} s ago"
    if whole < 3600:
        return f"{whole // 60} min ago"
    if whole < DAY:
        return f"{whole // 3600} h ago"
    return f"{plural(int(whole // DAY), 'day')} ago"


def format_day(at: float) -> str:
    """`12 Nov 2026`, in this computer's time zone."""
    day = datetime.fromtimestamp(at)
    return f"{day.day} {day:%b %Y}"


def format_short_day(at: float) -> str:
    """`12 Nov`."""
    day = datetime.fromtimestamp(at)
    return f"{day.day} {day:%b}"


def format_time(at: float) -> str:
    """`14:05`."""
    return f"{datetime.fromtimestamp(at):%H:%M}"


def format_moment(at: float) -> str:
    """`12 Nov, 14:05`."""
    return f"{format_short_day(at)}, {format_time(at)}"


# Credits


@dataclass(frozen=True, slots=True)
class CreditsLook:
    """What the header says of the balance; `tip` has the whole story. `leads_in`: the user would have to sign in."""

    text: str
    detail: str = ""
    icon: str = "coins"
    kind: StateKind = StateKind.NEUTRAL
    tip: str = ""
    leads_in: bool = False


def credits_look(
    sign_in: SignIn, balance: Balance, low: tuple[int, ...], now: float, *, by_itself: bool = False
) -> CreditsLook:
    """`low`: credits below which to warn. `now`: seconds since the epoch. `by_itself`: nobody has to sign in."""
    if sign_in.state is SignInState.UNAVAILABLE:
        return CreditsLook("Credits", "not set up", tip=UNAVAILABLE, leads_in=True)
    if sign_in.state is not SignInState.IN and not by_itself:
        tip = sentence(sign_in.problem) if sign_in.problem else _SIGNED_OUT_TIP[sign_in.state]
        return CreditsLook("Sign in", "for credits", "log-in", tip=tip, leads_in=True)
    if balance.latest is None:
        if balance.problem is not None:
            return CreditsLook("Credits", "not known", "circle-alert", StateKind.WARNING, tip=sentence(balance.problem))
        return CreditsLook("Credits", "being read…", tip="The balance is being read.")
    text, word = credits_words(balance.latest.credits).split(" ")
    read = read_words(balance, now)
    if is_low(balance.latest.credits, low):
        empty = balance.latest.credits <= 0
        detail = f"{word}, {'used up' if empty else 'low'}{_age_mark(balance, now)}"
        kind = StateKind.BAD if empty else StateKind.WARNING
        return CreditsLook(text, detail, "triangle-alert", kind, tip=read)
    if is_doubtful(balance, now):
        return CreditsLook(text, f"{word}{_age_mark(balance, now)}", "clock", tip=read)
    return CreditsLook(text, word, tip=read)


def is_low(credits: float, low: tuple[int, ...]) -> bool:
    return credits <= 0 or any(credits < limit for limit in low)


def low_words(credits: float, low: tuple[int, ...]) -> str:
    """`Low: below 1,000 credits`, by the lowest of the limits; empty where the balance is above all of them."""
    if credits <= 0:
        return "Used up: nothing that costs credits starts"
    below = [limit for limit in low if credits < limit]
    return f"Low: below {credits_words(min(below))}" if below else ""


def fell_words(credits: float, limit: float) -> str:
    """What is said above the pages once the balance crossed a limit."""
    if credits <= 0:
        return "Your credits are used up. Nothing that costs credits starts until you top up at Mosaic."
    return f"Your balance fell below {credits_words(limit)}: {format_credits(credits)} are left."


def is_doubtful(balance: Balance, now: float) -> bool:
    """Whether the balance may well be another one by now."""
    return balance.latest is not None and (balance.problem is not None or now - balance.latest.at >= OLD_AFTER)


def _age_mark(balance: Balance, now: float) -> str:
    if balance.latest is None or not is_doubtful(balance, now):
        return ""
    return f", {format_ago(now - balance.latest.at)}"


def read_words(balance: Balance, now: float) -> str:
    """`Read 12 s ago`, with why it is not newer where that is so."""
    if balance.latest is None:
        return ""
    words = f"Read {format_ago(now - balance.latest.at)}"
    return f"{words}. {sentence(balance.problem)}" if balance.problem is not None else words


def forecast_words(forecast: Forecast | None) -> str:
    """`Empty in about 23 days`."""
    if forecast is None:
        return "No forecast: too little was used"
    days = forecast.seconds_left / DAY
    if days >= 365:
        return "Lasts for over a year at this pace"
    if days >= 1:
        return f"Empty in about {plural(round(days), 'day')}"
    hours = round(forecast.seconds_left / 3600)
    return f"Empty in about {plural(hours, 'hour')}" if hours >= 1 else "Empty within an hour"


def forecast_basis(forecast: Forecast | None) -> str:
    if forecast is None:
        return "A forecast appears once the balance was read over some days of use."
    return f"At the pace of the last {plural(max(1, round(forecast.days)), 'day')}."


def is_urgent(forecast: Forecast | None) -> bool:
    return forecast is not None and forecast.seconds_left < SOON_EMPTY


def estimate_words(estimate: Estimate | None) -> str:
    """What a run is going to cost, by what earlier ones did."""
    if estimate is None:
        return "No history yet, so the cost is not known"
    low, high = format_credits(estimate.low), format_credits(estimate.high)
    runs = "Last run" if estimate.runs == 1 else f"Last {estimate.runs:,} runs"
    cost = credits_words(estimate.high) if low == high else f"{low} to {high} credits"
    return f"{runs} of this agent on videos of this length: {cost}"


# Sign-in

UNAVAILABLE = (
    "This account has no address to sign in at. In Settings, under Account, press Change… and enter the address to "
    "sign in at with its public key."
)
WHY_SIGN_IN = "Sign in to see your credits and API keys. Uploads and runs go on without it."
ENDED = "Your sign-in has ended, so credits and keys are not up to date. Your work goes on with the API key."
KEPT = "Your password is not kept. What renews the sign-in lies in your system keyring."
UNKEPT = "Your password is not kept, and the sign-in lasts until you quit, as the key of this account does."
TOKEN_HINT = "A session token is what your browser holds while you are signed in at Mosaic. It lasts about an hour."
_SIGNED_OUT_TIP = {SignInState.OUT: WHY_SIGN_IN, SignInState.ENDED: ENDED}


def signed_in_words(sign_in: SignIn, *, by_itself: bool = False) -> str:
    """`by_itself`: the application signs in to the local Mosaic for the user."""
    if by_itself:
        return "The local Mosaic’s own account"
    who = f"Signed in as {sign_in.email}" if sign_in.email else "Signed in with a session token"
    return who if sign_in.kept else f"{who}, until you quit"


def email_trouble(email: str) -> str:
    """Why this cannot be an email address; empty where it can."""
    name, at, host = email.strip().partition("@")
    if not email.strip():
        return "Enter your email address."
    return "" if at and name and "." in host and " " not in email.strip() else "This is not a whole email address."


def bare_token(token: str) -> str:
    """Without what stands before it where it was copied from."""
    return token.strip().removeprefix("Bearer ").strip()


def token_trouble(token: str) -> str:
    """Why this cannot be a session token; empty where it can."""
    bare = bare_token(token)
    if not bare:
        return "Paste a session token first."
    if bare.startswith("mk_"):
        return "This is an API key. Credits and keys are shown for a session token alone."
    if bare.count(".") != 2 or not bare.isascii() or any(letter.isspace() for letter in bare):
        return "This is not a whole session token: it has three parts with dots between. Copy it once more."
    return ""


# Keys


OWN_KEY_MISSING = (
    "The key that this app works with was not found among these. It was revoked, or belongs to another account; "
    "then your runs use other credits than those above."
)


def key_name(key: ApiKey) -> str:
    """The masked key where it is known, else the beginning of its id."""
    if key.hint:
        return key.hint
    return f"Key {key.id}" if len(key.id) <= 12 else f"Key {key.id[:8]}…"


def created_words(key: ApiKey) -> str:
    return format_day(key.created_at) if key.created_at is not None else "not known"


def last_used_words(key: ApiKey, now: float) -> str:
    return format_ago(max(0.0, now - key.last_used_at)) if key.last_used_at is not None else "never"


def key_sentence(key: ApiKey, now: float, busy: str) -> str:
    """The whole row, for being read aloud."""
    parts = [key_name(key), *(["this app"] if key.is_own else []), *([busy] if busy else [])]
    parts += [f"created {created_words(key)}", f"last used {last_used_words(key, now)}"]
    return ", ".join([*parts, f"webhook {key.webhook_url or 'none'}"])


def revoke_words(key: ApiKey) -> str:
    if key.is_own:
        return (
            "This app works with this key. Once it is revoked, Mosaic refuses every upload and run from here until you "
            "enter another one. Runs in flight go on. To lose nothing, use Replace this key instead. "
            "This cannot be undone."
        )
    return "Programs that use it will be refused at once; runs in flight go on. This cannot be undone."


def url_trouble(url: str) -> str:
    """Why Mosaic could not deliver to `url`, as a sentence; empty where it could."""
    text = url.strip()
    if not text:
        return "Enter the address that Mosaic should call."
    if any(letter.isspace() for letter in text):
        return "An address has no spaces."
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "This is not a web address."
    if parts.scheme not in ("http", "https") or not host:
        return "An address begins with https:// and names a host."
    if parts.scheme == "http" and host not in _LOOPBACK:
        return "Only an address on this computer may begin with http://. Use https:// here."
    return ""


def undone(subject: str, deed: str, error: MosaicError) -> str:
    """`Key 1a2b… was not revoked. Mosaic cannot be reached.` Of a lost answer nothing is claimed."""
    if isinstance(error, NetworkError) and error.seen:
        return f"Perhaps {subject} was {deed}: the answer was lost. The list tells as soon as it is read again."
    begun = f"The {subject.removeprefix('the ')}" if subject.startswith("the ") else subject
    return f"{begun} was not {deed}. {sentence(error.problem)}"


def lost_answer(problem: Problem) -> str:
    """What to tell where a key may have been made without anybody learning it."""
    return f"{sentence(problem)} A key may have been made all the same; if one appears that nobody knows, revoke it."


# Webhooks

_VERDICTS: dict[Verdict, tuple[str, StateKind, str]] = {
    Verdict.ACCEPTED: ("Accepted", StateKind.GOOD, "circle-check"),
    Verdict.TEST: ("Arrived", StateKind.GOOD, "circle-check"),
    Verdict.REPEATED: ("Repeated", StateKind.NEUTRAL, "circle-dashed"),
    Verdict.UNKNOWN_RUN: ("Not ours", StateKind.NEUTRAL, "info"),
    Verdict.LATE: ("Wrong time", StateKind.WARNING, "clock"),
    Verdict.UNREADABLE: ("Unreadable", StateKind.WARNING, "triangle-alert"),
    Verdict.TOO_LARGE: ("Too large", StateKind.BAD, "circle-x"),
    Verdict.FORGED: ("Forged", StateKind.BAD, "shield-alert"),
}
_EVENTS = {"agent_run.completed": "Run finished", "agent_run.failed": "Run failed"}


def verdict_look(verdict: Verdict) -> tuple[str, StateKind, str]:
    """The verdict in a word or two, with its kind and icon; the sentence is `core.verdicts`."""
    return _VERDICTS[verdict]


def event_words(delivery: Delivery) -> str:
    """`Run finished`; the service's own word for one that is not known; `not read` where nothing was verified."""
    if delivery.verdict is Verdict.TEST:
        return "Test"
    return _EVENTS.get(delivery.event, delivery.event or "not read")


REACH = (
    "Mosaic calls from the internet, which cannot reach a desktop by itself. Run a tunnel on this computer (such as "
    "cloudflared or ngrok) that leads to the address above, and set the tunnel’s https:// address, with the same "
    "ending, as the webhook of the key that you use."
)
REACH_LOCAL = (
    "The local Mosaic runs on this computer, so it reaches this address as it is: set it as the webhook of your key."
)
RECEIVER = "When a run ends, Mosaic tells this app at once, instead of being asked every few seconds."
