"""What the user may do about a run whose start was never answered. Only the user decides, since it may cost twice."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mosaic_desktop.core.sentences import UNCONFIRMED
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.buttons import quiet_button, secondary_button


class UnconfirmedPanel(QWidget):
    """`id_entered` carries the service's id of the run, as the user typed it."""

    start_again = Signal()
    id_entered = Signal(str)
    drop = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._banner = Banner(theme, BannerKind.WARNING, UNCONFIRMED)
        self._again = secondary_button(theme, "Start again", "rotate-ccw")
        self._enter = secondary_button(theme, "Enter the run’s id…")
        self._drop = quiet_button(theme, "Drop")
        self._field = QLineEdit()
        self._field.setAccessibleName("The run’s id")
        self._field.setPlaceholderText("The run’s id, as Mosaic shows it")
        self._field.setMinimumHeight(Size.CONTROL)
        self._use = secondary_button(theme, "Use this id")
        self._entry = QWidget()
        self._again.clicked.connect(self.start_again)
        self._enter.clicked.connect(self.ask_for_id)
        self._drop.clicked.connect(self.drop)
        self._field.returnPressed.connect(self._on_use)
        self._field.textChanged.connect(self._on_text_changed)
        self._use.clicked.connect(self._on_use)
        self._build_ui()
        self.reset()

    def ask_for_id(self) -> None:
        self._entry.setVisible(True)
        self._field.setFocus()

    def reset(self) -> None:
        """Forget what was typed: another run is shown."""
        self._field.clear()
        self._entry.setVisible(False)
        self._use.setEnabled(False)

    def _build_ui(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        for button in (self._again, self._enter, self._drop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        entry = QHBoxLayout(self._entry)
        entry.setContentsMargins(0, 0, 0, 0)
        entry.setSpacing(Space.S)
        entry.addWidget(self._field, 1)
        entry.addWidget(self._use)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self._banner)
        column.addLayout(buttons)
        column.addWidget(self._entry)

    def _on_text_changed(self, text: str) -> None:
        self._use.setEnabled(bool(text.strip()))

    def _on_use(self) -> None:
        if text := self._field.text().strip():
            self.id_entered.emit(text)
