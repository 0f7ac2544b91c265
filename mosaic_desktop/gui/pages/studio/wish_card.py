"""The right card: an agent with its settings, or a prompt, and below it the button that starts runs."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QPlainTextEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from mosaic_desktop.core.ports import SettingsStore
from mosaic_desktop.core.run import ParameterValue, RunSpec
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.core.units import plural
from mosaic_desktop.gui.pages.studio.agent_list import ROW_HEIGHT
from mosaic_desktop.gui.pages.studio.agent_picker import AgentPicker, Fetch
from mosaic_desktop.gui.pages.studio.kept_forms import KeptForms
from mosaic_desktop.gui.pages.studio.refusal import Refusal
from mosaic_desktop.gui.pages.studio.run_footer import RunFooter
from mosaic_desktop.gui.pages.studio.settings_section import SettingsSection
from mosaic_desktop.gui.pages.studio.words import shortened
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.segmented import SegmentedControl
from mosaic_desktop.gui.widgets.text_file_edit import WRAPPING

AGENT, PROMPT = "agent", "prompt"
_EXAMPLE = "Make it vertical and keep the speaker in the picture"
_HINT = "Mosaic picks the agent and its settings from your words."
_MIN_WIDTH = 372
_PANE_MIN_HEIGHT = 276
_ROOM_FOR_SETTINGS = 330


class WishCard(Card):
    """`changed` whenever `wish` or `missing` may have changed."""

    changed = Signal()

    def __init__(self, theme: Theme, settings: SettingsStore, forms: KeptForms, fetch: Fetch, scope: TaskScope) -> None:
        super().__init__(theme, "What should happen")
        self._theme = theme
        self._kind = SegmentedControl(theme, "Agent or prompt", [(AGENT, "Agent"), (PROMPT, "Prompt")])
        self._picker = AgentPicker(theme, fetch, scope)
        self._settings = SettingsSection(theme, settings, forms, scope)
        self._scroll = QScrollArea()
        self._below = QWidget()
        self._prompt = QPlainTextEdit()
        self._stack = QStackedWidget()
        self.run_footer = RunFooter(theme)
        self._build_wish()
        self._kind.chosen.connect(self._on_kind_chosen)
        self._picker.chosen.connect(self._on_agent_chosen)
        self._settings.changed.connect(self.changed)
        self._prompt.textChanged.connect(self.changed)

    def load(self) -> None:
        """Fetch the agents, if that did not work before."""
        self._picker.load_once()

    @property
    def missing(self) -> str:
        """What the user has to do before anything can happen; empty when nothing."""
        if self._kind.current() == PROMPT:
            return "" if self._prompt_text() else "Type what should happen"
        return self._settings.missing if self._picker.agent is not None else "Choose an agent"

    def wish(self) -> RunSpec:
        """What should happen. Only when nothing is missing."""
        if self._kind.current() == PROMPT:
            return RunSpec(prompt=self._prompt_text())
        agent = self._picker.agent
        if agent is None:
            raise ValueError("no agent is chosen")
        return RunSpec(agent.id, agent.name, None, self._settings.parameters(), self._settings.auto)

    def wish_words(self) -> str:
        """`Reframe · 2 changes`, `Reframe · defaults`."""
        if self._kind.current() == PROMPT:
            return "Mosaic picks agent and settings"
        agent, changes = self._picker.agent, len(self._settings.changes())
        if agent is None:
            return ""
        name = shortened(agent.name)
        if self._settings.auto:
            return f"{name} · chosen for you{f', {changes} by you' if changes else ''}"
        return f"{name} · {plural(changes, 'change') if changes else 'defaults'}"

    def show_refusal(self, agent_id: str, refusal: Refusal) -> bool:
        """Shows at a field of the agent what the service refused, and puts the keyboard there, unless the user types
        elsewhere. False where that field is not on the screen.
        """
        place = self._settings.show_refusal(agent_id, refusal)
        if place is None or self._kind.current() != AGENT:
            return False
        focused = QApplication.focusWidget()
        if focused is None or not focused.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            self._settings.focus_field(refusal.name)
        self._scroll.ensureWidgetVisible(place)
        return True

    def changes(self) -> Mapping[str, ParameterValue]:
        """What the user set in the form."""
        return self._settings.changes()

    # Inside

    def _prompt_text(self) -> str:
        return self._prompt.toPlainText().strip()

    def _on_kind_chosen(self, kind: str) -> None:
        self._stack.setCurrentIndex(0 if kind == AGENT else 1)
        self.changed.emit()

    def _on_agent_chosen(self) -> None:
        agent = self._picker.agent
        if agent is not None:
            self._settings.show_agent(agent)
        self._below.setVisible(agent is not None)
        self.changed.emit()

    def _build_wish(self) -> None:
        self.setMinimumWidth(_MIN_WIDTH)
        self._stack.setMinimumHeight(_PANE_MIN_HEIGHT)
        self.add_action(self._kind)
        self._stack.addWidget(self._agent_pane())
        self._stack.addWidget(self._prompt_pane())
        self.body.addWidget(self._stack, 1)
        self.footer().addWidget(self.run_footer)

    def _agent_pane(self) -> QWidget:
        """Everything scrolls together, so that a low window squeezes neither agents nor settings."""
        pane = QWidget()
        column = QVBoxLayout(pane)
        column.setContentsMargins(Space.L, Space.M, Space.L, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(self._picker)
        column.addWidget(self._below)
        column.addStretch(1)
        inner = QVBoxLayout(self._below)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(Space.S)
        rule = QFrame()
        rule.setProperty("rule", True)
        inner.addWidget(rule)
        inner.addWidget(self._settings)
        self._below.hide()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(pane)
        return self._scroll

    def _prompt_pane(self) -> QWidget:
        pane = QWidget()
        column = QVBoxLayout(pane)
        column.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        column.setSpacing(Space.M)
        self._prompt.setAccessibleName("Prompt: what should happen to the videos")
        self._prompt.setPlaceholderText(_EXAMPLE)
        self._prompt.setTabChangesFocus(True)
        self._prompt.setWordWrapMode(WRAPPING)
        self._prompt.setMinimumHeight(132)
        self._prompt.setMaximumHeight(180)
        column.addWidget(self._prompt, 3)
        column.addWidget(text_label(self._theme, _HINT, TextStyle.SMALL, Tone.SECONDARY, wrap=True))
        column.addStretch(1)
        return pane

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self._stack.height() - _ROOM_FOR_SETTINGS
        self._picker.show_rows(min(6, max(3, room // ROW_HEIGHT)))
