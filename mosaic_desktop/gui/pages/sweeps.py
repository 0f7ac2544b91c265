"""What is done to all rows of a list at once: the same words and keys wherever there is such a list."""

from enum import StrEnum

from mosaic_desktop.gui.pages.row_actions import ActionWords


class Sweep(StrEnum):
    PAUSE = "pause_all"
    RESUME = "resume_all"
    RETRY = "retry_failed"
    CLEAR = "clear_finished"
    UNDO = "undo"


SWEEPS: dict[Sweep, ActionWords] = {
    Sweep.PAUSE: ActionWords("Pause all", "pause", "Shift+P"),
    Sweep.RESUME: ActionWords("Resume all", "play", "Shift+P"),
    Sweep.RETRY: ActionWords("Retry all failed", "rotate-ccw", "Shift+R"),
    Sweep.CLEAR: ActionWords("Clear finished", "list-restart", "Shift+Del"),
    # A key of the whole page; after the tab it shows in the menu.
    Sweep.UNDO: ActionWords("Undo\tCtrl+Z", apart=True),
}
