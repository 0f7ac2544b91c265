"""How far the selected run is: its steps, all that is known of one of them, a bar and the time."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.core.run import Run, RunState
from mosaic_desktop.gui.pages.runs.steps import frames_words, step_words, steps_of
from mosaic_desktop.gui.text.runs import run_state, run_time
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone, text_label
from mosaic_desktop.gui.widgets.progress_track import ProgressTrack
from mosaic_desktop.gui.widgets.step_strip import StepStrip

_NOT_BEGUN = frozenset({RunState.WAITING, RunState.UNCONFIRMED, RunState.DROPPED})


class RunProgress(QWidget):
    """A step that is pressed tells all that is known of it; pressed once more, it is quiet again."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._run: Run | None = None
        self._now = 0.0
        self._chosen = ""
        self._steps = StepStrip(theme, "Steps")
        self._steps.activated.connect(self._on_step)
        self._step = text_label(theme, "", TextStyle.SMALL, Tone.SECONDARY, wrap=True)
        self._bar = QWidget()
        self._track = ProgressTrack(theme, "Progress of the run")
        self._left = ElidedLabel(theme, "", TextStyle.SMALL, Tone.SECONDARY, parts=True)
        self._right = ElidedLabel(theme, "", TextStyle.SMALL, Tone.SECONDARY)
        self._build_ui()

    def show_run(self, run: Run, now: float) -> None:
        """`now`: seconds since the epoch."""
        if self._run is None or run.id != self._run.id:
            self._chosen = ""
        self._run, self._now = run, now
        self._steps.set_steps(steps_of(run, now))
        self._steps.setVisible(bool(run.graph.nodes))
        self._show_step()
        self._show_bar(run, now)

    def _show_bar(self, run: Run, now: float) -> None:
        failed, finished = run.state is RunState.FAILED, run.state is RunState.FINISHED
        self._bar.setVisible(run.state not in _NOT_BEGUN)
        self._track.set_kind(StateKind.BAD if failed else StateKind.GOOD if finished else StateKind.ACTIVE)
        self._track.set_progress((run.per_mille or 0) if failed else run.per_mille)
        self._left.set_text(" · ".join(words for words in (run_state(run).word, frames_words(run)) if words))
        self._right.set_text(run_time(run, now))

    def _show_step(self) -> None:
        nodes = self._run.graph.nodes if self._run is not None else ()
        node = next((node for node in nodes if node.id == self._chosen), None)
        self._step.setText(step_words(node, self._now) if node is not None else "")
        self._step.setVisible(node is not None)

    def _on_step(self, key: str) -> None:
        self._chosen = "" if key == self._chosen else key
        self._show_step()

    def _build_ui(self) -> None:
        words = QHBoxLayout()
        words.addWidget(self._left, 1)
        words.addWidget(self._right)
        bar = QVBoxLayout(self._bar)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(Space.XS + 2)
        bar.addWidget(self._track)
        bar.addLayout(words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        for widget in (self._steps, self._step, self._bar):
            column.addWidget(widget)
