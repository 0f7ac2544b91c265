"""What the service, or something that stands in for it, can do to one video's way: nothing is lost or paid twice, and
the user reads why it takes longer.
"""

import asyncio
from pathlib import Path

import pytest

from tests.faults import faults
from tests.faults.faults import HTML, Case, Do, answers, changes_json, cut_in_answer, says, trickle
from tests.faults.state import Fault
from tests.faults.story import lives_through

EVERY_CALL = ("sign", "finalize", "start", "status", "outputs")
READS = ("sign", "finalize", "status", "outputs")  # and what may be repeated
BROKE = "The connection broke."
PAUSE = "Mosaic asked for a pause. The app goes on by itself."
BETWEEN = "Something between here and Mosaic answered instead of it."
UNREADABLE = "Mosaic gave an answer that this app cannot read."


def without(key: str) -> Do:
    return changes_json(lambda value: value.pop(key))


MORE = changes_json(lambda value: value.update(new={"deep": [1, None]}, x="y" * 5000))
MISSING = {"sign": "upload_url", "finalize": "file_uuid", "status": "status", "outputs": "outputs"}
PASSES = [
    Case("cut before", faults.cut_before, BROKE, READS),
    Case("cut after", faults.cut_after, BROKE, READS),
    Case("cut in the answer", cut_in_answer(0.5), BROKE, READS),
    Case("silence", faults.silence, BROKE, READS),
    Case("408", says(408, "request_timeout"), "request_timeout", READS),
    Case("429", says(429, "rate_limit"), PAUSE, EVERY_CALL),
    Case("429 with Retry-After", says(429, "rate_limit", Retry_After="3"), PAUSE, EVERY_CALL),
    Case("500", says(500, "internal_server_error"), "internal_server_error", READS),
    Case("502 with HTML", answers(502, HTML, Content_Type="text/html"), BETWEEN, READS),
    Case("503", says(503, "unavailable"), "unavailable", READS),
    Case("503 without a body", answers(503), BETWEEN, READS),
    Case("504 with HTML", answers(504, HTML, Content_Type="text/html"), BETWEEN, READS),
    Case("200 with HTML", answers(200, HTML, Content_Type="text/html"), BETWEEN, READS),
    Case("a trickle", trickle(16, 0.01), "", EVERY_CALL),
    Case("more fields", MORE, "", EVERY_CALL),
    *(Case("a missing field", without(key), UNREADABLE, (on,)) for on, key in MISSING.items()),
    Case("malformed JSON", answers(200, b'{"status": ', Content_Type="application/json"), UNREADABLE, READS),
]


@pytest.mark.parametrize(
    ("case", "on"), [(case, on) for case in PASSES for on in case.on], ids=lambda value: getattr(value, "name", value)
)
def test_it_goes_on_by_itself(tmp_path: Path, case: Case, on: str) -> None:
    asyncio.run(lives_through(tmp_path, Fault(on, case.do), case.says))
