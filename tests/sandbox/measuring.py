"""An independent look at finished videos: loudness by EBU R 128, sound and picture from moment to moment."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from pyloudnorm import Meter
from scipy.signal import resample_poly

RATE = 48000


def loudness(path: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS (ITU-R BS.1770 by pyloudnorm) and true peak in dBTP (by four times the rate)."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        rate = stream.codec_context.sample_rate
        floats = av.AudioResampler("fltp", stream.codec_context.layout, rate)
        frames = [part for frame in container.decode(stream) for part in floats.resample(frame)]
    samples = np.concatenate([frame.to_ndarray() for frame in frames], axis=1).T.astype(np.float64)
    heard = np.delete(samples, 3, axis=1) if samples.shape[1] == 6 else samples  # BS.1770 leaves the deep channel out
    integrated = float(Meter(rate).integrated_loudness(heard))
    peak = float(np.abs(resample_poly(samples, 4, 1, axis=0)).max())
    return integrated, 20 * math.log10(peak)


def sound(path: Path) -> NDArray[np.float32]:
    """All samples at RATE, mixed to one channel."""
    mono = av.AudioResampler("fltp", "mono", RATE)
    with av.open(str(path)) as container:
        frames = [part for frame in container.decode(container.streams.audio[0]) for part in mono.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def level(samples: NDArray[np.float32], start: float, end: float) -> float:
    """Root mean square between two times, dB of full scale."""
    part = samples[round(start * RATE) : round(end * RATE)]
    return float(10 * np.log10(np.mean(np.square(part)) + 1e-12))


def place_of(part: NDArray[np.float32], whole: NDArray[np.float32]) -> tuple[float, float]:
    """When `part` begins in `whole`, in seconds, and how alike both are there: 1 is the same."""
    size = 1 << (whole.size + part.size).bit_length()
    products = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)), size)
    energy = np.cumsum(np.square(np.concatenate([[0], whole]), dtype=np.float64))
    # What is loud must not seem more alike; and silence is like nothing.
    there = np.sqrt(energy[part.size :] - energy[: -part.size] + 1e-3) * np.linalg.norm(part)
    likenesses = products[: there.size] / there
    first = int(np.argmax(likenesses))
    return first / RATE, float(likenesses[first])


def levels_of(samples: NDArray[np.float32], window: int = RATE // 200) -> NDArray[np.float32]:
    """Root mean squares of windows one after the other, dB of full scale."""
    count = samples.size // window
    means = np.square(samples[: count * window]).reshape(count, window).mean(axis=1)
    levels: NDArray[np.float32] = 10 * np.log10(means + 1e-12)
    return levels


def longest_pause(path: Path, threshold_db: float = -40) -> float:
    """Seconds of the longest stretch that stays below the threshold."""
    longest = current = 0
    for quiet in levels_of(sound(path)) < threshold_db:
        current = current + 1 if quiet else 0
        longest = max(longest, current)
    return longest / 200


def pictures(path: Path) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Times and grey pictures."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.time or 0.0, frame.to_ndarray(format="gray").astype(np.uint8)


def picture_packets(path: Path) -> list[bytes]:
    """The coded picture as it stands in the file."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(container.streams.video[0]) if packet.size]


def write_flashes(path: Path, spans: Sequence[tuple[float, float]], seconds: float, fps: int = 25) -> Path:
    """Black and silent, but white and with a tone during the spans."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 160, 120, "yuv420p"
        audio = container.add_stream("aac", rate=RATE, layout="mono")
        for number in range(round(seconds * fps)):
            bright = any(start <= number / fps < end for start, end in spans)
            picture = VideoFrame.from_ndarray(np.full((120, 160), 255 * bright, np.uint8), format="gray")
            picture = picture.reformat(format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, fps)
            container.mux(video.encode(picture))
        times = np.arange(round(seconds * RATE)) / RATE
        wave = np.zeros(times.size, np.float32)
        for start, end in spans:
            inside = (times >= start) & (times < end)
            wave[inside] = 0.25 * np.sin(2 * np.pi * 1000 * times[inside])
        piece = AudioFrame.from_ndarray(wave[np.newaxis], format="fltp", layout="mono")
        piece.sample_rate, piece.pts = RATE, 0
        for stream, last in ((audio, piece), (audio, None)):
            container.mux(stream.encode(last))
        container.mux(video.encode(None))
    return path


def write_moving_square(path: Path, seconds: float, fps: int = 25) -> Path:
    """A bright square of 60 pixels that walks from left to right over a plain 640 x 360 background."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 640, 360, "yuv420p"
        count = round(seconds * fps)
        for number in range(count):
            grey = np.full((360, 640), 60, np.uint8)
            left = round(80 + 420 * number / count)
            grey[150:210, left : left + 60] = 230
            picture = VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, fps)
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
    return path
