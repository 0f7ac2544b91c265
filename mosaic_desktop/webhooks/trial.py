"""A delivery that the application sends to itself, as the service would send one."""

import http.client
import json
import uuid
from urllib.parse import urlsplit

from mosaic_desktop.core.errors import Code, MosaicError

_SECONDS = 15.0


def trial() -> tuple[str, bytes]:
    """A run id that no service gives out, and the body of a delivery for it."""
    run_id = f"test-{uuid.uuid4()}"
    body = {"event": "agent_run.completed", "agent_run_id": run_id, "status": "success", "outputs": []}
    return run_id, json.dumps(body).encode()


def post(url: str, headers: dict[str, str], body: bytes) -> int:
    """Blocks; returns the status. Asks no proxy, since it stays on this computer. Raises MosaicError:
    RECEIVER_FAILED.
    """
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_SECONDS)
    try:
        connection.request("POST", parts.path, body, {"Content-Type": "application/json", **headers})
        with connection.getresponse() as response:
            return response.status
    except (OSError, http.client.HTTPException) as error:
        raise MosaicError(Code.RECEIVER_FAILED, retryable=True) from error
    finally:
        connection.close()
