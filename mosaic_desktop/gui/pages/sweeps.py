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
    # One key for both, so it is a shortcut of its own; after the tab it shows in the menu.
    Sweep.PAUSE: ActionWords("Pause all\tShift+P", "pause"),
    Sweep.RESUME: ActionWords("Resume all\tShift+P", "play"),
    Sweep.RETRY: ActionWords("Retry all failed", "rotate-ccw", "Shift+R"),
    Sweep.CLEAR: ActionWords("Clear finished", "list-restart", "Shift+Del"),
    Sweep.UNDO: ActionWords("Undo\tCtrl+Z", apart=True),
}
