"""Builds the requests of the contract and reads their answers. No input or output happens here.

Every reader returns a value or raises MosaicError, whatever status and bytes came.
"""

from collections.abc import Collection

from mosaic_desktop.api.calls import post, read_done, read_success, segment
from mosaic_desktop.api.fields import Fields, count, message, number, required_objects, required_text, text
from mosaic_desktop.api.graph import read_graph
from mosaic_desktop.api.progress import ProgressScale
from mosaic_desktop.api.wire import Answer, Request
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.ports import RemoteFile, RemoteOutput, RunStatus, UploadTicket
from mosaic_desktop.core.run import RunSpec
from mosaic_desktop.core.secrets import Secret

_SUCCEEDED = frozenset({"success", "completed"})
_FAILED = frozenset({"failed", "error", "cancelled", "canceled"})

# --- Requests ---------------------------------------------------------------------------------------------------------


def upload_url(name: str, size: int, content_type: str) -> Request:
    """POST /video/get-upload-url. ``size``: bytes."""
    return post("/video/get-upload-url", {"filename": name, "file_size": size, "content_type": content_type})


def finalize(video_id: str) -> Request:
    """POST /video/finalize-upload/{video_id}."""
    return post(f"/video/finalize-upload/{segment(video_id)}", {})


def agents(limit: int | None) -> Request:
    """GET /get-user-agents-simple. ``limit`` is brought into 1 to 100; None asks for all."""
    query = {} if limit is None else {"limit": str(min(100, max(1, limit)))}
    return Request("GET", "/get-user-agents-simple", query)


def run_agent(file_id: str, spec: RunSpec) -> Request:
    """POST /run-agent with an agent or a prompt. Raises MosaicError (VALIDATION) for both or neither."""
    if bool(spec.agent_id) == bool(spec.prompt):
        raise MosaicError(Code.VALIDATION, "A run needs an agent or a prompt: one of the two.")
    fields: dict[str, object] = {"file_id": file_id}
    fields |= {"agent_id": spec.agent_id} if spec.agent_id else {"prompt": spec.prompt}
    if spec.parameters:
        fields["parameters"] = dict(spec.parameters)
    if spec.auto and spec.agent_id:
        fields["auto"] = True
    return post("/run-agent", fields)


def run_detail(run_id: str) -> Request:
    """GET /get-agent-run/{agent_run_id}."""
    return Request("GET", f"/get-agent-run/{segment(run_id)}")


def run_simple(run_id: str) -> Request:
    """GET /get-agent-run-simple/{agent_run_id}."""
    return Request("GET", f"/get-agent-run-simple/{segment(run_id)}")


def run_outputs(run_id: str) -> Request:
    """GET /get-agent-run-outputs/{agent_run_id}."""
    return Request("GET", f"/get-agent-run-outputs/{segment(run_id)}")


def retry_node(node_id: str) -> Request:
    """POST /retry-agent-run-node/{agent_run_node_id}."""
    return post(f"/retry-agent-run-node/{segment(node_id)}", {})


def rendered_video(node_id: str) -> Request:
    """GET /download-rendered-video/{agent_run_node_id}."""
    return Request("GET", f"/download-rendered-video/{segment(node_id)}")


# --- Answers ----------------------------------------------------------------------------------------------------------


def read_ticket(answer: Answer) -> UploadTicket:
    def read(fields: Fields) -> UploadTicket:
        return UploadTicket(Secret(required_text(fields, "upload_url")), required_text(fields, "video_id"))

    return read_success(answer, read)


def read_file(answer: Answer) -> RemoteFile:
    def read(fields: Fields) -> RemoteFile:
        return RemoteFile(required_text(fields, "file_uuid"), text(fields, "file_name"))

    return read_success(answer, read)


def read_agents(answer: Answer) -> tuple[Agent, ...]:
    """Entries without an id are left out."""

    def read(fields: Fields) -> tuple[Agent, ...]:
        listed = required_objects(fields, "agents")
        return tuple(_agent(entry) for entry in listed if text(entry, "id"))

    return read_success(answer, read)


def _agent(fields: Fields) -> Agent:
    key, schema = text(fields, "id"), fields.get("parameters_schema")
    return Agent(
        id=key,
        name=text(fields, "name") or key,
        description=text(fields, "description"),
        created_at=text(fields, "created_at") or None,
        parameters_schema=schema if isinstance(schema, dict) else None,
    )


def read_started(answer: Answer, parameters: Collection[str] = ()) -> str:
    """The new run's id. ``parameters``: the names that were sent, for the field of a 422."""
    return read_success(answer, lambda fields: required_text(fields, "agent_run_id"), parameters)


def read_status(answer: Answer, scale: ProgressScale) -> RunStatus:
    """Of both run calls; ``scale`` is the one of this service."""

    def read(fields: Fields) -> RunStatus:
        word = required_text(fields, "status")
        outcome = _outcome(word)
        names = ("status_message", "error_message", "error") if outcome is False else ("status_message",)
        graph = fields.get("graph")
        return RunStatus(
            word=word,
            outcome=outcome,
            progress=1.0 if outcome else scale.read(number(fields, "progress")),
            message=message(fields, *names),
            graph=read_graph(graph) if isinstance(graph, dict) else None,
        )

    return read_success(answer, read)


def _outcome(word: str) -> bool | None:
    word = word.lower()
    return True if word in _SUCCEEDED else False if word in _FAILED else None


def read_outputs(answer: Answer) -> tuple[RemoteOutput, ...]:
    """Entries without a link are not ready: their ``url`` is None. Keys are unique among those of one run."""

    def read(fields: Fields) -> tuple[RemoteOutput, ...]:
        found: dict[str, RemoteOutput] = {}
        for entry in required_objects(fields, "outputs"):
            if output := _output(entry, found):
                found[output.key] = output
        return tuple(found.values())

    return read_success(answer, read)


def _output(fields: Fields, taken: Collection[str]) -> RemoteOutput | None:
    link, node = text(fields, "download_url"), text(fields, "node_id")
    key = text(fields, "file_id") or node
    if not key:
        return None
    if key in taken:
        key = f"{key}/{node}"
    if key in taken:
        return None
    milliseconds = number(fields, "duration_ms")
    return RemoteOutput(
        key=key,
        node_id=node,
        url=Secret(link) if link else None,
        size=count(fields, "file_size"),
        duration=milliseconds / 1000 if milliseconds is not None and milliseconds > 0 else None,
    )


def read_retried(answer: Answer) -> None:
    """Raises ServiceError (INVALID_STATE) where the service says that it did not do it."""
    read_done(answer)
