"""What the storage, or something on the way to it, can do to a video's bytes in both directions."""

import asyncio
from pathlib import Path

import pytest

from mosaic_desktop.core.sentences import sentence
from tests.faults import faults
from tests.faults.faults import (
    HTML,
    Case,
    answers,
    changes_body,
    cut_in_answer,
    cut_in_body,
    says_xml,
    trickle,
    trickle_in,
)
from tests.faults.mini_mosaic import MiniMosaic
from tests.faults.state import Fault
from tests.faults.story import RENDERED, Story, assert_all_well, lives_through

BROKE = "The connection broke."
EXPIRED = "The link ran out. The app asks for another one."
REFUSED = "The link to the storage was refused."
STORAGE = "The storage had an error."
SIZE = "The file that came is not the size that was announced, so it was not kept."
CONTENT = "The file that came differs from what was announced, so it was not kept."
REDIRECTED = "Mosaic pointed to another address, which this app does not follow."


BOTH = [
    Case("cut before", faults.cut_before, BROKE),
    Case("silence", faults.silence, BROKE),
    Case("408", answers(408), STORAGE),
    Case("429", answers(429), STORAGE),
    Case("429 with Retry-After", answers(429, Retry_After="2"), STORAGE),
    Case("500", answers(500), STORAGE),
    Case("502 with HTML", answers(502, HTML, Content_Type="text/html"), STORAGE),
    Case("503", says_xml(503, "ServiceUnavailable"), STORAGE),
    Case("504", answers(504, HTML), STORAGE),
    Case("400 expired", says_xml(400, "ExpiredToken"), EXPIRED),
    Case("403 expired", says_xml(403, "AccessDenied", "Request has expired"), EXPIRED),
    Case("404", says_xml(404, "NoSuchKey"), EXPIRED),
    Case("410", answers(410), EXPIRED),
    Case("412", says_xml(412, "PreconditionFailed"), EXPIRED),
]
STOPS = [
    Case("403", says_xml(403, "AccessDenied", "Access denied."), REFUSED),
    Case("403 signature", says_xml(403, "SignatureDoesNotMatch"), REFUSED),
    Case("redirect to another host", answers(302, Location="http://127.0.0.1:9/elsewhere"), REDIRECTED),
]
UP = [
    *BOTH,
    Case("cut in the middle", cut_in_body(0.5), BROKE),
    Case("cut after the last byte", faults.cut_after, BROKE),
    Case("a trickle", trickle_in(64 * 1024, 0.02), ""),
]
DOWN = [
    *BOTH,
    Case("cut in the middle", cut_in_answer(0.5), BROKE),
    Case("cut before the last byte", cut_in_answer(0.999999), BROKE),
    Case("a trickle", trickle(64 * 1024, 0.02), ""),
    Case("too long", changes_body(lambda body: body + b"more"), ""),
    Case("other bytes", changes_body(lambda body: body[:-3] + b"END"), CONTENT),
    Case("the wrong page with 200", answers(200, HTML, Content_Type="text/html"), SIZE),
]


def named(value: object) -> str | None:
    return getattr(value, "name", None)


@pytest.mark.parametrize("sessions", [False, True], ids=["plain", "session"])
@pytest.mark.parametrize("case", UP, ids=named)
def test_sending_goes_on_by_itself(tmp_path: Path, case: Case, sessions: bool) -> None:
    # A session's link is asked before on the same connection; should that die, libcurl tries a new one by itself.
    times = 2 if sessions and case.says else 1
    asyncio.run(lives_through(tmp_path, Fault("put", case.do, times), case.says, sessions=sessions))


@pytest.mark.parametrize("case", BOTH, ids=named)
def test_asking_a_session_goes_on_by_itself(tmp_path: Path, case: Case) -> None:
    asyncio.run(lives_through(tmp_path, Fault("ask", case.do), case.says, sessions=True))


@pytest.mark.parametrize("case", DOWN, ids=named)
def test_fetching_goes_on_by_itself(tmp_path: Path, case: Case) -> None:
    asyncio.run(lives_through(tmp_path, Fault("get", case.do), case.says))


@pytest.mark.parametrize("sessions", [False, True], ids=["plain", "session"])
@pytest.mark.parametrize("case", STOPS, ids=named)
def test_sending_stops_with_a_reason_and_goes_on_when_the_user_says_so(
    tmp_path: Path, case: Case, sessions: bool
) -> None:
    async def live() -> None:
        # As often as any number of fresh links could help.
        with MiniMosaic(RENDERED, faults=[Fault("put", case.do, 20)], sessions=sessions) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open():
                await story.begin()
                await story.until(lambda: story.stuck)
                problem = story.asset.problem
                assert problem is not None
                assert case.says in sentence(problem)
                mosaic.faults.clear()
                await story.send_again()
            assert_all_well(story)

    asyncio.run(live())


@pytest.mark.parametrize("case", STOPS, ids=named)
def test_fetching_stops_with_a_reason_and_goes_on_when_the_user_says_so(tmp_path: Path, case: Case) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED, faults=[Fault("get", case.do, 20)]) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open():
                await story.begin()
                await story.until(lambda: story.stuck)
                output = story.output
                assert output is not None
                assert output.problem is not None
                assert case.says in sentence(output.problem)
                mosaic.faults.clear()
                await story.fetch_again()
            assert_all_well(story)

    asyncio.run(live())
