"""Uploads and downloads together: whatever moves is paused, or goes on, with one command."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mosaic_desktop.core.actions import Action
from mosaic_desktop.core.asset import BUSY_ASSET_STATES, AssetState
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, OutputState

if TYPE_CHECKING:
    from mosaic_desktop.jobs.engine import Engine


class BothWays:
    """Pausing comes first: going on is offered where nothing is left to pause."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine

    @property
    def offered(self) -> Action | None:
        """PAUSE or RESUME; None where there is nothing to pause or to go on with. Cheap, however many rows."""
        if self._has(BUSY_ASSET_STATES, BUSY_OUTPUT_STATES):
            return Action.PAUSE
        return Action.RESUME if self._has({AssetState.PAUSED}, {OutputState.PAUSED}) else None

    def do(self, action: Action) -> None:
        """What was offered last, which may be another thing by now."""
        if action is Action.PAUSE:
            self._engine.pause_all()
            self._engine.pause_all_downloads()
        else:
            self._engine.resume_all()
            self._engine.resume_all_downloads()

    def _has(self, asset_states: Iterable[AssetState], output_states: Iterable[OutputState]) -> bool:
        store = self._engine.store
        uploads = any(next(store.queue_of(state), None) for state in asset_states)
        return uploads or next(store.outputs_in(*output_states), None) is not None
