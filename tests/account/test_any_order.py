"""Whatever happens in whatever order, a good session is not lost, and one that was left does not come back."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count

import pytest

from mosaic_desktop.account.desk import Desk
from mosaic_desktop.core.account import SignInState
from mosaic_desktop.core.errors import MosaicError, ServiceError
from tests.account.rig import EMAIL, OFFLINE, PASSWORD, Rig, settle, told

STEPS = 50


class User:
    """Does things without waiting for their end, while the world has its faults. ``wants_in``: what was wished last."""

    def __init__(self, rig: Rig, desk: Desk, chance: random.Random, wants_in: bool) -> None:
        self._rig = rig
        self._desk = desk
        self._chance = chance
        assert rig.vault is not None
        self._gates = (rig.auth.gate, rig.vault.gate, rig.vault.questions, rig.portal.gate)
        self._numbers = count()
        self._calls: set[asyncio.Task[None]] = set()
        self.wants_in = wants_in

    async def act(self) -> None:
        chance, rig = self._chance, self._rig
        match chance.choice(("call", "call", "read", "cancel", "time", "time", "gate", "fault", "lost", "in", "out")):
            case "call":
                self._begin(self._desk.keys)
            case "read":
                self._begin(self._desk.read_balance)
            case "cancel" if self._calls:
                call = chance.choice(sorted(self._calls, key=lambda task: task.get_name()))
                call.cancel() if call.get_name().endswith("may be cancelled") else None
            case "time":
                rig.clock.jump += chance.choice((0.0, 0.0, 3600.0, -3600.0, 30.0))
                await rig.pass_time(chance.choice((1.0, 30.0, 600.0, 4000.0)), step=20.0)
            case "gate":
                gate = chance.choice(self._gates)
                gate.open() if chance.random() < 0.5 else gate.close()
            case "fault":
                rig.auth.down = chance.choice((None, OFFLINE, ServiceError("internal_server_error", retryable=True)))
            case "lost":
                rig.auth.lost = 1
            case "in" if not self.wants_in:
                await self.calm()
                await self._desk.sign_in(EMAIL, PASSWORD)
                self.wants_in = True
            case "out" if self.wants_in and chance.random() < 0.4:
                self.wants_in = False
                self._begin(self._desk.sign_out, "sign out")
        for _ in range(chance.randrange(4)):
            await asyncio.sleep(0)

    async def calm(self) -> None:
        """The world is well again, and everything that was begun comes to its end."""
        self._rig.auth.down, self._rig.auth.lost = None, 0
        for gate in self._gates:
            gate.open()
        await settle()
        await self._rig.pass_time(700.0, step=20.0)
        await asyncio.gather(*self._calls, return_exceptions=True)

    def _begin(self, call: Callable[[], Awaitable[object]], name: str = "may be cancelled") -> None:
        task = asyncio.get_running_loop().create_task(self._quietly(call), name=f"{next(self._numbers):03} {name}")
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _quietly(self, call: Callable[[], Awaitable[object]]) -> None:
        with suppress(MosaicError):
            await call()


@pytest.mark.parametrize("seed", range(12))
@told
async def test_any_order(rig: Rig, seed: int) -> None:
    chance, wants_in = random.Random(seed), False
    for _ in range(3):  # restarts
        async with rig.desk() as desk:
            user = User(rig, desk, chance, wants_in)
            for _ in range(STEPS):
                await user.act()
                live = [one for one in rig.auth.sessions if one.is_alive]
                assert desk.sign_in_state.state is not SignInState.ENDED, "no token was used twice too late"
                assert not rig.token or any(rig.token in one.refresh[-2:] for one in live) or not user.wants_in
            await user.calm()
            wants_in = user.wants_in
            if wants_in:
                await desk.keys()
                assert desk.sign_in_state.kept
                assert rig.token == rig.auth.sessions[-1].refresh[-1]
            else:
                assert desk.sign_in_state.state is SignInState.OUT
                assert rig.token == ""
