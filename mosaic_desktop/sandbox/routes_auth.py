"""Signing in, as Supabase Auth (GoTrue) shows itself to clients: tokens, refreshing, signing out.

Every call carries the public key in the header `apikey`, which says which project is meant and opens nothing.
"""

import json
import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mosaic_desktop.sandbox.accounts import Account
from mosaic_desktop.sandbox.callers import bearer_tokens
from mosaic_desktop.sandbox.errors import ApiError, SignInError
from mosaic_desktop.sandbox.requests import Fields, optional_text, read_fields
from mosaic_desktop.sandbox.sign_ins import Grant, SignedIn, SignIns

ANON_KEY = "sb_publishable_mosaic_local"
_VERSION = "X-Supabase-Api-Version"
_NEW_ERRORS = "2024-01-01"
_NO_STORE = {"Cache-Control": "no-store"}
_NO_API_KEY = {
    "message": "No API key found in request",
    "hint": "No `apikey` request header or url param was found.",
}
# The one error that still has OAuth's form.
_NO_REFRESH_TOKEN = {"error": "invalid_request", "error_description": "refresh_token required"}
_WRONG_API_KEY = {"message": "Invalid API key", "hint": "Double check your Supabase `anon` or `service_role` API key."}

Call = Callable[[Request], Awaitable[Response]]


def auth_routes(sign_ins: SignIns) -> list[Route]:
    async def token(request: Request) -> Response:
        fields = await _fields(request)
        match request.query_params.get("grant_type"):
            case "password":
                if not (email := _text(fields, "email")):
                    raise SignInError(400, "validation_failed", "missing email or phone")
                grant = sign_ins.with_password(email, _text(fields, "password"))
            case "refresh_token":
                if not (refresh_token := _text(fields, "refresh_token")):
                    return JSONResponse(_NO_REFRESH_TOKEN, 400, headers=_NO_STORE)
                grant = sign_ins.refresh(refresh_token)
            case _:
                raise SignInError(400, "invalid_credentials", "unsupported_grant_type")
        return JSONResponse(_describe_grant(grant), headers=_NO_STORE)

    async def user(request: Request) -> Response:
        return JSONResponse(_describe_user(_signed_in(sign_ins, request).account))

    async def logout(request: Request) -> Response:
        signed_in = _signed_in(sign_ins, request)
        match request.query_params.get("scope", ""):
            case "" | "global":
                sign_ins.end_all(signed_in.account)
            case "local":
                sign_ins.end(signed_in.session_id)
            case "others":
                sign_ins.end_all(signed_in.account, but=signed_in.session_id)
            case scope:
                raise SignInError(400, "validation_failed", f"Unsupported logout scope {json.dumps(scope)}")
        return Response(status_code=204)

    return [
        Route("/token", _guarded(token), methods=["POST"]),
        Route("/user", _guarded(user), methods=["GET"]),
        Route("/logout", _guarded(logout), methods=["POST"]),
    ]


def _guarded(call: Call) -> Call:
    """What stands before every call and behind it: the public key, and errors in Supabase's forms."""

    async def guarded(request: Request) -> Response:
        key = request.headers.get("apikey") or request.query_params.get("apikey")
        if key != ANON_KEY:
            return JSONResponse(_WRONG_API_KEY if key else _NO_API_KEY, 401)
        try:
            return await call(request)
        except SignInError as error:
            return _error(error, request.headers.get(_VERSION, ""))

    return guarded


def _error(error: SignInError, version: str) -> JSONResponse:
    headers = {"x-sb-error-code": error.code, **_NO_STORE}
    if re.fullmatch(r"\d{4}-\d\d-\d\d", version) and version >= _NEW_ERRORS:
        body: dict[str, object] = {"code": error.code, "message": error.message}
        headers[_VERSION] = _NEW_ERRORS
    else:
        body = {"code": error.status, "error_code": error.code, "msg": error.message}
    return JSONResponse(body, error.status, headers=headers)


def _signed_in(sign_ins: SignIns, request: Request) -> SignedIn:
    tokens = bearer_tokens(request.headers)
    if not tokens:
        raise SignInError(401, "no_authorization", "This endpoint requires a valid Bearer token")
    if signed_in := sign_ins.read(tokens[0]):
        return signed_in
    if sign_ins.is_ours(tokens[0]):
        raise SignInError(403, "session_not_found", "Session from session_id claim in JWT does not exist")
    raise SignInError(403, "bad_jwt", "invalid JWT: unable to parse or verify signature, or the token is expired")


async def _fields(request: Request) -> Fields:
    try:
        return await read_fields(request)
    except ApiError as error:
        raise _bad_json(error.detail) from error


def _text(fields: Fields, name: str) -> str:
    """A field of the body; empty where it is missing."""
    try:
        return optional_text(fields, name) or ""
    except ApiError as error:
        raise _bad_json(error.detail) from error


def _bad_json(detail: str) -> SignInError:
    return SignInError(400, "bad_json", f"Could not parse request body as JSON: {detail}")


def _describe_grant(grant: Grant) -> dict[str, object]:
    return {
        "access_token": grant.access_token,
        "token_type": "bearer",
        "expires_in": grant.expires_in,
        "expires_at": grant.expires_at,
        "refresh_token": grant.refresh_token,
        "user": _describe_user(grant.account),
    }


def _describe_user(account: Account) -> dict[str, object]:
    # Supabase's own client libraries take no user without some of these.
    return {
        "id": account.id,
        "aud": "authenticated",
        "role": "authenticated",
        "email": account.email,
        "email_confirmed_at": account.created_at,
        "phone": "",
        "confirmed_at": account.created_at,
        "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": {},
        "identities": [],
        "created_at": account.created_at,
        "updated_at": account.created_at,
        "is_anonymous": False,
    }
