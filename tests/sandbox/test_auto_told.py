"""What `auto` chose is told with the run, and what was given is not."""

import re

import pytest

from tests.sandbox.client import Client
from tests.support.media import footage


@pytest.mark.parametrize(
    ("agent", "given", "told"),
    [
        ("Reframe", {}, r"Chosen from the video: shape 9:16\. Finished\."),
        ("Reframe", {"aspect": "1:1"}, r"Finished\."),
        ("Silence removal", {}, r"Chosen from the video: silence threshold -\d+ dB\. Finished\."),
        ("Silence removal", {"threshold_db": -40}, r"Finished\."),
        ("Clips", {"length_s": 3}, r"Chosen from the video: number of clips 1\. Finished\."),
        ("Clips", {"length_s": 3, "count": 1}, r"Finished\."),
    ],
)
def test_what_was_chosen_is_told(client: Client, agent: str, given: dict[str, object], told: str) -> None:
    run_id = client.start(client.upload(footage("bigbuckbunny.mp4")), agent, given, auto=True)
    said = client.finish(run_id)["status_message"]
    assert re.fullmatch(told, said), said
