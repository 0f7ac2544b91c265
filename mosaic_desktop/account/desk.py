"""One profile's account: its session, balance, costs and keys under one roof."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from mosaic_desktop.account.balance import BalanceWatch
from mosaic_desktop.account.history import CreditHistory
from mosaic_desktop.account.keys import KeyDesk
from mosaic_desktop.account.parts import AccountParts
from mosaic_desktop.account.recorder import CostRecorder
from mosaic_desktop.account.session import SessionKeeper
from mosaic_desktop.core.account import (
    ApiKey,
    Balance,
    BalanceReading,
    Estimate,
    Forecast,
    NewKey,
    RunCost,
    SignIn,
    SignInState,
)
from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.core.errors import AuthError, Code, Problem
from mosaic_desktop.core.events import Event, RowChanged, SpendingHeld, What
from mosaic_desktop.core.listeners import Listeners
from mosaic_desktop.core.run import Run, RunState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import TaskScope

_SETTLING_SECONDS = 10.0


class Desk:
    """Implements AccountDesk. Lives on the event-loop thread; ``start`` once, ``aclose`` at the end.

    The ports are closed by whoever made them.
    """

    def __init__(self, parts: AccountParts) -> None:
        self._parts = parts
        self._scope = TaskScope("account")
        self._listeners = Listeners[[]]()
        self._session = SessionKeeper(
            parts.auth,
            parts.vault,
            parts.token_name,
            parts.clock,
            self._scope,
            parts.retry,
            self._session_changed,
            parts.person,
        )
        self._person = parts.person.casefold()
        self._history, self._costs = self._records()
        self._balance = BalanceWatch(
            parts.portal,
            self._session,
            parts.clock,
            self._scope,
            parts.retry,
            lambda: self._costs.is_starting,
            self._take_reading,
            self._tell,
        )
        self._keys = KeyDesk(parts.portal, self._session, parts.key_memory, parts.clock)
        self._unsubscribe: Callable[[], None] | None = None

    async def start(self) -> None:
        """Takes over what the ledger and the engine hold, then follows the engine, which is started before or after."""
        await self._load()
        self._unsubscribe = self._parts.subscribe(self._hear)
        self._session.start()
        self._balance.start(self._history.latest)
        self._tell()

    async def settle(self) -> None:
        """Waits for the reading that tells what the last runs cost, for some seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_SETTLING_SECONDS):
                await self._balance.settle()

    async def aclose(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
        await self._session.settle()
        await self._scope.aclose()

    def set_in_front(self, in_front: bool) -> None:
        """Whether the user may be looking; behind other windows the balance is read less often."""
        self._balance.set_in_front(in_front)

    # --- What it shows

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        return self._listeners.subscribe(listener)

    @property
    def sign_in_state(self) -> SignIn:
        return self._session.state

    @property
    def balance(self) -> Balance:
        return self._balance.balance

    @property
    def readings(self) -> tuple[BalanceReading, ...]:
        return self._history.readings

    @property
    def costs(self) -> tuple[RunCost, ...]:
        return self._history.costs

    @property
    def forecast(self) -> Forecast | None:
        return self._history.forecast()

    def estimate(self, agent: str, seconds: float | None) -> Estimate | None:
        return self._history.estimate(agent, seconds)

    # --- What it does

    async def sign_in(self, email: str, password: Secret) -> None:
        await self._session.sign_in(email, password)
        self._balance.go_on()

    async def use_token(self, token: Secret) -> None:
        """Taken once the service accepted it. Raises AuthError (SIGN_IN_REFUSED) where it does not."""
        session = self._parts.read_token(token)
        try:
            await self._parts.portal.balance(session.access)
        except AuthError as error:
            raise AuthError(Code.SIGN_IN_REFUSED, error.detail, status=error.status) from error
        self._session.use_token(session)
        self._balance.go_on()

    async def sign_out(self) -> None:
        await self._session.sign_out()

    async def read_balance(self) -> None:
        await self._balance.read()

    async def keys(self) -> tuple[ApiKey, ...]:
        return await self._keys.list()

    async def create_key(self, webhook_url: str | None = None) -> NewKey:
        return await self._keys.create(webhook_url)

    async def set_webhook(self, key_id: str, url: str | None) -> None:
        await self._keys.set_webhook(key_id, url)

    async def revoke_key(self, key_id: str) -> None:
        await self._keys.revoke(key_id)

    async def check_key(self, key: Secret) -> None:
        await self._parts.check_key(key)

    async def use_key(self, new: NewKey) -> None:
        await self._parts.use_key(new)
        self._parts.key_memory.learn_own_id(new.id)
        self._tell()

    # --- Inside

    def _hear(self, event: Event) -> None:
        if self._costs.hear(event):
            self._balance.spoil()
        match event:
            case RowChanged(what=What.ADDED, row=Run(state=RunState.WAITING)):
                self._balance.read_before_run()
            case RowChanged(what=What.STATE, row=Asset(state=AssetState.FINALIZING)):
                self._balance.read_before_run()
            case RowChanged(what=What.STATE, row=Run(state=RunState.FINISHED | RunState.FAILED)):
                self._balance.read_soon()
            case SpendingHeld(problem=Problem()):  # what the header says is too much
                self._balance.read_soon()
            case _:
                pass

    def _records(self) -> tuple[CreditHistory, CostRecorder]:
        """What is known of the credits of the person who is signed in, or was last."""
        parts, ledger = self._parts, self._parts.ledger(self._person)
        return CreditHistory(ledger, parts.clock), CostRecorder(ledger, parts.clock, parts.seconds_of)

    async def _load(self) -> None:
        history, costs = self._history, self._costs
        await history.load()
        costs.take_over(self._parts.runs(), history.costs)

    async def _take_reading(self, reading: BalanceReading) -> None:
        history, costs = self._history, self._costs  # of whom it was read for, whoever signs in meanwhile
        await history.add_reading(reading)
        history.add_costs(await costs.settle(history.readings))

    def _session_changed(self) -> None:
        now = self._session.state
        if now.state is not SignInState.IN:
            self._balance.forget_problem()
        elif now.email and now.email.casefold() != self._person and not self._scope.closed:
            self._person = now.email.casefold()
            self._history, self._costs = self._records()
            self._balance.begin_anew()
            self._scope.start(self._turn_to_person(), "another person")
        self._tell()

    async def _turn_to_person(self) -> None:
        history = self._history
        await self._load()
        if history is self._history:
            self._balance.recall(history.latest)
            self._tell()

    def _tell(self) -> None:
        self._listeners.tell()
