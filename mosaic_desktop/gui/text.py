"""Snapshots in words: the state of a row, its facts, counts and buttons. Pure; the only home of such sentences.

Problems become sentences in `core.sentences`; here they become the few words that fit into a list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mosaic_desktop.core.activity import Activity
from mosaic_desktop.core.asset import Asset, AssetState, Keeps
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.run import GOING_RUN_STATES, Run, RunState
from mosaic_desktop.core.sentences import UNCONFIRMED, sentence
from mosaic_desktop.core.units import (
    codec_name,
    format_bytes,
    format_duration,
    format_part,
    format_percent,
    format_rate,
    format_wait,
    plural,
)
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.gui.theme.palette import StateKind


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state for a list: the word, its kind and icon, what stands at the other end, and per mille or None."""

    word: str
    kind: StateKind = StateKind.NEUTRAL
    icon: str = ""
    right: str = ""
    progress: int | None = None


_WAITING_FOR: dict[str, str] = {
    Code.UNREACHABLE: "Waiting for a connection",
    Code.INTERRUPTED: "Waiting for a connection",
    Code.STARTS_OVER: "Connection broke, starts over",
    Code.FILE_AWAY: "Waiting for its disk",
    Code.RATE_LIMIT: "Mosaic asked for a pause",
    Code.RUN_LIMIT: "Waiting for a free run",
    Code.LINK_EXPIRED: "Asking for another link",
    Code.NO_CREDITS: "Out of credits",
    Code.INVALID_KEY: "Waiting for a valid key",
}

_FAILED: dict[str, str] = {
    Code.FILE_CHANGED: "File changed since added",
    Code.FILE_MISSING: "File is missing",
    Code.FILE_AWAY: "Disk is not connected",
    Code.STARTS_OVER: "Connection broke",
    Code.FILE_UNREADABLE: "File cannot be read",
    Code.FILE_EMPTY: "File is empty",
    Code.FILE_TOO_SMALL: "File is too small",
    Code.FILE_TOO_LARGE: "File is too large",
    Code.NOT_A_VIDEO: "Not a video",
    Code.INVALID_KEY: "API key not accepted",
    Code.NO_CREDITS: "Not enough credits",
    Code.UNREACHABLE: "No connection",
    Code.INTERRUPTED: "Connection broke",
    Code.TLS: "Connection not secure",
    Code.DISK_FULL: "Disk is full",
    Code.FOLDER_UNWRITABLE: "Folder not writable",
    Code.FOLDER_MISSING: "Folder is missing",
    Code.WRONG_SIZE: "Arrived incomplete",
    Code.WRONG_CONTENT: "Arrived damaged",
    Code.OUT_OF_RANGE: "A setting is out of range",
}

# Beside the words above: what the user can do, where the whole sentence has no room.
_WAY_ON: dict[str, str] = {
    Code.FILE_CHANGED: "Retry sends it as it is now",
    Code.FILE_MISSING: "Put it back, then retry",
    Code.FILE_AWAY: "Connect its disk, then retry",
    Code.FILE_TOO_SMALL: "Less than 1 KB, which is no video",
    Code.FILE_TOO_LARGE: "10 GiB is the most that Mosaic takes",
    Code.STARTS_OVER: "Retry sends it from the beginning",
    Code.UNREACHABLE: "Retry when you are online again",
    Code.INTERRUPTED: "Retry when you are online again",
    Code.TLS: "Check this computer’s date and certificates",
    Code.INVALID_KEY: "Enter a valid key in Settings",
}


_NAME_LENGTH = 48


def waiting_for(problem: Problem) -> str:
    """What a row waits for before its next try, in a few words."""
    return _WAITING_FOR.get(problem.code, "Trying again soon")


def failed_because(problem: Problem | None) -> str:
    """Why a row failed, in a few words; the whole sentence is `core.sentences.sentence`."""
    return _FAILED.get(problem.code, "Failed") if problem is not None else "Failed"


def percent_words(text: str) -> str:
    """`text` for being read aloud."""
    return text.replace(" %", " percent")


# Assets


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
            return StateWords(words, StateKind.ACTIVE, "", _speed(asset.rate, asset.eta), asset.per_mille)
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
    return " · ".join([format_bytes(asset.size), *_media_facts(asset.media)])


