"""How often runs are looked at: by who is looking, after trouble, and after the computer slept."""

import asyncio

import pytest

from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.errors import Code, MosaicError, NetworkError, ServiceError
from mosaic_desktop.core.events import ServiceReached
from mosaic_desktop.core.run import Run, RunId, RunState
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import SPEC, Rig, until
from tests.support.fakes import ManualClock


def going(rig: Rig, count: int) -> None:
    """The journal holds runs that are going on."""
    runs = [
        Run(RunId(f"r{n}"), AssetId("a"), SPEC, "talk.mp4", None, RunState.RUNNING, f"run-{n}") for n in range(count)
    ]
    rig.journal.rows = {run.id: run for run in runs}


def state(engine: Engine, number: int = 0) -> RunState:
    run = engine.store.run(RunId(f"r{number}"))
    assert run is not None
    return run.state


async def looks_in(rig: Rig, seconds: int) -> int:
    """How many looks there are in that time, second by second."""
    before = rig.service.looks
    for _ in range(seconds):
        rig.clock.advance(1.0)
        for _ in range(20):
            await asyncio.sleep(0)
    return rig.service.looks - before


def test_behind_other_windows_looks_are_six_times_as_far_apart(rig: Rig) -> None:
    going(rig, 1)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks)
            assert await looks_in(rig, 60) == 12
            engine.set_in_front(False)
            await looks_in(rig, 5)
            assert await looks_in(rig, 120) == 4
            before = rig.service.looks
            engine.set_in_front(True)
            await until(lambda: rig.service.looks == before + 1)  # at once
            assert await looks_in(rig, 60) == 12

    asyncio.run(story())


def test_many_runs_share_one_pace(rig: Rig) -> None:
    going(rig, 100)

    async def story() -> None:
        async with rig.engine():
            await until(lambda: rig.service.looks == 100)
            assert 500 <= await looks_in(rig, 30) <= 600

    asyncio.run(story())


def test_steps_that_somebody_looks_at_are_asked_for_at_once_and_alone(rig: Rig) -> None:
    going(rig, 100)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 100)
            await looks_in(rig, 2)
            engine.watch([RunId("r42")])
            await until(lambda: rig.service.looks == 101)
            assert await looks_in(rig, 2) == 0

    asyncio.run(story())


@pytest.mark.parametrize(("count", "share"), [(10, 1), (100, 3)], ids=["few", "many"])
def test_the_steps_of_many_runs_are_asked_for_less_often_than_their_states(rig: Rig, count: int, share: int) -> None:
    going(rig, count)

    async def story() -> None:
        async with rig.engine() as engine:
            engine.watch(None)
            await until(lambda: rig.service.details >= count)
            await looks_in(rig, 3)
            before = rig.service.details
            looks = await looks_in(rig, 150)
            assert rig.service.details - before == pytest.approx(looks / share, rel=0.15)

    asyncio.run(story())


TROUBLE: dict[str, MosaicError] = {
    "offline": NetworkError(Code.UNREACHABLE, seen=False),
    "proxy": ServiceError(Code.GATEWAY, retryable=True, status=502),
}


@pytest.mark.parametrize("error", TROUBLE.values(), ids=TROUBLE)
def test_a_service_in_trouble_is_asked_once_at_a_time_and_less_and_less_often(rig: Rig, error: MosaicError) -> None:
    going(rig, 100)
    rig.service.down = error

    async def story() -> None:
        async with rig.engine():
            await until(lambda: rig.service.looks)
            assert await looks_in(rig, 600) <= 4 * 22
            rig.service.down = None
            assert await looks_in(rig, 61) >= 100, "it goes on by itself"

    asyncio.run(story())


def test_a_pause_that_the_service_asks_for_is_kept(rig: Rig) -> None:
    going(rig, 3)

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 3)
            rig.service.down = ServiceError(Code.RATE_LIMIT, retryable=True, retry_after=120, status=429)
            await looks_in(rig, 6)
            rig.service.down = None
            asked = rig.service.looks
            engine.watch([RunId("r1")])
            engine.set_in_front(False)
            engine.set_in_front(True)
            assert await looks_in(rig, 110) == 0
            assert asked <= 6
            assert await looks_in(rig, 20) >= 3

    asyncio.run(story())


