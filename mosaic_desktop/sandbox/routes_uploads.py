"""Uploading a video: the link, and what becomes of it (contract: "Uploading a video")."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mosaic_desktop.sandbox.accounts import Caller
from mosaic_desktop.sandbox.errors import invalid, not_found
from mosaic_desktop.sandbox.requests import (
    Fields,
    as_uuid,
    flag_field,
    integer_field,
    optional_text,
    read_fields,
    text_field,
)
from mosaic_desktop.sandbox.services import Services


def upload_routes(services: Services) -> list[Route]:
    async def get_upload_url(request: Request) -> JSONResponse:
        caller = services.caller(request)
        fields = await read_fields(request)
        name, content_type = text_field(fields, "filename"), text_field(fields, "content_type")
        size, project_id = integer_field(fields, "file_size"), _project(caller, fields)
        upload, key = services.uploads.announce(caller.account, name, size, content_type, project_id)
        link = services.upload_links.link(key, size, content_type)
        return JSONResponse({"upload_url": link, "video_id": upload, "temp_path": key})

    async def finalize_upload(request: Request) -> JSONResponse:
        account = services.account(request)
        flag_field(await read_fields(request), "skip_project_creation")
        upload = as_uuid(request.path_params["video_id"])
        if upload is None:
            raise not_found("upload")
        file = services.uploads.finalize(account, upload)
        link = services.signer.get_link(file["object_key"], attachment=file["file_name"])
        return JSONResponse({"file_uuid": file["id"], "file_name": file["file_name"], "url": link})

    return [
        Route("/video/get-upload-url", get_upload_url, methods=["POST"]),
        Route("/video/finalize-upload/{video_id}", finalize_upload, methods=["POST"]),
    ]


def _project(caller: Caller, fields: Fields) -> str | None:
    """The project to use again, which only a person who signed in may name."""
    named = optional_text(fields, "project_id")
    if named is None:
        return None
    if (project_id := as_uuid(named)) is None:
        raise invalid("The field 'project_id' must be the id of a project.")
    return project_id if caller.key_id is None else None
