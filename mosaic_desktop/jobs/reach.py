"""What an error tells of the service as a whole, beside the one thing that was asked for."""

from mosaic_desktop.core.errors import Code, MosaicError, NetworkError, ProtocolError, ServiceError
from mosaic_desktop.core.events import ServiceReached

_ABOUT_ONE_THING = frozenset(
    {
        Code.VALIDATION,
        Code.INVALID_STATE,
        Code.RUN_LIMIT,
        Code.NO_CREDITS,
        Code.FORBIDDEN,
        Code.TOO_MANY_RETRIES,
        Code.NOT_FOUND,
        Code.OUT_OF_RANGE,
    }
)
_FOR_ALL = frozenset({Code.UNREACHABLE, Code.TLS, Code.INVALID_KEY, Code.RATE_LIMIT, Code.GATEWAY})


def reached(error: MosaicError) -> ServiceReached | None:
    """What to publish of the service: a refusal of the one thing is an answer too. None where nothing is known."""
    if not isinstance(error, ServiceError | NetworkError):
        return None
    return ServiceReached(None if error.code in _ABOUT_ONE_THING else error.problem)


def holds_for_all(error: MosaicError) -> bool:
    """Whether other calls need not be tried for now either."""
    return error.code in _FOR_ALL or error.retry_after is not None


def may_have_been_taken(error: MosaicError) -> bool:
    """Whether the service may have done what was asked although no usable answer came."""
    if isinstance(error, NetworkError):
        return error.seen
    if isinstance(error, ProtocolError):
        return True
    return (error.status or 0) >= 500 or error.code in {Code.GATEWAY, Code.UNREADABLE_ANSWER}
