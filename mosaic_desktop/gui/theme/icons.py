"""Outline icons from SVG files: tinted by a color token, sharp at any scale, repainted with the palette."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from mosaic_desktop.gui.theme.palette import Palette, Token

STROKE_WIDTH = 1.75
_STROKE_IN_FILE = 'stroke-width="2"'


class IconSet:
    """Renders icons by name. `palette` is asked at every painting, so icons follow the theme by themselves."""

    def __init__(self, folder: Path, palette: Callable[[], Palette]) -> None:
        self._folder = folder
        self._palette = palette
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, str, int, int, float], QPixmap] = {}

    def names(self) -> list[str]:
        return sorted(path.stem for path in self._folder.glob("*.svg"))

    def svg(self, name: str, color: str) -> bytes:
        """The icon's SVG text with `color` (`#rrggbb`) as stroke. Raises FileNotFoundError for an unknown name."""
        source = self._sources.get(name)
        if source is None:
            source = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
            source = source.replace(_STROKE_IN_FILE, f'stroke-width="{STROKE_WIDTH}"')
            self._sources[name] = source
        return source.replace("currentColor", color).encode()

    def pixmap(self, name: str, size: int, token: Token, dpr: float) -> QPixmap:
        """Square pixmap of `size` logical pixels at device pixel ratio `dpr`."""
        return self._render(name, self._palette().hex(token), QSize(size, size), dpr)

    def paint(self, painter: QPainter, rect: QRect, name: str, token: Token) -> None:
        """Paint the icon centered in `rect`, as large as fits."""
        side = min(rect.width(), rect.height())
        pixmap = self.pixmap(name, side, token, painter.device().devicePixelRatio())
        left = rect.x() + (rect.width() - side) // 2
        top = rect.y() + (rect.height() - side) // 2
        painter.drawPixmap(QPoint(left, top), pixmap)

    def icon(self, name: str, token: Token = Token.SECONDARY, checked: Token | None = None) -> QIcon:
        """A QIcon that repaints itself in the current palette; faint when disabled, `checked` when on."""
        self.svg(name, "#000000")  # an unknown name fails here, not in a paint event
        return QIcon(_Engine(self, name, token, checked or token))

    def logo(self) -> QIcon:
        """The application's own mark, in its own colors."""
        return QIcon(str(self._folder / "mosaic-desktop.svg"))

    def _render(self, name: str, color: str, size: QSize, dpr: float) -> QPixmap:
        key = (name, color, size.width(), size.height(), dpr)
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            pixmap = self._pixmaps[key] = _rasterize(self.svg(name, color), size, dpr)
        return pixmap


def _rasterize(svg: bytes, size: QSize, dpr: float) -> QPixmap:
    pixmap = QPixmap(round(size.width() * dpr), round(size.height() * dpr))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer = QSvgRenderer(QByteArray(svg))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    renderer.render(painter, QRectF(pixmap.rect()))
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


class _Engine(QIconEngine):
    """Draws one icon in the token that fits mode and state."""

    def __init__(self, icons: IconSet, name: str, token: Token, checked: Token) -> None:
        super().__init__()
        self._icons = icons
        self._name = name
        self._token = token
        self._checked = checked

    def clone(self) -> QIconEngine:
        return _Engine(self._icons, self._name, self._token, self._checked)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        self._icons.paint(painter, rect, self._name, self._choose(mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # noqa: N802
        side = min(size.width(), size.height())
        return self._icons.pixmap(self._name, side, self._choose(mode, state), scale)

    def _choose(self, mode: QIcon.Mode, state: QIcon.State) -> Token:
        if mode == QIcon.Mode.Disabled:
            return Token.FAINT
        return self._checked if state == QIcon.State.On else self._token
