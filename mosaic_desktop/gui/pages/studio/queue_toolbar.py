"""The line above the queue's rows: what can be done to those chosen, and the way to what is done to all."""

from collections.abc import Collection

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from mosaic_desktop.core.actions import Action, Move
from mosaic_desktop.gui.pages.studio.queue_actions import ROW_DEEDS, Deed
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.arrow_keys import ArrowKeys
from mosaic_desktop.gui.widgets.buttons import Button, icon_button
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone

_GROUPS: tuple[tuple[Deed, ...], ...] = (
    (Action.PAUSE, Action.RETRY, Action.CANCEL),
    (Move.TOP, Move.UP, Move.DOWN, Move.BOTTOM),
    (Action.REMOVE,),
)


class QueueToolbar(QWidget):
    """`pressed(deed)`: to be done to the rows it is about. `all_wanted(place)`: the menu for the whole queue.

    Tab stops here once; Left and Right lead from button to button.
    """

    pressed = Signal(object)
    all_wanted = Signal(QPoint)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._resumes = False
        self._stop: QWidget | None = None
        self._buttons = {deed: self._make(deed) for group in _GROUPS for deed in group}
        self._all = icon_button(theme, "ellipsis-vertical", "The whole queue")
        self._all.clicked.connect(lambda: self.all_wanted.emit(self._all.mapToGlobal(self._all.rect().bottomLeft())))
        self._count = ElidedLabel(theme, "", TextStyle.SMALL, Tone.FAINT)
        self._keys = ArrowKeys(self, self._make_stop)
        self.setAccessibleName("Selected videos")
        self._build_ui()
        self.show_open((), "")
        theme.changed.connect(self.update)

    def show_open(self, deeds: Collection[Deed], about: str) -> None:
        """`deeds`: what makes sense for the rows that it is `about`, in words."""
        self._count.set_text(about)
        self._resumes = Action.RESUME in deeds and Action.PAUSE not in deeds
        self._name(self._buttons[Action.PAUSE], Action.RESUME if self._resumes else Action.PAUSE)
        focused = QApplication.focusWidget()
        for deed, button in self._buttons.items():
            button.setEnabled(deed in deeds or (deed is Action.PAUSE and self._resumes))
        stops = self._stops()
        # Of a button that is disabled Qt passes the keyboard on to somewhere else.
        if isinstance(focused, Button) and focused in self._buttons.values() and focused not in stops:
            stops[0].setFocus()
            focused = stops[0]
        held = next((button for button in stops if button in (focused, self._stop)), stops[0])
        self._give_tab(held)

    # Inside

    def _build_ui(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.S, Space.XS, Space.L, Space.XS + 1)
        row.setSpacing(0)
        for number, group in enumerate(_GROUPS):
            if number:
                row.addSpacing(Space.S)
            for deed in group:
                row.addWidget(self._buttons[deed])
        row.addSpacing(Space.S)
        row.addWidget(self._count, 1)
        row.addWidget(self._all)
        for button in (*self._buttons.values(), self._all):
            self._keys.add(button)

    def _make(self, deed: Deed) -> Button:
        button = icon_button(self._theme, ROW_DEEDS[deed].icon, "")
        self._name(button, deed)
        button.clicked.connect(lambda: self.pressed.emit(Action.RESUME if self._means_resume(deed) else deed))
        return button

    def _means_resume(self, deed: Deed) -> bool:
        return deed is Action.PAUSE and self._resumes

    def _name(self, button: Button, deed: Deed) -> None:
        words = ROW_DEEDS[deed]
        button.set_icon(words.icon)
        button.setAccessibleName(f"Selected videos: {words.text[:1].lower()}{words.text[1:]}")
        button.setToolTip(words.tip)

    def _stops(self) -> list[Button]:
        return [*(button for button in self._buttons.values() if button.isEnabled()), self._all]

    def _make_stop(self, stop: QWidget) -> None:
        """The user went there, and comes back there."""
        self._stop = stop
        self._give_tab(stop)

    def _give_tab(self, held: QWidget) -> None:
        for button in (*self._buttons.values(), self._all):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if button is held else Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.draw_line(painter, 0, self.height() - 1, self.width(), self._theme.color(Token.LINE))
        painter.end()
