"""A world in memory for tests of the account: a sign-in service whose tokens rotate, a portal, a ledger, a vault."""

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, ParamSpec

from mosaic_desktop.account.desk import Desk
from mosaic_desktop.account.keys import KeyMemory
from mosaic_desktop.account.parts import AccountParts
from mosaic_desktop.core.account import ApiKey, BalanceReading, NewKey, RunCost, Session
from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.errors import (
    AuthError,
    Code,
    JournalError,
    MosaicError,
    NetworkError,
    ServiceError,
    VaultError,
)
from mosaic_desktop.core.events import Events, RowChanged, What
from mosaic_desktop.core.run import Run, RunId, RunSpec, RunState
from mosaic_desktop.core.secrets import Secret
from tests.support.fakes import ManualClock, MemoryVault

P = ParamSpec("P")
EMAIL, PASSWORD, PASTED = "ann@studio.example", Secret("open sesame"), "pasted@studio.example"
OFFLINE = NetworkError(Code.UNREACHABLE, seen=False)


class Clocks(ManualClock):
    """``jump``: what the wall clock is ahead of the other one, as after sleep or a wrong setting."""

    jump = 0.0

    def now(self) -> float:
        return super().now() + self.jump


@dataclass
class Gate:
    """Calls wait while it is closed."""

    opened: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0

    def __post_init__(self) -> None:
        self.opened.set()

    def close(self) -> None:
        self.opened.clear()

    def open(self) -> None:
        self.opened.set()

    async def __aenter__(self) -> None:
        self.waiting += 1
        await self.opened.wait()

    async def __aexit__(self, *error: object) -> None:
        self.waiting -= 1


@dataclass
class Issued:
    """One session at the service: its refresh tokens, the live one last, and its access tokens."""

    refresh: list[str]
    access: list[str]
    is_alive: bool = True


@dataclass
class RotatingAuth:
    """Supabase Auth as it is with rotation: the live token and its parent are good, an older one ends the session.

    ``down`` is raised before anything is done, ``lost`` many answers are lost after everything was done.
    """

    clock: Clocks
    life: float = 3600.0
    clock_error: float = 0.0  # of the times that it names, in seconds
    down: MosaicError | None = None
    lost: int = 0
    gate: Gate = field(default_factory=Gate)
    sessions: list[Issued] = field(default_factory=list)
    ends_at: dict[str, float] = field(default_factory=dict)
    refreshes: int = 0
    tries: int = 0
    at_once: int = 0
    told: list[str] = field(default_factory=list)

    async def sign_in(self, email: str, password: Secret) -> Session:
        async with self.gate:
            self._answers()
            if (email, password) != (EMAIL, PASSWORD):
                raise AuthError(Code.INVALID_LOGIN)
            self.sessions.append(Issued([], []))
            return self._issue(self.sessions[-1])

    async def refresh(self, token: Secret) -> Session:
        self.tries += 1
        async with self.gate:
            self.at_once = max(self.at_once, self.gate.waiting)
            self._answers()
            session = next((one for one in self.sessions if token.reveal() in one.refresh), None)
            if session is None or not session.is_alive:
                raise AuthError(Code.SESSION_ENDED)
            age = len(session.refresh) - 1 - session.refresh.index(token.reveal())
            if age > 1:
                session.is_alive = False
                raise AuthError(Code.SESSION_ENDED)
            self.refreshes += 1
            issued = self._issue(session, is_new=age == 0)
            if self.lost:
                self.lost -= 1
                raise NetworkError(Code.INTERRUPTED, seen=True)
            return issued

    async def sign_out(self, access: Secret) -> None:
        self._answers()
        self.told.append(access.reveal())
        for session in self.sessions:
            session.is_alive = session.is_alive and access.reveal() not in session.access

    async def aclose(self) -> None:
        return

    def accepts(self, access: Secret) -> bool:
        """Sessions that were signed out keep their access tokens until those end, as at the service."""
        return self.ends_at.get(access.reveal(), 0.0) > self.clock.monotonic()

    def _issue(self, session: Issued, *, is_new: bool = True) -> Session:
        number = sum(len(one.access) for one in self.sessions) + 1
        session.access.append(f"access-{number}")
        if is_new:
            session.refresh.append(f"refresh-{number}")
        self.ends_at[session.access[-1]] = self.clock.monotonic() + self.life
        ends = self.clock.now() + self.clock_error + self.life
        return Session(Secret(session.access[-1]), Secret(session.refresh[-1]), ends, EMAIL)

    def _answers(self) -> None:
        if self.down is not None:
            raise self.down


