"""Runs are paid once, whatever happens to the answer."""

import asyncio

import pytest

from mosaic_desktop.core.errors import Code, MosaicError, NetworkError, ProtocolError, ServiceError
from mosaic_desktop.core.events import RowChanged
from mosaic_desktop.core.ports import RunStatus
from mosaic_desktop.core.run import Graph, Node, NodeState, Run, RunId, RunSpec, RunState
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import SPEC, Rig, until
from tests.jobs.test_tracking import looks_in


def row(engine: Engine, run_id: RunId) -> Run:
    run = engine.store.run(run_id)
    assert run is not None
    return run


LOST: dict[str, MosaicError] = {
    "cut": NetworkError(Code.INTERRUPTED, seen=True),
    "proxy": ServiceError(Code.GATEWAY, retryable=True, status=502),
    "server": ServiceError(Code.SERVER, retryable=True, status=500),
    "unreadable": ProtocolError(Code.UNREADABLE_ANSWER),
}


@pytest.mark.parametrize("error", LOST.values(), ids=LOST)
@pytest.mark.expect_log("stays unconfirmed")
def test_a_lost_answer_is_never_followed_by_a_second_call(rig: Rig, error: MosaicError) -> None:
    rig.service.errors = {"start_run": [error]}

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.UNCONFIRMED)
            await rig.pass_time(900)
            assert rig.service.started == []
        async with rig.engine() as engine:
            await rig.pass_time(60)
            assert rig.service.started == []
            engine.start_again(run_id)
            await until(lambda: row(engine, run_id).state is RunState.RUNNING)

    asyncio.run(story())
    assert len(rig.service.started) == 1


@pytest.mark.expect_log("stays unconfirmed")
def test_the_user_may_name_the_run_or_drop_it(rig: Rig) -> None:
    rig.service.errors = {"start_run": [NetworkError(Code.INTERRUPTED, seen=True) for _ in range(2)]}

    async def story() -> None:
        async with rig.engine() as engine:
            assets = await engine.add([rig.file("a.mp4"), rig.file("b.mp4")])
            known, unwanted = engine.run(assets, SPEC)
            await rig.time_until(
                lambda: all(row(engine, run_id).state is RunState.UNCONFIRMED for run_id in (known, unwanted))
            )
            engine.adopt(known, " run-77 ")
            engine.drop(unwanted)
            assert row(engine, known).state is RunState.RUNNING
            assert row(engine, known).remote_id == "run-77"
            assert row(engine, unwanted).state is RunState.DROPPED

    asyncio.run(story())
    assert rig.service.started == []


def test_a_call_that_was_certainly_not_seen_is_made_again(rig: Rig) -> None:
    rig.service.errors = {"start_run": [NetworkError(Code.UNREACHABLE, seen=False)]}

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await until(lambda: row(engine, run_id).problem)
            assert row(engine, run_id).state is RunState.WAITING
            await rig.time_until(lambda: row(engine, run_id).state is RunState.RUNNING)

    asyncio.run(story())
    assert len(rig.service.started) == 1


def test_the_plans_limit_means_waiting_for_a_slot(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            assets = await engine.add([rig.file("a.mp4"), rig.file("b.mp4")])
            (first,) = engine.run(assets[:1], SPEC)
            await rig.time_until(lambda: row(engine, first).state is RunState.RUNNING)
            rig.service.errors = {"start_run": [ServiceError(Code.RUN_LIMIT, status=403, retryable=True)]}
            (second,) = engine.run(assets[1:], SPEC)
            await rig.time_until(lambda: row(engine, second).problem, seconds=20)
            assert row(engine, second).state is RunState.WAITING
            rig.service.outcome = True
            await rig.time_until(lambda: row(engine, second).state is not RunState.WAITING, seconds=20)
            assert row(engine, first).state is RunState.FINISHED

    asyncio.run(story())
    assert len(rig.service.started) == 2


def test_a_refused_parameter_is_told_with_its_field(rig: Rig) -> None:
    refusal = ServiceError(Code.OUT_OF_RANGE, "target_lufs must be at most -9", status=422, field="target_lufs")
    rig.service.errors = {"start_run": [refusal]}

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FAILED)
            problem = row(engine, run_id).problem
            assert problem is not None
            assert problem.field == "target_lufs"

    asyncio.run(story())


