"""Administration of this server, and this description itself."""

from mosaic_desktop.sandbox.openapi.parts import (
    ADMIN,
    NOBODY,
    Json,
    call,
    json_answer,
    json_body,
    listing,
    record,
    ref,
    refusals,
)


def admin_paths() -> dict[str, Json]:
    listed = json_answer("All faults in their order, also those that are used up.", listing("faults", ref("Fault")))
    wishes = record({"faults": {"type": "array", "items": ref("FaultWish")}}, closed=False)
    any_call = ("invalid_admin_token", "internal_server_error")

    def faults(name: str, summary: str, body: Json | None = None) -> Json:
        codes = any_call if body is None else ("validation_error", *any_call)
        answers = {"200": listed, **refusals(*codes)}
        return call(name, summary, group="Administration", security=ADMIN, body=body, answers=answers)

    return {
        "/admin/faults": {
            "get": faults("listFaults", "What was ordered to go wrong"),
            "post": faults("addFaults", "Order faults, all of them or none", json_body(wishes)),
            "delete": faults("clearFaults", "Forget all faults"),
        },
        "/openapi.json": {
            "get": call(
                "getDescription",
                "This description",
                group="Administration",
                security=NOBODY,
                answers={"200": json_answer("An OpenAPI 3.1 document.", {"type": "object"})},
            )
        },
    }
