"""Blocking looks at the user's files and folders. Called in worker threads only."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.core.limits import check_size, looks_like_video
from mosaic_desktop.core.names import numbered

_SAMPLE_BYTES = 256 * 1024

# What the folder of a disk or share that is not connected answers.
_NOT_CONNECTED = frozenset(
    {
        errno.ENOENT,
        errno.ENOTDIR,
        errno.EIO,
        errno.ENODEV,
        errno.ENXIO,
        errno.ESTALE,
        errno.ENOTCONN,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.ETIMEDOUT,
    }
)

# What file systems without hard links answer.
_NO_LINKS = frozenset(
    {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EXDEV, errno.EMLINK, errno.EACCES}
)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """``size``: bytes; ``modified_ns``: nanoseconds since the epoch."""

    size: int
    modified_ns: int


def facts(path: Path) -> FileFacts:
    """Raises LocalFileError where ``path`` is not a readable regular file."""
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise LocalFileError(Code.FILE_MISSING) from error
    except OSError as error:
        raise LocalFileError(Code.FILE_UNREADABLE, error.strerror or "") from error
    if not S_ISREG(status.st_mode):
        raise LocalFileError(Code.NOT_A_VIDEO)
    if not os.access(path, os.R_OK):
        raise LocalFileError(Code.FILE_UNREADABLE)
    return FileFacts(status.st_size, status.st_mtime_ns)


def sendable(path: Path) -> FileFacts:
    """The facts of a file within the limits. Raises LocalFileError."""
    found = facts(path)
    check_size(found.size)
    return found


def looks_at(paths: Iterable[Path | None]) -> list[FileFacts | LocalFileError | None]:
    """Like ``sendable`` for many, each with what is wrong with it; None where there is no path."""
    return [None if path is None else _look_at(path) for path in paths]


def _look_at(path: Path) -> FileFacts | LocalFileError:
    try:
        return sendable(path)
    except LocalFileError as error:
        return error


@dataclass(frozen=True, slots=True)
class Folder:
    """What a path turned out to be."""


Survey = FileFacts | Folder | LocalFileError


def survey(paths: Iterable[Path]) -> list[Survey]:
    """What many paths are: a folder, a file within the limits, or nothing that can be sent."""
    return [Folder() if is_folder(path) else _look_at(path) for path in paths]


def check_unchanged(path: Path, size: int, modified_ns: int) -> None:
    """Raises LocalFileError (FILE_CHANGED, FILE_MISSING, FILE_UNREADABLE)."""
    if facts(path) != FileFacts(size, modified_ns):
        raise LocalFileError(Code.FILE_CHANGED)


def sample_of(path: Path, size: int) -> str:
    """Tells files apart at a glance: their size, beginning and end. Raises LocalFileError."""
    found = hashlib.blake2b(str(size).encode(), digest_size=20)
    try:
        with path.open("rb") as file:
            found.update(file.read(_SAMPLE_BYTES))
            file.seek(max(_SAMPLE_BYTES, size - _SAMPLE_BYTES))
            found.update(file.read(_SAMPLE_BYTES))
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        raise LocalFileError(Code.FILE_MISSING if missing else Code.FILE_UNREADABLE, error.strerror or "") from error
    return f"blake2b:{found.hexdigest()}"


def is_away(path: Path) -> bool:
    """Whether a file is missing together with its folder's content: its disk or share is not connected.

    The folder of a mount is gone or empty while nothing is mounted there.
    """
    try:
        with os.scandir(path.parent) as entries:
            return next(entries, None) is None
    except OSError as error:
        return means_not_connected(error)


def comes_back(path: Path, code: str) -> bool:
    """Whether a file about which that was said a moment ago is away, or was and is there again."""
    return is_away(path) or (code == Code.FILE_MISSING and path.exists())


def means_not_connected(error: OSError) -> bool:
    return error.errno in _NOT_CONNECTED


def absolute(path: Path) -> Path:
    """Also takes ``..`` out, without looking at the disk."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps “..”


def is_folder(path: Path) -> bool:
    with suppress(OSError):
        return S_ISDIR(path.stat().st_mode)
    return False


def videos_in(folder: Path) -> tuple[Path, ...]:
    """Every video below ``folder`` in a natural order, hidden ones and links to folders left out."""
    found: list[Path] = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += (path for name in sorted(names) if looks_like_video(path := Path(root, name)))
    return tuple(found)


def prepare_folder(folder: Path, needed: int) -> None:
    """Makes ``folder`` and looks for ``needed`` free bytes. Raises LocalFileError (FOLDER_UNWRITABLE, DISK_FULL)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise LocalFileError(Code.FOLDER_UNWRITABLE, error.strerror or "", retryable=False) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise LocalFileError(Code.FOLDER_UNWRITABLE)
    if free < needed:
        raise LocalFileError(Code.DISK_FULL)


def free_name(folder: Path, name: str, taken: Iterable[Path]) -> Path:
    """``name`` in ``folder``, numbered until neither a file, a partial file nor a path in ``taken`` has it."""
    used = set(taken)
    number = 0
    while True:
        path = folder / (numbered(name, number) if number else name)
        if path not in used and not path.exists() and not part_of(path).exists():
            return path
        number += 1


def part_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def put_in_place(part: Path, target: Path) -> bool:
    """Gives the whole file its name in one step. False if ``target`` exists: nothing is ever overwritten.

    A hard link fails where the name is taken, a rename would not; file systems without links get the name reserved.
    """
    try:
        try:
            os.link(part, target)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if not _reserve(target):
                return False
            _take_reserved(part, target)
        else:
            part.unlink()
        _flush_folder(target.parent)
    except OSError as error:
        raise LocalFileError(Code.FOLDER_UNWRITABLE, error.strerror or "") from error
    return True


def is_in_place(part: Path, target: Path, size: int) -> bool:
    """Whether ``put_in_place`` was done by a process that ended at any moment of it; what was half done is completed.

    ``target`` and ``size``, not 0, are what that process wrote down before.
    """
    with suppress(OSError):
        if not part.exists():
            return has_size(target, size)
        if not has_size(part, size) or not target.exists():
            return False
        if target.samefile(part):
            part.unlink()
        elif target.stat().st_size == 0:  # the reservation
            part.replace(target)
        else:
            return False
        _flush_folder(target.parent)
        return True
    return False


def discard(path: Path | None) -> None:
    if path is not None:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def discard_all(paths: Iterable[Path]) -> None:
    for path in paths:
        discard(path)


def has_size(path: Path, size: int) -> bool:
    with suppress(OSError):
        return path.stat().st_size == size
    return False


def _take_reserved(part: Path, target: Path) -> None:
    try:
        part.replace(target)
    except OSError:
        discard(target)  # the reservation is empty; it must not look like a finished video
        raise


def _reserve(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    except FileExistsError:
        return False
    return True


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
