"""The receiver as the event loop sees it: started, ended, and found to have ended.

Its libraries are loaded on its own thread, and only once the user wants it.
"""

import asyncio
import errno
import logging
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.webhooks.arrival import PATH, DoorLimits, HandOver

_HOST = "127.0.0.1"
_BACKLOG = 64
_SECONDS_TO_END = 5.0
_SECONDS_TO_START = 15.0
log = logging.getLogger(__name__)


class Receiver:
    """Serves once: ``start``, then ``stop``. ``on_failed`` hears that it ended without ``stop``."""

    def __init__(self, hand_over: HandOver, on_failed: Callable[[], None], limits: DoorLimits) -> None:
        self._hand_over = hand_over
        self._on_failed = on_failed
        self._limits = limits
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    async def start(self, port: int) -> str:
        """Listens on this computer alone, 0 for any free port; returns its address when it answers. Raises MosaicError:
        PORT_TAKEN, PORT_REFUSED, RECEIVER_FAILED.
        """
        listener = _listen(port)
        url = f"http://{_HOST}:{listener.getsockname()[1]}{PATH}"
        loop = asyncio.get_running_loop()
        begun: asyncio.Future[bool] = loop.create_future()

        def tell(well: bool) -> None:
            with suppress(RuntimeError):  # the application has ended
                loop.call_soon_threadsafe(hear, well)

        def hear(well: bool) -> None:
            if not begun.done():
                begun.set_result(well)
            elif not well and not self._stop.is_set():
                self._on_failed()

        def work() -> None:
            try:
                with listener:
                    from mosaic_desktop.webhooks.serving import serve

                    serve(listener, loop, self._hand_over, lambda: tell(True), self._stop, self._limits)
            except Exception:
                log.exception("the receiver of deliveries failed")
            finally:
                tell(False)

        self._thread = threading.Thread(target=work, name="webhooks", daemon=True)
        self._thread.start()
        try:
            async with asyncio.timeout(_SECONDS_TO_START):
                if await begun:
                    return url
            raise MosaicError(Code.RECEIVER_FAILED)
        except BaseException as error:
            await self.stop()
            if isinstance(error, TimeoutError):
                raise MosaicError(Code.RECEIVER_FAILED) from error
            raise

    async def stop(self) -> None:
        """Deliveries under way are answered first, for a little."""
        self._stop.set()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, _SECONDS_TO_END)


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that it just had itself
        else:
            listener.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", ~socket.SO_REUSEADDR), 1)
        listener.bind((_HOST, port))
        listener.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        raise MosaicError(Code.PORT_TAKEN if taken else Code.PORT_REFUSED) from error
    return listener
