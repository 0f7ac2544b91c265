"""The links to the bytes of videos, in Google Cloud Storage's own forms. No call may carry other credentials."""

from mosaic_desktop.sandbox.openapi.parts import NOBODY, Json, Schema, answer, call, header, query

_GROUP = "Storage"
_TEXT: Schema = {"type": "string"}
_KEY: Schema = {"type": "string", "minLength": 1, "examples": ["uploads/00000000-0000-4000-8000-000000000000"]}
_IDENTITY = ("ETag", "x-goog-generation", "x-goog-hash", "x-goog-stored-content-length")
_OBJECT = (*_IDENTITY, "Accept-Ranges", "Last-Modified")
_SIGNATURE = (
    query("X-Goog-Algorithm", _TEXT, "Of a signed link."),
    query("X-Goog-Credential", _TEXT, "Who signed the link."),
    query("X-Goog-Date", _TEXT, "When the link was made."),
    query("X-Goog-Expires", _TEXT, "The link's life in seconds."),
    query("X-Goog-SignedHeaders", _TEXT, "The headers under the signature."),
    query("X-Goog-Signature", _TEXT, "The signature."),
)
_SESSION = query("upload_id", _TEXT, "Of a resumable session, whose link has nothing else.")
_DISPOSITION = query("response-content-disposition", _TEXT, "Signed too: the Content-Disposition of the answer.")
_RANGES = (
    header("Range", _TEXT, "One range of bytes."),
    header("If-Range", _TEXT, "Only if the object still has this ETag or Last-Modified."),
)


def storage_paths() -> dict[str, Json]:
    words = "The object's key as in the link; its slashes may be sent as `%2F`."
    key: Json = {"name": "key", "in": "path", "required": True, "description": words, "schema": _KEY}
    return {"/storage/{key}": {"put": _put(key), "delete": _cancel(key), "get": _get(key), "head": _head(key)}}


def _put(key: Json) -> Json:
    content_range = header("Content-Range", _TEXT, "Of a session: `bytes a-b/total`, or `bytes */total` to ask.")
    return call(
        "uploadBytes",
        "Send a video, whole to a signed link or in chunks of 256 KiB's multiples to a session",
        group=_GROUP,
        security=NOBODY,
        parameters=[key, *_SIGNATURE, _SESSION, content_range],
        body={"required": False, "content": {"*/*": {"schema": {}}}},
        answers={
            "200": answer("It is stored.", headers=_IDENTITY),
            "308": answer("The session goes on after what `Range` says; without that header nothing is there."),
            "400": _error(
                "`EntityTooLarge`, `ExpiredToken`, `IncompleteBody`, `InvalidArgument`, `MalformedSecurityHeader`."
            ),
            "403": _error("`SignatureDoesNotMatch`: link, method or Content-Type are not what was signed."),
            "404": _error("`NoSuchUpload`: start the session over."),
            "410": _error("`NoSuchUpload`: the session was cancelled."),
            "411": _error("`MissingContentLength`."),
            "503": answer("The chunk begins after what is there.", {"text/plain": {"schema": _TEXT}}),
        },
    )


def _cancel(key: Json) -> Json:
    return call(
        "cancelUpload",
        "Cancel a resumable session",
        group=_GROUP,
        security=NOBODY,
        parameters=[key, _SESSION],
        answers={
            "499": answer("It is cancelled."),
            "400": _error("`InvalidArgument`."),
            "403": _error("`SignatureDoesNotMatch`: no link is signed for this."),
            "404": _error("`NoSuchUpload`."),
            "410": _error("`NoSuchUpload`: it was cancelled before."),
        },
    )


def _get(key: Json) -> Json:
    content: Json = {"*/*": {}}
    return call(
        "download",
        "Fetch an object or a range of it",
        group=_GROUP,
        security=NOBODY,
        parameters=[key, *_SIGNATURE, _DISPOSITION, _SESSION, *_RANGES],
        answers={
            "200": answer("The object, in the type that it was sent with.", content, _OBJECT),
            "206": answer("The range.", content, (*_OBJECT, "Content-Range")),
            "400": _error("`ExpiredToken` or `InvalidArgument`."),
            "403": _error("`SignatureDoesNotMatch`."),
            "404": _error("`NoSuchKey` or `NoSuchUpload`."),
            "405": _error("`MethodNotAllowed`: a session gives nothing."),
            "410": _error("`NoSuchUpload`."),
            "416": _error("`InvalidRange`."),
        },
    )


def _head(key: Json) -> Json:
    return call(
        "askObject",
        "What fetching would answer, without the bytes",
        group=_GROUP,
        security=NOBODY,
        parameters=[key, *_SIGNATURE, _DISPOSITION, _SESSION, *_RANGES],
        answers={
            "200": answer("The object is there.", headers=_OBJECT),
            "206": answer("The range is.", headers=(*_OBJECT, "Content-Range")),
            **{status: answer("As for GET.") for status in ("400", "403", "404", "405", "410", "416")},
        },
    )


def _error(description: str) -> Json:
    schema: Json = {
        "type": "object",
        "xml": {"name": "Error"},
        "required": ["Code", "Message"],
        "properties": {"Code": _TEXT, "Message": _TEXT},
    }
    return answer(description, {"application/xml": {"schema": schema}})
