"""What the selected run's state means for the user: a sentence, and what can be done about it. Pure."""

from dataclasses import dataclass

from mosaic_desktop.core.actions import Action, run_actions
from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.errors import Code
from mosaic_desktop.core.run import NodeState, Run, RunState
from mosaic_desktop.gui.pages.runs.words import waits_for
from mosaic_desktop.gui.text.runs import run_reason
from mosaic_desktop.gui.widgets.banner import BannerKind

_NO_REASON = "The run failed. Mosaic did not say why."
_LOOK_AGAIN = "Look again asks Mosaic once more what became of it; that costs nothing."
_SET_ASIDE = "You set this run aside, so the app does not follow it. Run again makes a new one."
_NO_CREDITS = (
    "There are not enough credits to retry its failed steps, so that waits and nothing is charged. "
    "Top up at Mosaic, then press Continue."
)
_WAYS_OUT = (Action.START_AGAIN, Action.ENTER_RUN_ID, Action.FORGET)
_UNCERTAIN = frozenset({Code.NOT_FOUND, Code.NO_OUTPUTS})


@dataclass(frozen=True, slots=True)
class Situation:
    """`actions` in the order of their buttons."""

    kind: BannerKind
    text: str
    actions: tuple[Action, ...] = ()


def situation(run: Run, asset: Asset | None) -> Situation | None:
    """`asset`: the run's video, where it is still in the queue. None where there is nothing to explain."""
    match run.state:
        case RunState.WAITING:
            kind = BannerKind.WARNING if _out_of_credits(run) else BannerKind.INFO
            return Situation(kind, waits_for(run, asset), (Action.DROP,))
        case RunState.UNCONFIRMED:
            return Situation(BannerKind.WARNING, run_reason(run), _WAYS_OUT)
        case RunState.FAILED:
            possible = run_actions(run)
            ways = tuple(action for action in (Action.RETRY_STEP, Action.LOOK_AGAIN) if action in possible)
            return Situation(BannerKind.BAD, _failure(run, can_look=Action.LOOK_AGAIN in possible), ways)
        case RunState.DROPPED:
            return Situation(BannerKind.INFO, _SET_ASIDE)
        case _:
            return None


def _out_of_credits(run: Run) -> bool:
    return run.problem is not None and run.problem.code == Code.NO_CREDITS


def _failure(run: Run, *, can_look: bool) -> str:
    """The whole reason; of every step, where several failed."""
    if run.remote_id is not None and _out_of_credits(run):
        return _NO_CREDITS
    failed = [node for node in run.graph.nodes if node.state is NodeState.FAILED and node.error]
    reason = run_reason(run) or _NO_REASON
    if len(failed) > 1 and any(reason == node.error for node in failed):
        reason = "\n".join(f"{node.name}: {node.error}" for node in failed)
    if can_look and run.problem is not None and run.problem.code in _UNCERTAIN:
        reason = f"{reason} {_LOOK_AGAIN}"
    return reason
