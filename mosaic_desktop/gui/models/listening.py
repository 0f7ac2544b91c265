"""Hearing the engine's events for as long as a Qt object lives, without keeping it alive."""

import weakref
from collections.abc import Callable

from PySide6.QtCore import QObject

from mosaic_desktop.core.events import Event, Events


def listen(events: Events, owner: QObject, hear: Callable[[Event], None]) -> None:
    """Calls `hear`, a method of `owner`, with every event until `owner` is destroyed."""
    reference = weakref.WeakMethod(hear)

    def pass_on(event: Event) -> None:
        if (living := reference()) is not None:
            living(event)

    stop = events.subscribe(pass_on)
    owner.destroyed.connect(lambda: stop())
