"""What a reader of the screen is told."""

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget


def accessible(widget: QWidget) -> QAccessibleInterface:
    """What a reader of the screen is told about `widget`."""
    QAccessible.setActive(True)
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface


def spoken_name(widget: QWidget) -> str:
    return accessible(widget).text(QAccessible.Text.Name)
