"""Audio enhance: take steady noise away, then bring the loudness to its target. The picture is copied."""

from collections.abc import Iterator
from pathlib import Path

import av
from av.audio.frame import AudioFrame

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.graphs import GAPLESS, Step, audio_chain, push_all
from mosaic_desktop.sandbox.media.levels import Levels
from mosaic_desktop.sandbox.media.loudness import METER, Loudness, Meter
from mosaic_desktop.sandbox.media.output import as_aac, as_h264, copied, create_mp4, write_interleaved
from mosaic_desktop.sandbox.media.picture import upright
from mosaic_desktop.sandbox.media.source import AnyPacket, Source, open_sound, open_source
from mosaic_desktop.sandbox.steps.step import VIDEO, Made, Work, finish_video

_NO_SOUND = "This video has no sound, so there is nothing to clean."
_TOO_QUIET = "The sound of this video is silent or too short to measure, so its loudness cannot be set."
_CLEAN = "clean.mka"
_PEAK_LIMIT = -1.0
_TRIES = 5
_EXACT = 0.1
# Picture codecs that an MP4 file may carry unchanged and common players understand.
_COPIED = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4"})


def denoise(work: Work) -> Made:
    """Write the sound with less noise, losslessly, for the next step."""
    with open_source(work.source) as source:
        if source.audio is None:
            raise MediaError(_NO_SOUND)
        floor = _noise_floor(work, source)
    strength = work.parameters["denoise"]
    if "denoise" in work.automatic:
        strength = _strength_for(floor)
    with open_source(work.source) as source, av.open(str(work.result / _CLEAN), "w", format="matroska") as container:
        assert source.audio is not None
        sound = source.audio.codec_context
        stream = container.add_stream("flac", rate=sound.sample_rate, format="s32", layout=sound.layout)
        graph = audio_chain(source.audio, [GAPLESS, *_cleaning(strength, floor)])
        for frame in push_all(graph, _reporting(work, source, 0.5, 1.0)):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return Made()


def _noise_floor(work: Work, source: Source) -> float:
    """The level of the quietest tenth of the sound, dB of full scale: what is heard when nobody speaks."""
    levels = Levels()
    for frame in _reporting(work, source, 0.0, 0.5):
        levels.add(frame)
    return levels.percentile(10)


def _strength_for(floor: float) -> float:
    """More reduction the louder the noise: nothing at -75 dB, everything from -40 dB up."""
    return min(max((floor + 75) / 35, 0.0), 1.0)


def _cleaning(strength: float, floor: float) -> list[Step]:
    if strength <= 0:
        return []
    return [("afftdn", f"nr={30 * strength:.2f}:nf={min(max(floor, -80.0), -20.0):.1f}")]


def _reporting(work: Work, source: Source, first: float, last: float) -> Iterator[AudioFrame]:
    """The frames of the sound, with progress from `first` to `last` as they pass."""
    for done, frame in enumerate(source.sounds(), start=1):
        share = min(1.0, (frame.time or 0.0) / source.duration) if source.duration else 0.0
        work.report(first + (last - first) * share, done)
        yield frame


def level(work: Work) -> Made:
    """Write the finished video: loudness at the target, true peak at or under -1 dBTP, the picture as it was."""
    clean = work.inputs["denoise"] / _CLEAN
    original = _measure(work, 0.1, clean)
    if original.integrated <= -70:
        raise MediaError(_TOO_QUIET)
    ceiling = _PEAK_LIMIT - 0.5
    for _ in range(_TRIES):
        filters = _settle(work, clean, original, ceiling)
        _write(work, clean, filters)
        # Coding the sound moves its peaks a little, so what counts is the finished file.
        excess = _measure(work, 0.9, work.result / VIDEO).peak - _PEAK_LIMIT
        if excess <= 0:
            break
        ceiling -= excess + 0.2
    return finish_video(work.result)


def _settle(work: Work, clean: Path, original: Loudness, ceiling: float) -> list[Step]:
    """The filters that reach the target: plain gain where the peaks allow it, else gain into a limiter."""
    target = float(work.parameters["target_lufs"])
    gain = target - original.integrated
    if original.peak + gain <= ceiling:
        return [("volume", f"{gain:.3f}dB")]
    filters, tried = _limited(gain, ceiling), []
    for _ in range(_TRIES):
        tried.append((gain, _measure(work, 0.3, clean, filters).integrated))
        if abs(target - tried[-1][1]) < _EXACT:
            break
        gain += (target - tried[-1][1]) / _answer(tried)
        filters = _limited(gain, ceiling)
    return filters


def _answer(tried: list[tuple[float, float]]) -> float:
    """How much louder one dB of gain made it at last: the limiter takes away more the harder it works."""
    if len(tried) < 2 or tried[-1][0] == tried[-2][0]:
        return 1.0
    (gain, loudness), (next_gain, next_loudness) = tried[-2:]
    return min(max((next_loudness - loudness) / (next_gain - gain), 0.2), 1.0)


def _limited(gain: float, ceiling: float) -> list[Step]:
    # Four times the rate shows the limiter the peaks between samples, which a listener's converter will play.
    return [
        ("volume", f"{gain:.3f}dB"),
        ("aresample", "192000"),
        ("alimiter", f"limit={10 ** (ceiling / 20):.5f}:attack=5:release=100:level=0:latency=1"),
    ]


def _measure(work: Work, progress: float, path: Path, filters: list[Step] | None = None) -> Loudness:
    """Loudness after these filters. Reports its progress often, as a sign of life."""
    meter = Meter()
    with open_sound(path) as (stream, frames):
        for frame in push_all(audio_chain(stream, [*(filters or []), METER]), frames):
            meter.read(frame)
            work.report(progress)
    return meter.loudness


def _write(work: Work, clean: Path, filters: list[Step]) -> None:
    with (
        open_source(work.source) as source,
        open_sound(clean) as (stream, frames),
        create_mp4(work.result / VIDEO) as out,
    ):
        sound = stream.codec_context
        if source.video.codec_context.name in _COPIED:
            picture = copied(out, source, source.video)
        else:
            picture = as_h264(out, upright(source), source.frame_rate)
        leveled = push_all(audio_chain(stream, filters), frames)
        coded = as_aac(out, leveled, sound.sample_rate, sound.layout.name)
        write_interleaved(out, _counted(work, picture, source.frame_count), coded)


def _counted(work: Work, packets: Iterator[AnyPacket], total: int) -> Iterator[AnyPacket]:
    for done, packet in enumerate(packets, start=1):
        work.report(0.4 + 0.5 * done / total, done, max(done, total))
        yield packet
