"""A bare PySide6 window, that tells when it is on the screen, and then ends."""

import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class _Window(QMainWindow):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, self._tell)

    def _tell(self) -> None:
        print(time.monotonic(), flush=True)
        QApplication.exit()


app = QApplication([])
window = _Window()
window.resize(1280, 800)
window.show()
app.exec()
