"""Adding links: one a line, with what is wrong with any of them said below while they are typed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QTextOption
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from mosaic_desktop.core.units import plural
from mosaic_desktop.gui.pages.studio.words import shortened
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import primary_button, secondary_button
from mosaic_desktop.gui.widgets.labels import Tone, set_tone, text_label
from mosaic_desktop.gui.widgets.remark import announce, mark_wrong

_TITLE = "Links to YouTube videos"
_HINT = "One a line. Shift+Enter begins another line. Links need no upload."
_WIDTH = 560
_LINES_HEIGHT = 104
_PAUSE_MS = 600  # so that a link is not called wrong while it is only half typed


class LinkDialog(QDialog):
    """Closes with `accepted` once there is no link that `why_not` refuses with a sentence; then `links` has them."""

    def __init__(self, theme: Theme, why_not: Callable[[str], str], suggested: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._why_not = why_not
        self._edit = QPlainTextEdit("\n".join(suggested))
        self._note = text_label(theme, _HINT, TextStyle.SMALL, Tone.SECONDARY, wrap=True)
        self._add = primary_button(theme, "Add", "plus")
        self._cancel = secondary_button(theme, "Cancel")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._check)
        self.setWindowTitle("Add links")
        self._build_ui()
        self._edit.textChanged.connect(self._on_text_changed)
        self._edit.installEventFilter(self)
        self._add.clicked.connect(self.accept)
        self._cancel.clicked.connect(self.reject)
        self._edit.selectAll()
        self._on_text_changed()

    def links(self) -> list[str]:
        """Each once, as typed."""
        return list(dict.fromkeys(self._edit.toPlainText().split()))

    def accept(self) -> None:
        """Also by Enter and by the button."""
        links = self.links()
        if not links:
            self._say("Paste or type a link first.")
            return
        if refused := self._check():
            self._select(refused)
        else:
            super().accept()

    # Inside

    def _build_ui(self) -> None:
        title = text_label(self._theme, _TITLE, TextStyle.BODY_STRONG)
        title.setBuddy(self._edit)
        self._edit.setAccessibleName(_TITLE)
        self._edit.setAccessibleDescription(_HINT)
        self._edit.setPlaceholderText("https://www.youtube.com/watch?v=…")
        self._edit.setTabChangesFocus(True)
        self._edit.setFixedHeight(_LINES_HEIGHT)
        self._edit.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self._add.setDefault(True)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.S)
        column.addWidget(title)
        column.addWidget(self._edit)
        column.addWidget(self._note)
        column.addSpacing(Space.S)
        column.addLayout(foot)
        self.setFixedWidth(_WIDTH)
        self._add.setMinimumWidth(3 * Size.CONTROL)

    def _check(self) -> str:
        """Says what is wrong with the first link that is refused, and gives that link; empty where there is none."""
        self._pause.stop()
        for link in self.links():
            if reason := self._why_not(link):
                self._say(f"{shortened(link, 60)}: {reason}")
                return link
        self._say("")
        return ""

    def _on_text_changed(self) -> None:
        self._say("")
        self._pause.start()
        count = len(self.links())
        self._add.setText(f"Add {plural(count, 'link')}" if count else "Add")
        self._add.updateGeometry()

    def _say(self, words: str) -> None:
        set_tone(self._note, Tone.BAD if words else Tone.SECONDARY)
        self._note.setText(words or _HINT)
        mark_wrong(self._edit, bool(words))
        self._edit.setAccessibleDescription(words or _HINT)
        if words:
            announce(self._edit, words)

    def _select(self, link: str) -> None:
        """So that typing replaces what is wrong."""
        cursor = self._edit.document().find(link)
        if not cursor.isNull():
            self._edit.setTextCursor(cursor)
        self._edit.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter adds, as in any small dialog."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.accept()
                return True
            if enter:
                self._edit.textCursor().insertText("\n")
                return True
        return super().eventFilter(watched, event)
