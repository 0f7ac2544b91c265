"""API keys: listing, making, changing and revoking them, and finding out which one this profile works with.

Nothing counts as done before the service said so.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from mosaic_desktop.account.session import SessionKeeper
from mosaic_desktop.core.account import ApiKey, NewKey
from mosaic_desktop.core.account_ports import Portal
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, NetworkError, ProtocolError
from mosaic_desktop.core.ports import Clock

_STAMP_SECONDS = 1.1  # a service may write down a key's last use once a second
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeyMemory:
    """What the application remembers of keys, by the service's ids; none of it is secret.

    ``own_id``: of the key that this profile works with, None where it is not known; ``learn_own_id`` remembers it.
    ``own_hint``: the masked form of that key. ``touch``: one harmless call with it. ``hints``: masked forms of keys
    that were made here; ``remember_hint`` adds one.
    """

    own_id: Callable[[], str | None]
    learn_own_id: Callable[[str], None]
    own_hint: Callable[[], str]
    touch: Callable[[], Awaitable[None]]
    hints: Callable[[], Mapping[str, str]]
    remember_hint: Callable[[str, str], None]


class KeyDesk:
    def __init__(self, portal: Portal, session: SessionKeeper, memory: KeyMemory, clock: Clock) -> None:
        self._portal = portal
        self._session = session
        self._memory = memory
        self._clock = clock
        self._searching = asyncio.Lock()

    async def list(self) -> tuple[ApiKey, ...]:
        """Where the service has not been told which key is its own, one call with it tells."""
        found = await self._session.call(self._portal.keys)
        if found and not self._memory.own_id():
            async with self._searching:
                if not self._memory.own_id():
                    found = await self._search(found)
        self._remember_own(found)
        return tuple(map(self._described, found))

    async def create(self, webhook_url: str | None) -> NewKey:
        """Asked once. Raises NetworkError with ``seen`` where a key may have been made whose plaintext nobody knows."""
        try:
            new = await self._session.call(lambda access: self._portal.create_key(access, webhook_url))
        except MosaicError as error:
            if _may_have_been_done(error):
                raise NetworkError(error.code, error.detail, seen=True, retryable=False) from error
            raise
        self._memory.remember_hint(new.id, new.key.masked)
        return new

    async def set_webhook(self, key_id: str, url: str | None) -> None:
        await self._session.call(lambda access: self._portal.set_webhook(access, key_id, url))

    async def revoke(self, key_id: str) -> None:
        """A key that is not there any more is revoked, be it by a call whose answer was lost. The profile's own is then
        used once more, so that the application sees at once that it is refused.
        """
        try:
            await self._session.call(lambda access: self._portal.revoke(access, key_id))
        except MosaicError as error:
            if error.code != Code.NOT_FOUND or not key_id:  # of a key whose id was never told nobody knows
                raise
        if key_id == self._memory.own_id():
            with suppress(MosaicError):  # which the rest of the application sees where the call is made
                await self._memory.touch()

    def _remember_own(self, found: tuple[ApiKey, ...]) -> None:
        """So that people still know it by this name once another one takes its place."""
        own_id, hint = self._memory.own_id(), self._memory.own_hint()
        if own_id and hint and own_id not in self._memory.hints() and any(key.id == own_id for key in found):
            self._memory.remember_hint(own_id, hint)

    def _described(self, key: ApiKey) -> ApiKey:
        is_own = key.id == self._memory.own_id()
        hint = self._memory.hints().get(key.id, "") or (self._memory.own_hint() if is_own else key.hint)
        return replace(key, hint=hint, is_own=is_own)

    async def _search(self, before: tuple[ApiKey, ...]) -> tuple[ApiKey, ...]:
        """The list after one call with this profile's key. The key whose last use moved is that one, if it is the only
        one of which that is so, since other programs may work meanwhile. Where none moved, once more after a moment.
        """
        try:
            after, moved = await self._touched(before)
            if not moved:
                await self._clock.sleep(_STAMP_SECONDS)
                after, moved = await self._touched(after)
        except MosaicError as error:
            log.info("which key is in use was not found out: %s", error)
            return before
        if len(moved) == 1:
            self._memory.learn_own_id(moved[0])
        return after

    async def _touched(self, before: tuple[ApiKey, ...]) -> tuple[tuple[ApiKey, ...], tuple[str, ...]]:
        """The list after one call, and the ids of the keys whose last use moved."""
        await self._memory.touch()
        after = await self._session.call(self._portal.keys)
        used = {key.id: key.last_used_at for key in before}
        moved = (key.id for key in after if key.id in used and _is_later(key.last_used_at, used[key.id]))
        return after, tuple(moved)


def _is_later(after: float | None, before: float | None) -> bool:
    return after is not None and (before is None or after > before)


def _may_have_been_done(error: MosaicError) -> bool:
    """Whether the service may have done what was asked although no usable answer came."""
    if isinstance(error, NetworkError):
        return error.seen
    if isinstance(error, AuthError):
        return False
    unusable = isinstance(error, ProtocolError) or error.code in (Code.GATEWAY, Code.UNREADABLE_ANSWER)
    return unusable or (error.status or 0) >= 500