def test_a_video_that_cannot_be_sent_fails_its_runs(rig: Rig) -> None:
    rig.service.errors = {"request_upload": [ServiceError(Code.VALIDATION, "No.", status=400)]}

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FAILED)
            problem = row(engine, run_id).problem
            assert problem is not None
            assert problem.detail == "No."

    asyncio.run(story())


def test_a_removed_video_fails_the_runs_that_waited_for_it(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            assets = await engine.add([rig.file()])
            (run_id,) = engine.run(assets, SPEC)
            engine.remove(assets)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FAILED)
            problem = row(engine, run_id).problem
            assert problem is not None
            assert problem.code == Code.VIDEO_REMOVED

    asyncio.run(story())
    assert rig.service.started == []


def test_a_prompt_names_its_run(rig: Rig) -> None:
    spec = RunSpec(prompt="a short trailer")

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), spec)
            await until(lambda: rig.service.started)
            assert row(engine, run_id).spec.title == "Prompt: “a short trailer”"

    asyncio.run(story())


def test_stopping_waits_for_the_answer_of_a_paid_call(rig: Rig) -> None:
    async def story() -> None:
        gate = asyncio.Event()
        rig.service.hold = {"start_run": gate}
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await until(lambda: row(engine, run_id).state is RunState.STARTING)
            asyncio.get_running_loop().call_later(0.05, gate.set)
        stored = rig.journal.rows[run_id]
        assert isinstance(stored, Run)
        assert stored.state is RunState.RUNNING
        assert stored.remote_id == "run-1"

    asyncio.run(story())


def test_a_failed_step_tells_its_reason_and_can_be_retried(rig: Rig) -> None:
    steps = Graph((Node("n1", "Denoise", NodeState.FAILED, "failed", error="This video has no sound."),))

    async def story() -> None:
        async with rig.engine() as engine:
            rig.service.outcome = False
            rig.service.graph = steps
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FAILED)
            problem = row(engine, run_id).problem
            assert problem is not None
            assert problem.detail == "Denoise: This video has no sound."
            took = row(engine, run_id).elapsed(0.0)
            await rig.pass_time(100)
            rig.service.outcome = None
            engine.retry_steps(run_id)
            await until(lambda: row(engine, run_id).state is RunState.RUNNING)
            assert row(engine, run_id).elapsed(rig.clock.now()) == pytest.approx(took, abs=1), "idle time is left out"
            rig.service.outcome = True
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FINISHED)

    asyncio.run(story())
    assert rig.service.retried == ["n1"]
    assert len(rig.service.started) == 1


def test_progress_and_unknown_words_are_shown_as_they_are(rig: Rig) -> None:
    rig.service.status = RunStatus("thinking", None, 0.42, "Looking at the picture")

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: row(engine, run_id).per_mille == 420)
            assert row(engine, run_id).word == "thinking"
            assert row(engine, run_id).message == "Looking at the picture"
            assert row(engine, run_id).state is RunState.RUNNING

    asyncio.run(story())


def denied() -> MosaicError:
    return ServiceError(Code.NOT_FOUND, status=404)


def test_one_denial_does_not_end_a_paid_run(rig: Rig) -> None:
    rig.service.errors = {"run_status": [denied()]}

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: not rig.service.errors["run_status"])
            rig.service.outcome = True
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FINISHED)

    asyncio.run(story())