@dataclass
class MemoryPortal:
    """``down`` is raised by every call; ``lost`` many answers to making a key are lost."""

    auth: RotatingAuth
    credits: float = 1000.0
    down: MosaicError | None = None
    lost: int = 0
    refuses: bool = False
    gate: Gate = field(default_factory=Gate)
    listed: list[ApiKey] = field(default_factory=list)
    reads: int = 0
    calls: int = 0
    pasted: set[str] = field(default_factory=set)

    async def keys(self, access: Secret) -> tuple[ApiKey, ...]:
        async with self.gate:
            self._check(access)
            return tuple(self.listed)

    async def create_key(self, access: Secret, webhook_url: str | None = None) -> NewKey:
        async with self.gate:
            self._check(access)
            new = NewKey(f"key-{len(self.listed) + 1}", Secret(f"mk_live_{len(self.listed):012}"), webhook_url)
            self.listed.append(ApiKey(new.id, self.auth.clock.now(), webhook_url=webhook_url))
            if self.lost:
                self.lost -= 1
                raise NetworkError(Code.INTERRUPTED, seen=True)
            return new

    async def set_webhook(self, access: Secret, key_id: str, url: str | None) -> None:
        self._check(access)
        self._change(key_id, webhook_url=url)

    async def revoke(self, access: Secret, key_id: str) -> None:
        self._check(access)
        if key_id not in [key.id for key in self.listed]:
            raise ServiceError(Code.NOT_FOUND, status=404)
        self.listed = [key for key in self.listed if key.id != key_id]

    async def balance(self, access: Secret) -> float:
        async with self.gate:
            self._check(access)
            self.reads += 1
            return self.credits

    async def aclose(self) -> None:
        return

    def use(self, key_id: str) -> None:
        self._change(key_id, last_used_at=self.auth.clock.now())

    def _change(self, key_id: str, **changes: object) -> None:
        self.listed = [replace(key, **changes) if key.id == key_id else key for key in self.listed]  # type: ignore[arg-type]

    def _check(self, access: Secret) -> None:
        self.calls += 1
        if self.down is not None:
            raise self.down
        if self.refuses or not (access.reveal() in self.pasted or self.auth.accepts(access)):
            raise AuthError(Code.INVALID_KEY, status=401)


@dataclass
class MemoryLedger:
    """While ``broken``, nothing can be written."""

    kept_readings: list[BalanceReading] = field(default_factory=list)
    kept_costs: dict[str, RunCost] = field(default_factory=dict)
    broken: bool = False

    async def add_reading(self, reading: BalanceReading) -> None:
        self._write()
        self.kept_readings.append(reading)

    async def readings(self, since: float = 0.0) -> tuple[BalanceReading, ...]:
        return tuple(reading for reading in self.kept_readings if reading.at >= since)

    async def add_cost(self, cost: RunCost) -> None:
        self._write()
        self.kept_costs[cost.run_id] = cost

    async def costs(self, since: float = 0.0) -> tuple[RunCost, ...]:
        return tuple(sorted((cost for cost in self.kept_costs.values() if cost.at >= since), key=lambda cost: cost.at))

    def _write(self) -> None:
        if self.broken:
            raise JournalError(Code.JOURNAL)


