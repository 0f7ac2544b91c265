"""Rough cut, measured: of the takes of a phrase the last is there, and everything that was said once."""

from pathlib import Path

import numpy as np

from tests.sandbox.client import Client
from tests.sandbox.measuring import RATE, longest_pause, sound
from tests.sandbox.speaking import Said, film_greys, in_turn, share_inside, shown_times, write_speech, write_video
from tests.support.media import facts, footage

AGENT = "Rough cut"
FRAME = 0.04
FIRST, SECOND, THIRD, FOURTH = "aeiou", "uoaieoi", "ieaauo", "oouiea"


def kept(client: Client, folder: Path, said: list[Said], *, noise: float = 0.0, **parameters: object) -> list[bool]:
    """For each of what is said whether it is in the result, whose pictures must tell the same; nothing in halves."""
    wave, spans = in_turn(said, pause=0.8, noise=noise)
    result = client.process(write_speech(folder / "said.mp4", wave), AGENT, folder / "cut.mp4", **parameters)
    times = shown_times(result, wave.size / RATE)
    shares = [share_inside(times, span) for span in spans]
    assert all(share < 0.1 or share > 0.9 for share in shares), shares
    found = facts(result)
    assert abs(found.duration - found.audio_duration) <= FRAME
    return [share > 0.5 for share in shares]


def test_the_last_of_several_takes_stays(client: Client, tmp_path: Path) -> None:
    said = [
        Said(FIRST, level=0.15, tempo=0.95),
        Said(FIRST, pitch=130),
        Said(FIRST, level=0.4, tempo=1.05),
        Said(SECOND),
        Said(THIRD),
        Said(THIRD, tempo=1.05, level=0.2),
        Said(FOURTH),
    ]
    assert kept(client, tmp_path, said, noise=0.002) == [False, False, True, True, False, True, True]
    assert longest_pause(tmp_path / "cut.mp4", -40) <= 0.2 + 2 * FRAME, "pauses are cut to the padding on both sides"


def test_a_false_start_goes_and_so_does_a_take_before_other_words(client: Client, tmp_path: Path) -> None:
    said = [
        Said(SECOND[:4]),
        Said(SECOND, tempo=1.05),
        Said(FIRST, level=0.2),
        Said(THIRD[:3]),
        Said(FIRST),
        Said(THIRD, level=0.15),
    ]
    assert kept(client, tmp_path, said, noise=0.002) == [False, True, False, False, True, True]


def test_phrases_that_only_share_sounds_all_stay(client: Client, tmp_path: Path) -> None:
    said = [Said("aeiou"), Said("uoiea"), Said("aouie"), Said("eiaou"), Said("iuoae")]
    assert kept(client, tmp_path, said) == [True] * 5


def test_parameters_say_what_is_a_take_and_what_is_a_pause(client: Client, tmp_path: Path) -> None:
    said = [Said(FIRST), Said(FIRST, pitch=125, tempo=1.05), Said(SECOND)]
    assert kept(client, tmp_path, said) == [False, True, True]
    assert kept(client, tmp_path, said, similarity=1) == [True, True, True], "no two takes are the very same"
    assert kept(client, tmp_path, said, min_pause_ms=1000) == [True, True, True], "one phrase without pauses"
    assert longest_pause(tmp_path / "cut.mp4") > 0.7, "what is no pause stays as it is"


def test_real_sound_without_takes_stays_whole(client: Client, tmp_path: Path) -> None:
    heard = sound(footage("bigbuckbunny.mp4"))[: 5 * RATE].astype(np.float64)
    source = write_video(tmp_path / "film.mp4", film_greys("bigbuckbunny.mp4"), heard)
    result = client.process(source, AGENT, tmp_path / "cut.mp4", threshold_db=-60)
    assert abs(facts(result).duration - facts(source).duration) <= 2 * FRAME


def test_a_video_without_sound_is_told(client: Client) -> None:
    assert "has no sound" in client.failure(footage("bikes.mp4"), AGENT)["error"]
