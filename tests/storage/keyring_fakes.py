"""Keyrings in memory, for what the real ones do on other systems."""

from typing import TYPE_CHECKING

from keyring.backend import KeyringBackend

if TYPE_CHECKING:
    from collections.abc import Callable


class Drawer(KeyringBackend):
    """A keyring in memory; people know it by the name of its class."""

    priority = 9

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.content: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.content.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.content[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.content[service, username]


class OtherDrawer(Drawer):
    pass


class Forgetful(Drawer):
    """Takes what it is given, and does not keep it."""

    def set_password(self, service: str, username: str, password: str) -> None:
        self.content.pop((service, username), None)


class Crash(BaseException):
    """The power fails."""


class Keychain:
    """The library of macOS as keyring uses it: a value is replaced by deleting it and adding another.

    ``step`` is called before each change and may raise.
    """

    class Error(Exception):
        pass

    class NotFound(Error):  # noqa: N818 # its name there
        pass

    class KeychainDenied(Error):  # noqa: N818
        pass

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}
        self.step: Callable[[], None] = lambda: None

    def set_generic_password(self, keychain: str | None, service: str, username: str, password: str) -> None:
        if (service, username) in self.items:
            self.delete_generic_password(keychain, service, username)
        self.step()
        self.items[service, username] = password

    def find_generic_password(self, keychain: str | None, service: str, username: str) -> str:
        if (service, username) not in self.items:
            raise self.NotFound(-25300, "Item not found")
        return self.items[service, username]

    def delete_generic_password(self, keychain: str | None, service: str, username: str) -> None:
        self.step()
        del self.items[service, username]
