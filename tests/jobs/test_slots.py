"""The plan's limit of runs at once: the rest waits here and starts as soon as one ends."""

import asyncio
from functools import partial

from mosaic_desktop.core.errors import Code
from mosaic_desktop.core.run import Run, RunId, RunState
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.slots import RunSlots
from tests.jobs.rig import SPEC, Rig, until
from tests.support.fakes import ManualClock


def row(engine: Engine, run_id: RunId) -> Run:
    run = engine.store.run(run_id)
    assert run is not None
    return run


def running(engine: Engine) -> int:
    return sum(1 for _ in engine.store.runs_in(RunState.RUNNING))


def is_running(engine: Engine, run_id: RunId) -> bool:
    return row(engine, run_id).state is RunState.RUNNING


async def wanted(rig: Rig, engine: Engine, count: int) -> tuple[RunId, ...]:
    assets = await engine.add([rig.file(f"{number}.mp4") for number in range(count)])
    await rig.time_until(lambda: len(rig.service.finalized) == count)
    return engine.run(assets, SPEC)


def test_each_run_that_ends_makes_room_for_the_next_at_once(rig: Rig) -> None:
    rig.service.slots = 2

    async def story() -> None:
        async with rig.engine() as engine:
            runs = await wanted(rig, engine, 5)
            await until(lambda: (problem := row(engine, runs[2]).problem) and problem.code == Code.RUN_LIMIT)
            assert [row(engine, run_id).state for run_id in runs[:3]] == [RunState.RUNNING] * 2 + [RunState.WAITING]
            for ended, begun in enumerate(runs[2:], start=1):
                rig.service.outcomes[f"run-{ended}"] = True
                await rig.time_until(partial(is_running, engine, begun), seconds=6)
                assert running(engine) == 2
                assert row(engine, begun).problem is None

    asyncio.run(story())


def test_room_that_another_program_makes_is_found(rig: Rig) -> None:
    rig.service.slots = 0

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = await wanted(rig, engine, 1)
            await until(lambda: row(engine, run_id).problem)
            rig.service.slots = 1
            await rig.time_until(lambda: row(engine, run_id).state is RunState.RUNNING, seconds=31)

    asyncio.run(story())


def test_a_full_plan_is_not_asked_all_the_time(rig: Rig) -> None:
    rig.service.slots = 0

    async def story() -> float:
        async with rig.engine() as engine:
            (run_id,) = await wanted(rig, engine, 1)
            refusals = 0

            def heard(_: object) -> None:
                nonlocal refusals
                refusals += row(engine, run_id).state is RunState.STARTING

            engine.subscribe(heard)
            await rig.pass_time(3600)
            assert row(engine, run_id).state is RunState.WAITING
            return refusals

    assert asyncio.run(story()) <= 20


def test_the_end_of_a_run_is_heard_soon_behind_other_windows_too_if_another_waits_for_it(rig: Rig) -> None:
    rig.service.slots = 1

    async def story() -> None:
        async with rig.engine() as engine:
            runs = await wanted(rig, engine, 2)
            await until(lambda: row(engine, runs[1]).problem)
            engine.set_in_front(False)
            await rig.pass_time(40)
            rig.service.outcomes["run-1"] = True
            await rig.time_until(lambda: row(engine, runs[1]).state is RunState.RUNNING, seconds=11)

    asyncio.run(story())


def test_a_limit_that_turns_out_higher_is_forgotten() -> None:
    clock = ManualClock()
    slots = RunSlots(clock)
    pause = slots.refused(going=2)
    assert 20 <= pause <= 30
    assert not slots.may_start(2)
    assert slots.may_start(1)
    clock.advance(pause)
    assert slots.may_start(2)
    slots.accepted(2)
    assert slots.may_start(50)


def test_a_wish_of_the_service_for_a_longer_pause_is_granted() -> None:
    assert RunSlots(ManualClock()).refused(going=1, retry_after=900) == 900
