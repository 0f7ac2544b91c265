"""A still of a video, as large as fits, on the black that players use."""

from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme

_HEIGHT = 224
_LEAST = 96
_INSET = 12
_ICON = 32


class Still(QWidget):
    """`set_picture` with None shows that there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._path: Path | None = None
        self._pixmap = QPixmap()
        self.setAccessibleName("Still picture of the video")
        self.setMinimumHeight(_LEAST)
        self.setMaximumHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    def set_picture(self, path: Path | None) -> None:
        """A thumbnail of some kilobytes, read at once; one that could not be read is tried again."""
        if path != self._path or self._pixmap.isNull():
            self._path = path
            self._pixmap = QPixmap(str(path)) if path is not None and path.is_file() else QPixmap()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(2 * _HEIGHT, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        room = self.rect().adjusted(_INSET, _INSET, -_INSET, -_INSET)
        if self._pixmap.isNull():
            icon = QRect(0, 0, _ICON, _ICON)
            icon.moveCenter(room.center())
            self._theme.icons.paint(painter, icon, "film", Token.FAINT)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = self._pixmap.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(QPointF(0, 0), size.toSizeF())
            place.moveCenter(QRectF(room).center())
            painter.drawPixmap(place, self._pixmap, QRectF(self._pixmap.rect()))
        painter.end()
