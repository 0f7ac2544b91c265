"""Sound: take steady noise away, then bring the loudness to its target."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.cutting import kept_sound
from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.film import Film, on_frames, write_film
from mosaic_desktop.sandbox.media.graphs import GAPLESS, Step, audio_chain, push_all
from mosaic_desktop.sandbox.media.loudness import LOUDNESS_METER, METER, Loudness, Meter
from mosaic_desktop.sandbox.media.noise import Noise, NoiseEar
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.media.output import as_aac, create_mp4, write_interleaved
from mosaic_desktop.sandbox.media.sound import layout_of, open_sound
from mosaic_desktop.sandbox.media.source import Source
from mosaic_desktop.sandbox.steps.listening import heard
from mosaic_desktop.sandbox.steps.mute import nothing_to_hear
from mosaic_desktop.sandbox.steps.notes import CLEAN, KEEP, SOUND
from mosaic_desktop.sandbox.steps.step import Report, Work, finished
from mosaic_desktop.sandbox.steps.telling import chosen

_NO_SOUND = "This video has no sound, so there is nothing to clean."
_TOO_QUIET = "The sound of this video is silent or too short to measure, so its loudness cannot be set."
_NOT_REACHED = "The loudness came to {:.1f} LUFS instead of {:g}: more would only distort the peaks of this sound."
_PEAK_LIMIT = -1.0
_TRIES = 6
_EXACT, _NEAR = 0.1, 0.5
# A dB of gain that makes it no louder than the first of them is only distortion; the other keeps steps from being wild.
_NO_ANSWER, _LEAST_ANSWER = 0.05, 0.2
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
        noise = _noise(source, _part(work.report, 0.0, 0.5))
    strength, told = float(work.parameters["denoise"]), ""
    if work.is_free("denoise"):
        strength = _strength_for(noise.floor)
        told = chosen({"denoise": strength})
    with open_source(work.source) as source:
        assert source.audio is not None
        graph = audio_chain(
            source.audio, [GAPLESS, *_cleaning(strength, noise, source.audio.codec_context.sample_rate)]
        )
        passing = heard(source.sounds(), source.duration, _part(work.report, 0.5, 1.0))
        _write_lossless(work.result / CLEAN, source.audio, push_all(graph, passing))
    return Made(remark=told)


def _noise(source: Source, report: Report) -> Noise:
    """What is heard when nobody speaks."""
    ear = NoiseEar()
    for frame in heard(source.sounds(), source.duration, report):
        ear.add(frame)
    return ear.noise


def _strength_for(floor: float) -> float:
    """More reduction the louder the noise: nothing at -75 dB, everything from -40 dB up."""
    return min(max((floor + 75) / 35, 0.0), 1.0)


def _cleaning(strength: float, noise: Noise, rate: int) -> list[Step]:
    if strength <= 0:
        return []
    floor, bands = min(max(noise.floor, -80.0), -20.0), "|".join(f"{band:.1f}" for band in noise.bands)
    # What it gives comes so many samples late, and without as many at the end.
    late = rate // 80 * 2
    return [
        ("apad", f"pad_len={late}"),
        ("afftdn", f"nr={30 * strength:.2f}:nf={floor:.1f}:nt=custom:bn={bands}"),
        ("atrim", f"start_sample={late}"),
        ("asetpts", "N"),
    ]


def level(work: Work) -> Made:
    """Write the finished video: its sound as `master` makes it, its picture as it was."""
    made = master(replace(work, report=_part(work.report, 0.0, 0.8)))
    write_film(work.result / _VIDEO, work.source, Film(sound=work.result / SOUND), _part(work.report, 0.8, 1.0))
    return finished(work.result, [("", _VIDEO)], made.remark)


def master(work: Work) -> Made:
    """Write the finished sound: what is kept of it, loudness at the target, true peak at or under -1 dBTP. Loudness
    that the peaks leave no room for is told.
    """
    if made := nothing_to_hear(work, "enhance_audio"):
        return made
    target, parts = float(work.parameters["target_lufs"]), _parts(work.report)
    clean = _kept(work, parts)
    original = _measure(clean, next(parts))
    if original.integrated <= -70:
        raise MediaError(_TOO_QUIET)
    ceiling, lower = _PEAK_LIMIT - 0.5, 1.0
    while True:
        _write(work.result / SOUND, clean, _settle(clean, original, target, ceiling, parts), next(parts))
        # Coding the sound moves its peaks a little, so what counts is the finished file.
        reached = _measure(work.result / SOUND, next(parts))
        excess = reached.peak - _PEAK_LIMIT
        if excess <= 0:
            break
        # One wild peak need not come again, so at first a little lower; by more each time, so that it ends.
        ceiling, lower = ceiling - min(excess, lower) - 0.2, 2 * lower
    near = abs(reached.integrated - target) <= _NEAR
    return Made(remark="" if near else _NOT_REACHED.format(reached.integrated, target))


def _kept(work: Work, parts: Iterator[Report]) -> Path:
    """The clean sound without what is cut out."""
    clean, keep = work.file(CLEAN), work.note(KEEP)
    assert clean is not None
    if keep is None:
        return clean
    with open_source(work.source) as source, open_sound(clean) as (stream, frames):
        passing = heard(frames, source.duration, next(parts))
        _write_lossless(work.result / CLEAN, stream, kept_sound(stream, passing, on_frames(source, keep)))
    return work.result / CLEAN


def _settle(clean: Path, original: Loudness, target: float, ceiling: float, parts: Iterator[Report]) -> list[Step]:
    """The filters that reach the target: plain gain where the peaks allow it, else gain into a limiter."""
    gain = target - original.integrated
    if original.peak + gain <= ceiling:
        return [("volume", f"{gain:.3f}dB")]
    tried: list[tuple[float, float]] = []
    for _ in range(_TRIES):
        filters = [*_limited(gain, ceiling), _HEARD]
        tried.append((gain, _measure(clean, next(parts), filters, LOUDNESS_METER).integrated))
        missing, answer = target - tried[-1][1], _answer(tried)
        if abs(missing) < _EXACT or answer < _NO_ANSWER:
            break
        gain += missing / max(answer, _LEAST_ANSWER)
    nearest, _ = min(tried, key=lambda one: abs(target - one[1]))
    return _limited(nearest, ceiling)


def _answer(tried: list[tuple[float, float]]) -> float:
    """How much louder one dB of gain made it at last: the limiter takes away more the harder it works."""
    if len(tried) < 2 or tried[-1][0] == tried[-2][0]:
        return 1.0
    (gain, loudness), (next_gain, next_loudness) = tried[-2:]
    return min((next_loudness - loudness) / (next_gain - gain), 1.0)


def _limited(gain: float, ceiling: float) -> list[Step]:
    # Four times the rate shows the limiter the peaks between samples, which a listener's converter will play.
    return [
        ("volume", f"{gain:.3f}dB"),
        ("aresample", "192000"),
        ("alimiter", f"limit={10 ** (ceiling / 20):.5f}:attack=5:release=100:level=0:latency=1"),
    ]


def _measure(path: Path, report: Report, filters: Sequence[Step] = (), instrument: Step = METER) -> Loudness:
    """Loudness after these filters."""
    meter = Meter()
    with open_sound(path) as (stream, frames):
        passing = heard(frames, _seconds(stream), report)
        for frame in push_all(audio_chain(stream, [*filters, instrument]), passing):
            meter.read(frame)
    return meter.loudness


def _write(path: Path, clean: Path, filters: list[Step], report: Report) -> None:
    with open_sound(clean) as (stream, frames), create_mp4(path) as out:
        sound = stream.codec_context
        leveled = push_all(audio_chain(stream, filters), heard(frames, _seconds(stream), report))
        write_interleaved(out, as_aac(out, leveled, sound.sample_rate, sound.channels))


def _write_lossless(path: Path, like: AudioStream, frames: Iterable[AudioFrame]) -> None:
    sound = like.codec_context
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("flac", rate=sound.sample_rate, format="s32", layout=layout_of(like))
        for frame in frames:
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _seconds(stream: AudioStream) -> float:
    """How long the sound of a file made here is."""
    assert isinstance(stream.container, InputContainer)
    return (stream.container.duration or 0) / av.time_base


def _parts(report: Report) -> Iterator[Report]:
    """Progress for each of some parts, nobody knows how many: a share of what is left."""
    first = 0.0
    while True:
        last = first + (1 - first) / 4
        yield _part(report, first, last)
        first = last


def _part(report: Report, first: float, last: float) -> Report:
    """Progress that goes from first to last."""
    return lambda share, *counts: report(first + (last - first) * share, *counts)
