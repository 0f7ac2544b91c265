"""Runs as a model, newest first, with elapsed times that go on while runs do."""

from collections import Counter, defaultdict

from PySide6.QtCore import QObject, QTimer

from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.core.events import Event, Events, Row, RowChanged, What
from mosaic_desktop.core.output import Output
from mosaic_desktop.core.ports import Clock
from mosaic_desktop.core.run import Run, RunState
from mosaic_desktop.gui.models.row_model import RowModel
from mosaic_desktop.gui.text.runs import run_elapsed, run_reason, run_sentence, run_state
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.widgets.row_view import RowView
from mosaic_desktop.jobs.store import Store

_TICK_MS = 1000


class RunModel(RowModel):
    """Rows show the thumbnail and the state of their video, so they follow it too.

    ``in_state``: how many runs are in each state; nobody counts thousands of them anew.
    """

    def __init__(self, store: Store, events: Events, clock: Clock, parent: QObject | None = None) -> None:
        self.in_state = Counter[RunState]()
        self._of_video: defaultdict[AssetId, set[str]] = defaultdict(set)
        self._going: set[str] = set()
        self._store = store
        self._clock = clock
        super().__init__(store.runs(), events, newest_first=True, parent=parent)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._tick.start()

    def runs(self) -> tuple[Run, ...]:
        return tuple(row for row in self.snapshots() if isinstance(row, Run))

    def run(self, run_id: str) -> Run | None:
        row = self.snapshot(run_id)
        return row if isinstance(row, Run) else None

    def belongs(self, row: Row) -> bool:
        return isinstance(row, Run)

    def view(self, row: Row) -> RowView:
        assert isinstance(row, Run)
        asset = self._store.asset(row.asset_id)
        state = run_state(row, asset)
        return RowView(
            title=row.spec.title,
            subtitle=row.asset_name,
            state=state.word,
            kind=state.kind,
            icon=state.icon,
            progress=state.progress,
            end_text=run_elapsed(row, self._clock.now()) or "–",
            thumbnail=str(asset.thumbnail or "") if asset else "",
            more=run_reason(row),
            pill=state.progress is None and state.kind is not StateKind.NEUTRAL,
        )

    def sentence(self, row: Row) -> str:
        assert isinstance(row, Run)
        return run_sentence(row, self._store.asset(row.asset_id), self._clock.now())

    def on_replaced(self, old: Row | None, new: Row | None) -> None:
        assert not isinstance(old, Asset | Output)
        assert not isinstance(new, Asset | Output)
        if old is not None:
            self.in_state[old.state] -= 1
            self._of_video[old.asset_id].discard(old.id)
            self._going.discard(old.id)
        if new is not None:
            self.in_state[new.state] += 1
            self._of_video[new.asset_id].add(new.id)
            if new.started_at is not None and not new.has_ended:
                self._going.add(new.id)

    def hear(self, event: Event) -> None:
        super().hear(event)
        if isinstance(event, RowChanged) and isinstance(event.row, Asset) and event.what is not What.PROGRESS:
            self.mark_changed(self._of_video.get(event.row.id, ()))

    def _on_tick(self) -> None:
        self.mark_changed(self._going)
