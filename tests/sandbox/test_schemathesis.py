"""schemathesis tries the running server against its description: what it answers is what is described.

Deterministic: the same requests every time, from whichever process and in whichever order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import BaseSchema, Case
from schemathesis import Response as AnyResponse
from schemathesis.config import SchemathesisConfig

from mosaic_desktop.sandbox.openapi import description
from tests.sandbox.client import Client, answer, connect_sign_in, signed_in
from tests.support.sandbox_server import RunningSandbox
from tests.support.waiting import PATIENCE

# What is valid by its schema may be refused with these codes alone, since the server knows more than a schema can say.
Refusals = Mapping[str, frozenset[str]]
UNSIGNED = frozenset({"SignatureDoesNotMatch", "NoSuchUpload"})
WRONG_LOGIN = frozenset({"invalid_credentials", "refresh_token_not_found", "over_request_rate_limit"})
# A schema cannot say that the body goes by the query's `grant_type`.
OTHER_GRANT = frozenset({"validation_failed", "invalid_request"})
OF_ANYTHING: Refusals = {
    "POST /auth/v1/token": WRONG_LOGIN | OTHER_GRANT,
    **{f"{method} /storage/{{key}}": UNSIGNED for method in ("PUT", "GET", "HEAD", "DELETE")},
}
OF_KNOWN_THINGS: Refusals = {
    "POST /api/run-agent": frozenset({"parameter_out_of_range", "concurrent_agent_limit"}),
    "POST /api/retry-agent-run-node/{agent_run_node_id}": frozenset({"invalid_state"}),
    "DELETE /storage/{key}": frozenset({"SignatureDoesNotMatch"}),
}
CONFIG: Mapping[str, Any] = {
    "generation": {"deterministic": True, "max-examples": 10, "database": "none"},
    "phases": {
        # What was answered before would change what is asked.
        "fuzzing": {"extra-data-sources": {"responses": False}, "error-feedback": {"enabled": False}},
        "stateful": {"enabled": False},
    },
}
PATIENT = settings(suppress_health_check=list(HealthCheck))
Headers = dict[str, str]
AnyCase = Case[Any]


def load(refusals: Refusals, **generation: object) -> BaseSchema:
    """Those operations are judged by `Target` instead."""
    judged = [{"include-name": name, "checks": {"positive_data_acceptance": {"enabled": False}}} for name in refusals]
    config = {**CONFIG, "generation": {**CONFIG["generation"], **generation}, "operations": judged}
    return schemathesis.openapi.from_dict(description(), config=SchemathesisConfig.from_dict(config))


anything = load(OF_ANYTHING)
KNOWN: Mapping[str, Any] = {"mode": "positive", "with-security-parameters": False}
about_known_things = load(OF_KNOWN_THINGS, **KNOWN).exclude(path_regex=r"^[^{]*(?<!run-agent)$")


@dataclass(frozen=True)
class Target:
    """The server's origin, and headers by security scheme."""

    origin: str
    schemes: Mapping[str, Headers]

    def check(self, case: AnyCase, refusals: Refusals) -> None:
        """Send the case as somebody who may, and look at the answer."""
        security = case.operation.definition.raw["security"]
        headers: Headers = {}
        for scheme in security[0] if security else ():
            headers |= self.schemes[scheme]
        response = case.call_and_validate(base_url=self.origin, headers=headers)
        is_valid = case.meta is not None and case.meta.generation.mode.is_positive
        if is_valid and case.operation.label in refusals and response.status_code >= 400:
            assert code_of(response) in refusals[case.operation.label], response.text


def code_of(response: AnyResponse) -> str:
    """The code of a refusal in the forms of the API, of Supabase and of storage."""
    if response.request.method == "HEAD":
        return {403: "SignatureDoesNotMatch", 404: "NoSuchUpload"}[response.status_code]
    if response.text.startswith("<"):
        return ElementTree.fromstring(response.text).findtext("Code") or ""
    body = response.json()
    return str(body.get("error_code") or body.get("error") or body["code"])


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
    target.check(case, OF_ANYTHING)
    if case.operation.label == "POST /admin/faults":
        headers = target.schemes["adminToken"]
        httpx.delete(f"{target.origin}/admin/faults", headers=headers, timeout=PATIENCE).raise_for_status()


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
    target.check(case, OF_KNOWN_THINGS)


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
