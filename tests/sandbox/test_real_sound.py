"""Clips, Rough cut, Silence removal, Audio enhance and Shorts maker on real film with real sound, measured."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import resample_poly

from tests.sandbox.client import Client
from tests.sandbox.lettered import looks
from tests.sandbox.measuring import RATE, levels_of, longest_pause, loudness, picture_packets, place_of, sound
from tests.sandbox.real_clips import FILMS, SPEECH, Shown, Wish, carried_over, excerpt, finished, heard_from
from tests.sandbox.speaking import Wave, film_greys, write_video
from tests.support.media import facts, footage

FRAME = 0.04
THRESHOLD_DB, SHORTEST_PAUSE = -38, 0.6


def heard_spans(path: Path) -> list[tuple[float, float]]:
    """From when to when something is heard, without the pauses that are to go; in seconds."""
    loud = np.flatnonzero(levels_of(sound(path), RATE // 100) > THRESHOLD_DB) / 100
    gaps = [(one, other) for one, other in pairwise(loud) if other - one >= SHORTEST_PAUSE]
    starts, ends = [loud[0], *(other for _, other in gaps)], [*(one for one, _ in gaps), loud[-1]]
    return [(float(start), float(end) + 0.01) for start, end in zip(starts, ends, strict=True)]


def test_pauses_of_real_speech_go_and_nothing_else(client: Client, tmp_path: Path) -> None:
    sources = {
        "alone": SPEECH,
        "bikes": excerpt(tmp_path / "bikes.mp4", FILMS[1], 10, said=SPEECH),
        "driver": excerpt(tmp_path / "driver.mp4", FILMS[2], 4, said=SPEECH, said_from=5),
        "rabbit": excerpt(tmp_path / "rabbit.mp4", FILMS[0], 5, said=SPEECH, said_from=5),
    }
    file_ids = {name: client.upload(path) for name, path in sources.items()}
    wishes = {
        (name, padding): Wish(file_ids[name], "Silence removal", {"padding_ms": padding})
        for name, padding in [*((name, 0) for name in sources), ("alone", 100)]
    }
    for (name, padding), path in finished(client, tmp_path, wishes).items():
        spans = heard_spans(sources[name])
        assert len(spans) == 2
        assert longest_pause(path, THRESHOLD_DB) < SHORTEST_PAUSE
        found = facts(path)
        assert abs(found.duration - found.audio_duration) <= FRAME
        # What is left is speech and its padding, of which there is none at the start and end of a film.
        assert found.duration <= sum(end - start for start, end in spans) + 4 * padding / 1000 + 4 * FRAME
        for start, end in spans:
            _, alike, lag = carried_over(sources[name], path, start + FRAME, end - FRAME)
            assert alike > 0.97, (name, padding)
            assert name == "alone" or lag == 0, (name, padding)


# Phrases of the recording, from when to when: "had he married a", "more amiable woman he might have been made still",
# "respectable than he was", "he might even have been", and "made amiable himself".
MARRIED, AMIABLE, RESPECTABLE, EVEN, HIMSELF = (0.8, 1.97), (2.0, 4.33), (5.25, 6.28), (8.3, 9.14), (9.17, 10.93)
TAKES = {FILMS[0]: (AMIABLE, HIMSELF), FILMS[1]: (MARRIED, EVEN), FILMS[2]: (HIMSELF, RESPECTABLE)}


def recorded(span: tuple[float, float]) -> Wave:
    return sound(SPEECH)[round(span[0] * RATE) : round(span[1] * RATE)].astype(np.float64)


def again(wave: Wave, tempo: float, loudness: float) -> Wave:
    """As the same person may say it another time: so much faster, and louder or quieter."""
    faster: Wave = resample_poly(wave, 100, round(100 * tempo)) * loudness
    return faster


@pytest.mark.parametrize("name", FILMS)
def test_of_real_takes_the_last_stays_and_so_does_every_other_phrase(client: Client, tmp_path: Path, name: str) -> None:
    first, other = map(recorded, TAKES[name])
    # A take, a false start, the take that counts, and what is said once.
    said = [again(first, 1.04, 0.7), again(first[: first.size * 2 // 3], 0.97, 1.2), first, other]
    pause = np.zeros(round(0.8 * RATE))
    wave = np.concatenate([pause, *(part for one in said for part in (one, pause))])
    ends = np.cumsum([one.size / RATE + 0.8 for one in said])
    source = write_video(tmp_path / "takes.mp4", (film_greys(name) * 3)[: wave.size * 25 // RATE], wave)
    result = client.process(source, "Rough cut", tmp_path / "cut.mp4")
    for number, (end, one) in enumerate(zip(ends, said, strict=True)):
        _, alike, lag = carried_over(source, result, end - one.size / RATE + FRAME, end - FRAME)
        assert (alike > 0.95, lag == 0) == (True, True) if number >= 2 else alike < 0.5, number
    # What stays has its padding on both sides; the quietest end of a word may count as a pause.
    assert abs(facts(result).duration - (first.size + other.size) / RATE - 0.4) <= 0.2


def recorded_noise(count: int) -> Wave:
    """What the microphone of the recording heard when nobody spoke, over and over, each time the other way round."""
    room = np.concatenate([recorded(span) for span in ((0.52, 0.72), (6.3, 6.58), (8.06, 8.28), (11.05, 11.35))])
    there_and_back: Wave = np.resize(np.concatenate([room, room[::-1]]), count)
    return there_and_back


def hum_and_hiss(count: int) -> Wave:
    """As cheap wires and fans make them."""
    times = np.arange(count) / RATE
    hum = 0.004 * (np.sin(2 * np.pi * 100 * times) + 0.5 * np.sin(2 * np.pi * 200 * times))
    noise: Wave = hum + np.random.default_rng(4).normal(0, 0.0005, count)
    return noise


def over_noise(path: Path) -> float:
    """How far what is loud stands out of the quietest tenth, in dB."""
    quiet, loud = np.percentile(levels_of(sound(path)), [10, 90])
    return float(loud - quiet)


def test_real_sound_is_as_loud_as_wanted_and_stands_out_of_the_noise(client: Client, tmp_path: Path) -> None:
    speech = sound(SPEECH)[: 8 * RATE].astype(np.float64)
    film = film_greys(FILMS[1])[: 8 * 25]
    sources = {
        "speech": SPEECH,
        "film": footage(FILMS[0]),
        "room": write_video(tmp_path / "room.mp4", film, speech + recorded_noise(speech.size)),
        "hum": write_video(tmp_path / "hum.mp4", film, speech + hum_and_hiss(speech.size)),
    }
    # How much more than before the sound stands out at the default; little where what is quiet is no noise, but birds.
    better = {"speech": 6, "film": 1, "room": 8, "hum": 8}
    file_ids = {name: client.upload(path) for name, path in sources.items()}
    wishes = {
        (name, target): Wish(file_ids[name], "Audio enhance", {"target_lufs": target})
        for name, target in [*((name, -23) for name in sources), ("speech", -14)]
    }
    for (name, target), path in finished(client, tmp_path, wishes).items():
        integrated, peak = loudness(path)
        assert abs(integrated - target) <= 0.5, name
        assert peak <= -1.0, name
        assert picture_packets(path) == picture_packets(sources[name])
        # Loud targets need a limiter, which makes all of it more even.
        assert target > -20 or over_noise(path) > over_noise(sources[name]) + better[name], name
        place, alike = place_of(sound(sources[name])[3 * RATE : 4 * RATE], sound(path))
        assert abs(place - 3) < 0.005, "the sound stays where it was"
        assert alike > 0.9


TEXT = "1\n00:00:00,300 --> 00:00:01,200\nMore respectable\n\n2\n00:00:03,200 --> 00:00:03,800\nHe might\n"


def test_real_takes_become_shorts(client: Client, tmp_path: Path) -> None:
    # Words until 1.3 s and from 3.3 s on.
    sources = {name: excerpt(tmp_path / name, name, 4, said=SPEECH, said_from=5) for name in FILMS}
    wanted = {"text": TEXT, "style": "plain", "color": "#00FF00", "font_size": 15}
    runs = {name: client.start(client.upload(path), "Shorts maker", wanted) for name, path in sources.items()}
    for name, run_id in runs.items():
        assert client.finish(run_id)["status"] == "success", client.simple(run_id)
        height = facts(sources[name]).height
        for output, (across, down) in zip(client.outputs(run_id), ((9, 16), (1, 1)), strict=True):
            path = tmp_path / f"{across}-{name}"
            path.write_bytes(client.storage.get(output["download_url"]).raise_for_status().content)
            found = facts(path)
            assert found.width * down == found.height * across
            assert height - 2 * down < found.height <= height
            assert abs(found.duration - found.audio_duration) <= FRAME
            assert longest_pause(path, THRESHOLD_DB) < SHORTEST_PAUSE
            assert 1.3 + 0.7 - FRAME <= found.duration <= 1.3 + 0.7 + 0.2 + 2 * FRAME
            integrated, peak = loudness(path)
            assert abs(integrated + 16) <= 0.5
            assert peak <= -1
            moved = 4 - found.duration
            for time, picture in looks(path):
                said = any(start <= time + 0.001 < end for start, end in ((0.3, 1.2), (3.2 - moved, 3.8 - moved)))
                edge = any(abs(time - each) <= FRAME for each in (3.2 - moved, 3.8 - moved))
                assert edge or (is_green(picture).mean() > 0.005) == said, (name, time)


def is_green(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = (picture[..., 1] > 170) & (picture[..., 0] < 120) & (picture[..., 2] < 120)
    return result


def test_clips_are_runs_of_real_films(client: Client, tmp_path: Path) -> None:
    both = film_greys(FILMS[0]) + film_greys(FILMS[2])
    sources = {
        "bikes": excerpt(tmp_path / "bikes.mp4", FILMS[1], 10, said=SPEECH),
        "two scenes": write_video(
            tmp_path / "two.mp4", both, sound(SPEECH)[: len(both) * RATE // 25].astype(np.float64)
        ),
        "rabbit": excerpt(tmp_path / "rabbit.mp4", FILMS[0], 5),
    }
    wanted = {"length_s": 3, "count": 3, "min_gap_s": 1.5}
    # As many as fit.
    counts = {"bikes": 2, "two scenes": 2, "rabbit": 1}
    runs = {name: client.start(client.upload(path), "Clips", wanted) for name, path in sources.items()}
    for name, run_id in runs.items():
        assert client.finish(run_id)["status"] == "success"
        outputs = client.outputs(run_id)
        assert len(outputs) == counts[name]
        whole, ended = Shown.of(sources[name]), -np.inf
        for number, output in enumerate(outputs):
            path = tmp_path / f"clip-{number}-{name}.mp4"
            path.write_bytes(client.storage.get(output["download_url"]).raise_for_status().content)
            clip = Shown.of(path)
            first, worst = clip.run_in(whole)
            assert worst < 4, "of 255: what coding changes"
            start, duration = whole.times[first], len(clip.greys) * FRAME
            assert abs(duration - 3) <= 0.5
            assert start - ended >= 1.5 - FRAME
            ended = start + duration
            place, alike = heard_from(path, sources[name])
            assert abs(place - start) <= FRAME, "with its own sound"
            assert alike > 0.95
