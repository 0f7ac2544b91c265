"""The clip that stands in for a YouTube video: a moving picture with tones and pauses."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.graphs import CLOCK
from mosaic_desktop.sandbox.media.output import as_aac, as_h264, create_mp4, write_interleaved
from mosaic_desktop.sandbox.steps.step import Work

_WIDTH, _HEIGHT, _RATE, _SECONDS, _SAMPLE_RATE = 640, 360, 25, 12, 48000


def stand_in(work: Work) -> Made:
    """Write `stand-in.mp4` into the result folder."""
    write_stand_in(work.result / "stand-in.mp4")
    return Made()


def write_stand_in(path: Path) -> None:
    """Twelve seconds, 640 x 360 pixels, with four pauses of a second in the sound."""
    with create_mp4(path) as out:
        picture = as_h264(out, _pictures(), Fraction(_RATE))
        write_interleaved(out, picture, as_aac(out, _sounds(), _SAMPLE_RATE, 2))


def _pictures() -> Iterator[VideoFrame]:
    """A bright ball that crosses a dim background."""
    y, x = np.mgrid[0:_HEIGHT, 0:_WIDTH]
    background = (60 + 40 * x / _WIDTH + 30 * y / _HEIGHT).astype(np.uint8)
    for number in range(_RATE * _SECONDS):
        centre = _WIDTH * (0.5 + 0.35 * np.sin(2 * np.pi * number / _RATE / 8))
        ball = (x - centre) ** 2 + (y - _HEIGHT / 2) ** 2 < 60**2
        rgb = np.stack([np.where(ball, 240, background), np.where(ball, 170, background), background + 40], axis=2)
        frame = VideoFrame.from_ndarray(rgb.astype(np.uint8), format="rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = round(Fraction(number, _RATE) / CLOCK), CLOCK
        yield frame


def _sounds() -> Iterator[AudioFrame]:
    """Two seconds of tone, one of near silence, and so on."""
    noise = np.random.default_rng(1)
    for second in range(_SECONDS):
        times = np.arange(_SAMPLE_RATE) / _SAMPLE_RATE
        volume = 0.0 if second % 3 == 2 else 0.2
        wave = volume * np.sin(2 * np.pi * 330 * times) + 0.001 * noise.standard_normal(_SAMPLE_RATE)
        frame = AudioFrame.from_ndarray(np.stack([wave, wave]).astype(np.float32), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = _SAMPLE_RATE, second * _SAMPLE_RATE, Fraction(1, _SAMPLE_RATE)
        yield frame
