"""What stands around the lists: the Run button and what is said beside it, the status line, the hold on spending."""

from mosaic_desktop.core.activity import Activity
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.units import format_rate, plural


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


def runs_added(count: int) -> str:
    """Nothing of whether they have started: each may wait for its upload, a key, credits or another run's end."""
    return f"{plural(count, 'run')} added to Runs"


def held_words(runs: int) -> str:
    """What is said above the pages while spending is held."""
    waiting = f"{plural(runs, 'run')} {'waits' if runs == 1 else 'wait'}" if runs else "new runs wait"
    return f"Out of credits: {waiting}, and nothing is charged. Top up at Mosaic, then press Continue."


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


def _moving(noun: str, count: int, rate: float) -> str:
    """Without a rate while none is known yet, or nothing moves: what is there waits for an answer."""
    return f"{plural(count, noun)} · {format_rate(rate)}" if rate else plural(count, noun)
