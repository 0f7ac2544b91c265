"""schemathesis tries the running server against its description: what it answers is what is described.

Deterministic: the same requests every time, from whichever process and in whichever order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import BaseSchema, Case
from schemathesis.config import SchemathesisConfig

from mosaic_desktop.sandbox.openapi import description
from tests.sandbox.client import Client, answer, connect_sign_in, signed_in
from tests.support.sandbox_server import RunningSandbox

# Valid by their schemas and refused all the same: wrong passwords, and links that nobody signed.
KNOWS_MORE = ("POST /auth/v1/token", *(f"{method} /storage/{{key}}" for method in ("PUT", "GET", "HEAD", "DELETE")))
CONFIG: Mapping[str, Any] = {
    "generation": {"deterministic": True, "max-examples": 10, "database": "none"},
    "phases": {
        # What was answered before would change what is asked.
        "fuzzing": {"extra-data-sources": {"responses": False}, "error-feedback": {"enabled": False}},
        "stateful": {"enabled": False},
    },
    "operations": [
        {"include-name": name, "checks": {"positive_data_acceptance": {"enabled": False}}} for name in KNOWS_MORE
    ],
}
PATIENT = settings(deadline=None, suppress_health_check=list(HealthCheck))
Headers = dict[str, str]
AnyCase = Case[Any]


def load(*operations: Mapping[str, Any], **generation: object) -> BaseSchema:
    config = {
        **CONFIG,
        "generation": {**CONFIG["generation"], **generation},
        "operations": [*CONFIG["operations"], *operations],
    }
    return schemathesis.openapi.from_dict(description(), config=SchemathesisConfig.from_dict(config))


anything = load()
# Agents know their own parameters, and a node that did not fail is not retried.
about_known_things = load(
    *(
        {"include-name": name, "checks": {"positive_data_acceptance": {"enabled": False}}}
        for name in ("POST /api/run-agent", "POST /api/retry-agent-run-node/{agent_run_node_id}")
    ),
    mode="positive",
).exclude(path_regex=r"^[^{]*(?<!run-agent)$")


@dataclass(frozen=True)
class Target:
    """The server's origin, and headers by security scheme."""

    origin: str
    schemes: Mapping[str, Headers]

    def check(self, case: AnyCase) -> None:
        """Send the case as somebody who may, and look at the answer."""
        security = case.operation.definition.raw["security"]
        headers: Headers = {}
        for scheme in security[0] if security else ():
            headers |= self.schemes[scheme]
        case.call_and_validate(base_url=self.origin, headers=headers)


@pytest.fixture(scope="module")
def target(server: RunningSandbox) -> Target:
    with connect_sign_in(server) as sign_in:
        token = sign_in.password(server.account)["access_token"]
    schemes = {
        "bearerKey": {"Authorization": f"Bearer {server.api_key}"},
        "session": {"Authorization": f"Bearer {token}"},
        "publicKey": {"apikey": server.anon_key},
        "adminToken": {"Authorization": f"Bearer {server.admin_token}"},
    }
    return Target(server.base_url.removesuffix("/api"), schemes)


@anything.parametrize()
@PATIENT
def test_any_request_is_answered_as_described(case: AnyCase, target: Target) -> None:
    target.check(case)
    if case.operation.label == "POST /admin/faults":
        headers = target.schemes["adminToken"]
        httpx.delete(f"{target.origin}/admin/faults", headers=headers).raise_for_status()


@pytest.fixture(scope="module")
def things(server: RunningSandbox, client: Client, clips: Path) -> Mapping[str, str]:
    """Path parameters and other fields that stand for something."""
    data = (clips / "short.mp4").read_bytes()
    announced = client.announce(len(data))
    client.put(announced["upload_url"], data)
    file_id = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))["file_uuid"]
    run_id = client.start(file_id, "Mirror")
    client.finish(run_id)
    (output,) = client.outputs(run_id)
    return {
        "video_id": announced["video_id"],
        "file_id": file_id,
        "agent_id": client.agent_id("Mirror"),
        "agent_run_id": run_id,
        "agent_run_node_id": output["node_id"],
        "upload_url": announced["upload_url"],
        "download_url": output["download_url"],
    }


@about_known_things.parametrize()
@PATIENT
def test_requests_about_known_things_are_answered_as_described(
    case: AnyCase, target: Target, server: RunningSandbox, things: Mapping[str, str]
) -> None:
    for name in case.path_parameters:
        match name:
            case "key":
                follow(case, things["upload_url" if case.method == "PUT" else "download_url"])
            case "key_id":
                case.path_parameters[name] = new_key(server)
            case _:
                case.path_parameters[name] = things[name]
    if isinstance(case.body, dict) and "file_id" in case.body:
        agent = {"agent_id": things["agent_id"]} if case.body.get("agent_id") else {}
        case.body = {**case.body, "file_id": things["file_id"], **agent}
    target.check(case)


def follow(case: AnyCase, link: str) -> None:
    """Make it a request to this signed link."""
    url = httpx.URL(link)
    case.path_parameters["key"] = url.path.removeprefix("/storage/")
    case.query = dict(url.params)
    if case.method == "PUT":
        case.headers["Content-Type"] = "video/mp4"


def new_key(server: RunningSandbox) -> str:
    with signed_in(server) as portal:
        return str(answer(portal.post("/dev/keys/create"))["id"])
