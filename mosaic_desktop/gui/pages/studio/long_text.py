"""The editor of a long text, such as subtitles: typed, pasted, dropped or opened from a file."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.core.parameters import Field
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.core.texts import TEXT_SUFFIXES, read_text
from mosaic_desktop.core.units import plural
from mosaic_desktop.gui import ask
from mosaic_desktop.gui.pages.studio.editor import Editor, unset_words
from mosaic_desktop.gui.pages.studio.form_layout import FIELD_ROOM, FORM_WIDTH
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import quiet_button
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.remark import NOTHING, Remark
from mosaic_desktop.gui.widgets.text_file_edit import TextFileEdit

_KIND = f"Texts ({' '.join(f'*{suffix} *{suffix.upper()}' for suffix in TEXT_SUFFIXES)})"
_ROWS = 4
_AROUND_ROWS = 18
"""Padding and border above and below, and the margin above the first line, in pixels: no line is shown in part."""


def make_long_text(theme: Theme, field: Field, scope: TaskScope) -> Editor:
    text = _LongText(theme, field, scope)

    def read() -> ParameterValue | None:
        # An emptied text that had a default is a choice; one without says nothing.
        return text.text if text.text or field.default is not None else None

    def write(value: ParameterValue | None) -> None:
        text.write("" if value is None else str(value))

    return Editor(text, read, write, text.remarked, lambda: text.remark, lambda: field.excess(text.text))


class _LongText(QWidget):
    """`remarked` when `text` or `remark` may have changed."""

    remarked = Signal()

    def __init__(self, theme: Theme, field: Field, scope: TaskScope) -> None:
        super().__init__()
        self._field = field
        self._scope = scope
        self._trouble = ""
        self.text = ""  # kept, because a form asks for it often and a document has to be put together
        self._edit = TextFileEdit(field.excess)
        self._edit.setAccessibleName(field.title)
        self._edit.setPlaceholderText((not field.default and field.description) or unset_words(field))
        self._edit.setFixedHeight(_ROWS * QFontMetrics(theme.font(TextStyle.BODY)).lineSpacing() + _AROUND_ROWS)
        self._open = quiet_button(theme, "Open file…", "folder-open")
        self._open.setAccessibleName(f"{field.title}: open file")
        self._length = text_label(theme, "", TextStyle.SMALL, Tone.SECONDARY)
        self.setMinimumWidth((FIELD_ROOM + FORM_WIDTH) // 2)  # more than there is beside a label: it stands below
        foot = QHBoxLayout()
        foot.addWidget(self._open)
        foot.addStretch(1)
        foot.addWidget(self._length)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(self._edit)
        column.addLayout(foot)
        self._edit.textChanged.connect(self._on_text_changed)
        self._edit.file_given.connect(lambda file: self._start(self._take(file)))
        self._edit.text_refused.connect(lambda words: self._tell(f"That text is too long. {words}."))
        self._open.clicked.connect(lambda: self._start(self._choose()))

    @property
    def remark(self) -> Remark:
        """What to tell about the text, or about the file that did not become one."""
        if excess := self._field.excess(self.text):
            return Remark(excess, wrong=True)
        return Remark(self._trouble) if self._trouble else NOTHING

    def write(self, text: str) -> None:
        self._edit.setPlainText(text)

    # Inside

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = self._scope.replace(work, f"text of {self._field.name}")
        self.destroyed.connect(lambda: task.cancel())

    async def _choose(self) -> None:
        file = await ask.choose_file(self.window(), f"{self._field.title}: open file", _KIND)
        if file is not None:
            await self._take(file)

    async def _take(self, file: Path) -> None:
        try:
            text = await asyncio.to_thread(read_text, file)
            if excess := self._field.excess(text):  # not even shown: to lay it out could hold the window
                raise ValueError(f"{file.name} is too long. {excess}.")
        except ValueError as error:
            self._tell(str(error))
        else:
            self._trouble = ""
            self._edit.fill(text)

    def _tell(self, trouble: str) -> None:
        self._trouble = trouble
        self.remarked.emit()

    def _on_text_changed(self) -> None:
        self._trouble = ""
        self.text = self._edit.toPlainText()
        self._length.setText(plural(len(self.text), "character") if self.text else "")
        self.remarked.emit()
