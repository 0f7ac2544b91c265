"""Values of an account: its session, API keys, credit balance, what runs cost, and webhook deliveries.

Contract: sections Authentication, Developer portal and Webhooks. Times are seconds since the epoch unless said
otherwise.
"""

from dataclasses import dataclass
from enum import StrEnum

from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.secrets import Secret

# --- Session ----------------------------------------------------------------------------------------------------------


class SignInState(StrEnum):
    OUT = "signed_out"
    IN = "signed_in"
    ENDED = "ended"  # by the service's own verdict; the user must sign in again
    UNAVAILABLE = "unavailable"  # this profile has no address to sign in at


@dataclass(frozen=True, slots=True)
class Session:
    """What a sign-in gives. ``expires_at`` is corrected by the service's clock. ``refresh`` is None for a session token
    that was pasted by hand, which cannot be renewed.
    """

    access: Secret
    refresh: Secret | None
    expires_at: float
    email: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The sign-in as people see it. ``kept``: whether it survives a restart, since its token is in the keyring."""

    state: SignInState
    email: str = ""
    kept: bool = True
    problem: Problem | None = None


# --- Credits ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BalanceReading:
    at: float
    credits: float


@dataclass(frozen=True, slots=True)
class Balance:
    """``latest``: the last reading, which may be old. ``problem``: why the last attempt to read it failed."""

    latest: BalanceReading | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class RunCost:
    """What one run took from the balance, measured before and after. ``approximate``: other runs, or top-ups, fell into
    the same time. ``run_id`` is the journal's, ``agent`` the run's title, ``seconds`` its video's length.
    """

    run_id: str
    agent: str
    seconds: float | None
    credits: float
    approximate: bool
    at: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """Lowest and highest cost of the last ``runs`` runs of this agent on videos of about this length."""

    low: float
    high: float
    runs: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """At the pace of the last ``days`` days the balance is used up in ``seconds_left``."""

    seconds_left: float
    days: float


# --- Keys -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the service lists it; its plaintext is never listed. ``hint``: the masked form, known for keys that this
    app made or uses, else empty. ``is_own``: it is the one that this profile works with.
    """

    id: str
    created_at: float | None = None
    last_used_at: float | None = None
    webhook_url: str | None = None
    hint: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class NewKey:
    """``key`` is shown this once."""

    id: str
    key: Secret
    webhook_url: str | None = None


# --- Webhooks ---------------------------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """What became of a delivery. Only ACCEPTED changes anything."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"  # the same delivery came before
    FORGED = "forged"  # no signature, or one by none of the keys
    LATE = "late"  # signed more than five minutes from now
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"  # rightly signed, and not what the contract describes
    UNKNOWN_RUN = "unknown_run"  # rightly signed, for a run that this app did not start
    TEST = "test"  # sent by this app to itself


@dataclass(frozen=True, slots=True)
class Delivery:
    """``event`` as the body names it, ``remote_run_id`` the service's ``agent_run_id``; both empty where unverified."""

    at: float
    verdict: Verdict
    event: str = ""
    remote_run_id: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class RunNotice:
    """What the body of a delivery says, in the service's own words; it is believed only once its signature was."""

    event: str
    remote_run_id: str
    status: str


@dataclass(frozen=True, slots=True)
class ReceiverState:
    """``url``: where it listens, None while it does not. ``problem``: why it could not begin, or ended by itself.

    ``unlisted``: refused deliveries since the app started that came too fast to be listed one by one.
    """

    url: str | None = None
    problem: Problem | None = None
    unlisted: int = 0
