"""What the user decides about videos in the queue: one of them or all at once, and taking it back.

Commands are plain calls. What they do to many rows goes on over several turns of the event loop, in the order in which
they were given.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from mosaic_desktop.core.actions import Action, Move
from mosaic_desktop.core.asset import BUSY_ASSET_STATES, SENDING_ASSET_STATES, Asset, AssetId, AssetState
from mosaic_desktop.core.deeds import done_words
from mosaic_desktop.core.run import RunState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.history import Deed, History
from mosaic_desktop.jobs.order import Positions, moved, placed
from mosaic_desktop.jobs.recovery import taken_up
from mosaic_desktop.jobs.resuming import Resuming
from mosaic_desktop.jobs.store import Store
from mosaic_desktop.jobs.turns import Turns
from mosaic_desktop.jobs.uploads import UploadQueue

_NEEDED_BY = (RunState.WAITING, RunState.STARTING, RunState.UNCONFIRMED)
_HALTED = frozenset({AssetState.PAUSED, AssetState.CANCELLED})


class AssetCommands:
    """``look_into`` begins probing a row; ``pump`` is called when others may go on."""

    def __init__(
        self,
        store: Store,
        scope: TaskScope,
        uploads: UploadQueue,
        resuming: Resuming,
        turns: Turns,
        history: History,
        look_into: Callable[[AssetId], None],
        pump: Callable[[], None],
    ) -> None:
        self._store = store
        self._scope = scope
        self._uploads = uploads
        self._resuming = resuming
        self._turns = turns
        self._history = history
        self._look_into = look_into
        self._pump = pump

    # Stopping and going on

    def pause(self, asset_ids: Iterable[AssetId]) -> None:
        self._turns.do(self._halt(tuple(asset_ids), self._uploads.pause, Action.PAUSE))

    def cancel(self, asset_ids: Iterable[AssetId]) -> None:
        self._turns.do(self._halt(tuple(asset_ids), self._uploads.cancel, Action.CANCEL))

    def pause_all(self) -> None:
        self._turns.do(self._pause_all())

    def resume(self, asset_ids: Iterable[AssetId]) -> None:
        """Goes on with paused, failed and cancelled uploads; a changed file is taken as it is now."""
        self._turns.do(self._go_on(tuple(asset_ids)))

    def resume_all(self) -> None:
        self._turns.do(self._go_on_in(AssetState.PAUSED))

    def retry_failed(self) -> None:
        self._turns.do(self._go_on_in(AssetState.FAILED))

    def send_again(self, asset_ids: Iterable[AssetId]) -> None:
        """Sends what was not sent because the service has the same content under another name."""
        self._turns.do(self._send_again(tuple(asset_ids)))

    # The list

    def remove(self, asset_ids: Iterable[AssetId]) -> None:
        """Takes rows out of the queue; a file on disk, runs and outputs stay."""
        self._turns.do(self._remove(tuple(asset_ids), Action.REMOVE))

    def clear_finished(self) -> None:
        """Takes out what is ``finished``."""
        self._turns.do(self._remove(tuple(self.finished()), Action.CLEAR_FINISHED))

    def finished(self) -> Iterator[AssetId]:
        """What is uploaded and no run waits for."""
        needed = {run.asset_id for run in self._store.runs_in(*_NEEDED_BY)}
        return (asset.id for asset in self._store.queue_of(AssetState.READY) if asset.id not in needed)

    def move(self, asset_ids: Iterable[AssetId], move: Move) -> None:
        chosen = frozenset(asset_ids)
        self._turns.do(self._move(chosen, lambda queue: moved(queue, chosen, move)))

    def place_before(self, asset_ids: Iterable[AssetId], before: AssetId | None) -> None:
        """Puts rows in front of another one; None for the end of the queue."""
        chosen = frozenset(asset_ids)
        self._turns.do(self._move(chosen, lambda queue: placed(queue, chosen, before)))

    # Inside

    def _halt(self, asset_ids: Sequence[AssetId], halt: Callable[[AssetId], bool], action: Action) -> Iterator[None]:
        before: list[Asset] = []
        with self._uploads.at_rest():
            for asset_id in asset_ids:
                self._resuming.forget(asset_id)
                asset = self._store.asset(asset_id)
                if asset is not None and halt(asset_id):
                    before.append(asset)
                yield
        self._pump()
        if before:
            words = done_words(action, len(before))
            self._history.note(Deed(words, lambda: self._put_back(before), stands=lambda: self._halts(before)))

    def _pause_all(self) -> Iterator[None]:
        """Those that are under way once everything asked for earlier was done; first those whose bytes move."""
        self._resuming.forget_all()
        states = (SENDING_ASSET_STATES, BUSY_ASSET_STATES - SENDING_ASSET_STATES)
        busy = [asset.id for some in states for asset in self._store.assets_in(*some)]
        yield from self._halt(busy, self._uploads.pause, Action.PAUSE)

    def _halts(self, before: Iterable[Asset]) -> bool:
        """Whether any of these is still halted; one that was taken out may come back."""
        now = ((asset.id, self._store.asset(asset.id)) for asset in before)
        return any(
            row is None or (row.state in _HALTED and not self._resuming.is_wanted(asset_id)) for asset_id, row in now
        )

    def _put_back(self, before: Iterable[Asset]) -> Iterator[None]:
        """Rows that still are as they were left go on; one that was paused before is paused again."""
        going_on = []
        for asset in before:
            current = self._store.asset(asset.id)
            if current is not None and current.state is AssetState.CANCELLED and asset.state is AssetState.PAUSED:
                self._store.put(replace(current, state=AssetState.PAUSED))
            elif current is not None and current.state in _HALTED:
                going_on.append(asset.id)
            yield
        yield from self._go_on(going_on)

    def _go_on(self, asset_ids: Collection[AssetId]) -> Iterator[None]:
        self._resuming.want(asset_ids)
        self._history.review()
        if not self._scope.closed:
            self._scope.start(self._resuming.take_up(), "resume")
        yield

    def _go_on_in(self, state: AssetState) -> Iterator[None]:
        yield from self._go_on([asset.id for asset in self._store.assets_in(state)])

    def _send_again(self, asset_ids: Sequence[AssetId]) -> Iterator[None]:
        for asset_id in asset_ids:
            asset = self._store.asset(asset_id)
            if asset is not None and asset.state is AssetState.READY and asset.reused_from is not None:
                # Without a sample it is not compared with what was sent before.
                unsent = replace(asset, sample=None, content=None, file_id=None, reused_from=None, bytes_done=0)
                self._store.put(replace(unsent, state=AssetState.QUEUED))
            yield
        self._pump()

    def _remove(self, asset_ids: Sequence[AssetId], action: Action) -> Iterator[None]:
        removed: list[Asset] = []
        with self._uploads.at_rest():
            for asset_id in asset_ids:
                self._resuming.forget(asset_id)
                if (asset := self._store.asset(asset_id)) is not None:
                    self._uploads.cancel(asset_id)
                    self._store.remove(asset_id)
                    removed.append(asset)
                yield
        self._pump()
        if removed:
            words = done_words(action, len(removed))
            self._history.note(Deed(words, lambda: self._bring_back(removed), _pictures(removed)))

    def _bring_back(self, removed: Iterable[Asset]) -> Iterator[None]:
        replaced = []
        for asset in removed:
            source = asset.path or asset.file_id
            if self._store.asset(asset.id) is None and not (source and self._store.asset_from(source)):
                row = self._store.put(taken_up(self._uploads.anew(asset)))
                if row.state is AssetState.PROBING:
                    self._look_into(row.id)
            else:
                replaced.append(asset)
            yield
        self._history.discard(_pictures(replaced))
        self._pump()

    def _move(self, chosen: Collection[AssetId], places: Callable[[Sequence[Asset]], Positions]) -> Iterator[None]:
        queue = tuple(self._store.assets())
        positions = places(queue)
        before = {asset.id: asset.position for asset in queue if asset.id in positions}
        yield from self._give(positions)
        if positions:
            count = sum(asset_id in chosen for asset_id in positions)
            self._history.note(Deed(done_words(Action.MOVE, count), lambda: self._give(before)))

    def _give(self, positions: Positions) -> Iterator[None]:
        for asset_id, position in positions.items():
            if (asset := self._store.asset(asset_id)) is not None:
                self._store.put(replace(asset, position=position))
            yield
        self._pump()


def _pictures(assets: Iterable[Asset]) -> tuple[Path, ...]:
    return tuple(asset.thumbnail for asset in assets if asset.thumbnail is not None)
