"""Rows in memory against a plain dictionary, in any order of changes."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.events import Row
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.run import Run, RunId, RunSpec, RunState
from mosaic_desktop.jobs.rows import Rows
from mosaic_desktop.jobs.waiting import WaitingRuns

NEVER_SENT = (AssetState.FAILED, AssetState.CANCELLED)
numbers = st.integers(0, 5)
assets = st.builds(
    lambda number, state, position: Asset(
        AssetId(f"a{number}"), "clip.mp4", Path(f"/{number}"), state=state, position=float(position)
    ),
    numbers,
    st.sampled_from(AssetState),
    numbers,
)
runs = st.builds(
    lambda number, asset, state, remote, wanted: Run(
        RunId(f"r{number}"),
        AssetId(f"a{asset}"),
        RunSpec(prompt="cut"),
        state=state,
        remote_id=f"x{remote}" if remote else None,
        created_at=float(wanted),
    ),
    numbers,
    numbers,
    st.sampled_from(RunState),
    numbers,
    numbers,
)
outputs = st.builds(
    lambda number, run, state: Output(OutputId(f"o{number}"), RunId(f"r{run}"), "key", "x.mp4", Path("/"), state=state),
    numbers,
    numbers,
    st.sampled_from(OutputState),
)
removals = st.builds(lambda kind, number: f"{kind}{number}", st.sampled_from("aro"), numbers)
changes = st.lists(st.one_of(assets, runs, outputs, removals), max_size=40)


@given(changes)
def test_every_look_agrees_with_the_plain_rows(made: list[Row | str]) -> None:
    rows, plain = Rows(), dict[str, Row]()
    for change in made:
        if isinstance(change, str):
            assert rows.take_out(change) == plain.pop(change, None)
        else:
            rows.keep(change)
            plain[change.id] = change
    queue = list(rows.queue())
    assert [row.position for row in queue] == sorted(row.position for row in queue)
    assert {row.id for row in queue} == {row.id for row in plain.values() if isinstance(row, Asset)}
    assert list(rows.of_kind(Asset)) == [row for row in plain.values() if isinstance(row, Asset)]
    assert list(rows.of_kind(Run)) == [row for row in plain.values() if isinstance(row, Run)]
    for asset_state in AssetState:
        found = {row.id for row in rows.in_states(Asset, asset_state)}
        assert found == {row.id for row in queue if row.state is asset_state}
    for run_state in RunState:
        going = {row.id for row in rows.in_states(Run, run_state)}
        assert going == {row.id for row in plain.values() if isinstance(row, Run) and row.state is run_state}
    for number in range(6):
        mine = {row.id for row in plain.values() if isinstance(row, Output) and row.run_id == f"r{number}"}
        assert {row.id for row in rows.of_run(RunId(f"r{number}"))} == mine
        called = {row.id for row in plain.values() if isinstance(row, Run) and row.remote_id == f"x{number}"}
        assert {row.id for row in rows.of_remote(f"x{number}")} == called


@given(changes, st.integers(1, 40))
def test_the_next_run_is_that_which_a_look_at_all_would_find(made: list[Row | str], every: int) -> None:
    rows, plain = Rows(), dict[str, Row]()
    stranded = set[RunId]()
    for number, change in enumerate(made, 1):
        if isinstance(change, str):
            rows.take_out(change)
            plain.pop(change, None)
            stranded.discard(RunId(change))
        else:
            rows.keep(change)
            plain[change.id] = change
        if number % every == 0 or number == len(made):
            waiting = [row for row in plain.values() if isinstance(row, Run) and row.state is RunState.WAITING]
            videos = {run.id: plain.get(run.asset_id) for run in waiting}
            ready = [run for run in waiting if (video := videos[run.id]) and video.state is AssetState.READY]
            hopeless = [run for run in waiting if (video := videos[run.id]) is None or video.state in NEVER_SENT]
            # Each is told once, and again only if it was changed; whoever hears of it takes it out of the waiting.
            stranded = {run.id for run in hopeless} & (stranded | {run.id for run in rows.waiting.stranded()})
            assert stranded == {run.id for run in hopeless}
            first = rows.waiting.first()
            assert (first and first.created_at) == min((run.created_at for run in ready), default=None)
            assert first is None or first in ready


class CountedRows(dict[str, Row]):
    looks = 0

    def get(self, key: str, default: object = None) -> Row | None:  # type: ignore[override]
        self.looks += 1
        return super().get(key)


def test_however_many_runs_wait_the_next_one_is_found_with_few_looks() -> None:
    rows = CountedRows(
        {f"a{number}": Asset(AssetId(f"a{number}"), "clip.mp4", state=AssetState.READY) for number in range(5000)}
    )
    waiting = WaitingRuns(rows)
    for number in range(5000):
        run = Run(RunId(f"r{number}"), AssetId(f"a{number}"), RunSpec(prompt="cut"), created_at=5000.0 - number)
        rows[run.id] = run
        waiting.note(None, run)
    assert waiting.stranded() == []
    rows.looks = 0
    for _ in range(100):
        assert waiting.stranded() == []
        found = waiting.first()
        assert found is not None
        assert found.id == "r4999"
    assert rows.looks <= 200


@given(st.permutations(range(3)))
def test_the_outputs_of_a_run_keep_their_order_while_they_change(changed: list[int]) -> None:
    rows = Rows()
    first = [Output(OutputId(f"o{number}"), RunId("r"), "key", "x.mp4", Path("/")) for number in range(3)]
    for row in first:
        rows.keep(row)
    for number in changed:
        rows.keep(replace(first[number], state=OutputState.DOWNLOADING))
    assert [row.id for row in rows.of_run(RunId("r"))] == ["o0", "o1", "o2"]