def test_a_run_that_the_service_denies_for_long_is_given_up_and_can_be_looked_at_again(rig: Rig) -> None:
    rig.service.errors = {"run_status": [denied() for _ in range(200)]}

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.RUNNING)
            await rig.pass_time(500)
            assert row(engine, run_id).state is RunState.RUNNING
            await rig.pass_time(200)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FAILED, seconds=100)
            rig.service.errors = {}
            rig.service.outcome = True
            engine.look_again(run_id)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FINISHED)

    asyncio.run(story())
    assert len(rig.service.started) == 1


@pytest.mark.expect_log("a look at a run failed")
def test_a_fault_in_one_look_does_not_blind_the_others(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            runs = engine.run(await engine.add([rig.file("a.mp4"), rig.file("b.mp4")]), SPEC)
            await rig.time_until(lambda: all(row(engine, run_id).remote_id for run_id in runs))
            rig.service.errors = {"run_status": [RuntimeError("a bug")]}  # type: ignore[list-item]
            rig.service.outcome = True
            await rig.time_until(lambda: all(row(engine, run_id).state is RunState.FINISHED for run_id in runs))

    asyncio.run(story())


REFUSALS: dict[str, tuple[MosaicError, RunState]] = {
    "under way already": (ServiceError(Code.INVALID_STATE, status=400), RunState.RUNNING),
    "answer lost": (NetworkError(Code.INTERRUPTED, seen=True), RunState.RUNNING),
    "too many": (ServiceError(Code.TOO_MANY_RETRIES, status=403), RunState.FAILED),
}


@pytest.mark.parametrize(("error", "state"), REFUSALS.values(), ids=REFUSALS)
def test_a_retry_that_may_have_been_taken_is_watched(rig: Rig, error: MosaicError, state: RunState) -> None:
    steps = Graph((Node("n1", "Denoise", NodeState.FAILED, "failed", error="It broke."),))

    async def story() -> None:
        async with rig.engine() as engine:
            rig.service.outcome, rig.service.graph = False, steps
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FAILED)
            rig.service.outcome = None
            rig.service.errors = {"retry_node": [error]}
            engine.retry_steps(run_id)
            await until(lambda: not rig.service.errors["retry_node"])
            await until(lambda: row(engine, run_id).state is state)
            await until(lambda: (row(engine, run_id).problem is None) == (state is RunState.RUNNING))

    asyncio.run(story())


LOST_FILES = {
    "forgotten": ServiceError(Code.NOT_FOUND, status=404),
    "another account's": ServiceError(Code.FORBIDDEN, status=403),
}


@pytest.mark.parametrize("error", LOST_FILES.values(), ids=LOST_FILES)
def test_a_video_that_the_service_does_not_have_is_sent_once_more(rig: Rig, error: MosaicError) -> None:
    rig.service.errors = {"start_run": [error]}

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.RUNNING)

    asyncio.run(story())
    assert [file_id for file_id, _ in rig.service.started] == ["file-of-video-2"]
    assert len(rig.transfers.sizes_put) == 2


def test_an_agent_that_is_gone_costs_no_second_upload(rig: Rig) -> None:
    rig.service.errors = {"start_run": [denied()]}
    rig.service.agents = ()

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FAILED)

    asyncio.run(story())
    assert len(rig.transfers.sizes_put) == 1


def test_watching_survives_an_outage(rig: Rig) -> None:
    outage: list[MosaicError] = [NetworkError(Code.UNREACHABLE, seen=False) for _ in range(5)]

    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.RUNNING)
            rig.service.errors = {"run_status": outage}
            await rig.time_until(lambda: not outage, seconds=3600)
            rig.service.outcome = True
            await rig.time_until(lambda: row(engine, run_id).state is RunState.FINISHED)

    asyncio.run(story())


def test_looks_keep_the_pace(rig: Rig) -> None:
    async def story() -> int:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: row(engine, run_id).state is RunState.RUNNING)
            looks = await looks_in(rig, 60)
            assert any(isinstance(event, RowChanged) for event in rig.events)
            return looks

    assert 11 <= asyncio.run(story()) <= 14
