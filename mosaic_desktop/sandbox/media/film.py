"""A finished video: what is kept of a source, what happens to its pictures, and which sound goes with them.

Everything that an agent does comes together here, so that a picture is encoded once however many nodes worked on it,
and not at all where nothing changes it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias, TypeVar

from av.audio.stream import AudioStream
from av.container import OutputContainer

from mosaic_desktop.sandbox.media.cutting import SLOWEST, kept_pictures, kept_sound
from mosaic_desktop.sandbox.media.graphs import Stage, in_turn
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.media.output import as_aac, as_h264, copied, create_mp4, write_interleaved
from mosaic_desktop.sandbox.media.picture import upright
from mosaic_desktop.sandbox.media.sound import AnyPacket, open_coded_sound
from mosaic_desktop.sandbox.media.source import Source
from mosaic_desktop.sandbox.media.thumbnail import kept_still, write_still
from mosaic_desktop.sandbox.media.timeline import Span, Timeline

Spans: TypeAlias = Sequence[tuple[float, float]]
Report: TypeAlias = Callable[..., None]
# What an MP4 file may carry unchanged: what editors and players everywhere open.
_PICTURES_COPIED = frozenset({"h264", "hevc"})
_SOUND_COPIED = "aac"
_One = TypeVar("_One")


@dataclass(frozen=True, slots=True)
class Film:
    """`keep`: seconds of the source in rising order, None for all of it. `stages` see upright pictures with times of
    the source, in this order. `sound`: a file with finished AAC that takes the place of the source's own.
    """

    keep: Spans | None = None
    stages: Sequence[Stage] = ()
    sound: Path | None = None


def write_film(path: Path, source_path: Path, film: Film, report: Report) -> None:
    """Write an MP4, and its still beside it. `report` takes the share done, the frames done and the frames in all.

    Raises MediaError.
    """
    with ExitStack() as files:
        # Two readers, since picture and sound are wanted in another order than the file has them.
        source, other = files.enter_context(open_source(source_path)), files.enter_context(open_source(source_path))
        out = files.enter_context(create_mp4(path))
        timeline = None if film.keep is None else on_frames(source, film.keep)
        if timeline is None and not film.stages and _can_be_copied(source):
            packets = _counted(source.packets(source.video), source.frame_count, report)
            streams = [copied(out, source.video, packets)]
        else:
            streams = [_pictures(out, source, film.stages, timeline, report, still_of(path))]
        if film.sound is not None:
            streams.append(copied(out, *files.enter_context(open_coded_sound(film.sound))))
        elif other.audio is not None:
            streams.append(_own_sound(out, other, other.audio, timeline))
        write_interleaved(out, *streams)
    if not still_of(path).exists():
        write_still(path, still_of(path))


def _can_be_copied(source: Source) -> bool:
    return source.video.codec_context.name in _PICTURES_COPIED and not source.is_reordered


def still_of(path: Path) -> Path:
    """Where the still of a video lies."""
    return path.with_suffix(".jpg")


def on_frames(source: Source, keep: Spans) -> Timeline:
    """Cuts fall between frames, so that the picture keeps its rhythm."""
    rate = _rate_of_cuts(source)
    return Timeline([Span(*(Fraction(round(Fraction(edge) * rate)) / rate for edge in span)) for span in keep])


def _rate_of_cuts(source: Source) -> Fraction:
    return max(source.frame_rate, SLOWEST)


def _pictures(
    out: OutputContainer,
    source: Source,
    stages: Sequence[Stage],
    timeline: Timeline | None,
    report: Report,
    still: Path,
) -> Iterator[AnyPacket]:
    rate = source.frame_rate
    if timeline is None:
        total = source.frame_count
        frames = in_turn(_counted(upright(source), total, report), stages)
    else:
        source.skip_to(timeline.start)
        rate = _rate_of_cuts(source)
        total = max(1, round(timeline.duration * rate))
        seen: list[Stage] = [lambda kept: _counted(kept, total, report), *stages]
        frames = kept_pictures(upright(source), source.duration, timeline, seen)
    return as_h264(out, kept_still(frames, total, still), rate)


def _own_sound(
    out: OutputContainer, source: Source, stream: AudioStream, timeline: Timeline | None
) -> Iterator[AnyPacket]:
    if timeline is not None:
        start = source.skip_to(timeline.start)
        return as_aac(out, kept_sound(stream, source.sounds(), timeline, start), *source.sound_shape)
    if stream.codec_context.name == _SOUND_COPIED:
        return copied(out, stream, source.packets(stream))
    return as_aac(out, source.sounds(), *source.sound_shape)


def _counted(passing: Iterator[_One], total: int, report: Report) -> Iterator[_One]:
    for done, one in enumerate(passing, start=1):
        report(done / total, done, max(done, total))
        yield one
