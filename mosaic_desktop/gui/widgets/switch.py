"""An on/off switch. Accessible as a check box; Space toggles."""

from PySide6.QtCore import QEasingCurve, QPointF, QRect, QRectF, QSize, QVariantAnimation
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from mosaic_desktop.gui.theme.metrics import Motion
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.painted_button import PaintedButton

_TRACK = QSize(34, 20)
RING = 2  # room for the focus ring around the track


class Switch(PaintedButton):
    """`name` is the accessible name; show it beside the switch as a label."""

    def __init__(self, theme: Theme, name: str, checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        self.setCheckable(True)
        self.setChecked(checked)
        self._position = float(checked)
        self._slide = QVariantAnimation(self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self._on_slide_value_changed)
        self.toggled.connect(self._on_toggled)
        self.setFixedSize(self.sizeHint())

    def _on_toggled(self, checked: bool) -> None:
        self._slide.stop()
        if not self.isVisible() or self.theme.reduced_motion:
            self._on_slide_value_changed(float(checked))
            return
        self._slide.setDuration(self.theme.duration(Motion.SHORT))
        self._slide.setStartValue(self._position)
        self._slide.setEndValue(float(checked))
        self._slide.start()

    def _on_slide_value_changed(self, value: float) -> None:
        self._position = value
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_TRACK.width() + 2 * RING, _TRACK.height() + 2 * RING)

    def paint(self, painter: QPainter, rect: QRect) -> None:
        track = QRectF(rect.adjusted(RING, RING, -RING, -RING))
        ground = Token.ACCENT_FILL if self.isChecked() else Token.FAINT
        if not self.isEnabled():
            ground = Token.TRACK
        paint.fill_round(painter, track, track.height() / 2, self.theme.color(ground))
        travel = track.width() - track.height()
        center = QPointF(track.left() + track.height() / 2 + travel * self._position, track.center().y())
        knob = self.theme.color(Token.ON_ACCENT)
        paint.draw_circle(painter, center, track.height() / 2 - 2, knob, knob, 1)
        if self.hasFocus():
            paint.focus_ring(painter, rect, rect.height() / 2, self.theme, Token.TEXT)
