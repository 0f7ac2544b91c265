"""Programs in web pages of any origin are let in to everything but the administration."""

import httpx
import pytest

from tests.sandbox.client import Client
from tests.support.sandbox_server import RunningSandbox
from tests.support.waiting import PATIENCE

ORIGIN = "https://studio.example.org"


def preflight(url: str, method: str, headers: str, **more: str) -> httpx.Response:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return httpx.options(url, headers={**asked, **more}, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/api/run-agent", "POST", "authorization,content-type"),
        ("/api/dev/keys/1", "PATCH", "authorization,content-type"),
        ("/api/dev/keys/1", "DELETE", "x-api-key"),
        ("/auth/v1/token", "POST", "apikey,content-type"),
        ("/storage/uploads/1", "PUT", "content-range,content-type"),
        ("/storage/uploads/1", "GET", "if-range,range"),
    ],
)
def test_a_browser_is_told_that_it_may_ask(server: RunningSandbox, path: str, method: str, headers: str) -> None:
    response = preflight(f"{origin(server)}{path}", method, headers)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] in ("*", ORIGIN)
    assert method in listed(response, "access-control-allow-methods")
    assert set(headers.split(",")) <= listed(response, "access-control-allow-headers")


def test_a_page_of_the_network_may_ask_this_computer(server: RunningSandbox) -> None:
    asked = {"Access-Control-Request-Private-Network": "true"}
    response = preflight(f"{origin(server)}/api/run-agent", "POST", "authorization", **asked)
    assert response.status_code == 200
    assert response.headers["access-control-allow-private-network"] == "true"


def test_a_browser_reads_answers_and_their_headers(client: Client) -> None:
    api = client.api.get("/get-user-agents-simple", headers={"Origin": ORIGIN})
    put = client.put(client.announce(2048)["upload_url"], bytes(2048), Origin=ORIGIN)
    for response in (api, put):
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] in ("*", ORIGIN)
        assert {"ETag", "Range", "x-goog-hash", "Location"} <= listed(response, "access-control-expose-headers")


def test_a_browser_reads_refusals_too(client: Client) -> None:
    unknown = client.api.get("/nothing-here", headers={"Origin": ORIGIN})
    other_method = client.api.get("/run-agent", headers={"Origin": ORIGIN})
    late = client.put(client.announce(2048)["upload_url"].replace("Signature=", "Signature=0"), b"", Origin=ORIGIN)
    for response, status in ((unknown, 404), (other_method, 405), (late, 403)):
        assert response.status_code == status
        assert response.headers["access-control-allow-origin"] in ("*", ORIGIN)


def test_no_page_gets_to_the_administration(server: RunningSandbox) -> None:
    url = f"{server.admin_url}/faults"
    token = {"Authorization": f"Bearer {server.admin_token}", "Origin": ORIGIN}
    for response, status in (
        (preflight(url, "GET", "authorization"), 405),
        (httpx.get(url, headers=token, timeout=PATIENCE), 401),
    ):
        assert response.status_code == status
        assert not [name for name in response.headers if name.startswith("access-control-")]


def origin(server: RunningSandbox) -> str:
    return server.base_url.removesuffix("/api")


def listed(response: httpx.Response, header: str) -> set[str]:
    return {word.strip() for word in response.headers[header].split(",")}
