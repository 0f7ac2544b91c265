"""Behind the first page: tries one way in at a time and tells in words how it goes. Knows no widgets."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from enum import StrEnum

from mosaic_desktop.core.errors import Code, MosaicError, Problem, VaultError
from mosaic_desktop.core.ports import Gateway, NewAccount, Profile, VaultState
from mosaic_desktop.core.secrets import Secret, redact
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.pages.first.key import trouble_with

_ASKING = "Waiting for your keyring. Your account opens as soon as it answers."
_UNLOCKING = "Your keyring is locked and asks you to unlock it. Then your account opens."


class Way(StrEnum):
    HERE = "here"
    KEY = "key"
    KEPT = "kept"  # an account of earlier, whose key the keyring holds


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
    Code.KEYRING_DENIED: "Your keyring did not give this app access, so your account is not open.",
    Code.KEYRING_GONE: "The keyring that holds your key is not there any more, so your account is not open.",
}


def way_in_sentence(problem: Problem, way: Way | None = None) -> str:
    """`problem` as a sentence that fits the first page. `way`: the one on which it was met."""
    known = (_WHY_NOT_OPEN if way is Way.KEPT else _SENTENCES).get(problem.code)
    return known or _SENTENCES.get(problem.code) or sentence(problem)


@dataclass(frozen=True, slots=True)
class Kept:
    """An account of earlier. `hint`: its masked key, empty while it cannot be seen; the code in `problem` says why.
    `missing`: no key is kept, so that it has to be entered again.
    """

    profile: Profile
    hint: str = ""
    problem: str = ""
    missing: bool = False

    @property
    def locked(self) -> bool:
        """Whether the keyring has to be unlocked for it."""
        return self.problem == Code.KEYRING_LOCKED


@dataclass(frozen=True, slots=True)
class Entry:
    """What was entered of an account, as typed. `profile_id`: whose key it is, empty for a new account."""

    key: str = field(repr=False)
    title: str = ""
    base_url: str = ""
    auth_url: str = ""
    anon_key: str = ""
    profile_id: str = ""


@dataclass(frozen=True, slots=True)
class Entrance:
    """What the page shows. `busy`: the way being tried, with `words` telling what happens. `failed`: the way that
    did not work, with `words` telling why and the problem's `code`. `unkept` where the keyring stands in the way, so
    that a key is for this session only. `profile_id`: which account of earlier it is about.
    """

    busy: Way | None = None
    failed: Way | None = None
    words: str = ""
    unkept: bool = False
    code: str = ""
    profile_id: str = ""

    @property
    def others_open(self) -> bool:
        """Whether another way may be taken. One that waits for the keyring, and so for the user, gives way to it."""
        return self.busy in (None, Way.KEPT)


class WaysIn:
    """`on_change` hears every step, `on_vault` what the keyring is, `on_kept` the accounts of earlier, `on_entered` the
    profile that was entered by its key, or None where another way led in.

    With `opens` a way in ends in a workspace; without it a key is only added. Lives on the event-loop thread. After
    `close` nobody is told anything; a way that is being tried goes on, since it may be the one that just led in.
    """

    def __init__(
        self,
        gateway: Gateway,
        scope: TaskScope,
        on_change: Callable[[Entrance], None],
        on_vault: Callable[[VaultState], None],
        on_kept: Callable[[tuple[Kept, ...]], None],
        on_entered: Callable[[Profile | None], None],
        *,
        opens: bool = True,
    ) -> None:
        self._gateway = gateway
        self._scope = scope
        self._on_change = on_change
        self._on_vault = on_vault
        self._on_kept = on_kept
        self._on_entered = on_entered
        self._opens = opens
        self._kept: dict[str, Kept] = {}
        self._task: asyncio.Task[None] | None = None
        self._way: Way | None = None
        self._open = True

    def look_at_vault(self) -> None:
        self._scope.replace(self._ask_vault(), "keyring")

    def try_here(self) -> None:
        self._begin(Entrance(busy=Way.HERE, words="Starting the local Mosaic…"), self._try_here)

    def use_key(self, entry: Entry, *, session_only: bool = False) -> None:
        if words := trouble_with(entry.key):
            self._tell(Entrance(failed=Way.KEY, words=words))
            return
        self._begin(
            Entrance(busy=Way.KEY, words="Checking the key…"), lambda: self._use_key(entry, session_only=session_only)
        )

    def go_on(self, profile_id: str) -> None:
        """Like `open_account`, but nobody wished for it yet: a locked keyring is not made to ask the user. Until it
        answers, the accounts of earlier are shown by what is known without it.
        """
        self._kept = {each.id: Kept(each, each.key_hint) for each in self._gateway.profiles if not each.is_local}
        if self._open:
            self._on_kept(tuple(self._kept.values()))
        self._begin(_asking(profile_id), lambda: self._go_on(profile_id))

    def open_account(self, profile_id: str) -> None:
        self._begin(_asking(profile_id), lambda: self._open_account(profile_id))

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def close(self) -> None:
        self._open = False

    def _begin(self, entrance: Entrance, enter: Callable[[], Coroutine[object, object, Profile | None]]) -> None:
        way = entrance.busy
        assert way is not None
        if self._way is Way.KEPT:
            self.cancel()
        elif self._task is not None:
            return
        self._way = way
        self._tell(entrance)
        self._task = self._scope.start(self._enter(way, entrance.profile_id, enter), f"way in {way}")

    async def _enter(
        self, way: Way, profile_id: str, enter: Callable[[], Coroutine[object, object, Profile | None]]
    ) -> None:
        result = Entrance()
        try:
            entered = await enter()
        except MosaicError as error:
            words, unkept = way_in_sentence(error.problem, way), isinstance(error, VaultError)
            result = Entrance(failed=way, words=words, unkept=unkept, code=error.code, profile_id=profile_id)
            if error.code == Code.NO_KEY:
                self._note(profile_id, missing=True)
        else:
            if self._open:
                self._on_entered(entered)
        finally:
            if self._task is asyncio.current_task():  # else another way took its place
                self._task = self._way = None
                self._tell(result)
                if result.failed is Way.KEPT and self._open and not self._scope.closed:
                    self.look_at_vault()  # the other accounts may be a way back

    async def _try_here(self) -> None:
        await self._gateway.try_here()

    async def _use_key(self, entry: Entry, *, session_only: bool) -> Profile:
        key = Secret(entry.key.strip())
        if entry.profile_id:
            profile = await self._gateway.enter_key(entry.profile_id, key, session_only=session_only)
        else:
            title = entry.title if redact(entry.title) == entry.title else ""  # a key in the wrong field is no name
            new = NewAccount(key, title, entry.base_url, entry.auth_url, entry.anon_key)
            profile = await self._gateway.add_account(new, session_only=session_only)
        if self._opens:
            await self._gateway.open_profile(profile.id)
        return profile

    async def _go_on(self, profile_id: str) -> None:
        kept = await self._look(profile_id)
        if kept is not None and kept.locked:
            raise VaultError(Code.KEYRING_LOCKED)
        await self._gateway.open_profile(profile_id)

    async def _open_account(self, profile_id: str) -> None:
        kept = await self._look(profile_id)
        if kept is not None and kept.locked:
            self._tell(Entrance(busy=Way.KEPT, words=_UNLOCKING, unkept=True, profile_id=profile_id))
        await self._gateway.open_profile(profile_id)

    async def _ask_vault(self) -> None:
        state = await self._gateway.vault_state()
        if self._open:
            self._on_vault(state)
        for profile in self._gateway.profiles:
            if not profile.is_local and self._way is not Way.KEPT:
                await self._look(profile.id)

    async def _look(self, profile_id: str) -> Kept | None:
        """What is kept of an account of earlier, as far as the keyring tells without asking the user."""
        try:
            hint = await self._gateway.kept_key(profile_id)
            return self._note(profile_id, hint or "", missing=hint is None)
        except VaultError as error:
            known = next((each for each in self._gateway.profiles if each.id == profile_id), None)
            if known is not None and known.key_hint and not known.keyring:
                return self._note(profile_id, missing=True)  # its key is known to have been for one session
            return self._note(profile_id, problem=error.code)
        except MosaicError:
            return None  # it is not known any more

    def _note(self, profile_id: str, hint: str = "", problem: str = "", *, missing: bool = False) -> Kept | None:
        profiles = {each.id: each for each in self._gateway.profiles}
        if profile_id not in profiles:
            return None
        kept = self._kept[profile_id] = Kept(profiles[profile_id], hint, problem, missing)
        if self._open:
            self._on_kept(tuple(self._kept[each] for each in profiles if each in self._kept))
        return kept

    def _tell(self, entrance: Entrance) -> None:
        if self._open:
            self._on_change(entrance)


def _asking(profile_id: str) -> Entrance:
    return Entrance(busy=Way.KEPT, words=_ASKING, profile_id=profile_id)
