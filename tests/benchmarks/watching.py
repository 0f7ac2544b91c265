"""What an idle window takes of a core, and what a hundred runs take that are being watched."""

from collections.abc import Iterator

from tests.benchmarks.results import Result
from tests.benchmarks.stage import Stage

_RUNS = 100


def measure(stage: Stage) -> Iterator[Result]:
    seconds = 5 if stage.quick else 60
    with stage.served([]) as service, service.application() as application:
        application.do("rest", seconds=seconds / 4)  # what follows the start is over
        idle = application.do("rest", seconds=seconds)
        yield _share("idle window", 0.5, idle)
        application.do("watch", runs=_RUNS)
        service.mosaic.log.clear()
        watched = application.do("rest", seconds=seconds)
        looks = service.mosaic.log.count("status") / seconds
        yield _share(f"{_RUNS} runs watched, {looks:.0f} looks a second", 5.0, watched | {"looks_per_second": looks})


def _share(what: str, most: float, figures: dict[str, float]) -> Result:
    percent = figures["core_share"] * 100
    return Result(what, f"under {most:.1f} % of a core", f"{percent:.2f} %", percent < most, figures)
