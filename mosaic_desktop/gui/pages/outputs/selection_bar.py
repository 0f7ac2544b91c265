"""Below the tiles: how many are selected, and what can be done with all of them at once."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mosaic_desktop.core.actions import Action
from mosaic_desktop.core.output import Output
from mosaic_desktop.core.units import format_bytes
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import Button, quiet_button
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone

_TOOLS = {
    Action.PAUSE: ("Pause", "pause", "Pause (P)"),
    Action.RESUME: ("Resume", "play", "Resume (P)"),
    Action.RETRY: ("Retry", "refresh-cw", "Retry (R)"),
    Action.DOWNLOAD_AGAIN: ("Download again", "download", "Download again (Ctrl+R)"),
    Action.SHOW_IN_FOLDER: ("Show in folder", "folder-open", "Show in folder (Ctrl+Return)"),
    Action.REMOVE: ("Remove from list", "trash-2", "Remove from the list; files stay on your disk (Del)"),
}


class SelectionBar(QWidget):
    """`wanted(action)` by one of its buttons, of which only those are shown that do something; without their words
    where the room is too narrow for all of them.
    """

    wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._words = ElidedLabel(theme, "", TextStyle.SMALL, Tone.SECONDARY)
        self._buttons: dict[Action, Button] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.XS)
        row.addWidget(self._words, 1)
        for action, (word, icon, tip) in _TOOLS.items():
            button = self._buttons[action] = quiet_button(theme, word, icon)
            button.setAccessibleName(word)
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, action=action: self.wanted.emit(action))
            row.addWidget(button)

    def show_selection(self, outputs: Sequence[Output], actions: Collection[Action], otherwise: str) -> None:
        """`otherwise` is said while nothing is selected."""
        size = sum(output.size for output in outputs)
        words = f"{len(outputs):,} selected" if outputs else otherwise
        self._words.set_text(f"{words} · {format_bytes(size)}" if size else words)
        for action, button in self._buttons.items():
            button.setVisible(action in actions)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = {action: button for action, button in self._buttons.items() if not button.isHidden()}
        for action, button in shown.items():
            button.setText(_TOOLS[action][0])
        needed = self._words.sizeHint().width() + sum(b.sizeHint().width() + Space.XS for b in shown.values())
        if needed > self.width():
            for button in shown.values():
                button.setText("")
