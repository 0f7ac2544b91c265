"""The receiver's thread: uvicorn on a loop of its own, which hands deliveries over to the event loop."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from mosaic_desktop.webhooks.arrival import Arrival, DoorLimits, HandOver
from mosaic_desktop.webhooks.door import build_door

_HEAD_BYTES = 16 << 10
_SECONDS_TO_FINISH = 3  # deliveries that are being judged when the receiver stops
log = logging.getLogger(__name__)


def serve(
    listener: socket.socket,
    event_loop: asyncio.AbstractEventLoop,
    hand_over: HandOver,
    on_started: Callable[[], None],
    stop: threading.Event,
    limits: DoorLimits,
) -> None:
    """Returns after ``stop`` was set. ``hand_over`` is called on ``event_loop``, ``on_started`` here."""

    async def ask(arrival: Arrival) -> int:
        return await _ask(arrival, event_loop, hand_over)

    config = uvicorn.Config(
        build_door(ask, limits),
        http=_patient(limits),
        ws="none",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        date_header=False,
        headers=[("Connection", "close")],
        log_config=None,
        log_level="critical",  # strangers could fill the log
        access_log=False,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.get_loop().set_exception_handler(_note)
        runner.run(_Server(config, on_started, stop).serve(sockets=[listener]))


async def _ask(arrival: Arrival, event_loop: asyncio.AbstractEventLoop, hand_over: HandOver) -> int:
    """The status that ``hand_over`` replies on the other thread."""
    here = asyncio.get_running_loop()
    answer: asyncio.Future[int] = here.create_future()

    def settle(status: int) -> None:
        if not answer.done():
            answer.set_result(status)

    def reply(status: int) -> None:
        with suppress(RuntimeError):  # this loop has ended meanwhile
            here.call_soon_threadsafe(settle, status)

    try:
        event_loop.call_soon_threadsafe(hand_over, arrival, reply)
    except RuntimeError:  # the application has ended
        return 503
    return await answer


def _note(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Some garbage makes uvicorn stumble; the connection is closed then."""
    log.debug("a connection failed: %s", type(context.get("exception")).__name__)


def _patient(limits: DoorLimits) -> type[H11Protocol]:
    class Patient(H11Protocol):
        """One connection, which serves one request. uvicorn itself would wait for a slow one for good."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._deadline = self.loop.call_later(limits.seconds_to_read, self.drop_unread)
            if len(self.connections) > limits.connections:
                transport.abort()

        def connection_lost(self, exc: Exception | None) -> None:
            self._deadline.cancel()
            super().connection_lost(exc)

        def drop_unread(self) -> None:
            """Ends the connection unless the whole request has come."""
            cycle: RequestResponseCycle | None = self.cycle  # which uvicorn fills in with the first request
            if cycle is None or cycle.more_body:
                self.transport.abort()

    return Patient


class _Server(uvicorn.Server):
    """uvicorn that another thread can end."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None], stop: threading.Event) -> None:
        super().__init__(config)
        self._on_started = on_started
        self._stop_event = stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started()

    async def on_tick(self, counter: int) -> bool:
        return self._stop_event.is_set() or await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for connection in tuple(self.server_state.connections):
            connection.drop_unread()  # type: ignore[union-attr]
        await super().shutdown(sockets)
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # in which they end
