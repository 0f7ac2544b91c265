"""The calls of programs: uploads, agents, runs (contract: "Uploading a video" and "Agents and runs")."""

from mosaic_desktop.sandbox.openapi.parts import (
    KEY_OR_SESSION,
    Json,
    call,
    header,
    json_answer,
    json_body,
    listing,
    path_id,
    query,
    ref,
    refusals,
)

_ANY_CALL = ("invalid_api_key", "internal_server_error")
_ONE_OBJECT = ("forbidden", "not_found")
_FLAG_OR_NULL: Json = {"type": ["boolean", "null"]}
_NOTHING: Json = {"type": "object"}


def operational_paths() -> dict[str, Json]:
    return {**_uploads(), **_agents(), **_runs(), **_nodes()}


def _uploads() -> dict[str, Json]:
    return {
        "/api/video/get-upload-url": {
            "post": call(
                "getUploadUrl",
                "Announce a video, and get a link to send it to",
                group="Uploads",
                security=KEY_OR_SESSION,
                body=json_body(ref("UploadWish")),
                answers={
                    "200": json_answer("PUT the bytes to `upload_url`, with this Content-Type.", ref("UploadPlace")),
                    **refusals("validation_error", *_ANY_CALL),
                },
            )
        },
        "/api/video/finalize-upload/{video_id}": {
            "post": call(
                "finalizeUpload",
                "Make a file of a video whose bytes have arrived; the same one however often",
                group="Uploads",
                security=KEY_OR_SESSION,
                parameters=[path_id("video_id", "What get-upload-url answered.")],
                body=json_body(
                    {"type": "object", "properties": {"skip_project_creation": _FLAG_OR_NULL}}, required=False
                ),
                answers={
                    "200": json_answer("The file that runs take.", ref("VideoFile")),
                    **refusals("validation_error", *_ONE_OBJECT, *_ANY_CALL),
                },
            )
        },
    }


def _agents() -> dict[str, Json]:
    limit: Json = {"type": "integer", "minimum": 1, "maximum": 100}
    return {
        "/api/get-user-agents-simple": {
            "get": call(
                "getUserAgentsSimple",
                "The caller's own agents, newest first",
                group="Agents and runs",
                security=KEY_OR_SESSION,
                parameters=[query("limit", limit, "How many at most; all without it.")],
                answers={
                    "200": json_answer("The agents.", listing("agents", ref("Agent"))),
                    **refusals("validation_error", *_ANY_CALL),
                },
            )
        },
        "/api/run-agent": {
            "post": call(
                "runAgent",
                "Start an agent, or what a prompt asks for, on a video. Not idempotent, and it spends credits",
                group="Agents and runs",
                security=KEY_OR_SESSION,
                body=json_body(ref("RunWish")),
                answers={
                    "200": json_answer("It runs.", ref("StartedRun")),
                    **refusals(
                        "validation_error",
                        "concurrent_agent_limit",
                        "insufficient_credits",
                        "parameter_out_of_range",
                        *_ONE_OBJECT,
                        *_ANY_CALL,
                    ),
                },
            )
        },
    }


def _runs() -> dict[str, Json]:
    def reading(name: str, summary: str, answer: Json) -> Json:
        described = call(
            name,
            summary,
            group="Agents and runs",
            security=KEY_OR_SESSION,
            parameters=[path_id("agent_run_id", "What run-agent answered.")],
            answers={"200": answer, **refusals(*_ONE_OBJECT, *_ANY_CALL)},
        )
        return {"get": described}

    outputs = listing("outputs", ref("Output"))
    return {
        "/api/get-agent-run/{agent_run_id}": reading(
            "getAgentRun", "A run with its graph", json_answer("The run.", ref("Run"))
        ),
        "/api/get-agent-run-simple/{agent_run_id}": reading(
            "getAgentRunSimple",
            "A run without its graph; ask about every 5 seconds",
            json_answer("The run.", ref("RunSimple")),
        ),
        "/api/get-agent-run-outputs/{agent_run_id}": reading(
            "getAgentRunOutputs",
            "What a run brought, with fresh links",
            json_answer("The outputs, in the order of the graph.", outputs),
        ),
    }


def _nodes() -> dict[str, Json]:
    node_id = path_id("agent_run_node_id", "A node of the run's graph.")
    video: Json = {"video/mp4": {}}
    return {
        "/api/retry-agent-run-node/{agent_run_node_id}": {
            "post": call(
                "retryAgentRunNode",
                "Do a failed node and all that follows it again; repeating that while it is under way changes nothing",
                group="Agents and runs",
                security=KEY_OR_SESSION,
                parameters=[node_id],
                body=json_body(_NOTHING, required=False),
                answers={
                    "200": json_answer("The run is `running` again.", ref("Retry")),
                    **refusals(
                        "validation_error",
                        "invalid_state",
                        "invalid_api_key",
                        "concurrent_agent_limit",
                        "insufficient_credits",
                        "too_many_retries",
                        *_ONE_OBJECT,
                        "internal_error",
                    ),
                },
            )
        },
        "/api/download-rendered-video/{agent_run_node_id}": {
            "get": call(
                "downloadRenderedVideo",
                "The video of one node. get-agent-run-outputs is preferred",
                group="Agents and runs",
                security=KEY_OR_SESSION,
                parameters=[node_id, header("Range", {"type": "string"}, "One range of bytes.")],
                answers={
                    "200": {"description": "The video.", "content": video},
                    "206": {"description": "The range of it.", "content": video},
                    **refusals("range_not_satisfiable", *_ONE_OBJECT, *_ANY_CALL),
                },
            )
        },
    }
