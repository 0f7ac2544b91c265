"""Silence removal, measured: pauses are gone, nothing else is, sound and picture stay together."""

from pathlib import Path

import numpy as np

from tests.sandbox.client import Client
from tests.sandbox.measuring import RATE, longest_pause, pictures, sound, write_flashes
from tests.support.media import facts, make_clip

AGENT = "Silence removal"
FRAME = 0.04


def test_the_length_is_what_the_pauses_leave(client: Client, clips: Path, tmp_path: Path) -> None:
    durations: dict[str, tuple[dict[str, object], float]] = {
        "defaults": ({}, 3.2),
        "no padding": ({"padding_ms": 0}, 3.0),
        "padding that fills the pause": ({"padding_ms": 1000}, 4.0),
        "only long pauses": ({"min_silence_ms": 1500}, 4.0),
    }
    file_id = client.upload(clips / "talk.mp4")
    runs = {name: client.start(file_id, AGENT, parameters) for name, (parameters, _) in durations.items()}
    for name, run_id in runs.items():
        found = facts(client.fetch(run_id, tmp_path / "result.mp4"))
        # A lossy coder smears the edges of a pause by some milliseconds, and cuts fall between frames.
        assert abs(found.duration - durations[name][1]) <= 1.5 * FRAME, name
        assert abs(found.duration - found.audio_duration) <= FRAME, name
        assert (found.video_codec, found.audio_codec, found.width, found.height) == ("h264", "aac", 320, 240)


def test_no_pause_is_left(client: Client, tmp_path: Path) -> None:
    pauses = ((0.0, 1.0), (2.0, 3.0), (3.5, 4.3), (5.0, 7.0))
    source = make_clip(tmp_path / "many.mp4", seconds=7, pauses=pauses)
    result = client.process(source, AGENT, tmp_path / "result.mp4")
    assert longest_pause(result) < 0.3
    # What is not a pause is 2.2 s; each of the four keeps its padding, at the ends on the inner side only.
    assert abs(facts(result).duration - (2.2 + 0.6)) < 4 * FRAME


def test_sound_and_picture_stay_together(client: Client, tmp_path: Path) -> None:
    flashes = ((0.4, 0.8), (2.0, 2.4), (4.0, 4.8), (6.6, 6.8))
    source = write_flashes(tmp_path / "flashes.mp4", flashes, seconds=7.6)
    result = client.process(source, AGENT, tmp_path / "result.mp4")
    seen = _onsets([(time, picture.mean() > 128) for time, picture in pictures(result)])
    # A wave passes through zero all the time, so loud means loud within five milliseconds.
    steps = np.array_split(np.abs(sound(result)), len(sound(result)) // 240)
    heard = _onsets([(number * 240 / RATE, step.max() > 0.05) for number, step in enumerate(steps)])
    assert len(seen) == len(heard) == len(flashes)
    assert max(abs(a - b) for a, b in zip(seen, heard, strict=True)) <= FRAME


def _onsets(states: list[tuple[float, bool]]) -> list[float]:
    """Times at which the state becomes true."""
    before = [False, *(state for _, state in states)]
    return [time for (time, state), previous in zip(states, before, strict=False) if state and not previous]


def test_auto_finds_the_threshold(client: Client, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "noisy.mp4", seconds=4, pauses=((1.0, 2.5),), noise=0.03)
    file_id = client.upload(source)
    plain = client.fetch(client.start(file_id, AGENT), tmp_path / "plain.mp4")
    automatic = client.fetch(client.start(file_id, AGENT, auto=True), tmp_path / "auto.mp4")
    assert abs(facts(plain).duration - 4.0) <= FRAME
    assert abs(facts(automatic).duration - 2.7) <= 2 * FRAME


def test_a_turned_picture_comes_back_upright(client: Client, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "turned.mp4", seconds=2, size=(320, 180), rotation=-90, pauses=((0.5, 1.5),))
    result = facts(client.process(source, AGENT, tmp_path / "result.mp4"))
    assert (result.width, result.height, result.rotation) == (180, 320, 0)
