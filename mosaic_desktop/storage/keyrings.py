"""Which keyrings this system has, what people call them, and how a secret is put into one.

Everything here blocks and runs on a thread of its own; keyring itself is imported there too, as it takes a while.
"""

import sys
from typing import TYPE_CHECKING

from mosaic_desktop.core.errors import Code, VaultError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from keyring.backend import KeyringBackend

LONGEST = 2560
"""Bytes of a secret as UTF-16: what the Windows Credential Manager takes."""

_NAMES = {
    "keyring.backends.kwallet": "KDE Wallet",
    "mosaic_desktop.storage.mac_keychain": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}
SOME_SECRET_SERVICE = "Secret Service"  # of a program that is not known by name


def available() -> "list[KeyringBackend]":
    """The real keyrings of this system, the best first."""
    found = [(kind.priority, kind) for kind in _kinds() if kind.viable and kind.priority >= 1]
    return [kind() for _, kind in sorted(found, key=lambda pair: pair[0], reverse=True)]


def plain_name(backend: "KeyringBackend") -> str:
    """In the words of this system's users: "GNOME Keyring". Raises NoKeyringError where nothing stands behind it."""
    if type(backend).__name__ == "SecretService":
        from mosaic_desktop.storage.secret_service import provider

        return provider() or SOME_SECRET_SERVICE
    return _NAMES.get(type(backend).__module__, type(backend).__name__)


def goes_by(backend: "KeyringBackend", name: str) -> bool:
    """Whether it is the keyring that people call ``name``."""
    from keyring.errors import NoKeyringError

    try:
        its_name = plain_name(backend)
    except NoKeyringError:
        return False
    # A Secret Service without a name may be any of them.
    is_nameless = type(backend).__name__ == "SecretService" and SOME_SECRET_SERVICE in (its_name, name)
    return its_name == name or is_nameless


def peek(backend: "KeyringBackend", service: str, user: str) -> str | None:
    """A secret, without a question to the user. Raises KeyringLocked where it takes one to get at it.

    Only the Secret Service can tell; the others are open for as long as their user's session is.
    """
    look: Callable[[str, str], str | None] = getattr(backend, "peek", backend.get_password)
    return look(service, user)


def put(backend: "KeyringBackend", service: str, user: str, value: str) -> None:
    """Reads back what was written, because KDE Wallet's refusal to write goes unnoticed in keyring.

    Raises VaultError (KEYRING_FAILED) where it is not there.
    """
    backend.set_password(service, user, value)
    if backend.get_password(service, user) != value:
        raise VaultError(Code.KEYRING_FAILED, "it did not keep what was written")


def forget(backend: "KeyringBackend", service: str, user: str) -> None:
    """Deletes a secret; one that is not there is no error."""
    if backend.get_password(service, user) is not None:
        backend.delete_password(service, user)


def is_too_long(value: str) -> bool:
    return len(value.encode("utf-16-le", "surrogatepass")) > LONGEST


def _kinds() -> "Iterator[type[KeyringBackend]]":
    """Named one by one, so that no plug-in and no store in plain text is among them."""
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        WinVaultKeyring.persist = "local machine"  # type: ignore[assignment] # not to other computers of a domain
        yield WinVaultKeyring
    elif sys.platform == "darwin":
        from mosaic_desktop.storage.mac_keychain import MacKeychain

        yield MacKeychain
    else:
        from keyring.backends.kwallet import DBusKeyring

        from mosaic_desktop.storage.secret_service import SecretService

        yield SecretService
        yield DBusKeyring
