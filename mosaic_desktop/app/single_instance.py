"""One window a data folder: a second start shows the first window instead."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_MILLISECONDS_TO_ANSWER = 500


class SingleInstance(QObject):
    """A local socket named after the data folder. The journal's own lock is what keeps two processes apart."""

    def __init__(self, root: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = f"mosaic-desktop-{hashlib.sha256(str(root).encode()).hexdigest()[:16]}"
        self._server: QLocalServer | None = None

    def wake_other(self) -> bool:
        """Whether another window with this data folder is there; it comes to the front."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        found = socket.waitForConnected(_MILLISECONDS_TO_ANSWER)
        socket.disconnectFromServer()
        return found

    def listen(self, on_other: Callable[[], None]) -> None:
        """From here on, ``on_other`` is called at each further start."""
        QLocalServer.removeServer(self._name)  # left behind by a process that was killed
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)

        def greet() -> None:
            assert self._server is not None
            while (connection := self._server.nextPendingConnection()) is not None:
                connection.disconnected.connect(connection.deleteLater)
                on_other()

        self._server.newConnection.connect(greet)
        self._server.listen(self._name)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
