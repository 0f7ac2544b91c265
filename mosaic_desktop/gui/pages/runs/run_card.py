"""The selected run: its steps, how far it is, what it was told to do, and what went wrong."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mosaic_desktop.core.actions import Action, run_actions
from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.parameters import Field
from mosaic_desktop.core.run import Run, RunState
from mosaic_desktop.gui.pages.runs.run_id import RunIdRow
from mosaic_desktop.gui.pages.runs.run_progress import RunProgress
from mosaic_desktop.gui.pages.runs.situation import situation
from mosaic_desktop.gui.pages.runs.situation_panel import SituationPanel
from mosaic_desktop.gui.pages.runs.words import parameter_facts, short_folder, short_title
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import Button, quiet_button, secondary_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.facts_table import FactsTable
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone, text_label

_MINIMUM = QSize(330, 230)
_OVER = frozenset({RunState.FINISHED, RunState.FAILED, RunState.DROPPED})


class RunCard(Card):
    """`wanted(action)` by one of its buttons; `id_entered` with the id of an unconfirmed run."""

    wanted = Signal(object)
    id_entered = Signal(str)
    folder_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Run")
        self.setAccessibleName("Selected run")
        self._run: Run | None = None
        self._again = self._button(quiet_button(theme, "Run again", "rotate-ccw"), Action.RUN_AGAIN)
        self.add_action(self._again)
        self._prompt = text_label(theme, "", TextStyle.BODY, Tone.TEXT, wrap=True)
        self._said = text_label(theme, "", TextStyle.SMALL, Tone.SECONDARY, wrap=True)
        self._situation = SituationPanel(theme)
        self._situation.wanted.connect(self.wanted)
        self._situation.id_entered.connect(self.id_entered)
        self._progress = RunProgress(theme)
        self._facts = FactsTable(theme, "Settings of the run", ("Setting", "Value"))
        self._run_id = RunIdRow(theme)
        self._where = ElidedLabel(theme, "", TextStyle.SMALL, Tone.SECONDARY, Qt.TextElideMode.ElideMiddle)
        self._open = secondary_button(theme, "Open folder", "folder-open")
        self._open.clicked.connect(self.folder_wanted)
        self._outputs = self._button(secondary_button(theme, "Show outputs", "folder-input"), Action.SHOW_OUTPUTS)
        self.setMinimumSize(_MINIMUM)
        self._build_content()

    def show_run(self, run: Run, asset: Asset | None, fields: Sequence[Field] | None, now: float) -> None:
        """`asset`: its video, where still in the queue; `fields`: the agent's parameters, where known; `now`: seconds
        since the epoch.
        """
        if self._run is None or run.id != self._run.id:
            self._situation.reset()
        self._run = run
        self.set_title(short_title(run))
        self.setAccessibleName("Selected run")
        self.set_detail(run.asset_name)
        actions = run_actions(run)
        self._again.setVisible(Action.RUN_AGAIN in actions)
        self._outputs.setVisible(Action.SHOW_OUTPUTS in actions)
        self._where.setVisible(run.state not in _OVER)
        self._prompt.setText(f"“{run.spec.prompt}”" if run.spec.prompt else "")
        self._prompt.setVisible(bool(run.spec.prompt))
        self._said.setText(f"Mosaic: {run.message}")
        self._said.setVisible(bool(run.message) and _says_something_new(run, asset))
        self._situation.show_situation(situation(run, asset))
        self._progress.show_run(run, now)
        facts = parameter_facts(run, fields)
        self._facts.setVisible(bool(facts))
        self._facts.set_facts(facts)
        self._run_id.set_name_width(self._facts.name_width)
        self._run_id.setVisible(run.remote_id is not None)
        self._run_id.set_id(run.remote_id or "")

    def set_folder(self, folder: Path) -> None:
        """Where this run's outputs go."""
        words = f"Outputs go to {short_folder(folder, Path.home())}"
        self._where.set_text(words)
        self._open.setToolTip(words)

    def ask_for_id(self) -> None:
        self._situation.ask_for_id()

    def _build_content(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, Space.L, 0, Space.L)
        column.setSpacing(Space.M)
        for widget in (self._prompt, self._said, self._situation, self._progress):
            column.addLayout(_inset(widget))
        table = QVBoxLayout()
        table.setSpacing(0)
        table.addWidget(self._facts)
        table.addWidget(self._run_id)
        column.addLayout(table)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName("Details of the run")
        scroll.setWidget(content)
        self.body.addWidget(scroll, 1)
        footer = self.footer()
        footer.addWidget(self._where, 1)
        footer.addStretch()
        footer.addWidget(self._outputs)
        footer.addWidget(self._open)

    def _button(self, button: Button, action: Action) -> Button:
        button.clicked.connect(lambda: self.wanted.emit(action))
        return button


def _inset(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(Space.L, 0, Space.L, 0)
    row.addWidget(widget)
    return row


def _says_something_new(run: Run, asset: Asset | None) -> bool:
    """Whether the message is more than what is seen beside it, the agent's steps and how the run ended. Of a link it
    may be what was made from something else, of a finished run what was chosen or left out.
    """
    is_link = asset is not None and asset.is_link
    told_at_last = run.state is RunState.FINISHED and len(run.message.split()) > 1
    return bool(run.spec.prompt) or is_link or told_at_last
