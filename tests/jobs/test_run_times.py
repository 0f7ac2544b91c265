"""How long runs took: an end that was heard late makes no run look longer than it was."""

import asyncio

import pytest

from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.run import Run, RunId, RunState
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import SPEC, Rig

OVER = {RunState.FINISHED, RunState.FAILED}


def going_since(rig: Rig, seconds: float) -> RunId:
    """The journal holds a run that was started so many seconds ago."""
    run = Run(RunId("r0"), AssetId("a"), SPEC, "talk.mp4", None, RunState.RUNNING, "run-0")
    began = rig.clock.now() - seconds
    rig.journal.rows = {run.id: Run(run.id, run.asset_id, SPEC, "talk.mp4", None, run.state, "run-0", started_at=began)}
    return run.id


def row(engine: Engine, run_id: RunId) -> Run:
    found = engine.store.run(run_id)
    assert found is not None
    return found


@pytest.mark.parametrize("outcome", [True, False])
def test_a_run_that_ended_while_the_application_was_off_has_no_false_length(rig: Rig, outcome: bool) -> None:
    run_id = going_since(rig, 8 * 3600)
    rig.service.outcome = outcome

    async def story() -> None:
        async with rig.engine() as engine:
            await rig.time_until(lambda: row(engine, run_id).state in OVER)
            assert row(engine, run_id).elapsed(rig.clock.now()) is None

    asyncio.run(story())


def test_a_run_that_was_seen_going_on_ended_when_that_was_heard(rig: Rig) -> None:
    run_id = going_since(rig, 8 * 3600)

    async def story() -> None:
        async with rig.engine() as engine:
            await rig.pass_time(20)
            rig.service.outcome = True
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FINISHED)
            assert row(engine, run_id).elapsed(0.0) == pytest.approx(8 * 3600 + 20, abs=60)

    asyncio.run(story())


def test_a_run_takes_no_longer_because_its_outputs_are_late(rig: Rig) -> None:
    run_id = going_since(rig, 10)
    rig.service.outcome, rig.service.outputs = True, ()

    async def story() -> None:
        async with rig.engine() as engine:
            await rig.time_until(lambda: row(engine, run_id).state is RunState.COLLECTING)
            took = row(engine, run_id).elapsed(0.0)
            await rig.pass_time(300)
            assert row(engine, run_id).state is RunState.COLLECTING
            assert row(engine, run_id).elapsed(0.0) == took

    asyncio.run(story())
