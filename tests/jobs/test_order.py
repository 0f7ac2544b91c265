"""Moving rows in the queue, against a plain list, whatever the positions were."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.core.actions import Move
from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.jobs.order import Positions, moved, placed

# Rows that share a position, or lie as near to each other as numbers can, are met too.
gaps = st.lists(st.sampled_from([0.0, 1e-9, 0.5, 1.0]), min_size=1, max_size=12)
chosen_ones = st.sets(st.integers(0, 11))


def queue_of(steps: Sequence[float]) -> list[Asset]:
    rows, position = [], 0.0
    for number, step in enumerate(steps):
        position += step
        rows.append(Asset(AssetId(f"{number:02}"), "clip.mp4", position=position))
    return rows


def order_after(queue: Sequence[Asset], positions: Positions) -> list[AssetId]:
    """As the store sorts them."""
    return [row_id for _, row_id in sorted((positions.get(row.id, row.position), row.id) for row in queue)]


@given(gaps, chosen_ones, st.integers(0, 12))
def test_rows_come_to_lie_in_front_of_another_one(steps: list[float], numbers: set[int], before: int) -> None:
    queue = queue_of(steps)
    ids = [row.id for row in queue]
    chosen = {AssetId(f"{number:02}") for number in numbers}
    target = ids[before] if before < len(ids) else None
    head = ids[: ids.index(target)] if target is not None else ids
    tail = ids[len(head) :]
    wanted = [
        *(row_id for row_id in head if row_id not in chosen),
        *(row_id for row_id in ids if row_id in chosen),
        *(row_id for row_id in tail if row_id not in chosen),
    ]
    assert order_after(queue, placed(queue, chosen, target)) == wanted


@given(gaps, chosen_ones, st.sampled_from(Move))
def test_moves_keep_the_order_of_those_that_move_and_of_those_that_do_not(
    steps: list[float], numbers: set[int], move: Move
) -> None:
    queue = queue_of(steps)
    ids = [row.id for row in queue]
    chosen = {AssetId(f"{number:02}") for number in numbers}
    after = order_after(queue, moved(queue, chosen, move))
    assert [row_id for row_id in after if row_id in chosen] == [row_id for row_id in ids if row_id in chosen]
    assert [row_id for row_id in after if row_id not in chosen] == [row_id for row_id in ids if row_id not in chosen]
    for row_id in chosen & set(ids):
        step = after.index(row_id) - ids.index(row_id)
        match move:
            case Move.UP:
                assert step in {0, -1}
            case Move.DOWN:
                assert step in {0, 1}
            case Move.TOP:
                assert after.index(row_id) < len(chosen & set(ids))
            case Move.BOTTOM:
                assert after.index(row_id) >= len(ids) - len(chosen & set(ids))
