"""Choosing an agent: fetching them, searching among them, and what to say while there is none to show."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QEvent, QItemSelection, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.core.units import plural
from mosaic_desktop.gui.pages.studio.agent_list import ROW_HEIGHT, AgentList, AgentModel, AgentRole
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import secondary_button
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.search_field import SearchField

Fetch = Callable[[], Awaitable[tuple[Agent, ...]]]
_NONE = "This account has no agents yet. Describe what should happen with a prompt instead."


class AgentPicker(QWidget):
    """`chosen` when another agent is chosen. None is at first: a run costs, so the user decides."""

    chosen = Signal()

    def __init__(self, theme: Theme, fetch: Fetch, scope: TaskScope) -> None:
        super().__init__()
        self._fetch = fetch
        self._scope = scope
        self._agents: tuple[Agent, ...] = ()
        self._current: Agent | None = None
        self._asked = False
        self._shown_rows = 3
        self._search = SearchField(theme, "Search agents")
        self._search.setAccessibleName("Agent search")
        self._model = AgentModel(self)
        self._list = AgentList(theme, self._model)
        self._words = text_label(theme, "", TextStyle.BODY, Tone.SECONDARY, wrap=True)
        self._retry = secondary_button(theme, "Retry", "rotate-ccw")
        self._stack = QStackedWidget()
        self._build_ui()
        self._search.textChanged.connect(self._show_matches)
        self._search.installEventFilter(self)
        self._retry.clicked.connect(self.load)
        self._list.selectionModel().selectionChanged.connect(self._on_selection_changed)

    @property
    def agent(self) -> Agent | None:
        return self._current

    def load_once(self) -> None:
        """Fetch the agents if that was not tried yet."""
        if not self._asked:
            self.load()

    def load(self) -> None:
        self._asked = True
        self._say("Looking for your agents…")
        self._scope.replace(self._load(), "agents")

    def choose(self, agent_id: str) -> None:
        """Choose by id; an unknown one changes nothing."""
        found = next((agent for agent in self._agents if agent.id == agent_id), None)
        if found is not None:
            self._search.clear()
            self._set_current(found)
            self._mark_current()

    def show_rows(self, count: int) -> None:
        """How many agents may be seen at once; more scroll."""
        self._shown_rows = count
        self._fit()

    # Inside

    async def _load(self) -> None:
        try:
            agents = await self._fetch()
        except MosaicError as error:
            self._asked = bool(self._agents)
            self._say(f"The agents could not be fetched. {sentence(error.problem)}", can_retry=True)
            return
        self._agents = agents
        self._search.setPlaceholderText(f"Search {plural(len(agents), 'agent')}" if agents else "Search agents")
        self._search.setEnabled(bool(agents))
        self._show_matches()
        known = next((agent for agent in agents if self._current and agent.id == self._current.id), None)
        self._set_current(known)
        self._mark_current()

    def _show_matches(self) -> None:
        words = self._search.text().casefold().split()
        found = [agent for agent in self._agents if all(word in _searched(agent) for word in words)]
        self._model.set_agents(found)
        if not self._agents:
            self._say(_NONE)
        elif not found:
            self._say("No agent matches this search.")
        else:
            self._stack.setCurrentWidget(self._list)
            self._mark_current()
        self._fit()

    def _say(self, words: str, *, can_retry: bool = False) -> None:
        self._words.setText(words)
        self._retry.setVisible(can_retry)
        self._stack.setCurrentIndex(1)
        self._fit()

    def _mark_current(self) -> None:
        """Show the choice in the list, where the search lets it be seen."""
        index = self._model.index_of(self._current.id) if self._current else None
        if index is not None and index.isValid():
            self._list.setCurrentIndex(index)
            self._list.scrollTo(index)

    def _set_current(self, agent: Agent | None) -> None:
        if agent != self._current:
            self._current = agent
            self.chosen.emit()

    def _on_selection_changed(self, selected: QItemSelection) -> None:
        for index in selected.indexes():
            agent = index.data(AgentRole)
            if isinstance(agent, Agent):
                self._set_current(agent)

    def _build_ui(self) -> None:
        message = QWidget()
        inner = QVBoxLayout(message)
        inner.setContentsMargins(Space.XS, Space.M, Space.XS, Space.M)
        inner.setSpacing(Space.M)
        inner.addWidget(self._words)
        inner.addWidget(self._retry, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addStretch(1)
        self._stack.addWidget(self._list)
        self._stack.addWidget(message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self._search)
        column.addWidget(self._stack)

    def _fit(self) -> None:
        """As tall as the agents it may show: a search does not make the form below jump."""
        rows = max(1, min(self._shown_rows, len(self._agents) or self._shown_rows))
        self._stack.setFixedHeight(rows * ROW_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._mark_current()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search, Down goes into the list and Enter chooses the first match."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self._model.rowCount():
                self._enter_list()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._model.rowCount():
                self._list.setCurrentIndex(self._model.index(0, 0))
                return True
        return super().eventFilter(watched, event)

    def _enter_list(self) -> None:
        self._list.setFocus(Qt.FocusReason.TabFocusReason)
        if not self._list.selectionModel().hasSelection():
            self._list.setCurrentIndex(self._model.index(0, 0))


def _searched(agent: Agent) -> str:
    return f"{agent.name}\n{agent.description}".casefold()
