"""Whether the user may be looking: this program is in front, or behind other windows, minimised or in the tray."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication


class Attention(QObject):
    """Tells whoever wants to know whenever that changes."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tell: Callable[[bool], None] | None = None
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._on_state_changed)

    def set_listener(self, tell: Callable[[bool], None] | None) -> None:
        """`tell` is called with True when the user may be looking from now on, with False when not."""
        self._tell = tell

    def _on_state_changed(self, state: Qt.ApplicationState) -> None:
        if self._tell is not None:
            self._tell(state is Qt.ApplicationState.ApplicationActive)
