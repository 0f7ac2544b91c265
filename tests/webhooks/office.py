"""A webhook desk with the real signature, a small memory and an engine that knows a few runs."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from mosaic_desktop.api.signature import read_delivery, sign, verify
from mosaic_desktop.core.account import Delivery, Verdict
from mosaic_desktop.core.account_ports import DeliveryLog
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.webhooks.arrival import DoorLimits
from mosaic_desktop.webhooks.desk import Webhooks
from mosaic_desktop.webhooks.judging import DeskParts
from tests.support.fakes import ManualClock

KEY = Secret("mk_live_right")
OTHER_KEY = Secret("mk_live_other")
HURRIED = DoorLimits(seconds_to_read=0.3)


class MemoryDeliveries:
    """A DeliveryLog that outlives the desk. While ``broken`` is set, nothing is remembered; ``gate`` holds it up."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.kept: list[Delivery] = []
        self.broken: MosaicError | None = None
        self.gate: asyncio.Event | None = None
        self.asked = 0

    async def is_new(self, fingerprint: str, at: float) -> bool:
        self.asked += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.broken is not None:
            raise self.broken
        is_new = fingerprint not in self.known
        self.known.add(fingerprint)
        return is_new

    async def add(self, delivery: Delivery) -> None:
        if self.broken is not None:
            raise self.broken
        self.kept.insert(0, delivery)

    async def latest(self) -> tuple[Delivery, ...]:
        return tuple(self.kept)


@dataclass
class Office:
    """What a desk is built of; it outlives the desk. ``heard``: the run ids that reached the engine, which knows
    ``runs`` unless ``hear_of`` is another one, and ``expects`` nothing more.
    """

    log: DeliveryLog = field(default_factory=MemoryDeliveries)
    clock: ManualClock = field(default_factory=ManualClock)
    keys: tuple[Secret, ...] = (KEY,)
    locked: MosaicError | None = None
    runs: set[str] = field(default_factory=lambda: {"run-1", "run-2"})
    heard: list[str] = field(default_factory=list)
    hear_of: Callable[[str], bool] | None = None
    expects: Callable[[str], bool] = field(default=lambda run_id: False)

    @asynccontextmanager
    async def desk(self, limits: DoorLimits | None = None, port: int | None = 0) -> AsyncIterator[Webhooks]:
        """Opened, and listening unless ``port`` is None."""
        parts = DeskParts(self._keys, verify, sign, read_delivery, self._hear_of, self.expects, self.log, self.clock)
        desk = Webhooks(parts, limits)
        await desk.open()
        if port is not None:
            await desk.start(port)
        try:
            yield desk
        finally:
            await desk.aclose()

    def signed(self, body: bytes, key: Secret = KEY, late_by: float = 0.0) -> dict[str, str]:
        return {"X-Mosaic-Signature": sign(key, body, self.clock.now() - late_by)}

    async def _keys(self) -> tuple[Secret, ...]:
        if self.locked is not None:
            raise self.locked
        return self.keys

    def _hear_of(self, run_id: str) -> bool:
        self.heard.append(run_id)
        return run_id in self.runs if self.hear_of is None else self.hear_of(run_id)


def notice(run_id: str = "run-1", **more: object) -> bytes:
    """The body of a delivery."""
    fields = {"event": "agent_run.completed", "agent_run_id": run_id, "status": "success", "outputs": [], **more}
    return json.dumps(fields).encode()


async def deliver(desk: Webhooks, body: bytes, headers: dict[str, str]) -> int:
    """As a sender does; returns the status."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST /mosaic HTTP/1.1\r\nHost: tunnel.example\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
    return status(await say(desk, head.encode("latin-1") + body))


def status(answer: bytes) -> int:
    """Of the first answer in it."""
    return int(answer.split(b" ", 2)[1])


async def say(desk: Webhooks, words: bytes) -> bytes:
    """Sends ``words`` as they are and returns all that comes until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(desk))
    try:
        writer.write(words)
        await writer.drain()
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def address(desk: Webhooks) -> str:
    assert desk.receiver.url is not None
    return desk.receiver.url


def port_of(desk: Webhooks) -> int:
    port = urlsplit(address(desk)).port
    assert port is not None
    return port


def verdicts(desk: Webhooks) -> list[Verdict]:
    """Oldest first."""
    return [delivery.verdict for delivery in reversed(desk.deliveries)]
