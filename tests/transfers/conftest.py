import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from mosaic_desktop.transfers.curl import CurlTransfers
from tests.support.loop import AsyncRun
from tests.transfers.storage_server import AT_ONCE


@dataclass
class Report:
    """A progress callback that remembers what it heard, and insists on the event-loop thread."""

    heard: list[tuple[int, int]] = field(default_factory=list)
    thread: int = field(default_factory=threading.get_ident)

    def __call__(self, done: int, total: int) -> None:
        assert threading.get_ident() == self.thread
        self.heard.append((done, total))

    @property
    def done(self) -> int:
        return self.heard[-1][0] if self.heard else 0


@pytest.fixture
def report() -> Report:
    return Report()


@pytest.fixture
def transfers(run_async: AsyncRun) -> Iterator[CurlTransfers]:
    curl = CurlTransfers()
    yield curl
    run_async(asyncio.wait_for(curl.aclose(), AT_ONCE))
