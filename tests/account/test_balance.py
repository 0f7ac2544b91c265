"""The balance is read gently, before runs begin and after they ended, and what they cost is written down."""

import asyncio
from dataclasses import replace

import pytest

from mosaic_desktop.core.account import BalanceReading, RunCost
from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.errors import Code, MosaicError, NetworkError, Problem, ServiceError
from mosaic_desktop.core.events import SpendingHeld, What
from mosaic_desktop.core.run import Run, RunId, RunSpec, RunState
from mosaic_desktop.core.secrets import Secret
from tests.account.rig import EMAIL, OFFLINE, PASSWORD, PASTED, Gate, MemoryLedger, Rig, settle, told
from tests.support.waiting import PATIENCE

MINUTE, HOUR = 60.0, 3600.0
WAITING = Run(RunId("waiting"), AssetId("waiting"), RunSpec(agent_id="agent", agent_name="Reframe"))


@told
async def test_it_is_read_after_signing_in_and_then_on_a_gentle_schedule(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        assert desk.balance.latest == BalanceReading(rig.clock.now(), 1000.0)
        await rig.pass_time(HOUR)
        assert 12 <= rig.portal.reads <= 14
        desk.set_in_front(False)
        await rig.pass_time(HOUR)
        assert rig.portal.reads <= 17
    assert len(rig.ledger.kept_readings) == rig.portal.reads
    assert desk.readings == tuple(rig.ledger.kept_readings)


@told
async def test_signed_out_nothing_is_asked(rig: Rig) -> None:
    async with rig.desk() as desk:
        await rig.pass_time(HOUR)
        rig.end_run(rig.start_run())
        await rig.pass_time(HOUR)
        with pytest.raises(MosaicError, match="signed_out"):
            await desk.read_balance()
    assert rig.portal.calls == 0


@told
async def test_a_failure_is_shown_beside_the_last_reading(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        before = desk.balance.latest
        rig.portal.down = OFFLINE
        with pytest.raises(NetworkError):
            await desk.read_balance()
        assert desk.balance.latest == before
        assert desk.balance.problem is not None
        assert desk.balance.problem.code == Code.UNREACHABLE
        rig.portal.down = None
        await desk.read_balance()
        assert desk.balance.problem is None


@told
async def test_a_pause_that_the_service_asks_for_is_kept(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.portal.down = ServiceError(Code.RATE_LIMIT, status=429, retryable=True, retry_after=500.0)
        for _ in range(3):
            with pytest.raises(ServiceError):
                await desk.read_balance()
        calls = rig.portal.calls
        rig.portal.down = None
        rig.end_run(rig.start_run())
        await rig.pass_time(490.0)
        assert rig.portal.calls == calls
        await rig.pass_time(40.0)
        assert rig.portal.calls == calls + 1


@told
async def test_callers_share_one_reading(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        reads = rig.portal.reads
        rig.portal.gate.close()
        calls = [asyncio.create_task(desk.read_balance()) for _ in range(5)]
        await settle()
        calls[0].cancel()
        await settle()
        rig.portal.gate.open()
        await asyncio.gather(*calls[1:])
        assert rig.portal.reads == reads + 1


@told
async def test_the_balance_is_read_soon_after_runs_ended_and_once_for_many(rig: Rig) -> None:
    async with rig.desk(signed_in=True):
        runs = [rig.start_run(str(number)) for number in range(8)]
        await rig.pass_time(10.0)
        reads = rig.portal.reads
        for run in runs:
            rig.end_run(run)
        await rig.pass_time(4.0, step=0.5)
        assert rig.portal.reads == reads + 1


@told
async def test_the_balance_is_read_when_the_service_says_that_it_is_too_low(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.portal.credits = 5.0  # spent from elsewhere
        rig.events.publish(SpendingHeld(Problem(Code.NO_CREDITS), 1))
        await rig.pass_time(3.0, step=0.5)
        assert desk.balance.latest is not None
        assert desk.balance.latest.credits == 5.0


@told
async def test_who_is_about_to_leave_can_wait_for_the_last_cost(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        await desk.settle()
        rig.end_run(rig.start_run(cost=40.0))
        waiting = asyncio.create_task(desk.settle())
        await rig.pass_time(1.0, step=0.5)
        assert not waiting.done()
        await rig.pass_time(2.0, step=0.5)
        assert waiting.done()
        assert [cost.credits for cost in desk.costs] == [40.0]


@told
async def test_without_a_sign_in_there_is_nothing_to_wait_for(rig: Rig) -> None:
    async with rig.desk() as desk:
        await settle()
        rig.end_run(rig.start_run())
        await asyncio.wait_for(desk.settle(), PATIENCE)


@told
async def test_each_run_has_its_cost(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        run = rig.start_run(cost=40.0)
        await rig.pass_time(20.0)
        rig.end_run(run)
        ended = rig.clock.now()
        await rig.pass_time(3.0, step=1.0)
        assert desk.costs == (RunCost("1", "Reframe", 60.0, 40.0, False, ended),)
        found = desk.estimate("Reframe", 50.0)
        assert found is not None
        assert (found.low, found.high, found.runs) == (40.0, 40.0, 1)
    assert tuple(rig.ledger.kept_costs.values()) == desk.costs


@told
async def test_a_failed_run_that_was_paid_back_cost_nothing(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        run = rig.start_run(cost=40.0)
        await rig.pass_time(400.0)  # a reading in the middle
        rig.end_run(run, failed=True, back=40.0)
        await rig.pass_time(3.0, step=1.0)
        assert [(cost.credits, cost.approximate) for cost in desk.costs] == [(0.0, False)]


@told
async def test_a_start_that_the_service_refused_is_no_run(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        run = rig.put(replace(rig.start_run(), state=RunState.STARTING, remote_id=None))
        rig.put(replace(run, state=RunState.FAILED, finished_at=rig.clock.now()))
        await rig.pass_time(10.0)
        assert not desk.costs


@told
async def test_a_reading_during_a_start_says_nothing(rig: Rig) -> None:
    """Whether the answer is from before or after the service took its credits, nobody can tell."""
    async with rig.desk(signed_in=True) as desk:
        await rig.pass_time(200.0)
        kept = len(rig.ledger.kept_readings)
        rig.portal.gate.close()
        reading = asyncio.create_task(desk.read_balance())
        await settle()
        run = rig.start_run(cost=40.0)
        rig.portal.gate.open()
        await reading
        assert len(rig.ledger.kept_readings) == kept
        assert desk.balance.latest is not None
        await rig.pass_time(5.0, step=1.0)
        assert len(rig.ledger.kept_readings) == kept + 1
        rig.end_run(run)
        await rig.pass_time(5.0, step=1.0)
        assert [cost.credits for cost in desk.costs] == [40.0]


@told
async def test_while_a_start_is_under_way_nothing_is_kept(rig: Rig) -> None:
    async with rig.desk(signed_in=True):
        run = rig.put(replace(rig.start_run(), state=RunState.STARTING))
        kept, reads = len(rig.ledger.kept_readings), rig.portal.reads
        await rig.pass_time(400.0)
        assert len(rig.ledger.kept_readings) == kept
        assert rig.portal.reads == reads + 1
        rig.put(replace(run, state=RunState.RUNNING))
        await rig.pass_time(10.0, step=1.0)
        assert len(rig.ledger.kept_readings) == kept + 1


@told
async def test_a_run_that_is_wanted_is_preceded_by_a_reading(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        desk.set_in_front(False)
        await rig.pass_time(1000.0)
        reads = rig.portal.reads
        rig.put(WAITING, What.ADDED)
        await settle()
        assert rig.portal.reads == reads + 1
        rig.put(replace(WAITING, id=RunId("another")), What.ADDED)
        await settle()
        assert rig.portal.reads == reads + 1, "there was one just now"


@told
async def test_runs_together_are_approximate_and_add_up(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        first, second = rig.start_run("1", cost=40.0), rig.start_run("2", cost=20.0)
        await rig.pass_time(10.0)
        rig.end_run(first)
        await rig.pass_time(10.0)
        rig.end_run(second)
        await rig.pass_time(10.0)
        assert sum(cost.credits for cost in desk.costs) == pytest.approx(60.0)
        assert all(cost.approximate for cost in desk.costs)


@told
async def test_the_cost_is_told_after_a_restart_too(rig: Rig) -> None:
    async with rig.desk(signed_in=True):
        run = rig.start_run(cost=40.0)
        await rig.pass_time(10.0)
    rig.end_run(run)  # nobody listens
    await rig.pass_time(10.0)
    async with rig.desk() as desk:
        await rig.pass_time(5.0, step=1.0)
        assert [(cost.run_id, cost.credits) for cost in desk.costs] == [("1", 40.0)]
    async with rig.desk() as desk:
        rig.portal.credits -= 500.0
        await rig.pass_time(10.0)
        assert [cost.credits for cost in desk.costs] == [40.0], "what was written down stays"


@told
async def test_a_run_goes_on_over_a_restart(rig: Rig) -> None:
    async with rig.desk(signed_in=True):
        run = rig.start_run(cost=40.0)
        await rig.pass_time(10.0)
    async with rig.desk() as desk:
        await rig.pass_time(10.0)
        rig.end_run(run)
        await rig.pass_time(5.0, step=1.0)
        assert [cost.credits for cost in desk.costs] == [40.0]


@told
async def test_a_run_that_went_on_after_it_failed_is_measured_anew(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        run = rig.start_run(cost=40.0)
        await rig.pass_time(10.0)
        run = rig.end_run(run, failed=True, back=40.0)
        await rig.pass_time(10.0)
        run = rig.put(replace(run, state=RunState.RUNNING, finished_at=None))
        rig.portal.credits -= 30.0
        await rig.pass_time(10.0)
        rig.end_run(run)
        await rig.pass_time(10.0)
        assert [(cost.credits, cost.at) for cost in desk.costs] == [(30.0, rig.runs[run.id].finished_at)]


@told
async def test_an_unconfirmed_start_is_measured_once_its_fate_is_known(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        run = rig.start_run(cost=40.0)
        run = rig.put(replace(run, state=RunState.UNCONFIRMED, remote_id=None, started_at=None))
        await rig.pass_time(100.0)
        assert not desk.costs
        run = rig.put(replace(run, state=RunState.RUNNING, remote_id="found", started_at=rig.clock.now()))
        await rig.pass_time(10.0)
        rig.end_run(run)
        await rig.pass_time(10.0)
        assert [cost.credits for cost in desk.costs] == [40.0]


@told
async def test_a_run_that_was_taken_off_the_list_keeps_its_cost(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        run = rig.end_run(rig.start_run(cost=40.0))
        rig.put(run, What.REMOVED)
        await rig.pass_time(5.0, step=1.0)
        assert [cost.credits for cost in desk.costs] == [40.0]


@pytest.mark.expect_log("was not written down")
@told
async def test_a_ledger_that_cannot_be_written_costs_nothing_else(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.ledger.broken = True
        run = rig.start_run(cost=40.0)
        await rig.pass_time(10.0)
        rig.end_run(run)
        await rig.pass_time(10.0)
        assert desk.balance.latest is not None
        assert desk.balance.latest.credits == 960.0
        assert not desk.costs
        rig.ledger.broken = False
        await rig.pass_time(400.0)
        assert [cost.credits for cost in desk.costs] == [40.0]


@told
async def test_another_sign_in_reads_at_once(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        await desk.sign_out()
        assert desk.balance.problem is None
        await rig.pass_time(100.0)
        reads = rig.portal.reads
        await desk.sign_in(EMAIL, PASSWORD)
        await settle()
        assert rig.portal.reads == reads + 1


@told
async def test_after_sleep_the_balance_is_read_soon(rig: Rig) -> None:
    async with rig.desk(signed_in=True):
        reads = rig.portal.reads
        rig.clock.jump += 1000.0
        await rig.pass_time(25.0)
        assert rig.portal.reads == reads + 1


@pytest.mark.expect_log("a listener failed")
@told
async def test_a_listener_that_fails_does_not_stop_the_others(rig: Rig) -> None:
    def fail() -> None:
        raise ValueError("no")

    async with rig.desk() as desk:
        end = desk.subscribe(fail)
        heard: list[object] = []
        desk.subscribe(lambda: heard.append(desk.balance))
        await desk.sign_in(EMAIL, PASSWORD)
        await settle()
        assert heard
        end()
        end()


@told
async def test_a_clock_that_is_set_back_leaves_no_reading_in_the_future(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 5 * HOUR
        await rig.pass_time(400.0)
        rig.clock.jump -= 5 * HOUR
        rig.portal.credits = 900.0
        await rig.pass_time(400.0)
        assert desk.readings[-1] == desk.balance.latest
        assert [reading.credits for reading in desk.readings] == [1000.0, *[900.0] * (len(desk.readings) - 1)]
        assert max(reading.at for reading in desk.readings) <= rig.clock.now()
    async with rig.desk() as desk:
        assert desk.balance.latest is not None
        assert desk.balance.latest.credits == 900.0
        assert desk.balance.latest.at <= rig.clock.now()


@told
async def test_two_people_who_sign_in_one_after_the_other_mix_nothing(rig: Rig) -> None:
    rig.ledgers = {EMAIL: MemoryLedger(), PASTED: MemoryLedger()}
    rig.portal.pasted.add("jwt")
    async with rig.desk(signed_in=True) as desk:
        rig.portal.gate.close()
        reading = asyncio.create_task(desk.read_balance())
        await settle()
        held, rig.portal.gate = rig.portal.gate, Gate()  # the answer to Ann comes when she has left
        rig.portal.credits = 50.0
        await desk.use_token(Secret("jwt"))
        shown: list[BalanceReading | None] = []
        desk.subscribe(lambda: shown.append(desk.balance.latest))
        rig.portal.credits = 1000.0
        held.open()
        await reading
        rig.portal.credits = 50.0
        await rig.pass_time(5.0)
        assert {reading.credits for reading in desk.readings} == {50.0}
        assert {each.credits for each in shown if each is not None} == {50.0}
        assert desk.balance.latest == desk.readings[-1]
        await desk.sign_in(EMAIL, PASSWORD)
        await settle()
        assert desk.readings[0].credits == 1000.0
    assert {reading.credits for reading in rig.ledgers[PASTED].kept_readings} == {50.0}
    async with rig.desk() as desk:
        assert desk.readings[0].credits == 1000.0


@told
async def test_a_start_that_is_under_way_already_is_followed(rig: Rig) -> None:
    async with rig.desk(signed_in=True):
        pass
    run = rig.put(replace(rig.start_run(), state=RunState.STARTING, remote_id=None, started_at=None))
    async with rig.desk() as desk:
        await settle()
        assert len(rig.ledger.kept_readings) == 1, "the one of the first sign-in"
        rig.portal.credits -= 40.0
        run = rig.put(replace(run, state=RunState.RUNNING, remote_id="remote", started_at=rig.clock.now()))
        await rig.pass_time(10.0)
        rig.end_run(run)
        await rig.pass_time(10.0)
        assert [cost.credits for cost in desk.costs] == [40.0]
