"""The calls of people who signed in (contract: "Developer portal")."""

from mosaic_desktop.sandbox.openapi.parts import (
    SESSION,
    Json,
    call,
    json_answer,
    json_body,
    listing,
    path_id,
    record,
    ref,
    refusals,
)
from mosaic_desktop.sandbox.openapi.schemas import WEBHOOK_URL

_ANY_CALL = ("invalid_api_key", "rate_limit", "internal_server_error")
_ONE_KEY = ("forbidden", "not_found", *_ANY_CALL)
_GROUP = "Developer portal"


def portal_paths() -> dict[str, Json]:
    return {**_keys(), **_one_key(), **_balance()}


def _keys() -> dict[str, Json]:
    return {
        "/api/dev/keys": {
            "get": call(
                "listKeys",
                "The live API keys, newest first",
                group=_GROUP,
                security=SESSION,
                answers={"200": json_answer("The keys.", listing("keys", ref("Key"))), **refusals(*_ANY_CALL)},
            )
        },
        "/api/dev/keys/create": {
            "post": call(
                "createKey",
                "Make an API key",
                group=_GROUP,
                security=SESSION,
                body=json_body({"type": "object", "properties": {"webhook_url": WEBHOOK_URL}}, required=False),
                answers={
                    "200": json_answer("The key; its plaintext is shown this once.", ref("NewKey")),
                    **refusals("validation_error", *_ANY_CALL),
                },
            )
        },
    }


def _one_key() -> dict[str, Json]:
    key_id = path_id("key_id", "The key's id, which is not the key itself.")
    return {
        "/api/dev/keys/{key_id}": {
            "patch": call(
                "changeKey",
                "Set a key's webhook, or take it away",
                group=_GROUP,
                security=SESSION,
                parameters=[key_id],
                body=json_body(record({"webhook_url": WEBHOOK_URL}, closed=False)),
                answers={
                    "200": json_answer("The key as it is now.", ref("Key")),
                    **refusals("validation_error", *_ONE_KEY),
                },
            ),
            "delete": call(
                "revokeKey",
                "Revoke a key at once; its runs go on",
                group=_GROUP,
                security=SESSION,
                parameters=[key_id],
                answers={
                    "200": json_answer("It opens nothing any more.", record({"success": {"const": True}})),
                    **refusals(*_ONE_KEY),
                },
            ),
        }
    }


def _balance() -> dict[str, Json]:
    balance = record({"credits_remaining": {"type": "number", "minimum": 0}})
    return {
        "/api/dev/credits/balance": {
            "get": call(
                "getBalance",
                "What is left",
                group=_GROUP,
                security=SESSION,
                answers={"200": json_answer("The balance.", balance), **refusals(*_ANY_CALL)},
            )
        }
    }
