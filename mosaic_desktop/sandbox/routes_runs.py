"""Watching runs, fetching what they brought, retrying nodes (contract: "Agents and runs")."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mosaic_desktop.sandbox.byterange import UnsatisfiableRangeError
from mosaic_desktop.sandbox.database import Row
from mosaic_desktop.sandbox.downloads import send_object
from mosaic_desktop.sandbox.errors import ApiError, not_found
from mosaic_desktop.sandbox.requests import as_uuid, read_fields
from mosaic_desktop.sandbox.runs import reason_of_failure
from mosaic_desktop.sandbox.services import Services
from mosaic_desktop.sandbox.signing import content_disposition
from mosaic_desktop.sandbox.storage_answers import object_headers


def run_routes(services: Services) -> list[Route]:
    runs = services.runs

    async def get_run(request: Request) -> JSONResponse:
        run = _run(services, request)
        nodes = runs.nodes(run["id"])
        graph = {
            "nodes": [_describe_node(node) for node in nodes],
            "edges": [{"source": edge["source"], "target": edge["target"]} for edge in runs.edges(run["id"])],
        }
        status = "completed" if run["status"] == "success" else run["status"]
        return JSONResponse({**_describe_run(run, nodes), "status": status, "graph": graph})

    async def get_run_simple(request: Request) -> JSONResponse:
        run = _run(services, request)
        return JSONResponse(_describe_run(run, runs.nodes(run["id"])))

    async def get_outputs(request: Request) -> JSONResponse:
        run = _run(services, request)
        return JSONResponse({"outputs": services.outputs.of_run(run["id"])})

    async def retry_node(request: Request) -> JSONResponse:
        node = _node(services, request)
        await read_fields(request)
        started = runs.retry(runs.node(services.account(request), node["id"]))
        if started:
            services.scheduler.advance(node["run_id"])
        message = "The node starts again." if started else "This node is being retried already."
        return JSONResponse(
            {"success": True, "agent_run_node_id": node["id"], "status": "initiated", "message": message}
        )

    async def download(request: Request) -> Response:
        node = _node(services, request)
        render = next((row for row in runs.renders(node["run_id"]) if row["node_id"] == node["id"]), None)
        video = None if render is None else services.objects.find(render["object_key"])
        if render is None or video is None:
            raise ApiError(404, "not_found", "This node has no finished video.")
        headers = {**object_headers(video), "Content-Disposition": content_disposition(render["file_name"])}
        try:
            return send_object(video, request, headers)
        except UnsatisfiableRangeError:
            refused = {"error": "range_not_satisfiable", "detail": "The range lies outside the video."}
            return JSONResponse(refused, 416, headers={"Content-Range": f"bytes */{video.size}"})

    return [
        Route("/get-agent-run/{run_id}", get_run, methods=["GET"]),
        Route("/get-agent-run-simple/{run_id}", get_run_simple, methods=["GET"]),
        Route("/get-agent-run-outputs/{run_id}", get_outputs, methods=["GET"]),
        Route("/retry-agent-run-node/{node_id}", retry_node, methods=["POST"]),
        Route("/download-rendered-video/{node_id}", download, methods=["GET"]),
    ]


def _run(services: Services, request: Request) -> Row:
    account = services.account(request)
    run_id = as_uuid(request.path_params["run_id"])
    if run_id is None:
        raise not_found("run")
    return services.runs.get(account, run_id)


def _node(services: Services, request: Request) -> Row:
    account = services.account(request)
    node_id = as_uuid(request.path_params["node_id"])
    if node_id is None:
        raise not_found("node")
    return services.runs.node(account, node_id)


def _describe_run(run: Row, nodes: list[Row]) -> dict[str, object]:
    """The run without its graph; `progress` from 0 to 100 over all nodes."""
    progress = 100 * sum(node["progress"] for node in nodes) / len(nodes)
    return {
        "id": run["id"],
        "status": run["status"],
        "progress": int(progress),
        "status_message": f"{run['note']} {_state_in_words(run, nodes)}".strip(),
        "agent_id": run["agent_id"],
        "file_id": run["file_id"],
        "project_id": run["project_id"],
        "created_at": run["created_at"],
        "finished_at": run["finished_at"],
    }


def _state_in_words(run: Row, nodes: list[Row]) -> str:
    if run["status"] == "success":
        return "Finished."
    if run["status"] == "failed":
        return reason_of_failure(nodes)
    working = [node for node in nodes if node["status"] == "running"]
    return ", ".join(f"{node['name']}: {node['progress']:.0%}" for node in working) or "Waiting for its turn."


def _describe_node(node: Row) -> dict[str, object]:
    names = ("id", "type", "name", "status", "progress", "error", "started_at", "finished_at")
    counts = ("frames_done", "frames_total")
    described: dict[str, object] = {name: node[name] for name in names}
    return described | {name: node[name] for name in counts if node[name] is not None}
