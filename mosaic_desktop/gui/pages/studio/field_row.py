"""One parameter in a form: its name, a mark that tells who chose the value, its editor, and what is wrong with it."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QWidget

from mosaic_desktop.core.parameters import Field
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.gui.pages.studio.editor import Editor
from mosaic_desktop.gui.pages.studio.form_layout import FORM_WIDTH, MARK, RowNeeds, label_room
from mosaic_desktop.gui.pages.studio.words import to_correct, to_fill_in
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import icon_button
from mosaic_desktop.gui.widgets.labels import Tone, set_tone, text_label
from mosaic_desktop.gui.widgets.number_spin import NumberSpin
from mosaic_desktop.gui.widgets.paint import text_width
from mosaic_desktop.gui.widgets.remark import Remark, announce, mark_wrong
from mosaic_desktop.gui.widgets.switch import RING, Switch
from mosaic_desktop.gui.widgets.tool_tip import tip


class FieldRow(QWidget):
    """`changed` for every change. A value counts as the user's own while it differs from the one shown at first."""

    changed = Signal()

    def __init__(self, theme: Theme, field: Field, editor: Editor) -> None:
        super().__init__()
        self._theme = theme
        self._auto = False
        self._refused = ""
        self._shown = Remark()
        self.field = field
        self._editor = editor
        self._initial = editor.read()
        self._label = text_label(theme, field.title, TextStyle.BODY, Tone.SECONDARY)
        self._reset = icon_button(theme, "rotate-ccw", f"{field.title}: back to the default")
        self._auto_mark = _AutoMark(theme)
        self._note = text_label(theme, "", TextStyle.SMALL, Tone.BAD, wrap=True)
        self._build_parts()
        self._reset.clicked.connect(self.reset)
        editor.changed.connect(self._on_editor_changed)
        self._describe()
        self._refresh()

    @property
    def value(self) -> ParameterValue | None:
        """What is shown. None where nothing is set."""
        if self.field.default is not None and not self.is_changed:
            return self.field.default
        return self._editor.read()

    @property
    def is_changed(self) -> bool:
        return self._editor.read() != self._initial

    @property
    def hindrance(self) -> str:
        """What has to be done here before anything can run; empty when nothing."""
        if words := self._editor.hindrance():
            return to_correct(self.field.title, words)
        missing = self.field.required and not self._auto and self.value is None
        return to_fill_in(self.field.title) if missing else ""

    @property
    def editor(self) -> QWidget:
        return self._editor.widget

    @property
    def needs(self) -> RowNeeds:
        """Width for label and editor beside each other."""
        words = text_width(self._theme.font(TextStyle.BODY), self.field.title)
        return RowNeeds(words, self.editor.minimumSizeHint().expandedTo(self.editor.minimumSize()).width())

    def set_value(self, value: ParameterValue) -> None:
        self._editor.write(value)

    def reset(self) -> None:
        self._editor.write(self._initial)
        self.show_problem("")

    def set_auto(self, auto: bool) -> None:
        """Whether Mosaic chooses what the user leaves alone."""
        self._auto = auto
        self._refresh()

    def show_problem(self, sentence: str) -> None:
        """What the service refused, until the value changes."""
        self._refused = sentence
        self._refresh_note()

    def tab_stops(self) -> list[QWidget]:
        """What Tab should reach, in order: the editor before its reset, which is rarely wanted."""
        parts = [self.editor, *self.editor.findChildren(QWidget)]
        own = [part for part in parts if part.window() is self.window()]
        return [*(part for part in own if _can_be_a_stop(part)), self._reset]

    def take_focus(self) -> None:
        stops = [stop for stop in self.tab_stops() if stop.focusPolicy() & Qt.FocusPolicy.TabFocus]
        # A number is typed rather than dragged. A focus proxy would say so too, but Tab would not get past it.
        first = next((stop for stop in stops if isinstance(stop, NumberSpin)), stops[0])
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def place(self, start: int) -> None:
        """Lay out with the field `start` pixels from the left, or where that cuts something, below the label."""
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.XS)
        grid.setVerticalSpacing(2)
        grid.addWidget(self._label, 0, 0)
        grid.addWidget(self._marks, 0, 1)
        if self.needs.fits(start):
            self._label.setFixedWidth(label_room(start))
            grid.addLayout(self._editor_place(), 0, 2)
            grid.addWidget(self._note, 1, 2)
            grid.setColumnStretch(2, 1)
        else:
            self._label.setWordWrap(True)
            self._label.setText(_breakable(self._theme, self.field.title))
            grid.addLayout(self._editor_place(), 1, 0, 1, 2)
            grid.addWidget(self._note, 2, 0, 1, 2)
            grid.setColumnStretch(0, 1)

    # Inside

    def _build_parts(self) -> None:
        # A reader of the screen finds the name of a drop-down list only through a label beside it.
        self._label.setBuddy(self.editor)
        self._label.setMinimumHeight(Size.CONTROL)
        self._marks = QWidget()
        self._marks.setFixedSize(MARK, Size.CONTROL)
        row = QHBoxLayout(self._marks)
        row.setContentsMargins(0, 0, 0, 0)
        self._reset.setFixedSize(MARK, MARK)
        row.addWidget(self._auto_mark, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignVCenter)
        if self.field.description:
            self._label.setToolTip(tip(self.field.description))
            self.editor.setToolTip(tip(self.field.description))
        self._note.hide()

    def _editor_place(self) -> QHBoxLayout:
        place = QHBoxLayout()
        place.setSpacing(0)
        if isinstance(self.editor, Switch):  # what it keeps free for its ring is no part of what stands in line
            place.addSpacing(-RING)
        place.addWidget(self.editor, 1)
        if self.editor.minimumWidth() == self.editor.maximumWidth():
            place.addStretch(1)
        return place

    def _on_editor_changed(self) -> None:
        self._refused = ""
        self._refresh_note()
        self._refresh()
        self.changed.emit()

    def _refresh_note(self) -> None:
        """The service's word counts until the value changes; then the editor's own."""
        note = Remark(self._refused, wrong=True) if self._refused else self._editor.remark()
        if note == self._shown:
            return
        self._shown = note
        set_tone(self._note, Tone.BAD if note.wrong else Tone.WARNING)
        self._note.setText(note.text)
        self._note.setVisible(bool(note.text))
        self._describe()
        if note.text:
            announce(self.editor, f"{self.field.title}: {note.text}")

    def _describe(self) -> None:
        told = "Required. " if self.field.required and self.field.default is None else ""
        words = self._shown.text or f"{told}{self.field.description}".strip()
        for part in (self.editor, *self.editor.findChildren(QWidget)):
            part.setAccessibleDescription(words)
            mark_wrong(part, self._shown.wrong)

    def _refresh(self) -> None:
        own = self.is_changed
        set_tone(self._label, Tone.TEXT if own else Tone.SECONDARY)
        self._reset.setVisible(own)
        self._auto_mark.setVisible(self._auto and not own)
        what = "let Mosaic choose" if self._auto else "back to the default"
        self._reset.setToolTip(f"{self.field.title}: {what}")
        self._reset.setAccessibleName(f"{self.field.title}: {what}")


def _can_be_a_stop(part: QWidget) -> bool:
    """Of exclusive buttons only the checked one is a stop at a time; the others become one when they are checked."""
    if part.focusProxy() is not None:
        return False
    exclusive = isinstance(part, QAbstractButton) and part.autoExclusive()
    return exclusive or bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _breakable(theme: Theme, title: str) -> str:
    """`title` without words that no line could hold."""
    metrics = QFontMetrics(theme.font(TextStyle.BODY))
    words = (metrics.elidedText(word, Qt.TextElideMode.ElideRight, FORM_WIDTH - MARK) for word in title.split())
    return " ".join(words)


class _AutoMark(QWidget):
    """A small sign: Mosaic chooses this value."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(MARK, MARK)
        self.setToolTip("Mosaic chooses this for each video. Change it to decide it yourself.")
        self.setAccessibleName("Mosaic chooses this")
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._theme.icons.paint(painter, QRect(5, 5, 14, 14), "sparkles", Token.ACCENT)
        painter.end()
