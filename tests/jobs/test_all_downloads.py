"""Commands over all downloads at once: none is forgotten, none starts meanwhile, and what is saved stays saved."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mosaic_desktop.core.asset import AssetId, AssetState
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.events import RowChanged
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.run import Run, RunId, RunState
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.turns import ROWS_A_TURN
from tests.jobs.rig import OUTPUT, SPEC, Rig, until

WAITING, PAUSED, FAILED, SAVED = OutputState.WAITING, OutputState.PAUSED, OutputState.FAILED, OutputState.SAVED
DOWNLOADING, CANCELLED = OutputState.DOWNLOADING, OutputState.CANCELLED
MANY = 3 * ROWS_A_TURN
SLOTS = TransferLimits().download_slots


def begin_with(rig: Rig, *states: OutputState) -> None:
    """A finished run with outputs in these states, whose bytes do not come to an end by themselves."""
    rig.transfers.finish.clear()
    run = Run(RunId("r"), AssetId("a"), SPEC, "talk.mp4", rig.outputs, RunState.FINISHED, "run-1")
    outputs = [a_row(rig, number, state) for number, state in enumerate(states)]
    rig.journal.rows[run.id] = run
    rig.journal.rows.update((output.id, output) for output in outputs)


def a_row(rig: Rig, number: int, state: OutputState) -> Output:
    row = Output(OutputId(f"o{number}"), RunId("r"), OUTPUT.key, f"video {number}.mp4", rig.outputs, state=state)
    if state is FAILED:
        return replace(row, problem=Problem(Code.UNREACHABLE))
    return replace(row, path=a_file(rig, row.name)) if state is SAVED else row


def a_file(rig: Rig, name: str) -> Path:
    rig.outputs.mkdir(exist_ok=True)
    path = rig.outputs / name
    path.write_bytes(b"saved")
    return path


def states(engine: Engine) -> list[OutputState]:
    return [output.state for output in engine.store.outputs()]


async def all_slots_taken(engine: Engine) -> None:
    await until(lambda: sum(output.bytes_kept > 0 for output in engine.store.outputs()) == SLOTS)


def test_pausing_all_starts_none_in_the_place_of_another(rig: Rig) -> None:
    begin_with(rig, *[WAITING] * MANY)

    async def story() -> None:
        async with rig.engine() as engine:
            await all_slots_taken(engine)
            engine.pause_all_downloads()
            assert DOWNLOADING not in states(engine), "what moves stops before anything else is done"
            await until(lambda: set(states(engine)) == {PAUSED})
            await rig.pass_time(60)
            assert set(states(engine)) == {PAUSED}

    asyncio.run(story())
    heard = [event.row for event in rig.events if isinstance(event, RowChanged)]
    assert len({row.id for row in heard if row.state is DOWNLOADING}) == SLOTS


def test_what_was_paused_goes_on_behind_what_has_come(rig: Rig) -> None:
    begin_with(rig, WAITING)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: [output.bytes_kept for output in engine.store.outputs()] == [1024])
            engine.pause_all_downloads()
            rig.transfers.finish.set()
            engine.resume_all_downloads()
            await until(lambda: states(engine) == [SAVED])

    asyncio.run(story())
    assert [partial.kept for partial in rig.transfers.partials if partial is not None] == [1024]


def test_the_last_of_several_commands_counts(rig: Rig) -> None:
    begin_with(rig, *[WAITING] * MANY)

    async def story() -> None:
        async with rig.engine() as engine:
            engine.pause_all_downloads()
            engine.resume_all_downloads()
            engine.pause_all_downloads()
            await until(lambda: set(states(engine)) == {PAUSED})
            await rig.pass_time(5)
            assert set(states(engine)) == {PAUSED}

    asyncio.run(story())


def test_pausing_holds_if_the_application_ends_at_once(rig: Rig) -> None:
    begin_with(rig, *[WAITING] * MANY)

    async def story() -> None:
        async with rig.engine() as engine:
            engine.pause_all_downloads()

    asyncio.run(story())
    assert {row.state for row in rig.journal.rows.values() if isinstance(row, Output)} == {PAUSED}


SWEEPS: dict[str, tuple[Callable[[Engine], None], set[int]]] = {
    "pause": (lambda engine: engine.pause_all_downloads(), {0}),
    "resume": (lambda engine: engine.resume_all_downloads(), {1}),
    "retry": (lambda engine: engine.retry_failed_downloads(), {2}),
    "clear": (lambda engine: engine.clear_saved(), {3}),
}


@pytest.mark.parametrize(("sweep", "changed"), SWEEPS.values(), ids=SWEEPS)
def test_each_command_is_for_its_own_rows(rig: Rig, sweep: Callable[[Engine], None], changed: set[int]) -> None:
    before = [WAITING, PAUSED, FAILED, SAVED, CANCELLED]
    begin_with(rig, *before)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: states(engine) == [DOWNLOADING, *before[1:]])
            sweep(engine)
            rows = [engine.store.output(OutputId(f"o{number}")) for number in range(len(before))]
            now = [row.state if row is not None else None for row in rows]
            was = [DOWNLOADING, *before[1:]]
            assert {number for number, state in enumerate(now) if state is not was[number]} == changed

    asyncio.run(story())
    assert (rig.outputs / "video 3.mp4").read_bytes() == b"saved"


def test_what_is_cleared_stays_cleared_and_the_files_stay(rig: Rig) -> None:
    begin_with(rig, *[SAVED] * MANY, PAUSED)

    async def story() -> None:
        async with rig.engine() as engine:
            engine.clear_saved()
            await until(lambda: states(engine) == [PAUSED])
        async with rig.engine() as engine:
            assert states(engine) == [PAUSED], "after a restart too"

    asyncio.run(story())
    assert len(list(rig.outputs.iterdir())) == MANY


def test_downloads_do_not_wait_for_work_on_a_long_queue(rig: Rig) -> None:
    begin_with(rig, WAITING)

    async def story() -> None:
        async with rig.engine() as engine:
            await engine.add([rig.file(f"{n}.mp4") for n in range(MANY)])
            await until(lambda: all(asset.state is not AssetState.PROBING for asset in engine.store.assets()))
            await until(lambda: states(engine) == [DOWNLOADING])
            engine.pause_all()
            engine.pause_all_downloads()
            assert states(engine) == [PAUSED]
            assert any(asset.state is not AssetState.PAUSED for asset in engine.store.assets())

    asyncio.run(story())


def test_only_what_no_run_waits_for_is_finished(rig: Rig) -> None:
    async def story() -> None:
        rig.service.hold = {"start_run": asyncio.Event()}
        async with rig.engine() as engine:
            assert not engine.has_finished
            ids = await engine.add([rig.file()])
            await until(lambda: engine.has_finished)
            engine.run(ids, SPEC)
            assert not engine.has_finished, "the run has yet to be taken"
            rig.service.hold["start_run"].set()
            await until(lambda: engine.has_finished)

    asyncio.run(story())
