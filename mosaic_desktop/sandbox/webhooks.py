"""Telling the webhook of the key that started a run how it ended (contract: "Webhooks").

What is to be told lies in the database and outlives the server; each try asks anew where to and with which links. A
key that was revoked tells nothing any more. A delivery that was received right before a kill is sent once more.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import time
from collections import defaultdict

from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.sandbox.api_keys import ApiKeys
from mosaic_desktop.sandbox.database import Database, Row
from mosaic_desktop.sandbox.outputs import Outputs
from mosaic_desktop.sandbox.posting import post

_log = logging.getLogger(__name__)
# Minutes to wait after each try that failed, but the last.
_WAITS = (1, 2, 4, 8, 16)
# How many are on their way at once, to a receiver that is slow and altogether: an outage may leave very many.
_AT_ONCE_OF_KEY = 4
_AT_ONCE = 32
_OF_OUTPUT = ("node_id", "file_id", "download_url", "thumbnail_url")


class Webhooks:
    """One task a delivery, so that no receiver holds up another. `minute` is how many seconds one lasts here."""

    def __init__(self, database: Database, keys: ApiKeys, outputs: Outputs, minute: float) -> None:
        self._database = database
        self._keys = keys
        self._outputs = outputs
        self._minute = minute
        self._under_way: set[int] = set()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._slots_of_keys = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(_AT_ONCE_OF_KEY))
        self._tasks = TaskScope("webhooks")

    def send(self) -> None:
        """Take up all that is in line and not under way."""
        for delivery in self._database.rows("SELECT id FROM deliveries"):
            if delivery["id"] not in self._under_way:
                self._under_way.add(delivery["id"])
                self._tasks.start(self._deliver(delivery["id"]), f"delivery-{delivery['id']}")

    async def stop(self) -> None:
        """What was not received stays in line for the next start."""
        await self._tasks.aclose(timeout=1)

    async def _deliver(self, number: int) -> None:
        """Try until it is received, was tried often enough, or nobody wants it any more."""
        try:
            while (delivery := self._in_line(number)) is not None:
                # However wrong the clock was when the time was set, no wait is longer than the longest.
                await asyncio.sleep(min(delivery["due_at"] - time.time(), _WAITS[-1] * self._minute))
                async with self._slots_of_keys[delivery["key_id"]], self._slots:
                    if (delivery := self._in_line(number)) is not None:
                        await self._try(delivery)
        finally:
            self._under_way.discard(number)

    def _in_line(self, number: int) -> Row | None:
        return self._database.row("SELECT * FROM deliveries WHERE id = ?", number)

    async def _try(self, delivery: Row) -> None:
        key = self._database.row("SELECT * FROM keys WHERE id = ?", delivery["key_id"])
        secret = key and self._keys.signing_secret(key)
        if not (key and key["webhook_url"] and secret):
            return self._remove(delivery)
        body = json.dumps(self._describe(delivery)).encode()
        headers = {"Content-Type": "application/json", "X-Mosaic-Signature": signature(secret, body, int(time.time()))}
        status = await post(key["webhook_url"], body, headers)
        if status is not None and 200 <= status < 300:
            return self._remove(delivery)
        tries = delivery["tries"]
        _log.info("delivery %d, try %d: %s", delivery["id"], tries + 1, status or "no answer")
        if tries == len(_WAITS):
            return self._remove(delivery)
        due_at = time.time() + _WAITS[tries] * self._minute
        self._database.write(
            "UPDATE deliveries SET tries = ?, due_at = ? WHERE id = ?", tries + 1, due_at, delivery["id"]
        )
        return None

    def _remove(self, delivery: Row) -> None:
        self._database.write("DELETE FROM deliveries WHERE id = ?", delivery["id"])

    def _describe(self, delivery: Row) -> dict[str, object]:
        run_id = delivery["run_id"]
        if delivery["status"] == "failed":
            return {
                "event": "agent_run.failed",
                "agent_run_id": run_id,
                "status": "failed",
                "error_message": delivery["error_message"],
            }
        outputs = [{name: output[name] for name in _OF_OUTPUT} for output in self._outputs.of_run(run_id)]
        return {"event": "agent_run.completed", "agent_run_id": run_id, "status": "success", "outputs": outputs}


def signature(secret: bytes, body: bytes, at: int) -> str:
    """The header that proves a delivery; `at` is in seconds since 1970."""
    digest = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
