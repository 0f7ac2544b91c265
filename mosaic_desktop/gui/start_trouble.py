"""The small window for the case that the application cannot begin: why, what to do about it, and another try."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import primary_button, secondary_button
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone, text_label
from mosaic_desktop.gui.widgets.logo import Logo

_WIDTH = 480
_LOGO = 40
_IN_USE = (
    "Mosaic Desktop is already at work",
    "Another one uses the same data folder, perhaps on the command line. Let it finish or quit it, then try again.",
)


def trouble_words(problem: Problem) -> tuple[str, str]:
    """Title, and what happened with what to do about it."""
    if problem.code == Code.IN_USE:
        return _IN_USE
    reason = f" The system says: {problem.detail}." if problem.detail else ""
    return (
        "The list of your work cannot be opened",
        f"Without it nothing can be begun or continued.{reason} Check that the data folder is there, that you may"
        " write to it and that its disk is not full, then try again.",
    )


class StartTrouble(QDialog):
    """Accepted for another try. `folder`: where the data is."""

    def __init__(self, theme: Theme, problem: Problem, folder: Path) -> None:
        super().__init__()
        title, words = trouble_words(problem)
        self.setWindowTitle("Mosaic Desktop")
        self.setWindowIcon(theme.icons.logo())
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setFixedWidth(_WIDTH)
        again = primary_button(theme, "Try again")
        again.clicked.connect(self.accept)
        again.setDefault(True)
        leave = secondary_button(theme, "Quit")
        leave.clicked.connect(self.reject)
        leave.setAutoDefault(False)
        said = QVBoxLayout()
        said.setSpacing(Space.S)
        said.addWidget(text_label(theme, title, TextStyle.SUBTITLE, wrap=True))
        said.addWidget(text_label(theme, words, TextStyle.BODY, Tone.SECONDARY, wrap=True))
        place = ElidedLabel(theme, f"Data folder: {folder}", TextStyle.SMALL, Tone.FAINT, Qt.TextElideMode.ElideMiddle)
        said.addWidget(place)
        top = QHBoxLayout()
        top.setSpacing(Space.L)
        top.addWidget(Logo(theme, _LOGO), 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(said, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(again)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XXL, Space.XXL, Space.XXL, Space.XL)
        column.setSpacing(Space.XXL)
        column.addLayout(top)
        column.addLayout(buttons)
