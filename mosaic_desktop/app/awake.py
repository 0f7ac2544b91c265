"""The computer stays awake while bytes move or runs are being watched, and no longer."""

import asyncio
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

from mosaic_desktop.core.events import Event, RowChanged, What
from mosaic_desktop.core.ports import Clock
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.engine import Engine

if TYPE_CHECKING:
    from wakepy import DBusAdapter

_SECONDS_TO_SETTLE = 1.0  # one transfer ends and the next begins: that is no time to sleep in
log = logging.getLogger(__name__)


class SystemWakeLock:
    """Keeps the system from falling asleep by itself; the screen may go dark.

    Asks this system's own service, on a thread: D-Bus on Linux, caffeinate on macOS, Windows' execution state.
    Where there is no such service the work goes on all the same; the log says so once.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "awake")
        self._held = ExitStack()
        self._told = False

    async def hold(self) -> None:
        await asyncio.wrap_future(self._thread.submit(self._hold))

    async def release(self) -> None:
        """May be repeated."""
        await asyncio.wrap_future(self._thread.submit(self._release))

    async def aclose(self) -> None:
        await self.release()
        self._thread.shutdown(wait=False)

    # On the thread

    def _hold(self) -> None:
        from wakepy import keep  # a while to load, and nothing to the first picture

        self._release()
        buses: list[DBusAdapter] = []
        mode = keep.running(on_fail=lambda result: self._tell(result.get_failure_text()), dbus_adapter=_noting(buses))
        # On a thread of its own, since Windows ties the request to the thread that makes it.
        if not self._held.enter_context(mode).active:
            for bus in buses:  # which are left open where nothing worked
                bus.close_connections()

    def _release(self) -> None:
        try:
            self._held.close()
        except Exception as error:  # the service went away, and what it held with it
            log.warning("the computer may not know that it can sleep again: %s", error)

    def _tell(self, reason: str) -> None:
        if not self._told:
            log.info("the computer may fall asleep during work: %s", " ".join(reason.split()))
            self._told = True


def _noting(buses: "list[DBusAdapter]") -> "type[DBusAdapter] | None":
    """The way to the D-Bus of this system, if it has one; whatever is made of it is added to ``buses``."""
    if sys.platform != "linux":
        return None
    from wakepy.dbus_adapters.jeepney import JeepneyDBusAdapter

    class Adapter(JeepneyDBusAdapter):
        def __init__(self) -> None:
            super().__init__()
            buses.append(self)

        def close_connections(self) -> None:
            """Without the search for garbage that the library makes here: on this thread it would end Qt's objects."""
            while self._connections:
                self.close_connection(self._connections.popitem()[1])

    return Adapter


class StayAwake:
    """Follows one engine from its making to ``aclose``."""

    def __init__(self, engine: Engine, lock: SystemWakeLock, clock: Clock) -> None:
        self._engine = engine
        self._lock = lock
        self._clock = clock
        self._scope = TaskScope("awake")
        self._changed = asyncio.Event()
        self._unsubscribe = engine.subscribe(self._hear)
        self._scope.start(self._follow(), "follow")

    async def aclose(self) -> None:
        self._unsubscribe()
        await self._scope.aclose()
        await self._lock.aclose()

    def _hear(self, event: Event) -> None:
        if isinstance(event, RowChanged) and event.what is not What.PROGRESS:
            self._changed.set()

    async def _follow(self) -> None:
        held = False
        while True:
            if self._engine.activity.busy is not held:
                held = not held
                await (self._lock.hold() if held else self._lock.release())
            await self._changed.wait()
            self._changed.clear()
            if held:
                await self._clock.sleep(_SECONDS_TO_SETTLE)
