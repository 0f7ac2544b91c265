"""A bare Qt event loop that has nothing to do: how late it is shows what the machine itself is late by.

Says a first line when it begins. Ends when its standard input does, with the figures as JSON.
"""

import json
import sys
from threading import Thread

from PySide6.QtCore import QCoreApplication, QMetaObject, Qt

from tests.benchmarks.lateness import Lateness

app = QCoreApplication([])


def _end_with_input() -> None:
    sys.stdin.read()
    QMetaObject.invokeMethod(app, "quit", Qt.ConnectionType.QueuedConnection)


lateness = Lateness()
print("begun", flush=True)
Thread(target=_end_with_input).start()
app.exec()
print(json.dumps(lateness.stop()))
