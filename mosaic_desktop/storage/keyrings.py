"""Which keyring this system has, what people call it, and what its errors mean.

Everything here blocks and runs on a thread of its own; keyring itself is imported there too, as it takes a while.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mosaic_desktop.core.errors import Code, VaultError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_NAMES = {
    "keyring.backends.kwallet": "KDE Wallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}


def find() -> "KeyringBackend":
    """The best real keyring of this system. Raises VaultError (NO_KEYRING)."""
    found = [(kind.priority, kind) for kind in _kinds() if kind.viable and kind.priority >= 1]
    if not found:
        raise VaultError(Code.NO_KEYRING)
    return max(found, key=lambda pair: pair[0])[1]()


def plain_name(backend: "KeyringBackend") -> str:
    """In the words of this system's users: "GNOME Keyring"."""
    if type(backend).__name__ == "SecretService":
        from mosaic_desktop.storage.secret_service import provider

        return provider()
    return _NAMES.get(type(backend).__module__, type(backend).__name__)


def peek(backend: "KeyringBackend", service: str, user: str) -> str | None:
    """A secret, without a question to the user. Raises KeyringLocked where it takes one to get at it.

    Only the Secret Service can tell; the others are open for as long as their user's session is.
    """
    look: Callable[[str, str], str | None] = getattr(backend, "peek", backend.get_password)
    return look(service, user)


def forget(backend: "KeyringBackend", service: str, user: str) -> None:
    """Deletes a secret; one that is not there is no error."""
    if backend.get_password(service, user) is not None:
        backend.delete_password(service, user)


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
    except KeyringLocked as error:
        raise VaultError(Code.KEYRING_LOCKED, str(error), retryable=True) from error
    except Exception as error:  # each system's own library has its own errors
        raise VaultError(Code.KEYRING_FAILED, str(error) or type(error).__name__) from error


def _kinds() -> "Iterator[type[KeyringBackend]]":
    """Named one by one, so that no plug-in and no store in plain text is among them."""
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        WinVaultKeyring.persist = "local machine"  # type: ignore[assignment] # not to other computers of a domain
        yield WinVaultKeyring
    elif sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as MacKeyring

        yield MacKeyring
    else:
        from keyring.backends.kwallet import DBusKeyring

        from mosaic_desktop.storage.secret_service import SecretService

        yield SecretService
        yield DBusKeyring
