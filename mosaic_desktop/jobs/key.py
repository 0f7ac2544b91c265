"""Whether the service takes the key. While it does not, what needs the key waits instead of failing piece by piece."""

import random
from collections.abc import Callable

from mosaic_desktop.core.errors import Code, MosaicError, Problem
from mosaic_desktop.core.events import Event, Events, ServiceReached
from mosaic_desktop.core.run import RunState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.pause import Pause
from mosaic_desktop.jobs.reasons import Reasons

_FIRST_SECONDS = 60.0
_LONGEST_SECONDS = 600.0
_NEED_KEY = (RunState.WAITING, RunState.RUNNING, RunState.COLLECTING)


class KeyGate:
    """Closed by the first refusal that anybody publishes; opened by the next answer that the service gives.

    It asks for one from time to time with a call that changes nothing, since a service may refuse a good key for a
    while. ``on_open`` is called when work may go on.
    """

    def __init__(
        self, parts: EngineParts, events: Events, scope: TaskScope, reasons: Reasons, on_open: Callable[[], None]
    ) -> None:
        self._service = parts.service
        self._events = events
        self._scope = scope
        self._reasons = reasons
        self._on_open = on_open
        self._pause = Pause(parts.clock, scope, "key pause")
        self._closed = False
        events.subscribe(self._hear)

    @property
    def closed(self) -> bool:
        return self._closed

    def ask_now(self) -> None:
        """The user gave another key, or wants to know."""
        self._pause.end()

    def _hear(self, event: Event) -> None:
        match event:
            case ServiceReached(problem=None) if self._closed:
                self._closed = False
                self._pause.end()
                self._reasons.take_back(Code.INVALID_KEY, *_NEED_KEY)
                self._on_open()
            case ServiceReached(problem=Problem(code=Code.INVALID_KEY) as problem) if not self._closed:
                self._closed = True
                self._reasons.tell(problem, *_NEED_KEY)
                if not self._scope.closed:
                    self._scope.replace(self._ask(), "key")
            case _:
                pass

    async def _ask(self) -> None:
        seconds = _FIRST_SECONDS
        while self._closed:
            self._pause.begin()
            await self._pause.rest(seconds * (1 - 0.25 * random.random()))
            seconds = min(_LONGEST_SECONDS, 2 * seconds)
            if self._closed:
                await self._ask_once()

    async def _ask_once(self) -> None:
        try:
            await self._service.list_agents(1)
        except MosaicError:
            return
        self._events.publish(ServiceReached(None))