def asset_line(asset: Asset, folder: str = "") -> str:
    """The second line of a row: what its facts mean for it now, then its facts; the way on where it failed.

    `folder` stands in front where it tells the row from others of the same name. What matters least comes last, since
    that is left out first where there is no room.
    """
    return " · ".join([*([folder] if folder else []), _asset_line(asset)])


def _asset_line(asset: Asset) -> str:
    if asset.state is AssetState.FAILED and asset.problem is not None:
        way_on = _WAY_ON.get(asset.problem.code) or sentence(asset.problem)
        return " · ".join(words for words in (way_on, asset_kept(asset)) if words)
    if asset.state is AssetState.COMPARING:
        return f"Looks like an earlier upload · {format_bytes(asset.size)}"
    if words := asset_reused(asset):
        return words
    if words := asset_kept(asset):
        size = [] if asset.bytes_kept else [format_bytes(asset.size)]
        return " · ".join([words, *size, *_length(asset.media)])
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
    parts.append(_lower(percent_words(asset_state(asset).word)))
    if asset.state is AssetState.UPLOADING and asset.eta is not None:
        parts.append(f"{format_wait(asset.eta)} left")
    if asset.state is AssetState.FAILED and asset.problem is not None:
        parts.append(sentence(asset.problem))
    return ", ".join([*parts, *(_lower(words) for words in (asset_reused(asset), asset_kept(asset)) if words)])


def asset_counts(count: int, size: int) -> str:
    """`6 videos · 12.4 GB`, `size` in bytes; empty where there is none."""
    return _counts(count, size)


# Runs


def run_state(run: Run, asset: Asset | None = None) -> StateWords:
    """`asset` is the run's video, where it is still in the queue."""
    match run.state:
        case RunState.WAITING:
            return StateWords(_run_waits_for(run, asset), icon="clock")
        case RunState.STARTING:
            return StateWords("Starting", icon="clock")
        case RunState.UNCONFIRMED:
            return StateWords("Unconfirmed", StateKind.WARNING, "triangle-alert")
        case RunState.RUNNING:
            return StateWords(_running_word(run), StateKind.ACTIVE, progress=run.per_mille or 0)
        case RunState.COLLECTING:
            return StateWords("Listing the outputs", StateKind.ACTIVE, progress=1000)
        case RunState.FINISHED:
            return StateWords("Finished", StateKind.GOOD, "circle-check")
        case RunState.FAILED:
            return StateWords(_failed_run_word(run), StateKind.BAD, "circle-alert")
        case RunState.DROPPED:
            return StateWords("Set aside", icon="circle-x")


def run_reason(run: Run) -> str:
    """Why a run failed, waits or needs the user, as a sentence; empty where there is nothing to explain."""
    if run.state is RunState.UNCONFIRMED:
        return UNCONFIRMED
    node = run.current_node
    of_the_run = run.problem is None or run.problem.code == Code.RUN_FAILED
    if run.state is RunState.FAILED and node is not None and node.error and of_the_run:
        return node.error
    return sentence(run.problem) if run.problem is not None else ""


def run_sentence(run: Run, asset: Asset | None, now: float) -> str:
    """`Reframe on street.mp4, find the subject, 54 percent, 1:12 so far`. `now`: seconds since the epoch."""
    words = _lower(percent_words(run_state(run, asset).word)).replace(" · ", ", ")
    parts = (f"{run.spec.title} on {run.asset_name}", words, run_time(run, now))
    return ", ".join(part for part in parts if part)


def run_time(run: Run, now: float) -> str:
    """`1:12 so far`, `took 0:41`; empty where `run_elapsed` is. `now`: seconds since the epoch."""
    elapsed = run_elapsed(run, now)
    return "" if not elapsed else f"took {elapsed}" if run.has_ended else f"{elapsed} so far"


def run_elapsed(run: Run, now: float) -> str:
    """`1:12`; empty before it started, and where nobody heard when it ended. `now`: seconds since the epoch."""
    elapsed = run.elapsed(now)
    return "" if elapsed is None else format_duration(elapsed)


