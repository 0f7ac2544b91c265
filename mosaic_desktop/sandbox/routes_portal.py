"""The developer portal: API keys and the balance (contract: "Developer portal"). For people who signed in."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mosaic_desktop.sandbox.accounts import Account
from mosaic_desktop.sandbox.database import Row
from mosaic_desktop.sandbox.errors import invalid, not_found
from mosaic_desktop.sandbox.methods import route
from mosaic_desktop.sandbox.requests import Fields, as_uuid, optional_text, read_fields
from mosaic_desktop.sandbox.services import Services

_HOOK = "webhook_url"


def portal_routes(services: Services) -> list[Route]:
    keys = services.keys

    async def list_keys(request: Request) -> JSONResponse:
        account = services.signed_in(request)
        return JSONResponse({"keys": [_describe(key) for key in keys.of_account(account.id)]})

    async def create_key(request: Request) -> JSONResponse:
        account, fields = await _read(services, request)
        made = keys.create(account.id, optional_text(fields, _HOOK))
        shown = {"id": made.id, "key": made.key, "created_at": made.created_at, _HOOK: made.webhook_url}
        return JSONResponse(shown, headers={"Cache-Control": "no-store"})

    async def change_key(request: Request) -> JSONResponse:
        account, fields = await _read(services, request)
        if _HOOK not in fields:
            raise invalid(f"The field '{_HOOK}' is required: an address, or null for none.")
        return JSONResponse(_describe(keys.set_webhook(account.id, _key_id(request), optional_text(fields, _HOOK))))

    async def revoke_key(request: Request) -> JSONResponse:
        account = services.signed_in(request)
        keys.revoke(account.id, _key_id(request))
        return JSONResponse({"success": True})

    async def balance(request: Request) -> JSONResponse:
        account = services.signed_in(request)
        return JSONResponse({"credits_remaining": services.credits.balance(account.id)})

    return [
        Route("/dev/keys", list_keys, methods=["GET"]),
        route("/dev/keys/create", POST=create_key),
        route("/dev/keys/{key_id}", PATCH=change_key, DELETE=revoke_key),
        Route("/dev/credits/balance", balance, methods=["GET"]),
    ]


async def _read(services: Services, request: Request) -> tuple[Account, Fields]:
    """Who asks, and the body. A session that ends while the body comes opens nothing."""
    services.signed_in(request)
    fields = await read_fields(request)
    return services.callers.signed_in(request.headers), fields


def _key_id(request: Request) -> str:
    key_id = as_uuid(request.path_params["key_id"])
    if key_id is None:
        raise not_found("API key")
    return key_id


def _describe(key: Row) -> dict[str, object]:
    """A key as it is listed: never its plaintext."""
    return {name: key[name] for name in ("id", "created_at", "last_used_at", _HOOK)}
