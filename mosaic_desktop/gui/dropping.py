"""What is dragged over a window: an overlay tells what dropping will do, and it is taken wherever it is let go."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from mosaic_desktop.gui.drop import Offered, describe, read_mime
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.drop_overlay import DropOverlay
from mosaic_desktop.gui.widgets.text_file_edit import TextFileEdit, text_file

_WHAT = "Files, folders or YouTube links · up to 10 GiB each"


class Dropping(QObject):
    """`take` is called with what was let go over `window`."""

    def __init__(self, window: QWidget, theme: Theme, take: Callable[[Sequence[Offered]], None]) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._take = take
        self._overlay: DropOverlay | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def set_ground(self, ground: QWidget | None) -> None:
        """The widget that the overlay covers from here on; None before that one is thrown away."""
        self._overlay = DropOverlay(self._theme, ground) if ground is not None else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event:
            case QDragLeaveEvent():
                self._end()
            case QDragMoveEvent() if self._is_for_us(watched, event):
                self._drag(event)
                return True
            case QDropEvent() if self._is_for_us(watched, event):
                self._drop(event)
                return True
            case _ if event.type() == QEvent.Type.Show and watched is self._window:
                self._watch_handle()
            case _:
                pass
        return False

    def _watch_handle(self) -> None:
        if (handle := self._window.windowHandle()) is not None:
            handle.removeEventFilter(self)
            handle.installEventFilter(self)

    def _is_for_us(self, watched: QObject, event: QDropEvent) -> bool:
        """Files are taken before any text field under the mouse could take their names as text."""
        if watched is self._window:
            return True
        return bool(_offered(event) and event.mimeData().hasUrls()) and not self._is_for_a_field(event)

    def _is_for_a_field(self, event: QDropEvent) -> bool:
        """A text file goes to the field that takes one, as long as there is any; an overlay would only hide it."""
        if text_file(event.mimeData()) is None:
            return False
        return any(field.isVisible() for field in self._window.findChildren(TextFileEdit))

    def _drag(self, event: QDragMoveEvent) -> None:
        words = describe(_offered(event))
        if not words or self._is_for_a_field(event):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if self._overlay is not None and self._overlay.isHidden():
            self._overlay.show_message(words, _WHAT)

    def _drop(self, event: QDropEvent) -> None:
        self._end()
        if (offered := _offered(event)) and not self._is_for_a_field(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._take(offered)
        else:
            event.ignore()

    def _end(self) -> None:
        if self._overlay is not None:
            self._overlay.hide()


def _offered(event: QDropEvent) -> list[Offered]:
    """What is dragged out of this program is not something to bring in."""
    return [] if event.source() is not None else read_mime(event.mimeData())