def run_counts(in_state: Mapping[RunState, int]) -> str:
    """`2 going · 3 waiting · 41 finished`; states that nobody is in are left out."""
    counts = {
        "going": sum(in_state.get(state, 0) for state in GOING_RUN_STATES),
        "waiting": in_state.get(RunState.WAITING, 0),
        "unconfirmed": in_state.get(RunState.UNCONFIRMED, 0),
        "failed": in_state.get(RunState.FAILED, 0),
        "finished": in_state.get(RunState.FINISHED, 0),
    }
    return " · ".join(f"{count:,} {word}" for word, count in counts.items() if count)


def _run_waits_for(run: Run, asset: Asset | None) -> str:
    if run.problem is not None:
        return waiting_for(run.problem)
    if asset is not None and asset.state is AssetState.PAUSED:
        return "Its upload is paused"
    return "Waiting to start" if asset is None or asset.state is AssetState.READY else "Waiting for the upload"


def _running_word(run: Run) -> str:
    node = run.current_node
    word = node.name if node is not None else (run.word.replace("_", " ").capitalize() or "Running")
    # In front, since behind the name of a step it would be taken for that of the step alone.
    return word if run.per_mille is None else f"{format_percent(run.per_mille)} · {word}"


def _failed_run_word(run: Run) -> str:
    node = run.current_node
    return f"Failed at {node.name}" if node is not None and node.error else failed_because(run.problem)


# Outputs


def output_state(output: Output) -> StateWords:
    match output.state:
        case OutputState.WAITING:
            return StateWords(waiting_for(output.problem) if output.problem else "Waiting to download", icon="clock")
        case OutputState.DOWNLOADING:
            done = output.per_mille
            word = "Downloading" if done is None else f"Downloading {format_percent(done)}"
            return StateWords(word, StateKind.ACTIVE, "", _speed(output.rate, output.eta, " left"), done or 0)
        case OutputState.PAUSED:
            return StateWords("Paused", icon="pause", right=kept_words(output), progress=kept_share(output))
        case OutputState.SAVED:
            return StateWords("Saved", StateKind.GOOD, "circle-check")
        case OutputState.FAILED:
            return StateWords(failed_because(output.problem), StateKind.BAD, "circle-alert", kept_words(output))
        case OutputState.CANCELLED:
            return StateWords("Download cancelled", icon="circle-x")


def kept_words(output: Output) -> str:
    """`12.3 of 40 MB kept`: what a paused or failed download goes on from; empty where it would begin anew."""
    if output.state not in {OutputState.PAUSED, OutputState.FAILED} or not output.bytes_kept:
        return ""
    part = format_part(output.bytes_kept, output.size) if output.size else format_bytes(output.bytes_kept)
    return f"{part} kept"


