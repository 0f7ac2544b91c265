"""Behind the first page: tries one way in at a time and tells in words how it goes. Knows no widgets."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mosaic_desktop.core.errors import Code, MosaicError, Problem, VaultError
from mosaic_desktop.core.ports import Gateway, VaultState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.pages.first.key import trouble_with

if TYPE_CHECKING:
    import asyncio

# Here nothing is tried again by itself, and there are no settings yet.
_SENTENCES: dict[str, str] = {
    Code.INVALID_KEY: "Mosaic does not accept this API key. Check it, then try again.",
    Code.UNREACHABLE: "Mosaic cannot be reached. Check your connection, then try again.",
    Code.INTERRUPTED: "The connection broke. Try again.",
    Code.RATE_LIMIT: "Mosaic asked for a pause. Try again in a minute.",
}


def way_in_sentence(problem: Problem) -> str:
    """`problem` as a sentence that fits the first page."""
    return _SENTENCES.get(problem.code) or sentence(problem)


class Way(StrEnum):
    HERE = "here"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Entrance:
    """What the page shows. `busy`: the way being tried, with `words` telling what happens. `failed`: the way that
    did not work, with `words` telling why; `unkept` where the key is right but no keyring keeps it.
    """

    busy: Way | None = None
    failed: Way | None = None
    words: str = ""
    unkept: bool = False


class WaysIn:
    """`on_change` hears every step, `on_vault` what the keyring is, `on_entered` that a way led in.

    Lives on the event-loop thread. After `close` nobody is told anything; a way that is being tried goes on, since
    it may be the one that just led in.
    """

    def __init__(
        self,
        gateway: Gateway,
        scope: TaskScope,
        on_change: Callable[[Entrance], None],
        on_vault: Callable[[VaultState], None],
        on_entered: Callable[[], None],
    ) -> None:
        self._gateway = gateway
        self._scope = scope
        self._on_change = on_change
        self._on_vault = on_vault
        self._on_entered = on_entered
        self._task: asyncio.Task[None] | None = None
        self._open = True

    def look_at_vault(self) -> None:
        self._scope.replace(self._ask_vault(), "keyring")

    def try_here(self) -> None:
        self._begin(Way.HERE, "Starting the local Mosaic…", self._gateway.try_here)

    def use_key(self, text: str, *, session_only: bool = False) -> None:
        if words := trouble_with(text):
            self._tell(Entrance(failed=Way.KEY, words=words))
            return
        key = Secret(text.strip())
        self._begin(Way.KEY, "Checking the key…", lambda: self._gateway.use_key(key, session_only=session_only))

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def close(self) -> None:
        self._open = False

    def _begin(self, way: Way, words: str, enter: Callable[[], Coroutine[object, object, None]]) -> None:
        if self._task is not None:
            return
        self._tell(Entrance(busy=way, words=words))
        self._task = self._scope.start(self._enter(way, enter), f"way in {way}")

    async def _enter(self, way: Way, enter: Callable[[], Coroutine[object, object, None]]) -> None:
        result = Entrance()
        try:
            await enter()
        except MosaicError as error:
            words = way_in_sentence(error.problem)
            result = Entrance(failed=way, words=words, unkept=isinstance(error, VaultError))
        else:
            if self._open:
                self._on_entered()
        finally:
            self._task = None
            self._tell(result)

    async def _ask_vault(self) -> None:
        state = await self._gateway.vault_state()
        if self._open:
            self._on_vault(state)

    def _tell(self, entrance: Entrance) -> None:
        if self._open:
            self._on_change(entrance)
