"""A window of another program, from which files are dragged: ``python drag_source.py FILE...``, at the corner 0,0.

Says its number once it can be seen, and so be pulled at or given the keyboard.
"""

import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel


class Source(QLabel):
    """Begins a drag with the system's own protocol as soon as it is pulled."""

    is_told = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.is_told:
            self.is_told = True
            print("ready", int(self.winId()), flush=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in sys.argv[1:]])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)


app = QApplication(sys.argv)
source = Source("files")
source.setWindowFlag(Qt.WindowType.BypassWindowManagerHint)
source.setGeometry(0, 0, 60, 60)
source.show()
app.exec()
