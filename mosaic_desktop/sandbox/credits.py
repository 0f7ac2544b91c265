"""Credits: what runs cost and what is left (contract: "Quotas").

A run is charged when it starts, node by node, by the started minutes of its video and the price of each node. When it
fails, the nodes that did not finish give back what they took. Each node remembers whether it is paid, so that nothing
is given back twice or paid twice, whenever the server is killed. Used within a transaction of the caller.
"""

import math

from mosaic_desktop.sandbox.database import Database
from mosaic_desktop.sandbox.errors import ApiError


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
        due = self._database.row(
            "SELECT runs.account_id, sum(nodes.price) AS price FROM nodes JOIN runs ON runs.id = nodes.run_id "
            "WHERE run_id = ? AND nodes.status = 'not_started' AND NOT nodes.paid GROUP BY runs.account_id",
            run_id,
        )
        if due is None:
            return
        left = self.balance(due["account_id"])
        if left < due["price"]:
            raise ApiError(403, "insufficient_credits", f"This takes {due['price']:g} credits, and {left:g} are left.")
        self._database.write("UPDATE accounts SET credits = credits - ? WHERE id = ?", due["price"], due["account_id"])
        self._database.write("UPDATE nodes SET paid = 1 WHERE run_id = ? AND status = 'not_started'", run_id)

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
