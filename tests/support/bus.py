"""A private D-Bus session, and on request an unlocked GNOME Keyring on it: a real Secret Service, not the user's."""

import os
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, MessageType, new_method_call
from jeepney.bus_messages import DBus
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

from tests.support.processes import Helpers, first_line
from tests.support.waiting import PATIENCE, until

# Without a service folder the bus starts nothing by itself, so only what a test asked for is on it.
CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
SECRETS = "org.freedesktop.secrets"
_SERVICE = DBusAddress("/org/freedesktop/secrets", SECRETS, "org.freedesktop.Secret.Service")
_WITHOUT_A_WINDOW = _SERVICE.with_interface("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface")
_COLLECTION = "/org/freedesktop/secrets/collection/login"
_PASSWORD = b"password"


def start_bus(helpers: Helpers, folder: Path) -> str:
    """Start a message bus and return its address."""
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "bus.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder))
    reading, writing = os.pipe()
    options = [f"--config-file={configuration}", "--nofork", "--nopidfile", f"--print-address={writing}"]
    helpers.start(["dbus-daemon", *options], pass_fds=[writing])
    os.close(writing)
    address = first_line(reading)
    if not address:
        raise RuntimeError(f"dbus-daemon did not start; see {helpers.folder}/dbus-daemon.log")
    return address


def start_keyring(helpers: Helpers, address: str, folder: Path) -> None:
    """Start GNOME Keyring with an unlocked, empty keyring kept in `folder`, and wait until it answers."""
    folder.mkdir(parents=True, exist_ok=True)
    variables = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR")}
    settings = [f"{name}={value}" for name, value in {**variables, "DBUS_SESSION_BUS_ADDRESS": address}.items()]
    options = ["--foreground", "--unlock", "--components=secrets", f"--control-directory={folder}"]
    helpers.start(["env", *settings, "gnome-keyring-daemon", *options], stdin=_PASSWORD)
    with open_dbus_connection(bus=address) as connection:
        bus = Proxy(DBus(), connection)
        until(lambda: bus.NameHasOwner(SECRETS) == (1,))


def lock_keyring(address: str) -> None:
    """As the system does when its user goes away."""
    with open_dbus_connection(bus=address) as connection:
        locked, _ = _ask(connection, _SERVICE, "Lock", "ao", [_COLLECTION])
        assert locked == [_COLLECTION]


def unlock_keyring(address: str) -> None:
    """As its user does, without the window in which they enter the password."""
    with open_dbus_connection(bus=address) as connection:
        _, session = _ask(connection, _SERVICE, "OpenSession", "sv", "plain", ("s", ""))
        secret = (session, b"", _PASSWORD, "text/plain")
        _ask(connection, _WITHOUT_A_WINDOW, "UnlockWithMasterPassword", "o(oayays)", _COLLECTION, secret)


def _ask(connection: DBusConnection, who: DBusAddress, what: str, signature: str, *values: object) -> tuple[Any, ...]:
    reply = connection.send_and_get_reply(new_method_call(who, what, signature, values), timeout=PATIENCE)
    assert reply.header.message_type is MessageType.method_return, reply.body
    body: tuple[Any, ...] = reply.body
    return body
