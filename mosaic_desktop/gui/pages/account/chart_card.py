"""The balance over a month, and what each run, each agent and each day took, with the numbers to take along."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget

from mosaic_desktop.core.account import BalanceReading, RunCost
from mosaic_desktop.gui.pages.account.history import LAST_DAYS, agent_shares, balance_line, day_bars, run_bars
from mosaic_desktop.gui.pages.account.words import format_credits
from mosaic_desktop.gui.pages.trouble import Trouble
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import icon_button, quiet_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.chart import BarChart, LineChart
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.segmented import SegmentedControl
from mosaic_desktop.gui.widgets.share_bars import ShareBars

BALANCE, RUNS, AGENTS, DAYS = "balance", "runs", "agents", "days"
_VIEWS = ((BALANCE, "Balance"), (RUNS, "By run"), (AGENTS, "By agent"), (DAYS, "By day"))
_SPENT = "Credits used"
_TITLES = {BALANCE: "Balance", RUNS: _SPENT, AGENTS: _SPENT, DAYS: _SPENT}
_NOTHING = {
    BALANCE: "Your balance is drawn here from its first reading on.",
    RUNS: "What each run costs is measured as it ends, while you are signed in. There is none yet.",
    AGENTS: "What each agent costs is measured as runs end, while you are signed in. There is none yet.",
    DAYS: "What each day costs is measured as runs end, while you are signed in. There is none yet.",
}
_HEIGHT = 232
_ICON_BELOW = 616  # there the words of the export would cut those of the period


class ChartCard(Card):
    """`export_wanted(view)`: the numbers of what is shown, BALANCE or the costs."""

    export_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, _TITLES[BALANCE], LAST_DAYS)
        self._view = SegmentedControl(theme, "What is drawn", _VIEWS)
        self._view.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)  # beside a wide card
        self._view.chosen.connect(self._on_chosen)
        self._export = quiet_button(theme, "Export CSV")
        self._export.clicked.connect(lambda: self.export_wanted.emit(self._view.current()))
        self._export_icon = icon_button(theme, "download", "Export CSV")
        self._export_icon.clicked.connect(self._export.click)
        self._export_icon.hide()
        for action in (self._view, self._export, self._export_icon):
            self.add_action(action)
        self._line = LineChart(theme, format_credits)
        self._runs = BarChart(theme, format_credits)
        self._bars = BarChart(theme, format_credits)
        self._shares = ShareBars(theme)
        self._nothing = _centered(text_label(theme, "", TextStyle.BODY, Tone.SECONDARY, wrap=True))
        self._stack = QStackedWidget()
        for widget in (self._line, self._runs, self._shares, self._bars, self._nothing):
            self._stack.addWidget(widget)
        self._trouble = Trouble(theme, (Space.L, Space.S, Space.L, 0))
        self.body.addWidget(self._trouble)
        self.body.addWidget(self._stack)
        self._period = LAST_DAYS
        self._has: dict[str, bool] = dict.fromkeys(_TITLES, False)
        self.setMinimumHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._refresh()

    @property
    def view(self) -> str:
        return self._view.current()

    def show_trouble(self, words: str) -> None:
        """Why nothing was exported; empty words take that away."""
        self._trouble.tell(words)

    def show_history(self, readings: Sequence[BalanceReading], costs: Sequence[RunCost], now: float) -> None:
        line, runs, bars = balance_line(readings, now), run_bars(costs, now), day_bars(costs, now)
        summary, shares = agent_shares(costs, now)
        self._line.set_marks(line.summary, line.marks, line.ticks)
        self._runs.set_marks(runs.summary, runs.marks, runs.ticks)
        self._bars.set_marks(bars.summary, bars.marks, bars.ticks)
        self._shares.set_shares(summary, shares)
        self._period = line.period
        self._has = {BALANCE: bool(line.marks), RUNS: bool(runs.marks), AGENTS: bool(shares), DAYS: bool(bars.marks)}
        self._refresh()

    def _on_chosen(self, view: str) -> None:
        self.set_title(_TITLES[view])
        self._refresh()

    def _refresh(self) -> None:
        view = self._view.current()
        shown = {BALANCE: self._line, RUNS: self._runs, AGENTS: self._shares, DAYS: self._bars}[view]
        period = self._period if view == BALANCE else LAST_DAYS
        self.set_detail(period if self._has[view] else "")
        self._nothing.setText(_NOTHING[view])
        self._stack.setCurrentWidget(shown if self._has[view] else self._nothing)
        what = "the readings of the balance" if view == BALANCE else "what runs cost"
        for button in (self._export, self._export_icon):
            button.setEnabled(self._has[view])
            button.setToolTip(f"Save {what} as a table")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _ICON_BELOW
        self._export.setVisible(not narrow)
        self._export_icon.setVisible(narrow)


def _centered(label: QLabel) -> QLabel:
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setContentsMargins(Space.XXL, Space.L, Space.XXL, Space.L)
    return label
