"""Reading the credit balance: on a gentle schedule, before runs begin and after they ended.

Every five minutes while the window is in front, every half hour behind others. A reading during which a run begins or
ends is shown but not kept, since nobody can tell from which side of that it is; another one follows.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from mosaic_desktop.account.patience import Moment, Patience
from mosaic_desktop.account.session import SessionKeeper
from mosaic_desktop.account.shared import SharedWork
from mosaic_desktop.core.account import Balance, BalanceReading
from mosaic_desktop.core.account_ports import Portal
from mosaic_desktop.core.errors import AuthError, MosaicError
from mosaic_desktop.core.ports import Clock
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import TaskScope

_LOOK_SECONDS = 20.0
_IN_FRONT_SECONDS, _BEHIND_SECONDS = 300.0, 1800.0
_RECENT_SECONDS = 180.0  # a reading that old still tells what there was before a run
_SETTLING_SECONDS = 2.0  # many runs that end together are told by one reading
log = logging.getLogger(__name__)


class BalanceWatch:
    """``is_disturbed``: whether a reading that began now would be of no use. ``on_reading`` gets those that are of use,
    ``on_change`` hears that ``balance`` is another one.
    """

    def __init__(
        self,
        portal: Portal,
        session: SessionKeeper,
        clock: Clock,
        scope: TaskScope,
        retry: RetryPolicy,
        is_disturbed: Callable[[], bool],
        on_reading: Callable[[BalanceReading], Awaitable[None]],
        on_change: Callable[[], None],
    ) -> None:
        self._portal = portal
        self._session = session
        self._clock = clock
        self._scope = scope
        self._is_disturbed = is_disturbed
        self._on_reading = on_reading
        self._on_change = on_change
        self._patience = Patience(clock, retry)
        self._balance = Balance()
        self._kept_since: Moment | None = None
        self._tried_since: Moment | None = None
        self._in_front = True
        self._reading = SharedWork(scope, "read balance")
        self._soon: asyncio.Task[None] | None = None  # begins one in a moment
        self._people = 0  # that were signed in one after the other
        self._spoilt = False  # a run began or ended during the reading under way

    @property
    def balance(self) -> Balance:
        return self._balance

    def start(self, latest: BalanceReading | None) -> None:
        """``latest``: of an earlier session."""
        self._balance = Balance(latest)
        self._scope.start(self._loop(), "balance")

    def set_in_front(self, in_front: bool) -> None:
        self._in_front = in_front

    async def read(self) -> None:
        """For the user; joins a reading under way. Raises what SessionKeeper.call does."""
        self._patience.check(asked=True)
        try:
            await self._session.access()  # the keyring may ask the user, which a reading under way does not let it
        except MosaicError as error:
            self._failed(error)
            raise
        await self._reading.join(self._read)

    def read_soon(self) -> None:
        """In the background, in a moment, together with whatever else asks for it until then."""
        if not self._is_soon and not self._scope.closed:
            self._soon = self._scope.start(self._read_in_a_moment(), "balance soon")

    async def settle(self) -> None:
        """Until what was to be read soon is read, if it can be now."""
        while self._soon is not None and self._is_soon and self._session.may_have_one and self._patience.is_over:
            await asyncio.wait({self._soon})
            await self._reading.wait()

    def read_before_run(self) -> None:
        """At once, unless there was a reading in the last minutes, or one would be of no use."""
        is_recent = self._kept_since is not None and self._kept_since.passed(self._clock) < _RECENT_SECONDS
        if not is_recent and not self._is_disturbed() and self._session.may_have_one and self._patience.is_over:
            self._reading.begin(self._read)

    def spoil(self) -> None:
        """A run began or ended."""
        self._spoilt = True

    def begin_anew(self) -> None:
        """Another person is signed in: no reading so far is theirs, nor the one under way."""
        self._people += 1
        self._kept_since = None
        self._show(Balance())

    def recall(self, latest: BalanceReading | None) -> None:
        """``latest``: of an earlier session of that person."""
        if self._balance.latest is None:
            self._show(replace(self._balance, latest=latest))

    def go_on(self) -> None:
        """There is another session, so what went wrong before does not count, nor does a reading under way."""
        self._patience.succeeded()
        self._spoilt = True
        self._reading.begin(self._read)

    def forget_problem(self) -> None:
        """The user signed out."""
        self._patience.succeeded()
        self._show(replace(self._balance, problem=None))

    # Inside

    @property
    def _is_soon(self) -> bool:
        return self._soon is not None and not self._soon.done()

    async def _loop(self) -> None:
        """Short rests instead of one long one, which would be wrong after the computer slept."""
        while True:
            if self._is_due():
                self._reading.begin(self._read)
                await self._reading.wait()
            await self._clock.sleep(_LOOK_SECONDS)

    def _is_due(self) -> bool:
        if not self._session.may_have_one or not self._patience.is_over:
            return False
        period = _IN_FRONT_SECONDS if self._in_front else _BEHIND_SECONDS
        tried = self._tried_since
        return tried is None or self._patience.is_needed or tried.passed(self._clock) >= period

    async def _read_in_a_moment(self) -> None:
        await self._clock.sleep(_SETTLING_SECONDS)
        while self._is_disturbed():
            await self._clock.sleep(_SETTLING_SECONDS)
        if self._session.may_have_one and self._patience.is_over:
            self._reading.begin(self._read)

    async def _read(self) -> MosaicError | None:
        self._tried_since = Moment.of(self._clock)
        began, people = self._tried_since, self._people

        async def look(access: Secret) -> float:
            nonlocal began, people
            began, people, self._spoilt = Moment.of(self._clock), self._people, self._is_disturbed()
            return await self._portal.balance(access)

        try:
            credits = await self._session.call(look, ask=False)
        except MosaicError as error:
            if people == self._people:
                self._failed(error)
            return error
        if people != self._people:
            self.read_soon()
            return None
        self._patience.succeeded()
        reading = BalanceReading(began.wall, credits)
        if self._spoilt:
            self.read_soon()
        else:
            self._kept_since = began
            await self._on_reading(reading)
        self._show(Balance(reading))
        return None

    def _failed(self, error: MosaicError) -> None:
        log.info("the balance was not read: %s", error)
        if not isinstance(error, AuthError):  # which passes by itself least of all
            self._patience.failed(error)
        self._show(replace(self._balance, problem=error.problem))

    def _show(self, balance: Balance) -> None:
        if balance != self._balance:
            self._balance = balance
            self._on_change()
