"""Audio enhance, measured: loudness, peaks, noise, and a picture that nobody touched."""

from pathlib import Path

import pytest

from tests.sandbox.client import Client
from tests.sandbox.measuring import level, loudness, picture_packets, sound
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


def test_other_formats_come_back_as_mp4(client: Client, tmp_path: Path) -> None:
    cases = {"vp9": ("clip.webm", "libvpx-vp9"), "h264": ("clip.mov", "prores_ks"), "mpeg4": ("clip.avi", "mpeg4")}
    clips = {made: make_clip(tmp_path / name, seconds=1, codec=codec) for made, (name, codec) in cases.items()}
    runs = {made: client.start(client.upload(clip), AGENT) for made, clip in clips.items()}
    for made, run_id in runs.items():
        result = facts(client.fetch(run_id, tmp_path / "result.mp4"))
        assert (result.video_codec, result.frames) == (made, 25)


def test_a_turned_picture_stays_turned(client: Client, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "turned.mp4", seconds=1, rotation=90)
    assert facts(client.process(source, AGENT, tmp_path / "result.mp4")).rotation == 90
