"""A dot at each place of the rail where something went wrong, or needs the user, since they last looked there."""

from PySide6.QtCore import QObject

from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.core.events import Event, Row, RowChanged, What
from mosaic_desktop.core.output import OutputState
from mosaic_desktop.core.run import Run, RunState
from mosaic_desktop.gui.models.listening import listen
from mosaic_desktop.gui.widgets.rail import Rail
from mosaic_desktop.jobs.engine import Engine


class RailMarks(QObject):
    """What was wrong before is no news, except a run that only the user can decide about."""

    def __init__(self, engine: Engine, rail: Rail) -> None:
        super().__init__(rail)
        self._rail = rail
        store = engine.store
        undecided = tuple(store.runs_in(RunState.UNCONFIRMED))
        failed_runs, failed_outputs = store.runs_in(RunState.FAILED), store.outputs_in(OutputState.FAILED)
        wrong: tuple[Row, ...] = (*undecided, *store.assets_in(AssetState.FAILED), *failed_runs, *failed_outputs)
        self._known = {row.id for row in wrong}
        if undecided:
            self._mark("runs")
        rail.chosen.connect(self._on_chosen)
        listen(engine.events, self, self._hear)

    def _hear(self, event: Event) -> None:
        if not isinstance(event, RowChanged) or event.what is What.PROGRESS:
            return
        row = event.row
        if event.what is What.REMOVED or not _needs_the_user(row):
            self._known.discard(row.id)
        elif row.id not in self._known:
            self._known.add(row.id)
            self._mark(_place(row))

    def _mark(self, place: str) -> None:
        if self._rail.current() != place:
            self._rail.button(place).set_mark(True)

    def _on_chosen(self, place: str) -> None:
        self._rail.button(place).set_mark(False)


def _needs_the_user(row: Row) -> bool:
    return row.state in {AssetState.FAILED, RunState.FAILED, RunState.UNCONFIRMED, OutputState.FAILED}


def _place(row: Row) -> str:
    if isinstance(row, Asset):
        return "studio"
    return "runs" if isinstance(row, Run) else "outputs"
