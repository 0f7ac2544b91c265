"""Facts about one output for the card beside the tiles. Pure."""

from pathlib import Path

from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.run import Run
from mosaic_desktop.core.units import codec_name, format_bytes, format_duration
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.gui.pages.runs.words import short_folder
from mosaic_desktop.gui.widgets.facts_table import Fact
from mosaic_desktop.gui.widgets.labels import Tone


def output_fact_rows(output: Output, run: Run | None, asset: Asset | None, *, gone: bool) -> tuple[Fact, ...]:
    """`run` made it from `asset`; either may have been taken out of its list meanwhile."""
    source = asset.media if asset is not None else None
    length = output.media.duration if output.media is not None else output.duration
    facts = [
        _fact("Length", _from_to(_length(source.duration if source else None), _length(length))),
        _fact("Size", _from_to(_size(asset.size if asset else 0), _size(output.size))),
        _fact("Picture", _from_to(_picture(source), _picture(output.media))),
        _fact("Codecs", _codecs(output.media)),
        _fact("Video", run.asset_name if run is not None else ""),
        _fact("Made by", run.spec.title if run is not None else ""),
        _fact("Where it is" if output.path else "Where it goes", _where(output)),
    ]
    if output.state is OutputState.SAVED and not gone:
        facts.append(Fact("Checked", _checked(output), Tone.GOOD))
    return tuple(fact for fact in facts if fact is not None)


def _fact(name: str, value: str) -> Fact | None:
    return Fact(name, value) if value else None


def _from_to(before: str, after: str) -> str:
    return f"{before} → {after}" if before and after and before != after else after


def _length(seconds: float | None) -> str:
    return "" if seconds is None else format_duration(seconds)


def _size(count: int) -> str:
    return format_bytes(count) if count else ""


def _picture(media: MediaInfo | None) -> str:
    return f"{media.width}×{media.height}" if media is not None else ""


def _codecs(media: MediaInfo | None) -> str:
    if media is None:
        return ""
    sound = codec_name(media.audio_codec) if media.audio_codec else "no sound"
    return f"{codec_name(media.video_codec)}, {sound}"


def _where(output: Output) -> str:
    return short_folder(output.path.parent if output.path else output.folder, Path.home())


def _checked(output: Output) -> str:
    """Only what was really compared before the file got its name: its length where one was announced."""
    if output.media is None:
        return "size"
    return "size, length, opens as a video" if output.duration is not None else "size, opens as a video"
