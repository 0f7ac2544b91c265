"""Every row comes back from SQLite as it went in, whatever it holds."""

import sqlite3
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.core.output import Output
from mosaic_desktop.core.run import Graph, NodeState, Run, RunId, RunSpec
from mosaic_desktop.storage.migrations import migrate
from mosaic_desktop.storage.rows import ASSETS, OUTPUTS, RUNS
from mosaic_desktop.storage.table import R, Table
from tests.storage import rows_of

TRANSIENT = {"rate", "eta", "revision"}


def through_sqlite(table: Table[R], row: R) -> R:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    connection.execute(table.upsert, table.values("p", row))
    (values,) = connection.execute(table.select, ("p",)).fetchall()
    connection.close()
    return table.row(values)


@settings(max_examples=60)
@given(rows_of.assets)
def test_assets_survive(asset: Asset) -> None:
    assert through_sqlite(ASSETS, asset) == asset


@settings(max_examples=60)
@given(rows_of.runs)
def test_runs_survive(run: Run) -> None:
    assert through_sqlite(RUNS, run) == run


@settings(max_examples=60)
@given(rows_of.outputs)
def test_outputs_survive(output: Output) -> None:
    assert through_sqlite(OUTPUTS, output) == output


@pytest.mark.parametrize(("table", "kind"), [(ASSETS, Asset), (RUNS, Run), (OUTPUTS, Output)])
def test_every_field_is_kept_or_known_to_be_transient(table: Table[Any], kind: type[Any]) -> None:
    kept = {column.name for column in table._columns}
    assert kept | TRANSIENT >= {field.name for field in fields(kind)}


def test_numbers_that_move_all_the_time_are_not_kept() -> None:
    asset = Asset(AssetId("a"), "clip.mp4", rate=1e6, eta=3.0, revision=17)
    assert through_sqlite(ASSETS, asset) == replace(asset, rate=None, eta=None, revision=0)


def run_values(**changes: object) -> Sequence[Any]:
    names = [column.name for column in RUNS._columns]
    values = dict(zip(names, RUNS.values("p", Run(RunId("r"), AssetId("a"), RunSpec("agent")))[1:], strict=True))
    return list((values | changes).values())


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "teleported"},
        {"spec": None},
        {"spec": "{"},
        {"spec": "[]"},
        {"spec": '{"agent_id":"x"}'},
        {"id": None},
        {"attempt": "three"},
        {"created_at": None},
        {"created_at": "noon"},
    ],
    ids=str,
)
def test_a_row_that_cannot_be_understood_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        RUNS.row(run_values(**changes))


@pytest.mark.parametrize(
    "damage", ["{", "[]", "7", '{"nodes":[{}],"edges":[]}', '{"nodes":[7],"edges":[]}', b"\xff", 3]
)
def test_damaged_adornments_do_not_cost_the_row(damage: object) -> None:
    run = RUNS.row(run_values(graph=damage, problem=damage))
    assert (run.id, run.graph, run.problem) == ("r", Graph(), None)


def test_what_a_newer_version_adds_is_passed_over() -> None:
    graph = '{"nodes":[{"id":"n","name":"Cut","state":"paused","mood":"calm"}],"edges":[],"zoom":2}'
    spec = '{"agent_id":"x","parameters":{},"seed":4}'
    run = RUNS.row(run_values(graph=graph, spec=spec))
    assert run.spec == RunSpec("x")
    assert (run.graph.nodes[0].name, run.graph.nodes[0].state) == ("Cut", NodeState.OTHER)


@settings(max_examples=40)
@given(st.lists(rows_of.runs, max_size=5), st.integers(0, 4))
def test_many_rows_are_read_like_one_also_beside_one_that_cannot_be(runs: list[Run], damaged: int) -> None:
    values = [RUNS.values("p", run)[1:] for run in runs]
    expected = sorted(map(RUNS.row, values), key=lambda run: run.created_at)
    assert RUNS.rows(values) == (expected, [])
    values.insert(damaged, tuple(run_values(state="teleported")))
    rows, reasons = RUNS.rows(values)
    assert (rows, len(reasons)) == (expected, 1)


def test_columns_of_mixed_types_are_read_like_single_values() -> None:
    found = [run_values(created_at=created_at, progress=progress) for created_at, progress in ((1, None), (0.5, 1))]
    rows, reasons = RUNS.rows(found)
    assert [(run.created_at, run.progress) for run in rows] == [(0.5, 1.0), (1.0, None)]
    assert not reasons
