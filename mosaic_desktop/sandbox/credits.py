"""Credits: what runs cost and what is left (contract: "Quotas").

A run is charged when it starts, node by node, by the started minutes of its video and the price of each node. When it
fails, the nodes that did not finish give back what they took. Each node remembers whether it is paid, so that nothing
is given back twice or paid twice, whenever the server is killed. Used within a transaction of the caller.
"""

import math

from mosaic_desktop.sandbox.database import Database
from mosaic_desktop.sandbox.errors import ApiError

# What has not started, is not paid and does not wait for a node that failed.
_DUE = """
WITH RECURSIVE held (id) AS (
    SELECT id FROM nodes WHERE run_id = ? AND status = 'failed'
    UNION SELECT edges.target FROM edges JOIN held ON edges.source = held.id)
SELECT id, price FROM nodes WHERE run_id = ? AND status = 'not_started' AND NOT paid AND id NOT IN (SELECT id FROM held)
"""


def started_minutes(duration_ms: int | None) -> int:
    """What is charged for: a minute that began counts in full, and a video of unknown length as one."""
    return max(1, math.ceil((duration_ms or 0) / 60_000))


class Credits:
    """The balances of all accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def balance(self, account_id: str) -> float:
        row = self._database.row("SELECT credits FROM accounts WHERE id = ?", account_id)
        assert row is not None
        return float(row["credits"])

    def charge(self, run_id: str) -> None:
        """Pay for all nodes that are about to run and are not paid. Raises 403 `insufficient_credits`."""
        run = self._database.row("SELECT account_id FROM runs WHERE id = ?", run_id)
        assert run is not None
        due = self._database.rows(_DUE, run_id, run_id)
        price, left = sum(node["price"] for node in due), self.balance(run["account_id"])
        if left < price:
            raise ApiError(403, "insufficient_credits", f"This takes {price:g} credits, and {left:g} are left.")
        self._database.write("UPDATE accounts SET credits = credits - ? WHERE id = ?", price, run["account_id"])
        for node in due:
            self._database.write("UPDATE nodes SET paid = 1 WHERE id = ?", node["id"])

    def give_back(self, run_id: str) -> None:
        """Return what the nodes that did not finish took."""
        unspent = "run_id = ? AND paid AND status != 'completed'"
        self._database.write(
            "UPDATE accounts SET credits = credits + "
            f"(SELECT coalesce(sum(price), 0) FROM nodes WHERE {unspent}) "
            "WHERE id = (SELECT account_id FROM runs WHERE id = ?)",
            run_id, run_id,
        )  # fmt: skip
        self._database.write(f"UPDATE nodes SET paid = 0 WHERE {unspent}", run_id)
