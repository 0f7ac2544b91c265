"""What calls are described with: bodies, parameters, answers and the errors of the contract's table."""

from collections.abc import Mapping, Sequence

Json = dict[str, object]
Schema = Mapping[str, object]

# Every error of the API, as the contract's table and `sandbox.errors` have them: its status and when it comes.
_ERRORS: dict[str, tuple[int, str]] = {
    "validation_error": (400, "Malformed JSON, or a missing or contradictory field."),
    "invalid_state": (400, "The node is not `failed`."),
    "invalid_api_key": (401, "The credential is missing, unknown or revoked, or does not open this call."),
    "invalid_admin_token": (401, "The admin token is missing or wrong, or a web page sends it."),
    "concurrent_agent_limit": (403, "More runs at once than the plan allows."),
    "insufficient_credits": (403, "The balance is too low."),
    "forbidden": (403, "It belongs to another account."),
    "too_many_retries": (403, "Three nodes of this run are being retried already."),
    "not_found": (404, "Nothing has this id."),
    "range_not_satisfiable": (416, "The range lies outside the video."),
    "parameter_out_of_range": (422, "A parameter is outside its bounds; `field` has its name."),
    "rate_limit": (429, "Over 120 requests a minute of one account."),
    "internal_server_error": (500, "An unexpected failure."),
    "internal_error": (500, "An unexpected failure."),
}

KEY_OR_SESSION: Sequence[Json] = ({"bearerKey": []}, {"apiKey": []}, {"session": []})
SESSION: Sequence[Json] = ({"session": []},)
ADMIN: Sequence[Json] = ({"adminToken": []},)
PUBLIC_KEY: Sequence[Json] = ({"publicKey": []},)
PUBLIC_KEY_AND_SESSION: Sequence[Json] = ({"publicKey": [], "session": []},)
NOBODY: Sequence[Json] = ()


def call(
    name: str,
    summary: str,
    *,
    group: str,
    security: Sequence[Json],
    answers: Mapping[str, Json],
    body: Json | None = None,
    parameters: Sequence[Json] = (),
) -> Json:
    """One operation; `name` is its operationId, `answers` go by their status."""
    described: Json = {"operationId": name, "summary": summary, "tags": [group], "security": list(security)}
    if parameters:
        described["parameters"] = list(parameters)
    if body is not None:
        described["requestBody"] = body
    return described | {"responses": dict(answers)}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def json_body(schema: Schema, required: bool = True) -> Json:
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def json_answer(description: str, schema: Schema, headers: Sequence[str] = ()) -> Json:
    return answer(description, {"application/json": {"schema": schema}}, headers)


def answer(description: str, content: Json | None = None, headers: Sequence[str] = ()) -> Json:
    """`headers` are always there and named in the components."""
    described: Json = {"description": description}
    if headers:
        described["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return described if content is None else described | {"content": content}


def refusals(*codes: str) -> dict[str, Json]:
    """The answers with these errors of the API, by status."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(_ERRORS[code][0], []).append(code)
    return {str(status): _refusal(codes) for status, codes in sorted(by_status.items())}


def _refusal(codes: Sequence[str]) -> Json:
    words = " ".join(f"`{code}`: {_ERRORS[code][1]}" for code in codes)
    schema: Json = {"allOf": [ref("Error"), {"properties": {"error": {"enum": list(codes)}}}]}
    if "parameter_out_of_range" in codes:
        schema = schema | {"required": ["field"]}
    return json_answer(words, schema, ["Retry-After"] if "rate_limit" in codes else [])


def record(
    required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, *, closed: bool = True
) -> Json:
    """An object with these properties; `closed`: and no others."""
    described: Json = {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}
    return described | {"additionalProperties": False} if closed else described


def listing(name: str, items: Schema) -> Json:
    """An object with one list."""
    return record({name: {"type": "array", "items": items}})


def path_id(name: str, description: str) -> Json:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": ref("Id")}


def query(name: str, schema: Schema, description: str, *, required: bool = False) -> Json:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


def header(name: str, schema: Schema, description: str) -> Json:
    return {"name": name, "in": "header", "description": description, "schema": schema}
