"""The tables: libcurl's codes, storage answers and system errors to ours."""

import errno

import pycurl
import pytest

from mosaic_desktop.core.errors import Code, NetworkError
from mosaic_desktop.transfers.errors import curl_error, source_error, storage_error, target_error

GCS = "<?xml version='1.0' encoding='UTF-8'?><Error><Code>{}</Code><Message>{}</Message></Error>"


@pytest.mark.parametrize(
    ("number", "code", "seen", "retryable"),
    [
        (pycurl.E_COULDNT_RESOLVE_HOST, Code.UNREACHABLE, False, True),
        (pycurl.E_COULDNT_RESOLVE_PROXY, Code.UNREACHABLE, False, True),
        (pycurl.E_COULDNT_CONNECT, Code.UNREACHABLE, False, True),
        (pycurl.E_OPERATION_TIMEDOUT, Code.UNREACHABLE, False, True),
        (pycurl.E_SEND_ERROR, Code.INTERRUPTED, True, True),
        (pycurl.E_RECV_ERROR, Code.INTERRUPTED, True, True),
        (pycurl.E_GOT_NOTHING, Code.INTERRUPTED, True, True),
        (pycurl.E_PARTIAL_FILE, Code.INTERRUPTED, True, True),
        (pycurl.E_PEER_FAILED_VERIFICATION, Code.TLS, False, False),
        (pycurl.E_SSL_CACERT_BADFILE, Code.TLS, False, False),
        (pycurl.E_SSL_CONNECT_ERROR, Code.TLS, False, True),
    ],
)
def test_network(number: int, code: Code, seen: bool, retryable: bool) -> None:
    error = curl_error(number)
    assert isinstance(error, NetworkError)
    assert (error.code, error.seen, error.retryable) == (code, seen, retryable)


@pytest.mark.parametrize("number", range(100))
def test_every_libcurl_code_has_an_error(number: int) -> None:
    assert curl_error(number).code in {Code.UNREACHABLE, Code.INTERRUPTED, Code.TLS, Code.STORAGE, Code.LINK_REFUSED}


@pytest.mark.parametrize(
    ("status", "body", "code", "retryable"),
    [
        (400, GCS.format("ExpiredToken", "The provided token has expired."), Code.LINK_EXPIRED, True),
        (403, GCS.format("AccessDenied", "Request has expired"), Code.LINK_EXPIRED, True),
        (403, GCS.format("AccessDenied", "Access denied."), Code.LINK_REFUSED, False),
        (403, GCS.format("SignatureDoesNotMatch", "Access denied."), Code.LINK_REFUSED, False),
        (400, GCS.format("SignatureDoesNotMatch", ""), Code.LINK_REFUSED, False),
        (401, "", Code.LINK_REFUSED, False),
        (403, "<html>Forbidden</html>", Code.LINK_REFUSED, False),
        (404, GCS.format("NoSuchKey", "gone"), Code.LINK_EXPIRED, True),
        (410, "", Code.LINK_EXPIRED, True),
        (412, GCS.format("PreconditionFailed", ""), Code.LINK_EXPIRED, True),
        (499, "", Code.LINK_EXPIRED, True),
        (400, GCS.format("IncompleteBody", ""), Code.STORAGE, True),
        (400, GCS.format("EntityTooLarge", ""), Code.STORAGE, False),
        (400, "", Code.STORAGE, False),
        (411, "", Code.STORAGE, False),
        (413, "", Code.STORAGE, False),
        (408, "", Code.STORAGE, True),
        (429, GCS.format("SlowDown", ""), Code.STORAGE, True),
        (500, "", Code.STORAGE, True),
        (502, "<html>", Code.STORAGE, True),
        (503, "\0\xff", Code.STORAGE, True),
        (504, "", Code.STORAGE, True),
        (302, "", Code.REDIRECTED, False),
        (206, "", Code.STORAGE, False),
    ],
)
def test_storage(status: int, body: str, code: Code, retryable: bool) -> None:
    error = storage_error(status, {}, body.encode("latin-1"))
    assert (error.code, error.retryable, error.status) == (code, retryable, status)


def test_storage_detail_is_its_code_and_never_its_message() -> None:
    error = storage_error(403, {}, GCS.format("SignatureDoesNotMatch", "signed: GET /o?X-Goog-Signature=abc").encode())
    assert error.detail == "403 SignatureDoesNotMatch"


@pytest.mark.parametrize(("value", "seconds"), [("7", 7.0), (" 120 ", 120.0), ("", None), ("soon", None), ("-1", None)])
def test_retry_after(value: str, seconds: float | None) -> None:
    assert storage_error(503, {"retry-after": value}, b"").retry_after == seconds


@pytest.mark.parametrize(
    ("number", "reading", "writing"),
    [
        (errno.ENOENT, Code.FILE_MISSING, Code.FOLDER_UNWRITABLE),
        (errno.EACCES, Code.FILE_UNREADABLE, Code.FOLDER_UNWRITABLE),
        (errno.EIO, Code.FILE_UNREADABLE, Code.FOLDER_UNWRITABLE),
        (errno.ENOSPC, Code.FILE_UNREADABLE, Code.DISK_FULL),
        (errno.EDQUOT, Code.FILE_UNREADABLE, Code.DISK_FULL),
    ],
)
def test_files(number: int, reading: Code, writing: Code) -> None:
    assert source_error(OSError(number, "text", "/secret/name")).code == reading
    error = target_error(OSError(number, "text", "/secret/name"))
    assert error.code == writing
    assert "secret" not in error.detail
