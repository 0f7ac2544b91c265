"""What the user's desktop does for us: opening a file in its program, and showing it in the file manager."""

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices


def open_file(path: Path) -> bool:
    """Open a file or folder in the program the user chose for it. False where the system knows none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_in_folder(path: Path) -> None:
    """Show `path` selected in the file manager; where that cannot be asked for, open its folder."""
    if sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(path)])
    elif sys.platform == "win32":
        QProcess.startDetached("explorer", ["/select,", str(path)])
    else:
        _ask_file_manager(path)


def _ask_file_manager(path: Path) -> None:
    # Loaded when needed: a desktop without a message bus never pays for it.
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

    name = "org.freedesktop.FileManager1"
    request = QDBusMessage.createMethodCall(name, "/org/freedesktop/FileManager1", name, "ShowItems")
    request.setArguments([[path.absolute().as_uri()], ""])
    watcher = QDBusPendingCallWatcher(QDBusConnection.sessionBus().asyncCall(request))

    def on_finished() -> None:
        if watcher.isError():
            open_file(path.parent)
        watcher.deleteLater()

    watcher.finished.connect(on_finished)
