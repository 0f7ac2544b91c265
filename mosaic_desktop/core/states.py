"""Allowed changes of state, as data."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


class IllegalTransition(RuntimeError):  # noqa: N818 - reads as what it is
    """A programmer's mistake: a row was moved to a state that does not follow from its own."""


class Transitions(Generic[S]):
    """Which state may follow which. Staying in a state is always allowed."""

    def __init__(self, table: Mapping[S, AbstractSet[S]]) -> None:
        self._table = {state: frozenset(following) for state, following in table.items()}

    def following(self, state: S) -> frozenset[S]:
        return self._table.get(state, frozenset())

    def check(self, old: S, new: S) -> None:
        """Raises IllegalTransition if ``new`` may not follow ``old``."""
        if new is not old and new not in self.following(old):
            raise IllegalTransition(f"{old} -> {new}")
