"""Runs in words."""

from collections.abc import Mapping

from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.core.errors import Code
from mosaic_desktop.core.run import GOING_RUN_STATES, Run, RunState
from mosaic_desktop.core.sentences import UNCONFIRMED, sentence
from mosaic_desktop.core.units import format_duration, format_percent
from mosaic_desktop.gui.text.numbers import lower, percent_words
from mosaic_desktop.gui.text.states import StateWords, failed_because, waiting_for
from mosaic_desktop.gui.theme.palette import StateKind


def run_state(run: Run, asset: Asset | None = None) -> StateWords:
    """`asset` is the run's video, where it is still in the queue."""
    match run.state:
        case RunState.WAITING:
            return StateWords(_run_waits_for(run, asset), icon="clock")
        case RunState.STARTING:
            return StateWords("Starting", icon="clock")
        case RunState.UNCONFIRMED:
            return StateWords("Unconfirmed", StateKind.WARNING, "triangle-alert")
        case RunState.RUNNING:
            return StateWords(_running_word(run), StateKind.ACTIVE, progress=run.per_mille or 0)
        case RunState.COLLECTING:
            return StateWords("Listing the outputs", StateKind.ACTIVE, progress=1000)
        case RunState.FINISHED:
            return StateWords("Finished", StateKind.GOOD, "circle-check")
        case RunState.FAILED:
            return StateWords(_failed_run_word(run), StateKind.BAD, "circle-alert")
        case RunState.DROPPED:
            return StateWords("Set aside", icon="circle-x")


def run_reason(run: Run) -> str:
    """Why a run failed, waits or needs the user, as a sentence; empty where there is nothing to explain."""
    if run.state is RunState.UNCONFIRMED:
        return UNCONFIRMED
    node = run.current_node
    of_the_run = run.problem is None or run.problem.code == Code.RUN_FAILED
    if run.state is RunState.FAILED and node is not None and node.error and of_the_run:
        return node.error
    return sentence(run.problem) if run.problem is not None else ""


def run_sentence(run: Run, asset: Asset | None, now: float) -> str:
    """`Reframe on street.mp4, find the subject, 54 percent, 1:12 so far`. `now`: seconds since the epoch."""
    words = lower(percent_words(run_state(run, asset).word)).replace(" · ", ", ")
    parts = (f"{run.spec.title} on {run.asset_name}", words, run_time(run, now))
    return ", ".join(part for part in parts if part)


def run_time(run: Run, now: float) -> str:
    """`1:12 so far`, `took 0:41`; empty where `run_elapsed` is. `now`: seconds since the epoch."""
    elapsed = run_elapsed(run, now)
    return "" if not elapsed else f"took {elapsed}" if run.has_ended else f"{elapsed} so far"


def run_elapsed(run: Run, now: float) -> str:
    """`1:12`; empty before it started, and where nobody heard when it ended. `now`: seconds since the epoch."""
    elapsed = run.elapsed(now)
    return "" if elapsed is None else format_duration(elapsed)


def run_counts(in_state: Mapping[RunState, int]) -> str:
    """`2 going · 3 waiting · 41 finished`; states that nobody is in are left out."""
    counts = {
        "going": sum(in_state.get(state, 0) for state in GOING_RUN_STATES),
        "waiting": in_state.get(RunState.WAITING, 0),
        "unconfirmed": in_state.get(RunState.UNCONFIRMED, 0),
        "failed": in_state.get(RunState.FAILED, 0),
        "finished": in_state.get(RunState.FINISHED, 0),
    }
    return " · ".join(f"{count:,} {word}" for word, count in counts.items() if count)


def _run_waits_for(run: Run, asset: Asset | None) -> str:
    if run.problem is not None:
        return waiting_for(run.problem)
    if asset is not None and asset.state is AssetState.PAUSED:
        return "Its upload is paused"
    return "Waiting to start" if asset is None or asset.state is AssetState.READY else "Waiting for the upload"


def _running_word(run: Run) -> str:
    node = run.current_node
    word = node.name if node is not None else (run.word.replace("_", " ").capitalize() or "Running")
    # In front, since behind the name of a step it would be taken for that of the step alone.
    return word if run.per_mille is None else f"{format_percent(run.per_mille)} · {word}"


def _failed_run_word(run: Run) -> str:
    node = run.current_node
    return f"Failed at {node.name}" if node is not None and node.error else failed_because(run.problem)
