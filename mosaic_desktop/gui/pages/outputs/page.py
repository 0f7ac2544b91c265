"""The Outputs page: what arrived, as tiles, and the selected one beside them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mosaic_desktop.core.actions import Action
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.gui.models.output_model import OutputModel
from mosaic_desktop.gui.pages.columns import Columns
from mosaic_desktop.gui.pages.listing import Listing, select_first
from mosaic_desktop.gui.pages.opening import open_folder
from mosaic_desktop.gui.pages.outputs.commands import OUTPUT_ACTIONS, open_actions
from mosaic_desktop.gui.pages.outputs.doing import OutputDoing
from mosaic_desktop.gui.pages.outputs.output_card import OutputCard
from mosaic_desktop.gui.pages.outputs.output_rows import OutputRows
from mosaic_desktop.gui.pages.outputs.selection_bar import SelectionBar
from mosaic_desktop.gui.pages.outputs.sweeping import OutputSweeps
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.row_actions import RowActions
from mosaic_desktop.gui.pages.runs.words import short_folder
from mosaic_desktop.gui.pages.trouble import Trouble
from mosaic_desktop.gui.text.numbers import video_counts
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.widgets.buttons import primary_button, secondary_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.empty_state import EmptyState
from mosaic_desktop.gui.widgets.search_field import SearchField
from mosaic_desktop.gui.widgets.tile_list import TileList


class OutputsPage(QWidget):
    """`go(page, row id)` shows another page."""

    def __init__(self, parts: PageParts, go: Callable[[str, str], None]) -> None:
        super().__init__()
        self._parts = parts
        self._go = go
        theme, engine = parts.theme, parts.engine
        self.model = OutputModel(engine.store, engine.events, self)
        self.rows = OutputRows(self.model, self)
        self.view = TileList(theme, "Outputs", parts.thumbnails)
        self.view.setModel(self.rows)
        self.view.setDragEnabled(True)
        self._search = SearchField(theme, "Search outputs")
        self._folder = secondary_button(theme, "Open folder", "folder-open")
        self._trouble = Trouble(theme, (Space.XL, Space.L, Space.XL, 0))
        self._list_card = Card(theme, "Outputs", counts=True)
        self._card = OutputCard(theme)
        self._bar = SelectionBar(theme)
        self._doing = OutputDoing(parts, self.rows, self._trouble, go)
        self._listing = self._make_listing()
        self._actions = RowActions(theme, self.view, OUTPUT_ACTIONS, self._open_actions, self._do)
        self._sweeps = OutputSweeps(theme, self.view, self.model.in_state, engine)
        self._build_ui()
        self._connect()
        self._select_something()

    def select(self, row_id: str) -> None:
        """Show this output, or all outputs of this run, whatever is searched for."""
        self._search.clear()
        wanted = [output.id for output in self.model.outputs() if row_id in (output.id, output.run_id)]
        indexes = [self.rows.mapFromSource(self.model.index_of(output_id)) for output_id in wanted]
        if indexes:
            chosen = QItemSelection()
            for index in indexes:
                chosen.select(index, index)
            flags = QItemSelectionModel.SelectionFlag
            self.view.selectionModel().setCurrentIndex(indexes[0], flags.NoUpdate)
            self.view.selectionModel().select(chosen, flags.ClearAndSelect)
            self.view.scrollTo(indexes[0])
            self.view.setFocus()

    def current_output(self) -> Output | None:
        return self.rows.output_at(self.view.currentIndex())

    # Building

    def _make_listing(self) -> Listing:
        theme = self._parts.theme
        to_studio = primary_button(theme, "Go to the Studio")
        to_studio.clicked.connect(self._on_studio_clicked)
        show_all = secondary_button(theme, "Show all")
        show_all.clicked.connect(self._search.clear)
        words = "When a run ends, its videos download by themselves."
        empty = EmptyState(theme, "film", "Finished videos appear here", words, to_studio)
        return Listing(theme, self.view, self.rows, empty, show_all)

    def _build_ui(self) -> None:
        self._search.setMaximumWidth(190)
        self._search.setMinimumWidth(100)
        for control in (self._search, self._folder, self._sweeps.pause, self._sweeps.more):
            self._list_card.add_action(control)
        self._list_card.body.addWidget(self._listing, 1)
        self._list_card.footer().addWidget(self._bar)
        self._list_card.setMinimumSize(420, 150)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._trouble)
        column.addWidget(Columns(self._parts.settings, "outputs", self._list_card, self._card, (700, 440)), 1)

    def _connect(self) -> None:
        self._search.textChanged.connect(self.rows.set_text)
        self._folder.clicked.connect(self._on_folder_clicked)
        self.view.menu_requested.connect(self._on_menu_requested)
        self.view.doubleClicked.connect(self._on_double_clicked)
        self.view.selectionModel().currentChanged.connect(self._refresh)
        self.view.selectionModel().selectionChanged.connect(self._refresh)
        self._bar.wanted.connect(self._do)
        for signal in (self.rows.rowsInserted, self.rows.rowsRemoved):
            signal.connect(self._select_something)
        self.model.rowsRemoved.connect(self._refresh)  # the filter tells it while the row is still in the model
        self.model.dataChanged.connect(self._on_data_changed)
        self._card.wanted.connect(self._do_to_current)

    # Showing

    def _refresh(self) -> None:
        self._list_card.set_detail(video_counts(self.model.in_state[OutputState.SAVED], self.model.saved_size))
        self._search.setEnabled(not self._listing.is_empty)
        self._sweeps.refresh()
        folder = short_folder(self._parts.settings.value.output_folder, Path.home())
        selected = self._selected()
        self._bar.show_selection(selected, self._open_for(selected), f"Outputs download to {folder}")
        output = self.current_output()
        self._card.setVisible(output is not None)
        if output is not None:
            store = self._parts.engine.store
            run = store.run(output.run_id)
            asset = store.asset(run.asset_id) if run is not None else None
            self._card.show_output(output, run, asset, gone=self.rows.is_gone(output))

    def _select_something(self) -> None:
        select_first(self.view)
        self._refresh()

    async def _look_for_files(self) -> None:
        """Disks may be slow or far away, so they are asked off this thread."""
        saved = {o.id: o.path for o in self.model.outputs() if o.state is OutputState.SAVED and o.path is not None}
        self.rows.set_gone(await asyncio.to_thread(_missing, saved))
        self._refresh()

    def look_for_files(self) -> None:
        """Notice saved files that were moved or deleted meanwhile."""
        self._parts.scope.replace(self._look_for_files(), "look for outputs")

    # What the user does

    def _selected(self) -> list[Output]:
        found = (self.rows.output_at(index) for index in self.view.selectionModel().selectedIndexes())
        return [output for output in found if output is not None]

    def _open_actions(self) -> frozenset[Action]:
        return self._open_for(self._selected())

    def _open_for(self, outputs: Sequence[Output]) -> frozenset[Action]:
        return open_actions([(output, self.rows.is_gone(output)) for output in outputs])

    def _do(self, action: Action) -> None:
        self._doing.do(self._selected(), action)

    def _do_to_current(self, action: Action) -> None:
        """What the card offers is for the output that it shows, whatever else is selected."""
        if (output := self.current_output()) is not None:
            self._doing.do([output], action)

    def _on_folder_clicked(self) -> None:
        self._parts.scope.replace(self._open_folder(), "open folder")

    async def _open_folder(self) -> None:
        self._trouble.tell(await open_folder(self._parts.settings.value.output_folder))

    def _on_studio_clicked(self) -> None:
        self._go("studio", "")

    def _on_double_clicked(self) -> None:
        if Action.OPEN in self._open_actions():
            self._do(Action.OPEN)

    def _on_menu_requested(self, index: QModelIndex, place: QPoint) -> None:
        if not self.view.selectionModel().isSelected(index):
            self.view.setCurrentIndex(index)
        self._actions.popup(place)

    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look_for_files()


def _missing(paths: Mapping[OutputId, Path]) -> frozenset[str]:
    return frozenset(row_id for row_id, path in paths.items() if not path.exists())
