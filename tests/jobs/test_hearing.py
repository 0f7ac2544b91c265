"""What deliveries do to the looks at runs: sooner for the one that was heard of, fewer for the others."""

import asyncio
from dataclasses import replace

import pytest

from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.errors import AuthError, Code, NetworkError, ServiceError
from mosaic_desktop.core.output import OutputState
from mosaic_desktop.core.run import Run, RunId, RunState
from tests.jobs.rig import OUTPUT, SPEC, Rig, until
from tests.jobs.test_tracking import going, looks_in, state

MINUTE = 60


def saved(rig: Rig) -> int:
    return sum(1 for path in rig.outputs.glob("*") if path.suffix != ".part") if rig.outputs.exists() else 0


def test_the_run_that_was_heard_of_is_looked_at_at_once_and_alone(rig: Rig) -> None:
    going(rig, 100)

    async def story() -> None:
        async with rig.engine() as engine:
            engine.set_in_front(False)
            await until(lambda: rig.service.looks == 100)
            rig.service.outcomes["run-42"] = True
            assert engine.hear_of("run-42")
            await until(lambda: state(engine, 42) is RunState.FINISHED)
            await until(lambda: saved(rig) == 1)
            assert rig.service.looks == 101

    asyncio.run(story())
    assert rig.clock.monotonic() == 0.0


def test_a_failed_run_too_and_the_service_says_why(rig: Rig) -> None:
    going(rig, 1)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 1)
            rig.service.outcome = False
            assert engine.hear_of("run-0")
            await until(lambda: state(engine) is RunState.FAILED)

    asyncio.run(story())


def test_a_delivery_changes_nothing_by_itself(rig: Rig) -> None:
    going(rig, 1)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 1)
            engine.set_in_front(False)
            engine.hear_of("run-0")
            await until(lambda: rig.service.looks == 2)
            assert state(engine) is RunState.RUNNING
            # It may be ahead of what the service answers: for a minute the run is looked at as if somebody watched.
            assert await looks_in(rig, MINUTE) in range(11, 15)
            assert await looks_in(rig, 2 * MINUTE) <= 5
            assert engine.expects("run-0"), "what was told was another end"
            rig.service.outcome = True
            await rig.time_until(lambda: state(engine) is RunState.FINISHED, seconds=35)

    asyncio.run(story())


def test_unknown_and_finished_runs_are_told_apart_and_not_looked_at(rig: Rig) -> None:
    going(rig, 1)
    rig.service.outcome = True

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: state(engine) is RunState.FINISHED)
            looks = rig.service.looks
            assert engine.hear_of("run-0")
            assert not engine.hear_of("run-1")
            assert not engine.hear_of("")
            assert not any(map(engine.expects, ("run-0", "run-1", "")))
            assert await looks_in(rig, MINUTE) == 0
            engine.forget_run(RunId("r0"))
            assert not engine.hear_of("run-0")
            assert rig.service.looks == looks

    asyncio.run(story())


def test_heard_of_many_times_and_by_polling_too_it_ends_once(rig: Rig) -> None:
    going(rig, 1)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 1)
            rig.service.outcome = True
            for _ in range(5):
                assert engine.hear_of("run-0")
                await asyncio.sleep(0)
                engine.watch([RunId("r0")])
            await until(lambda: state(engine) is RunState.FINISHED)
            for _ in range(5):
                assert engine.hear_of("run-0")
            await rig.time_until(lambda: saved(rig))
            await looks_in(rig, MINUTE)
            assert len(engine.outputs_of(RunId("r0"))) == 1
            assert engine.outputs_of(RunId("r0"))[0].state is OutputState.SAVED
            assert saved(rig) == 1

    asyncio.run(story())


def test_a_look_that_was_asked_before_the_end_is_not_taken_for_the_answer(rig: Rig) -> None:
    going(rig, 2)
    rig.service.hold["run_status"] = held = asyncio.Event()

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 2)
            engine.hear_of("run-0")
            await until(lambda: rig.service.looks == 3)
            rig.service.outcomes["run-0"] = True
            engine.hear_of("run-0")
            await until(lambda: rig.service.looks == 4)
            held.set()
            await until(lambda: state(engine) is RunState.FINISHED)
            assert len(engine.outputs_of(RunId("r0"))) == 1

    asyncio.run(story())


