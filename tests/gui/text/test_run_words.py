"""Every state of a run has its words."""

from pathlib import Path

import pytest

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.run import Graph, Node, NodeState, Run, RunId, RunSpec, RunState
from mosaic_desktop.gui.text.runs import run_counts, run_reason, run_sentence, run_state
from mosaic_desktop.gui.theme.palette import StateKind


def make_asset(state: AssetState = AssetState.READY, **more: object) -> Asset:
    return Asset(AssetId("1"), "interview.mov", Path("/v/interview.mov"), None, 2_410_000_000, 0, state, **more)  # type: ignore[arg-type]


def make_run(state: RunState, **more: object) -> Run:
    return Run(RunId("1"), AssetId("1"), RunSpec("id", "Reframe"), "street.mp4", state=state, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", RunState)
def test_every_run_state_has_a_word_and_more_than_a_color(state: RunState) -> None:
    words = run_state(make_run(state))
    assert words.word
    assert words.icon or words.progress is not None


def test_a_run_names_its_step() -> None:
    graph = Graph((Node("1", "Cut pauses", NodeState.COMPLETED), Node("2", "Reframe", NodeState.RUNNING)))
    going = make_run(RunState.RUNNING, graph=graph, progress=0.54, started_at=100.0)
    assert run_state(going).word == "54 % · Reframe"
    assert run_sentence(going, None, 172.0) == "Reframe on street.mp4, 54 percent, Reframe, 1:12 so far"
    unknown = make_run(RunState.RUNNING, word="warming_up")
    assert run_state(unknown).word == "Warming up"


def test_a_failed_run_says_where_and_why() -> None:
    node = Node("2", "Transcribe", NodeState.FAILED, error="This video has no sound.")
    failed = make_run(RunState.FAILED, graph=Graph((node,)), problem=Problem(Code.RUN_FAILED))
    assert run_state(failed).word == "Failed at Transcribe"
    assert run_state(failed).kind is StateKind.BAD
    assert run_reason(failed) == "This video has no sound."
    refused = make_run(RunState.FAILED, problem=Problem(Code.NO_CREDITS))
    assert run_state(refused).word == "Not enough credits"
    assert "top up" in run_reason(refused)


def test_an_unconfirmed_run_explains_itself() -> None:
    assert "never repeats it by itself" in run_reason(make_run(RunState.UNCONFIRMED))


def test_a_waiting_run_says_what_for() -> None:
    waiting = make_run(RunState.WAITING)
    assert run_state(waiting, make_asset(AssetState.UPLOADING)).word == "Waiting for the upload"
    assert run_state(waiting, make_asset(AssetState.PAUSED)).word == "Its upload is paused"
    held = make_run(RunState.WAITING, problem=Problem(Code.RUN_LIMIT))
    assert run_state(held, make_asset()).word == "Waiting for a free run"


def test_what_waits_is_not_counted_as_going() -> None:
    runs = {RunState.RUNNING: 1, RunState.WAITING: 1, RunState.FINISHED: 1, RunState.FAILED: 0}
    assert run_counts(runs) == "1 going · 1 waiting · 1 finished"
