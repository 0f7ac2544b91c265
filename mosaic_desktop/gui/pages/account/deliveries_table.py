"""What came to the receiver, newest first, with what became of it."""

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from mosaic_desktop.core.account import Delivery, ReceiverState
from mosaic_desktop.core.verdicts import verdict_sentence
from mosaic_desktop.gui.pages.account.words import event_words, format_ago, format_moment, verdict_look
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.empty_state import EmptyState
from mosaic_desktop.gui.widgets.icon_line import IconLine
from mosaic_desktop.gui.widgets.record_table import Cell, Column, Record, RecordTable

_COLUMNS = (Column("When", 1, 118), Column("What", 1, 92), Column("Verdict", 1, 108), Column("Meaning", 12, 150))
_ROW_HEIGHT = 62  # for four small lines of meaning
_RECENT = 3600.0
_OFF = "Turn the receiver on, and set its address as the webhook of your key."


class DeliveriesTable(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._table = RecordTable(theme, "Deliveries", _COLUMNS, row_height=_ROW_HEIGHT)
        self._empty = EmptyState(theme, "webhook", "No deliveries yet", "")
        self._unlisted = IconLine(theme, TextStyle.SMALL)
        self._unlisted.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self._unlisted)

    def show_deliveries(self, deliveries: tuple[Delivery, ...], receiver: ReceiverState, now: float) -> None:
        """`now`: seconds since the epoch."""
        on = receiver.url is not None
        hint = "They appear here as Mosaic sends them. Send a test to see one." if on else _OFF
        self._empty.set_text("No deliveries yet", hint)
        count = len(deliveries)
        records = [delivery_record(each, f"{count - number}", now) for number, each in enumerate(deliveries)]
        self._table.set_records(records)
        self._stack.setCurrentWidget(self._table if records else self._empty)
        more = receiver.unlisted
        words = f"{more:,} more {'was' if more == 1 else 'were'} refused, too fast to be listed." if more else ""
        self._unlisted.set_line(words, StateKind.WARNING, "shield-alert")


def delivery_record(delivery: Delivery, key: str, now: float) -> Record:
    word, kind, icon = verdict_look(delivery.verdict)
    age = max(0.0, now - delivery.at)
    when = format_ago(age) if age < _RECENT else format_moment(delivery.at)
    what, meaning = event_words(delivery), verdict_sentence(delivery.verdict)
    cells = (
        Cell(when),
        Cell(what, quiet=what == "not read"),
        Cell(word, kind=kind, icon=icon),
        Cell(meaning, kind=StateKind.NEUTRAL, wraps=True),
    )
    return Record(key, cells, f"{what}, {word}, {when}. {meaning}")
