"""Videos of many kinds come back edited, upright, in common formats, with sound and picture together."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.sandbox.all_agents import CLIP_SECONDS, TRIM_END, TRIM_START, run_all
from tests.sandbox.client import Client
from tests.sandbox.hard_clips import FLASHES, KINDS, SECONDS, Kind, write_hard, write_interlaced, write_three_hours
from tests.sandbox.measuring import RATE, pictures, sound
from tests.support.media import facts, make_clip

# What agents say that cannot do their work on a kind.
SENTENCES = {
    "no sound": {
        "Audio enhance": "This video has no sound, so there is nothing to clean.",
        "Silence removal": "This video has no sound, so there are no pauses to find.",
        "Rough cut": "This video has no sound, so there are no pauses to find.",
    },
}
SENTENCES["one picture"] = SENTENCES["no sound"] | {
    "Trim": "The part begins at 0.2 s, but the video ends after 0.04 s. Choose an earlier start."
}
# What of the clips is loud, with a padding of 0.1 s on both sides.
LOUD_SECONDS = 3 * (0.4 + 0.2)
LENGTHS = {"Silence removal": LOUD_SECONDS, "Rough cut": LOUD_SECONDS, "Shorts maker": LOUD_SECONDS}
LENGTHS |= {"Clips": CLIP_SECONDS, "Trim": TRIM_END - TRIM_START}
# Edges of clips move to a pause nearby.
MOVED = {"Clips": 0.9}
# The sound goes on or off in the middle of a coder's frame.
SMEAR = 0.03


@dataclass(frozen=True, slots=True)
class Shown:
    """What a player shows of a video, upright; when flashes and tones begin, in seconds."""

    codecs: tuple[str, ...]
    size: tuple[int, int]
    pictures: int
    lasts: float
    flashes: list[float]
    channels: int = 0
    sounds: float = 0.0
    tones: list[float] = field(default_factory=list)


def shown(path: Path) -> Shown:
    with av.open(str(path)) as container:
        codecs = tuple(stream.codec.canonical_name for stream in container.streams)
        channels = [stream.codec_context.channels for stream in container.streams.audio]
        frames = [
            (frame.time, frame.reformat(32, 32, format="gray").to_ndarray().mean() > 128, frame)
            for frame in container.decode(video=0)
        ]
    (*_, (last, _, frame)) = frames
    size = (frame.height, frame.width) if frame.rotation % 180 else (frame.width, frame.height)
    lasts = last + (frame.duration or 0) * (frame.time_base or 0)
    seen = Shown(codecs, size, len(frames), float(lasts), onsets([(time, bright) for time, bright, _ in frames]))
    if not channels:
        return seen
    with av.open(str(path)) as container:
        begins = next(container.decode(audio=0)).time or 0.0
    heard = np.abs(sound(path))
    steps = np.array_split(heard, heard.size // 240)
    tones = onsets([(begins + number * 240 / RATE, step.max() > 0.05) for number, step in enumerate(steps)])
    return replace(seen, channels=channels[0], sounds=heard.size / RATE, tones=tones)


def onsets(states: list[tuple[float, bool]]) -> list[float]:
    before = [False, *(state for _, state in states)]
    return [time for (time, state), previous in zip(states, before, strict=False) if state and not previous]


def size_of(agent: str, kind: Kind) -> tuple[int, int]:
    """What the finished picture of this agent must measure."""
    wide, high = kind.size[::-1] if kind.rotation else kind.size
    if agent == "Audio enhance" and kind.codec in ("libx264", "libx265"):
        return wide, high
    scale = min(wide // 18, high // 32)
    side = min(wide, high) // 2 * 2
    own = (wide // 2 * 2, high // 2 * 2)
    return {"Reframe": (18 * scale, 32 * scale), "Shorts maker": (side, side)}.get(agent, own)


@pytest.mark.parametrize("name", KINDS)
def test_every_agent_takes_every_kind(client: Client, tmp_path: Path, name: str) -> None:
    kind, refused = KINDS[name], SENTENCES.get(name, {})
    outcomes = run_all(client, write_hard(tmp_path / "clip", kind), tmp_path)
    assert {agent: outcome.error for agent, outcome in outcomes.items() if outcome.error} == refused
    channels = {None: 0, "mono": 1, "5.1": 6, "7.1": 6}.get(kind.layout, 2)
    step = max(np.diff([*kind.times, SECONDS]))
    for agent in set(outcomes) - set(refused):
        (video,) = outcomes[agent].videos
        found = shown(video)
        assert found.size == size_of(agent, kind), agent
        kept = agent == "Audio enhance" and kind.codec == "libx265"
        assert found.codecs == ("hevc" if kept else "h264", *["aac"] * bool(channels)), agent
        if agent in {"Audio enhance", *LENGTHS}:
            assert found.channels == channels, agent
        length = LENGTHS.get(agent, SECONDS) if kind.layout or agent in ("Clips", "Trim") else SECONDS
        tolerance = MOVED.get(agent, 3 * float(step) + SMEAR)
        if kind.layout:
            assert abs(found.sounds - length) <= tolerance, agent
        if len(kind.times) == 1:
            assert found.pictures >= 1, agent
            continue
        assert abs(found.lasts - length) <= tolerance, agent
        if kind.layout:
            assert len(found.flashes) == len(found.tones) >= 1, agent
            assert np.abs(np.subtract(found.flashes, found.tones)).max() <= step + SMEAR, agent
        if agent not in LENGTHS or agent == "Trim":
            starts = [start - TRIM_START * (agent == "Trim") for start, _ in FLASHES]
            assert np.abs(np.subtract(found.flashes, starts)).max() <= step + 0.001, agent


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


def test_three_hours_are_lettered(client: Client, tmp_path: Path) -> None:
    source = write_three_hours(tmp_path / "long.mkv", audio=False)
    text = "1\n02:59:00,000 --> 02:59:40,000\nNearly there\n"
    result = client.process(source, "Captions", tmp_path / "result.mp4", text=text, style="plain", font_size=20)
    before, after = ([picture for _, picture in pictures(path)] for path in (source, result))
    assert len(before) == len(after) == 2160
    letters = [number * 5 for number, two in enumerate(zip(before, after, strict=True)) if np.ptp(two[1]) > 60]
    assert letters == list(range(2 * 3600 + 59 * 60, 2 * 3600 + 59 * 60 + 40, 5))
