"""Replacing an API key, step by step: make another one, see that it works, use it, revoke the old one.

It stops at the first step that fails and goes on from there when it is asked to. Until the new key is proven and kept,
the old one stays in use, and it is revoked only after that.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from mosaic_desktop.core.account import ApiKey, NewKey
from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.core.errors import MosaicError, NetworkError, Problem

log = logging.getLogger(__name__)


class RotationStep(StrEnum):
    CREATE = "create"
    CHECK = "check"
    USE = "use"
    REVOKE = "revoke"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class RotationState:
    """``step``: the one that is under way, or that failed with ``problem``; those before it are done. ``new``: the key
    that was made, to be shown this once.

    ``is_lost``: the step's answer was lost, so that it may have been done; making a key once more may leave one behind
    that nobody knows.
    """

    step: RotationStep = RotationStep.CREATE
    is_running: bool = False
    problem: Problem | None = None
    is_lost: bool = False
    new: NewKey | None = None


class Rotation:
    """Replaces ``old``, whose webhook the new key takes over. ``on_change``: ``state`` is another one."""

    def __init__(self, desk: AccountDesk, old: ApiKey, on_change: Callable[[], None] = lambda: None) -> None:
        self._desk = desk
        self._old = old
        self._on_change = on_change
        self._state = RotationState()

    @property
    def state(self) -> RotationState:
        return self._state

    async def run(self, until: RotationStep = RotationStep.DONE) -> None:
        """Goes on from the step that is due, up to the one before ``until``. Returns when that is done or a step
        failed; does nothing while it runs.
        """
        if self._state.is_running:
            return
        self._become(replace(self._state, is_running=True, problem=None, is_lost=False))
        try:
            while self._state.step not in (until, RotationStep.DONE):
                await self._take_step(self._state.step)
        except MosaicError as error:
            log.info("replacing a key stopped at %s: %s", self._state.step, error)
            is_lost = isinstance(error, NetworkError) and error.seen
            self._become(replace(self._state, problem=error.problem, is_lost=is_lost))
        except asyncio.CancelledError:
            self._become(replace(self._state, is_lost=True))
            raise
        finally:
            self._become(replace(self._state, is_running=False))

    async def give_up(self) -> None:
        """The old key stays. A key that was made and is not in use yet is revoked. Raises MosaicError."""
        new = self._state.new
        if self._state.is_running or new is None or self._state.step not in (RotationStep.CHECK, RotationStep.USE):
            return
        if self._state.is_lost and any(key.is_own and key.id == new.id for key in await self._desk.keys()):
            self._become(replace(self._state, step=RotationStep.REVOKE, is_lost=False))
            return
        await self._desk.revoke_key(new.id)
        self._become(RotationState())

    async def _take_step(self, step: RotationStep) -> None:
        new = self._state.new
        if new is None:
            new = await self._desk.create_key(self._old.webhook_url)
            self._become(replace(self._state, step=RotationStep.CHECK, new=new))
        elif step is RotationStep.CHECK:
            await self._desk.check_key(new.key)
            self._become(replace(self._state, step=RotationStep.USE))
        elif step is RotationStep.USE:
            await self._desk.use_key(new)
            self._become(replace(self._state, step=RotationStep.REVOKE))
        else:
            await self._desk.revoke_key(self._old.id)
            self._become(replace(self._state, step=RotationStep.DONE))

    def _become(self, state: RotationState) -> None:
        self._state = state
        self._on_change()
