"""Clips, measured: the lively parts, as many as wished and fit, apart from each other, with edges at pauses or cuts."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from mosaic_desktop.sandbox.agents import CLIPS
from mosaic_desktop.sandbox.steps import STEPS
from mosaic_desktop.sandbox.steps.step import Work
from tests.sandbox.client import Client
from tests.sandbox.measuring import RATE, level, picture_packets, pictures, sound
from tests.sandbox.speaking import Said, in_turn, shown_times, write_speech, write_video
from tests.support.media import facts

AGENT = "Clips"
FRAME = 0.04
Spans = Sequence[tuple[float, float]]


def clips_of(client: Client, source: Path, folder: Path, **parameters: object) -> list[Path]:
    """Upload, run, download all outputs in their order."""
    run_id = client.start(client.upload(source), AGENT, parameters)
    assert client.finish(run_id)["status"] == "success"
    paths = []
    for number, output in enumerate(client.outputs(run_id), start=1):
        answer = client.storage.get(output["download_url"]).raise_for_status()
        assert f"-clips-{number}.mp4" in unquote(answer.headers["content-disposition"])
        paths.append(folder / f"{number}.mp4")
        paths[-1].write_bytes(answer.content)
        assert abs(facts(paths[-1]).duration * 1000 - output["duration_ms"]) <= 1000 * FRAME
        assert client.storage.get(output["thumbnail_url"]).raise_for_status().content
    return paths


def lively_greys(seconds: float, lively: Spans) -> Iterator[NDArray[np.uint8]]:
    """A pattern that moves during these spans only. Its mean rises from 60 to 190, so that it tells the time."""
    pattern = np.random.default_rng(5).integers(-30, 30, (90, 160))
    pattern -= round(pattern.mean())
    count, shift = round(seconds * 25), 0
    for number in range(count):
        shift += 3 * any(start <= number / 25 < end for start, end in lively)
        yield (np.roll(pattern, shift, 1) + 60 + round(130 * number / count)).astype(np.uint8)


def shown_span(path: Path, seconds: float) -> tuple[float, float]:
    """From when to when the pictures of `lively_greys` in this clip are."""
    times = [(float(picture.mean()) - 60) / 130 * seconds for _, picture in pictures(path)]
    return times[0], times[-1]


def write_lively(path: Path, seconds: float, lively: Spans) -> Path:
    """Motion and loud noise during these spans, a still picture and quiet noise else."""
    wave = np.random.default_rng(6).normal(0, 0.005, round(seconds * RATE))
    for start, end in lively:
        wave[round(start * RATE) : round(end * RATE)] *= 30
    return write_video(path, lively_greys(seconds, lively), wave)


def test_the_liveliest_parts_come_in_order_of_time(client: Client, tmp_path: Path) -> None:
    lively = ((4.0, 8.0), (13.0, 17.0), (24.0, 28.0))
    source = write_lively(tmp_path / "party.mp4", 32, lively)
    found = clips_of(client, source, tmp_path, length_s=4)
    spans = [shown_span(path, 32) for path in found]
    assert len(spans) == 3
    for (start, end), (first, last) in zip(lively, spans, strict=True):
        assert min(end, last) - max(start, first) > 0.85 * 4, spans
    for path in found:
        measured = facts(path)
        assert abs(measured.duration - 4) <= 0.3 * 4
        assert abs(measured.duration - measured.audio_duration) <= FRAME
        loud = np.abs(sound(path)) > 0.05
        assert np.count_nonzero(loud) > 0.5 * loud.size, "the sound of the same moments"


def test_clips_begin_and_end_at_pauses(client: Client, tmp_path: Path) -> None:
    wave, _ = in_turn([Said("aeiou"), Said("uoaei"), Said("ieaou")] * 4, pause=0.5)
    source = write_speech(tmp_path / "talk.mp4", wave)
    found = clips_of(client, source, tmp_path, length_s=5, count=3)
    assert len(found) == 3
    bounds = []
    for path in found:
        heard = sound(path)
        assert level(heard, 0, 0.06) < -45
        assert level(heard, heard.size / RATE - 0.06, heard.size / RATE) < -45
        assert level(heard, 0, 0.3) > -40, "not more than a breath before the first word"
        times = shown_times(path, wave.size / RATE)
        bounds.append((times[0], times[-1]))
    assert all(after[0] - before[1] >= 1 - 5 * FRAME for before, after in pairwise(bounds)), bounds


def test_clips_begin_and_end_at_scene_cuts(client: Client, tmp_path: Path) -> None:
    scenes = [30, 110, 55, 160, 90, 200, 60, 140] * 2

    def greys() -> Iterator[NDArray[np.uint8]]:
        for number in range(len(scenes) * 40):
            grey = np.full((90, 160), scenes[number // 40], np.uint8)
            grey[30:60, number % 40 : number % 40 + 30] += 30
            yield grey

    source = write_video(tmp_path / "scenes.mp4", greys())
    found = clips_of(client, source, tmp_path, length_s=6, count=3)
    assert len(found) == 3
    for path in found:
        seen = [float(picture[:20].mean()) for _, picture in pictures(path)]
        lengths = np.diff(np.flatnonzero(np.abs(np.diff(seen, prepend=-99, append=-99)) > 8))
        assert set(lengths) == {40}, "whole scenes only"


def test_no_more_clips_than_fit(client: Client, tmp_path: Path) -> None:
    source = write_lively(tmp_path / "short.mp4", 11, ((4.0, 6.0),))
    found = clips_of(client, source, tmp_path, length_s=4, count=10, min_gap_s=1)
    assert len(found) == 2, "though the best of all would be in the middle"
    (_, first_end), (second_start, _) = (shown_span(path, 11) for path in found)
    assert second_start - first_end >= 1 - 5 * FRAME


def test_a_video_shorter_than_a_clip_is_given_once_and_untouched(client: Client, clips: Path, tmp_path: Path) -> None:
    (found,) = clips_of(client, clips / "talk.mp4", tmp_path, count=5)
    assert picture_packets(found) == picture_packets(clips / "talk.mp4")


def test_progress_counts_the_frames_of_all_clips(client: Client, tmp_path: Path) -> None:
    source = write_lively(tmp_path / "party.mp4", 20, ((4.0, 8.0),))
    run_id = client.start(client.upload(source), AGENT, {"length_s": 4})
    client.finish(run_id)
    node = client.node(run_id, "Cut clips")
    assert node["status"] == "completed"
    assert node["frames_done"] == node["frames_total"]
    total = sum(output["duration_ms"] for output in client.outputs(run_id)) / 40
    assert abs(node["frames_total"] - total) <= 3


def test_only_pictures_are_counted_as_frames(clips: Path, tmp_path: Path) -> None:
    counts: list[int | None] = []

    def tell(_share: float, done: int | None = None, _total: int | None = None) -> None:
        counts.append(done)

    STEPS["score"](Work("score", clips / "talk.mp4", tmp_path, {}, CLIPS.defaults, frozenset(), tell))
    assert [count for count in counts if count is not None] == list(range(1, 101))
