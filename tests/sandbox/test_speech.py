"""Recognising real speech: two sentences of Sense and Sensibility, read by a volunteer of LibriVox (public domain).

The recording `speech.mp4`: 0.5 s of silence, six seconds of speech, 1.5 s of silence, three seconds of speech.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.source import open_source
from mosaic_desktop.sandbox.media.speech import recognised
from tests.sandbox.client import Client
from tests.sandbox.lettered import differing, looks
from tests.support.media import make_clip

SPEECH = Path(__file__).parent / "speech.mp4"
SAID = (
    "had he married a more amiable woman he might have been made still more respectable than he was "
    "he might even have been made amiable himself"
)
FIRST, SECOND = (0.5, 6.55), (8.05, 11.34)


def test_most_words_are_recognised_at_their_times() -> None:
    shares: list[float] = []
    with open_source(SPEECH) as source:
        words = recognised(source, shares.append)
    said = SAID.split()
    assert right_words([word.text for word in words], said) >= 0.7 * len(said)
    assert [word.ends_line for word in words].count(True) == 2
    for word in words:
        assert any(start - 0.1 <= word.start < word.end <= end + 0.4 for start, end in (FIRST, SECOND)), word
    moments = {word.text: word.start for word in words}
    assert FIRST[0] < moments["woman"] < moments["respectable"] < FIRST[1]
    assert SECOND[0] < moments["even"] < moments["made"] < SECOND[1]
    assert shares == sorted(shares)
    assert shares[-1] > 0.95


def test_recognised_words_are_drawn_while_they_are_said(client: Client, tmp_path: Path) -> None:
    result = client.process(SPEECH, "Captions", tmp_path / "result.mp4")
    background = 90
    seen = np.array([time for time, picture in looks(result) if differing(picture, background).any()])
    assert ((seen > FIRST[0] - 0.1) & (seen < SECOND[1] + 0.4)).all()
    assert not ((seen > FIRST[1] + 0.4) & (seen < SECOND[0] - 0.1)).any()
    assert (seen < FIRST[1]).sum() > 50, "at ten pictures a second"
    assert (seen > SECOND[0]).sum() > 25


def test_a_tone_is_no_speech(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "tone.mp4")
    with open_source(clip) as source, pytest.raises(MediaError, match="No speech was heard"):
        recognised(source, lambda share: None)


def test_without_the_library_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    # As the import system itself marks what cannot be imported.
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with (
        open_source(SPEECH) as source,
        pytest.raises(MediaError, match="pip install pocketsphinx"),
    ):
        recognised(source, lambda share: None)


def right_words(heard: list[str], said: list[str]) -> int:
    """The length of the longest common subsequence."""
    before = [0] * (len(said) + 1)
    for word in heard:
        row = [0]
        for at, other in enumerate(said):
            row.append(before[at] + 1 if word == other else max(before[at + 1], row[-1]))
        before = row
    return before[-1]
