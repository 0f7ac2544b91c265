"""Lets Qt call void Python methods and slots many times, then prints how far the reference counts of constants moved.

Started as a program of its own by test_pyside_bound.py: a binding that loses references ends it with an abort.
"""

import sys

from PySide6.QtCore import QObject, QTimerEvent, Signal
from PySide6.QtGui import QAction, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

ROUNDS = 25_000
CONSTANTS = (None, True, False)


class Receiver(QObject):
    """A slot for signals that come from Qt and from Python, and an overridden void method the event loop calls."""

    asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.answers = 0
        self.ticks = 0
        self.asked.connect(self.answer)

    def answer(self) -> None:
        self.answers += 1

    def timerEvent(self, event: QTimerEvent) -> None:
        self.ticks += 1


class Painted(QWidget):
    """A widget that counts how often it paints itself."""

    paints = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paints += 1


def main() -> None:
    app = QApplication(["reference_counter", "-platform", "offscreen"])
    receiver, painted, picture, action = Receiver(), Painted(), QPixmap(8, 8), QAction()
    painted.resize(8, 8)
    action.triggered.connect(receiver.answer)
    receiver.startTimer(0)
    before = [sys.getrefcount(constant) for constant in CONSTANTS]
    for number in range(ROUNDS):
        action.trigger()
        receiver.asked.emit(number)
        painted.render(picture)
        app.processEvents()
    drifts = [sys.getrefcount(constant) - count for constant, count in zip(CONSTANTS, before, strict=True)]
    sys.stdout.write(" ".join(map(str, [receiver.answers, receiver.ticks, painted.paints, *drifts])))


if __name__ == "__main__":
    main()
