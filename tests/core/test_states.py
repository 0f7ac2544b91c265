"""The tables of transitions, and that every action a row offers leads where the tables allow."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from mosaic_desktop.core.actions import Action, asset_actions, is_runnable, output_actions, run_actions
from mosaic_desktop.core.asset import (
    ASSET_TRANSITIONS,
    BUSY_ASSET_STATES,
    SENDING_ASSET_STATES,
    Asset,
    AssetId,
    AssetState,
)
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, OUTPUT_TRANSITIONS, Output, OutputId, OutputState
from mosaic_desktop.core.run import (
    BUSY_RUN_STATES,
    RUN_TRANSITIONS,
    Graph,
    Node,
    NodeState,
    Run,
    RunId,
    RunSpec,
    RunState,
)
from mosaic_desktop.core.states import IllegalTransition, Transitions

TABLES: list[tuple[Transitions[Any], type[StrEnum]]] = [
    (ASSET_TRANSITIONS, AssetState),
    (RUN_TRANSITIONS, RunState),
    (OUTPUT_TRANSITIONS, OutputState),
]


def asset(state: AssetState) -> Asset:
    return Asset(AssetId("a"), "clip.mp4", Path("/clip.mp4"), state=state)


def run(state: RunState, **more: Any) -> Run:
    return Run(RunId("r"), AssetId("a"), RunSpec("agent"), state=state, **more)


def output(state: OutputState) -> Output:
    return Output(OutputId("o"), RunId("r"), "k", "clip.mp4", Path("/films"), state=state)


@pytest.mark.parametrize(("table", "states"), TABLES)
def test_only_listed_transitions_pass(table: Transitions[Any], states: Iterable[StrEnum]) -> None:
    for old in states:
        for new in states:
            if new is old or new in table.following(old):
                table.check(old, new)
            else:
                with pytest.raises(IllegalTransition, match=f"{old} -> {new}"):
                    table.check(old, new)


@pytest.mark.parametrize(("table", "states"), TABLES)
def test_every_state_can_be_reached_and_its_row_is_never_stuck(
    table: Transitions[Any], states: Iterable[StrEnum]
) -> None:
    first = next(iter(states))
    reached, waiting = {first}, [first]
    while waiting:
        for state in table.following(waiting.pop()) - reached:
            reached.add(state)
            waiting.append(state)
    assert reached == set(states)
    assert {state for state in states if not table.following(state)} <= {RunState.FINISHED}


def test_a_run_that_may_have_been_paid_never_starts_again_by_itself() -> None:
    assert RunState.STARTING not in RUN_TRANSITIONS.following(RunState.UNCONFIRMED)
    assert RunState.UNCONFIRMED not in BUSY_RUN_STATES
    assert RunState.DROPPED not in RUN_TRANSITIONS.following(RunState.STARTING)


def test_nothing_is_called_done_without_its_last_step() -> None:
    assert [s for s in OutputState if OutputState.SAVED in OUTPUT_TRANSITIONS.following(s)] == [OutputState.DOWNLOADING]
    assert [s for s in RunState if RunState.FINISHED in RUN_TRANSITIONS.following(s)] == [RunState.COLLECTING]
    ready = {s for s in AssetState if AssetState.READY in ASSET_TRANSITIONS.following(s)}
    # Links need no upload, nor does what was sent before.
    assert ready == {AssetState.FINALIZING, AssetState.PROBING, AssetState.COMPARING}


ASSET_LEADS_TO = {
    Action.PAUSE: {AssetState.PAUSED},
    Action.CANCEL: {AssetState.CANCELLED},
    Action.RESUME: {AssetState.QUEUED, AssetState.PROBING},
    Action.RETRY: {AssetState.QUEUED, AssetState.PROBING},
}
RUN_LEADS_TO = {
    Action.DROP: {RunState.DROPPED},
    Action.FORGET: {RunState.DROPPED},
    Action.LOOK_AGAIN: {RunState.RUNNING},
    Action.START_AGAIN: {RunState.WAITING},
    Action.ENTER_RUN_ID: {RunState.RUNNING},
    Action.RETRY_STEP: {RunState.RUNNING},
}
OUTPUT_LEADS_TO = {
    Action.PAUSE: {OutputState.PAUSED},
    Action.RESUME: {OutputState.WAITING},
    Action.RETRY: {OutputState.WAITING},
    Action.CANCEL: {OutputState.CANCELLED},
    Action.DOWNLOAD_AGAIN: {OutputState.WAITING},
}
FAILED_GRAPH = Graph((Node("n", "Cut", NodeState.FAILED),))


@pytest.mark.parametrize("state", AssetState)
def test_actions_of_an_asset_lead_where_it_may_go(state: AssetState) -> None:
    for action in asset_actions(asset(state)):
        assert ASSET_LEADS_TO.get(action, set()) <= ASSET_TRANSITIONS.following(state)


@pytest.mark.parametrize("state", RunState)
def test_actions_of_a_run_lead_where_it_may_go(state: RunState) -> None:
    for action in run_actions(run(state, remote_id="id", graph=FAILED_GRAPH)):
        assert RUN_LEADS_TO.get(action, set()) <= RUN_TRANSITIONS.following(state)


@pytest.mark.parametrize("state", OutputState)
def test_actions_of_an_output_lead_where_it_may_go(state: OutputState) -> None:
    for action in output_actions(output(state)):
        assert OUTPUT_LEADS_TO.get(action, set()) <= OUTPUT_TRANSITIONS.following(state)


@pytest.mark.parametrize("state", AssetState)
def test_a_row_whose_bytes_move_is_stopped_before_it_is_removed(state: AssetState) -> None:
    assert (Action.REMOVE in asset_actions(asset(state))) == (state not in SENDING_ASSET_STATES)
    assert (Action.PAUSE in asset_actions(asset(state))) == (state in BUSY_ASSET_STATES)


def test_a_link_cannot_be_paused_or_shown() -> None:
    link = Asset(AssetId("a"), "talk", link="https://youtu.be/x", state=AssetState.PROBING)
    assert asset_actions(link) == {Action.REMOVE}


def test_actions_of_an_unconfirmed_run_are_the_users_three() -> None:
    assert run_actions(run(RunState.UNCONFIRMED)) == {Action.START_AGAIN, Action.ENTER_RUN_ID, Action.FORGET}


def test_a_step_is_retried_only_where_one_failed() -> None:
    assert Action.RETRY_STEP in run_actions(run(RunState.FAILED, remote_id="id", graph=FAILED_GRAPH))
    assert Action.RETRY_STEP not in run_actions(run(RunState.FAILED, remote_id="id"))
    assert Action.RETRY_STEP not in run_actions(run(RunState.FAILED, graph=FAILED_GRAPH))
    assert Action.RETRY_STEP not in run_actions(run(RunState.RUNNING, remote_id="id", graph=FAILED_GRAPH))


def test_a_run_that_was_given_up_can_be_looked_at_again_where_the_service_knows_it() -> None:
    assert Action.LOOK_AGAIN in run_actions(run(RunState.FAILED, remote_id="id"))
    assert Action.LOOK_AGAIN not in run_actions(run(RunState.FAILED))
    assert Action.LOOK_AGAIN not in run_actions(run(RunState.FINISHED, remote_id="id"))


def test_finished_files_can_be_opened_and_busy_ones_stopped() -> None:
    there = {Action.OPEN, Action.SHOW_IN_FOLDER, Action.DOWNLOAD_AGAIN, Action.REMOVE}
    assert output_actions(output(OutputState.SAVED)) == there
    for state in BUSY_OUTPUT_STATES:
        assert output_actions(output(state)) == {Action.PAUSE, Action.CANCEL}
    assert output_actions(output(OutputState.PAUSED)) == {Action.RESUME, Action.CANCEL}


def test_a_failed_download_goes_on_or_begins_anew_and_its_partial_file_can_be_given_up() -> None:
    failed = output(OutputState.FAILED)
    assert output_actions(failed) == {Action.RETRY, Action.DOWNLOAD_AGAIN, Action.REMOVE}
    assert Action.CANCEL in output_actions(replace(failed, part=Path("/films/clip.mp4.part")))


def test_runs_may_be_asked_for_before_the_upload_is_done() -> None:
    unfit = {state for state in AssetState if not is_runnable(asset(state))}
    assert unfit == {AssetState.FAILED, AssetState.CANCELLED}
