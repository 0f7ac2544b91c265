"""The small Mosaic of the fault tests, with its bytes in a storage that others wrote."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.films import SECONDS
from tests.benchmarks.storage import Storage
from tests.faults.state import MosaicState, Run
from tests.faults.talk import Server, Talk

GOING_ON = 1_000_000
KEY = "mk_bench_0123456789abcdef"


@dataclass
class Mosaic(MosaicState):
    """Runs end at their first look with ``film`` as their output, as long as there is one; else they go on."""

    output: bytes = b""
    seconds: float = SECONDS
    key: str = KEY
    film: Path | None = None
    stored: Path = field(default_factory=Path)


class _Talk(Talk):
    disable_nagle_algorithm = True  # head and body of an answer are two packets

    @property
    def mosaic(self) -> Mosaic:
        assert isinstance(self.server.mosaic, Mosaic)
        return self.server.mosaic

    def _finalize(self) -> None:
        """What the storage has is taken, and then makes room for the next, which nobody waits for."""
        upload, arrived = self.mosaic.uploads[self._last], self.mosaic.stored / self._last
        upload.whole = arrived.stat().st_size == upload.size
        super()._finalize()
        arrived.unlink()

    def _start(self) -> None:
        run = f"run-{len(self.mosaic.runs)}"
        self.mosaic.runs[run] = Run("", 0 if self.mosaic.film else GOING_ON)
        self.json({"agent_run_id": run, "project_id": run, "agent_group_id": run})

    def _outputs(self) -> None:
        film = self.mosaic.film
        assert film is not None
        output = {
            "node_id": f"n-{self._last}",
            "file_id": f"o-{self._last}",
            "download_url": self.mosaic.link(f"/out/{film.name}"),
            "thumbnail_url": None,
            "duration_ms": self.mosaic.seconds * 1000,
            "file_size": film.stat().st_size,
            "status": "success",
        }
        self.json({"outputs": [output]})


def serve(storage: Storage) -> tuple[Mosaic, str]:
    """The service's state and its base URL; it ends with this process."""
    mosaic = Mosaic(storage_url=storage.url, stored=storage.stored)
    server = Server(mosaic, is_storage=False)
    server.RequestHandlerClass = _Talk
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return mosaic, f"http://127.0.0.1:{server.server_port}/api"
