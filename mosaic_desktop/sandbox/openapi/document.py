"""The whole OpenAPI 3.1 document of the local Mosaic."""

from mosaic_desktop import __version__
from mosaic_desktop.sandbox.openapi.admin import admin_paths
from mosaic_desktop.sandbox.openapi.operational import operational_paths
from mosaic_desktop.sandbox.openapi.parts import Json
from mosaic_desktop.sandbox.openapi.portal import portal_paths
from mosaic_desktop.sandbox.openapi.schemas import components
from mosaic_desktop.sandbox.openapi.sign_in import sign_in_paths, sign_in_schemas
from mosaic_desktop.sandbox.openapi.storage import storage_paths

_ABOUT = """\
Mosaic's classic API as the local Mosaic serves it, with the storage and the sign-in beside it.

Below `/api`, unknown addresses are answered with 404 `not_found` and other methods with 405 `method_not_allowed`.
Faults that were ordered at `/admin/faults` answer what they were ordered to.
"""
_HEADERS = {
    "Retry-After": {"type": "integer", "minimum": 1},
    "ETag": {"type": "string"},
    "Last-Modified": {"type": "string"},
    "Accept-Ranges": {"const": "bytes"},
    "Content-Range": {"type": "string", "pattern": r"^bytes [0-9]+-[0-9]+/[0-9]+$"},
    "x-goog-generation": {"type": "string", "pattern": "^[0-9]+$"},
    "x-goog-hash": {"type": "string", "pattern": "md5="},
    "x-goog-stored-content-length": {"type": "string", "pattern": "^[0-9]+$"},
}


def description() -> Json:
    """Relative to the server's origin."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Local Mosaic", "version": __version__, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "paths": {**operational_paths(), **portal_paths(), **sign_in_paths(), **storage_paths(), **admin_paths()},
        "components": {
            "schemas": components() | sign_in_schemas(),
            "headers": {name: {"required": True, "schema": schema} for name, schema in _HEADERS.items()},
            "securitySchemes": {
                "bearerKey": _bearer("An API key, `mk_...`."),
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key."},
                "session": {**_bearer("A session token of `/auth/v1/token`."), "bearerFormat": "JWT"},
                "publicKey": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "apikey",
                    "description": "Supabase's public key, which opens nothing by itself.",
                },
                "adminToken": _bearer("The admin token that the server prints at its start."),
            },
        },
    }


def _bearer(words: str) -> Json:
    return {"type": "http", "scheme": "bearer", "description": words}
