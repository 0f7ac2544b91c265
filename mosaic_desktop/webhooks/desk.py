"""The webhooks of one window: the receiver, what came, and the test delivery."""

import asyncio
import logging
from collections.abc import Callable

from mosaic_desktop.core.account import Delivery, ReceiverState, Verdict
from mosaic_desktop.core.errors import Code, MosaicError, Problem
from mosaic_desktop.core.listeners import Listeners
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.webhooks.arrival import SIGNATURE_HEADER, Arrival, DoorLimits, Reply
from mosaic_desktop.webhooks.judging import DeskParts, Judge
from mosaic_desktop.webhooks.listing import Listing
from mosaic_desktop.webhooks.receiver import Receiver
from mosaic_desktop.webhooks.trial import post, trial

_STATUS = {
    Verdict.ACCEPTED: 200,
    Verdict.REPEATED: 200,
    Verdict.UNKNOWN_RUN: 200,  # another attempt would not be known either
    Verdict.TEST: 200,
    Verdict.FORGED: 401,
    Verdict.LATE: 401,
    Verdict.UNREADABLE: 400,
    Verdict.TOO_LARGE: 413,
}
_LATER = 503  # the service tries again
_JUDGED_AT_ONCE = 16
_SECONDS_BETWEEN_COUNTS = 1.0
log = logging.getLogger(__name__)


class Webhooks:
    """Implements WebhookDesk. ``open`` before use, ``aclose`` at the end."""

    def __init__(self, parts: DeskParts, limits: DoorLimits | None = None) -> None:
        self._parts = parts
        self._limits = limits or DoorLimits()
        self._judge = Judge(parts)
        self._listing = Listing(parts.log, parts.clock)
        self._scope = TaskScope("webhooks")
        self._listeners = Listeners[[]]()
        self._changing = asyncio.Lock()
        self._receiver: Receiver | None = None
        self._url: str | None = None
        self._problem: Problem | None = None
        self._judging = 0
        self._in_trouble = False
        self._counted_at = float("-inf")

    async def open(self) -> None:
        """Deliveries of before are listed again. Raises JournalError."""
        await self._listing.load()

    async def aclose(self) -> None:
        await self.stop()
        await self._scope.aclose()

    # WebhookDesk

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        return self._listeners.subscribe(listener)

    @property
    def receiver(self) -> ReceiverState:
        return ReceiverState(self._url, self._problem, self._listing.unlisted)

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        return self._listing.latest

    async def start(self, port: int) -> None:
        async with self._changing:
            await self._end()
            receiver = Receiver(self._receive, lambda: self._failed(receiver), self._limits)
            try:
                url = await receiver.start(port)
            except MosaicError as error:
                self._problem = error.problem
            else:
                self._receiver, self._url, self._problem = receiver, url, None
            self._tell()

    async def stop(self) -> None:
        async with self._changing:
            await self._end()
            self._problem = None
            self._tell()

    async def send_test(self) -> None:
        url = self._url
        if url is None:
            raise MosaicError(Code.RECEIVER_OFF)
        keys = await self._parts.keys()
        if not keys:
            raise MosaicError(Code.NO_KEY)
        run_id, body = trial()
        header = self._parts.sign(keys[0], body, self._parts.clock.now())
        self._judge.expect_test(run_id)
        try:
            status = await asyncio.to_thread(post, url, {SIGNATURE_HEADER: header}, body)
        finally:
            self._judge.forget_test(run_id)
        if status != _STATUS[Verdict.TEST]:
            raise MosaicError(Code.RECEIVER_FAILED, status=status)

    # Inside

    async def _end(self) -> None:
        """To the outside it is off at once; what is under way is still answered."""
        receiver, self._receiver, self._url = self._receiver, None, None
        if receiver is not None:
            await receiver.stop()

    def _failed(self, receiver: Receiver) -> None:
        if receiver is self._receiver:
            self._receiver, self._url, self._problem = None, None, Problem(Code.RECEIVER_FAILED)
            self._tell()

    def _receive(self, arrival: Arrival, reply: Reply) -> None:
        if self._scope.closed or self._judging >= _JUDGED_AT_ONCE:
            reply(_LATER)
            return
        self._judging += 1
        self._scope.start(self._settle(arrival, reply), "delivery").add_done_callback(lambda _: self._settled(reply))

    def _settled(self, reply: Reply) -> None:
        self._judging -= 1
        reply(_LATER)  # for one that was cancelled or failed; an answer that was given stands

    async def _settle(self, arrival: Arrival, reply: Reply) -> None:
        try:
            delivery = await self._judge.judge(arrival)
        except MosaicError as error:
            if not self._in_trouble:  # once, since strangers could fill the log
                log.warning("deliveries cannot be judged: %s", error)
            self._in_trouble = True
            return
        self._in_trouble = False
        is_listed = self._listing.take(delivery)
        reply(_STATUS[delivery.verdict])
        if is_listed or self._may_count():
            self._tell()
        if is_listed:
            await self._listing.keep(delivery)

    def _may_count(self) -> bool:
        """What is only counted may come in floods."""
        now = self._parts.clock.monotonic()
        if now - self._counted_at < _SECONDS_BETWEEN_COUNTS:
            return False
        self._counted_at = now
        return True

    def _tell(self) -> None:
        self._listeners.tell()
