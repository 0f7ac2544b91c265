"""The shapes that several calls share, and the ones with many fields."""

from mosaic_desktop.sandbox.faults import Call, Effect
from mosaic_desktop.sandbox.openapi.parts import Json, Schema, record, ref
from mosaic_desktop.sandbox.uploads import CONTENT_TYPE, MAX_SIZE, MIN_SIZE
from mosaic_desktop.sandbox.webhook_url import MAX_LENGTH, PATTERN

_TEXT: Schema = {"type": "string"}
_URL: Schema = {"type": "string", "format": "uri"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_TIME_OR_NULL: Schema = {"type": ["string", "null"], "format": "date-time"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_FILE_ID: Schema = {"type": "string", "minLength": 1, "description": "An upload's UUID, or `youtube_<videoId>`."}

_UUID = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
WEBHOOK_URL: Json = {
    "type": ["string", "null"],
    "maxLength": MAX_LENGTH,
    "pattern": PATTERN,
    "description": "Where the ends of runs are posted: `https://`, or `http://` on this computer. null for nowhere.",
}


def components() -> dict[str, Json]:
    """All schemas by name."""
    return {**_common(), **_uploads(), **_runs(), **_portal(), **_faults()}


def _common() -> dict[str, Json]:
    return {
        "Id": {"type": "string", "format": "uuid", "pattern": _UUID},
        "Error": record(
            {"error": {**_TEXT, "description": "For programs."}, "detail": {**_TEXT, "description": "For people."}},
            {"field": {**_TEXT, "description": "The parameter at fault."}},
        ),
    }


def _uploads() -> dict[str, Json]:
    return {
        "UploadWish": record(
            {
                "filename": {"type": "string", "minLength": 1},
                "file_size": {"type": "integer", "minimum": MIN_SIZE, "maximum": MAX_SIZE, "description": "In bytes."},
                "content_type": {
                    "type": "string",
                    "pattern": CONTENT_TYPE,
                    "examples": ["video/mp4"],
                },
            },
            {
                "project_id": {
                    "anyOf": [ref("Id"), {"type": "null"}],
                    "description": "With a session token: use this project instead of a new one.",
                }
            },
            closed=False,
        ),
        "UploadPlace": record(
            {"upload_url": {**_URL, "description": "Signed; it expires."}, "video_id": ref("Id"), "temp_path": _TEXT}
        ),
        "VideoFile": record({"file_uuid": ref("Id"), "file_name": _TEXT, "url": _URL}),
    }


def _runs() -> dict[str, Json]:
    told = {
        "id": ref("Id"),
        "status": _TEXT,
        "progress": {"type": "integer", "minimum": 0, "maximum": 100},
        "status_message": _TEXT,
        "agent_id": ref("Id"),
        "file_id": _FILE_ID,
        "project_id": ref("Id"),
        "created_at": _TIME,
        "finished_at": _TIME_OR_NULL,
    }
    graph = record({"nodes": {"type": "array", "items": ref("Node")}, "edges": {"type": "array", "items": ref("Edge")}})
    return {
        "Agent": record(
            {"id": ref("Id"), "name": _TEXT, "description": _TEXT, "created_at": _TIME},
            {"parameters_schema": {"type": "object", "description": "JSON Schema of what `parameters` takes."}},
        ),
        "RunWish": _run_wish(),
        "StartedRun": record({"agent_run_id": ref("Id"), "project_id": ref("Id"), "agent_group_id": ref("Id")}),
        "RunSimple": record({**told, "status": {"enum": ["running", "success", "failed"]}}),
        "Run": record({**told, "status": {"enum": ["running", "completed", "failed"]}, "graph": graph}),
        "Node": record(
            {
                "id": ref("Id"),
                "type": _TEXT,
                "name": _TEXT,
                "status": {"enum": ["not_started", "running", "completed", "failed"]},
                "progress": {"type": "number", "minimum": 0, "maximum": 1},
                "error": {"type": ["string", "null"]},
                "started_at": _TIME_OR_NULL,
                "finished_at": _TIME_OR_NULL,
            },
            {"frames_done": _COUNT, "frames_total": _COUNT},
        ),
        "Edge": record({"source": ref("Id"), "target": ref("Id")}),
        "Output": record(
            {
                "node_id": ref("Id"),
                "file_id": ref("Id"),
                "download_url": _URL,
                "thumbnail_url": _URL,
                "duration_ms": _COUNT,
                "file_size": _COUNT,
                "status": {"const": "success"},
            }
        ),
        "Retry": record(
            {
                "success": {"const": True},
                "agent_run_node_id": ref("Id"),
                "status": {"const": "initiated"},
                "message": _TEXT,
            }
        ),
    }


_AUTO = (
    "Let the agent choose from the video what is not given. Audio enhance: how much noise it takes away. Silence "
    "removal and Rough cut: what is silence. Clips: how many. Reframe: the shape. Colour: brightness and contrast. "
    "Captions: place, size and colors. Watermark: place and color. Shorts maker: what these do. What was chosen for "
    "letters is told in the run's status message. Trim and Mirror have nothing to choose, and keep their defaults."
)


def _run_wish() -> Json:
    """`agent_id` and `prompt` exclude each other, and `auto` goes with the first."""
    agent_id: Json = {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "required": ["file_id"],
        "properties": {
            "file_id": _FILE_ID,
            "agent_id": {"type": ["string", "null"]},
            "prompt": {"type": ["string", "null"], "description": "Plain words; they choose agent and parameters."},
            "parameters": {"type": ["object", "null"], "description": "Overrides, by the agent's schema."},
            "auto": {"type": ["boolean", "null"], "description": _AUTO},
        },
        "oneOf": [
            {
                "required": ["agent_id"],
                "properties": {"agent_id": agent_id, "prompt": {"enum": [None, ""]}},
            },
            {
                "required": ["prompt"],
                "properties": {
                    "prompt": {"type": "string", "pattern": r"\S"},
                    "agent_id": {"enum": [None, ""]},
                    "auto": {"enum": [None, False]},
                },
            },
        ],
    }


def _portal() -> dict[str, Json]:
    key = {"id": ref("Id"), "created_at": _TIME}
    return {
        "Key": record({**key, "last_used_at": _TIME_OR_NULL, "webhook_url": WEBHOOK_URL}),
        "NewKey": record({**key, "key": {"type": "string", "pattern": "^mk_"}, "webhook_url": WEBHOOK_URL}),
    }


def _faults() -> dict[str, Json]:
    choices: dict[str, Schema] = {"call": {"enum": list(Call)}, "effect": {"enum": list(Effect)}}
    numbers: dict[str, Schema] = {
        "times": {"type": "number", "minimum": 1, "maximum": 10_000, "description": "How often it happens."},
        "status": {"type": "number", "minimum": 200, "maximum": 599},
        "after_bytes": {"type": "number", "minimum": 0, "maximum": 2**40},
        "seconds": {"type": "number", "minimum": 0, "maximum": 3600},
    }
    expiry: dict[str, Schema] = {"call": {"const": Call.LINKS}, "effect": {"const": Effect.EXPIRE}}
    neither = {"not": {"anyOf": [{"properties": {name: fixed}} for name, fixed in expiry.items()]}}
    # One that is listed also counts, and what is left of it may be nothing.
    left: dict[str, Schema] = {"times": _COUNT, "used": _COUNT}
    return {
        "FaultWish": record(choices, numbers) | {"oneOf": [{"properties": expiry}, neither]},
        "Fault": record({**choices, **numbers, **left}),
    }
