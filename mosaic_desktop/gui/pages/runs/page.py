"""The Runs page: what goes on and went on, and the selected run beside it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mosaic_desktop.core.actions import Action
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.events import Event, RowChanged, ServiceReached
from mosaic_desktop.core.parameters import Field, fields_of
from mosaic_desktop.core.run import Run
from mosaic_desktop.gui.models.row_filter import RowFilter
from mosaic_desktop.gui.models.run_model import RunModel
from mosaic_desktop.gui.pages.columns import Columns
from mosaic_desktop.gui.pages.listing import Listing, select_first
from mosaic_desktop.gui.pages.opening import open_folder
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.row_actions import RowActions
from mosaic_desktop.gui.pages.runs.commands import RUN_ACTIONS, open_actions
from mosaic_desktop.gui.pages.runs.doing import RunDoing
from mosaic_desktop.gui.pages.runs.filter_button import ALL, StateFilterButton
from mosaic_desktop.gui.pages.runs.run_card import RunCard
from mosaic_desktop.gui.pages.trouble import Trouble
from mosaic_desktop.gui.text.runs import run_counts
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.widgets.buttons import primary_button, secondary_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.empty_state import EmptyState
from mosaic_desktop.gui.widgets.row_list import RowList
from mosaic_desktop.gui.widgets.search_field import SearchField


class RunsPage(QWidget):
    """`go(page, row id)` shows another page and selects a row there. `stop_listening` before the engine ends."""

    def __init__(self, parts: PageParts, go: Callable[[str, str], None]) -> None:
        super().__init__()
        self._parts = parts
        self._go = go
        self._fields: dict[str, tuple[Field, ...]] = {}
        self._fields_missed = False
        self._wanted = ""
        theme, engine = parts.theme, parts.engine
        self.model = RunModel(engine.store, engine.events, parts.clock, self)
        self._rows = RowFilter(self.model, self)
        self.view = RowList(theme, "Runs", parts.thumbnails)
        self.view.setModel(self._rows)
        self._search = SearchField(theme, "Search runs")
        self._filter = StateFilterButton(theme)
        self._trouble = Trouble(theme, (Space.XL, Space.L, Space.XL, 0))
        self._list_card = Card(theme, "Runs", counts=True)
        self._run_card = RunCard(theme)
        self._doing = RunDoing(parts, self._trouble, self._run_card.ask_for_id, go)
        self._listing = self._make_listing()
        self._actions = RowActions(theme, self.view, RUN_ACTIONS, self._open_actions, self._do)
        self._build_ui()
        self._connect()
        self._watching = True
        self._unsubscribe = engine.subscribe(self._hear)
        self._select_something()
        self._refresh()

    def stop_listening(self) -> None:
        self._unsubscribe()
        self._watching = False

    def select(self, run_id: str) -> None:
        """Show this run, whatever is searched for; one that has just been made, as soon as it is in the list."""
        self._show_all()
        self._wanted = run_id
        self._select_wanted()

    def _select_wanted(self) -> None:
        index = self._rows.mapFromSource(self.model.index_of(self._wanted))
        if index.isValid():
            self._wanted = ""
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.view.selectionModel().setCurrentIndex(index, flag)
            self.view.scrollTo(index)
            self.view.setFocus()

    def current_run(self) -> Run | None:
        return self.model.run(self._rows.id_at(self.view.currentIndex()))

    # Building

    def _make_listing(self) -> Listing:
        theme = self._parts.theme
        to_studio = primary_button(theme, "Go to the Studio")
        to_studio.clicked.connect(self._on_studio_clicked)
        show_all = secondary_button(theme, "Show all")
        show_all.clicked.connect(self._show_all)
        words = "Choose videos and an agent in the Studio, then press Run."
        empty = EmptyState(theme, "layers", "Runs appear here", words, to_studio)
        return Listing(theme, self.view, self._rows, empty, show_all)

    def _build_ui(self) -> None:
        self._search.setMaximumWidth(190)
        self._search.setMinimumWidth(100)
        self._list_card.add_action(self._search)
        self._list_card.add_action(self._filter)
        self._list_card.body.addWidget(self._listing, 1)
        self._list_card.setMinimumSize(380, 150)
        columns = Columns(self._parts.settings, "runs", self._list_card, self._run_card, (640, 500))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._trouble)
        column.addWidget(columns, 1)

    def _connect(self) -> None:
        self._search.textChanged.connect(self._rows.set_text)
        self._filter.chosen.connect(self._rows.set_states)
        self.view.menu_requested.connect(self._on_menu_requested)
        self.view.activated.connect(self._on_activated)
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        self._rows.rowsInserted.connect(self._select_something)
        self._rows.rowsRemoved.connect(self._select_something)
        self.model.dataChanged.connect(self._on_data_changed)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved):
            signal.connect(self._refresh)
        self._run_card.wanted.connect(self._do_to_current)
        self._run_card.id_entered.connect(self._on_id_entered)
        self._run_card.folder_wanted.connect(self._on_folder_wanted)

    # Showing

    def _refresh(self) -> None:
        self._list_card.set_detail(run_counts(self.model.in_state))
        run = self.current_run()
        self._run_card.setVisible(run is not None)
        self._search.setEnabled(not self._listing.is_empty)
        self._filter.setEnabled(not self._listing.is_empty)
        if run is not None:
            asset = self._parts.engine.store.asset(run.asset_id)
            fields = self._fields.get(run.spec.agent_id or "")
            self._run_card.show_run(run, asset, fields, self._parts.clock.now())
            self._run_card.set_folder(self._folder(run))

    def _folder(self, run: Run) -> Path:
        return run.folder or self._parts.settings.value.output_folder

    def _select_something(self) -> None:
        self._select_wanted()
        select_first(self.view)
        self._refresh()

    def _watch(self) -> None:
        """The tracker looks closely at the run in sight only. Asked rarely: every change makes it look at once."""
        run = self.current_run() if self.isVisible() else None
        if self._watching:
            self._parts.engine.watch([run.id] if run is not None else [])

    async def _load_fields(self) -> None:
        """Titles of parameters are nice to have: without an answer their names stand."""
        try:
            agents = await self._parts.engine.agents()
        except MosaicError:
            self._fields_missed = True
            return
        self._fields = {agent.id: fields_of(agent.parameters_schema) for agent in agents}
        self._refresh()

    def _ask_for_fields(self) -> None:
        if not self._fields:
            self._fields_missed = False
            self._parts.scope.replace(self._load_fields(), "agents for runs")

    def _hear(self, event: Event) -> None:
        match event:
            case RowChanged() if (run := self.current_run()) is not None and event.row.id == run.asset_id:
                self._refresh()
            case ServiceReached(problem=None) if self._fields_missed and self.isVisible():
                self._ask_for_fields()
            case _:
                pass

    # What the user does

    def _selected(self) -> Sequence[Run]:
        found = (self.model.run(self._rows.id_at(index)) for index in self.view.selectionModel().selectedIndexes())
        return [run for run in found if run is not None]

    def _open_actions(self) -> frozenset[Action]:
        return open_actions(self._selected())

    def _do(self, action: Action) -> None:
        self._doing.do(self._selected(), action)

    def _do_to_current(self, action: Action) -> None:
        """What the card offers is for the run that it shows, whatever else is selected."""
        if (run := self.current_run()) is not None:
            self._doing.do([run], action)

    def _on_id_entered(self, remote_id: str) -> None:
        if (run := self.current_run()) is not None:
            self._parts.engine.adopt(run.id, remote_id)

    def _on_folder_wanted(self) -> None:
        if (run := self.current_run()) is not None:
            self._parts.scope.replace(self._open_folder(self._folder(run)), "open folder")

    async def _open_folder(self, folder: Path) -> None:
        self._trouble.tell(await open_folder(folder))

    def _on_menu_requested(self, index: QModelIndex, place: QPoint) -> None:
        if not self.view.selectionModel().isSelected(index):
            self.view.setCurrentIndex(index)
        self._actions.popup(place)

    def _on_activated(self) -> None:
        if Action.SHOW_OUTPUTS in self._open_actions():
            self._do(Action.SHOW_OUTPUTS)

    def _on_studio_clicked(self) -> None:
        self._go("studio", "")

    def _show_all(self) -> None:
        self._search.clear()
        self._filter.choose(ALL)

    def _on_current_changed(self) -> None:
        self._watch()
        self._refresh()

    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch()
        self._refresh()
        self._ask_for_fields()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch()
