"""A key that the service refuses in the middle of work: what needs it waits, says so, and goes on."""

import asyncio

from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.errors import AuthError, Code
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.run import Run, RunId, RunState
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import OUTPUT, SPEC, Rig, until

REFUSED = AuthError(Code.INVALID_KEY, status=401)


def row(engine: Engine, run_id: RunId) -> Run:
    run = engine.store.run(run_id)
    assert run is not None
    return run


def says(engine: Engine, run_id: RunId) -> str | None:
    problem = row(engine, run_id).problem
    return problem.code if problem else None


def test_runs_that_go_on_and_runs_that_wait_say_it_and_nothing_fails(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            assets = await engine.add([rig.file(f"{name}.mp4") for name in "abc"])
            await rig.time_until(lambda: len(rig.service.finalized) == 3)
            (going,) = engine.run(assets[:1], SPEC)
            await rig.time_until(lambda: row(engine, going).state is RunState.RUNNING)
            rig.service.down = REFUSED
            waiting = engine.run(assets[1:], SPEC)
            await rig.time_until(
                lambda: all(says(engine, run_id) == Code.INVALID_KEY for run_id in (going, *waiting)), seconds=30
            )
            looks = rig.service.looks
            await rig.pass_time(1800)
            assert rig.service.looks == looks, "a key that is refused is not shown again and again"
            assert row(engine, going).state is RunState.RUNNING
            assert all(row(engine, run_id).state is RunState.WAITING for run_id in waiting)
            rig.service.down = None
            await engine.agents()  # anything that is answered shows that the key is taken
            await until(lambda: all(row(engine, run_id).state is RunState.RUNNING for run_id in waiting))
            await until(lambda: all(says(engine, run_id) is None for run_id in (going, *waiting)))

    asyncio.run(story())
    assert len(rig.service.started) == 3


def test_a_key_that_was_refused_for_a_while_is_tried_again_by_itself(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            assets = await engine.add([rig.file()])
            await rig.time_until(lambda: rig.service.finalized)
            rig.service.down = REFUSED
            (run_id,) = engine.run(assets, SPEC)
            await rig.time_until(lambda: says(engine, run_id) == Code.INVALID_KEY)
            rig.service.down = None
            await rig.time_until(lambda: row(engine, run_id).state is RunState.RUNNING, seconds=70)

    asyncio.run(story())
    assert len(rig.service.started) == 1


def test_an_output_waits_for_the_key(rig: Rig) -> None:
    run = Run(RunId("r"), AssetId("a"), SPEC, "talk.mp4", rig.outputs, RunState.FINISHED, "run-1")
    output = Output(OutputId("o"), RunId("r"), OUTPUT.key, "talk.mp4", rig.outputs)
    rig.journal.rows = {run.id: run, output.id: output}
    rig.service.down = REFUSED

    def current(engine: Engine) -> Output:
        (output,) = engine.outputs_of(RunId("r"))
        return output

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: (problem := current(engine).problem) and problem.code == Code.INVALID_KEY)
            await rig.pass_time(40)
            assert current(engine).state is OutputState.WAITING
            assert rig.service.listings == 1
            rig.service.down = None
            await engine.agents()
            await until(lambda: current(engine).state is OutputState.SAVED)

    asyncio.run(story())


def test_a_new_key_after_a_restart_goes_on_with_everything(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            assets = await engine.add([rig.file()])
            await rig.time_until(lambda: rig.service.finalized)
            rig.service.down = REFUSED
            (run_id,) = engine.run(assets, SPEC)
            await rig.time_until(lambda: says(engine, run_id) == Code.INVALID_KEY)
        rig.service.down = None
        async with rig.engine() as engine:
            await until(lambda: row(engine, run_id).state is RunState.RUNNING)
            assert says(engine, run_id) is None

    asyncio.run(story())
    assert len(rig.service.started) == 1
