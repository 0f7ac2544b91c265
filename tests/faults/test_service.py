"""What the service, or something that stands in for it, can do to one video's way: nothing is lost or paid twice, and
the user reads why it takes longer.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import faults
from tests.faults.faults import HTML, Do, answers, changes_json, cut_in_answer, says, trickle
from tests.faults.mini_mosaic import MiniMosaic
from tests.faults.state import Fault
from tests.faults.story import RENDERED, Story, assert_all_well

EVERY_CALL = ("sign", "finalize", "start", "status", "outputs")
READS = ("sign", "finalize", "status", "outputs")  # and what may be repeated
BROKE = "The connection broke."
PAUSE = "Mosaic asked for a pause. The app goes on by itself."
SERVER = "Mosaic had an internal error."
BETWEEN = "Something between here and Mosaic answered instead of it."
UNREADABLE = "Mosaic gave an answer that this app cannot read."


@dataclass(frozen=True, slots=True)
class Case:
    """``says``: part of a sentence that is read on the way; empty where all goes well without one."""

    name: str
    do: Do
    on: tuple[str, ...]
    says: str
    times: int = 1


def without(key: str) -> Do:
    return changes_json(lambda value: value.pop(key))


MISSING = {"sign": "upload_url", "finalize": "file_uuid", "status": "status", "outputs": "outputs"}
PASSES = [
    Case("cut before", faults.cut_before, READS, BROKE),
    Case("cut after", faults.cut_after, READS, BROKE),
    Case("cut in the answer", cut_in_answer(0.5), READS, BROKE),
    Case("silence", faults.silence, READS, BROKE),
    Case("408", says(408, "request_timeout"), READS, "request_timeout"),
    Case("429", says(429, "rate_limit"), EVERY_CALL, PAUSE),
    Case("429 with Retry-After", says(429, "rate_limit", Retry_After="3"), EVERY_CALL, PAUSE),
    Case("500", says(500, "internal_server_error"), READS, "internal_server_error"),
    Case("502 with HTML", answers(502, HTML, Content_Type="text/html"), READS, BETWEEN),
    Case("503", says(503, "unavailable"), READS, "unavailable"),
    Case("503 without a body", answers(503), READS, BETWEEN),
    Case("504 with HTML", answers(504, HTML, Content_Type="text/html"), READS, BETWEEN),
    Case("200 with HTML", answers(200, HTML, Content_Type="text/html"), READS, BETWEEN),
    Case("a trickle", trickle(16, 0.01), EVERY_CALL, ""),
    Case(
        "more fields", changes_json(lambda value: value.update(new={"deep": [1, None]}, x="y" * 5000)), EVERY_CALL, ""
    ),
    *(Case("a missing field", without(key), (on,), UNREADABLE) for on, key in MISSING.items()),
    Case("malformed JSON", answers(200, b'{"status": ', Content_Type="application/json"), READS, UNREADABLE),
]


@pytest.mark.parametrize(
    ("case", "on"), [(case, on) for case in PASSES for on in case.on], ids=lambda value: getattr(value, "name", value)
)
def test_it_goes_on_by_itself(tmp_path: Path, case: Case, on: str) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED, faults=[Fault(on, case.do, case.times)]) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open():
                await story.begin()
                await story.until(lambda: story.saved or story.stuck)
                assert story.saved, (story.said, story.asset, story.run, story.output)
            assert_all_well(story)
            assert not case.says or any(case.says in text for text in story.said), story.said

    asyncio.run(live())
