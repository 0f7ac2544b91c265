"""A plain client of the local Mosaic, written from the contract."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.support.sandbox_server import Account, RunningSandbox
from tests.support.waiting import PATIENCE


@dataclass(frozen=True, slots=True)
class Client:
    """Speaks to one server as one account; `storage` carries no credentials."""

    api: httpx.Client
    storage: httpx.Client

    def get(self, path: str) -> httpx.Response:
        return self.api.get(path)

    def post(self, path: str, body: object = None) -> httpx.Response:
        return self.api.post(path, json={} if body is None else body)

    def patch(self, path: str, body: object) -> httpx.Response:
        return self.api.patch(path, json=body)

    def delete(self, path: str) -> httpx.Response:
        return self.api.delete(path)

    def balance(self) -> float:
        """What is left; for a session token."""
        left = answer(self.get("/dev/credits/balance"))["credits_remaining"]
        assert isinstance(left, float)
        return left

    def announce(self, size: int, **changes: object) -> dict[str, Any]:
        """The answer to get-upload-url."""
        wish = {"filename": "clip.mp4", "file_size": size, "content_type": "video/mp4", **changes}
        return answer(self.post("/video/get-upload-url", wish))

    def put(self, link: str, data: bytes, content_type: str = "video/mp4", **headers: str) -> httpx.Response:
        return self.storage.put(link, content=data, headers={"Content-Type": content_type, **headers})

    def upload(self, path: Path, **changes: object) -> str:
        """Upload a file from first to last step; gives its file id."""
        data = path.read_bytes()
        announced = self.announce(len(data), **changes)
        assert self.put(announced["upload_url"], data).status_code == 200
        return str(answer(self.post(f"/video/finalize-upload/{announced['video_id']}"))["file_uuid"])

    def agent_id(self, name: str) -> str:
        agents = answer(self.get("/get-user-agents-simple"))["agents"]
        return str(next(agent["id"] for agent in agents if agent["name"] == name))

    def start(self, file_id: str, agent: str, parameters: Mapping[str, object] | None = None, **more: object) -> str:
        """Start an agent by its name; gives the run's id."""
        wish = {"file_id": file_id, "agent_id": self.agent_id(agent), "parameters": dict(parameters or {}), **more}
        return str(answer(self.post("/run-agent", wish))["agent_run_id"])

    def simple(self, run_id: str) -> dict[str, Any]:
        return answer(self.get(f"/get-agent-run-simple/{run_id}"))

    def full(self, run_id: str) -> dict[str, Any]:
        return answer(self.get(f"/get-agent-run/{run_id}"))

    def node(self, run_id: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(node for node in self.full(run_id)["graph"]["nodes"] if node["name"] == name)
        return found

    def outputs(self, run_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = answer(self.get(f"/get-agent-run-outputs/{run_id}"))["outputs"]
        return found

    def finish(self, run_id: str) -> dict[str, Any]:
        """Wait for the end of a run; gives its last state."""
        deadline = time.monotonic() + PATIENCE
        while (state := self.simple(run_id))["status"] == "running":
            assert time.monotonic() < deadline, state
            time.sleep(0.05)
        return state

    def fetch(self, run_id: str, path: Path) -> Path:
        """Wait for a run and download its only output."""
        state = self.finish(run_id)
        assert state["status"] == "success", state
        (output,) = self.outputs(run_id)
        path.write_bytes(self.storage.get(output["download_url"]).raise_for_status().content)
        return path

    def process(self, source: Path, agent: str, result: Path, **parameters: object) -> Path:
        """Upload, run, download."""
        return self.fetch(self.start(self.upload(source), agent, parameters), result)

    def failure(self, source: Path, agent: str) -> dict[str, Any]:
        """Run an agent that must fail; gives the failed node."""
        run_id = self.start(self.upload(source), agent)
        assert self.finish(run_id)["status"] == "failed"
        node: dict[str, Any] = next(n for n in self.full(run_id)["graph"]["nodes"] if n["status"] == "failed")
        return node


def answer(response: httpx.Response) -> dict[str, Any]:
    """The body of a successful answer."""
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code of an error, whose body must be as the contract says."""
    body = response.json()
    assert set(body) - {"field"} == {"error", "detail"}, body
    assert body["detail"].endswith("."), body
    return response.status_code, body["error"]


@contextmanager
def connect(base_url: str, api_key: str) -> Iterator[Client]:
    headers = {"Authorization": f"Bearer {api_key}"}
    with (
        httpx.Client(base_url=base_url, headers=headers, timeout=PATIENCE) as api,
        httpx.Client(timeout=PATIENCE) as storage,
    ):
        yield Client(api, storage)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Speaks to the server's Supabase Auth with its public key."""

    http: httpx.Client

    def token(self, grant_type: str, **body: object) -> httpx.Response:
        return self.http.post("/token", params={"grant_type": grant_type}, json=body)

    def password(self, account: Account) -> dict[str, Any]:
        """A session of this account."""
        return answer(self.token("password", email=account.email, password=account.password))

    def refresh(self, refresh_token: str) -> httpx.Response:
        return self.token("refresh_token", refresh_token=refresh_token)

    def logout(self, access_token: str, **query: str) -> httpx.Response:
        return self.http.post("/logout", params=query, headers={"Authorization": f"Bearer {access_token}"})

    def user(self, access_token: str) -> httpx.Response:
        return self.http.get("/user", headers={"Authorization": f"Bearer {access_token}"})


def auth_refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code of an error of Supabase Auth in its older form."""
    body = response.json()
    assert set(body) == {"code", "error_code", "msg"}, body
    assert body["code"] == response.status_code
    assert response.headers["x-sb-error-code"] == body["error_code"]
    return response.status_code, body["error_code"]


@contextmanager
def connect_admin(server: RunningSandbox) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {server.admin_token}"}
    with httpx.Client(base_url=server.admin_url, headers=headers, timeout=PATIENCE) as http:
        yield http


def order(admin: httpx.Client, *faults: Mapping[str, object]) -> None:
    answer(admin.post("/faults", json={"faults": list(faults)}))


@contextmanager
def connect_sign_in(server: RunningSandbox) -> Iterator[SignIn]:
    with httpx.Client(base_url=server.auth_url, headers={"apikey": server.anon_key}, timeout=PATIENCE) as http:
        yield SignIn(http)


@contextmanager
def signed_in(server: RunningSandbox, account: Account | None = None) -> Iterator[Client]:
    """A client with a session token instead of an API key; of the main account unless another is named."""
    with connect_sign_in(server) as sign_in:
        token = sign_in.password(account or server.account)["access_token"]
    with connect(server.base_url, token) as client:
        yield client
