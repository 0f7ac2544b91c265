"""The Secret Service of Linux desktops. Imports keyring, so it is imported late, on the thread that uses it."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import secretstorage
from jeepney.bus_messages import DBus
from jeepney.io.blocking import DBusConnection, Proxy
from jeepney.wrappers import DBusErrorResponse
from keyring.backends.SecretService import Keyring
from keyring.errors import KeyringLocked, NoKeyringError

_BUS_NAME = "org.freedesktop.secrets"
_GNOME_PROMPTERS = frozenset({"org.gnome.keyring.SystemPrompter", "org.gnome.keyring.PrivatePrompter"})
# Who stands behind it: whoever owns one of these names on the bus as well.
_PROVIDERS = {
    "org.gnome.keyring": "GNOME Keyring",
    "org.kde.secretservicecompat": "KDE Wallet",
    "org.kde.kwalletd6": "KDE Wallet",
    "org.keepassxc.KeePassXC.MainWindow": "KeePassXC",
}


class KeyringDenied(KeyringLocked):
    """The user was asked, and said no."""

    is_denied = True


class SecretService(Keyring):
    """keyring's own, except that a collection that stays locked does not leave its connection open, and that a service
    which is gone is told from one that fails.
    """

    def get_preferred_collection(self) -> secretstorage.Collection:
        with _service_there(), ExitStack() as on_error:
            connection = secretstorage.dbus_init()
            on_error.callback(connection.close)
            try:
                collection = secretstorage.get_default_collection(connection)
                if collection.is_locked():
                    collection.unlock()
                is_open = not collection.is_locked()
            except secretstorage.PromptDismissedException:  # of the prompt that makes a collection
                is_open = False
            if not is_open:
                raise _not_opened(connection)
            on_error.pop_all()
            return collection

    def peek(self, service: str, username: str) -> str | None:
        """Like get_password, but raises KeyringLocked instead of asking the user."""
        with _service_there(), closing(secretstorage.dbus_init()) as connection:
            # What is kept can be looked for while it is locked; only the secret itself cannot be had.
            for item in secretstorage.search_items(connection, self._query(service, username)):
                if item.is_locked():
                    raise KeyringLocked("the keyring is locked")
                return item.get_secret().decode()
        return None


def provider() -> str:
    """The program behind the service, in plain words; empty where it is not known. It is started where it sleeps.

    Raises NoKeyringError where there is none.
    """
    with _service_there(), closing(secretstorage.dbus_init()) as connection:
        bus = Proxy(DBus(), connection)
        if bus.NameHasOwner(_BUS_NAME) != (1,):
            _start(bus)
        return _provider(connection)


def _start(bus: Proxy) -> None:
    try:
        bus.StartServiceByName(_BUS_NAME)
    except DBusErrorResponse as error:
        raise NoKeyringError(error.name) from error


def _provider(connection: DBusConnection) -> str:
    bus = Proxy(DBus(), connection)
    names = (_BUS_NAME, *_PROVIDERS)
    owners = {name: bus.GetNameOwner(name) for name in names if bus.NameHasOwner(name) == (1,)}
    owner = owners.pop(_BUS_NAME, None)
    return next((_PROVIDERS[name] for name in owners if owners[name] == owner), "")


def _not_opened(connection: DBusConnection) -> KeyringLocked:
    """Without a program that asks, GNOME Keyring answers as if the user had said no."""
    bus = Proxy(DBus(), connection)
    (running,), (startable,) = bus.ListNames(), bus.ListActivatableNames()
    if _provider(connection) == _PROVIDERS["org.gnome.keyring"] and not _GNOME_PROMPTERS & {*running, *startable}:
        return KeyringLocked("the keyring was not unlocked")
    return KeyringDenied("the keyring was not unlocked")


@contextmanager
def _service_there() -> Iterator[None]:
    try:
        yield
    except secretstorage.SecretServiceNotAvailableException as error:
        raise NoKeyringError(str(error)) from error
