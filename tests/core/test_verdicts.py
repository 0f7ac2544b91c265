"""Every verdict in words for people."""

import re

import pytest

from mosaic_desktop.core.account import Verdict
from mosaic_desktop.core.verdicts import verdict_sentence


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_plain_sentence(verdict: Verdict) -> None:
    text = verdict_sentence(verdict)
    assert re.fullmatch(r"[A-Z].{8,180}\.", text)
    assert "_" not in text


def test_a_wrong_clock_is_named_whichever_way_it_is_wrong() -> None:
    text = verdict_sentence(Verdict.LATE)
    assert "before or after" in text
    assert "clock" in text
