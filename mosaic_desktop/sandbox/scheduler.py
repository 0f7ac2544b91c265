"""Working through runs: nodes in graph order, a few at a time, and on from where a killed server stopped."""

import asyncio
import contextlib
import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.sandbox.agents import agent_of_kind
from mosaic_desktop.sandbox.database import Database, Row
from mosaic_desktop.sandbox.made import MadeVideo
from mosaic_desktop.sandbox.objects import Objects
from mosaic_desktop.sandbox.rendering import Job, StepError, Workers
from mosaic_desktop.sandbox.run_reports import Render, RunReports
from mosaic_desktop.sandbox.runs import Runs

_log = logging.getLogger(__name__)
_UNEXPECTED = "The local Mosaic could not finish this step. Try again."


class Scheduler:
    """One task a node. `slots` is how many nodes render at once; the data folder holds their results.

    `ended` is called after a run has ended. The workers are closed with the scheduler.
    """

    def __init__(
        self,
        database: Database,
        runs: Runs,
        reports: RunReports,
        objects: Objects,
        workers: Workers,
        slots: int,
        ended: Callable[[], None],
    ) -> None:
        self._database = database
        self._runs = runs
        self._reports = reports
        self._objects = objects
        self._workers = workers
        self._ended = ended
        self._slots = asyncio.Semaphore(slots)
        self._in_line: set[str] = set()
        self._stand_in = asyncio.Lock()
        self._tasks = TaskScope("rendering")

    def resume(self) -> None:
        """Take up all runs that an earlier server process left unfinished."""
        self._runs.recover()
        for run in self._runs.unfinished():
            self.advance(run["id"])

    def advance(self, run_id: str) -> None:
        """Put every node in line that can start; close the run when nothing runs and nothing can start."""
        ready = self._runs.ready(run_id)
        for node in ready:
            if node["id"] not in self._in_line:
                self._in_line.add(node["id"])
                self._tasks.start(self._perform(node), node["id"])
        if not ready and not self._runs.busy(run_id):
            self._reports.settle(run_id)
            self._ended()

    async def stop(self) -> None:
        """Kill what renders. The runs stay unfinished and go on at the next start."""
        await self._tasks.aclose(timeout=1)
        await self._workers.close()

    async def _perform(self, node: Row) -> None:
        try:
            async with self._slots:
                self._in_line.remove(node["id"])
                self._reports.begin_node(node["id"])
                renders, remark = await self._render(node)
            self._reports.complete_node(node["id"], renders, remark)
        except StepError as failure:
            self._reports.fail_node(node["id"], str(failure))
        except Exception:
            # One broken node must not stop the others, and the person gets a sentence in any case.
            _log.exception("node %s", node["id"])
            self._reports.fail_node(node["id"], _UNEXPECTED)
        if not self._tasks.closed:
            self.advance(node["run_id"])

    async def _render(self, node: Row) -> tuple[list[Render], str]:
        run = self._database.row("SELECT * FROM runs WHERE id = ?", node["run_id"])
        assert run is not None
        source, source_name = await self._source(run)
        finished = self._folder(node["id"])
        partial = finished.with_suffix(".part")
        _empty_folder(partial)
        job = Job(
            step=node["type"],
            source=source,
            result=partial,
            inputs={before["type"]: self._folder(before["id"]) for before in self._runs.before(node["id"])},
            parameters={**agent_of_kind(run["kind"]).defaults, **json.loads(run["parameters"])},
            automatic=tuple(json.loads(run["automatic"])),
        )
        try:
            rendered = await self._workers.render(job, lambda *state: self._reports.advance_node(node["id"], *state))
        except StepError:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        shutil.rmtree(finished, ignore_errors=True)
        partial.rename(finished)
        stem = f"{PurePosixPath(source_name).stem}-{run['kind'].replace('_', '-')}"
        return [self._keep(node, finished, video, stem) for video in rendered.videos], rendered.remark

    async def _source(self, run: Row) -> tuple[Path, str]:
        """The video that a run works on, and its name for people."""
        if run["file_id"].startswith("youtube_"):
            return await self._stand_in_clip(), f"{run['file_id']}.mp4"
        file = self._database.row("SELECT * FROM files WHERE id = ?", run["file_id"])
        assert file is not None
        return self._objects.path(file["object_key"]), file["file_name"]

    async def _stand_in_clip(self) -> Path:
        folder = self._objects.path("stand-in")
        async with self._stand_in:
            if not folder.exists():
                partial = folder.with_suffix(".part")
                _empty_folder(partial)
                await self._workers.render(Job(step="stand_in", source=partial, result=partial), lambda *_: None)
                partial.rename(folder)
        return folder / "stand-in.mp4"

    def _folder(self, node_id: str) -> Path:
        return self._objects.path(f"nodes/{node_id}")

    def _keep(self, node: Row, folder: Path, made: MadeVideo, stem: str) -> Render:
        key = f"nodes/{node['id']}"
        size = (folder / made.video).stat().st_size
        self._objects.record(f"{key}/{made.video}", size, made.video_sums, "video/mp4")
        picture_size = (folder / made.thumbnail).stat().st_size
        self._objects.record(f"{key}/{made.thumbnail}", picture_size, made.thumbnail_sums, "image/jpeg")
        return Render(
            video_key=f"{key}/{made.video}",
            thumbnail_key=f"{key}/{made.thumbnail}",
            file_name=f"{stem}-{made.label}.mp4" if made.label else f"{stem}.mp4",
            duration_ms=made.duration_ms,
            file_size=size,
        )


def _empty_folder(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(path)
    path.mkdir(parents=True)
