"""Where everything is measured: a private display, a folder for large files, and the application as a process."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.mosaic import Mosaic, serve
from tests.benchmarks.storage import Storage
from tests.support.environment import World
from tests.support.processes import Helpers

_IN_MEMORY = Path("/dev/shm")
_ROOM = 9 * 1024**3
_SECONDS_TO_END = 30
# Python as users have it keeps what it compiled, and does not hold up a program for each line that it says.
_OF_DEVELOPERS = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")


@dataclass(frozen=True, slots=True)
class Stage:
    """Both folders are gone at the end, with what is in them; ``disk`` is for what no memory holds. ``quick``: small
    figures, to see that it works.
    """

    folder: Path
    disk: Path
    quick: bool

    @contextmanager
    def served(self, films: Sequence[Path], *, gentle: bool = False) -> "Iterator[Service]":
        """A Mosaic and its storage, which gives out ``films`` and keeps what comes beside the last of them. ``gentle``:
        see ``Storage``.
        """
        folder = Path(tempfile.mkdtemp(dir=films[-1].parent if films else self.folder))
        helpers = Helpers(folder)
        try:
            storage = Storage(folder, films, helpers, gentle=gentle)
            mosaic, base_url = serve(storage)
            yield Service(folder, storage, mosaic, base_url)
        finally:
            helpers.stop()
            shutil.rmtree(folder)


@dataclass(frozen=True, slots=True)
class Service:
    folder: Path
    storage: Storage
    mosaic: Mosaic
    base_url: str

    @contextmanager
    def application(self) -> "Iterator[Application]":
        """The real program with its window open, on an empty data folder."""
        command = [sys.executable, "-m", "tests.benchmarks.program", str(self.folder / "data")]
        variables = {"MOSAIC_API_BASE": self.base_url, "SSL_CERT_FILE": str(self.storage.ca_file)}
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | variables
        ) as process:
            try:
                yield Application(process)
                assert process.stdin is not None
                process.stdin.close()
                process.wait(_SECONDS_TO_END)
            finally:
                process.kill()


@contextmanager
def bare_loop() -> Iterator[dict[str, float]]:
    """Has, at its end, how late an event loop was beside it that had nothing to do."""
    command = [sys.executable, "-m", "tests.benchmarks.peer_loop"]
    figures: dict[str, float] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has begun
        yield figures
        said, _ = process.communicate(timeout=_SECONDS_TO_END)
    figures |= json.loads(said)


class Application:
    """Does one thing after the other."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def do(self, what: str, **how: object) -> Any:  # noqa: ANN401 - plain data, different for each deed
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps({"do": what, **how}) + "\n")
        stdin.flush()
        answer = stdout.readline()
        if not answer:
            raise RuntimeError(f"the application ended while it was asked to {what}")
        return json.loads(answer)


@contextmanager
def set_up(folder: Path | None, *, quick: bool) -> Iterator[Stage]:
    """Large files lie in ``folder``, by default in memory where there is room: this is no measure of disks."""
    in_memory = _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > _ROOM
    place = folder or (_IN_MEMORY if in_memory else Path(tempfile.gettempdir()))
    world = World()
    with (
        tempfile.TemporaryDirectory(prefix="mosaic-bench-", dir=place) as large,
        tempfile.TemporaryDirectory(prefix="mosaic-bench-") as huge,
    ):
        try:
            world.open()
            for variable in _OF_DEVELOPERS:
                os.environ.pop(variable, None)
            yield Stage(Path(large), Path(huge), quick)
        finally:
            world.close()
