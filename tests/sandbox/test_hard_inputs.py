"""Videos of many kinds come back edited, upright, in common formats, with sound and picture together."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.sandbox.client import Client
from tests.sandbox.hard_clips import KINDS, SECONDS, Kind, write_hard, write_interlaced, write_three_hours
from tests.sandbox.measuring import RATE, pictures, sound
from tests.support.media import facts, make_clip

# The slowest of them shows a picture for so long, and a lossy coder smears the edges of a tone.
FRAME = 1 / 12


def onsets(states: list[tuple[float, bool]]) -> list[float]:
    before = [False, *(state for _, state in states)]
    return [time for (time, state), previous in zip(states, before, strict=False) if state and not previous]


@pytest.mark.parametrize("name", KINDS)
def test_pauses_are_cut_and_sound_and_picture_stay_together(client: Client, tmp_path: Path, name: str) -> None:
    source = write_hard(tmp_path / "clip", KINDS[name])
    result = client.process(source, "Silence removal", tmp_path / "result.mp4", min_silence_ms=300)
    found = facts(result)
    wide, high = KINDS[name].size
    upright = (high, wide) if KINDS[name].rotation else (wide // 2 * 2, high // 2 * 2)
    assert (found.width, found.height, found.rotation) == (*upright, 0)
    assert (found.video_codec, found.audio_codec) == ("h264", "aac")
    assert found.channels == {"mono": 1, "5.1": 6, "7.1": 6}.get(str(KINDS[name].layout), 2)
    assert found.duration < SECONDS - 1
    seen = onsets([(time, picture.mean() > 128) for time, picture in pictures(result)])
    steps = np.array_split(np.abs(sound(result)), len(sound(result)) // 240)
    heard = onsets([(number * 240 / RATE, step.max() > 0.05) for number, step in enumerate(steps)])
    assert len(seen) == len(heard) == 3
    assert max(abs(a - b) for a, b in zip(seen, heard, strict=True)) <= FRAME


@pytest.mark.parametrize("agent", ["Mirror", "Reframe", "Colour", "Trim"])
def test_without_sound_the_picture_is_edited_all_the_same(client: Client, tmp_path: Path, agent: str) -> None:
    source = write_hard(tmp_path / "mute", Kind(layout=None))
    found = facts(client.process(source, agent, tmp_path / "result.mp4"))
    assert (found.audio_codec, found.video_codec, found.frames) == (None, "h264", 100)


@pytest.mark.parametrize("count", [1, 3, 12])
def test_few_pictures_are_enough_for_any_agent_that_chooses_itself(client: Client, tmp_path: Path, count: int) -> None:
    file_id = client.upload(make_clip(tmp_path / "brief.mp4", seconds=count / 25, audio=False))
    agents = ("Trim", "Mirror", "Colour", "Watermark", "Clips", "Reframe")
    runs = [client.start(file_id, agent, auto=True) for agent in agents]
    states = [client.finish(run_id) for run_id in runs]
    assert [state["status"] for state in states] == ["success"] * len(agents), states


STILL = Kind(layout=None, times=tuple(start + number / 25 for start in (0, 8) for number in range(100)))


@pytest.mark.parametrize(("start", "end"), [(5.0, 7.0), (3.0, 6.0), (7.0, 9.0)])
def test_a_part_shows_the_picture_that_stands_still(client: Client, tmp_path: Path, start: float, end: float) -> None:
    """As recordings of screens are: nothing is written while nothing changes, here from second 4 to 8."""
    source = write_hard(tmp_path / "still", STILL)
    shown = list(pictures(client.process(source, "Trim", tmp_path / "result.mp4", start=start, end=end)))
    times = [time for time, _ in shown]
    assert times[0] <= 0.1
    assert max(np.diff([*times, end - start])) <= 0.16


def test_a_last_picture_that_stands_still_is_no_missing_end(client: Client, tmp_path: Path) -> None:
    source = _with_a_long_end(write_hard(tmp_path / "moving", Kind(layout=None)), tmp_path / "still.mp4", 6)
    for agent in ("Mirror", "Clips", "Reframe"):
        run_id = client.start(client.upload(source), agent)
        assert client.finish(run_id)["status"] == "success", client.simple(run_id)
    result = client.process(source, "Trim", tmp_path / "result.mp4", start=8)
    assert abs(facts(result).duration - 1.96) < 0.2


def _with_a_long_end(clip: Path, path: Path, seconds: int) -> Path:
    """The same pictures, of which the last is shown for so long."""
    with av.open(str(clip)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.dts is not None]
        packets[-1].duration = round(seconds / packets[-1].time_base)
        for packet in packets:
            packet.stream = copy
            target.mux(packet)
    return path


def test_variable_frame_rates_stay_variable(client: Client, tmp_path: Path) -> None:
    source = write_hard(tmp_path / "clip", KINDS["variable frame rate"])
    result = client.process(source, "Mirror", tmp_path / "result.mp4")
    before, after = ([time for time, _ in pictures(path)] for path in (source, result))
    assert len(after) == len(before)
    assert np.abs(np.array(after) - np.array(before)).max() < 0.002


@pytest.mark.parametrize("agent", ["Audio enhance", "Trim", "Rough cut"])
def test_sound_of_many_channels_is_mixed_to_six(client: Client, tmp_path: Path, agent: str) -> None:
    source = write_hard(tmp_path / "clip", KINDS["7.1 as QuickTime orders it"])
    found = facts(client.process(source, agent, tmp_path / "result.mp4"))
    assert (found.audio_codec, found.channels) == ("aac", 6)


def test_fields_become_whole_pictures(client: Client, tmp_path: Path) -> None:
    result = client.process(write_interlaced(tmp_path / "fields.mp4"), "Mirror", tmp_path / "result.mp4")
    shown = [picture.astype(int) for _, picture in pictures(result)]
    assert len(shown) == 15
    # Lines of two moments side by side differ where a square of one moment has an edge from top to bottom.
    assert max(np.abs(np.diff(picture, axis=0)).mean() for picture in shown) < 3


def test_times_that_repeat_where_two_recordings_meet(client: Client, tmp_path: Path) -> None:
    first, second = (write_hard(tmp_path / f"{start}", Kind(suffix=".ts", start=start)) for start in (0.0, 3.95))
    both = tmp_path / "both.ts"
    both.write_bytes(first.read_bytes() + second.read_bytes())
    found = facts(client.process(both, "Mirror", tmp_path / "result.mp4"))
    assert abs(found.duration - 7.95) < 0.1
    assert abs(found.audio_duration - 7.95) < 0.1


def test_impossible_shapes_of_pixels_are_ignored(client: Client, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "wide.mp4", seconds=0.2, pixel_aspect=Fraction(1000))
    found = facts(client.process(source, "Mirror", tmp_path / "result.mp4"))
    assert (found.width, found.height) == (320, 240)


def test_three_hours_are_cut(client: Client, tmp_path: Path) -> None:
    source = write_three_hours(tmp_path / "long.mkv")
    run_id = client.start(client.upload(source), "Silence removal", {"padding_ms": 0})
    state = client.finish(run_id)
    assert state["status"] == "success", state
    (output,) = client.outputs(run_id)
    assert abs(output["duration_ms"] / 1000 - 180 * 2) < 180 * 0.1
