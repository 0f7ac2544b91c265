"""What the scheduler tells about runs: nodes that begin, move on and end, and runs that end with them."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from mosaic_desktop.sandbox.clock import now
from mosaic_desktop.sandbox.credits import Credits
from mosaic_desktop.sandbox.database import Database
from mosaic_desktop.sandbox.runs import Runs, reason_of_failure


@dataclass(frozen=True, slots=True)
class Render:
    """A finished video of a node, with the storage keys of its files."""

    video_key: str
    thumbnail_key: str
    file_name: str
    duration_ms: int
    file_size: int


class RunReports:
    """Keeps what the scheduler reports."""

    def __init__(self, database: Database, runs: Runs, credits: Credits) -> None:
        self._database = database
        self._runs = runs
        self._credits = credits

    def begin_node(self, node_id: str) -> None:
        self._database.write("UPDATE nodes SET status = 'running', started_at = ? WHERE id = ?", now(), node_id)

    def advance_node(self, node_id: str, progress: float, done: int | None, total: int | None) -> None:
        """`progress` from 0 to 1; the counts are frames."""
        self._database.write(
            "UPDATE nodes SET progress = ?, frames_done = ?, frames_total = ? WHERE id = ?",
            progress, done, total, node_id,
        )  # fmt: skip

    def fail_node(self, node_id: str, sentence: str) -> None:
        self._database.write(
            "UPDATE nodes SET status = 'failed', error = ?, retrying = 0, finished_at = ? WHERE id = ?",
            sentence, now(), node_id,
        )  # fmt: skip

    def complete_node(self, node_id: str, renders: Iterable[Render], remark: str) -> None:
        """The node is done, and each of its videos is an output and a file for further runs. The sentences
        of the remark, a line each, are told with the run, each of them once.
        """
        with self._database.transaction():
            self._database.write(
                "UPDATE nodes SET status = 'completed', progress = 1, retrying = 0, finished_at = ? WHERE id = ?",
                now(), node_id,
            )  # fmt: skip
            for sentence in remark.splitlines():
                self._database.write(
                    "UPDATE runs SET note = trim(note || ' ' || ?) WHERE id = (SELECT run_id FROM nodes WHERE id = ?) "
                    "AND instr(note, ?) = 0",
                    sentence, node_id, sentence,
                )  # fmt: skip
            for render in renders:
                self._add_output(node_id, render)

    def _add_output(self, node_id: str, render: Render) -> None:
        file_id = str(uuid4())
        self._database.write(
            "INSERT INTO files (id, account_id, file_name, object_key, project_id, duration_ms) "
            "SELECT ?, runs.account_id, ?, ?, runs.project_id, ? FROM nodes "
            "JOIN runs ON runs.id = nodes.run_id WHERE nodes.id = ?",
            file_id, render.file_name, render.video_key, render.duration_ms, node_id,
        )  # fmt: skip
        self._database.write(
            "INSERT INTO outputs VALUES (?, ?, ?, ?, ?)",
            file_id, node_id, render.thumbnail_key, render.duration_ms, render.file_size,
        )  # fmt: skip

    def settle(self, run_id: str) -> None:
        """Close a run in which nothing runs and nothing can start: credits and webhook come with it."""
        nodes = self._runs.nodes(run_id)
        failed = any(node["status"] == "failed" for node in nodes)
        with self._database.transaction():
            self._database.write(
                "UPDATE runs SET status = ?, finished_at = ? WHERE id = ?",
                "failed" if failed else "success", now(), run_id,
            )  # fmt: skip
            if failed:
                self._credits.give_back(run_id)
            self._announce(run_id, reason_of_failure(nodes) if failed else "")

    def _announce(self, run_id: str, error_message: str) -> None:
        """Put a delivery in line if the key that started the run has a webhook."""
        self._database.write(
            "INSERT INTO deliveries (run_id, key_id, status, error_message, due_at) "
            "SELECT runs.id, keys.id, runs.status, ?, ? FROM runs JOIN keys ON keys.id = runs.key_id "
            "WHERE runs.id = ? AND keys.webhook_url IS NOT NULL",
            error_message, time.time(), run_id,
        )  # fmt: skip
