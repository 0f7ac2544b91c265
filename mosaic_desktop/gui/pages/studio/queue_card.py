"""The left card: the upload queue, with what can be done to its rows by menu, toolbar and keyboard."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QAbstractScrollArea, QHBoxLayout, QMenu, QStackedWidget, QWidget

from mosaic_desktop.core.actions import Action, asset_actions
from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.core.events import Refused
from mosaic_desktop.gui import text
from mosaic_desktop.gui.models.asset_model import AssetModel
from mosaic_desktop.gui.pages.refusals import Refusals
from mosaic_desktop.gui.pages.row_actions import ActionWords, RowActions
from mosaic_desktop.gui.pages.studio.queue_list import QueueList
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import quiet_button, secondary_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.empty_state import EmptyState
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache

_MIN_WIDTH = 360
_ROWS_MIN_HEIGHT = 230
_DROP_ANYWHERE = "Drop videos, folders or links anywhere in this window"
_INVITATION = "They upload by themselves. YouTube links can be dropped or pasted too; files may be up to 10 GiB each."
_WORDS = {
    # One key for both, so it is a shortcut of its own; after the tab it shows in the menu.
    Action.PAUSE: ActionWords("Pause\tP", "pause"),
    Action.RESUME: ActionWords("Resume\tP", "play"),
    Action.RETRY: ActionWords("Retry", "rotate-ccw", "R"),
    Action.CANCEL: ActionWords("Cancel the upload", "circle-x"),
    Action.SHOW_IN_FOLDER: ActionWords("Show in folder", "folder-open", apart=True),
    Action.REMOVE: ActionWords("Remove from the queue", "trash-2", "Del; Backspace", apart=True),
}
Do = Callable[[Action, tuple[AssetId, ...]], None]


class QueueCard(Card):
    """Asks with signals for what needs dialogs: `files_wanted`, `folder_wanted`, `link_wanted`, `paste_wanted`."""

    files_wanted = Signal()
    folder_wanted = Signal()
    link_wanted = Signal()
    paste_wanted = Signal()

    def __init__(self, theme: Theme, model: AssetModel, thumbnails: ThumbnailCache, do: Do) -> None:
        super().__init__(theme, "Upload queue")
        self._theme = theme
        self._model = model
        self._do = do
        self._list = QueueList(theme, model, thumbnails)
        self._refusals = Refusals(theme)
        self._browse = secondary_button(theme, "Browse…", "folder-open")
        self._empty = EmptyState(theme, "upload", "Drop videos or folders here", _INVITATION, self._browse)
        self._stack = QStackedWidget()
        self._all = quiet_button(theme, "Pause all", "pause")
        self._all_action = Action.PAUSE
        self._build_queue()
        self._connect()
        self._refresh()

    def show_refused(self, refused: Refused) -> None:
        self._refusals.add(refused)

    def forget_refused(self) -> None:
        self._refusals.clear()

    def selected_ids(self) -> tuple[AssetId, ...]:
        return self._list.selected_ids()

    # Inside

    def _build_queue(self) -> None:
        self.setMinimumWidth(_MIN_WIDTH)
        self._stack.setMinimumHeight(_ROWS_MIN_HEIGHT)
        add = secondary_button(self._theme, "Add videos", "plus")
        add.attach_menu(self._add_menu(add))
        self.add_action(self._all)
        self.add_action(add)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._list)
        self.body.addWidget(self._refusals)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self._hint_line())
        self._row_actions = RowActions(self._theme, self._list, _WORDS, self._open_actions, self._act)

    def _add_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        for words, icon, keys, signal in (
            ("Choose files…", "file-video", "Ctrl+O", self.files_wanted),
            ("Choose a folder…", "folder-open", "Ctrl+Shift+O", self.folder_wanted),
            ("Add a link…", "link", "Ctrl+L", self.link_wanted),
            ("Paste files or links", "copy", "", self.paste_wanted),
        ):
            action = QAction(self._theme.icons.icon(icon), words, menu)
            action.triggered.connect(signal)
            if keys:
                action.setShortcut(QKeySequence(keys))
                action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
                self.addAction(action)
            menu.addAction(action)
        return menu

    def _hint_line(self) -> QWidget:
        line = _HintLine(self._theme, self._list)
        row = QHBoxLayout(line)
        row.setContentsMargins(Space.L, Space.S, Space.L, Space.M)
        row.setSpacing(Space.S)
        row.addWidget(_DropMark(self._theme))
        row.addWidget(ElidedLabel(self._theme, _DROP_ANYWHERE, TextStyle.SMALL, Tone.FAINT), 1)
        self._hint = line
        return line

    def _connect(self) -> None:
        self._browse.clicked.connect(self.files_wanted)
        self._all.clicked.connect(self._on_all_clicked)
        pause = QShortcut(QKeySequence("P"), self._list)
        pause.setContext(Qt.ShortcutContext.WidgetShortcut)
        pause.activated.connect(self._on_pause_key)
        self._list.menu_requested.connect(self._on_menu_requested)
        for signal in (self._model.rowsInserted, self._model.rowsRemoved, self._model.dataChanged):
            signal.connect(self._refresh)

    def _on_menu_requested(self, index: QModelIndex, place: QPoint) -> None:
        self._list.include(index)
        self._row_actions.popup(place)

    def _selected(self) -> tuple[Asset, ...]:
        found = (self._model.asset(asset_id) for asset_id in self._list.selected_ids())
        return tuple(asset for asset in found if asset is not None)

    def _open_actions(self) -> frozenset[Action]:
        return frozenset[Action]().union(*(asset_actions(asset) for asset in self._selected()))

    def _act(self, action: Action) -> None:
        """Does it to the selected rows for which it makes sense."""
        ids = tuple(asset.id for asset in self._selected() if action in asset_actions(asset))
        if ids:
            self._do(action, ids)

    def _on_pause_key(self) -> None:
        self._act(Action.PAUSE if Action.PAUSE in self._open_actions() else Action.RESUME)

    def _on_all_clicked(self) -> None:
        ids = self._with(self._all_action)
        if ids:
            self._do(self._all_action, ids)

    def _with(self, action: Action) -> tuple[AssetId, ...]:
        return tuple(asset.id for asset in self._model.assets() if action in asset_actions(asset))

    def _refresh(self) -> None:
        assets = self._model.assets()
        self.set_detail(text.asset_counts(assets))
        self._stack.setCurrentWidget(self._list if assets else self._empty)
        self._hint.setVisible(bool(assets))
        self._all_action = Action.PAUSE if self._with(Action.PAUSE) else Action.RESUME
        pausing = self._all_action is Action.PAUSE
        self._all.setText("Pause all" if pausing else "Resume all")
        self._all.set_icon("pause" if pausing else "play")
        self._all.setVisible(bool(self._with(self._all_action)))


class _HintLine(QWidget):
    """The last line of the card, set off from rows that go on below it."""

    def __init__(self, theme: Theme, rows: QAbstractScrollArea) -> None:
        super().__init__()
        self._theme = theme
        self._bar = rows.verticalScrollBar()
        self._bar.rangeChanged.connect(self.update)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._bar.maximum() > 0:
            painter = QPainter(self)
            painter.fillRect(0, 0, self.width(), 1, self._theme.color(Token.LINE))
            painter.end()


class _DropMark(QWidget):
    """The small arrow before the hint."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(Size.ICON, Size.ICON)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._theme.icons.paint(painter, self.rect().adjusted(1, 1, -1, -1), "upload", Token.FAINT)
        painter.end()
