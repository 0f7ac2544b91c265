"""The order of the queue: where rows that the user moves come to lie. Pure."""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from mosaic_desktop.core.actions import Move
from mosaic_desktop.core.asset import Asset, AssetId

Positions = dict[AssetId, float]
"""Those rows that get another position, which is the sort key of ``Asset.position``."""

_LEAST_GAP = 1e-6


def moved(queue: Sequence[Asset], chosen: Collection[AssetId], move: Move) -> Positions:
    """``queue``: every row in its order. Rows that are moved together keep their order among each other."""
    match move:
        case Move.TOP:
            return placed(queue, chosen, next((row.id for row in queue if row.id not in chosen), None))
        case Move.BOTTOM:
            return placed(queue, chosen, None)
        case Move.UP:
            return _given(queue, _one_up([row.id for row in queue], chosen))
        case Move.DOWN:
            return _given(queue, _one_up([row.id for row in queue][::-1], chosen)[::-1])


def placed(queue: Sequence[Asset], chosen: Collection[AssetId], before: AssetId | None) -> Positions:
    """Puts ``chosen`` in front of ``before``, None for the end. One of ``chosen`` stands for what comes behind it."""
    moving = [row.id for row in queue if row.id in chosen]
    resting = [row for row in queue if row.id not in chosen]
    place = _place(queue, chosen, before, len(resting))
    if not moving or [row.id for row in queue] == _order(resting, moving, place):
        return {}
    left = resting[place - 1].position if place else None
    right = resting[place].position if place < len(resting) else None
    return _between(left, right, moving) or _given(queue, _order(resting, moving, place))


def _place(queue: Sequence[Asset], chosen: Collection[AssetId], before: AssetId | None, end: int) -> int:
    """The number of resting rows in front of the place."""
    place = 0
    for row in queue:
        found = row.id == before
        if found:
            return place
        place += row.id not in chosen
    return end


def _order(resting: Sequence[Asset], moving: Sequence[AssetId], place: int) -> list[AssetId]:
    ids = [row.id for row in resting]
    return [*ids[:place], *moving, *ids[place:]]


def _between(left: float | None, right: float | None, moving: Sequence[AssetId]) -> Positions:
    """Positions in a gap; empty where the numbers are too near to each other to fit any between."""
    if left is None and right is None:
        return {}
    if left is None:
        assert right is not None
        return {row_id: right - len(moving) + number for number, row_id in enumerate(moving)}
    step = 1.0 if right is None else (right - left) / (len(moving) + 1)
    if step < _LEAST_GAP:
        return {}
    return {row_id: left + step * number for number, row_id in enumerate(moving, 1)}


def _given(queue: Sequence[Asset], order: Iterable[AssetId]) -> Positions:
    """The positions that there are, or whole numbers where several rows share one, dealt out anew."""
    old = [row.position for row in queue]
    if any(second - first < _LEAST_GAP for first, second in pairwise(old)):
        old = [float(number) for number in range(1, len(old) + 1)]
    before = {row.id: row.position for row in queue}
    return {row_id: new for row_id, new in zip(order, old, strict=True) if before[row_id] != new}


def _one_up(order: list[AssetId], chosen: Collection[AssetId]) -> list[AssetId]:
    """Those at the top already stay, and stop the ones behind them."""
    for index in range(1, len(order)):
        if order[index] in chosen and order[index - 1] not in chosen:
            order[index - 1], order[index] = order[index], order[index - 1]
    return order
