"""The actions of runs: how they read, which make sense for several at once, and what each asks of the engine."""

from collections.abc import Sequence
from dataclasses import dataclass

from mosaic_desktop.core.actions import Action, run_actions
from mosaic_desktop.core.run import Run
from mosaic_desktop.core.units import plural
from mosaic_desktop.gui.pages.row_actions import ActionWords
from mosaic_desktop.jobs.engine import Engine

RUN_ACTIONS: dict[Action, ActionWords] = {
    Action.SHOW_OUTPUTS: ActionWords("Show outputs", "folder-input", "Return; Enter; Alt+Right"),
    Action.RETRY_STEP: ActionWords("Retry failed steps", "refresh-cw", "Ctrl+R"),
    Action.LOOK_AGAIN: ActionWords("Look again", "search", "Ctrl+L"),
    Action.START_AGAIN: ActionWords("Start again (it may charge twice)…", "rotate-ccw"),
    Action.ENTER_RUN_ID: ActionWords("Enter the run’s id…"),
    Action.FORGET: ActionWords("Forget it…", "circle-x", apart=True),
    Action.RUN_AGAIN: ActionWords("Run again", "rotate-ccw", "Ctrl+Shift+R"),
    Action.COPY_RUN_ID: ActionWords("Copy the run’s id", "copy", "Ctrl+C"),
    Action.DROP: ActionWords("Don’t run", "circle-x", "Ctrl+Backspace", apart=True),
    Action.REMOVE: ActionWords("Remove from the list", "trash-2", "Del", apart=True),
}
_ONE_AT_A_TIME = frozenset({Action.SHOW_OUTPUTS, Action.ENTER_RUN_ID, Action.START_AGAIN, Action.RUN_AGAIN})


def open_actions(runs: Sequence[Run]) -> frozenset[Action]:
    """What can be done with all of `runs` together. What may cost is asked for one run at a time."""
    if not runs:
        return frozenset()
    common = frozenset.intersection(*(run_actions(run) for run in runs))
    return common if len(runs) == 1 else common - _ONE_AT_A_TIME


@dataclass(frozen=True, slots=True)
class Question:
    """What the user is asked before something that cannot be taken back."""

    title: str
    text: str
    yes: str


def question(action: Action, runs: Sequence[Run]) -> Question | None:
    """None where nothing can be lost and nothing is charged by mistake."""
    what = _name(runs[0]) if len(runs) == 1 else plural(len(runs), "run")
    match action:
        case Action.START_AGAIN:
            text = f"Mosaic may have started {what} already. If it did, it runs twice and is charged twice."
            return Question("Start it again?", text, "Start again")
        case Action.FORGET if len(runs) == 1:
            text = f"If Mosaic did start {what}, it goes on there and may be charged, but its videos do not come here."
            return Question("Forget this run?", text, "Forget it")
        case Action.FORGET:
            text = f"Those of the {what} that Mosaic did start go on there and may be charged, but no videos come here."
            return Question("Forget these runs?", text, "Forget them")
        case _:
            return None


def _name(run: Run) -> str:
    title = "your prompt" if run.spec.prompt is not None else f"“{run.spec.title}”"
    return f"{title} on {run.asset_name}"


def command(engine: Engine, action: Action, run: Run) -> None:
    """Do what `action` asks of the engine."""
    match action:
        case Action.RETRY_STEP:
            engine.retry_steps(run.id)
        case Action.START_AGAIN:
            engine.start_again(run.id)
        case Action.LOOK_AGAIN:
            engine.look_again(run.id)
        case Action.DROP | Action.FORGET:
            engine.drop(run.id)
        case Action.REMOVE:
            engine.forget_run(run.id)
        case _:
            pass
