"""Where a window is on the screen, from one start to the next."""

from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from mosaic_desktop.core.ports import SettingsStore

_FIRST_SIZE = QSize(1280, 800)
_MINIMUM = QSize(760, 560)
_KEY = "window"


class WindowPlace:
    """Brings `window` to its place of last time; `remember` before it closes."""

    def __init__(self, window: QWidget, settings: SettingsStore) -> None:
        self._window = window
        self._settings = settings
        window.setMinimumSize(_MINIMUM)
        saved = (settings.value.layout or {}).get(_KEY, "")
        if not saved or not window.restoreGeometry(QByteArray.fromBase64(saved.encode())):
            self._center()

    def remember(self) -> None:
        saved = self._window.saveGeometry().toBase64().toStdString()
        self._settings.change(layout={**(self._settings.value.layout or {}), _KEY: saved})

    def _center(self) -> None:
        screen = QGuiApplication.primaryScreen().availableGeometry()
        place = QRect(screen.topLeft(), _FIRST_SIZE.boundedTo(screen.size()))
        place.moveCenter(screen.center())
        self._window.setGeometry(place)
