"""Pictures that are stored in another order than they are shown, in files that tell only when they are decoded, or only
when they are shown: all of them come, in their order.
"""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tests.sandbox.client import Client
from tests.sandbox.measuring import RATE, pictures

COUNT, FPS = 75, 25
OPTIONS = {"libx264": {"x264-params": "bframes=2:b-adapt=0", "crf": "12"}, "mpeg4": {"bf": "2", "qscale": "2"}}


def write(path: Path, codec: str) -> Path:
    """Each picture is brighter than the one before."""
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, rate=FPS, options=OPTIONS[codec])
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = 160, 96, "yuv420p"
        audio = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for number in range(COUNT):
            grey = np.full((96, 160), _grey(number), np.uint8)
            picture = VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, FPS)
            container.mux(video.encode(picture))
            wave = (6000 * np.sin(np.arange(RATE // FPS) * 0.05)).astype(np.int16)
            tone = AudioFrame.from_ndarray(wave[np.newaxis], "s16", "mono")
            tone.sample_rate, tone.pts = RATE, number * (RATE // FPS)
            container.mux(audio.encode(tone))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))
    return path


def _grey(number: int) -> int:
    return 30 + 2 * number


@pytest.mark.parametrize(
    ("suffix", "codec"), [(".avi", "libx264"), (".avi", "mpeg4"), (".wmv", "libx264"), (".mkv", "libx264")]
)
@pytest.mark.parametrize("agent", ["Mirror", "Audio enhance", "Trim"])
def test_all_of_them_come_in_their_order(client: Client, tmp_path: Path, agent: str, suffix: str, codec: str) -> None:
    start = 1.2 if agent == "Trim" else 0.0
    wish = {"start": start} if start else {}
    result = client.process(write(tmp_path / f"source{suffix}", codec), agent, tmp_path / "result.mp4", **wish)
    shown = [(time, (float(picture.mean()) - 30) / 2) for time, picture in pictures(result)]
    assert len(shown) == COUNT - start * FPS
    for number, (time, seen) in enumerate(shown):
        assert abs(time * FPS - number) <= 1
        assert abs(seen - number - start * FPS) <= 1
