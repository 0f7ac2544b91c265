"""Commands over many rows: all at once, in another order, and taken back."""

import asyncio
from collections.abc import Callable

import pytest

from mosaic_desktop.core.actions import Move
from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, ServiceError
from mosaic_desktop.core.events import Event, RowChanged, Undoable, What
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.turns import ROWS_A_TURN
from tests.jobs.rig import SPEC, Rig, until


def row(engine: Engine, asset_id: AssetId) -> Asset:
    asset = engine.store.asset(asset_id)
    assert asset is not None
    return asset


def states(engine: Engine) -> list[AssetState]:
    return [asset.state for asset in engine.store.assets()]


def names(engine: Engine) -> str:
    """The first letters in queue order."""
    return "".join(asset.name[0] for asset in engine.store.assets())


def undoable(rig: Rig) -> str | None:
    """What the window would offer to take back."""
    return next((event.words for event in reversed(rig.events) if isinstance(event, Undoable)), None)


async def queued(rig: Rig, engine: Engine, letters: str = "abcdef") -> dict[str, AssetId]:
    """Rows of these names, the first two of which are being sent."""
    rig.transfers.finish.clear()
    ids = await engine.add([rig.file(f"{letter}.mp4") for letter in letters])
    await until(lambda: len(rig.transfers.progresses) == min(2, len(letters)))
    await until(lambda: AssetState.PROBING not in states(engine))
    return dict(zip(letters, ids, strict=True))


