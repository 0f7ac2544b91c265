"""What the server answers to a mistake of its own."""

import asyncio
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from mosaic_desktop.sandbox.app import build_app
from mosaic_desktop.sandbox.building import build_services
from mosaic_desktop.sandbox.database import open_database
from mosaic_desktop.sandbox.options import Options
from tests.sandbox.client import refusal
from tests.sandbox.test_storage import code


@pytest.mark.expect_log("Cannot operate on a closed database")
def test_a_mistake_of_the_server_has_its_code(tmp_path: Path) -> None:
    database = open_database(tmp_path / "sandbox.db", 0, lambda: False)
    app = build_app(build_services(database, Options(tmp_path), "http://127.0.0.1:1"))
    database.close()

    async def ask(method: str, path: str, below: str = "api") -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://mosaic/{below}") as client:
            headers = {"Origin": "https://studio.example.org"}
            if below == "api":
                headers["X-API-Key"] = "mk_live_any"
            return await client.request(method, path, headers=headers)

    calls = {"GET /get-user-agents-simple": "internal_server_error"}
    calls[f"POST /retry-agent-run-node/{uuid4()}"] = "internal_error"
    for call, word in calls.items():
        response = asyncio.run(ask(*call.split()))
        assert refusal(response) == (500, word)
        assert response.headers["access-control-allow-origin"] == "*", "a page may read that too"
    storage = asyncio.run(ask("PUT", "/uploads/1?upload_id=2", below="storage"))
    assert code(storage) == (500, "InternalError")
