"""Sound: take steady noise away, then bring the loudness to its target."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.cutting import kept_sound
from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.film import Film, on_frames, write_film
from mosaic_desktop.sandbox.media.graphs import GAPLESS, Step, audio_chain, push_all
from mosaic_desktop.sandbox.media.levels import Levels
from mosaic_desktop.sandbox.media.loudness import LOUDNESS_METER, METER, Loudness, Meter
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.media.output import as_aac, create_mp4, write_interleaved
from mosaic_desktop.sandbox.media.sound import layout_of, open_sound
from mosaic_desktop.sandbox.media.source import Source
from mosaic_desktop.sandbox.steps.mute import nothing_to_hear
from mosaic_desktop.sandbox.steps.notes import CLEAN, KEEP, SOUND
from mosaic_desktop.sandbox.steps.step import Report, Work, finished

_NO_SOUND = "This video has no sound, so there is nothing to clean."
_TOO_QUIET = "The sound of this video is silent or too short to measure, so its loudness cannot be set."
_PEAK_LIMIT = -1.0
_TRIES = 5
_EXACT = 0.1
# Loudness needs no more than this, and the limiter works at four times as much.
_HEARD: Step = ("aresample", "48000")
_VIDEO = "video.mp4"


def denoise(work: Work) -> Made:
    """Write the sound with less noise, losslessly, for the next step."""
    if made := nothing_to_hear(work, "enhance_audio"):
        return made
    with open_source(work.source) as source:
        if source.audio is None:
            raise MediaError(_NO_SOUND)
        floor = _noise_floor(work, source)
    strength = work.parameters["denoise"]
    if work.is_free("denoise"):
        strength = _strength_for(floor)
    with open_source(work.source) as source:
        assert source.audio is not None
        graph = audio_chain(source.audio, [GAPLESS, *_cleaning(strength, floor)])
        cleaned = push_all(graph, _reporting(work, source, 0.5, 1.0))
        _write_lossless(work.result / CLEAN, source.audio, cleaned)
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
    """Write the finished video: its sound as `master` makes it, its picture as it was."""
    master(work)
    write_film(work.result / _VIDEO, work.source, Film(sound=work.result / SOUND), _from(work.report, 0.8))
    return finished(work.result, [("", _VIDEO)])


def master(work: Work) -> Made:
    """Write the finished sound: what is kept of it, loudness at the target, true peak at or under -1 dBTP."""
    if made := nothing_to_hear(work, "enhance_audio"):
        return made
    clean = _kept(work)
    original = _measure(work, 0.1, clean)
    if original.integrated <= -70:
        raise MediaError(_TOO_QUIET)
    ceiling = _PEAK_LIMIT - 0.5
    for _ in range(_TRIES):
        _write(work, clean, _settle(work, clean, original, ceiling))
        # Coding the sound moves its peaks a little, so what counts is the finished file.
        excess = _measure(work, 0.7, work.result / SOUND).peak - _PEAK_LIMIT
        if excess <= 0:
            break
        ceiling -= excess + 0.2
    return Made()


def _kept(work: Work) -> Path:
    """The clean sound without what is cut out."""
    clean, keep = work.file(CLEAN), work.note(KEEP)
    assert clean is not None
    if keep is None:
        return clean
    with open_source(work.source) as source, open_sound(clean) as (stream, frames):
        _write_lossless(work.result / CLEAN, stream, kept_sound(stream, frames, on_frames(source, keep)))
    return work.result / CLEAN


def _settle(work: Work, clean: Path, original: Loudness, ceiling: float) -> list[Step]:
    """The filters that reach the target: plain gain where the peaks allow it, else gain into a limiter."""
    target = float(work.parameters["target_lufs"])
    gain = target - original.integrated
    if original.peak + gain <= ceiling:
        return [("volume", f"{gain:.3f}dB")]
    filters, tried = _limited(gain, ceiling), []
    for _ in range(_TRIES):
        tried.append((gain, _measure(work, 0.3, clean, [*filters, _HEARD], LOUDNESS_METER).integrated))
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


def _measure(
    work: Work, progress: float, path: Path, filters: Sequence[Step] = (), instrument: Step = METER
) -> Loudness:
    """Loudness after these filters. Reports its progress often, as a sign of life."""
    meter = Meter()
    with open_sound(path) as (stream, frames):
        for frame in push_all(audio_chain(stream, [*filters, instrument]), frames):
            meter.read(frame)
            work.report(progress)
    return meter.loudness


def _write(work: Work, clean: Path, filters: list[Step]) -> None:
    with open_sound(clean) as (stream, frames), create_mp4(work.result / SOUND) as out:
        sound = stream.codec_context
        leveled = push_all(audio_chain(stream, filters), frames)
        write_interleaved(out, as_aac(out, _alive(work, leveled), sound.sample_rate, sound.channels))


def _write_lossless(path: Path, like: AudioStream, frames: Iterable[AudioFrame]) -> None:
    sound = like.codec_context
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("flac", rate=sound.sample_rate, format="s32", layout=layout_of(like))
        for frame in frames:
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _alive(work: Work, frames: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
    for frame in frames:
        work.report(0.5)
        yield frame


def _from(report: Report, first: float) -> Report:
    """For the rest of the progress from there on."""
    return lambda share, *counts: report(first + (1 - first) * share, *counts)
