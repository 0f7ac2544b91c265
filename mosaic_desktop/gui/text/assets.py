"""The upload queue's rows in words."""

from mosaic_desktop.core.asset import Asset, AssetState, Keeps
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.units import format_bytes, format_duration, format_part, format_percent, format_wait
from mosaic_desktop.gui.text.numbers import length, lower, media_facts, percent_words, speed
from mosaic_desktop.gui.text.states import StateWords, failed_because, waiting_for, way_on
from mosaic_desktop.gui.theme.palette import StateKind


def asset_state(asset: Asset) -> StateWords:
    match asset.state:
        case AssetState.PROBING:
            return StateWords("Looking into the file", icon="search")
        case AssetState.QUEUED:
            return StateWords(waiting_for(asset.problem) if asset.problem else "Waiting for a free slot", icon="clock")
        case AssetState.COMPARING:
            return StateWords("Comparing…", StateKind.ACTIVE, "search", "", asset.per_mille)
        case AssetState.SIGNING:
            return StateWords("Starting the upload", icon="upload")
        case AssetState.UPLOADING:
            words = f"Uploading {format_percent(asset.per_mille)}"
            return StateWords(words, StateKind.ACTIVE, "", speed(asset.rate, asset.eta), asset.per_mille)
        case AssetState.FINALIZING:
            return StateWords("Finalizing", StateKind.ACTIVE, "", "", asset.per_mille)
        case AssetState.READY:
            return StateWords("Ready", StateKind.GOOD, "circle-check")
        case AssetState.PAUSED:
            return StateWords("Paused", icon="pause")
        case AssetState.FAILED:
            return StateWords(failed_because(asset.problem), StateKind.BAD, "circle-alert")
        case AssetState.CANCELLED:
            return StateWords("Cancelled", icon="circle-x")


def asset_facts(asset: Asset) -> str:
    """`2.41 GB · 14:32 · 3840×2160 · ProRes`, as far as known."""
    if asset.is_link:
        return "YouTube · no upload needed"
    return " · ".join([format_bytes(asset.size), *media_facts(asset.media)])


def asset_line(asset: Asset, folder: str = "") -> str:
    """The second line of a row: what its facts mean for it now, then its facts; the way on where it failed.

    `folder` stands in front where it tells the row from others of the same name. What matters least comes last, since
    that is left out first where there is no room.
    """
    return " · ".join([*([folder] if folder else []), _asset_line(asset)])


def _asset_line(asset: Asset) -> str:
    if asset.state is AssetState.FAILED and asset.problem is not None:
        return " · ".join(words for words in (way_on(asset.problem), asset_kept(asset)) if words)
    if asset.state is AssetState.COMPARING:
        return f"Looks like an earlier upload · {format_bytes(asset.size)}"
    if words := asset_reused(asset):
        return words
    if words := asset_kept(asset):
        size = [] if asset.bytes_kept else [format_bytes(asset.size)]
        return " · ".join([words, *size, *length(asset.media)])
    return asset_facts(asset)


def asset_more(asset: Asset) -> str:
    """The whole reason where a video failed or waits, of which a list has room for a few words; empty without one."""
    return sentence(asset.problem) if asset.problem is not None else ""


def asset_reused(asset: Asset) -> str:
    """`Already uploaded as interview.mov`; empty for a row that was sent itself."""
    return f"Already uploaded as {asset.reused_from}" if asset.reused_from and asset.file_id else ""


def asset_kept(asset: Asset) -> str:
    """What is left of an upload if it stops now, or now that it is stopped; empty where that is no question."""
    waits = asset.state in {AssetState.QUEUED, AssetState.FAILED} and bool(asset.bytes_kept or asset.bytes_done)
    stopped = asset.state is AssetState.PAUSED or waits
    if asset.is_link or not (stopped or asset.state is AssetState.UPLOADING):
        return ""
    if asset.content_sent:
        return "All of it is sent"
    part = format_part(asset.bytes_kept, asset.size)
    match asset.keeps:
        case Keeps.NOTHING:
            return "Starts from the beginning" if stopped else "Starts over if it stops"
        case Keeps.UNTIL_EXIT:
            return f"{part} kept until you quit" if asset.bytes_kept else "What arrives is kept until you quit"
        case Keeps.ACROSS_RESTARTS:
            return f"{part} kept at the service" if asset.bytes_kept else "What arrives is kept at the service"


def asset_sentence(asset: Asset, folder: str = "") -> str:
    """`interview.mov, 2.41 GB, 14:32, uploading 62 percent, 24 s left`. `folder`: as in `asset_line`."""
    name = f"{asset.name} in {folder}" if folder else asset.name
    parts = [name, "YouTube link" if asset.is_link else format_bytes(asset.size)]
    if asset.media is not None and asset.media.duration is not None:
        parts.append(format_duration(asset.media.duration))
    parts.append(lower(percent_words(asset_state(asset).word)))
    if asset.state is AssetState.UPLOADING and asset.eta is not None:
        parts.append(f"{format_wait(asset.eta)} left")
    if asset.state is AssetState.FAILED and asset.problem is not None:
        parts.append(sentence(asset.problem))
    return ", ".join([*parts, *(lower(words) for words in (asset_reused(asset), asset_kept(asset)) if words)])
