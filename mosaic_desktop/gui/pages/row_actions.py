"""What can be done with the selected rows of a list: the same actions for keys and menu."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QMenu

from mosaic_desktop.gui.theme.theme import Theme

A = TypeVar("A", bound=StrEnum)
_CONTEXT = Qt.ShortcutContext.WidgetWithChildrenShortcut


@dataclass(frozen=True, slots=True)
class ActionWords:
    """How an action reads in a menu. `keys`: as in "Ctrl+C"; several are separated by "; ". A key that several actions
    of a list have stands for the first of them that makes sense. `apart`: a line above. `repeats`: again and again
    while its key is held down.
    """

    text: str
    icon: str = ""
    keys: str = ""
    apart: bool = False
    repeats: bool = False

    @property
    def key_list(self) -> list[str]:
        return [key for key in self.keys.split("; ") if key]

    @property
    def tip(self) -> str:
        """For a button that does the same: `Retry (R)`."""
        return f"{self.text} ({self.key_list[0]})" if self.keys else self.text


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
        self._shared = _shared_keys(words)
        self._actions = {action: self._make(theme, action, spec) for action, spec in words.items()}
        for key, actions in self._shared.items():
            self._add_shortcut(key, actions)

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
        # Of two actions with one key Qt takes neither, so that key is a shortcut of its own; after the tab it is shown.
        shared = [key for key in spec.key_list if key in self._shared]
        made = QAction("\t".join([spec.text, *shared[:1]]), self)
        if spec.icon:
            made.setIcon(theme.icons.icon(spec.icon))
        made.setShortcuts([QKeySequence(key) for key in spec.key_list if key not in shared])
        made.setShortcutContext(_CONTEXT)
        made.setAutoRepeat(spec.repeats)
        made.setShortcutVisibleInContextMenu(True)
        made.triggered.connect(lambda: self._trigger((action,)))
        self._view.addAction(made)
        return made

    def _add_shortcut(self, key: str, actions: Sequence[A]) -> None:
        shortcut = QShortcut(QKeySequence(key), self._view)
        shortcut.setContext(_CONTEXT)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(lambda: self._trigger(actions))

    def _trigger(self, actions: Sequence[A]) -> None:
        """The first that makes sense now."""
        open_now = self._open_actions()
        if found := [action for action in actions if action in open_now]:
            self._do(found[0])


def _shared_keys(words: Mapping[A, ActionWords]) -> dict[str, list[A]]:
    having: defaultdict[str, list[A]] = defaultdict(list)
    for action, spec in words.items():
        for key in spec.key_list:
            having[key].append(action)
    return {key: actions for key, actions in having.items() if len(actions) > 1}
