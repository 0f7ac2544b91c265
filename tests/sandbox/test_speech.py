"""Recognising real speech: two sentences of Sense and Sensibility, read by a volunteer of LibriVox (public domain).

The recording `speech.mp4`: 0.5 s of silence, six seconds of speech, 1.5 s of silence, three seconds of speech.
"""

import sys
from pathlib import Path

import av
import numpy as np
import pytest

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.media.speech import recognised
from tests.sandbox.client import Client
from tests.sandbox.lettered import differing, looks
from tests.sandbox.measuring import RATE
from tests.sandbox.speaking import Wave, write_speech
from tests.support.media import footage

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


@pytest.mark.parametrize("sound", ["tone", "noise", "gusts", "siren", "band", "film"])
def test_what_nobody_says_is_no_speech(tmp_path: Path, sound: str) -> None:
    clip = footage("bigbuckbunny.mp4") if sound == "film" else write_speech(tmp_path / "clip.mp4", wordless(sound))
    with open_source(clip) as source, pytest.raises(MediaError, match="No speech was heard"):
        recognised(source, lambda share: None)


def test_what_is_said_after_music_is_recognised(tmp_path: Path) -> None:
    music = wordless("band")
    clip = write_speech(tmp_path / "clip.mp4", np.concatenate([music, said_wave()]))
    with open_source(clip) as source:
        words = recognised(source, lambda share: None)
    assert right_words([word.text for word in words], SAID.split()) >= 0.6 * len(SAID.split())
    assert all(word.start > music.size / RATE for word in words), words


def test_what_is_said_now_and_then_over_music_is_recognised(tmp_path: Path) -> None:
    wave, sentence = 0.1 * np.resize(wordless("band"), 11 * RATE), said_wave()[8 * RATE :]
    wave[4 * RATE : 4 * RATE + sentence.size] += sentence
    with open_source(write_speech(tmp_path / "clip.mp4", wave)) as source:
        words = recognised(source, lambda share: None)
    assert right_words([word.text for word in words], SAID.split()) >= 4
    assert all(4.0 < word.start < 7.6 for word in words), words


def test_shorts_of_music_are_made_without_captions(client: Client) -> None:
    wanted = {"captions": True, "shapes": "square", "remove_pauses": False, "enhance_audio": False}
    state = client.finish(client.start(client.upload(footage("bigbuckbunny.mp4")), "Shorts maker", wanted))
    assert state["status"] == "success", state
    assert state["status_message"] == (
        "No captions were made. No speech was heard in this video. Give the words as SRT or VTT text. Finished."
    )


def test_without_the_library_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    # As the import system itself marks what cannot be imported.
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with (
        open_source(SPEECH) as source,
        pytest.raises(MediaError, match="pip install pocketsphinx"),
    ):
        recognised(source, lambda share: None)


def said_wave() -> Wave:
    """The sound of the recording."""
    with av.open(str(SPEECH)) as container:
        resampler = av.AudioResampler("flt", "mono", RATE)
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float64)


def wordless(kind: str) -> Wave:
    """Eight seconds in which something sounds, but nobody speaks."""
    noise, times = np.random.default_rng(5), np.arange(8 * RATE) / RATE
    match kind:
        case "tone":
            wave = np.sin(2 * np.pi * 480 * times)
        case "noise":
            wave = noise.normal(0, 1, times.size)
        case "gusts":
            wave = noise.normal(0, 1, times.size) * (1 + np.sin(2 * np.pi * 3.5 * times)) ** 2
        case "siren":
            wave = np.sin(2 * np.pi * (600 * times + 80 * np.sin(2 * np.pi * times)))
        case _:
            # Three plucked strings and a drum, four times a second.
            wave = np.zeros(times.size)
            for beat in np.arange(0, 8, 0.25):
                since = times - beat
                strings = [
                    110 * 2 ** ((noise.choice([0, 2, 4, 5, 7, 9, 11]) + 12 * octave) / 12) for octave in range(3)
                ]
                tones = sum(np.sin(2 * np.pi * string * k * since) / k for string in strings for k in range(1, 7))
                wave += np.where(since >= 0, np.exp(-3 * since.clip(0)) * tones, 0)
                wave += np.where(since >= 0, np.exp(-50 * since.clip(0)), 0) * noise.normal(0, 1, times.size)
    quiet: Wave = 0.3 * wave / np.abs(wave).max()
    return quiet


def right_words(heard: list[str], said: list[str]) -> int:
    """The length of the longest common subsequence."""
    before = [0] * (len(said) + 1)
    for word in heard:
        row = [0]
        for at, other in enumerate(said):
            row.append(before[at] + 1 if word == other else max(before[at + 1], row[-1]))
        before = row
    return before[-1]
