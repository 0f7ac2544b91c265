"""Upload and download of one large file over TLS, beside curl and the usual Python client."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.films import make_film
from tests.benchmarks.results import Result, ratio
from tests.benchmarks.stage import Service, Stage

_GIB = 1024**3
_REQUESTS = [sys.executable, str(Path(__file__).with_name("peer_requests.py"))]


def measure(stage: Stage) -> Iterator[Result]:
    size, rounds = (_GIB // 8, 2) if stage.quick else (2 * _GIB, 5)
    sent = make_film(stage.folder / "sent.mp4", size)
    served = make_film(stage.folder / "served.mp4", size)
    try:
        with stage.served([served]) as service:
            yield from _both_ways(service, sent, served, rounds)
    finally:
        sent.unlink()
        served.unlink()


def _both_ways(service: Service, sent: Path, served: Path, rounds: int) -> Iterator[Result]:
    """In turn, so that a machine that changes its pace does so for all of them; in another order each time, since one
    that comes after much memory was freed is served faster.
    """
    service.mosaic.film = served
    seconds: dict[str, list[float]] = {}
    title = f"{sent.stat().st_size / _GIB:.3g} GiB over TLS"
    with service.application() as application:
        output = application.do("output")
        url, got = service.storage.url, str(service.folder / "got")
        ways: list[tuple[str, Callable[[], float]]] = [
            ("curl -T", lambda: _curl(service, ["-T", str(sent), f"{url}/up/curl"])),
            ("upload", lambda: float(application.do("upload", path=str(sent))["seconds"])),
            ("requests.put", lambda: _requests(service, "put", sent)),
            ("curl -o", lambda: _curl(service, ["-o", got, f"{url}/out/{served.name}"])),
            ("download", lambda: float(application.do("download", output=output)["seconds"])),
            ("requests.get", lambda: _requests(service, "get", served)),
        ]
        for turn in range(rounds + 1):
            random.Random(turn).shuffle(ways)
            times = {name: way() for name, way in ways}
            if turn:  # the first one warms up
                for name, value in times.items():
                    seconds.setdefault(name, []).append(value)
    for ours, peers in (("upload", ("curl -T", "requests.put")), ("download", ("curl -o", "requests.get"))):
        for peer in peers:
            yield ratio(f"{ours} of {title}", 1.0, seconds[ours], seconds[peer], peer)


def _curl(service: Service, arguments: Sequence[str]) -> float:
    return _timed(service, ["curl", "-sS", "--fail", "--cacert", str(service.storage.ca_file), *arguments])


def _requests(service: Service, way: str, film: Path) -> float:
    place = {"put": f"up/{way}", "get": f"out/{film.name}"}[way]
    file = film if way == "put" else service.folder / "got"
    url = f"{service.storage.url}/{place}"
    return _timed(service, [*_REQUESTS, way, url, str(file), str(service.storage.ca_file)])


def _timed(service: Service, command: Sequence[str]) -> float:
    """Wall seconds of the whole process. What it moved is gone afterwards."""
    began = time.monotonic()
    subprocess.run(command, check=True)
    seconds = time.monotonic() - began
    service.storage.forget()
    (service.folder / "got").unlink(missing_ok=True)
    return seconds
