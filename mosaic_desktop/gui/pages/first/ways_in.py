"""Behind the first page: tries one way in at a time and tells in words how it goes. Knows no widgets."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum

from mosaic_desktop.core.errors import Code, MosaicError, Problem, VaultError
from mosaic_desktop.core.ports import Gateway, VaultState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.pages.first.key import trouble_with

_ASKING = "Waiting for your keyring. Your account opens as soon as it answers."
_UNLOCKING = "Your keyring is locked and asks you to unlock it. Then your account opens."


class Way(StrEnum):
    HERE = "here"
    KEY = "key"
    KEPT = "kept"  # the key that the keyring holds from earlier


# Here nothing is tried again by itself, and there are no settings yet.
_SENTENCES: dict[str, str] = {
    Code.INVALID_KEY: "Mosaic does not accept this API key. Check it, then try again.",
    Code.UNREACHABLE: "Mosaic cannot be reached. Check your connection, then try again.",
    Code.INTERRUPTED: "The connection broke. Try again.",
    Code.RATE_LIMIT: "Mosaic asked for a pause. Try again in a minute.",
}
_WHY_NOT_OPEN: dict[str, str] = {
    Code.NO_KEY: "Your keyring holds no key any more. Enter it again below.",
    Code.NO_KEYRING: "This system has no keyring service now, so the key kept in it cannot be read.",
    Code.KEYRING_LOCKED: "Your keyring is locked, so your account is not open.",
    Code.KEYRING_SILENT: "Your keyring did not answer, so your account is not open. It may wait to be unlocked.",
}


def way_in_sentence(problem: Problem, way: Way | None = None) -> str:
    """`problem` as a sentence that fits the first page. `way`: the one on which it was met."""
    known = (_WHY_NOT_OPEN if way is Way.KEPT else _SENTENCES).get(problem.code)
    return known or _SENTENCES.get(problem.code) or sentence(problem)


@dataclass(frozen=True, slots=True)
class Kept:
    """The key of earlier. `hint`: its masked form, empty while it cannot be seen; `locked`: the keyring has to be
    unlocked for it.
    """

    hint: str = ""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Entrance:
    """What the page shows. `busy`: the way being tried, with `words` telling what happens. `failed`: the way that
    did not work, with `words` telling why and the problem's `code`. `unkept` where the keyring stands in the way, so
    that a key is for this session only.
    """

    busy: Way | None = None
    failed: Way | None = None
    words: str = ""
    unkept: bool = False
    code: str = ""

    @property
    def others_open(self) -> bool:
        """Whether another way may be taken. One that waits for the keyring, and so for the user, gives way to it."""
        return self.busy in (None, Way.KEPT)


class WaysIn:
    """`on_change` hears every step, `on_vault` what the keyring is, `on_kept` what it holds from earlier, `on_entered`
    that a way led in.

    Lives on the event-loop thread. After `close` nobody is told anything; a way that is being tried goes on, since
    it may be the one that just led in.
    """

    def __init__(
        self,
        gateway: Gateway,
        scope: TaskScope,
        on_change: Callable[[Entrance], None],
        on_vault: Callable[[VaultState], None],
        on_kept: Callable[[Kept | None], None],
        on_entered: Callable[[], None],
    ) -> None:
        self._gateway = gateway
        self._scope = scope
        self._on_change = on_change
        self._on_vault = on_vault
        self._on_kept = on_kept
        self._on_entered = on_entered
        self._task: asyncio.Task[None] | None = None
        self._way: Way | None = None
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

    def go_on(self) -> None:
        """Like `use_kept_key`, but nobody wished for it yet: a locked keyring is not made to ask the user."""
        self._begin(Way.KEPT, _ASKING, self._go_on)

    def use_kept_key(self) -> None:
        self._begin(Way.KEPT, _ASKING, self._use_kept_key)

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def close(self) -> None:
        self._open = False

    def _begin(self, way: Way, words: str, enter: Callable[[], Coroutine[object, object, None]]) -> None:
        if self._way is Way.KEPT and way is not Way.KEPT:
            self.cancel()
        elif self._task is not None:
            return
        self._way = way
        self._tell(Entrance(busy=way, words=words))
        self._task = self._scope.start(self._enter(way, enter), f"way in {way}")

    async def _enter(self, way: Way, enter: Callable[[], Coroutine[object, object, None]]) -> None:
        result = Entrance()
        try:
            await enter()
        except MosaicError as error:
            words, unkept = way_in_sentence(error.problem, way), isinstance(error, VaultError)
            result = Entrance(failed=way, words=words, unkept=unkept, code=error.code)
        else:
            if self._open:
                self._on_entered()
        finally:
            if self._task is asyncio.current_task():  # else another way took its place
                self._task = self._way = None
                self._tell(result)

    async def _go_on(self) -> None:
        kept = await self._look()
        if kept is not None and kept.locked:
            raise VaultError(Code.KEYRING_LOCKED)
        await self._gateway.use_kept_key()

    async def _use_kept_key(self) -> None:
        kept = await self._look()
        if kept is not None and kept.locked:
            self._tell(Entrance(busy=Way.KEPT, words=_UNLOCKING, unkept=True))
        await self._gateway.use_kept_key()

    async def _ask_vault(self) -> None:
        state = await self._gateway.vault_state()
        if self._open:
            self._on_vault(state)
        if self._way is not Way.KEPT:
            await self._look()

    async def _look(self) -> Kept | None:
        """What is kept from earlier, as far as the keyring tells without asking the user."""
        kept: Kept | None
        try:
            hint = await self._gateway.kept_key()
            kept = None if hint is None else Kept(hint)
        except VaultError as error:
            if error.code != Code.KEYRING_LOCKED:
                return None  # it may hold a key or not
            kept = Kept(locked=True)
        if self._open:
            self._on_kept(kept)
        return kept

    def _tell(self, entrance: Entrance) -> None:
        if self._open:
            self._on_change(entrance)
