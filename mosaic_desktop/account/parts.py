"""What a profile's account reaches the world through, handed on to each of its parts."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from mosaic_desktop.account.keys import KeyMemory
from mosaic_desktop.core.account import NewKey, Session
from mosaic_desktop.core.account_ports import AuthService, Ledger, Portal
from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.events import Event
from mosaic_desktop.core.ports import Clock, SecretStore
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.core.run import Run
from mosaic_desktop.core.secrets import Secret


@dataclass(frozen=True, slots=True)
class AccountParts:
    """Built once for each profile by the application.

    ``auth`` None: the profile has no address to sign in at. ``vault`` None: nothing is kept across restarts;
    ``token_name``: what the refresh token is called in it, different for each profile. ``ledger``: of a person, by the
    email; ``person``: who was signed in last, empty where nobody was. ``subscribe``: to the engine's
    events; ``runs``: those that it has now; ``seconds_of``: the length of an asset's video, where known.

    ``read_token``: the session of a token that was pasted by hand; raises MosaicError where it is none.
    ``check_key``: returns if the service accepts a key for its operational calls, else raises AuthError. ``use_key``:
    from here on the profile works with it, kept first; raises VaultError. ``retry``: how waits grow; nothing here is
    given up.
    """

    auth: AuthService | None
    portal: Portal
    ledger: Callable[[str], Ledger]
    vault: SecretStore | None
    token_name: str
    clock: Clock
    subscribe: Callable[[Callable[[Event], None]], Callable[[], None]]
    runs: Callable[[], Iterable[Run]]
    seconds_of: Callable[[AssetId], float | None]
    read_token: Callable[[Secret], Session]
    check_key: Callable[[Secret], Awaitable[None]]
    use_key: Callable[[NewKey], Awaitable[None]]
    key_memory: KeyMemory
    person: str = ""
    retry: RetryPolicy = field(default_factory=lambda: RetryPolicy(first=2.0))