def test_many_deliveries_at_once_do_not_ask_for_everything_at_once(rig: Rig) -> None:
    going(rig, 50)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 50)
            rig.service.outcome = True
            rig.service.hold["run_status"] = held = asyncio.Event()
            for number in range(50):
                assert engine.hear_of(f"run-{number}")
            assert await looks_in(rig, 2) == 4
            held.set()
            await until(lambda: all(state(engine, number) is RunState.FINISHED for number in range(50)))

    asyncio.run(story())


def test_outputs_that_are_late_are_fetched_soon(rig: Rig) -> None:
    going(rig, 1)

    async def story() -> None:
        async with rig.engine() as engine:
            engine.set_in_front(False)
            await until(lambda: rig.service.looks == 1)
            rig.service.outcome, rig.service.outputs = True, ()
            engine.hear_of("run-0")
            await until(lambda: state(engine) is RunState.COLLECTING)
            rig.service.outputs = (OUTPUT,)
            await rig.time_until(lambda: state(engine) is RunState.FINISHED, seconds=6)

    asyncio.run(story())


def test_one_run_in_trouble_does_not_wait_for_its_next_try(rig: Rig) -> None:
    going(rig, 2)
    rig.service.outcomes = {"run-0": True}
    rig.service.errors = {"run_status": [ServiceError(Code.SERVER, retryable=True, status=500)]}

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 2)
            slow = 0 if state(engine) is RunState.RUNNING else 1
            rig.service.outcome = True
            assert engine.hear_of(f"run-{slow}")
            await until(lambda: state(engine, slow) is RunState.FINISHED)

    asyncio.run(story())
    assert rig.clock.monotonic() == 0.0


def test_a_run_that_errs_when_it_is_heard_of_is_asked_less_often_again(rig: Rig) -> None:
    going(rig, 1)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 1)
            rig.service.errors["run_status"] = [
                ServiceError(Code.SERVER, retryable=True, status=500) for _ in range(100)
            ]
            engine.hear_of("run-0")
            assert await looks_in(rig, 600) <= 22

    asyncio.run(story())


def test_a_delivery_shows_that_the_network_is_back(rig: Rig) -> None:
    going(rig, 3)
    rig.service.down = NetworkError(Code.UNREACHABLE, seen=False)

    async def story() -> None:
        async with rig.engine() as engine:
            await looks_in(rig, 10 * MINUTE)
            rig.service.down = None
            rig.service.outcome = True
            engine.hear_of("run-2")
            await until(lambda: all(state(engine, number) is RunState.FINISHED for number in range(3)))

    asyncio.run(story())


def test_a_pause_that_the_service_asks_for_is_kept_and_then_made_up_for(rig: Rig) -> None:
    going(rig, 2)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 2)
            engine.hear_of("run-0")  # polling is slow from here on
            await looks_in(rig, 6)
            rig.service.down = ServiceError(Code.RATE_LIMIT, retryable=True, retry_after=120, status=429)
            await looks_in(rig, 30)
            rig.service.down = None
            rig.service.outcome = True
            engine.hear_of("run-1")
            assert await looks_in(rig, 80) == 0
            await rig.time_until(lambda: state(engine, 1) is RunState.FINISHED, seconds=50)

    asyncio.run(story())


def test_while_the_key_is_refused_nobody_asks_and_afterwards_everything_is_known(rig: Rig) -> None:
    going(rig, 1)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 1)
            rig.service.down = AuthError(Code.INVALID_KEY, status=401)
            await looks_in(rig, 6)
            looks = rig.service.looks
            engine.hear_of("run-0")
            await looks_in(rig, 5)
            assert rig.service.looks == looks
            rig.service.down = None
            rig.service.outcome = True
            await rig.time_until(lambda: state(engine) is RunState.FINISHED, seconds=70)

    asyncio.run(story())


# How often the others are looked at


def test_while_deliveries_come_the_others_are_looked_at_half_as_often(rig: Rig) -> None:
    going(rig, 2)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 2)
            assert await looks_in(rig, MINUTE) == 24
            rig.service.outcomes["run-0"] = True
            engine.hear_of("run-0")
            await looks_in(rig, 6)
            assert await looks_in(rig, 5 * MINUTE) == 30
            engine.set_in_front(False)
            await looks_in(rig, 10)
            assert await looks_in(rig, 4 * MINUTE) == 8

    asyncio.run(story())


