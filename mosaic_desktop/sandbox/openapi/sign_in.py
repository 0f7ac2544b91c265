"""Signing in, in Supabase Auth's own forms."""

from collections.abc import Mapping

from mosaic_desktop.sandbox.openapi.parts import (
    PUBLIC_KEY,
    PUBLIC_KEY_AND_SESSION,
    Json,
    Schema,
    answer,
    call,
    header,
    json_answer,
    json_body,
    query,
    record,
    ref,
)

_GROUP = "Signing in"
_TEXT: Schema = {"type": "string"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_VERSION = header(
    "X-Supabase-Api-Version", {"type": "string"}, "From `2024-01-01` on, errors have `code` and `message`."
)


def sign_in_schemas() -> dict[str, Json]:
    texts = ("aud", "role", "email", "phone")
    times = ("created_at", "updated_at", "confirmed_at", "email_confirmed_at")
    provider = record({"provider": {"const": "email"}, "providers": {"const": ["email"]}})
    user = {
        "id": ref("Id"),
        **dict.fromkeys(texts, _TEXT),
        **dict.fromkeys(times, _TIME),
        "app_metadata": provider,
        "user_metadata": record({}),
        "identities": {"type": "array", "maxItems": 0},
        "is_anonymous": {"const": False},
    }
    return {
        "User": record(user),
        "Grant": record(
            {
                "access_token": _TEXT,
                "token_type": {"const": "bearer"},
                "expires_in": {"type": "integer"},
                "expires_at": {"type": "integer"},
                "refresh_token": _TEXT,
                "user": ref("User"),
            }
        ),
    }


def sign_in_paths() -> dict[str, Json]:
    return {
        "/auth/v1/token": {"post": _token()},
        "/auth/v1/user": {
            "get": call(
                "getUser",
                "Who is signed in",
                group=_GROUP,
                security=PUBLIC_KEY_AND_SESSION,
                parameters=[_VERSION],
                answers={"200": json_answer("The person.", ref("User")), **_of_session()},
            )
        },
        "/auth/v1/logout": {
            "post": call(
                "logout",
                "Sign out",
                group=_GROUP,
                security=PUBLIC_KEY_AND_SESSION,
                parameters=[
                    query("scope", {"enum": ["global", "local", "others"]}, "Which sessions end; all without it."),
                    _VERSION,
                ],
                answers={
                    "204": answer("They have ended."),
                    "400": _error("validation_failed"),
                    **_of_session(),
                },
            )
        },
    }


def _token() -> Json:
    password = record({"email": _nonempty(), "password": _TEXT}, closed=False)
    refresh = record({"refresh_token": _nonempty()}, closed=False)
    no_refresh_token = record({"error": {"const": "invalid_request"}, "error_description": _TEXT})
    codes = ("bad_json", "invalid_credentials", "refresh_token_already_used", "refresh_token_not_found")
    return call(
        "getToken",
        "Sign in, or get the next tokens of a session",
        group=_GROUP,
        security=PUBLIC_KEY,
        parameters=[
            query("grant_type", {"enum": ["password", "refresh_token"]}, "Which of the two.", required=True),
            _VERSION,
        ],
        body=json_body({"anyOf": [password, refresh]}),
        answers={
            "200": json_answer("A session.", ref("Grant")),
            "400": _error("validation_failed", *codes, others=[no_refresh_token]),
            "401": _no_public_key(),
            "429": _error("over_request_rate_limit"),
        },
    )


def _nonempty() -> Schema:
    return {"type": "string", "minLength": 1}


def _of_session() -> Mapping[str, Json]:
    return {
        "401": _no_public_key("no_authorization"),
        "403": _error("bad_jwt", "session_not_found"),
    }


def _no_public_key(*codes: str) -> Json:
    gateway = record({"message": _TEXT, "hint": _TEXT})
    return _error(*codes, others=[gateway])


def _error(*codes: str, others: list[Json] | None = None) -> Json:
    """An error in the older form or in the one since 2024, or in one of the `others`."""
    known = {"enum": list(codes)}
    older = record({"code": {"type": "integer"}, "error_code": known, "msg": _TEXT})
    newer = record({"code": known, "message": _TEXT})
    forms = [*([older, newer] if codes else []), *(others or [])]
    return json_answer(f"An error of Supabase: {', '.join(codes) or 'no public key'}.", {"anyOf": forms})
