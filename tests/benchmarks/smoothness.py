"""How late the window's event loop is while four uploads and four downloads move as fast as they can."""

from collections.abc import Iterator

from tests.benchmarks.films import make_film
from tests.benchmarks.results import Result
from tests.benchmarks.stage import Stage, bare_loop

_MIB = 1024**2
_EACH_WAY = 4
_MOST_MS, _WORST_MS = 16, 50


def measure(stage: Stage) -> Iterator[Result]:
    size, seconds = (64 * _MIB, 5) if stage.quick else (512 * _MIB, 60)
    served = make_film(stage.folder / "served.mp4", size)
    sent = [make_film(stage.folder / f"sent-{number}.mp4", size) for number in range(_EACH_WAY)]
    try:
        with stage.served([served], gentle=True) as service, service.application() as application:
            service.mosaic.film = served
            outputs = [application.do("output") for _ in range(_EACH_WAY)]
            with bare_loop() as bare:
                late = application.do("crowd", paths=list(map(str, sent)), outputs=outputs, seconds=seconds)
    finally:
        for film in (served, *sent):
            film.unlink()
    what = f"event loop during {_EACH_WAY} uploads and {_EACH_WAY} downloads, {late['seconds']:.0f} s"
    for name, key, most in (("99.9 %", "p999_ms", _MOST_MS), ("worst", "worst_ms", _WORST_MS)):
        measured = f"{late[key]:.1f} ms late (a bare loop beside it {bare[key]:.1f} ms)"
        yield Result(f"{what}, {name}", f"under {most} ms", measured, late[key] < most, late | {"bare": bare})
