"""The selected output: a still, its facts, what went wrong, and what can be done with it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mosaic_desktop.core.actions import Action
from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, Output, OutputState
from mosaic_desktop.core.run import Run
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui.pages.outputs.commands import actions_of
from mosaic_desktop.gui.pages.outputs.still import Still
from mosaic_desktop.gui.pages.outputs.words import output_fact_rows
from mosaic_desktop.gui.text.outputs import kept_share, kept_words, output_state
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.buttons import Button, ButtonKind, primary_button, quiet_button, secondary_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.facts_table import FactsTable
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone
from mosaic_desktop.gui.widgets.progress_track import ProgressTrack

_MINIMUM = QSize(330, 230)
_GONE = "This file is not where it was: it was moved or deleted. Download it again, as long as Mosaic keeps it."


class OutputCard(Card):
    """`wanted(action)` by one of its buttons."""

    wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Output")
        self.setAccessibleName("Selected output")
        self._still = Still(theme)
        middle = Qt.TextElideMode.ElideMiddle  # the end tells takes and formats apart
        self._name = ElidedLabel(theme, "", TextStyle.BODY_STRONG, elide=middle)
        self._trouble = Banner(theme, BannerKind.WARNING, _GONE)
        self._track = ProgressTrack(theme, "Progress of the download")
        self._left = ElidedLabel(theme, "", TextStyle.SMALL, Tone.SECONDARY)
        self._right = ElidedLabel(theme, "", TextStyle.SMALL, Tone.SECONDARY)
        self._facts = FactsTable(theme, "Facts about the output", values_right=True)
        self._buttons: dict[Action, Button] = {
            Action.SHOW_RUN: quiet_button(theme, "Show its run", "layers"),
            Action.SHOW_IN_FOLDER: secondary_button(theme, "Show in folder", "folder-open"),
            Action.CANCEL: secondary_button(theme, "Cancel download", "x"),
            Action.PAUSE: secondary_button(theme, "Pause", "pause"),
            Action.RESUME: primary_button(theme, "Resume", "play"),
            Action.RETRY: primary_button(theme, "Retry", "refresh-cw"),
            Action.OPEN: primary_button(theme, "Open", "play"),
        }
        for action, button in self._buttons.items():
            button.clicked.connect(lambda _=False, action=action: self.wanted.emit(action))
        self._get = secondary_button(theme, "Download again", "download")
        self._get.clicked.connect(lambda: self.wanted.emit(Action.DOWNLOAD_AGAIN))
        self.setMinimumSize(_MINIMUM)
        self._build_content()

    def show_output(self, output: Output, run: Run | None, asset: Asset | None, *, gone: bool) -> None:
        """`gone`: its file is not where it was saved."""
        self._name.set_text(output.file_name)
        self._still.set_picture(output.thumbnail)
        self._show_still(output.thumbnail is not None)
        failed = output.state is OutputState.FAILED
        self._trouble.setVisible(failed or gone)
        if gone:
            self._trouble.set_message(BannerKind.WARNING, _GONE)
        elif failed:
            why = sentence(output.problem) if output.problem else "The download failed."
            self._trouble.set_message(BannerKind.BAD, why)
        self._show_progress(output)
        self._facts.set_facts(output_fact_rows(output, run, asset, gone=gone))
        possible = actions_of(output, gone=gone)
        for action, button in self._buttons.items():
            button.setVisible(action in possible)
        # There is room for three; what a failed download left behind is given up by the menu.
        self._buttons[Action.CANCEL].setVisible(Action.CANCEL in possible and not failed)
        self._buttons[Action.SHOW_RUN].setVisible(run is not None)
        # Where there is nothing to open, having it again is the main thing to do; trying once more comes first.
        self._get.setVisible(Action.DOWNLOAD_AGAIN in possible and Action.OPEN not in possible)
        self._get.set_kind(ButtonKind.SECONDARY if failed else ButtonKind.PRIMARY)

    def _show_still(self, there: bool) -> None:
        """Without one its room is for words: in a low window they would be out of sight below it."""
        self._still.setVisible(there)
        self._column.setContentsMargins(0, 0 if there else Space.L, 0, Space.L)

    def _show_progress(self, output: Output) -> None:
        words, kept = output_state(output), kept_words(output)
        failed, paused = output.state is OutputState.FAILED, output.state is OutputState.PAUSED
        self._progress.setVisible(output.state is not OutputState.SAVED and (not failed or bool(kept)))
        self._track.setVisible(output.state in BUSY_OUTPUT_STATES or bool(kept))
        self._track.set_kind(StateKind.BAD if failed else StateKind.NEUTRAL if paused else StateKind.ACTIVE)
        self._track.set_progress(output.per_mille if output.state is OutputState.DOWNLOADING else kept_share(output))
        self._left.set_text(words.word)
        self._right.set_text(words.right)

    def _build_content(self) -> None:
        content = QWidget()
        self._column = column = QVBoxLayout(content)
        column.setSpacing(Space.M)
        column.addWidget(self._still)
        for widget in (self._name, self._trouble, self._make_progress()):
            row = QHBoxLayout()
            row.setContentsMargins(Space.L, 0, Space.L, 0)
            row.addWidget(widget)
            column.addLayout(row)
        column.addWidget(self._facts)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName("Details of the output")
        scroll.setWidget(content)
        self.body.addWidget(scroll, 1)
        self.add_action(self._buttons[Action.SHOW_RUN])
        footer = self.footer()
        footer.addWidget(self._buttons[Action.SHOW_IN_FOLDER])
        footer.addStretch(1)
        footer.addWidget(self._get)
        for action in (Action.CANCEL, Action.PAUSE, Action.RESUME, Action.RETRY, Action.OPEN):
            footer.addWidget(self._buttons[action])

    def _make_progress(self) -> QWidget:
        self._progress = QWidget()
        words = QHBoxLayout()
        words.addWidget(self._left, 1)
        words.addWidget(self._right)
        column = QVBoxLayout(self._progress)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS + 2)
        column.addWidget(self._track)
        column.addLayout(words)
        return self._progress
