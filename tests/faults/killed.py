"""The program that is killed: an engine with its real journal, API layer and transfers, in a process of its own.

Everything that it shows is in ``seen`` before anything else happens, as it would be on a screen.
"""

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mosaic_desktop.api.client import ClassicMosaic
from mosaic_desktop.core.asset import BUSY_ASSET_STATES
from mosaic_desktop.core.clock import SystemClock
from mosaic_desktop.core.events import Event, RowChanged
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.core.run import BUSY_RUN_STATES, RunSpec, RunState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.journal import SqliteJournal
from mosaic_desktop.transfers.curl import CurlTransfers
from mosaic_desktop.transfers.process import TransferProcess
from tests.faults.talk import AGENT
from tests.faults.vaults import FileVault
from tests.support.fakes import FakeProbe

SPEC = RunSpec(agent_id=AGENT["id"], agent_name=AGENT["name"])


@dataclass(frozen=True, slots=True)
class Root:
    """One user's folders, and the Mosaic that they work with. ``apart``: bytes move in a process of their own,
    as in the application, which takes a while to begin.
    """

    folder: Path
    base_url: str
    apart: bool = False

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"

    @property
    def outputs(self) -> Path:
        return self.folder / "outputs"

    @property
    def seen(self) -> Path:
        return self.folder / "seen.jsonl"


def live(root: Root, videos: Sequence[Path], started: dict[str, str]) -> None:
    """Adds ``videos``, runs the agent once on each, and ends when nothing is left to do by itself.

    ``started``: what the user found out about runs that are unconfirmed, by the name of their video: the run's id, or
    nothing where none was started. Empty: they are left alone.
    """
    asyncio.run(_live(root, videos, started))


async def _live(root: Root, videos: Sequence[Path], started: dict[str, str]) -> None:
    seen = os.open(root.seen, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def show(event: Event) -> None:
        if isinstance(event, RowChanged):
            row = event.row
            os.write(seen, f"{json.dumps([type(row).__name__, row.id, row.state])}\n".encode())

    database = SqliteDatabase(root.journal)
    await database.open()
    service = ClassicMosaic(root.base_url, Secret("mk_test_0123456789abcdef"))
    transfers = TransferProcess() if root.apart else CurlTransfers()
    engine = Engine(
        EngineParts(
            service=service,
            journal=SqliteJournal(database, "account"),
            transfers=transfers,
            probe=FakeProbe(MediaInfo(14.0, 1920, 1080, "h264", "aac", 25.0)),
            clock=SystemClock(),
            thumbnails=root.folder,
            output_folder=lambda: root.outputs,
            pace=0.03,
            links=FileVault(root.folder / "vault"),
            retry=RetryPolicy(first=0.05, longest=0.2),
        )
    )
    engine.subscribe(show)
    await engine.start()
    added = await engine.add(videos)
    wanted = {run.asset_id for run in engine.store.runs()}
    engine.run([asset_id for asset_id in added if asset_id not in wanted], SPEC)
    for run in tuple(engine.store.runs()):
        if run.state is RunState.UNCONFIRMED and run.asset_name in started:
            if run_id := started[run.asset_name]:
                engine.adopt(run.id, run_id)
            else:
                engine.start_again(run.id)
    while _is_busy(engine):  # noqa: ASYNC110 - the sum of many rows has no event
        await asyncio.sleep(0.005)
    await engine.stop()
    await transfers.aclose()
    await service.aclose()
    await database.aclose()


def _is_busy(engine: Engine) -> bool:
    return (
        any(engine.store.assets_in(*BUSY_ASSET_STATES))
        or any(engine.store.runs_in(*BUSY_RUN_STATES))
        or any(engine.store.outputs_in(*BUSY_OUTPUT_STATES))
    )
