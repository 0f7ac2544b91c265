"""A dialog that a coroutine leads: it waits for what the user wants next, does it, and shows what came of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.labels import Tone, set_tone, text_label
from mosaic_desktop.gui.widgets.remark import announce

_WIDTH = 520
CLOSE = ""


class StoryDialog(QDialog):
    """Put widgets into `body`, buttons into `foot`. It closes only when its coroutine ends; while it is busy, Escape
    does nothing, since what is under way could not be taken back.
    """

    def __init__(self, theme: Theme, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self._wishes: asyncio.Queue[str] = asyncio.Queue()
        self._busy = False
        self._title = text_label(theme, title, TextStyle.SUBTITLE, wrap=True)
        self._note = text_label(theme, "", TextStyle.SMALL, Tone.SECONDARY, wrap=True)
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.S)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(Space.S)
        self.foot.addStretch(1)
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XXL, Space.XL, Space.XXL, Space.XL)
        column.setSpacing(Space.M)
        column.addWidget(self._title)
        column.addLayout(self.body)
        column.addWidget(self._note)
        column.addSpacing(Space.XS)
        column.addLayout(self.foot)
        self.setFixedWidth(_WIDTH)
        self.say("")

    @property
    def busy(self) -> bool:
        return self._busy

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self.setWindowTitle(title)

    def say(self, words: str, tone: Tone = Tone.SECONDARY) -> None:
        set_tone(self._note, tone)
        self._note.setText(words)
        self._note.setVisible(bool(words))
        if words:
            announce(self, words)
        self.fit()

    def set_busy(self, words: str) -> None:
        """Empty words: not any more."""
        self.hold(bool(words))
        self.say(words)

    def hold(self, busy: bool) -> None:
        """Whether what is wanted has to wait."""
        self._busy = busy

    def fit(self) -> None:
        """As high as what it shows."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setFixedHeight(layout.totalHeightForWidth(_WIDTH))

    def want(self, wish: str) -> None:
        if not self._busy:
            self._wishes.put_nowait(wish)

    async def wish(self) -> str:
        """What the user wants next; empty for closing."""
        return await self._wishes.get()

    def reject(self) -> None:
        """Escape, and the window's own way to close."""
        self.want(CLOSE)


D = TypeVar("D", bound=StoryDialog)


@asynccontextmanager
async def opened(dialog: D) -> AsyncIterator[D]:
    """Open for as long as the block lasts, however it ends."""
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.fit()
    dialog.open()
    try:
        yield dialog
    finally:
        dialog.hide()
        dialog.deleteLater()
