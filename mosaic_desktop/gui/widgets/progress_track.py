"""A thin progress bar in per mille. Without a known end a piece of it travels, or rests under reduced motion."""

from PySide6.QtCore import QRect, QRectF, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from mosaic_desktop.gui.theme.metrics import Size
from mosaic_desktop.gui.theme.palette import StateKind, Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint

_TICK_MS = 33
_STEP = 0.02
_PIECE = 0.3


class ProgressTrack(QProgressBar):
    """A QProgressBar for readers of the screen, painted as a 4-pixel track."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind = StateKind.ACTIVE
        self._phase = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setRange(0, 1000)
        self.setValue(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_progress(self, per_mille: int | None) -> None:
        """0 to 1000, or None while the end is not known."""
        self.setRange(0, 0 if per_mille is None else 1000)
        if per_mille is not None:
            self.setValue(max(0, min(1000, per_mille)))
        self._update_timer()
        self.update()

    def set_kind(self, kind: StateKind) -> None:
        self._kind = kind
        self.update()

    @property
    def indeterminate(self) -> bool:
        return self.maximum() == 0

    def _update_timer(self) -> None:
        if self.indeterminate and self.isVisible() and not self._theme.reduced_motion:
            self._timer.start()
        else:
            self._timer.stop()

    def _on_tick(self) -> None:
        self._phase = (self._phase + _STEP) % (1 + _PIECE)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, Size.TRACK)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, Size.TRACK)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._update_timer()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        track = QRect(0, (self.height() - Size.TRACK) // 2, self.width(), Size.TRACK)
        if self.indeterminate:
            self._paint_travelling(painter, track)
        else:
            paint.draw_track(painter, track, self.value(), self._theme, self._kind.mark)
        painter.end()

    def _paint_travelling(self, painter: QPainter, track: QRect) -> None:
        paint.fill_round(painter, track, Size.TRACK / 2, self._theme.color(Token.TRACK))
        width = track.width() * _PIECE
        left = (self._phase - _PIECE) * track.width() if self._timer.isActive() else (track.width() - width) / 2
        piece = QRectF(left, track.y(), width, track.height()).intersected(QRectF(track))
        paint.fill_round(painter, piece, Size.TRACK / 2, self._theme.color(self._kind.mark))
