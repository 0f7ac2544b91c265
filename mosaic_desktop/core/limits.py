"""What may be sent (contract, Quotas): size and type, known before the first byte."""

from pathlib import Path

from mosaic_desktop.core.errors import Code, LocalFileError

MIN_UPLOAD_BYTES = 1024
MAX_UPLOAD_BYTES = 10 * 1024**3

VIDEO_TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".avi": "video/x-msvideo",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".mts": "video/mp2t",
    ".m2ts": "video/mp2t",
    ".ts": "video/mp2t",
    ".wmv": "video/x-ms-wmv",
    ".flv": "video/x-flv",
    ".3gp": "video/3gpp",
    ".ogv": "video/ogg",
    ".mxf": "application/mxf",
}


def content_type(name: str) -> str:
    """MIME type for a file name; ``video/mp4`` where the suffix tells nothing."""
    return VIDEO_TYPES.get(Path(name).suffix.lower(), "video/mp4")


def looks_like_video(path: Path) -> bool:
    """Whether a file found in a folder is taken along. Hidden files are not."""
    return path.suffix.lower() in VIDEO_TYPES and not path.name.startswith(".")


def check_size(size: int) -> None:
    """Raises LocalFileError where the service would refuse ``size`` bytes."""
    if size == 0:
        raise LocalFileError(Code.FILE_EMPTY)
    if size < MIN_UPLOAD_BYTES:
        raise LocalFileError(Code.FILE_TOO_SMALL)
    if size > MAX_UPLOAD_BYTES:
        raise LocalFileError(Code.FILE_TOO_LARGE)