class Vault(MemoryVault):
    """``asked``: how often it was allowed to ask the user; writes wait at ``gate``, questions at ``questions``."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Gate()
        self.questions = Gate()
        self.asked = 0
        self.locked = False

    async def peek(self, name: str) -> Secret | None:
        async with self.questions:
            if self.locked:
                raise _locked()
            return await super().peek(name)

    async def read(self, name: str) -> Secret | None:
        self.asked += 1
        async with self.questions:
            self.locked = False  # the user unlocks it
            return await super().peek(name)

    async def write(self, name: str, secret: Secret) -> None:
        async with self.gate:
            if self.locked:
                self.asked += 1  # and the user says no
                raise _locked()
            await super().write(name, secret)

    async def delete(self, name: str) -> None:
        async with self.gate:
            await super().delete(name)


def _locked() -> VaultError:
    return VaultError(Code.KEYRING_LOCKED, retryable=True)


@dataclass
class Rig:
    """What outlives an application: the services and the disk. ``runs``: what the engine has."""

    clock: Clocks = field(default_factory=Clocks)
    vault: Vault | None = field(default_factory=Vault)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    events: Events = field(default_factory=Events)
    runs: dict[RunId, Run] = field(default_factory=dict)
    lengths: dict[AssetId, float] = field(default_factory=dict)
    ledgers: dict[str, MemoryLedger] = field(default_factory=dict)  # of people who are to be told apart
    person: str = ""  # who was signed in last
    has_auth: bool = True
    own_id: str | None = None
    hints: dict[str, str] = field(default_factory=dict)
    own_key: str | None = None  # the id of the key that a touch uses
    used: list[NewKey] = field(default_factory=list)
    key_problem: MosaicError | None = None
    touches: int = 0
    use_problem: MosaicError | None = None
    changes: int = 0

    def __post_init__(self) -> None:
        self.auth = RotatingAuth(self.clock)
        self.portal = MemoryPortal(self.auth)

    @property
    def token(self) -> str:
        """The refresh token that is kept; empty where there is none."""
        found = self.vault.secrets.get("session") if self.vault is not None else None
        return found.reveal() if found else ""

    @asynccontextmanager
    async def desk(self, *, signed_in: bool = False) -> AsyncIterator[Desk]:
        desk = Desk(self._parts())
        desk.subscribe(self._changed)
        await desk.start()
        try:
            if signed_in:
                await desk.sign_in(EMAIL, PASSWORD)
                await settle()
            yield desk
        finally:
            await desk.aclose()

    def put(self, run: Run, what: What = What.STATE) -> Run:
        """The engine's row is another one."""
        self.runs[run.id] = run
        self.events.publish(RowChanged(what, run))
        return run

    def start_run(self, name: str = "1", agent: str = "Reframe", seconds: float = 60.0, cost: float = 0.0) -> Run:
        """As the engine does it, up to RUNNING; the service takes ``cost``."""
        self.lengths[AssetId(name)] = seconds
        spec = RunSpec(agent_id="agent", agent_name=agent)
        run = self.put(Run(RunId(name), AssetId(name), spec, created_at=self.clock.now()), What.ADDED)
        run = self.put(replace(run, state=RunState.STARTING))
        self.portal.credits -= cost
        return self.put(replace(run, state=RunState.RUNNING, remote_id=f"remote-{name}", started_at=self.clock.now()))

    def end_run(self, run: Run, *, failed: bool = False, back: float = 0.0) -> Run:
        """The service gives ``back`` what it had taken."""
        self.portal.credits += back
        state = RunState.FAILED if failed else RunState.FINISHED
        return self.put(replace(self.runs[run.id], state=state, finished_at=self.clock.now()))

    async def pass_time(self, seconds: float, step: float = 5.0) -> None:
        """With everything that becomes due meanwhile."""
        left = seconds
        while left > 0:
            self.clock.advance(min(step, left))
            left -= step
            await settle()

    def _changed(self) -> None:
        self.changes += 1

    def _parts(self) -> AccountParts:
        return AccountParts(
            auth=self.auth if self.has_auth else None,
            portal=self.portal,
            ledger=self._ledger_of,
            vault=self.vault,
            token_name="session",
            clock=self.clock,
            subscribe=self.events.subscribe,
            runs=lambda: tuple(self.runs.values()),
            seconds_of=self.lengths.get,
            read_token=lambda token: Session(token, None, self.clock.now() + 3600.0, PASTED),
            check_key=self._check_key,
            use_key=self._use_key,
            key_memory=KeyMemory(
                own_id=lambda: self.own_id,
                learn_own_id=self._learn,
                own_hint=lambda: "mk_…own",
                touch=self._touch,
                hints=lambda: self.hints,
                remember_hint=self.hints.__setitem__,
            ),
            person=self.person,
        )

    def _ledger_of(self, person: str) -> MemoryLedger:
        self.person = person
        return self.ledgers.get(person, self.ledger)

    async def _check_key(self, key: Secret) -> None:
        if self.key_problem is not None:
            raise self.key_problem

    async def _use_key(self, new: NewKey) -> None:
        if self.use_problem is not None:
            raise self.use_problem
        self.used.append(new)

    async def _touch(self) -> None:
        self.touches += 1
        if self.key_problem is not None:
            raise self.key_problem
        self.clock.advance(1.0)
        if self.own_key is not None:
            self.portal.use(self.own_key)

    def _learn(self, key_id: str) -> None:
        self.own_id = key_id


async def settle() -> None:
    """Lets everything happen that needs no time."""
    for _ in range(30):
        await asyncio.sleep(0)


def told(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """A test that is a coroutine, on a loop of its own."""

    @functools.wraps(test)
    def run(*arguments: P.args, **fixtures: P.kwargs) -> None:
        asyncio.run(test(*arguments, **fixtures))

    return run
