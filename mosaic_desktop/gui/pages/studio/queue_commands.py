"""What the queue's menus, keys and drags ask of the engine."""

from collections.abc import Sequence

from mosaic_desktop.core.actions import Action, Move
from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.gui.desktop import show_in_folder
from mosaic_desktop.gui.models.asset_model import AssetModel
from mosaic_desktop.gui.pages.studio.queue_actions import Deed
from mosaic_desktop.gui.pages.sweeps import Sweep
from mosaic_desktop.jobs.engine import Engine


class QueueCommands:
    def __init__(self, engine: Engine, model: AssetModel) -> None:
        self._engine = engine
        self._model = model

    def do(self, deed: Deed, asset_ids: Sequence[AssetId]) -> None:
        """To rows for which it makes sense, in queue order; at least one."""
        match deed:
            case Move():
                self._engine.move(asset_ids, deed)
            case Action.PAUSE:
                self._engine.pause(asset_ids)
            case Action.RESUME | Action.RETRY:
                self._engine.resume(asset_ids)
            case Action.CANCEL:
                self._engine.cancel(asset_ids)
            case Action.SEND_AGAIN:
                self._engine.send_again(asset_ids)
            case Action.REMOVE:
                self._engine.remove(asset_ids)
            case Action.SHOW_IN_FOLDER:
                self._show_in_folder(asset_ids[0])
            case _:
                raise ValueError(f"not for the queue: {deed}")

    @property
    def clearable(self) -> bool:
        """Whether there is anything finished that no run waits for."""
        return self._engine.has_finished

    def sweep(self, sweep: Sweep) -> None:
        match sweep:
            case Sweep.PAUSE:
                self._engine.pause_all()
            case Sweep.RESUME:
                self._engine.resume_all()
            case Sweep.RETRY:
                self._engine.retry_failed()
            case Sweep.CLEAR:
                self._engine.clear_finished()
            case Sweep.UNDO:
                self._engine.undo()

    def place_before(self, asset_ids: Sequence[AssetId], before: AssetId | None) -> None:
        self._engine.place_before(asset_ids, before)

    def _show_in_folder(self, asset_id: AssetId) -> None:
        asset = self._model.asset(asset_id)
        if asset is not None and asset.path is not None:
            show_in_folder(asset.path)
