"""From httpx's exceptions to ours. Their texts may hold addresses and stay out."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from mosaic_desktop.core.errors import Code, MosaicError, NetworkError, ProtocolError

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_UNREADABLE = (httpx.InvalidURL, httpx.UnsupportedProtocol)


@contextmanager
def translated() -> Iterator[None]:
    """Turns every failure of an exchange inside it into a MosaicError."""
    try:
        yield
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        raise error_for(error) from None
    except TimeoutError:
        raise NetworkError(Code.INTERRUPTED, "No complete answer came in time.", seen=True) from None
    except UnicodeError:  # a host name that DNS has no form for
        raise NetworkError(Code.UNREACHABLE, "The host name is not valid.", seen=False) from None


def error_for(error: Exception) -> MosaicError:
    """``seen`` is False only where the request certainly was not sent."""
    kind = type(error).__name__
    if isinstance(error, _NEVER_SENT):
        tls = _tls_failure(error)
        if tls is not None:
            return NetworkError(Code.TLS, tls, seen=False, retryable=False)
        return NetworkError(Code.UNREACHABLE, kind, seen=False)
    if isinstance(error, _UNREADABLE):
        return ProtocolError(Code.UNREADABLE_ANSWER, kind)
    return NetworkError(Code.INTERRUPTED, kind, seen=True)


def _tls_failure(error: BaseException) -> str | None:
    """What made the handshake fail, unless it was only cut."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"The certificate was refused: {cause.verify_message}"
        if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return None
        if isinstance(cause, ssl.SSLError):
            return f"No secure connection: {cause.reason}"
        cause = cause.__cause__ or cause.__context__
    return None
