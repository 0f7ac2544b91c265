"""What the user decides about outputs: one of them, several, or all at once.

Commands are plain calls, as those for videos are. None of them can cost anything: a download is not paid for.
"""

from collections.abc import Callable, Iterable, Iterator

from mosaic_desktop.core.actions import Action, output_actions
from mosaic_desktop.core.output import OutputId, OutputState
from mosaic_desktop.jobs.outputs import OutputFetcher
from mosaic_desktop.jobs.store import Store
from mosaic_desktop.jobs.turns import Turns


class OutputCommands:
    """``turns`` are its own, so that downloads do not wait for work on the queue."""

    def __init__(self, store: Store, fetcher: OutputFetcher, turns: Turns) -> None:
        self._store = store
        self._fetcher = fetcher
        self._turns = turns

    # Those of the user's choice

    def pause(self, output_ids: Iterable[OutputId]) -> None:
        self._turns.do(_each(tuple(output_ids), self._fetcher.pause))

    def resume(self, output_ids: Iterable[OutputId]) -> None:
        self._turns.do(_each(tuple(output_ids), self._fetcher.resume))

    def again(self, output_id: OutputId) -> None:
        self._turns.do(_each((output_id,), self._fetcher.again))

    def cancel(self, output_id: OutputId) -> None:
        self._turns.do(_each((output_id,), self._fetcher.cancel))

    def forget(self, output_ids: Iterable[OutputId]) -> None:
        self._turns.do(_each(tuple(output_ids), self._forget))

    # All of them, as they are once everything asked for earlier was done

    def pause_all(self) -> None:
        self._turns.do(self._pause_all())

    def resume_all(self) -> None:
        self._turns.do(self._all_in(OutputState.PAUSED, self._fetcher.resume))

    def retry_failed(self) -> None:
        self._turns.do(self._all_in(OutputState.FAILED, self._fetcher.resume))

    def clear_saved(self) -> None:
        self._turns.do(self._all_in(OutputState.SAVED, self._forget))

    # Inside

    def _pause_all(self) -> Iterator[None]:
        """First those whose bytes move. What would start in their place is then always next, so none of it does."""
        moving, waiting = (self._ids_in(state) for state in (OutputState.DOWNLOADING, OutputState.WAITING))
        yield from _each((*moving, *waiting), self._fetcher.pause)

    def _all_in(self, state: OutputState, do: Callable[[OutputId], None]) -> Iterator[None]:
        yield from _each(self._ids_in(state), do)

    def _ids_in(self, state: OutputState) -> tuple[OutputId, ...]:
        return tuple(output.id for output in self._store.outputs_in(state))

    def _forget(self, output_id: OutputId) -> None:
        output = self._store.output(output_id)
        if output is not None and Action.REMOVE in output_actions(output):
            self._fetcher.cancel(output_id)
            self._store.remove(output_id)


def _each(output_ids: Iterable[OutputId], do: Callable[[OutputId], None]) -> Iterator[None]:
    for output_id in output_ids:
        do(output_id)
        yield
