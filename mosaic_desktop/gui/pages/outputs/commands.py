"""The actions of outputs: how they read, and which make sense for several at once. Pure."""

from collections.abc import Iterable, Sequence

from mosaic_desktop.core.actions import Action, output_actions
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, Output, OutputState
from mosaic_desktop.core.units import plural
from mosaic_desktop.gui.pages.row_actions import ActionWords
from mosaic_desktop.gui.pages.sweeps import SWEEPS, Sweep

OUTPUT_ACTIONS = {
    Action.OPEN: ActionWords("Open", "play", "Return; Enter"),
    Action.SHOW_IN_FOLDER: ActionWords("Show in folder", "folder-open", "Ctrl+Return"),
    Action.SHOW_RUN: ActionWords("Show its run", "layers", "Alt+Left"),
    Action.PAUSE: ActionWords("Pause", "pause", "P", apart=True),
    Action.RESUME: ActionWords("Resume", "play", "P"),
    Action.RETRY: ActionWords("Retry", "refresh-cw", "R"),
    Action.DOWNLOAD_AGAIN: ActionWords("Download again", "download", "Ctrl+R"),
    Action.CANCEL: ActionWords("Cancel download", "x", "Del; Backspace", apart=True),
    Action.REMOVE: ActionWords("Remove from the list", "trash-2", "Del; Backspace"),
}
OUTPUT_SWEEPS: dict[Sweep, ActionWords] = {sweep: words for sweep, words in SWEEPS.items() if sweep is not Sweep.UNDO}
_TOGETHER_OR_NOT = frozenset({Action.OPEN, Action.SHOW_RUN})


def actions_of(output: Output, *, gone: bool) -> frozenset[Action]:
    """What can be done; a file that is `gone` cannot be opened."""
    actions = output_actions(output) | {Action.SHOW_RUN}
    return actions - {Action.OPEN, Action.SHOW_IN_FOLDER} if gone else actions


def open_actions(outputs: Sequence[tuple[Output, bool]]) -> frozenset[Action]:
    """What can be done with some of `outputs`, each with whether its file is gone; opened are all of them or none."""
    each = [actions_of(output, gone=gone) for output, gone in outputs]
    if not each:
        return frozenset()
    one_run = len({output.run_id for output, _ in outputs}) == 1
    common = frozenset.intersection(*each) - (frozenset() if one_run else {Action.SHOW_RUN})
    return (frozenset[Action]().union(*each) - _TOGETHER_OR_NOT) | (common & _TOGETHER_OR_NOT)


def open_sweeps(of: Iterable[OutputState]) -> frozenset[Sweep]:
    """What makes sense for all outputs at once, which are in these states. Resuming is offered where nothing is left to
    pause.
    """
    states = frozenset(of)
    sweeps: set[Sweep] = set()
    if states & BUSY_OUTPUT_STATES:
        sweeps.add(Sweep.PAUSE)
    elif OutputState.PAUSED in states:
        sweeps.add(Sweep.RESUME)
    if OutputState.FAILED in states:
        sweeps.add(Sweep.RETRY)
    if OutputState.SAVED in states:
        sweeps.add(Sweep.CLEAR)
    return frozenset(sweeps)


def removal_words(outputs: Sequence[Output]) -> str:
    """What is lost with these rows; empty where every file is on disk."""
    missing = sum(output.state is not OutputState.SAVED for output in outputs)
    if not missing:
        return ""
    was, it = ("was", "it") if missing == 1 else ("were", "they")
    return f"{plural(missing, 'video')} {was} not downloaded. Once removed, {it} cannot be downloaded here any more."