def test_ten_minutes_after_the_last_delivery_polling_takes_over(rig: Rig) -> None:
    going(rig, 3)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 3)
            for number in (0, 1):
                rig.service.outcomes[f"run-{number}"] = True
                engine.hear_of(f"run-{number}")
                await looks_in(rig, 8 * MINUTE)
            assert await looks_in(rig, MINUTE) == 6
            await looks_in(rig, 90)
            assert await looks_in(rig, 5 * MINUTE) == 60

    asyncio.run(story())


def test_one_end_that_nobody_told_of_and_polling_takes_over(rig: Rig) -> None:
    going(rig, 3)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 3)
            rig.service.outcomes["run-0"] = True
            engine.hear_of("run-0")
            await looks_in(rig, 6)
            rig.service.outcomes["run-1"] = True
            await rig.time_until(lambda: state(engine, 1) is RunState.FINISHED, seconds=11)
            assert await looks_in(rig, MINUTE) == 12
            rig.service.outcomes["run-1"] = True
            engine.hear_of("run-1")  # it was only later than polling
            await looks_in(rig, 6)
            assert await looks_in(rig, 2 * MINUTE) == 12

    asyncio.run(story())


def test_a_run_on_the_screen_keeps_its_pace_for_its_steps(rig: Rig) -> None:
    going(rig, 3)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 3)
            rig.service.outcomes["run-0"] = True
            engine.hear_of("run-0")
            engine.watch([RunId("r2")])
            await looks_in(rig, 10)
            assert await looks_in(rig, 2 * MINUTE) == 24 + 12
            engine.set_in_front(False)
            await looks_in(rig, 10)
            assert await looks_in(rig, 2 * MINUTE) == 8

    asyncio.run(story())


def test_a_run_that_goes_on_after_a_retry_is_expected_to_be_told_of_again(rig: Rig) -> None:
    going(rig, 2)
    rig.journal.rows["r0"] = replace(
        Run(RunId("r0"), AssetId("a"), SPEC, "talk.mp4", None, RunState.FAILED, "run-0"), finished_at=1.0
    )

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 1)
            engine.look_again(RunId("r0"))
            await until(lambda: state(engine) is RunState.RUNNING)
            rig.service.outcomes["run-0"] = False
            engine.hear_of("run-0")
            await until(lambda: state(engine) is RunState.FAILED)
            del rig.service.outcomes["run-0"]
            engine.look_again(RunId("r0"))
            await until(lambda: state(engine) is RunState.RUNNING)
            rig.service.outcomes["run-0"] = False
            await rig.time_until(lambda: state(engine) is RunState.FAILED, seconds=31)
            await looks_in(rig, 6)
            assert await looks_in(rig, MINUTE) == 12, "its second end was not told of"

    asyncio.run(story())


def test_a_run_that_waits_for_a_slot_starts_on_a_delivery(rig: Rig) -> None:
    rig.service.slots = 1

    async def story() -> None:
        async with rig.engine() as engine:
            engine.set_in_front(False)
            engine.run(await engine.add([rig.file("a.mp4"), rig.file("b.mp4")]), SPEC)
            await rig.time_until(lambda: len(rig.service.started) == 1)
            await looks_in(rig, 1)
            rig.service.outcomes["run-1"] = True
            at = rig.clock.monotonic()
            assert engine.hear_of("run-1")
            await until(lambda: len(rig.service.started) == 2)
            assert rig.clock.monotonic() == at

    asyncio.run(story())


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_delivery_around_the_end_of_the_engine_does_no_harm(rig: Rig, moment: str) -> None:
    going(rig, 1)
    rig.service.hold["run_status"] = asyncio.Event()

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 1)
            if moment == "before":
                assert engine.hear_of("run-0")
                await until(lambda: rig.service.looks == 2)
        if moment == "after":
            assert engine.hear_of("run-0")

    asyncio.run(story())


def test_a_pause_of_no_length_that_the_service_asks_for_is_kept_too(rig: Rig) -> None:
    going(rig, 1)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 1)
            rig.service.down = ServiceError(Code.RATE_LIMIT, retryable=True, status=429)
            assert await looks_in(rig, 6) == 1
            engine.hear_of("run-0")
            assert await looks_in(rig, 3) == 0

    asyncio.run(story())
