"""The Secret Service of Linux desktops. Imports keyring, so it is imported late, on the thread that uses it."""

from contextlib import ExitStack, closing

import secretstorage
from jeepney.bus_messages import DBus
from jeepney.io.blocking import Proxy
from keyring.backends.SecretService import Keyring
from keyring.errors import KeyringLocked

_BUS_NAME = "org.freedesktop.secrets"
# Who stands behind it: whoever owns one of these names on the bus as well.
_PROVIDERS = {
    "org.gnome.keyring": "GNOME Keyring",
    "org.kde.secretservicecompat": "KDE Wallet",
    "org.kde.kwalletd6": "KDE Wallet",
    "org.keepassxc.KeePassXC.MainWindow": "KeePassXC",
}


class SecretService(Keyring):
    """keyring's own, except that a collection that stays locked does not leave its connection open."""

    def get_preferred_collection(self) -> secretstorage.Collection:
        with ExitStack() as on_error:
            connection = secretstorage.dbus_init()
            on_error.callback(connection.close)
            try:
                collection = _unlocked(secretstorage.get_default_collection(connection))
            except secretstorage.PromptDismissedException as error:
                raise KeyringLocked(str(error)) from error
            on_error.pop_all()
            return collection

    def peek(self, service: str, username: str) -> str | None:
        """Like get_password, but raises KeyringLocked instead of asking the user."""
        with closing(secretstorage.dbus_init()) as connection:
            # What is kept can be looked for while it is locked; only the secret itself cannot be had.
            for item in secretstorage.search_items(connection, self._query(service, username)):
                if item.is_locked():
                    raise KeyringLocked("the keyring is locked")
                return item.get_secret().decode()
        return None


def provider() -> str:
    """The program behind the service, in plain words."""
    with closing(secretstorage.dbus_init()) as connection:
        bus = Proxy(DBus(), connection)
        names = (_BUS_NAME, *_PROVIDERS)
        owners = {name: bus.GetNameOwner(name) for name in names if bus.NameHasOwner(name) == (1,)}
    owner = owners.pop(_BUS_NAME, None)
    return next((_PROVIDERS[name] for name in owners if owners[name] == owner), "Secret Service")


def _unlocked(collection: secretstorage.Collection) -> secretstorage.Collection:
    """Asks the user where it is locked. Raises KeyringLocked where it stays so."""
    if collection.is_locked():
        collection.unlock()
        if collection.is_locked():
            raise KeyringLocked("the keyring was not unlocked")
    return collection
