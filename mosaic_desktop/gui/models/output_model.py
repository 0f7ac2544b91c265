"""Outputs as a model, newest first."""

from collections import Counter

from PySide6.QtCore import QObject

from mosaic_desktop.core.events import Events, Row
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.units import format_wait
from mosaic_desktop.gui.models.row_model import RowModel
from mosaic_desktop.gui.text.outputs import kept_words, output_facts, output_more, output_sentence, output_state
from mosaic_desktop.gui.widgets.row_view import RowView
from mosaic_desktop.jobs.store import Store


class OutputModel(RowModel):
    """A saved one shows its facts, any other one its state.

    ``in_state``: how many outputs are in each state; ``saved_size``: bytes of those that are saved.
    """

    def __init__(self, store: Store, events: Events, parent: QObject | None = None) -> None:
        self.in_state = Counter[OutputState]()
        self.saved_size = 0
        super().__init__(store.outputs(), events, newest_first=True, parent=parent)

    def outputs(self) -> tuple[Output, ...]:
        return tuple(row for row in self.snapshots() if isinstance(row, Output))

    def output(self, output_id: str) -> Output | None:
        row = self.snapshot(output_id)
        return row if isinstance(row, Output) else None

    def belongs(self, row: Row) -> bool:
        return isinstance(row, Output)

    def on_replaced(self, old: Row | None, new: Row | None) -> None:
        self._count(old, -1)
        self._count(new, 1)

    def _count(self, row: Row | None, by: int) -> None:
        if isinstance(row, Output):
            self.in_state[row.state] += by
            self.saved_size += by * row.size * (row.state is OutputState.SAVED)

    def view(self, row: Row) -> RowView:
        assert isinstance(row, Output)
        state, saved = output_state(row), row.state is OutputState.SAVED
        return RowView(
            title=row.file_name,
            subtitle=output_facts(row),
            state="" if saved else state.word,
            kind=state.kind,
            icon="" if saved else state.icon,
            right_text=_right(row),
            progress=state.progress,
            thumbnail=str(row.thumbnail or ""),
            more=output_more(row),
        )

    def sentence(self, row: Row) -> str:
        assert isinstance(row, Output)
        return output_sentence(row)


def _right(output: Output) -> str:
    if output.state is OutputState.DOWNLOADING and output.eta is not None:
        return f"{format_wait(output.eta)} left"
    return kept_words(output) if output.state is OutputState.PAUSED else ""
