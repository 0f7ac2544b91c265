"""The question before a profile is left: asked once, and only while its work goes on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from mosaic_desktop.core.asset import BUSY_ASSET_STATES, AssetState
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES
from mosaic_desktop.core.ports import Profile
from mosaic_desktop.core.run import BUSY_RUN_STATES, Run, RunState
from mosaic_desktop.core.units import listed, plural
from mosaic_desktop.gui import ask

if TYPE_CHECKING:
    from mosaic_desktop.jobs.engine import Engine
    from mosaic_desktop.jobs.store import Store

_MOVING = BUSY_ASSET_STATES | {AssetState.READY}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """How many of each go on, or would as soon as they can."""

    uploads: int = 0
    runs: int = 0
    downloads: int = 0

    @property
    def count(self) -> int:
        return self.uploads + self.runs + self.downloads


def unfinished(store: "Store") -> Unfinished:
    return Unfinished(
        uploads=len(store.assets_in(*BUSY_ASSET_STATES)),
        runs=sum(_goes_on(run, store) for run in store.runs_in(*BUSY_RUN_STATES)),
        downloads=sum(1 for _ in store.outputs_in(*BUSY_OUTPUT_STATES)),
    )


def work_words(work: Unfinished) -> str:
    """`2 uploads and 1 run`"""
    nouns = {"upload": work.uploads, "run": work.runs, "download": work.downloads}
    return listed([plural(count, noun) for noun, count in nouns.items() if count])


def under_way(work: Unfinished) -> str:
    """`2 uploads and 1 run are under way and stop here now.`"""
    return f"{work_words(work)} {'is under way and stops' if work.count == 1 else 'are under way and stop'} here now."


def continuing_words(work: Unfinished, profile: Profile, when: str) -> str:
    """What becomes of work that stops here, and `when` it continues."""
    words = f"{'it continues' if work.count == 1 else 'they continue'} when {when}."
    if work.runs and not profile.is_local:
        words += " Runs that have started go on at Mosaic in the meantime."
    return words


def leaving_words(work: Unfinished, profile: Profile) -> str:
    """What goes on, what becomes of it, and when it continues."""
    words = continuing_words(work, profile, f"you {_opening(profile)} again")
    return f"{under_way(work)} {words[0].upper()}{words[1:]}"


async def ask_to_leave(parent: QWidget, engine: "Engine", profile: Profile, to: Profile | None = None) -> bool:
    """Whether to leave, for `to` or for the ways in: at once where nothing goes on, else as the user says."""
    work = unfinished(engine.store)
    if not work.count:
        return True
    title, yes = (f"Switch to “{to.title}”?", "Switch") if to is not None else ("Leave this account?", "Leave")
    return await ask.confirm(parent, title, leaving_words(work, profile), yes, "Stay")


def _opening(profile: Profile) -> str:
    if profile.is_local:
        return "open the local Mosaic"
    return "enter this key" if profile.session_only else "open this account"


def _goes_on(run: Run, store: "Store") -> bool:
    """One that waits for an upload which the user holds, or which failed, does not."""
    if run.state is not RunState.WAITING:
        return True
    asset = store.asset(run.asset_id)
    return asset is not None and asset.state in _MOVING
