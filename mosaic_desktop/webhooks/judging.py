"""What becomes of a delivery. Runs on the event-loop thread."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from mosaic_desktop.core.account import Delivery, RunNotice, Verdict
from mosaic_desktop.core.account_ports import DeliveryLog
from mosaic_desktop.core.ports import Clock
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.webhooks.arrival import Arrival
from mosaic_desktop.webhooks.fingerprint import fingerprint

_QUICK_BYTES = 64 << 10  # hashed in less time than a thread takes to begin


@dataclass(frozen=True, slots=True)
class DeskParts:
    """Built once by the application.

    ``keys``: every API key that may sign, the profile's own first, asked for at the time of use. ``verify(header, body,
    keys, now)`` answers ACCEPTED, FORGED or LATE; ``sign(key, body, now)`` makes such a header; ``read`` gives None for
    what the contract does not describe. ``hear_of`` tells the engine that a run ended and returns whether it knows it;
    ``expects`` says whether it waits for an end of that run of which it has not heard.
    """

    keys: Callable[[], Awaitable[Sequence[Secret]]]
    verify: Callable[[str | None, bytes, Sequence[Secret], float], Verdict]
    sign: Callable[[Secret, bytes, float], str]
    read: Callable[[bytes], RunNotice | None]
    hear_of: Callable[[str], bool]
    expects: Callable[[str], bool]
    log: DeliveryLog
    clock: Clock


class Judge:
    """Only what is signed, in time, readable and new reaches the engine."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._tests: set[str] = set()

    def expect_test(self, run_id: str) -> None:
        """A delivery for this run id, which no service gave out, is the application's own."""
        self._tests.add(run_id)

    def forget_test(self, run_id: str) -> None:
        self._tests.discard(run_id)

    async def judge(self, arrival: Arrival) -> Delivery:
        """Raises MosaicError where it cannot be said now, upon which nothing has changed: the sender tries again."""
        now = self._parts.clock.now()
        if arrival.body is None:
            return Delivery(now, Verdict.TOO_LARGE, size=arrival.size)
        verdict = await self._verified(arrival.signatures, arrival.body, now)
        if verdict is not Verdict.ACCEPTED:
            return Delivery(now, verdict, size=arrival.size)
        notice = self._parts.read(arrival.body)
        if notice is None:
            return Delivery(now, Verdict.UNREADABLE, size=arrival.size)
        heard = await self._heard(notice.remote_run_id, arrival.body, now)
        return Delivery(now, heard, notice.event, notice.remote_run_id, arrival.size)

    async def _verified(self, signatures: tuple[str, ...], body: bytes, now: float) -> Verdict:
        if len(signatures) != 1:  # of several, nobody could say which one another program looked at
            return Verdict.FORGED
        keys = await self._parts.keys()
        if len(body) <= _QUICK_BYTES:
            return self._parts.verify(signatures[0], body, keys, now)
        return await asyncio.to_thread(self._parts.verify, signatures[0], body, keys, now)

    async def _heard(self, run_id: str, body: bytes, now: float) -> Verdict:
        if run_id in self._tests:
            return Verdict.TEST
        is_new = await self._parts.log.is_new(fingerprint(body), now)
        # Nothing is awaited from here on, so that what is remembered as heard was heard.
        if not is_new and not self._parts.expects(run_id):  # a run that goes on after it failed may fail once more
            return Verdict.REPEATED
        return Verdict.ACCEPTED if self._parts.hear_of(run_id) else Verdict.UNKNOWN_RUN
