"""What can be done with the selected rows of a list: the same actions for keys and menu."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QMenu

from mosaic_desktop.gui.theme.theme import Theme

A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ActionWords:
    """How an action reads in a menu. `keys`: as in "Ctrl+C"; several are separated by "; ". `apart`: a line above."""

    text: str
    icon: str = ""
    keys: str = ""
    apart: bool = False


class RowActions(QObject, Generic[A]):
    """`do` is called with the chosen action; `open_actions` says at any time which ones make sense."""

    def __init__(
        self,
        theme: Theme,
        view: QAbstractItemView,
        words: Mapping[A, ActionWords],
        open_actions: Callable[[], Collection[A]],
        do: Callable[[A], None],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._words = words
        self._open_actions = open_actions
        self._do = do
        self._actions = {action: self._make(theme, action, spec) for action, spec in words.items()}

    def popup(self, place: QPoint) -> QMenu:
        """Open a menu of what makes sense now. It goes away by itself."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Actions")
        open_now = self._open_actions()
        for action, shown in self._actions.items():
            if action in open_now:
                if self._words[action].apart and menu.actions():
                    menu.addSeparator()
                menu.addAction(shown)
        menu.popup(place)
        return menu

    def _make(self, theme: Theme, action: A, spec: ActionWords) -> QAction:
        made = QAction(spec.text, self)
        if spec.icon:
            made.setIcon(theme.icons.icon(spec.icon))
        made.setShortcuts([QKeySequence(keys) for keys in spec.keys.split("; ") if keys])
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.setShortcutVisibleInContextMenu(True)
        made.triggered.connect(lambda: self._trigger(action))
        self._view.addAction(made)
        return made

    def _trigger(self, action: A) -> None:
        if action in self._open_actions():
            self._do(action)
