"""Runs and their nodes: creation, states, retries and what they brought (contract: "Agents and runs").

Rules and rows only; `scheduler` does the work.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import uuid4

from mosaic_desktop.sandbox.accounts import Account
from mosaic_desktop.sandbox.agents import Agent
from mosaic_desktop.sandbox.clock import now
from mosaic_desktop.sandbox.database import Database, Row
from mosaic_desktop.sandbox.errors import ApiError, forbidden, not_found

MAX_RUNNING = 10
MAX_RETRIES = 3


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A checked wish. `automatic` names the parameters that the steps may choose by themselves."""

    agent: Agent
    agent_id: str
    file_id: str
    project_id: str
    parameters: Mapping[str, object]
    automatic: Collection[str] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Render:
    """A finished video of a node, with the storage keys of its files."""

    video_key: str
    thumbnail_key: str
    file_name: str
    duration_ms: int
    file_size: int


class Runs:
    """All runs of all accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, account: Account, wish: RunRequest) -> Row:
        """A run with its nodes; raises 403 `concurrent_agent_limit`."""
        running = "SELECT count(*) FROM runs WHERE account_id = ? AND status = 'running'"
        if self._database.count(running, account.id) >= MAX_RUNNING:
            raise ApiError(403, "concurrent_agent_limit", f"{MAX_RUNNING} runs are under way, the most at once.")
        run_id = str(uuid4())
        with self._database.transaction():
            self._database.write(
                "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, NULL)",
                run_id, account.id, wish.agent_id, wish.agent.kind, wish.file_id, json.dumps(dict(wish.parameters)),
                json.dumps(sorted(wish.automatic)), wish.note, wish.project_id, str(uuid4()), now(),
            )  # fmt: skip
            self._create_nodes(run_id, wish.agent)
        return self._run(run_id)

    def _create_nodes(self, run_id: str, agent: Agent) -> None:
        ids = {node.type: str(uuid4()) for node in agent.nodes}
        for position, node in enumerate(agent.nodes):
            self._database.write(
                "INSERT INTO nodes (id, run_id, position, type, name) VALUES (?, ?, ?, ?, ?)",
                ids[node.type], run_id, position, node.type, node.name,
            )  # fmt: skip
            for source in node.after:
                self._database.write("INSERT INTO edges VALUES (?, ?, ?)", run_id, ids[source], ids[node.type])

    def get(self, account: Account, run_id: str) -> Row:
        """A run of this account; raises 404 or 403."""
        run = self._database.row("SELECT * FROM runs WHERE id = ?", run_id)
        if run is None:
            raise not_found("run")
        if run["account_id"] != account.id:
            raise forbidden("run")
        return run

    def node(self, account: Account, node_id: str) -> Row:
        """A node of a run of this account; raises 404 or 403."""
        node = self._database.row("SELECT * FROM nodes WHERE id = ?", node_id)
        if node is None:
            raise not_found("node")
        self.get(account, node["run_id"])
        return node

    def _run(self, run_id: str) -> Row:
        run = self._database.row("SELECT * FROM runs WHERE id = ?", run_id)
        assert run is not None
        return run

    def unfinished(self) -> list[Row]:
        return self._database.rows("SELECT * FROM runs WHERE status = 'running' ORDER BY created_at")

    def nodes(self, run_id: str) -> list[Row]:
        return self._database.rows("SELECT * FROM nodes WHERE run_id = ? ORDER BY position", run_id)

    def edges(self, run_id: str) -> list[Row]:
        return self._database.rows("SELECT source, target FROM edges WHERE run_id = ?", run_id)

    def ready(self, run_id: str) -> list[Row]:
        """Nodes that could start: not started, and everything before them is complete."""
        return self._database.rows(
            "SELECT * FROM nodes WHERE run_id = ? AND status = 'not_started' AND NOT EXISTS (SELECT 1 FROM edges "
            "JOIN nodes before ON before.id = edges.source "
            "WHERE edges.target = nodes.id AND before.status != 'completed') ORDER BY position",
            run_id,
        )

    def busy(self, run_id: str) -> bool:
        """Whether any node of the run is at work."""
        return self._database.count("SELECT count(*) FROM nodes WHERE run_id = ? AND status = 'running'", run_id) > 0

    def before(self, node_id: str) -> list[Row]:
        """The nodes that this one takes its input from."""
        return self._database.rows(
            "SELECT nodes.* FROM edges JOIN nodes ON nodes.id = edges.source WHERE edges.target = ?", node_id
        )

    def renders(self, run_id: str) -> list[Row]:
        """Outputs in graph order: node_id, file_id, duration_ms, file_size, thumbnail_key, object_key, file_name."""
        return self._database.rows(
            "SELECT outputs.*, files.object_key, files.file_name FROM outputs JOIN files ON files.id = outputs.file_id "
            "JOIN nodes ON nodes.id = outputs.node_id WHERE nodes.run_id = ? ORDER BY nodes.position",
            run_id,
        )

    # What the scheduler reports.

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

    def complete_node(self, node_id: str, render: Render | None) -> None:
        """The node is done, and its video, if it made one, is an output and a file for further runs."""
        with self._database.transaction():
            self._database.write(
                "UPDATE nodes SET status = 'completed', progress = 1, retrying = 0, finished_at = ? WHERE id = ?",
                now(), node_id,
            )  # fmt: skip
            if render is not None:
                self._add_output(node_id, render)

    def _add_output(self, node_id: str, render: Render) -> None:
        file_id = str(uuid4())
        self._database.write(
            "INSERT INTO files SELECT ?, runs.account_id, NULL, ?, ?, runs.project_id FROM nodes "
            "JOIN runs ON runs.id = nodes.run_id WHERE nodes.id = ?",
            file_id, render.file_name, render.video_key, node_id,
        )  # fmt: skip
        self._database.write(
            "INSERT INTO outputs VALUES (?, ?, ?, ?, ?)",
            file_id, node_id, render.thumbnail_key, render.duration_ms, render.file_size,
        )  # fmt: skip

    def settle(self, run_id: str) -> None:
        """Close a run in which nothing runs and nothing can start."""
        failed = self._database.count("SELECT count(*) FROM nodes WHERE run_id = ? AND status = 'failed'", run_id)
        self._database.write(
            "UPDATE runs SET status = ?, finished_at = ? WHERE id = ?", "failed" if failed else "success", now(), run_id
        )

    def recover(self) -> None:
        """After a restart: nodes that were running when the server ended start again."""
        self._database.write(
            "UPDATE nodes SET status = 'not_started', progress = 0, frames_done = NULL, started_at = NULL "
            "WHERE status = 'running'"
        )

    def retry(self, node: Row) -> bool:
        """Put a failed node and all that follows it back; False when its retry is under way already.

        Raises 400 `invalid_state` or 403 `too_many_retries` (contract: "retry-agent-run-node").
        """
        if node["retrying"]:
            return False
        if node["status"] != "failed":
            raise ApiError(400, "invalid_state", f"Only a failed node can be retried; this one is {node['status']}.")
        under_way = "SELECT count(*) FROM nodes WHERE run_id = ? AND retrying"
        if self._database.count(under_way, node["run_id"]) >= MAX_RETRIES:
            raise ApiError(
                403, "too_many_retries", f"{MAX_RETRIES} nodes of this run are being retried, the most at once."
            )
        with self._database.transaction():
            self._reset_downstream(node["id"])
            self._database.write("UPDATE nodes SET retrying = 1 WHERE id = ?", node["id"])
            self._database.write("UPDATE runs SET status = 'running', finished_at = NULL WHERE id = ?", node["run_id"])
        return True

    def _reset_downstream(self, node_id: str) -> None:
        self._database.write(
            "WITH RECURSIVE later (id) AS (VALUES (?) UNION SELECT edges.target FROM edges JOIN later "
            "ON edges.source = later.id) UPDATE nodes SET status = 'not_started', progress = 0, error = NULL, "
            "frames_done = NULL, frames_total = NULL, started_at = NULL, finished_at = NULL "
            "WHERE id IN (SELECT id FROM later)",
            node_id,
        )
