"""What the command line prints: lines for people, or one JSON object a line."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.events import Event, Refused, RowChanged, What
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.run import Node, Run, RunState
from mosaic_desktop.core.sentences import UNCONFIRMED, sentence
from mosaic_desktop.core.units import format_bytes, format_duration, format_percent, format_rate, format_wait

_SECONDS_BETWEEN_LINES = 1.0


class Report:
    """Prints each change of state at once and progress at most once a second a row."""

    def __init__(self, as_json: bool, monotonic: Callable[[], float], out: TextIO | None = None) -> None:
        self._as_json = as_json
        self._monotonic = monotonic
        self._out = out or sys.stdout
        self._last: dict[str, tuple[str, float]] = {}

    def on_event(self, event: Event) -> None:
        match event:
            case RowChanged(what=what, row=row) if what is not What.REMOVED and self._is_due(row):
                self._row(row)
            case Refused(offered=offered, problem=problem) if problem.code != Code.ALREADY_QUEUED:
                self._say(
                    {"event": "refused", "source": offered, **_reason(problem)}, f"{offered}: {sentence(problem)}"
                )
            case _:
                pass

    def agents(self, agents: tuple[Agent, ...]) -> None:
        for agent in agents:
            record = {
                "id": agent.id,
                "name": agent.name,
                "description": agent.description,
                "created_at": agent.created_at,
                "parameters_schema": agent.parameters_schema,
            }
            self._say(record, f"{agent.name}  ({agent.id})\n    {agent.description}")

    def failed(self, name: str, problem: Problem, *, unconfirmed: bool = False) -> None:
        words = UNCONFIRMED if unconfirmed else sentence(problem)
        self._say({"event": "failed", "name": name, **_reason(problem), "sentence": words}, f"{name}: {words}")

    def finished(self, run: Run | None, output: Output, path: Path) -> None:
        """One line for each finished file; the last thing that is printed."""
        record = {
            "event": "finished",
            "path": str(path),
            "source": run.asset_name if run else None,
            "agent": run.spec.title if run else None,
            "run_id": run.remote_id if run else None,
            "size": output.size,
            "duration": output.media.duration if output.media else output.duration,
        }
        self._say(record, str(path))

    def note(self, text: str, **record: Any) -> None:
        self._say({"event": "note", "sentence": text, **record}, text)

    # Inside

    def _is_due(self, row: Asset | Run | Output) -> bool:
        now = self._monotonic()
        state, printed_at = self._last.get(row.id, ("", 0.0))
        key = f"{row.state}{row.problem.code if row.problem else ''}{_step(row)}"
        if key == state and now - printed_at < _SECONDS_BETWEEN_LINES:
            return False
        self._last[row.id] = (key, now)
        return True

    def _row(self, row: Asset | Run | Output) -> None:
        match row:
            case Asset():
                self._say(_asset_record(row), f"{row.name}: {_asset_words(row)}")
            case Run():
                self._say(_run_record(row), f"{row.asset_name}: {_run_words(row)}")
            case Output():
                self._say(_output_record(row), f"{row.name}: {_output_words(row)}")

    def _say(self, record: dict[str, Any], line: str) -> None:
        text = json.dumps(record, ensure_ascii=False) if self._as_json else line
        encoding = self._out.encoding or "utf-8"
        try:
            # A file's name may hold bytes that no encoding knows.
            print(text.encode(encoding, "backslashreplace").decode(encoding), file=self._out, flush=True)
        except BrokenPipeError:
            # Nobody reads any more. The work goes on: it may be paid for.
            self._out = Path(os.devnull).open("w", encoding=encoding)  # noqa: SIM115 - for the rest of the process


def _reason(problem: Problem | None) -> dict[str, Any]:
    if problem is None:
        return {}
    found: dict[str, Any] = {"error": problem.code, "sentence": sentence(problem)}
    return found | ({"field": problem.field} if problem.field else {})


def _step(row: Asset | Run | Output) -> str:
    return node.name if isinstance(row, Run) and (node := row.current_node) else ""


def _asset_record(asset: Asset) -> dict[str, Any]:
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
        **_reason(asset.problem),
    }


def _run_record(run: Run) -> dict[str, Any]:
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
        **_reason(run.problem),
    }


def _node_record(node: Node) -> dict[str, Any]:
    return {"name": node.name, "status": node.word, "progress": node.progress, "error": node.error}


def _output_record(output: Output) -> dict[str, Any]:
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
        **_reason(output.problem),
    }


def _asset_words(asset: Asset) -> str:
    match asset.state:
        case AssetState.PROBING:
            return "looking into the file"
        case AssetState.UPLOADING:
            pace = f" · {format_rate(asset.rate)}" if asset.rate else ""
            left = f" · {format_wait(asset.eta)} left" if asset.eta is not None else ""
            return f"uploading {format_percent(asset.per_mille)} of {format_bytes(asset.size)}{pace}{left}"
        case AssetState.READY:
            return "uploaded" if not asset.is_link else "needs no upload"
        case _ if asset.problem is not None:
            return sentence(asset.problem)
        case _:
            return {
                AssetState.QUEUED: "waits to be uploaded",
                AssetState.SIGNING: "asks for an upload link",
                AssetState.FINALIZING: "all sent, Mosaic is confirming",
            }.get(asset.state, asset.state.value)


def _run_words(run: Run) -> str:
    match run.state:
        case RunState.RUNNING:
            node = run.current_node
            done = run.per_mille
            number = f" · {format_percent(done)}" if done is not None else ""
            return f"{run.spec.title} · {node.name if node else run.message or 'running'}{number}"
        case RunState.UNCONFIRMED:
            return UNCONFIRMED
        case _ if run.problem is not None:
            return sentence(run.problem)
        case _:
            return {
                RunState.WAITING: f"{run.spec.title} waits for the upload",
                RunState.STARTING: f"{run.spec.title} is being started",
                RunState.COLLECTING: "rendered, asking for the outputs",
                RunState.FINISHED: f"{run.spec.title} finished",
            }.get(run.state, run.state.value)


def _output_words(output: Output) -> str:
    match output.state:
        case OutputState.DOWNLOADING:
            done = output.per_mille
            pace = f" · {format_rate(output.rate)}" if output.rate else ""
            return f"downloading {format_percent(done) if done is not None else format_bytes(output.bytes_done)}{pace}"
        case OutputState.SAVED:
            length = f", {format_duration(output.media.duration)}" if output.media and output.media.duration else ""
            return f"saved ({format_bytes(output.size)}{length})"
        case _ if output.problem is not None:
            return sentence(output.problem)
        case _:
            return {OutputState.WAITING: "waits to be downloaded"}.get(output.state, output.state.value)
