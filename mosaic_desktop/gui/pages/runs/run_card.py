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
from mosaic_desktop.gui.pages.runs.steps import frames_words, steps_of
from mosaic_desktop.gui.pages.runs.unconfirmed import UnconfirmedPanel
from mosaic_desktop.gui.pages.runs.words import parameter_facts, short_folder, short_title, waits_for
from mosaic_desktop.gui.text import run_elapsed, run_reason, run_state
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.buttons import Button, quiet_button, secondary_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.facts_table import FactsTable
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone, text_label
from mosaic_desktop.gui.widgets.progress_track import ProgressTrack
from mosaic_desktop.gui.widgets.step_strip import StepStrip

_MINIMUM = QSize(330, 230)
_NO_REASON = "The run failed. Mosaic did not say why."


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
        self._failed = Banner(theme, BannerKind.BAD, _NO_REASON, "Retry")
        self._over = Banner(theme, BannerKind.BAD, _NO_REASON)
        self._waiting = Banner(theme, BannerKind.INFO, "This run waits.", "Drop")
        self._failed.acted.connect(lambda: self.wanted.emit(Action.RETRY_STEP))
        self._waiting.acted.connect(lambda: self.wanted.emit(Action.DROP))
        self._unconfirmed = UnconfirmedPanel(theme)
        self._unconfirmed.start_again.connect(lambda: self.wanted.emit(Action.START_AGAIN))
        self._unconfirmed.drop.connect(lambda: self.wanted.emit(Action.DROP))
        self._unconfirmed.id_entered.connect(self.id_entered)
        self._steps = StepStrip(theme, "Steps")
        self._track = ProgressTrack(theme, "Progress of the run")
        self._left = ElidedLabel(theme, "", TextStyle.SMALL, Tone.SECONDARY)
        self._right = ElidedLabel(theme, "", TextStyle.SMALL, Tone.SECONDARY)
        self._facts = FactsTable(theme, "Settings of the run", ("Setting", "Value"))
        self._run_id = RunIdRow(theme)
        self._where = ElidedLabel(theme, "", TextStyle.SMALL, Tone.SECONDARY, Qt.TextElideMode.ElideMiddle)
        self._open = secondary_button(theme, "Open folder", "folder-open")
        self._open.clicked.connect(self.folder_wanted)
        self.setMinimumSize(_MINIMUM)
        self._build_content()

    def show_run(self, run: Run, asset: Asset | None, fields: Sequence[Field], now: float) -> None:
        """`asset`: its video, where still in the queue; `fields`: the agent's parameters, where known; `now`: seconds
        since the epoch.
        """
        if self._run is None or run.id != self._run.id:
            self._unconfirmed.reset()
        self._run = run
        self.set_title(short_title(run))
        self.setAccessibleName("Selected run")
        self.set_detail(run.asset_name)
        actions = run_actions(run)
        self._again.setVisible(Action.RUN_AGAIN in actions)
        self._prompt.setText(f"“{run.spec.prompt}”" if run.spec.prompt else "")
        self._prompt.setVisible(bool(run.spec.prompt))
        self._show_trouble(run, asset, retryable=Action.RETRY_STEP in actions)
        self._show_progress(run, now)
        facts = parameter_facts(run, fields)
        self._facts.setVisible(bool(facts))
        self._facts.set_facts(facts)
        self._run_id.setVisible(run.remote_id is not None)
        self._run_id.set_id(run.remote_id or "")

    def set_folder(self, folder: Path) -> None:
        """Where this run's outputs go."""
        self._where.set_text(f"Outputs download by themselves to {short_folder(folder, Path.home())}")

    def ask_for_id(self) -> None:
        self._unconfirmed.ask_for_id()

    def _show_trouble(self, run: Run, asset: Asset | None, *, retryable: bool) -> None:
        failed, waits = run.state is RunState.FAILED, run.state is RunState.WAITING
        self._failed.setVisible(failed and retryable)
        self._over.setVisible(failed and not retryable)
        self._waiting.setVisible(waits)
        self._unconfirmed.setVisible(run.state is RunState.UNCONFIRMED)
        for banner in (self._failed, self._over):
            banner.set_message(BannerKind.BAD, run_reason(run) or _NO_REASON)
        if waits:
            self._waiting.set_message(BannerKind.INFO, waits_for(run, asset))

    def _show_progress(self, run: Run, now: float) -> None:
        self._steps.set_steps(steps_of(run))
        self._steps.setVisible(bool(run.graph.nodes))
        begun = run.state not in {RunState.WAITING, RunState.UNCONFIRMED, RunState.DROPPED}
        failed, finished = run.state is RunState.FAILED, run.state is RunState.FINISHED
        self._progress_room.setVisible(begun)
        self._track.set_kind(StateKind.BAD if failed else StateKind.GOOD if finished else StateKind.ACTIVE)
        self._track.set_progress((run.per_mille or 0) if failed else run.per_mille)
        self._left.set_text(frames_words(run) or run_state(run).word)
        elapsed = run_elapsed(run, now)
        ended = run.finished_at is not None
        self._right.set_text(f"took {elapsed}" if elapsed and ended else f"{elapsed} so far" if elapsed else "")

    def _build_content(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, Space.L, 0, Space.L)
        column.setSpacing(Space.M)
        for widget in (self._prompt, self._failed, self._over, self._waiting, self._unconfirmed, self._steps):
            column.addLayout(_inset(widget))
        column.addLayout(_inset(self._progress()))
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
        footer.addWidget(self._open)

    def _progress(self) -> QWidget:
        self._progress_room = QWidget()
        words = QHBoxLayout()
        words.addWidget(self._left, 1)
        words.addWidget(self._right)
        column = QVBoxLayout(self._progress_room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS + 2)
        column.addWidget(self._track)
        column.addLayout(words)
        return self._progress_room

    def _button(self, button: Button, action: Action) -> Button:
        button.clicked.connect(lambda: self.wanted.emit(action))
        return button


def _inset(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(Space.L, 0, Space.L, 0)
    row.addWidget(widget)
    return row
