"""Whoever wants to hear of something, and the telling."""

import logging
from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")
log = logging.getLogger(__name__)


class Listeners(Generic[P]):
    """Run at once, on the event-loop thread, in the order in which they subscribed."""

    def __init__(self) -> None:
        self._listeners: list[Callable[P, None]] = []

    def __len__(self) -> int:
        return len(self._listeners)

    def subscribe(self, listener: Callable[P, None]) -> Callable[[], None]:
        """Returns the function that ends the subscription."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """A listener that fails is logged; the others hear it, and whoever tells goes on."""
        for listener in tuple(self._listeners):
            try:
                listener(*args, **kwargs)
            except Exception:
                log.exception("a listener failed")
