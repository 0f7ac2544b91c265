"""How long a run took: only what is known."""

from datetime import UTC, datetime

import pytest

from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.run import Graph, Node, NodeState, Run, RunId, RunSpec, RunState
from mosaic_desktop.core.spans import covered

BEGAN = 1_700_000_000.0
DONE, RUNNING, NEXT = NodeState.COMPLETED, NodeState.RUNNING, NodeState.NOT_STARTED


def clock(seconds: float) -> str:
    """So many seconds after the run began, as a service writes it."""
    return datetime.fromtimestamp(BEGAN + seconds, UTC).isoformat()


def node(state: NodeState, start: float | None = None, end: float | None = None) -> Node:
    times = (None if seconds is None else clock(seconds) for seconds in (start, end))
    return Node(f"{state}{start}", "Step", state, started_at=next(times), finished_at=next(times))


def run(state: RunState, *nodes: Node, end: float | None = None) -> Run:
    finished_at = None if end is None else BEGAN + end
    graph = Graph(nodes)
    return Run(
        RunId("1"), AssetId("1"), RunSpec("a"), state=state, graph=graph, started_at=BEGAN, finished_at=finished_at
    )


@pytest.mark.parametrize(
    ("spans", "seconds"),
    [([], 0), ([(0, 5), (7, 9)], 7), ([(0, 5), (3, 9)], 9), ([(3, 4), (0, 9)], 9), ([(2, 2)], 0)],
)
def test_stretches_of_time_that_overlap_count_once(spans: list[tuple[float, float]], seconds: float) -> None:
    assert covered(spans) == seconds


@pytest.mark.parametrize(
    ("shown", "seconds"),
    [
        (run(RunState.RUNNING), 90),
        (run(RunState.RUNNING, node(NEXT)), 90),
        (run(RunState.RUNNING, node(DONE, 0, 10), node(RUNNING, 80)), 20),
        (run(RunState.RUNNING, node(DONE, 0, 10), node(NEXT)), 90),
        (run(RunState.RUNNING, node(RUNNING)), 90),
        (run(RunState.RUNNING, node(RUNNING, -3600)), 90),
        (run(RunState.RUNNING, node(RUNNING, 3600)), 0),
        (run(RunState.FINISHED, end=41), 41),
        (run(RunState.FINISHED, node(DONE, 0, 10), node(DONE, 30, 40), end=80), 20),
        (run(RunState.FINISHED, node(DONE, 0, 10), node(DONE, 30, 40)), 20),
        (run(RunState.FINISHED, node(DONE, 0)), None),
        (run(RunState.FINISHED), None),
        (run(RunState.COLLECTING), None),
        (run(RunState.FAILED, end=3), 3),
        (run(RunState.FAILED), None),
    ],
    ids=[
        "goes on",
        "no step yet",
        "was off between steps",
        "between two steps",
        "no times",
        "its clock is late",
        "its clock is ahead",
        "heard in time",
        "steps know better",
        "heard late, steps know",
        "a step without its end",
        "heard late",
        "heard late, outputs to come",
        "failed",
        "failed unheard",
    ],
)
def test_only_time_that_is_known_is_told(shown: Run, seconds: float | None) -> None:
    assert shown.elapsed(BEGAN + 90) == seconds
