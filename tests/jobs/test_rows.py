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
    lambda number, state: Run(RunId(f"r{number}"), AssetId("a0"), RunSpec(prompt="cut"), state=state),
    numbers,
    st.sampled_from(RunState),
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


@given(st.permutations(range(3)))
def test_the_outputs_of_a_run_keep_their_order_while_they_change(changed: list[int]) -> None:
    rows = Rows()
    first = [Output(OutputId(f"o{number}"), RunId("r"), "key", "x.mp4", Path("/")) for number in range(3)]
    for row in first:
        rows.keep(row)
    for number in changed:
        rows.keep(replace(first[number], state=OutputState.DOWNLOADING))
    assert [row.id for row in rows.of_run(RunId("r"))] == ["o0", "o1", "o2"]
