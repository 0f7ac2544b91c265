"""What a small Mosaic knows: its uploads, runs and links, and the faults that wait for their request."""

import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.talk import Talk


@dataclass(slots=True)
class Upload:
    """One announced upload. ``content``: what arrived. A session keeps parts, a plain link only the whole."""

    name: str
    size: int
    content_type: str
    session: bool
    content: bytearray = field(default_factory=bytearray)
    whole: bool = False
    gone: bool = False
    file_id: str | None = None


@dataclass(slots=True)
class Run:
    """One accepted start. ``looks``: status calls still answered with "running"."""

    file_id: str
    looks: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the next ``times`` requests named ``on`` (see ``Talk``)."""

    on: str
    do: "Callable[[Talk], bool]"
    times: int = 1


@dataclass
class MosaicState:
    """Everything may be read and changed by tests.

    ``log`` has the name of every request; ``sent`` where each arrived part began and its length; ``fetched`` the byte
    from which on the output was asked for; ``tainted`` the requests at the storage that carried a credential.
    ``seconds``: how long the output is said to be.
    """

    output: bytes
    sessions: bool = False
    looks: int = 1
    seconds: float = 14.0
    key: str = "mk_test_0123456789abcdef"
    etag: str = '"first"'
    storage_url: str = ""
    faults: list[Fault] = field(default_factory=list)
    uploads: dict[str, Upload] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    sent: list[tuple[int, int]] = field(default_factory=list)
    fetched: list[int] = field(default_factory=list)
    tainted: list[str] = field(default_factory=list)
    link_serial: int = 0
    dead_links: set[int] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def link(self, path: str) -> str:
        self.link_serial += 1
        return f"{self.storage_url}{path}?X-Goog-Signature=c0ffee&n={self.link_serial}"

    def expire_links(self) -> None:
        """Every link given out so far is dead from here on."""
        self.dead_links.update(range(self.link_serial + 1))

    def starts_of(self, name: str) -> int:
        """How many runs were started on the videos called ``name``."""
        files = {upload.file_id for upload in self.uploads.values() if upload.name == name}
        return sum(run.file_id in files for run in self.runs.values())

    def run_of(self, name: str) -> str:
        """The id of the run on the video called ``name``; empty where none was started."""
        files = {upload.file_id for upload in self.uploads.values() if upload.name == name}
        return next((run_id for run_id, run in self.runs.items() if run.file_id in files), "")

    def take_fault(self, name: str) -> Fault | None:
        with self.lock:
            for place, fault in enumerate(self.faults):
                if re.fullmatch(fault.on, name):
                    if fault.times > 1:
                        self.faults[place] = Fault(fault.on, fault.do, fault.times - 1)
                    else:
                        del self.faults[place]
                    return fault
        return None
