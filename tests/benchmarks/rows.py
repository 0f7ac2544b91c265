"""A queue of 10,000 rows: adding them, scrolling, selecting all, removing half."""

import os
from collections.abc import Iterator

from tests.benchmarks.results import Result
from tests.benchmarks.stage import Stage, bare_loop
from tests.support.media import make_clip

_WORST_MS = 50


def measure(stage: Stage) -> Iterator[Result]:
    rows = 1_000 if stage.quick else 10_000
    folder = stage.folder / "videos"
    folder.mkdir()
    clip = make_clip(stage.folder / "clip.mp4", seconds=0.2, audio=False)
    for number in range(rows):
        os.link(clip, folder / f"take {number:05}.mp4")
    with stage.served([]) as service, service.application() as application:
        for deed, how in (
            ("add", {"folder": str(folder), "rows": rows}),
            ("scroll", {}),
            ("select all", {}),
            ("remove half", {}),
        ):
            with bare_loop() as bare:
                late = application.do(deed, **how)
            what = f"{rows:,} queue rows: {deed}"
            measured = (
                f"worst {late['worst_ms']:.0f} ms in {late['seconds']:.1f} s (a bare loop {bare['worst_ms']:.0f} ms)"
            )
            met, figures = late["worst_ms"] <= _WORST_MS, late | {"bare": bare}
            yield Result(what, f"no stall over {_WORST_MS} ms", measured, met, figures)
