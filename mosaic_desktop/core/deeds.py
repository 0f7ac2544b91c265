"""What the user did to rows of the queue, in words beside which "Undo" stands."""

from mosaic_desktop.core.actions import Action
from mosaic_desktop.core.units import plural

_DONE: dict[Action, tuple[str, str]] = {
    Action.PAUSE: ("Paused", "upload"),
    Action.CANCEL: ("Cancelled", "upload"),
    Action.REMOVE: ("Removed", "video"),
    Action.CLEAR_FINISHED: ("Cleared", "finished video"),
    Action.MOVE: ("Moved", "video"),
}


def done_words(action: Action, count: int) -> str:
    """``Removed 3 videos``."""
    verb, noun = _DONE[action]
    return f"{verb} {plural(count, noun)}"
