"""What can be done to the upload queue: how it reads, and what of it makes sense now. Pure."""

from collections.abc import Iterable, Sequence

from mosaic_desktop.core.actions import Action, Move, asset_actions
from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.gui.models.queue_tally import kind_of
from mosaic_desktop.gui.pages.row_actions import ActionWords
from mosaic_desktop.gui.pages.sweeps import Sweep

Deed = Action | Move
"""What is done to selected rows."""

ROW_DEEDS: dict[Deed, ActionWords] = {
    Action.PAUSE: ActionWords("Pause", "pause", "P"),
    Action.RESUME: ActionWords("Resume", "play", "P"),
    Action.RETRY: ActionWords("Retry", "rotate-ccw", "R"),
    Action.SEND_AGAIN: ActionWords("Send it again", "upload"),
    Action.CANCEL: ActionWords("Cancel the upload", "circle-x", "Ctrl+Backspace"),
    Move.TOP: ActionWords("Move to the top", "arrow-up-to-line", "Ctrl+Home", apart=True),
    Move.UP: ActionWords("Move up", "arrow-up", "Ctrl+Up", repeats=True),
    Move.DOWN: ActionWords("Move down", "arrow-down", "Ctrl+Down", repeats=True),
    Move.BOTTOM: ActionWords("Move to the bottom", "arrow-down-to-line", "Ctrl+End"),
    Action.SHOW_IN_FOLDER: ActionWords("Show in folder", "folder-open", apart=True),
    Action.REMOVE: ActionWords("Remove from the queue", "trash-2", "Del; Backspace", apart=True),
}


def open_deeds(assets: Iterable[Asset]) -> frozenset[Action]:
    """What makes sense for at least one of `assets`."""
    alike = {kind_of(asset): asset for asset in assets}  # of thousands of rows only a few differ in what decides
    return frozenset[Action]().union(*(asset_actions(asset) for asset in alike.values()))


def open_moves(rows: Sequence[int], count: int) -> frozenset[Move]:
    """Where the selected `rows` (ascending) of `count` can go as a whole."""
    moves: set[Move] = set()
    if rows and rows[-1] >= len(rows):
        moves |= {Move.UP, Move.TOP}
    if rows and rows[0] < count - len(rows):
        moves |= {Move.DOWN, Move.BOTTOM}
    return frozenset(moves)


def open_sweeps(assets: Sequence[Asset], *, clearable: bool, undoable: bool) -> frozenset[Sweep]:
    """What makes sense for a whole queue, of which one row of each kind is enough. Resuming all is offered where
    nothing is left to pause. `clearable`: whether any row is finished, which depends on runs too.
    """
    sweeps: set[Sweep] = set()
    deeds = open_deeds(assets)
    if Action.PAUSE in deeds:
        sweeps.add(Sweep.PAUSE)
    elif Action.RESUME in deeds:
        sweeps.add(Sweep.RESUME)
    if any(asset.state is AssetState.FAILED for asset in assets):
        sweeps.add(Sweep.RETRY)
    if clearable:
        sweeps.add(Sweep.CLEAR)
    return frozenset(sweeps | {Sweep.UNDO} if undoable else sweeps)
