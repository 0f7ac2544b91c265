"""Videos of the kinds that editors meet, with flashes and tones to measure: odd clocks, codecs, shapes and sounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

RATE = 48000
SECONDS = 4.0
# White and loud; between them the picture is black and the sound is silent.
FLASHES = ((0.4, 0.8), (2.2, 2.6), (3.2, 3.6))


@dataclass(frozen=True, slots=True)
class Kind:
    """How a clip is made. `times` are those of its pictures; `layout` None is without sound. `start`: when all begins.

    `order`: the number under which QuickTime knows an order of channels that other programs have no name for. `tags`:
    primaries, transfer, matrix and range of its colors as ITU-T H.273 numbers them.
    """

    suffix: str = ".mp4"
    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    size: tuple[int, int] = (320, 180)
    times: Sequence[float] = tuple(number / 25 for number in range(100))
    sound: str = "aac"
    layout: str | None = "stereo"
    rotation: int = 0
    start: float = 0.0
    order: int = 0
    tags: tuple[int, int, int, int] | None = None


def _uneven() -> list[float]:
    """As phones record: 30, then 12, then 50 pictures a second."""
    times, now = [], 0.0
    while now < SECONDS:
        times.append(round(now, 3))
        now += 1 / (30 if now < 1.5 else 12 if now < 2.5 else 50)
    return times


KINDS = {
    "variable frame rate": Kind(times=_uneven(), suffix=".mkv"),
    "turned by its flag": Kind(rotation=90),
    "odd size": Kind(size=(321, 181), codec="libvpx-vp9", suffix=".mkv", sound="libopus"),
    "mono": Kind(layout="mono"),
    "5.1": Kind(layout="5.1"),
    "7.1": Kind(layout="7.1"),
    "7.1 as QuickTime orders it": Kind(suffix=".mov", sound="pcm_s16le", layout="7.1", order=128 << 16 | 8),
    "from hour 25 on": Kind(suffix=".mkv", start=90_000.0),
    "hevc": Kind(codec="libx265", suffix=".mov"),
    "vp9": Kind(codec="libvpx-vp9", suffix=".webm", sound="libopus"),
    "10 bit": Kind(codec="libx265", pix_fmt="yuv420p10le"),
    "prores 4:2:2": Kind(codec="prores_ks", pix_fmt="yuv422p10le", suffix=".mov", sound="pcm_s16le"),
    "60 pictures a second": Kind(times=tuple(number / 60 for number in range(240))),
    "24000/1001": Kind(times=tuple(number * 1001 / 24000 for number in range(96)), suffix=".mkv"),
    "no sound": Kind(layout=None),
    "one picture": Kind(times=(0.0,), layout=None),
    "one picture and sound": Kind(times=(0.0,)),
}
_FAST = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
}


def write_hard(path: Path, kind: Kind) -> Path:
    """Write a clip of this kind; `path` gets its suffix."""
    path = path.with_suffix(kind.suffix)
    clock = Fraction(1, 24000)
    with av.open(str(path), "w") as container:
        video = container.add_stream(kind.codec, rate=25, options=_FAST.get(kind.codec, {}))
        assert isinstance(video, VideoStream)
        video.width, video.height, video.pix_fmt = *kind.size, kind.pix_fmt
        context = video.codec_context
        context.time_base = clock
        if kind.tags:
            context.color_primaries, context.color_trc, context.colorspace, context.color_range = kind.tags
        if kind.rotation:
            video.set_display_rotation(kind.rotation)
        audio = None if kind.layout is None else container.add_stream(kind.sound, rate=RATE, layout=kind.layout)
        assert audio is None or isinstance(audio, AudioStream)
        for time in kind.times:
            picture = VideoFrame.from_ndarray(np.full(kind.size[::-1], 255 * _is_bright(time), np.uint8), format="gray")
            picture = picture.reformat(format=kind.pix_fmt)
            if kind.tags:
                picture.color_range = kind.tags[3]
            picture.pts, picture.time_base = round((kind.start + time) / clock), clock
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        if audio is not None:
            container.mux(audio.encode(_tones(str(kind.layout), kind.start)))
            container.mux(audio.encode(None))
    if kind.order:
        _write_order(path, kind.order)
    return path


def _write_order(path: Path, order: int) -> None:
    """Into the atom that says how channels are ordered."""
    content = bytearray(path.read_bytes())
    place = content.index(b"chan") + 8
    content[place : place + 8] = order.to_bytes(4, "big") + bytes(4)
    path.write_bytes(content)


def _is_bright(time: float) -> bool:
    return any(start - 1e-4 <= time < end - 1e-4 for start, end in FLASHES)


def _tones(layout: str, start: float) -> AudioFrame:
    times = np.arange(round(SECONDS * RATE)) / RATE
    wave = np.where([_is_bright(time) for time in times], 0.25 * np.sin(2 * np.pi * 1000 * times), 0)
    # One plane, since the library loses its way in eight.
    channels = np.repeat(wave, av.AudioLayout(layout).nb_channels)
    frame = AudioFrame.from_ndarray(channels[np.newaxis].astype(np.float32), "flt", layout)
    frame.sample_rate, frame.pts = RATE, round(start * RATE)
    return frame


def write_interlaced(path: Path) -> Path:
    """A white square on black that moves by 8 pixels from field to field."""
    options = {"preset": "ultrafast", "x264-params": "tff=1"}
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25, options=options)
        video.width, video.height, video.pix_fmt = 320, 192, "yuv420p"
        for number in range(15):
            grey = np.zeros((192, 320), np.uint8)
            for field in (0, 1):
                left = 16 * number + 8 * field
                grey[field::2, left : left + 64] = 255
            picture = VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, 25)
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
    return path


def write_three_hours(path: Path, *, audio: bool = True) -> Path:
    """Three hours, made cheaply: one picture in five seconds, and a tone of two seconds in each minute."""
    rate = 8000
    with av.open(str(path), "w", format="matroska") as container:
        video = container.add_stream("libx264", rate=Fraction(1, 5), options=_FAST["libx264"])
        video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        sound = container.add_stream("pcm_s16le", rate=rate, layout="mono") if audio else None
        seconds = np.arange(60 * rate) / rate
        minute = np.where(seconds < 2, 8000 * np.sin(2 * np.pi * 400 * seconds), 0).astype(np.int16)
        for number in range(180):
            for place in range(12):
                picture = VideoFrame.from_ndarray(np.full((36, 64), 20 * place, np.uint8), format="gray")
                picture = picture.reformat(format="yuv420p")
                picture.pts, picture.time_base = number * 12 + place, Fraction(5)
                container.mux(video.encode(picture))
            if sound is not None:
                tone = AudioFrame.from_ndarray(minute[np.newaxis], "s16", "mono")
                tone.sample_rate, tone.pts = rate, number * minute.size
                container.mux(sound.encode(tone))
        container.mux(video.encode(None))
        if sound is not None:
            container.mux(sound.encode(None))
    return path
