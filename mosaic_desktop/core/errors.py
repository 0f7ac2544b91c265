"""One tree of errors for the whole application, and the value that a row keeps of one.

Foreign exceptions (httpx, pycurl, sqlite3, keyring, OSError) become one of these at the border of their room;
above it nobody catches anything else. A sentence for users is made from the code in ``core/sentences.py``.
"""

from dataclasses import dataclass
from enum import StrEnum

from mosaic_desktop.core.secrets import redact


class Code(StrEnum):
    """Codes this application knows. The service's own (contract, section Errors) keep their wire words."""

    VALIDATION = "validation_error"
    INVALID_STATE = "invalid_state"
    INVALID_KEY = "invalid_api_key"
    RUN_LIMIT = "concurrent_agent_limit"
    NO_CREDITS = "insufficient_credits"
    FORBIDDEN = "forbidden"
    TOO_MANY_RETRIES = "too_many_retries"
    NOT_FOUND = "not_found"
    OUT_OF_RANGE = "parameter_out_of_range"
    RATE_LIMIT = "rate_limit"
    SERVER = "internal_server_error"
    SERVER_NODE = "internal_error"

    UNREACHABLE = "unreachable"  # no connection: the request was certainly not seen
    INTERRUPTED = "interrupted"  # cut or timed out after sending began: the request may have been seen
    TLS = "tls"
    GATEWAY = "gateway"  # a proxy or load balancer answered instead of the service
    UNREADABLE_ANSWER = "unreadable_answer"  # the answer was not what the contract says
    REDIRECTED = "redirected"

    LINK_EXPIRED = "link_expired"
    LINK_REFUSED = "link_refused"
    STORAGE = "storage_error"
    STARTS_OVER = "starts_over"  # a plain PUT broke, of which the storage keeps nothing
    WRONG_SIZE = "wrong_size"
    WRONG_CONTENT = "wrong_content"

    FILE_MISSING = "file_missing"
    FILE_AWAY = "file_away"  # together with its folder: perhaps a disk that is not connected
    FILE_UNREADABLE = "file_unreadable"
    FILE_CHANGED = "file_changed"
    FILE_EMPTY = "file_empty"
    FILE_TOO_SMALL = "file_too_small"
    FILE_TOO_LARGE = "file_too_large"
    NOT_A_VIDEO = "not_a_video"
    NO_VIDEOS_IN_FOLDER = "no_videos_in_folder"
    ALREADY_QUEUED = "already_queued"
    UNKNOWN_LINK = "unknown_link"
    VIDEO_REMOVED = "video_removed"
    FOLDER_UNWRITABLE = "folder_unwritable"
    FOLDER_MISSING = "folder_missing"  # with a part of a video that is on its way
    DISK_FULL = "disk_full"

    NO_KEY = "no_key"
    NO_KEYRING = "no_keyring"
    KEYRING_LOCKED = "keyring_locked"
    KEYRING_SILENT = "keyring_silent"  # no answer in time; it may be waiting for the user
    KEYRING_FAILED = "keyring_failed"
    KEYRING_GONE = "keyring_gone"  # another one than that which holds the secret
    KEYRING_DENIED = "keyring_denied"  # the user, or the system, said no
    SECRET_TOO_LONG = "secret_too_long"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    INVALID_LOGIN = "invalid_login"
    EMAIL_NOT_CONFIRMED = "email_not_confirmed"
    SIGN_IN_REFUSED = "sign_in_refused"  # a session token that the service does not accept, also after a refresh
    NO_SIGN_IN = "no_sign_in"  # this profile has no address to sign in at
    PORT_TAKEN = "port_taken"
    PORT_REFUSED = "port_refused"  # the system keeps it for itself, or it is no port
    RECEIVER_OFF = "receiver_off"
    RECEIVER_FAILED = "receiver_failed"
    JOURNAL = "journal"
    IN_USE = "data_folder_in_use"
    DATA_FOLDER = "data_folder_unusable"
    SANDBOX = "local_mosaic"
    RUN_FAILED = "run_failed"
    NO_OUTPUTS = "no_outputs"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a row, a journal or a JSON line keeps of an error: no secret, no traceback.

    ``field`` is the parameter that a 422 names; ``status`` the HTTP status, where there was one.
    """

    code: str
    detail: str = ""
    retryable: bool = False
    field: str | None = None
    status: int | None = None


class MosaicError(Exception):
    """Base of every error above a border.

    ``retryable``: trying the same thing again makes sense. ``retry_after``: seconds the other side asked for.
    """

    retryable_by_default = False

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        retryable: bool | None = None,
        retry_after: float | None = None,
        status: int | None = None,
        field: str | None = None,
    ) -> None:
        self.code = str(code)
        self.detail = redact(detail)
        self.retryable = self.retryable_by_default if retryable is None else retryable
        self.retry_after = retry_after
        self.status = status
        self.field = field
        super().__init__(f"{self.code}: {self.detail}" if self.detail else self.code)

    @property
    def problem(self) -> Problem:
        return Problem(self.code, self.detail, self.retryable, self.field, self.status)


class NetworkError(MosaicError):
    """No complete answer came. ``seen``: the other side may have received the request."""

    retryable_by_default = True

    def __init__(self, code: str, detail: str = "", *, seen: bool, retryable: bool = True) -> None:
        super().__init__(code, detail, retryable=retryable)
        self.seen = seen


class ServiceError(MosaicError):
    """Mosaic answered with an error of the contract's table, or something stood in between and answered for it."""


class AuthError(ServiceError):
    """The credential is missing, unknown or revoked (401)."""


class ProtocolError(ServiceError):
    """An answer that the contract does not describe: not JSON, a missing field, a wrong type."""


class StorageError(MosaicError):
    """A storage host refused or broke a transfer behind a signed link."""


class IntegrityError(MosaicError):
    """What arrived is not what was announced."""


class LocalFileError(MosaicError):
    """A file or folder of the user's cannot be used."""


class VaultError(MosaicError):
    """The system keyring is missing, locked or refuses."""


class JournalError(MosaicError):
    """The journal cannot be read or written."""
