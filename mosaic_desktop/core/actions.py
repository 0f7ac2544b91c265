"""Which actions are open for a row: pure functions of the snapshot, for menu, toolbar, shortcut and test alike."""

from enum import StrEnum

from mosaic_desktop.core.asset import BUSY_ASSET_STATES, SENDING_ASSET_STATES, Asset, AssetState
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.run import NodeState, Run, RunState


class Action(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY = "retry"
    REMOVE = "remove"
    SHOW_IN_FOLDER = "show_in_folder"
    RETRY_STEP = "retry_step"
    LOOK_AGAIN = "look_again"  # for a run that was given up: it may go on at the service, or have outputs by now
    RUN_AGAIN = "run_again"
    START_AGAIN = "start_again"  # for an unconfirmed run: it may charge twice
    ENTER_RUN_ID = "enter_run_id"
    DROP = "drop"  # a run that waits: it is not started
    FORGET = "forget"  # an unconfirmed run: whatever became of it at the service
    SHOW_OUTPUTS = "show_outputs"
    SHOW_RUN = "show_run"
    COPY_RUN_ID = "copy_run_id"
    OPEN = "open"
    DOWNLOAD_AGAIN = "download_again"
    SEND_AGAIN = "send_again"  # a video that was not sent because the service has the same one
    CLEAR_FINISHED = "clear_finished"
    MOVE = "move"


class Move(StrEnum):
    """Where to, in the order of the queue."""

    UP = "up"
    DOWN = "down"
    TOP = "top"
    BOTTOM = "bottom"


def asset_actions(asset: Asset) -> frozenset[Action]:
    state, actions = asset.state, {Action.REMOVE}
    if state in BUSY_ASSET_STATES and not asset.is_link:
        actions |= {Action.PAUSE, Action.CANCEL}
    if state is AssetState.PAUSED:
        actions |= {Action.RESUME, Action.CANCEL}
    if state in {AssetState.FAILED, AssetState.CANCELLED}:
        actions.add(Action.RETRY)
    if state in SENDING_ASSET_STATES:
        actions.discard(Action.REMOVE)
    if asset.path is not None:
        actions.add(Action.SHOW_IN_FOLDER)
    if state is AssetState.READY and asset.reused_from is not None:
        actions.add(Action.SEND_AGAIN)
    return frozenset(actions)


def is_runnable(asset: Asset) -> bool:
    """Whether a run may be asked for: at once when ready, else as soon as the upload is."""
    return asset.state is AssetState.READY or asset.state in BUSY_ASSET_STATES or asset.state is AssetState.PAUSED


def run_actions(run: Run) -> frozenset[Action]:
    actions = {Action.RUN_AGAIN} if run.state in {RunState.FINISHED, RunState.FAILED, RunState.DROPPED} else set()
    if run.remote_id:
        actions.add(Action.COPY_RUN_ID)
    match run.state:
        case RunState.WAITING:
            actions.add(Action.DROP)
        case RunState.UNCONFIRMED:
            actions |= {Action.START_AGAIN, Action.ENTER_RUN_ID, Action.FORGET}
        case RunState.FAILED if run.remote_id:
            actions.add(Action.LOOK_AGAIN)
            if any(node.state is NodeState.FAILED for node in run.graph.nodes):
                actions.add(Action.RETRY_STEP)
        case RunState.FINISHED:
            actions.add(Action.SHOW_OUTPUTS)
        case _:
            pass
    if run.state in {RunState.FINISHED, RunState.FAILED, RunState.DROPPED}:
        actions.add(Action.REMOVE)
    return frozenset(actions)


def output_actions(output: Output) -> frozenset[Action]:
    match output.state:
        case OutputState.SAVED:
            actions = {Action.OPEN, Action.SHOW_IN_FOLDER, Action.DOWNLOAD_AGAIN, Action.REMOVE}
        case OutputState.CANCELLED:
            actions = {Action.DOWNLOAD_AGAIN, Action.REMOVE}
        case OutputState.FAILED:  # a retry goes on where it stopped; again is anew, into the folder of today
            partial = {Action.CANCEL} if output.part is not None else set()
            actions = {Action.RETRY, Action.DOWNLOAD_AGAIN, Action.REMOVE, *partial}
        case OutputState.PAUSED:
            actions = {Action.RESUME, Action.CANCEL}
        case _:
            actions = {Action.PAUSE, Action.CANCEL}
    return frozenset(actions)
