"""Films in which somebody seems to speak: vowels of a made voice, over pictures that tell their own time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from tests.sandbox.measuring import RATE, pictures
from tests.support.media import footage

Wave = NDArray[np.float64]
# The two lowest resonances of the throat for each vowel, in Hz.
_VOWELS = {"a": (800, 1250), "e": (450, 2100), "i": (280, 2400), "o": (450, 800), "u": (310, 700)}
_VOWEL_SECONDS = 0.22
_DARKEST, _BRIGHTEST = 20, 230


@dataclass(frozen=True, slots=True)
class Said:
    """`vowels` one after the other, with a melody of its own. `tempo` 1.05 is 5 % faster, `level` 1 full scale."""

    vowels: str
    tempo: float = 1.0
    level: float = 0.3
    pitch: float = 120.0

    @property
    def wave(self) -> Wave:
        each = round(_VOWEL_SECONDS / self.tempo * RATE)
        resonances = np.array([_VOWELS[vowel] for vowel in self.vowels], dtype=float)
        places = np.arange(each * len(self.vowels)) / each - 0.5
        low, high = (np.interp(places, np.arange(len(self.vowels)), resonances[:, which]) for which in (0, 1))
        melody = self.pitch * (1 + 0.15 * np.sin(2 * np.pi * places / len(self.vowels) + len(self.vowels)))
        phase = 2 * np.pi * np.cumsum(melody) / RATE
        wave = np.zeros(phase.size)
        for number in range(1, 30):
            tone = number * melody
            loudness = 1 / (1 + ((tone - low) / 90) ** 2) + 0.6 / (1 + ((tone - high) / 130) ** 2)
            wave += loudness * np.sin(number * phase)
        edge = np.minimum(np.minimum(places + 0.5, places[::-1] + 0.5) * 8, 1)
        wave *= self.level * edge / np.abs(wave).max()
        return wave


def in_turn(said: Iterable[Said], pause: float, noise: float = 0.0) -> tuple[Wave, list[tuple[float, float]]]:
    """All of it with `pause` seconds before, between and behind; and when each begins and ends."""
    parts: list[Wave] = [np.zeros(round(pause * RATE))]
    spans = []
    for one in said:
        start = sum(part.size for part in parts) / RATE
        parts += [one.wave, np.zeros(round(pause * RATE))]
        spans.append((start, start + one.wave.size / RATE))
    wave = np.concatenate(parts)
    return wave + np.random.default_rng(3).normal(0, noise or 1e-9, wave.size), spans


def write_speech(path: Path, wave: Wave, fps: int = 25) -> Path:
    """An MP4 with this sound; the pictures become brighter from black to white at a constant rate."""
    count = round(wave.size / RATE * fps)
    greys = (np.full((90, 160), round(_DARKEST + (_BRIGHTEST - _DARKEST) * n / count), np.uint8) for n in range(count))
    return write_video(path, greys, wave, fps)


def shown_times(path: Path, seconds: float) -> list[float]:
    """For each picture of what was made of such a video of this length, when it was shown there."""
    return [(float(picture.mean()) - _DARKEST) / (_BRIGHTEST - _DARKEST) * seconds for _, picture in pictures(path)]


def write_video(path: Path, greys: Iterable[NDArray[np.uint8]], wave: Wave | None = None, fps: int = 25) -> Path:
    """An MP4 of grey pictures of one size, with one channel of sound at RATE."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "crf": "16"})
        video.pix_fmt = "yuv420p"
        audio = None if wave is None else container.add_stream("aac", rate=RATE, layout="mono")
        for number, grey in enumerate(greys):
            if not number:
                video.height, video.width = grey.shape
            picture = VideoFrame.from_ndarray(np.ascontiguousarray(grey), format="gray").reformat(format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, fps)
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        if audio is not None and wave is not None:
            piece = AudioFrame.from_ndarray(wave[np.newaxis].astype(np.float32), format="fltp", layout="mono")
            piece.sample_rate, piece.pts = RATE, 0
            for last in (piece, None):
                container.mux(audio.encode(last))
    return path


def film_greys(name: str) -> list[NDArray[np.uint8]]:
    """The first 125 pictures of real film, grey and small."""
    with av.open(str(footage(name))) as container:
        frames = [frame.reformat(320, 180, format="gray") for frame in container.decode(video=0)][:125]
    return [np.asarray(frame.to_ndarray(), np.uint8) for frame in frames]


def share_inside(times: Sequence[float], span: tuple[float, float]) -> float:
    """How much of a span is covered by pictures of 40 ms that are shown at these times."""
    return sum(span[0] <= time < span[1] for time in times) * 0.04 / (span[1] - span[0])
