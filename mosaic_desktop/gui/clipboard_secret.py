"""A secret on the clipboard for a minute, marked as one, so that clipboard histories leave it out."""

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

from mosaic_desktop.core.secrets import Secret

STAYS_MS = 60_000
# What password managers set: KDE's Klipper and others read the first, Windows' clipboard history the second.
_KDE_HINT = "x-kde-passwordManagerHint"
_WINDOWS_HINT = 'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"'


class ClipboardSecret(QObject):
    """Clears the clipboard after `stays_ms` if it still holds what was put there. `clear` at the end of its owner."""

    def __init__(self, parent: QObject | None = None, stays_ms: int = STAYS_MS) -> None:
        super().__init__(parent)
        self._secret: Secret | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(stays_ms)
        self._timer.timeout.connect(self.clear)

    def put(self, secret: Secret) -> None:
        mime = QMimeData()
        mime.setText(secret.reveal())
        mime.setData(_KDE_HINT, b"secret")
        mime.setData(_WINDOWS_HINT, b"\x01\x00\x00\x00")
        QGuiApplication.clipboard().setMimeData(mime)
        self._secret = secret
        self._timer.start()

    def clear(self) -> None:
        """Now, if the clipboard still holds it."""
        self._timer.stop()
        secret, self._secret = self._secret, None
        if secret is not None and QGuiApplication.clipboard().text() == secret.reveal():
            QGuiApplication.clipboard().clear()
