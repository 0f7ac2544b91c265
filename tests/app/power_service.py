"""A power manager on the session bus that counts who keeps the computer awake, as a desktop's own does."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import DBus
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

NAME = "org.freedesktop.PowerManagement"


class PowerService:
    """``holders``: cookies that are out; ``asked``: every request to stay awake so far."""

    def __init__(self, connection: DBusConnection) -> None:
        self.holders: set[int] = set()
        self.asked = 0
        self._connection = connection

    def serve(self) -> None:
        """Until the connection is closed."""
        while True:
            try:
                message = self._connection.receive()
            except (OSError, ValueError, EOFError):
                return
            if message.header.message_type is not MessageType.method_call:
                continue
            match message.header.fields.get(HeaderFields.member):
                case "Inhibit":
                    self.asked += 1
                    self.holders.add(self.asked)
                    reply = new_method_return(message, "u", (self.asked,))
                case "UnInhibit":
                    self.holders.discard(message.body[0])
                    reply = new_method_return(message)
                case _:
                    reply = new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")
            self._connection.send(reply)


@contextmanager
def power_service(address: str) -> Iterator[PowerService]:
    """Offers the service on the bus at ``address``."""
    with open_dbus_connection(bus=address) as connection:
        assert Proxy(DBus(), connection).RequestName(NAME) == (1,)
        service = PowerService(connection)
        thread = Thread(target=service.serve)
        thread.start()
        try:
            yield service
        finally:
            connection.sock.shutdown(2)
            thread.join(5)
