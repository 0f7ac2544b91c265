"""What one very large upload and one very large download add to the memory of the application."""

from collections.abc import Iterator, Mapping

from tests.benchmarks.films import make_sparse_film
from tests.benchmarks.results import Result
from tests.benchmarks.stage import Stage

_MIB = 1024**2
_GIB = 1024**3
_MOST = 64 * _MIB


def measure(stage: Stage) -> Iterator[Result]:
    size = _GIB // 4 if stage.quick else 10 * _GIB
    small = make_sparse_film(stage.disk / "small.mp4", _MIB)
    huge = make_sparse_film(stage.disk / "huge.mp4", size)
    with stage.served([small, huge]) as service, service.application() as application:
        service.mosaic.film = small  # what is loaded with the first transfer of all is no growth
        output = application.do("output")
        service.mosaic.film = huge
        yield _grown("download", size, application.do("download", output=output))
        yield _grown("upload", size, application.do("upload", path=str(huge)))


def _grown(way: str, size: int, figures: Mapping[str, float]) -> Result:
    grown = figures["grown_bytes"]
    what = f"memory growth of one {way} of {size / _GIB:.3g} GiB"
    return Result(what, f"at most {_MOST // _MIB} MiB", f"{grown / _MIB:.1f} MiB", grown <= _MOST, figures)
