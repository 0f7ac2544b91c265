"""What ``--json`` says of rows, problems and results: one object each."""

from typing import Any

from mosaic_desktop.cli.outcome import Failure, Finished
from mosaic_desktop.cli.words import failure_words, problem_words
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.events import Row
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.ports import Profile
from mosaic_desktop.core.run import Node, Run

Record = dict[str, Any]


def row_record(row: Row) -> Record:
    match row:
        case Asset():
            return _asset_record(row)
        case Run():
            return _run_record(row)
        case Output():
            return _output_record(row)


def reason(problem: Problem | None) -> Record:
    """``error``, its ``sentence`` and, for a refused parameter, its ``field``; nothing where there is no problem."""
    if problem is None:
        return {}
    found: Record = {"error": problem.code, "sentence": problem_words(problem)}
    return found | ({"field": problem.field} if problem.field else {})


def agent_record(agent: Agent) -> Record:
    return {
        "id": agent.id,
        "name": agent.name,
        "description": agent.description,
        "created_at": agent.created_at,
        "parameters_schema": agent.parameters_schema,
    }


def profile_record(profile: Profile, *, is_used: bool) -> Record:
    return {
        "id": profile.id,
        "title": profile.title,
        "base_url": profile.base_url,
        "key": profile.key_hint,
        "is_local": profile.is_local,
        "is_used": is_used,
    }


def failure_record(failure: Failure, program: str) -> Record:
    """``id`` names an unconfirmed run for ``resume --run-id``."""
    words = failure_words(failure, program)
    record = {"event": "failed", "name": failure.name or "Mosaic", **reason(failure.problem), "sentence": words}
    return record | ({"unconfirmed": True, "id": failure.unconfirmed} if failure.unconfirmed else {})


def finished_record(finished: Finished) -> Record:
    run, output = finished.run, finished.output
    return {
        "event": "finished",
        "path": str(finished.path),
        "source": run.asset_name,
        "agent": run.spec.title,
        "run_id": run.remote_id,
        "size": output.size,
        "duration": output.media.duration if output.media else output.duration,
    }


def _asset_record(asset: Asset) -> Record:
    return {
        "event": "asset",
        "id": asset.id,
        "name": asset.name,
        "state": asset.state.value,
        "bytes_done": asset.bytes_done,
        "size": asset.size,
        "rate": asset.rate,
        "eta": asset.eta,
        "file_id": asset.file_id,
        **reason(asset.problem),
    }


def _run_record(run: Run) -> Record:
    return {
        "event": "run",
        "id": run.id,
        "name": run.asset_name,
        "agent": run.spec.title,
        "state": run.state.value,
        "run_id": run.remote_id,
        "progress": run.progress,
        "message": run.message,
        "nodes": [_node_record(node) for node in run.graph.nodes],
        **reason(run.problem),
    }


def _node_record(node: Node) -> Record:
    return {"name": node.name, "status": node.word, "progress": node.progress, "error": node.error}


def _output_record(output: Output) -> Record:
    return {
        "event": "output",
        "id": output.id,
        "name": output.name,
        "state": output.state.value,
        "bytes_done": output.bytes_done,
        "size": output.size,
        "rate": output.rate,
        "eta": output.eta,
        "path": str(output.path) if output.path and output.state is OutputState.SAVED else None,
        **reason(output.problem),
    }
