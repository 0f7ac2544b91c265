"""Agents and starting them (contract: "get-user-agents-simple" and "run-agent")."""

import re
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mosaic_desktop.sandbox.accounts import Account
from mosaic_desktop.sandbox.agents import Agent, agent_of_kind
from mosaic_desktop.sandbox.database import Row
from mosaic_desktop.sandbox.errors import forbidden, invalid, not_found
from mosaic_desktop.sandbox.prompts import understand
from mosaic_desktop.sandbox.requests import (
    Fields,
    as_uuid,
    flag_field,
    object_field,
    optional_text,
    read_fields,
    text_field,
)
from mosaic_desktop.sandbox.runs import RunRequest
from mosaic_desktop.sandbox.services import Services

_YOUTUBE = re.compile(r"youtube_[A-Za-z0-9_-]{1,64}")
_STAND_IN = "YouTube is not reachable from the local Mosaic, so a stand-in clip is used."


def agent_routes(services: Services) -> list[Route]:
    async def list_agents(request: Request) -> JSONResponse:
        account = services.account(request)
        limit = _limit(request.query_params.getlist("limit"))
        rows = services.database.rows("SELECT * FROM agents WHERE account_id = ? ORDER BY rowid DESC", account.id)
        return JSONResponse({"agents": [_describe(row) for row in rows[:limit]]})

    async def run_agent(request: Request) -> JSONResponse:
        account = services.account(request)
        wish = _read_wish(services, account, await read_fields(request))
        duration_ms = await services.lengths.of_file(wish.file_id)
        # Asked anew: a key that was revoked in the meantime pays for nothing.
        run = services.runs.create(services.caller(request), wish, duration_ms)
        services.scheduler.advance(run["id"])
        return JSONResponse(
            {"agent_run_id": run["id"], "project_id": run["project_id"], "agent_group_id": run["group_id"]}
        )

    return [
        Route("/get-user-agents-simple", list_agents, methods=["GET"]),
        Route("/run-agent", run_agent, methods=["POST"]),
    ]


def _limit(texts: list[str]) -> int | None:
    if not texts:
        return None
    if len(texts) > 1 or not re.fullmatch(r"0*[1-9][0-9]?|0*100", texts[0], re.ASCII):
        raise invalid("The query parameter 'limit' must be a whole number from 1 to 100.")
    return int(texts[0])


def _describe(row: Row) -> dict[str, object]:
    agent = agent_of_kind(row["kind"])
    return {
        "id": row["id"],
        "name": agent.name,
        "description": agent.description,
        "created_at": row["created_at"],
        "parameters_schema": agent.parameters_schema,
    }


def _read_wish(services: Services, account: Account, fields: Fields) -> RunRequest:
    """Check everything about a request to run an agent, and fill in what the prompt leaves open."""
    file_id = text_field(fields, "file_id")
    agent_id, prompt = optional_text(fields, "agent_id"), optional_text(fields, "prompt") or ""
    parameters, automatic = object_field(fields, "parameters"), flag_field(fields, "auto")
    if agent_id and prompt:
        raise invalid("Send either 'agent_id' or 'prompt', not both.")
    if not agent_id and not prompt.strip():
        raise invalid("One of 'agent_id' and 'prompt' is required.")
    if automatic and prompt:
        raise invalid("'auto' goes with 'agent_id'; a prompt already lets Mosaic choose.")
    project_id, note = _project(services, account, file_id)
    if agent_id:
        row = _own_agent(services, account, agent_id)
        agent = agent_of_kind(row["kind"])
    else:
        understood = understand(prompt)
        agent, row = understood.agent, _agent_row(services, account, understood.agent)
        parameters = {**understood.parameters, **parameters}
        note = f"{note} {understood.sentence}".strip()
    agent.check(parameters)
    free = agent.properties.keys() - parameters.keys() if automatic else ()
    return RunRequest(agent, row["id"], file_id, project_id, parameters, free, note)


def _project(services: Services, account: Account, file_id: str) -> tuple[str, str]:
    """The project that a run of this video belongs to, and what the person should know about the video."""
    if file_id.startswith("youtube_"):
        if not _YOUTUBE.fullmatch(file_id):
            raise invalid("The field 'file_id' names no YouTube video.")
        return str(uuid4()), _STAND_IN
    known = as_uuid(file_id)
    if known is None:
        raise not_found("video")
    return services.uploads.file(account, known)["project_id"], ""


def _own_agent(services: Services, account: Account, agent_id: str) -> Row:
    row = services.database.row("SELECT * FROM agents WHERE id = ?", as_uuid(agent_id))
    if row is None:
        raise not_found("agent")
    if row["account_id"] != account.id:
        raise forbidden("agent")
    return row


def _agent_row(services: Services, account: Account, agent: Agent) -> Row:
    row = services.database.row("SELECT * FROM agents WHERE account_id = ? AND kind = ?", account.id, agent.kind)
    assert row is not None
    return row
