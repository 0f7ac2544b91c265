"""The one call that costs money: however its answer gets lost, no run is started twice, and only the user decides."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from mosaic_desktop.core.run import RunState
from mosaic_desktop.core.sentences import UNCONFIRMED
from tests.faults import faults
from tests.faults.faults import HTML, Do, answers, changes_json, cut_in_answer, says
from tests.faults.mini_mosaic import MiniMosaic
from tests.faults.state import Fault
from tests.faults.story import RENDERED, Story, assert_all_well

CREDITS = "There are not enough credits"
LOGGED = pytest.mark.expect_log("the start of a run stays unconfirmed")
LIMIT = "All runs of your plan are in use. This one starts when one of them ends."


@dataclass(frozen=True, slots=True)
class Case:
    """``started``: runs at the service once the answer is lost."""

    name: str
    do: Do
    started: int


LOST = [
    Case("cut before", faults.cut_before, 0),
    Case("cut after", faults.cut_after, 1),
    Case("cut in the answer", cut_in_answer(0.6), 1),
    Case("silence", faults.silence, 0),
    Case("500", says(500, "internal_server_error"), 0),
    Case("502 with HTML", answers(502, HTML, Content_Type="text/html"), 0),
    Case("503", answers(503), 0),
    Case("504 with HTML", answers(504, HTML, Content_Type="text/html"), 0),
    Case("200 with HTML", answers(200, HTML, Content_Type="text/html"), 0),
    Case("truncated JSON", answers(200, b'{"agent_run_id": "6d', Content_Type="application/json"), 0),
    Case("no id in it", changes_json(lambda value: value.pop("agent_run_id")), 1),
]


@LOGGED
@pytest.mark.parametrize("case", LOST, ids=lambda case: case.name)
def test_a_lost_answer_is_never_asked_for_again(tmp_path: Path, case: Case) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED, faults=[Fault("start", case.do)]) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open():
                await story.begin()
                await story.reads(UNCONFIRMED)
            for _ in range(2):  # starts of the application
                async with story.open():
                    await story.pass_time(20)
                    assert story.run.state is RunState.UNCONFIRMED
            assert mosaic.log.count("start") == 1
            assert len(mosaic.runs) == case.started
            assert story.kept_rows() == (1, 1, 0)

    asyncio.run(live())


@LOGGED
def test_the_user_enters_the_id_of_a_run_whose_answer_was_lost(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED, faults=[Fault("start", faults.cut_after)]) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open() as engine:
                await story.begin()
                await story.until(lambda: story.stuck)
                (run_id,) = mosaic.runs
                engine.adopt(story.run.id, run_id)
                await story.until(lambda: story.saved)
            assert_all_well(story)

    asyncio.run(live())


@LOGGED
def test_the_user_starts_a_run_again_whose_call_did_not_arrive(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED, faults=[Fault("start", faults.cut_before)]) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open() as engine:
                await story.begin()
                await story.until(lambda: story.stuck)
                engine.start_again(story.run.id)
                await story.until(lambda: story.saved)
            assert_all_well(story)

    asyncio.run(live())


def test_a_full_plan_is_waited_for(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED, faults=[Fault("start", says(403, "concurrent_agent_limit"), 2)]) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open():
                await story.begin()
                await story.until(lambda: story.saved)
            assert LIMIT in story.said
            assert_all_well(story)

    asyncio.run(live())


def test_used_up_credits_hold_everything_until_the_user_goes_on(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED, faults=[Fault("start", says(403, "insufficient_credits"))]) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open() as engine:
                await story.begin()
                await story.reads(CREDITS)
                engine.run([story.asset.id], story.run.spec)
            async with story.open() as engine:
                await story.pass_time(60)
                assert engine.spending_held.runs == 2
                assert mosaic.log.count("start") == 1
                engine.continue_spending()
                await story.until(lambda: len(list(story.outputs.glob("*.mp4"))) == 2)
            assert story.kept_rows() == (1, 2, 2)
            assert len(mosaic.runs) == 2

    asyncio.run(live())


def test_a_key_that_is_refused_in_the_middle_is_waited_for(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open():
                good, mosaic.key = mosaic.key, "another"
                await story.begin()
                await story.until(lambda: mosaic.log)
                await story.reads("does not accept this API key")
                mosaic.key = good
                await story.until(lambda: story.saved)
            assert_all_well(story)

    asyncio.run(live())
