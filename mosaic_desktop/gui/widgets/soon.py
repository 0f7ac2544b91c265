"""Work that is asked for often and done once: in the next turn of the event loop."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Soon(QTimer):
    """Ends with its parent, done or not."""

    def __init__(self, parent: QObject, work: Callable[[], None]) -> None:
        super().__init__(parent)
        self.setSingleShot(True)
        self.setInterval(0)
        self.timeout.connect(work)

    def ask(self) -> None:
        if not self.isActive():
            self.start()
