"""One parameter in a form: its name, a mark that tells who chose the value, its editor, and what is wrong with it."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from mosaic_desktop.core.parameters import Field
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.gui.pages.studio.editors import make_editor
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import icon_button
from mosaic_desktop.gui.widgets.labels import Tone, set_tone, text_label

LABEL_WIDTH = 128
_MARK = 24


class FieldRow(QWidget):
    """`changed` for every change. A value counts as the user's own while it differs from the one shown at first."""

    changed = Signal()

    def __init__(self, theme: Theme, field: Field) -> None:
        super().__init__()
        self._theme = theme
        self._auto = False
        self.field = field
        self._label = text_label(theme, field.title, TextStyle.BODY, Tone.SECONDARY, wrap=True)
        self._editor = make_editor(theme, field)
        self._initial = self._editor.read()
        self._reset = icon_button(theme, "rotate-ccw", f"{field.title}: back to the default")
        self._auto_mark = _AutoMark(theme)
        self._problem = text_label(theme, "", TextStyle.SMALL, Tone.BAD, wrap=True)
        self._build_ui()
        self._reset.clicked.connect(self.reset)
        self._editor.changed.connect(self._on_editor_changed)
        self._refresh()

    @property
    def value(self) -> ParameterValue | None:
        """What is shown. None for an empty text that has no default, which means nothing."""
        if not self.is_changed:
            return self.field.default if self.field.default is not None else self._initial or None
        return self._editor.read()

    @property
    def is_changed(self) -> bool:
        return self._editor.read() != self._initial

    @property
    def problem(self) -> str:
        return self._problem.text()

    @property
    def editor(self) -> QWidget:
        return self._editor.widget

    def set_value(self, value: ParameterValue) -> None:
        self._editor.write(value)

    def reset(self) -> None:
        self._editor.write(self._initial)

    def set_auto(self, auto: bool) -> None:
        """Whether Mosaic chooses what the user leaves alone."""
        self._auto = auto
        self._refresh()

    def show_problem(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        for part in (self.editor, *self.editor.findChildren(QWidget)):
            part.setProperty("invalid", bool(sentence))
            part.style().unpolish(part)
            part.style().polish(part)
            part.setAccessibleDescription(sentence or self.field.description)

    def tab_stops(self) -> list[QWidget]:
        """What Tab should reach, in order: the editor before its reset, which is rarely wanted."""
        parts = [self.editor, *self.editor.findChildren(QWidget)]
        own = [part for part in parts if part.window() is self.window() and part.focusProxy() is None]
        return [*(part for part in own if part.focusPolicy() & Qt.FocusPolicy.TabFocus), self._reset]

    def take_focus(self) -> None:
        (self.editor.focusProxy() or self.tab_stops()[0]).setFocus(Qt.FocusReason.TabFocusReason)

    def _build_ui(self) -> None:
        # A reader of the screen finds the name of a drop-down list only through a label beside it.
        self._label.setBuddy(self.editor)
        self._label.setFixedWidth(LABEL_WIDTH - _MARK - Space.XS)
        self._label.setMinimumHeight(Size.CONTROL)
        marks = QWidget()
        marks.setFixedSize(_MARK, Size.CONTROL)
        row = QHBoxLayout(marks)
        row.setContentsMargins(0, 0, 0, 0)
        self._reset.setFixedSize(_MARK, _MARK)
        row.addWidget(self._auto_mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignVCenter)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.XS)
        grid.setVerticalSpacing(2)
        grid.addWidget(self._label, 0, 0)
        grid.addWidget(marks, 0, 1)
        fixed = self.editor.minimumWidth() == self.editor.maximumWidth()
        side = Qt.AlignmentFlag.AlignLeft if fixed else Qt.AlignmentFlag(0)
        grid.addWidget(self.editor, 0, 2, Qt.AlignmentFlag.AlignVCenter | side)
        grid.addWidget(self._problem, 1, 2)
        grid.setColumnStretch(2, 1)
        if self.field.description:
            self._label.setToolTip(self.field.description)
            self.editor.setToolTip(self.field.description)
        self._problem.hide()

    def _on_editor_changed(self) -> None:
        if self.problem:
            self.show_problem("")
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        own = self.is_changed
        set_tone(self._label, Tone.TEXT if own else Tone.SECONDARY)
        self._reset.setVisible(own)
        self._auto_mark.setVisible(self._auto and not own)
        what = "let Mosaic choose" if self._auto else "back to the default"
        self._reset.setToolTip(f"{self.field.title}: {what}")
        self._reset.setAccessibleName(f"{self.field.title}: {what}")


class _AutoMark(QWidget):
    """A small sign: Mosaic chooses this value."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(_MARK, _MARK)
        self.setToolTip("Mosaic chooses this for each video. Change it to decide it yourself.")
        self.setAccessibleName("Mosaic chooses this")
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._theme.icons.paint(painter, QRect(5, 5, 14, 14), "sparkles", Token.ACCENT)
        painter.end()
