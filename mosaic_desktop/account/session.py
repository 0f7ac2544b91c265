"""The session: signing in, and keeping the sign-in alive until the service itself ends it.

Refresh tokens rotate: each is good for one refresh, and using an old one destroys the session. So one refresh is under
way at a time, the next token is in the vault before its access token is used, and an older one is never taken up again.
If the answer to a refresh is lost, the same token is used once more, which Supabase Auth allows for the parent of the
live one. Access tokens are in memory only. No network fault, error or pause of the service ends a session.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from mosaic_desktop.account.access_token import AccessToken
from mosaic_desktop.account.farewell import Farewell
from mosaic_desktop.account.kept_token import KeptToken
from mosaic_desktop.account.patience import Patience
from mosaic_desktop.account.shared import SharedWork
from mosaic_desktop.core.account import Session, SignIn, SignInState
from mosaic_desktop.core.account_ports import AuthService
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, NetworkError, VaultError
from mosaic_desktop.core.ports import Clock, SecretStore
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import TaskScope

_LOOK_SECONDS = 20.0
_LEAVING_SECONDS = 3.0
T = TypeVar("T")
log = logging.getLogger(__name__)


class SessionKeeper:
    """Lives on the event-loop thread. ``on_change``: ``state`` is another one. ``person``: whose session the vault has
    if it has one, by email.
    """

    def __init__(
        self,
        auth: AuthService | None,
        vault: SecretStore | None,
        token_name: str,
        clock: Clock,
        scope: TaskScope,
        retry: RetryPolicy,
        on_change: Callable[[], None],
        person: str = "",
    ) -> None:
        self._auth = auth
        self._clock = clock
        self._scope = scope
        self._on_change = on_change
        self._person = person
        self._kept = KeptToken(vault, token_name, scope, self._show)
        self._patience = Patience(clock, retry)
        self._out = SignIn(SignInState.UNAVAILABLE if auth is None else SignInState.OUT)
        self._state = self._told = self._out
        self._token: Secret | None = None  # the latest refresh token; a session is the current one while it has that
        self._access: AccessToken | None = None
        self._asked_vault = auth is None
        self._asking_vault = asyncio.Lock()
        self._wishes = 0  # signing in and out; the last one counts
        self._renewal = SharedWork(scope, "refresh")
        self._farewell = Farewell(auth, scope)

    @property
    def state(self) -> SignIn:
        return self._told

    @property
    def may_have_one(self) -> bool:
        """Whether there is a session, or one may be in the vault."""
        return self._token is not None or self._access is not None or not self._asked_vault

    def start(self) -> None:
        self._scope.start(self._loop(), "session")

    async def settle(self) -> None:
        """At the end: a refresh under way is not cut off, which would leave its token unknown here."""
        under_way = {task for task in (self._renewal.task, self._farewell.task, self._kept.writer) if task is not None}
        if under_way:
            await asyncio.wait(under_way, timeout=_LEAVING_SECONDS)

    # --- Signing in and out

    async def sign_in(self, email: str, password: Secret) -> None:
        """Raises AuthError (INVALID_LOGIN, EMAIL_NOT_CONFIRMED, NO_SIGN_IN), NetworkError, ServiceError."""
        if self._auth is None:
            raise AuthError(Code.NO_SIGN_IN)
        self._require_open()
        self._wishes += 1
        wish = self._wishes
        session = await self._auth.sign_in(email, password)
        if wish != self._wishes:
            self._dismiss_unless_used(session)
            raise AuthError(Code.SIGNED_OUT)
        self._require_open()
        self._asked_vault, self._token = True, session.refresh
        # As a refresh, so that others wait for it, and a caller that is cancelled does not cut it off.
        self._renewal.put(self._take(replace(session, email=session.email or email), ask=True))
        await self._renewal.wait()

    def use_token(self, session: Session) -> None:
        """Takes what was pasted by hand. It is not kept; what the vault holds of a session from earlier stays there
        unless that was in use.
        """
        self._wishes += 1
        if self._token is not None:
            self._kept.forget()
        self._token = None
        self._access = AccessToken.of(session, self._clock)
        self._become(SignIn(SignInState.IN, session.email))

    async def sign_out(self) -> None:
        """Forgets the session here, at once; the service is told if it can be."""
        self._wishes += 1
        access, token, self._access, self._token = self._access, self._token, None, None
        self._asked_vault = True
        self._patience.succeeded()
        self._kept.forget()
        self._become(self._out)
        if access is not None and access.is_good(self._clock):
            if access.is_renewable:  # else it was pasted, and goes on where it was begun
                self._farewell.tell(access.token)
        elif token is not None and not self._renewal.is_under_way:
            self._farewell.tell_with_refresh(token)
        if self._kept.writer is not None:
            await asyncio.wait({self._kept.writer}, timeout=_LEAVING_SECONDS)

    # --- Using it

    async def access(self, *, ask: bool = True) -> Secret:
        """A session token that is good for at least a minute. ``ask``: the user wants it, so that the keyring may ask
        and nothing but the service's own pause is waited for.

        Raises AuthError (SIGNED_OUT, SESSION_ENDED, NO_SIGN_IN); VaultError, NetworkError or ServiceError where there
        may be a session that cannot be used for now.
        """
        while True:
            access = self._access
            if access is not None and access.is_good(self._clock):
                if access.is_due(self._clock) and self._patience.is_over:
                    self._renewal.begin(self._refresh)
                return access.token
            if self._token is not None:
                self._patience.check(asked=ask)
                await self._renewal.join(self._refresh)
            elif not self._asked_vault:
                await self._restore(ask=ask)
            else:
                raise AuthError(_WITHOUT[self._state.state])

    async def call(self, work: Callable[[Secret], Awaitable[T]], *, ask: bool = True) -> T:
        """``work`` with a session token. Where that is refused, once more with a new one. Raises what ``access`` and
        ``work`` do.
        """
        token = await self.access(ask=ask)
        try:
            return await work(token)
        except AuthError as error:
            self._refused(token, error)
        try:
            return await work(await self.access(ask=ask))
        except AuthError as error:
            if error.code in (Code.SIGNED_OUT, Code.SESSION_ENDED):
                raise
            raise AuthError(Code.SIGN_IN_REFUSED, error.detail, status=error.status) from error

    def _refused(self, token: Secret, error: AuthError) -> None:
        access = self._access
        if access is None or access.token is not token:
            return
        self._access = None
        if not access.is_renewable:
            log.info("the session token is over: %s", error)
            self._become(SignIn(SignInState.ENDED, self._state.email))

    # --- Renewing

    async def _loop(self) -> None:
        """Short rests instead of one long one, which would be wrong after the computer slept."""
        while True:
            await self._clock.sleep(_LOOK_SECONDS)
            self._kept.try_again()
            is_due = self._access is None or self._access.is_due(self._clock)
            if self._token is not None and is_due and self._patience.is_over:
                self._renewal.begin(self._refresh)

    async def _refresh(self) -> MosaicError | None:
        """What prevented it; None also where the session is another one by now."""
        token = self._token
        if token is None or self._auth is None:
            return None
        try:
            session = await self._auth.refresh(token)
        except AuthError as error:
            if token is self._token:
                log.info("the service ended the session: %s", error)
                self._end()
        except MosaicError as error:
            if token is self._token:
                log.info("the session was not refreshed: %s", error)
                self._patience.failed(error)
                self._become(replace(self._state, problem=error.problem))
                return error
        else:
            if token is self._token:
                email = session.email or self._state.email
                session = replace(session, email=email, refresh=session.refresh or token)
                self._token = session.refresh  # at once, so that no older one is used again
                await self._take(session, ask=False)
            else:
                self._dismiss_unless_used(session)
        return None

    async def _take(self, session: Session, *, ask: bool) -> None:
        """Keeps the refresh token, which is the current one by now; then the access token may be used. ``ask``: the
        keyring may ask the user for that.
        """
        access = AccessToken.of(session, self._clock)
        if session.refresh is not None:
            await self._kept.keep(session.refresh, ask=ask)
        if session.refresh is self._token:
            self._access = access
            self._patience.succeeded()
            self._become(SignIn(SignInState.IN, session.email))
        else:
            self._dismiss_unless_used(session)

    async def _restore(self, *, ask: bool) -> None:
        async with self._asking_vault:
            if self._asked_vault:
                return
            try:
                token = await self._kept.read(ask=ask)
            except VaultError as error:
                if self._lacks_one:
                    self._become(replace(self._state, problem=error.problem))
                raise
            if self._lacks_one:
                self._asked_vault, self._token = True, token
                self._become(self._out if token is None else SignIn(SignInState.IN, self._person))

    # --- Inside

    @property
    def _lacks_one(self) -> bool:
        """Whether what the vault has is still of use, since nobody signed in or out while it was asked."""
        return not self._asked_vault and self._access is None

    def _require_open(self) -> None:
        if self._scope.closed:
            raise NetworkError(Code.UNREACHABLE, "the account is closed", seen=False)

    def _end(self) -> None:
        self._token = self._access = None
        self._kept.forget()
        self._become(SignIn(SignInState.ENDED, self._state.email))

    def _dismiss_unless_used(self, session: Session) -> None:
        """A session that came too late. Ending it while there is another one might end that too."""
        if not self.may_have_one:
            self._farewell.tell(session.access)

    def _become(self, state: SignIn) -> None:
        self._state = state
        self._show()

    def _show(self) -> None:
        state = self._state
        if state.state is SignInState.IN:
            state = replace(state, kept=self._kept.holds(self._token))
        state = replace(state, problem=state.problem or self._kept.problem)
        if state != self._told:
            self._told = state
            self._on_change()


_WITHOUT = {
    SignInState.OUT: Code.SIGNED_OUT,
    SignInState.IN: Code.SIGNED_OUT,
    SignInState.ENDED: Code.SESSION_ENDED,
    SignInState.UNAVAILABLE: Code.NO_SIGN_IN,
}
