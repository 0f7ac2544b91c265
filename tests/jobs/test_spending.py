"""Credits that are used up hold everything that would spend, once, until the user says to go on."""

import asyncio

import pytest

from mosaic_desktop.core.errors import Code, MosaicError, ServiceError
from mosaic_desktop.core.events import SpendingHeld
from mosaic_desktop.core.run import Graph, Node, NodeState, Run, RunId, RunState
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import SPEC, Rig, until


def no_credits() -> MosaicError:
    return ServiceError(Code.NO_CREDITS, "0 credits left", status=403)


def row(engine: Engine, run_id: RunId) -> Run:
    run = engine.store.run(run_id)
    assert run is not None
    return run


def says(engine: Engine, run_id: RunId) -> str | None:
    problem = row(engine, run_id).problem
    return problem.code if problem else None


def told(rig: Rig) -> list[SpendingHeld]:
    return [event for event in rig.events if isinstance(event, SpendingHeld)]


async def held_runs(rig: Rig, engine: Engine) -> tuple[RunId, ...]:
    """Three wanted runs of which the first was refused."""
    rig.service.errors = {"start_run": [no_credits()]}
    runs = engine.run(await engine.add([rig.file(f"{name}.mp4") for name in "abc"]), SPEC)
    await until(lambda: all(says(engine, run_id) == Code.NO_CREDITS for run_id in runs))
    return runs


def test_one_refusal_holds_every_run_and_is_told_once(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            runs = await held_runs(rig, engine)
            await rig.pass_time(600)
            assert all(row(engine, run_id).state is RunState.WAITING for run_id in runs)
            assert rig.service.started == [], "nothing is tried again by itself"
            (event,) = told(rig)
            assert event.problem is not None
            assert event.problem.code == Code.NO_CREDITS
            assert engine.spending_held.runs == 3

    asyncio.run(story())


def test_it_goes_on_when_the_user_says_so(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            runs = await held_runs(rig, engine)
            engine.continue_spending()
            assert engine.spending_held == SpendingHeld(None)
            await until(lambda: all(row(engine, run_id).state is RunState.RUNNING for run_id in runs))
            assert [says(engine, run_id) for run_id in runs] == [None] * 3

    asyncio.run(story())
    assert len(rig.service.started) == 3
    assert [event.problem is None for event in told(rig)] == [False, True]


def test_too_few_credits_again_are_told_again(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            await held_runs(rig, engine)
            rig.service.errors = {"start_run": [no_credits()]}
            engine.continue_spending()
            await until(lambda: len(told(rig)) == 3)
            await rig.pass_time(60)
            assert engine.spending_held.runs == 3

    asyncio.run(story())
    assert rig.service.started == []


def test_a_hold_survives_a_restart(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            runs = await held_runs(rig, engine)
        rig.events.clear()
        async with rig.engine() as engine:
            await rig.pass_time(600)
            assert rig.service.started == []
            assert engine.spending_held.runs == 3
            assert len(told(rig)) == 1
            engine.continue_spending()
            await until(lambda: all(row(engine, run_id).state is RunState.RUNNING for run_id in runs))

    asyncio.run(story())


def test_what_is_wanted_meanwhile_waits_too(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            await held_runs(rig, engine)
            (late,) = engine.run(await engine.add([rig.file("late.mp4")]), SPEC)
            assert says(engine, late) == Code.NO_CREDITS
            await rig.pass_time(60)
            assert rig.service.started == []
            assert engine.spending_held.runs == 4

    asyncio.run(story())


def test_taking_everything_back_ends_the_hold(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            runs = await held_runs(rig, engine)
            for run_id in runs:
                engine.drop(run_id)
            assert engine.spending_held == SpendingHeld(None)
            (another,) = engine.run(await engine.add([rig.file("d.mp4")]), SPEC)
            await until(lambda: row(engine, another).state is RunState.RUNNING)

    asyncio.run(story())


def test_taking_the_videos_out_of_the_queue_ends_the_hold_too(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            runs = await held_runs(rig, engine)
            engine.remove([row(engine, run_id).asset_id for run_id in runs])
            await until(lambda: engine.spending_held == SpendingHeld(None))

    asyncio.run(story())


@pytest.mark.parametrize("restarted", [False, True])
def test_retried_steps_wait_for_credits_as_well(rig: Rig, restarted: bool) -> None:
    rig.service.outcome = False
    rig.service.graph = Graph(
        tuple(Node(f"n{number}", "Denoise", NodeState.FAILED, "failed", error="It broke.") for number in (1, 2))
    )

    async def go_on(engine: Engine, run_id: RunId) -> None:
        assert engine.spending_held.runs == 1
        rig.service.outcome = None
        engine.continue_spending()
        await until(lambda: row(engine, run_id).state is RunState.RUNNING)

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FAILED)
            rig.service.errors = {"retry_node": [no_credits()]}
            engine.retry_steps(run_id)
            await until(lambda: says(engine, run_id) == Code.NO_CREDITS)
            assert rig.service.retried == [], "the other step would be refused as well"
            engine.retry_steps(run_id)
            await rig.pass_time(60)
            assert rig.service.retried == []
            if not restarted:
                await go_on(engine, run_id)
        if restarted:
            async with rig.engine() as engine:
                await go_on(engine, run_id)

    asyncio.run(story())
    assert rig.service.retried == ["n1", "n2"]
