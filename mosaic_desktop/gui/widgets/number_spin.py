"""A box for one number. Any number can be typed; the box says which it takes and takes the nearest once it is left."""

import re

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from mosaic_desktop.gui.widgets.remark import NOTHING, Remark

_FAR = 1e12
_TEXT_MARGIN = 9
_AROUND_TEXT = 46
_MIN_WIDTH = 84
_State = QValidator.State


class NumberSpin(QDoubleSpinBox):
    """`minimum` and `maximum` may be open (None). With `unset`, such as "Not set", there may be no number: the box then
    shows these words. `remarked` when `remark` or `fits` may have changed; `valueChanged` while typing, too.
    """

    remarked = Signal()

    def __init__(
        self,
        name: str,
        minimum: float | None,
        maximum: float | None,
        step: float = 1.0,
        decimals: int = 0,
        unit: str = "",
        unset: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._low, self._high = minimum, maximum
        self._unit = f" {unit}" if unit else ""
        self._remark = NOTHING
        self._shape = re.compile(rf"[-+]?\d*(\.\d{{0,{decimals}}})?" if decimals else r"[-+]?\d*")
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setAccessibleName(name)
        self.lineEdit().setTextMargins(_TEXT_MARGIN, 0, 0, 0)  # which the style sheet cannot reach
        self.setDecimals(decimals)
        low, high = -_FAR if minimum is None else minimum, _FAR if maximum is None else maximum
        self.setRange(low - step if unset else low, high)  # Qt shows the words for unset at the lowest value
        self.setSingleStep(step)
        self.setSuffix(self._unit)
        self.setSpecialValueText(unset)
        self.lineEdit().textEdited.connect(self._on_text_edited)
        self.valueChanged.connect(lambda: self._say(NOTHING))

    @property
    def remark(self) -> Remark:
        """What to tell about what was typed."""
        return self._remark

    @property
    def fits(self) -> bool:
        """Whether what stands in the box is what `number` says."""
        typed = self._typed(self.lineEdit().text())
        number = _number(typed)
        if number is None:
            return bool(self.specialValueText()) and typed in ("", self.specialValueText())
        return self._takes(number)

    def number(self) -> float | None:
        """What stands in the box, or what will once it is left; None while unset."""
        typed = self._typed(self.lineEdit().text())
        if (number := _number(typed)) is not None:
            return self.value() if self._takes(number) else self._nearest(number)
        return None if self.fits else self.value()

    def set_number(self, number: float | None) -> None:
        """A number beyond the ends becomes the nearest end; None unsets."""
        self._put(number, NOTHING)

    def bounds_words(self) -> str:
        """`Between -60 and -20 dB`; empty for a box that takes everything."""
        if self._low is not None and self._high is not None:
            return f"Between {_plain(self._low)} and {_plain(self._high)}{self._unit}"
        if self._low is not None:
            return f"At least {_plain(self._low)}{self._unit}"
        return f"At most {_plain(self._high)}{self._unit}" if self._high is not None else ""

    # Inside

    def _typed(self, text: str) -> str:
        """What the user typed, without the unit and without what is left of the words for unset."""
        bare = text.removesuffix(self._unit) if self._unit else text
        bare = bare.strip().replace(self.locale().decimalPoint(), ".").replace("−", "-")
        if self.specialValueText() and bare != self.specialValueText() and not self._shape.fullmatch(bare):
            return "".join(letter for letter in bare if letter in "0123456789.+-")
        return bare

    def _takes(self, number: float) -> bool:
        return (self._low is None or number >= self._low) and (self._high is None or number <= self._high)

    def _nearest(self, number: float) -> float:
        number = number if self._low is None else max(number, self._low)
        return number if self._high is None else min(number, self._high)

    def _cannot_be_finished(self, number: float) -> bool:
        """Whether more digits only lead further away: 6 may become 600, but 9999 stays above 2000."""
        too_much = self._high is not None and number > self._high
        too_little = self._low is not None and number < self._low
        return too_much if number >= 0 else too_little

    def _put(self, number: float | None, remark: Remark) -> None:
        self.setValue(self.minimum() if number is None else self._nearest(number))
        self._say(remark)

    def _say(self, remark: Remark) -> None:
        self._remark = remark
        self.remarked.emit()

    def _on_text_edited(self, text: str) -> None:
        number = _number(self._typed(text))
        wrong = number is not None and self._cannot_be_finished(number)
        self._say(Remark(self.bounds_words(), wrong=True) if wrong else NOTHING)

    def _settle(self) -> None:
        """The box is left: what it does not take becomes the nearest that it takes, and it says so."""
        typed = self._typed(self.lineEdit().text())
        number = _number(typed)
        if number is not None and not self._takes(number):
            end = "most" if self._high is not None and number > self._high else "least"
            self._put(number, NOTHING)
            self._say(Remark(f"{typed} became {self.text()}, the {end}."))
        elif number is None and not self.fits:
            self._put(self.value(), NOTHING)
            self._say(Remark(f"{self.text()} stays: nothing was typed."))
        elif number is None:
            self._put(None, self._remark)

    # What Qt asks

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        typed = self._typed(text)
        if self.specialValueText() and typed == self.specialValueText():
            return _State.Acceptable, text, position
        if not self._shape.fullmatch(typed):
            return _State.Invalid, text, position
        number = _number(typed)
        state = _State.Acceptable if number is not None and self._takes(number) else _State.Intermediate
        shown = typed.replace(".", self.locale().decimalPoint())
        return state, f"{shown}{self._unit}", min(position, len(shown))

    def valueFromText(self, text: str) -> float:
        number = _number(self._typed(text))
        return self.value() if number is None else number

    def stepBy(self, steps: int) -> None:
        self._settle()
        if self.number() is None:
            self.set_number(0)
        else:
            super().stepBy(steps)

    def sizeHint(self) -> QSize:
        texts = [self.specialValueText(), *(f"{self.textFromValue(end)}{self._unit}" for end in self._ends())]
        width = max(self.fontMetrics().horizontalAdvance(text) for text in texts) + _AROUND_TEXT
        return QSize(max(_MIN_WIDTH, width), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _ends(self) -> list[float]:
        return [end for end in (self._low, self._high) if end is not None]

    # Where Qt would put the old number back without a word

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._settle()
        super().changeEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._settle()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._settle()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.fits:
            self._settle()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling a form must not change the value under the mouse."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _plain(number: float) -> str:
    return f"{number:.15g}"