def kept_share(output: Output) -> int:
    """Per mille of a download that `kept_words` speaks of."""
    return min(999, output.bytes_kept * 1000 // output.size) if kept_words(output) and output.size else 0


def output_facts(output: Output) -> str:
    """`0:48 · 1080×1920 · 31 MB`, as far as known."""
    facts = _media_facts(output.media)[:2]
    if not facts and output.duration is not None:
        facts = [format_duration(output.duration)]
    return " · ".join([*facts, format_bytes(output.size)] if output.size else facts)


def output_sentence(output: Output) -> str:
    parts = [output.file_name, *([facts] if (facts := output_facts(output)) else [])]
    parts.append(_lower(percent_words(output_state(output).word)))
    if output.state is OutputState.DOWNLOADING and output.eta is not None:
        parts.append(f"{format_wait(output.eta)} left")
    if kept := kept_words(output):
        parts.append(kept)
    if output.state is OutputState.FAILED and output.problem is not None:
        parts.append(sentence(output.problem))
    return ", ".join(parts).replace(" · ", ", ")


def output_counts(count: int, size: int) -> str:
    """`43 videos · 6.1 GB`, `size` in bytes; empty where there is none."""
    return _counts(count, size)


# The rest of the window


def run_button(count: int) -> str:
    """What the primary button will do."""
    return f"Run on {plural(count, 'video')}" if count else "Run"


def checked_words(runnable: int, checked: int) -> str:
    """`2 videos checked`; `1 of 3 checked can run` where a run cannot be asked for the others."""
    if runnable == checked:
        return f"{plural(checked, 'video')} checked" if checked else "No video checked"
    if checked == 1:
        return "The checked video cannot run"
    return f"{f'{runnable:,}' if runnable else 'None'} of {checked:,} checked can run"


def runs_started(count: int) -> str:
    return f"{plural(count, 'run')} started"


def held_words(runs: int) -> str:
    """What is said above the pages while spending is held."""
    waiting = f"{plural(runs, 'run')} {'waits' if runs == 1 else 'wait'}" if runs else "new runs wait"
    return f"Out of credits: {waiting}, and nothing is charged. Top up at Mosaic, then press Continue."


def refused_words(refused: Iterable[tuple[str, Problem]], names: int = 3, reasons: int = 6) -> str:
    """Why things were not added: one in a sentence; several by their reasons, the first few of each by name."""
    by_reason: dict[str, list[str]] = {}
    for offered, problem in refused:
        by_reason.setdefault(sentence(problem), []).append(_short(offered))
    lines = [f"{_first(offered, names)}: {reason}" for reason, offered in by_reason.items()]
    count = sum(map(len, by_reason.values()))
    if count == 1:
        return f"Not added. {lines[0]}"
    unsaid = sum(map(len, list(by_reason.values())[reasons:]))
    listed = [*lines[:reasons], f"… and {unsaid:,} more"] if unsaid else lines
    return "\n".join([f"{plural(count, 'thing')} were not added.", *listed])


def _first(names: Sequence[str], shown: int) -> str:
    """`a, b, c and 4 more`"""
    listed = ", ".join(names[:shown])
    return f"{listed} and {len(names) - shown:,} more" if len(names) > shown else listed


def activity_words(activity: Activity) -> tuple[str, ...]:
    """The parts of the status line: `2 uploads · 41.8 MB/s`, `1 download · 12.3 MB/s`, `3 runs going`."""
    parts = []
    if activity.uploads:
        parts.append(_moving("upload", activity.uploads, activity.upload_rate))
    if activity.downloads:
        parts.append(_moving("download", activity.downloads, activity.download_rate))
    if activity.runs:
        parts.append(f"{plural(activity.runs, 'run')} going")
    return tuple(parts)


def limit_words(limits: TransferLimits) -> tuple[str, ...]:
    """Limits that are on, for the status line: one that nobody sees is soon forgotten."""
    up, down = (None if rate is None else format_rate(rate) for rate in (limits.upload_rate, limits.download_rate))
    if up is not None and up == down:
        return (f"limited to {up} each way",)
    return tuple(f"{noun} limited to {rate}" for noun, rate in (("uploads", up), ("downloads", down)) if rate)


def searchable(row: Asset | Run | Output) -> str:
    """What a search looks through, folded for comparison."""
    match row:
        case Asset():
            words = (row.name, row.link or "", asset_state(row).word)
        case Run():
            words = (row.spec.title, row.asset_name, run_state(row).word)
        case Output():
            words = (row.file_name, output_state(row).word, "")
    return "\n".join(words).casefold()


# Inside


def _media_facts(media: MediaInfo | None) -> list[str]:
    if media is None:
        return []
    return [*_length(media), f"{media.width}×{media.height}", codec_name(media.video_codec)]


def _length(media: MediaInfo | None) -> list[str]:
    return [format_duration(media.duration)] if media is not None and media.duration is not None else []


def _speed(rate: float | None, eta: float | None, ending: str = "") -> str:
    parts = [format_rate(rate)] if rate is not None else []
    return " · ".join([*parts, f"{format_wait(eta)}{ending}"] if eta is not None else parts)


def _moving(noun: str, count: int, rate: float) -> str:
    """Without a rate while none is known yet, or nothing moves: what is there waits for an answer."""
    return f"{plural(count, noun)} · {format_rate(rate)}" if rate else plural(count, noun)


def _short(name: str) -> str:
    """`name` on one line. Both ends tell files apart, so the middle is left out."""
    line = " ".join(name.split())
    half = _NAME_LENGTH // 2
    return line if len(line) <= _NAME_LENGTH else f"{line[:half].rstrip()}…{line[-half:].lstrip()}"


def _counts(count: int, size: int) -> str:
    if not count:
        return ""
    return f"{plural(count, 'video')} · {format_bytes(size)}" if size else plural(count, "video")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
