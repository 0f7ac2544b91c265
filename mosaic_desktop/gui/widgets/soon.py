"""Work that is asked for often and done once: in the next turn of the event loop, or a little later."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Soon(QTimer):
    """Done `within_ms` after it was first asked for, and no more often than that. Ends with its parent, done or not."""

    def __init__(self, parent: QObject, work: Callable[[], None], within_ms: int = 0) -> None:
        super().__init__(parent)
        self.setSingleShot(True)
        self.setInterval(within_ms)
        self.timeout.connect(work)

    def ask(self) -> None:
        if not self.isActive():
            self.start()
