"""Protocols of the account: what it reaches the world through, and what the window asks of it.

All of them live on the event-loop thread and raise MosaicError and nothing else.
"""

from __future__ import annotations  # the types are only named here, and need not be loaded for that

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from mosaic_desktop.core.account import (
        ApiKey,
        Balance,
        BalanceReading,
        Delivery,
        Estimate,
        Forecast,
        NewKey,
        ReceiverState,
        RunCost,
        Session,
        SignIn,
    )
    from mosaic_desktop.core.secrets import Secret

# --- The service ------------------------------------------------------------------------------------------------------


class AuthService(Protocol):
    """Supabase Auth (GoTrue). AuthError means the service's own verdict on a session or a password; what else is
    raised (NetworkError, ServiceError) says nothing about it.
    """

    async def sign_in(self, email: str, password: Secret) -> Session:
        """AuthError: INVALID_LOGIN, EMAIL_NOT_CONFIRMED."""
        ...

    async def refresh(self, token: Secret) -> Session:
        """A session with the next refresh token; ``token`` is used up. AuthError: SESSION_ENDED."""
        ...

    async def sign_out(self, access: Secret) -> None: ...

    async def aclose(self) -> None: ...


class Portal(Protocol):
    """The developer portal, ``/dev/*``. ``access``: the session token. AuthError (INVALID_KEY) where it is not
    accepted. Never sends more than 120 requests a minute.
    """

    async def keys(self, access: Secret) -> tuple[ApiKey, ...]: ...

    async def create_key(self, access: Secret, webhook_url: str | None = None) -> NewKey: ...

    async def set_webhook(self, access: Secret, key_id: str, url: str | None) -> None: ...

    async def revoke(self, access: Secret, key_id: str) -> None: ...

    async def balance(self, access: Secret) -> float: ...

    async def aclose(self) -> None: ...


# --- Memory -----------------------------------------------------------------------------------------------------------


class Ledger(Protocol):
    """Balance readings and costs of one person in one profile, kept for good. Raises JournalError."""

    async def add_reading(self, reading: BalanceReading) -> None: ...

    async def readings(self, since: float = 0.0) -> tuple[BalanceReading, ...]:
        """Oldest first."""
        ...

    async def add_cost(self, cost: RunCost) -> None:
        """Replaces an earlier one of the same run."""
        ...

    async def costs(self, since: float = 0.0) -> tuple[RunCost, ...]:
        """Oldest first."""
        ...


class DeliveryLog(Protocol):
    """Deliveries of one profile, the latest some hundred of them; fingerprints of accepted ones for a week and more."""

    async def is_new(self, fingerprint: str, at: float) -> bool:
        """Whether it never came before; it has from now on. Durable when this returns."""
        ...

    async def add(self, delivery: Delivery) -> None: ...

    async def latest(self) -> tuple[Delivery, ...]:
        """Newest first."""
        ...


# --- What the window asks ---------------------------------------------------------------------------------------------


class AccountDesk(Protocol):
    """One profile's account. Values are read from the properties; ``subscribe`` tells that one of them changed.

    What needs a session raises AuthError (SIGNED_OUT or SESSION_ENDED) without one.
    """

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Returns the function that ends the subscription."""
        ...

    @property
    def sign_in_state(self) -> SignIn: ...

    @property
    def balance(self) -> Balance: ...

    @property
    def readings(self) -> tuple[BalanceReading, ...]:
        """Oldest first, of the last 90 days."""
        ...

    @property
    def costs(self) -> tuple[RunCost, ...]:
        """Oldest first, of the last 90 days."""
        ...

    @property
    def forecast(self) -> Forecast | None:
        """None where there is too little to go by, or nothing is being used up."""
        ...

    def estimate(self, agent: str, seconds: float | None) -> Estimate | None:
        """For a run titled ``agent`` on a video of ``seconds``; None where nothing is known."""
        ...

    async def sign_in(self, email: str, password: Secret) -> None: ...

    async def use_token(self, token: Secret) -> None:
        """Takes a session token that was pasted by hand; it lasts until it expires and is not kept."""
        ...

    async def sign_out(self) -> None:
        """The session is forgotten here in any case, also where the service cannot be told."""
        ...

    async def read_balance(self) -> None: ...

    async def keys(self) -> tuple[ApiKey, ...]: ...

    async def create_key(self, webhook_url: str | None = None) -> NewKey: ...

    async def set_webhook(self, key_id: str, url: str | None) -> None: ...

    async def revoke_key(self, key_id: str) -> None: ...

    async def check_key(self, key: Secret) -> None:
        """Returns if the service accepts ``key`` for its operational calls. Raises AuthError if not."""
        ...

    async def use_key(self, new: NewKey) -> None:
        """From here on this profile works with it; kept in the keyring first. Raises VaultError."""
        ...


class WebhookDesk(Protocol):
    """The local receiver of webhook deliveries and what came."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]: ...

    @property
    def receiver(self) -> ReceiverState: ...

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Newest first."""
        ...

    async def start(self, port: int) -> None:
        """Listens on this computer alone. Where the port is taken, ``receiver`` has the problem."""
        ...

    async def stop(self) -> None: ...

    async def send_test(self) -> None:
        """Signs a delivery with this profile's key and sends it to the receiver. Raises MosaicError: RECEIVER_OFF,
        NO_KEY, and where it did not arrive RECEIVER_FAILED.
        """
        ...
