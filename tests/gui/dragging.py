"""Drags and drops from other programs, as Qt hands them to a widget, with every supported Qt."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QMimeData, QObject, QPoint, QPointF, Qt, QVersionNumber
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

# Qt 6.12 deprecates whole pixels for the place of a drag; earlier ones take nothing else.
# Each version's type stubs know only their own form, so the arguments go unchecked.
_drag_enter: Callable[..., QDragEnterEvent] = QDragEnterEvent
_DragPlace: type[QPoint] | type[QPointF] = QPointF if QLibraryInfo.version() >= QVersionNumber(6, 12) else QPoint

_PLACE = (300, 300)
_HOW = Qt.DropAction.CopyAction
_BUTTON = Qt.MouseButton.LeftButton
_KEYS = Qt.KeyboardModifier.NoModifier


def drag_in(target: QObject, mime: QMimeData, place: tuple[int, int] = _PLACE) -> bool:
    """Whether `target` would take what is dragged over it at `place`. `mime` must outlive the drag."""
    event = _drag_enter(_DragPlace(*place), _HOW, mime, _BUTTON, _KEYS)
    event.ignore()
    QCoreApplication.sendEvent(target, event)
    return event.isAccepted()


def drag_out(target: QObject) -> None:
    """Ends a drag that `target` would have taken, without a drop.

    Qt keeps the target of a drag by its bare address until then, and hands the next drop to it even once it is deleted.
    """
    QCoreApplication.sendEvent(target, QDragLeaveEvent())


def drop(target: QObject, mime: QMimeData, place: tuple[int, int] = _PLACE) -> bool:
    """Whether `target` took what was dropped on it, which follows a drag that it would take."""
    event = QDropEvent(QPointF(*place), _HOW, mime, _BUTTON, _KEYS)
    event.ignore()
    QCoreApplication.sendEvent(target, event)
    return event.isAccepted()