def test_what_is_asked_for_during_a_look_is_looked_at_after_it(rig: Rig) -> None:
    going(rig, 2)
    rig.service.hold["run_status"] = held = asyncio.Event()

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.service.looks == 2)
            engine.set_in_front(False)
            engine.set_in_front(True)
            held.set()
            await until(lambda: rig.service.looks == 4)
            held.clear()
            engine.set_in_front(False)
            engine.set_in_front(True)
            await until(lambda: rig.service.looks == 6)
            engine.set_in_front(False)
            engine.set_in_front(True)
            rig.service.down = ServiceError(Code.RATE_LIMIT, retryable=True, retry_after=60, status=429)
            held.set()
            assert await looks_in(rig, 50) == 0, "unless the service asked for a pause meanwhile"

    asyncio.run(story())


def test_trouble_with_one_run_slows_no_other_down(rig: Rig) -> None:
    going(rig, 2)
    rig.service.outcomes = {"run-1": True}
    rig.service.errors = {"run_status": [ServiceError(Code.SERVER, retryable=True, status=500) for _ in range(2)]}

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: not rig.service.errors["run_status"])
            await rig.time_until(lambda: state(engine, 1) is RunState.FINISHED, seconds=10)
            rig.service.errors["run_status"] = [ServiceError(Code.SERVER, retryable=True, status=500) for _ in range(4)]
            await rig.time_until(lambda: not rig.service.errors["run_status"])
            assert state(engine) is RunState.RUNNING, "a run that costs is never given up for errors"
            rig.service.outcome = True
            await rig.time_until(lambda: state(engine) is RunState.FINISHED, seconds=61)

    asyncio.run(story())


def test_a_run_that_is_denied_says_nothing_of_the_service(rig: Rig) -> None:
    going(rig, 1)
    rig.service.errors = {"run_status": [ServiceError(Code.NOT_FOUND, status=404)]}

    async def story() -> None:
        async with rig.engine():
            await until(lambda: any(isinstance(event, ServiceReached) for event in rig.events))
            assert ServiceReached(None) in rig.events

    asyncio.run(story())


class SleepingClock(ManualClock):
    """Its computer can sleep: the wall clock goes on, the other one stands, as on Linux."""

    slept = 0.0

    def now(self) -> float:
        return super().now() + self.slept


@pytest.mark.parametrize("both", [False, True], ids=["wall clock only", "both clocks"])
def test_after_sleep_everything_is_looked_at_at_once(rig: Rig, both: bool) -> None:
    going(rig, 1)
    rig.clock = clock = SleepingClock()

    async def story() -> None:
        async with rig.engine() as engine:
            engine.set_in_front(False)
            await until(lambda: rig.service.looks)
            await looks_in(rig, 6)
            before = rig.service.looks
            if both:
                clock.advance(3600.0)
            else:
                clock.slept += 3600.0
            rig.service.outcome = True
            await rig.time_until(lambda: rig.service.looks > before, seconds=6)
            await rig.time_until(lambda: state(engine) is RunState.FINISHED, seconds=6)

    asyncio.run(story())


def test_after_sleep_a_pause_after_errors_is_over(rig: Rig) -> None:
    going(rig, 1)
    rig.clock = clock = SleepingClock()
    rig.service.down = NetworkError(Code.UNREACHABLE, seen=False)

    async def story() -> None:
        async with rig.engine() as engine:
            await looks_in(rig, 600)
            rig.service.down = None
            rig.service.outcome = True
            clock.slept += 3600.0
            await rig.time_until(lambda: state(engine) is RunState.FINISHED, seconds=6)

    asyncio.run(story())


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_an_hour_wrong_or_set_right_does_no_harm(rig: Rig, hours: int) -> None:
    rig.clock = clock = SleepingClock()

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: rig.service.started)
            clock.slept += 3600.0 * hours
            assert await looks_in(rig, 60) in range(11, 15)
            rig.service.outcome = True
            await rig.time_until(lambda: engine.outputs_of(run_id))
            run = engine.store.run(run_id)
            assert run is not None
            assert (run.elapsed(clock.now()) or 0.0) >= 0.0

    asyncio.run(story())
    assert len(rig.service.started) == 1
