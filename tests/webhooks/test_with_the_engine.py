"""From a signed delivery to a finished video, with no polling in between."""

import asyncio
from pathlib import Path

from mosaic_desktop.core.account import Verdict
from mosaic_desktop.core.run import RunState
from tests.jobs.rig import SPEC, Rig
from tests.support.waiting import until_async
from tests.webhooks.office import OTHER_KEY, Office, deliver, notice, verdicts


def test_a_run_ends_by_its_delivery_before_the_next_poll_and_its_output_comes(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.transfers.finish.set()

    async def story() -> None:
        async with rig.engine() as engine:
            office = Office(clock=rig.clock, hear_of=engine.hear_of)
            async with office.desk() as desk:
                (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
                await until_async(lambda: rig.service.looks)
                at = rig.clock.monotonic()
                body = notice("run-1")

                assert await deliver(desk, body, office.signed(body, OTHER_KEY)) == 401
                run = engine.store.run(run_id)
                assert run is not None
                assert run.state is RunState.RUNNING
                assert rig.service.looks == 1

                rig.service.outcome = True
                assert await deliver(desk, body, office.signed(body)) == 200
                await until_async(lambda: list(rig.outputs.glob("*.mp4")))
                assert rig.clock.monotonic() == at

                assert await deliver(desk, body, office.signed(body)) == 200
                other = notice("run-99")
                assert await deliver(desk, other, office.signed(other)) == 200
                assert verdicts(desk) == [Verdict.FORGED, Verdict.ACCEPTED, Verdict.REPEATED, Verdict.UNKNOWN_RUN]

    asyncio.run(story())
    assert len(rig.service.started) == 1


def test_a_signed_lie_changes_nothing(tmp_path: Path) -> None:
    rig = Rig(tmp_path)

    async def story() -> None:
        async with rig.engine() as engine:
            office = Office(clock=rig.clock, hear_of=engine.hear_of)
            rig.transfers.finish.set()
            async with office.desk() as desk:
                (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
                await until_async(lambda: rig.service.looks)
                lie = notice(
                    "run-1", outputs=[{"node_id": "n", "file_id": "f", "download_url": "http://127.0.0.1:9/x"}]
                )
                assert await deliver(desk, lie, office.signed(lie)) == 200
                await until_async(lambda: rig.service.looks == 2)
                run = engine.store.run(run_id)
                assert run is not None
                assert run.state is RunState.RUNNING
                assert engine.outputs_of(run_id) == ()

    asyncio.run(story())


def test_a_run_that_fails_once_more_after_a_retry_is_told_of_in_the_same_words(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.transfers.finish.set()

    async def story() -> None:
        async with rig.engine() as engine:
            office = Office(clock=rig.clock, hear_of=engine.hear_of, expects=engine.expects)
            async with office.desk() as desk:
                (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
                body = notice("run-1", event="agent_run.failed", status="failed", error_message="No sound.")

                def is_in(state: RunState) -> bool:
                    run = engine.store.run(run_id)
                    return run is not None and run.state is state

                for _ in range(2):
                    await until_async(lambda: is_in(RunState.RUNNING) and rig.service.looks)
                    at = rig.clock.monotonic()
                    rig.service.outcome = False
                    assert await deliver(desk, body, office.signed(body)) == 200
                    await until_async(lambda: is_in(RunState.FAILED))
                    assert rig.clock.monotonic() == at
                    assert await deliver(desk, body, office.signed(body)) == 200
                    rig.service.outcome, rig.service.looks = None, 0
                    engine.look_again(run_id)
                assert verdicts(desk) == [Verdict.ACCEPTED, Verdict.REPEATED] * 2

    asyncio.run(story())
