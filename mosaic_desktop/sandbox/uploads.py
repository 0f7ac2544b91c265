"""Uploads and the files they become (contract: "Uploading a video")."""

import re
from pathlib import PurePosixPath, PureWindowsPath
from uuid import uuid4

from mosaic_desktop.sandbox.accounts import Account
from mosaic_desktop.sandbox.database import Database, Row
from mosaic_desktop.sandbox.errors import forbidden, invalid, not_found
from mosaic_desktop.sandbox.objects import Objects

MIN_SIZE = 1024
MAX_SIZE = 10 * 1024**3
_WORD = "[A-Za-z0-9_!#$&^.+-]{1,127}"
_VALUE = r"[A-Za-z0-9_!#$&^.,+-]{1,127}"  # as browsers write codecs: separated by commas, and often not quoted
CONTENT_TYPE = f'^{_WORD}/{_WORD}( ?; ?{_WORD}=({_VALUE}|"[ -!#-[\\]-~]{{1,127}}")){{0,4}}$'


class Uploads:
    """An upload is announced, its bytes arrive at storage, and finalizing makes it a file."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects

    def announce(
        self, account: Account, file_name: str, size: int, content_type: str, project_id: str | None
    ) -> tuple[str, str]:
        """The new upload's id and its storage key; raises 400 where the service would not take the file.

        Without a `project_id` the file gets a project of its own.
        """
        if not re.fullmatch(CONTENT_TYPE, content_type):
            raise invalid("The field 'content_type' must be a media type like 'video/mp4'.")
        if size < MIN_SIZE:
            raise invalid("The file is smaller than 1 KiB, which is too small for a video.")
        if size > MAX_SIZE:
            raise invalid("The file is larger than 10 GiB, the most that one upload may have.")
        upload = str(uuid4())
        key = f"uploads/{upload}"
        self._database.write(
            "INSERT INTO uploads (id, account_id, file_name, size, object_key, project_id) VALUES (?, ?, ?, ?, ?, ?)",
            upload, account.id, _base_name(file_name), size, key, project_id,
        )  # fmt: skip
        return upload, key

    def finalize(self, account: Account, upload_id: str) -> Row:
        """The file of an upload, always the same one; raises 400 while the bytes are not all there."""
        upload = self._database.row("SELECT * FROM uploads WHERE id = ?", upload_id)
        if upload is None:
            raise not_found("upload")
        if upload["account_id"] != account.id:
            raise forbidden("upload")
        known = self._database.row("SELECT * FROM files WHERE upload_id = ?", upload_id)
        return known or self._create_file(upload)

    def file(self, account: Account, file_id: str) -> Row:
        """A file that the account may use; raises 404 or 403."""
        found = self._database.row("SELECT * FROM files WHERE id = ?", file_id)
        if found is None:
            raise not_found("video")
        if found["account_id"] != account.id:
            raise forbidden("video")
        return found

    def _create_file(self, upload: Row) -> Row:
        stored = self._objects.find(upload["object_key"])
        if stored is None:
            raise invalid("The bytes of this video have not arrived yet. Send them to its upload_url first.")
        if stored.size != upload["size"]:
            raise invalid(f"The upload has {stored.size} bytes, but {upload['size']} were announced.")
        self._database.write(
            "INSERT INTO files (id, account_id, upload_id, file_name, object_key, project_id) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            str(uuid4()), upload["account_id"], upload["id"], upload["file_name"], upload["object_key"],
            upload["project_id"] or str(uuid4()),
        )  # fmt: skip
        created = self._database.row("SELECT * FROM files WHERE upload_id = ?", upload["id"])
        assert created is not None
        return created


def _base_name(file_name: str) -> str:
    """The last part of a path in either system's writing."""
    return PurePosixPath(PureWindowsPath(file_name).name).name or "video"
