"""Audio enhance, measured: loudness, peaks, noise, and a picture that nobody touched."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.steps import STEPS
from mosaic_desktop.sandbox.steps.notes import CLEAN, KEEP, SOUND
from mosaic_desktop.sandbox.steps.step import Report, Work
from tests.sandbox.client import Client
from tests.sandbox.hard_clips import Kind, write_hard
from tests.sandbox.measuring import RATE, level, loudness, picture_packets, sound
from tests.sandbox.speaking import write_video
from tests.support.media import facts, footage, make_clip

AGENT = "Audio enhance"
SPEECH = Path(__file__).with_name("speech.mp4")


@pytest.mark.parametrize("target", [-23.0, -9.0])
def test_real_film_reaches_the_loudness_without_clipping(client: Client, tmp_path: Path, target: float) -> None:
    source = footage("bigbuckbunny.mp4")
    result = client.process(source, AGENT, tmp_path / "result.mp4", target_lufs=target)
    integrated, peak = loudness(result)
    assert abs(integrated - target) <= 0.5
    assert peak <= -1.0
    assert picture_packets(result) == picture_packets(source)
    before, after = facts(source), facts(result)
    assert after.audio_codec == "aac"
    assert after.channels == before.channels
    assert abs(after.audio_duration - before.audio_duration) < 0.05


@pytest.mark.parametrize("target", [-16.0, -12.0])
def test_real_speech_reaches_the_loudness_without_clipping(client: Client, tmp_path: Path, target: float) -> None:
    result = client.process(SPEECH, AGENT, tmp_path / "result.mp4", target_lufs=target)
    integrated, peak = loudness(result)
    assert abs(integrated - target) <= 0.5
    assert peak <= -1.0


def test_noise_falls_and_the_voice_stays(client: Client, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "noisy.mp4", seconds=6, pauses=((2.0, 4.0),), noise=0.01)
    distance = {}
    for strength in (0, 1):
        result = client.process(source, AGENT, tmp_path / f"{strength}.mp4", denoise=strength)
        samples = sound(result)
        distance[strength] = level(samples, 0.5, 1.5) - level(samples, 2.5, 3.5)
    assert distance[1] > distance[0] + 10


def test_auto_listens_to_the_video(client: Client, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "noisy.mp4", seconds=4, pauses=((1.0, 3.0),), noise=0.02)
    before = sound(source)
    file_id = client.upload(source)
    result = client.fetch(client.start(file_id, AGENT, {"target_lufs": -20}, auto=True), tmp_path / "result.mp4")
    after = sound(result)
    assert abs(loudness(result)[0] + 20) <= 0.5
    assert level(after, 0.2, 0.8) - level(after, 1.5, 2.5) > level(before, 0.2, 0.8) - level(before, 1.5, 2.5) + 6


@pytest.mark.parametrize("agent", [AGENT, "Mirror"])
def test_other_formats_come_back_as_every_player_knows_them(client: Client, tmp_path: Path, agent: str) -> None:
    kinds = [
        Kind(suffix=".webm", codec="libvpx-vp9", sound="libopus"),
        Kind(suffix=".mov", codec="prores_ks", pix_fmt="yuv422p10le"),
        Kind(suffix=".avi", codec="mpeg4", sound="mp3"),
        Kind(suffix=".mkv", sound="ac3"),
    ]
    clips = [write_hard(tmp_path / f"{number}", kind) for number, kind in enumerate(kinds)]
    for run_id in [client.start(client.upload(clip), agent) for clip in clips]:
        result = facts(client.fetch(run_id, tmp_path / "result.mp4"))
        assert (result.video_codec, result.audio_codec, result.frames) == ("h264", "aac", 100)


def test_a_turned_picture_stays_turned(client: Client, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "turned.mp4", seconds=1, rotation=90)
    assert facts(client.process(source, AGENT, tmp_path / "result.mp4")).rotation == 90


@pytest.mark.parametrize("name", ["speech", "film"])
def test_what_cannot_be_so_loud_keeps_its_peaks_and_is_told(tmp_path: Path, name: str) -> None:
    source = SPEECH if name == "speech" else footage("bigbuckbunny.mp4")
    perform("denoise", source, tmp_path, denoise=0.5)
    # Louder than any wish; the loudest of those can be granted here.
    made = perform("master", source, tmp_path, target_lufs=-3.0)
    integrated, peak = loudness(tmp_path / "master" / SOUND)
    assert peak <= -1.0
    assert -11 < integrated < -5
    assert told_loudness(made.remark) == pytest.approx(integrated, abs=0.2)


def test_the_run_tells_it(client: Client, tmp_path: Path) -> None:
    clicks = np.zeros(3 * RATE)
    clicks[::4800] = 0.9
    source = write_video(tmp_path / "clicks.mp4", [np.full((120, 160), 90, np.uint8)] * 75, clicks)
    for agent, more in ((AGENT, {}), ("Shorts maker", {"shapes": "both", "remove_pauses": False, "captions": False})):
        run_id = client.start(client.upload(source), agent, {"target_lufs": -9, **more})
        said = client.finish(run_id)["status_message"]
        video = tmp_path / "result.mp4"
        video.write_bytes(client.storage.get(client.outputs(run_id)[0]["download_url"]).content)
        integrated, peak = loudness(video)
        assert peak <= -1.0
        assert told_loudness(said.removesuffix(" Finished.")) == pytest.approx(integrated, abs=0.2)


def told_loudness(sentence: str) -> float:
    """The loudness in LUFS that this sentence, and no other, says was reached."""
    words = r"The loudness came to (-[\d.]+) LUFS instead of -\d: more would only distort the peaks of this sound\."
    found = re.fullmatch(words, sentence)
    assert found is not None, sentence
    return float(found[1])


def test_progress_is_the_share_of_what_was_heard_and_never_goes_back(tmp_path: Path) -> None:
    told: list[float] = []
    for step, at_least in (("denoise", 100), ("level", 300)):
        told.clear()
        perform(step, SPEECH, tmp_path, lambda share, *_: told.append(share), denoise=0.5, target_lufs=-9.0)
        assert told == sorted(told)
        assert len(set(told)) > at_least
        assert max(later - share for share, later in pairwise([0.0, *told, 1.0])) < 0.2


def test_cutting_the_sound_gives_signs_of_life(tmp_path: Path) -> None:
    cut, sizes = tmp_path / "master" / CLEAN, []
    perform("denoise", SPEECH, tmp_path, denoise=0.5)
    (tmp_path / "denoise" / KEEP).write_text("[[0.0, 0.5], [1.0, 100.0]]")
    perform(
        "master",
        SPEECH,
        tmp_path,
        lambda *_: sizes.append(cut.stat().st_size if cut.exists() else 0),
        target_lufs=-20.0,
    )
    assert sizes[0] < sizes[-1]


def perform(step: str, source: Path, folder: Path, report: Report = lambda *_: None, **parameters: object) -> Made:
    """What this step makes of what is in the folder, into a folder of its own name there."""
    (folder / step).mkdir()
    inputs = {path.name: path for path in folder.iterdir()}
    return STEPS[step](Work(step, source, folder / step, inputs, parameters, frozenset(), report))
