"""The mover of bytes: the child process in which libcurl works. It ends at once when its application is gone."""

import asyncio
import os
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from mosaic_desktop.core.child import READY, own_pipes
from mosaic_desktop.core.errors import Code, MosaicError, NetworkError
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.transfers import messages
from mosaic_desktop.transfers.curl import CurlTransfers
from mosaic_desktop.transfers.messages import Do, News, Request, Told


def run() -> int:
    """Carries requests out until standard input ends."""
    requests, answers = own_pipes()
    asyncio.run(_serve(requests, answers))
    return 0


async def _serve(requests: BinaryIO, answers: BinaryIO) -> None:
    mover, loop = _Mover(answers), asyncio.get_running_loop()

    def listen() -> None:
        for line in requests:
            loop.call_soon_threadsafe(mover.take, messages.read_request(line))
        # What is on disk is whole up to what was told as kept, however this process ends.
        os._exit(0)

    threading.Thread(target=listen, name="requests", daemon=True).start()
    mover.say(READY)
    await loop.create_future()


class _Mover:
    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._transfers = CurlTransfers()
        self._scope = TaskScope("mover")
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def say(self, line: bytes) -> None:
        with suppress(OSError):  # the application is gone, upon which this process ends
            self._answers.write(line)
            self._answers.flush()

    def take(self, request: Request) -> None:
        match request.do:
            case Do.LIMIT:
                self._transfers.limit(**request.fields)
            case Do.END:
                if (task := self._tasks.get(request.number)) is not None:
                    task.cancel()
            case _:
                self._tasks[request.number] = self._scope.start(self._carry_out(request), request.do)

    async def _carry_out(self, request: Request) -> None:
        """Tells the outcome in any case, when the transfer's thread has ended."""
        failure: MosaicError | None = None
        value: object = None
        try:
            value = await self._outcome(request)
        except asyncio.CancelledError:
            failure = NetworkError(Code.INTERRUPTED, "ended by the application", seen=True)
        except MosaicError as error:
            failure = error
        except Exception as error:
            failure = messages.unexpected(error)
        del self._tasks[request.number]
        if failure is None:
            self._tell(request.number, Told.DONE, value)
        else:
            self._tell(request.number, Told.FAILED, messages.failure(failure))

    async def _outcome(self, request: Request) -> object:
        fields, tell = request.fields, partial(self._tell, request.number)

        def progress(done: int, total: int) -> None:
            tell(Told.PROGRESS, [done, total])

        match request.do:
            case Do.PUT:
                url, source = Secret(fields["url"]), Path(fields["source"])
                kept = partial(tell, Told.KEPT)
                sent = await self._transfers.put(url, source, fields["size"], fields["content_type"], progress, kept)
                return sent.content
            case Do.GET:
                file = await self._transfers.get(
                    Secret(fields["url"]),
                    Path(fields["target"]),
                    fields["size"],
                    progress,
                    partial=messages.read_partial(fields["partial"]),
                    found=partial(tell, Told.FOUND),
                    kept=partial(tell, Told.KEPT),
                )
                return messages.fetched(file)
            case _:
                return await self._transfers.digest(Path(fields["source"]), fields["size"], progress)

    def _tell(self, number: int, told: Told, value: object) -> None:
        self.say(News(number, told, value).encode())
