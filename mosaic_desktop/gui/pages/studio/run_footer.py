"""What Run will do, before it does it: how many videos, what happens to them, or what is still missing."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.gui.text.window import checked_words, run_button, runs_added
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import primary_button, quiet_button
from mosaic_desktop.gui.widgets.labels import Tone, text_label


class RunFooter(QWidget):
    """`run` when the button is pressed; `show_runs` when the user wants to see what was asked for."""

    run = Signal()
    show_runs = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._title = text_label(theme, "", TextStyle.BODY_STRONG, wrap=True)
        self._line = text_label(theme, "", TextStyle.SMALL, Tone.SECONDARY, wrap=True)
        self._show = quiet_button(theme, "Show")
        self._show.setAccessibleName("Show the runs")
        self._button = primary_button(theme, "Run", "play")
        self._show.clicked.connect(self.show_runs)
        self._button.clicked.connect(self.run)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._line)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addLayout(words, 1)
        row.addWidget(self._show)
        row.addWidget(self._button)
        self.setMinimumHeight(Size.CONTROL + Space.S)
        self.show_missing(0, 0, "")

    @property
    def words(self) -> tuple[str, str]:
        """Title and line, as shown."""
        return self._title.text() if self._title.isVisibleTo(self) else "", self._line.text()

    def press(self) -> None:
        """As if the button was pressed; nothing while it is disabled."""
        self._button.click()

    def show_ready(self, count: int, checked: int, line: str) -> None:
        """A run can be asked for `count` of the `checked` videos."""
        self._say(checked_words(count, checked), line)
        self._set_button(count, enabled=True)

    def show_missing(self, count: int, checked: int, reason: str) -> None:
        """Run cannot be pressed; `reason` says what to do first."""
        self._say(checked_words(count, checked) if checked else "", reason)
        self._set_button(count, enabled=False)
        self._button.setToolTip(reason)

    def show_added(self, count: int) -> None:
        """Runs were asked for: says so, with the way to them."""
        self._say(runs_added(count), "")
        self._set_button(0, enabled=False)
        self._show.show()

    def _say(self, title: str, line: str) -> None:
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._line.setText(line)
        self._line.setVisible(bool(line))
        self._show.hide()

    def _set_button(self, count: int, *, enabled: bool) -> None:
        words = run_button(count)
        self._button.setText(words)
        self._button.setAccessibleName(words)
        self._button.setToolTip("" if not enabled else "Ctrl+Enter")
        self._button.setEnabled(enabled)
        self._button.updateGeometry()
