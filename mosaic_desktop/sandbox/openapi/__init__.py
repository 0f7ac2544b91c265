"""The local Mosaic's description of itself in OpenAPI 3.1: every call, with all that it takes and answers."""

from mosaic_desktop.sandbox.openapi.document import description

__all__ = ["description"]
