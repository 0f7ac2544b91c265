"""What the errors of a keyring mean, converted once. keyring is imported late, on the thread that uses it."""

from collections.abc import Iterator
from contextlib import contextmanager

from mosaic_desktop.core.errors import Code, VaultError

_CANCELLED = "Cancelled by user"  # KDE Wallet, when it cannot write since nobody unlocked it
_NEEDS_A_SCREEN = -25308  # macOS: the keychain is locked and may not ask, as over SSH
_REFUSED = frozenset({-128, -25293})  # macOS: the user said no; the system does not trust this program


@contextmanager
def converted_errors() -> Iterator[None]:
    """Everything that a keyring raises becomes a VaultError."""
    from keyring.errors import KeyringLocked, NoKeyringError

    try:
        yield
    except VaultError:
        raise
    except NoKeyringError as error:
        raise VaultError(Code.NO_KEYRING) from error
    except Exception as error:  # each system's own library has its own errors
        if _status(error) == _NEEDS_A_SCREEN:
            raise VaultError(Code.KEYRING_LOCKED, str(error), retryable=True) from error
        if _is_denied(error):
            raise VaultError(Code.KEYRING_DENIED, str(error), retryable=True) from error
        if isinstance(error, KeyringLocked):
            raise VaultError(Code.KEYRING_LOCKED, str(error), retryable=True) from error
        raise VaultError(Code.KEYRING_FAILED, str(error) or type(error).__name__) from error


def _is_denied(error: Exception) -> bool:
    """Somebody was asked and said no. A keyring that is locked and asked nobody is another matter."""
    from keyring.errors import KeyringLocked

    by_kwallet = isinstance(error, KeyringLocked) and error.args == ("Failed to unlock the keyring!",)
    return by_kwallet or _CANCELLED in error.args or _status(error) in _REFUSED or getattr(error, "is_denied", False)


def _status(error: Exception) -> int | None:
    """The status of macOS behind keyring's error."""
    cause = error.__cause__
    status = cause.args[0] if cause is not None and cause.args else None
    return status if isinstance(status, int) else None