def test_pause_all_and_resume_all(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            await queued(rig, engine)
            engine.pause_all()
            assert set(states(engine)) == {AssetState.PAUSED}
            rig.transfers.finish.set()
            await rig.pass_time(60)
            assert len(rig.transfers.progresses) == 2, "none was started in the place of a paused one"
            engine.resume_all()
            await until(lambda: set(states(engine)) == {AssetState.READY})

    asyncio.run(story())


def test_pausing_more_than_fits_a_turn_starts_nothing_meanwhile(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            await engine.add([rig.file(f"{n}.mp4") for n in range(350)])
            await until(lambda: AssetState.PROBING not in states(engine))
            begun = len(rig.transfers.progresses)
            engine.pause_all()
            engine.resume_all()
            engine.pause_all()
            await until(lambda: set(states(engine)) == {AssetState.PAUSED})
            await rig.pass_time(5)
            assert set(states(engine)) == {AssetState.PAUSED}, "the last command counts"
            assert len(rig.transfers.progresses) == begun

    asyncio.run(story())


def test_what_is_being_sent_is_paused_first_wherever_it_stands(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            ids = await queued(rig, engine)
            await engine.add([rig.file(f"{n}.mp4") for n in range(3 * ROWS_A_TURN)])
            await until(lambda: AssetState.PROBING not in states(engine))
            engine.move([ids["a"], ids["b"]], Move.BOTTOM)
            await until(lambda: names(engine).endswith("ab"))
            engine.pause_all()
            assert states(engine)[-2:] == [AssetState.PAUSED] * 2
            assert AssetState.QUEUED in states(engine)

    asyncio.run(story())


def test_many_rows_do_not_hold_up_the_event_loop(rig: Rig) -> None:
    """Neither the command nor what is written and told of it is done in one piece; what is told is safe."""

    def stored(event: Event) -> None:
        if isinstance(event, RowChanged) and event.what is What.STATE:
            assert rig.journal.rows[event.row.id].revision >= event.row.revision

    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            await engine.add([rig.file(f"{n}.mp4") for n in range(500)])
            await until(lambda: AssetState.PROBING not in states(engine))
            engine.subscribe(stored)
            rig.journal.writes.clear()
            engine.pause_all()
            assert states(engine).count(AssetState.PAUSED) <= ROWS_A_TURN
            await until(lambda: set(states(engine)) == {AssetState.PAUSED})
            await engine.store.saved()
            assert max(rig.journal.writes) <= 100
            heard = {e.row.id for e in rig.events if isinstance(e, RowChanged) and e.row.state is AssetState.PAUSED}
            assert len(heard) == 500

    asyncio.run(story())


def test_what_the_user_asked_for_holds_if_the_application_ends_at_once(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            await engine.add([rig.file(f"{n}.mp4") for n in range(350)])
            engine.pause_all()
        stored = {row.state for row in rig.journal.rows.values()}
        assert stored == {AssetState.PAUSED}

    asyncio.run(story())


def test_retry_failed_tries_the_failed_ones_only(rig: Rig) -> None:
    rig.service.errors = {"request_upload": [ServiceError(Code.VALIDATION, "No.", status=400) for _ in range(2)]}

    async def story() -> None:
        async with rig.engine() as engine:
            ids = await engine.add([rig.file("a.mp4"), rig.file("b.mp4")])
            await until(lambda: states(engine) == [AssetState.FAILED] * 2)
            engine.cancel([ids[1]])
            (paused,) = await engine.add([rig.file("c.mp4")])
            engine.pause([paused])
            engine.retry_failed()
            await until(lambda: row(engine, ids[0]).state is AssetState.READY)
            await rig.pass_time(5)
            assert row(engine, paused).state is AssetState.PAUSED

    asyncio.run(story())


def test_clear_finished_leaves_what_is_still_needed(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            ids = await engine.add([rig.file(f"{letter}.mp4") for letter in "abc"])
            await until(lambda: set(states(engine)) == {AssetState.READY})
            rig.service.hold = {"start_run": asyncio.Event()}
            engine.run([ids[1]], SPEC)
            rig.transfers.finish.clear()
            await engine.add([rig.file("d.mp4")])
            engine.clear_finished()
            assert names(engine) == "bd"
            assert undoable(rig) == "Cleared 2 finished videos"
            engine.undo()
            assert names(engine) == "abcd"
            assert row(engine, ids[0]).state is AssetState.READY
            rig.service.hold["start_run"].set()

    asyncio.run(story())


MOVES: dict[str, tuple[Callable[[Engine, dict[str, AssetId]], None], str]] = {
    "up": (lambda engine, ids: engine.move([ids["c"]], Move.UP), "acbdef"),
    "down": (lambda engine, ids: engine.move([ids["c"], ids["d"]], Move.DOWN), "abecdf"),
    "top": (lambda engine, ids: engine.move([ids["e"], ids["c"]], Move.TOP), "ceabdf"),
    "bottom": (lambda engine, ids: engine.move([ids["a"]], Move.BOTTOM), "bcdefa"),
    "before": (lambda engine, ids: engine.place_before([ids["f"], ids["a"]], ids["d"]), "bcafde"),
    "the end": (lambda engine, ids: engine.place_before([ids["b"]], None), "acdefb"),
}


@pytest.mark.parametrize(("move", "order"), MOVES.values(), ids=MOVES)
def test_rows_are_moved_and_moved_back(
    rig: Rig, move: Callable[[Engine, dict[str, AssetId]], None], order: str
) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            ids = await queued(rig, engine)
            move(engine, ids)
            assert names(engine) == order
            engine.undo()
            assert names(engine) == "abcdef"
            move(engine, ids)
        async with rig.engine() as engine:
            assert names(engine) == order, "after a restart too"

    asyncio.run(story())


def test_what_is_moved_to_the_top_is_sent_next(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            ids = await queued(rig, engine)
            engine.move([ids["e"]], Move.TOP)
            rig.transfers.finish.set()
            await until(lambda: set(states(engine)) == {AssetState.READY})

    asyncio.run(story())
    sent = [event.row for event in rig.events if isinstance(event, RowChanged) and event.what is What.STATE]
    order = [row.name[0] for row in sent if isinstance(row, Asset) and row.state is AssetState.UPLOADING]
    assert "e" in list(dict.fromkeys(order))[2:4], "both slots were free at once"


def test_a_move_that_changes_nothing_is_not_offered_to_be_taken_back(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            ids = await queued(rig, engine)
            engine.move([ids["a"]], Move.UP)
            assert undoable(rig) is None

    asyncio.run(story())


def test_taking_back_goes_step_by_step(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            ids = await queued(rig, engine)
            engine.pause([ids["d"]])
            assert undoable(rig) == "Paused 1 upload"
            engine.cancel([ids["d"], ids["e"]])
            assert undoable(rig) == "Cancelled 2 uploads"
            engine.remove([ids["d"]])
            assert undoable(rig) == "Removed 1 video"
            engine.undo()
            assert row(engine, ids["d"]).state is AssetState.CANCELLED
            engine.undo()
            await until(lambda: row(engine, ids["e"]).state is AssetState.QUEUED)
            assert row(engine, ids["d"]).state is AssetState.PAUSED, "as it was before"
            engine.undo()
            await until(lambda: row(engine, ids["d"]).state is AssetState.QUEUED)
            assert undoable(rig) is None
            engine.undo()
            assert names(engine) == "abcdef"

    asyncio.run(story())


def test_what_went_on_meanwhile_cannot_be_taken_back_any_more(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            ids = await queued(rig, engine)
            engine.move([ids["a"]], Move.BOTTOM)
            engine.pause([ids["d"]])
            engine.pause([ids["e"], ids["f"]])
            engine.resume([ids["e"]])
            assert undoable(rig) == "Paused 2 uploads", "one of them still is"
            engine.resume_all()
            assert rig.events[-1] == Undoable("Moved 1 video", just_done=False)
            await until(lambda: AssetState.PAUSED not in states(engine))
            engine.undo()
            assert names(engine) == "abcdef"

    asyncio.run(story())


def test_a_removed_row_comes_back_with_its_upload_and_its_picture(rig: Rig) -> None:
    picture = rig.folder / "picture.jpg"
    picture.write_bytes(b"jpeg")
    rig.probe.picture = lambda _: picture

    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await until(lambda: row(engine, asset_id).state is AssetState.READY)
            before = row(engine, asset_id)
            engine.remove([asset_id])
            engine.undo()
            assert row(engine, asset_id).file_id == before.file_id
            assert picture.exists()
            engine.remove([asset_id])
        assert not picture.exists(), "nothing is left of a row that is gone for good"
        assert rig.journal.rows == {}

    asyncio.run(story())
    assert len(rig.transfers.sizes_put) == 1


def test_a_file_that_was_added_anew_is_not_brought_back_beside_itself(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            path = rig.file()
            (asset_id,) = await engine.add([path])
            engine.remove([asset_id])
            await engine.add([path])
            engine.undo()
            await rig.pass_time(2)
            assert len(list(engine.store.assets())) == 1

    asyncio.run(story())


def test_limits_hold_at_once(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            await queued(rig, engine)
            engine.set_limits(TransferLimits(upload_slots=4, upload_rate=5_000_000, download_rate=1_000_000))
            await until(lambda: len(rig.transfers.progresses) == 4)
            assert rig.transfers.rates == (5_000_000, 1_000_000)
            await rig.pass_time(2)
            assert len(rig.transfers.progresses) == 4

    asyncio.run(story())
