"""From libcurl's codes, a storage's answers and the system's file errors to ours.

Texts from outside may repeat a signed link or what was signed, so only codes and fixed phrases go into details.
"""

import errno
import os
import re
from collections.abc import Mapping

import pycurl

from mosaic_desktop.core.errors import Code, LocalFileError, MosaicError, NetworkError, StorageError

_UNREACHABLE = {
    pycurl.E_COULDNT_RESOLVE_HOST: "host name not found",
    pycurl.E_COULDNT_RESOLVE_PROXY: "proxy name not found",
    pycurl.E_COULDNT_CONNECT: "no connection",
    pycurl.E_OPERATION_TIMEDOUT: "no connection in time",  # the only time limit given to libcurl is for connecting
}
_INTERRUPTED = {
    pycurl.E_SEND_ERROR: "cut while sending",
    pycurl.E_RECV_ERROR: "cut while receiving",
    pycurl.E_GOT_NOTHING: "closed without an answer",
    pycurl.E_PARTIAL_FILE: "cut before the end",
    pycurl.E_SEND_FAIL_REWIND: "asked to send again",
}
_REFUSED_CERTIFICATE = {
    pycurl.E_PEER_FAILED_VERIFICATION: "certificate refused",
    pycurl.E_SSL_ISSUER_ERROR: "certificate issuer refused",
    pycurl.E_SSL_INVALIDCERTSTATUS: "certificate status refused",
    pycurl.E_SSL_CACERT_BADFILE: "this computer’s certificates cannot be read",
}

_TRANSIENT_CODES = frozenset({"IncompleteBody", "RequestTimeout", "BadDigest"})
# The object or session of this link is gone, finished by somebody else or cancelled; another link names another one.
_USED_UP = frozenset({404, 410, 412, 499})
_ANSWER_CODE = re.compile(rb"<Code>\s*([A-Za-z0-9_.]{1,80})\s*</Code>")


def curl_error(code: int) -> MosaicError:
    """For a transfer that libcurl gave up with ``code``."""
    if phrase := _UNREACHABLE.get(code):
        return NetworkError(Code.UNREACHABLE, phrase, seen=False)
    if phrase := _INTERRUPTED.get(code):
        return NetworkError(Code.INTERRUPTED, phrase, seen=True)
    if phrase := _REFUSED_CERTIFICATE.get(code):
        return NetworkError(Code.TLS, phrase, seen=False, retryable=False)
    if code == pycurl.E_SSL_CONNECT_ERROR:  # also a handshake that was merely cut
        return NetworkError(Code.TLS, "no secure connection", seen=False)
    if code == pycurl.E_URL_MALFORMAT:
        return StorageError(Code.LINK_REFUSED, "the link is not valid")
    return StorageError(Code.STORAGE, f"libcurl error {code}", retryable=True)


def storage_error(status: int, headers: Mapping[str, str], body: bytes) -> StorageError:
    """For an answer that is no success. ``body``: its beginning, XML from Google's and Amazon's storage."""
    found = _ANSWER_CODE.search(body)
    word = found.group(1).decode() if found else ""
    detail = f"{status} {word}".strip()
    if word in {"ExpiredToken", "RequestExpired"} or (status in {400, 403} and b"expired" in body.lower()):
        return StorageError(Code.LINK_EXPIRED, detail, retryable=True, status=status)
    if status in _USED_UP:
        return StorageError(Code.LINK_EXPIRED, detail, retryable=True, status=status)
    if status in {401, 403} or word == "SignatureDoesNotMatch":
        return StorageError(Code.LINK_REFUSED, detail, status=status)
    if 300 <= status < 400:
        return StorageError(Code.REDIRECTED, detail, status=status)
    transient = status in {408, 425, 429} or status >= 500 or word in _TRANSIENT_CODES
    wait = _seconds(headers.get("retry-after", ""))
    return StorageError(Code.STORAGE, detail, retryable=transient, retry_after=wait, status=status)


def _seconds(retry_after: str) -> float | None:
    value = retry_after.strip()
    return float(value) if re.fullmatch(r"[0-9]{1,6}", value) else None


def source_error(error: OSError) -> LocalFileError:
    """For a file that is to be sent."""
    missing = error.errno in {errno.ENOENT, errno.ENOTDIR}
    return LocalFileError(Code.FILE_MISSING if missing else Code.FILE_UNREADABLE, _words(error))


def target_error(error: OSError) -> LocalFileError:
    """For a file that is to be written."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return LocalFileError(Code.DISK_FULL if full else Code.FOLDER_UNWRITABLE, _words(error))


def _words(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else type(error).__name__
