"""The left card: the upload queue, with what can be done to its rows by menu, toolbar, keyboard and mouse."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from mosaic_desktop.core.actions import Action, Move, asset_actions
from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.errors import Code
from mosaic_desktop.core.events import Refused, Undoable
from mosaic_desktop.gui.models.asset_model import AssetModel
from mosaic_desktop.gui.pages.refusals import Refusals
from mosaic_desktop.gui.pages.row_actions import RowActions
from mosaic_desktop.gui.pages.studio.hint_line import HintLine
from mosaic_desktop.gui.pages.studio.queue_actions import (
    ROW_DEEDS,
    Deed,
    open_deeds,
    open_moves,
    open_sweeps,
)
from mosaic_desktop.gui.pages.studio.queue_commands import QueueCommands
from mosaic_desktop.gui.pages.studio.queue_list import QueueList
from mosaic_desktop.gui.pages.studio.queue_toolbar import QueueToolbar
from mosaic_desktop.gui.pages.sweeps import SWEEPS, Sweep
from mosaic_desktop.gui.text.numbers import video_counts
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import quiet_button, secondary_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.empty_state import EmptyState
from mosaic_desktop.gui.widgets.snackbar import Snackbar
from mosaic_desktop.gui.widgets.soon import Soon
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache

_MIN_WIDTH = 360
_ROWS_MIN_HEIGHT = 230
_DROP_ANYWHERE = "Drop videos, folders or links anywhere in this window"
_INVITATION = "They upload by themselves. YouTube links can be dropped or pasted too; files may be up to 10 GiB each."


class QueueCard(Card):
    """Asks with signals for what needs dialogs: `files_wanted`, `folder_wanted`, `link_wanted`, `paste_wanted`."""

    files_wanted = Signal()
    folder_wanted = Signal()
    link_wanted = Signal()
    paste_wanted = Signal()

    def __init__(self, theme: Theme, model: AssetModel, thumbnails: ThumbnailCache, commands: QueueCommands) -> None:
        super().__init__(theme, "Upload queue", counts=True)
        self._theme = theme
        self._model = model
        self._commands = commands
        self._undoable = False
        self._list = QueueList(theme, model, thumbnails)
        self._toolbar = QueueToolbar(theme)
        self._refusals = Refusals(theme)
        self._browse = secondary_button(theme, "Browse…", "folder-open")
        self._empty = EmptyState(theme, "upload", "Drop videos or folders here", _INVITATION, self._browse)
        self._stack = QStackedWidget()
        self._hint = HintLine(theme, self._list, _DROP_ANYWHERE)
        self._done = Snackbar(theme, "Undo", "Ctrl+Z")
        self._all = quiet_button(theme, "Pause all", "pause")
        self._all_sweep = Sweep.PAUSE
        self._toolbar_soon = Soon(self, self._refresh_toolbar)
        self._build_queue()
        self._row_actions = RowActions(theme, self._list, ROW_DEEDS, self._open_now, self._act)
        self._sweeps = RowActions(theme, self._list, SWEEPS, self._open_sweeps, self._sweep)
        self._connect()
        self._refresh()

    def show_refused(self, refused: Refused) -> None:
        self._refusals.add(refused)

    def expect(self) -> None:
        """The user adds something: what was refused before is forgotten, and what comes is shown."""
        self.forget_refused()
        self._list.show_next()

    def forget_refused(self) -> None:
        """The user goes on."""
        self._refusals.clear()

    def show_removed(self, asset: Asset) -> None:
        """It could be added again."""
        self._refusals.forget(str(asset.path or asset.link), Code.ALREADY_QUEUED)

    def show_undoable(self, undoable: Undoable) -> None:
        """What was done earlier can be taken back too, but nobody just did it: it is not told anew."""
        self._undoable = undoable.words is not None
        self._done.tell((undoable.words or "") if undoable.just_done else "")

    def undo(self) -> None:
        self._commands.sweep(Sweep.UNDO)

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
        self.body.addWidget(self._toolbar)
        self.body.addWidget(self._refusals)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self._hint)
        self.body.addWidget(self._done)

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

    def _connect(self) -> None:
        self._browse.clicked.connect(self.files_wanted)
        self._all.clicked.connect(lambda: self._sweep(self._all_sweep))
        self._toolbar.pressed.connect(self._on_toolbar_pressed)
        self._toolbar.all_wanted.connect(self._sweeps.popup)
        self._done.acted.connect(self.undo)
        self._done.showing.connect(self._refresh_hint)
        self._list.menu_requested.connect(self._on_menu_requested)
        self._list.moved.connect(self._commands.place_before)
        self._list.selectionModel().selectionChanged.connect(self._toolbar_soon.ask)
        self._model.rows_changed.connect(self._refresh)
        self._model.checked_changed.connect(self._toolbar_soon.ask)

    def _on_menu_requested(self, index: QModelIndex, place: QPoint) -> None:
        self._list.include(index)
        self._row_actions.popup(place)

    # Selected rows

    def _open_now(self) -> frozenset[Deed]:
        return self._open_for(self._list.selected_rows())

    def _open_for(self, rows: Sequence[int]) -> frozenset[Deed]:
        return open_deeds(self._model.assets_at(rows)) | self._open_moves(rows)

    def _open_moves(self, rows: Sequence[int]) -> frozenset[Move]:
        return open_moves(rows, self._model.rowCount())

    def _act(self, deed: Deed) -> None:
        self._act_on(deed, self._list.selected_rows())

    def _on_toolbar_pressed(self, deed: Deed) -> None:
        self._act_on(deed, self._list.selected_rows() or self._model.checked_rows())

    def _act_on(self, deed: Deed, rows: Sequence[int]) -> None:
        """Does it to those of the rows for which it makes sense."""
        chosen = self._model.assets_at(rows)
        if isinstance(deed, Action):
            chosen = tuple(asset for asset in chosen if deed in asset_actions(asset))
        if chosen:
            self._commands.do(deed, tuple(asset.id for asset in chosen))
        if isinstance(deed, Move):
            self._list.keep_in_sight()

    # The whole queue

    def _open_sweeps(self) -> frozenset[Sweep]:
        return open_sweeps(self._model.tally.samples(), clearable=self._commands.clearable, undoable=self._undoable)

    def _sweep(self, sweep: Sweep) -> None:
        if sweep is Sweep.UNDO:
            self.undo()
        elif sweep in self._open_sweeps():
            self._commands.sweep(sweep)

    def _refresh(self) -> None:
        tally = self._model.tally
        self.set_detail(video_counts(tally.count, tally.size))
        self._stack.setCurrentWidget(self._list if tally.count else self._empty)
        self._toolbar.setVisible(tally.count > 0)
        self._refresh_hint()
        deeds = open_deeds(tally.samples())
        self._all_sweep = Sweep.PAUSE if Action.PAUSE in deeds else Sweep.RESUME
        self._all.setText(SWEEPS[self._all_sweep].text)
        self._all.set_icon(SWEEPS[self._all_sweep].icon)
        self._all.setVisible(bool(deeds & {Action.PAUSE, Action.RESUME}))
        self._toolbar_soon.ask()

    def _refresh_hint(self) -> None:
        self._hint.setVisible(self._model.rowCount() > 0 and self._done.isHidden())

    def _refresh_toolbar(self) -> None:
        """Where nothing is selected it is about the checked rows: they look chosen, and are for whoever sees them."""
        if rows := self._list.selected_rows():
            self._toolbar.show_open(self._open_for(rows), f"{len(rows):,} selected")
        else:
            rows = self._model.checked_rows()
            deeds = open_deeds(self._model.choice.tally.samples()) | self._open_moves(rows)
            self._toolbar.show_open(deeds, f"{len(rows):,} checked" if rows else "")
