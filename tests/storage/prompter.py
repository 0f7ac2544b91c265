"""The program that asks the user for the password of GNOME Keyring, with a user who decides beforehand."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_method_call, new_method_return
from jeepney.bus_messages import DBus
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

NAME = "org.gnome.keyring.SystemPrompter"
_CALLBACK = "org.gnome.keyring.internal.Prompter.Callback"


class Prompter:
    """Answers "no" as soon as it is asked, or never while ``is_away``."""

    def __init__(self, connection: DBusConnection, *, is_away: bool) -> None:
        self._connection = connection
        self._is_away = is_away
        self.asked = threading.Event()

    def run(self) -> None:
        while True:
            try:
                message = self._connection.receive()
            except (OSError, ConnectionError, ValueError):
                return
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def _answer(self, message: Message) -> None:
        member = message.header.fields[HeaderFields.member]
        self._connection.send(new_method_return(message))
        (callback, *_) = message.body or ("",)
        sender = message.header.fields[HeaderFields.sender]
        address = DBusAddress(callback, sender, _CALLBACK)
        match member:
            case "BeginPrompting":
                self._call(address, "PromptReady", "")
            case "PerformPrompt":
                self.asked.set()
                if not self._is_away:
                    self._call(address, "PromptReady", "no")
            case "StopPrompting":
                self._connection.send(new_method_call(address, "PromptDone"))

    def _call(self, address: DBusAddress, member: str, reply: str) -> None:
        self._connection.send(new_method_call(address, member, "sa{sv}s", (reply, {}, "")))


@contextmanager
def prompter(*, is_away: bool = False) -> Iterator[Prompter]:
    """On the session bus, which is the test's own."""
    connection = open_dbus_connection()
    assert Proxy(DBus(), connection).RequestName(NAME) == (1,)
    program = Prompter(connection, is_away=is_away)
    thread = threading.Thread(target=program.run, daemon=True)
    thread.start()
    try:
        yield program
    finally:
        connection.sock.shutdown(2)
        thread.join(10)
        connection.close()
