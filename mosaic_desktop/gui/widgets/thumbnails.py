"""Small pictures for rows and tiles: cropped to fill, scaled for the screen, the latest ones kept."""

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImageReader, QPixmap

_CAPACITY = 400


class ThumbnailCache:
    """Reads image files on the calling thread; they are thumbnails of some kilobytes, so this takes about 1 ms each."""

    def __init__(self, capacity: int = _CAPACITY) -> None:
        self._capacity = capacity
        self._pixmaps: OrderedDict[tuple[str, int, int, float], QPixmap] = OrderedDict()

    def pixmap(self, path: str, size: QSize, dpr: float) -> QPixmap | None:
        """Picture filling `size` logical pixels, or None when there is none to read (yet)."""
        if not path:
            return None
        key = (path, size.width(), size.height(), dpr)
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            pixmap = _read(path, size * dpr)
            if pixmap is None:
                return None
            pixmap.setDevicePixelRatio(dpr)
            self._pixmaps[key] = pixmap
            if len(self._pixmaps) > self._capacity:
                self._pixmaps.popitem(last=False)
        self._pixmaps.move_to_end(key)
        return pixmap

    def forget(self, path: str) -> None:
        """Read the file again next time."""
        for key in [key for key in self._pixmaps if key[0] == path]:
            del self._pixmaps[key]


def _read(path: str, pixels: QSize) -> QPixmap | None:
    if not Path(path).is_file():
        return None
    reader = QImageReader(path)
    reader.setAutoTransform(True)
    source = reader.size()
    if source.isValid():
        reader.setScaledSize(source.scaled(pixels, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    if image.isNull():
        return None
    crop = QRect(0, 0, min(pixels.width(), image.width()), min(pixels.height(), image.height()))
    crop.moveCenter(image.rect().center())
    return QPixmap.fromImage(image.copy(crop))
