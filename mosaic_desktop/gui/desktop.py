"""What the user's desktop does for us: opening a file in its program, and showing it in the file manager."""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QUrl
from PySide6.QtGui import QDesktopServices


def open_file(path: Path) -> bool:
    """Open a file or folder in the program the user chose for it. False where the system knows none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_in_folder(path: Path, asker: QObject | None = None, on_failure: Callable[[], None] | None = None) -> None:
    """Show `path` selected in the file manager; where that cannot be asked for, open its folder.

    `on_failure` is called where neither can be done, unless `asker` has gone by then.
    """
    if sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(path)])
    elif sys.platform == "win32":
        QProcess.startDetached("explorer", ["/select,", str(path)])
    else:
        _ask_file_manager(path, asker, on_failure)


def _ask_file_manager(path: Path, asker: QObject | None, on_failure: Callable[[], None] | None) -> None:
    # Loaded when needed: a desktop without a message bus never pays for it.
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

    name = "org.freedesktop.FileManager1"
    request = QDBusMessage.createMethodCall(name, "/org/freedesktop/FileManager1", name, "ShowItems")
    request.setArguments([[path.absolute().as_uri()], ""])
    watcher = QDBusPendingCallWatcher(QDBusConnection.sessionBus().asyncCall(request), asker)

    def on_finished() -> None:
        if watcher.isError() and not open_file(path.parent) and on_failure is not None:
            on_failure()
        watcher.deleteLater()

    watcher.finished.connect(on_finished)
