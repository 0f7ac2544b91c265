"""Replacing a key stops safely at any step and goes on from there."""

import asyncio

import pytest

from mosaic_desktop.account.desk import Desk
from mosaic_desktop.account.rotation import Rotation, RotationStep
from mosaic_desktop.core.account import ApiKey
from mosaic_desktop.core.errors import AuthError, Code, VaultError
from tests.account.rig import OFFLINE, Rig, settle, told

OLD = ApiKey("old", webhook_url="https://hooks.example/mosaic", is_own=True)


def prepared(rig: Rig, desk: Desk) -> tuple[Rotation, list[RotationStep]]:
    rig.portal.listed, rig.own_id = [OLD], "old"
    steps: list[RotationStep] = []
    rotation = Rotation(desk, OLD, lambda: steps.append(rotation.state.step))
    return rotation, steps


def ids(rig: Rig) -> list[str]:
    return [key.id for key in rig.portal.listed]


@told
async def test_all_steps(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rotation, steps = prepared(rig, desk)
        await rotation.run()
        state = rotation.state
        assert (state.step, state.is_running, state.problem) == (RotationStep.DONE, False, None)
        assert state.new is not None
        assert list(dict.fromkeys(steps)) == list(RotationStep)
        assert (ids(rig), rig.own_id, rig.used) == ([state.new.id], state.new.id, [state.new])
        assert rig.portal.listed[0].webhook_url == OLD.webhook_url
        await rotation.run()
        assert len(rig.portal.listed) == 1


@told
async def test_it_can_stop_before_a_step(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rotation, _ = prepared(rig, desk)
        await rotation.run(until=RotationStep.REVOKE)
        state = rotation.state
        assert (state.step, state.is_running, state.problem) == (RotationStep.REVOKE, False, None)
        assert "old" in ids(rig)
        await rotation.run(until=RotationStep.REVOKE)
        assert rotation.state.step is RotationStep.REVOKE
        await rotation.run()
        assert "old" not in ids(rig)


@told
async def test_the_old_key_stays_in_use_until_the_new_one_is_proven(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rotation, _ = prepared(rig, desk)
        rig.key_problem = AuthError(Code.INVALID_KEY)
        await rotation.run()
        state = rotation.state
        assert (state.step, state.is_running) == (RotationStep.CHECK, False)
        assert state.problem is not None
        assert (rig.own_id, rig.used, "old" in ids(rig)) == ("old", [], True)
        rig.key_problem = None
        await rotation.run()
        assert rotation.state.step is RotationStep.DONE
        assert len(rig.portal.listed) == 1, "no second key was made"


@told
async def test_the_old_key_stays_in_use_until_the_new_one_is_kept(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rotation, _ = prepared(rig, desk)
        rig.use_problem = VaultError(Code.KEYRING_LOCKED)
        await rotation.run()
        assert rotation.state.step is RotationStep.USE
        assert (rig.own_id, "old" in ids(rig)) == ("old", True)
        await rotation.give_up()
        assert (ids(rig), rotation.state.new) == (["old"], None)


@told
async def test_revoking_the_old_key_can_be_tried_again(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rotation, steps = prepared(rig, desk)

        def cut_the_line() -> None:
            steps.append(rotation.state.step)
            rig.portal.down = OFFLINE if rotation.state.step is RotationStep.REVOKE else None

        rotation._on_change = cut_the_line
        await rotation.run()
        state = rotation.state
        assert (state.step, len(rig.portal.listed)) == (RotationStep.REVOKE, 2)
        assert state.new is not None
        assert rig.own_id == state.new.id
        await rotation.give_up()
        assert len(rig.portal.listed) == 2, "the new one is in use"
        rotation._on_change = lambda: None
        rig.portal.down = None
        await rotation.run()
        assert ids(rig) == [state.new.id]


@told
async def test_a_lost_answer_is_told(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rotation, _ = prepared(rig, desk)
        rig.portal.lost = 1
        await rotation.run()
        state = rotation.state
        assert (state.step, state.is_lost, state.new, rig.own_id) == (RotationStep.CREATE, True, None, "old")


@told
async def test_it_runs_once_at_a_time(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rotation, _ = prepared(rig, desk)
        await asyncio.gather(rotation.run(), rotation.run())
        assert len(rig.used) == 1


@told
async def test_a_window_that_closes_in_the_middle_leaves_it_where_it_was(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rotation, _ = prepared(rig, desk)
        rig.portal.gate.close()
        running = asyncio.create_task(rotation.run())
        await settle()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        state = rotation.state
        assert (state.step, state.is_running, state.is_lost) == (RotationStep.CREATE, False, True)
        rig.portal.gate.open()
