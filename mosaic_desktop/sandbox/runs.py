"""Runs and their nodes: creation, states, retries and what they brought (contract: "Agents and runs").

Rules and rows only; `scheduler` does the work, and `run_reports` keeps what it tells.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from mosaic_desktop.sandbox.accounts import Account, Caller
from mosaic_desktop.sandbox.agents import Agent, Node
from mosaic_desktop.sandbox.clock import now
from mosaic_desktop.sandbox.credits import Credits, started_minutes
from mosaic_desktop.sandbox.database import Database, Row
from mosaic_desktop.sandbox.errors import ApiError, forbidden, not_found

MAX_RUNNING = 10
MAX_RETRIES = 3
# A node and all that follow it.
_AND_LATER = (
    "WITH RECURSIVE later (id) AS (VALUES (?) UNION SELECT edges.target FROM edges JOIN later "
    "ON edges.source = later.id) SELECT id FROM later"
)


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


class Runs:
    """All runs of all accounts."""

    def __init__(self, database: Database, credits: Credits) -> None:
        self._database = database
        self._credits = credits

    def create(self, caller: Caller, wish: RunRequest, duration_ms: int | None) -> Row:
        """A run with its nodes, paid for by the length of its video.

        Raises 403 `concurrent_agent_limit` or `insufficient_credits`.
        """
        self._expect_room(caller.account.id)
        run_id = str(uuid4())
        with self._database.transaction():
            self._database.write(
                "INSERT INTO runs (id, account_id, agent_id, kind, file_id, parameters, automatic, note, status, "
                "project_id, group_id, created_at, key_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?)",
                run_id, caller.account.id, wish.agent_id, wish.agent.kind, wish.file_id,
                json.dumps(dict(wish.parameters)), json.dumps(sorted(wish.automatic)), wish.note, wish.project_id,
                str(uuid4()), now(), caller.key_id,
            )  # fmt: skip
            self._create_nodes(run_id, wish.agent.nodes_for(wish.parameters), started_minutes(duration_ms))
            self._credits.charge(run_id)
        return self._run(run_id)

    def _expect_room(self, account_id: str) -> None:
        running = "SELECT count(*) FROM runs WHERE account_id = ? AND status = 'running'"
        if self._database.count(running, account_id) >= MAX_RUNNING:
            raise ApiError(403, "concurrent_agent_limit", f"{MAX_RUNNING} runs are under way, the most at once.")

    def _create_nodes(self, run_id: str, nodes: Sequence[Node], minutes: int) -> None:
        ids = {node.type: str(uuid4()) for node in nodes}
        for position, node in enumerate(nodes):
            self._database.write(
                "INSERT INTO nodes (id, run_id, position, type, name, price) VALUES (?, ?, ?, ?, ?, ?)",
                ids[node.type], run_id, position, node.type, node.name, node.price * minutes,
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
            "JOIN nodes ON nodes.id = outputs.node_id WHERE nodes.run_id = ? ORDER BY nodes.position, outputs.rowid",
            run_id,
        )

    def retry(self, node: Row) -> bool:
        """Put a failed node and all that follows it back; False when its retry is under way already.

        What had been given back is charged again. Raises 400 `invalid_state`, 403 `too_many_retries` (contract:
        "retry-agent-run-node"), `insufficient_credits`, and `concurrent_agent_limit` where the run had ended.
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
        run = self._run(node["run_id"])
        if run["status"] != "running":
            self._expect_room(run["account_id"])
        with self._database.transaction():
            self._start_over(_AND_LATER, node["id"])
            self._credits.charge(run["id"])
            self._database.write("UPDATE nodes SET retrying = 1 WHERE id = ?", node["id"])
            # What was to be told about the run's end holds no longer.
            self._database.write("DELETE FROM deliveries WHERE run_id = ?", run["id"])
            self._database.write("UPDATE runs SET status = 'running', finished_at = NULL WHERE id = ?", node["run_id"])
        return True

    def recover(self) -> None:
        """After a restart: nodes that were running when the server ended start again."""
        self._start_over("SELECT id FROM nodes WHERE status = 'running'")

    def _start_over(self, which: str, *values: str) -> None:
        """`which` selects ids of nodes."""
        self._database.write(
            "UPDATE nodes SET status = 'not_started', progress = 0, error = NULL, frames_done = NULL, "
            f"frames_total = NULL, started_at = NULL, finished_at = NULL WHERE id IN ({which})",
            *values,
        )


def reason_of_failure(nodes: list[Row]) -> str:
    """Why a failed run failed, as a sentence."""
    return next((f"{node['name']} failed: {node['error']}" for node in nodes if node["error"]), "Failed.")
