"""A session is kept until the service itself ends it."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress

import pytest

from mosaic_desktop.core.account import SignInState
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, NetworkError, Problem, ServiceError, VaultError
from mosaic_desktop.core.secrets import Secret
from tests.account.rig import EMAIL, OFFLINE, PASSWORD, PASTED, Gate, Rig, settle, told

MINUTE, HOUR = 60.0, 3600.0


async def code_of(call: Awaitable[object]) -> str:
    with pytest.raises(MosaicError) as caught:
        await call
    return caught.value.code


@told
async def test_signing_in_keeps_the_refresh_token_alone(rig: Rig) -> None:
    async with rig.desk() as desk:
        assert desk.sign_in_state.state is SignInState.OUT
        await desk.sign_in(EMAIL, PASSWORD)
        state = desk.sign_in_state
        assert (state.state, state.email, state.kept, state.problem) == (SignInState.IN, EMAIL, True, None)
    assert rig.vault is not None
    assert rig.vault.secrets == {"session": Secret("refresh-1")}


@told
async def test_a_wrong_password_changes_nothing(rig: Rig) -> None:
    async with rig.desk() as desk:
        assert await code_of(desk.sign_in(EMAIL, Secret("wrong"))) == Code.INVALID_LOGIN
        assert desk.sign_in_state.state is SignInState.OUT
        assert await code_of(desk.keys()) == Code.SIGNED_OUT


@told
async def test_a_profile_without_an_address_cannot_sign_in(rig: Rig) -> None:
    rig.has_auth = False
    async with rig.desk() as desk:
        assert desk.sign_in_state.state is SignInState.UNAVAILABLE
        assert await code_of(desk.sign_in(EMAIL, PASSWORD)) == Code.NO_SIGN_IN
        assert await code_of(desk.keys()) == Code.NO_SIGN_IN
        await rig.pass_time(HOUR)
    assert rig.portal.calls == 0


# --- Refreshing


@told
async def test_a_session_lives_for_days(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        await rig.pass_time(48 * HOUR, step=20.0)
        assert desk.sign_in_state.state is SignInState.IN
        await desk.keys()
    assert 55 <= rig.auth.refreshes <= 62, "once in 48 minutes"
    assert rig.token == rig.auth.sessions[0].refresh[-1]


@told
async def test_a_token_is_renewed_at_four_fifths_of_its_life(rig: Rig) -> None:
    async with rig.desk(signed_in=True):
        await rig.pass_time(47 * MINUTE)
        assert rig.auth.refreshes == 0
        await rig.pass_time(2 * MINUTE)
        assert rig.auth.refreshes == 1


@told
async def test_a_short_lived_token_is_not_renewed_all_the_time(rig: Rig) -> None:
    rig.auth.life = 4 * MINUTE
    async with rig.desk(signed_in=True):
        await rig.pass_time(HOUR)
    assert 20 <= rig.auth.refreshes <= 31


@told
async def test_callers_share_one_refresh(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 2 * HOUR
        rig.auth.gate.close()
        calls = [asyncio.create_task(desk.keys()) for _ in range(8)]
        await rig.pass_time(MINUTE)
        rig.auth.gate.open()
        await asyncio.gather(*calls)
    assert (rig.auth.refreshes, rig.auth.at_once) == (1, 1)


@told
async def test_a_cancelled_caller_does_not_end_the_refresh_of_the_others(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 2 * HOUR
        rig.auth.gate.close()
        first, second = asyncio.create_task(desk.keys()), asyncio.create_task(desk.keys())
        await settle()
        first.cancel()
        await settle()
        rig.auth.gate.open()
        await second
        with suppress(asyncio.CancelledError):
            await first
        assert first.cancelled()
    assert rig.auth.tries == 1


@told
async def test_the_next_token_is_kept_before_its_access_is_used(rig: Rig) -> None:
    assert rig.vault is not None
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 2 * HOUR
        rig.vault.gate.close()
        calls = rig.portal.calls
        listing = asyncio.create_task(desk.keys())
        await settle()
        assert (rig.auth.refreshes, rig.portal.calls) == (1, calls)
        rig.vault.gate.open()
        await listing
        assert rig.token == "refresh-2"


@told
async def test_a_lost_answer_to_a_refresh_ends_nothing(rig: Rig) -> None:
    """The server has rotated; the parent of its live token is good for once more."""
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 2 * HOUR
        rig.auth.lost = 1
        assert await code_of(desk.keys()) == Code.INTERRUPTED
        assert desk.sign_in_state.state is SignInState.IN
        await desk.keys()
        for _ in range(3):
            await rig.pass_time(HOUR)
        assert desk.sign_in_state.state is SignInState.IN


@told
async def test_a_vault_that_fails_after_the_rotation_costs_no_session(rig: Rig) -> None:
    assert rig.vault is not None
    async with rig.desk(signed_in=True) as desk:
        rig.vault.problem = VaultError(Code.KEYRING_FAILED)
        rig.clock.jump += 2 * HOUR
        await desk.keys()
        state = desk.sign_in_state
        assert (state.state, state.kept) == (SignInState.IN, False)
        assert state.problem is not None
        assert state.problem.code == Code.KEYRING_FAILED
        rig.vault.problem = None
        await rig.pass_time(HOUR)
        state = desk.sign_in_state
        assert (state.kept, state.problem) == (True, None)
    async with rig.desk() as desk:
        await desk.keys()


@told
async def test_after_one_lost_write_the_kept_parent_still_restores(rig: Rig) -> None:
    assert rig.vault is not None
    async with rig.desk(signed_in=True) as desk:
        rig.vault.problem = VaultError(Code.KEYRING_FAILED)
        rig.clock.jump += 2 * HOUR
        await desk.keys()
    rig.vault.problem = None
    async with rig.desk() as desk:
        await desk.keys()
        assert desk.sign_in_state.state is SignInState.IN


@told
async def test_a_keyring_that_does_not_answer_holds_nobody_up_for_good(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mosaic_desktop.account.kept_token._LONGEST_SECONDS", 0.01)
    assert rig.vault is not None
    rig.vault.gate.close()
    async with rig.desk() as desk:
        await desk.sign_in(EMAIL, PASSWORD)
        assert desk.sign_in_state.kept is False
        rig.vault.gate.open()
        await settle()
        assert desk.sign_in_state.kept is True


# --- Trouble


@pytest.mark.parametrize(
    "trouble",
    [
        OFFLINE,
        NetworkError(Code.INTERRUPTED, seen=True),
        ServiceError(Code.SERVER, status=500, retryable=True),
        ServiceError(Code.RATE_LIMIT, status=429, retryable=True, retry_after=30.0),
        ServiceError(Code.GATEWAY, status=400),
    ],
    ids=lambda error: error.code,
)
@told
async def test_half_an_hour_of_trouble_ends_no_session(rig: Rig, trouble: MosaicError) -> None:
    async with rig.desk(signed_in=True) as desk:
        await rig.pass_time(47 * MINUTE)
        rig.auth.down = rig.portal.down = trouble
        await rig.pass_time(30 * MINUTE)
        assert desk.sign_in_state.state is SignInState.IN
        assert 20 <= rig.auth.tries <= 60, "tried about once a minute"
        rig.auth.down = rig.portal.down = None
        await rig.pass_time(2 * MINUTE)
        assert (desk.sign_in_state.state, desk.sign_in_state.problem) == (SignInState.IN, None)
        assert desk.balance.problem is None
        await desk.keys()


@told
async def test_half_an_hour_offline_from_the_start(rig: Rig) -> None:
    async with rig.desk(signed_in=True):
        pass
    rig.auth.down = rig.portal.down = OFFLINE
    async with rig.desk() as desk:
        await rig.pass_time(30 * MINUTE)
        state = desk.sign_in_state
        assert (state.state, state.email) == (SignInState.IN, EMAIL)
        assert state.problem is not None
        assert state.problem.code == Code.UNREACHABLE
        assert 20 <= rig.auth.tries <= 60, "tried about once a minute"
        rig.auth.down = rig.portal.down = None
        await rig.pass_time(2 * MINUTE)
        assert desk.balance.latest is not None


@told
async def test_a_pause_that_the_service_asks_for_is_kept(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 2 * HOUR
        rig.auth.down = ServiceError(Code.RATE_LIMIT, status=429, retryable=True, retry_after=120.0)
        for _ in range(5):
            assert await code_of(desk.keys()) == Code.RATE_LIMIT
        assert rig.auth.tries == 1
        rig.auth.down = None
        await rig.pass_time(119.0)
        assert rig.auth.tries == 1
        await rig.pass_time(25.0)
        assert rig.auth.refreshes == 1
        await desk.keys()


@told
async def test_what_the_user_asks_for_is_tried_at_once_after_a_network_fault(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 2 * HOUR
        rig.auth.down = OFFLINE
        assert await code_of(desk.keys()) == Code.UNREACHABLE
        rig.auth.down = None
        await desk.keys()


@told
async def test_the_service_ends_a_session_and_it_is_told_once(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        states = []
        desk.subscribe(lambda: states.append(desk.sign_in_state.state))
        rig.auth.sessions[0].is_alive = False
        await rig.pass_time(3 * HOUR, step=20.0)
        assert await code_of(desk.keys()) == Code.SESSION_ENDED
        changes = [new for old, new in zip([SignInState.IN, *states], states, strict=False) if new is not old]
        assert changes == [SignInState.ENDED]
        assert desk.sign_in_state.email == EMAIL
    assert rig.token == ""
    tries = rig.auth.tries
    async with rig.desk() as desk:
        assert await code_of(desk.keys()) == Code.SIGNED_OUT
    assert (tries, rig.auth.tries) == (1, 1)


@told
async def test_a_refused_token_is_renewed_once(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.auth.ends_at.clear()
        await desk.keys()
        assert rig.auth.refreshes == 1
        rig.portal.refuses = True
        calls = rig.portal.calls
        assert await code_of(desk.keys()) == Code.SIGN_IN_REFUSED
        assert (rig.auth.refreshes, rig.portal.calls - calls) == (2, 2)
        assert desk.sign_in_state.state is SignInState.IN, "the portal is not who ends a session"


# --- Clocks


@pytest.mark.parametrize("wrong", [HOUR, -HOUR, 30 * HOUR, -30 * HOUR])
@told
async def test_a_clock_that_is_set_right_ends_nothing(rig: Rig, wrong: float) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += wrong
        await desk.keys()
        await rig.pass_time(3 * HOUR, step=20.0)
        await desk.keys()
        assert desk.sign_in_state.state is SignInState.IN
    assert rig.auth.refreshes <= 5


@told
async def test_a_token_that_seems_over_when_it_comes_is_used(rig: Rig) -> None:
    """The times in the answer are by another clock than this computer's."""
    rig.auth.clock_error = -HOUR
    async with rig.desk(signed_in=True) as desk:
        for _ in range(5):
            await desk.keys()
        await rig.pass_time(3 * HOUR, step=20.0)
        await desk.keys()
    assert rig.auth.refreshes <= 5


@told
async def test_after_sleep_the_session_is_renewed_soon(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 8 * HOUR  # the other clock stood still
        rig.auth.ends_at.clear()
        await rig.pass_time(25.0)
        assert rig.auth.refreshes == 1
        await desk.keys()
        assert rig.auth.refreshes == 1


# --- Restarts and the vault


@told
async def test_a_session_survives_a_restart(rig: Rig) -> None:
    async with rig.desk(signed_in=True):
        pass
    async with rig.desk() as desk:
        await settle()
        assert (desk.sign_in_state.state, desk.sign_in_state.kept) == (SignInState.IN, True)
        assert desk.sign_in_state.email == EMAIL
        await desk.keys()


@told
async def test_without_a_vault_it_lasts_as_long_as_the_application(rig: Rig) -> None:
    rig.vault = None
    async with rig.desk(signed_in=True) as desk:
        assert (desk.sign_in_state.state, desk.sign_in_state.kept) == (SignInState.IN, False)
        assert desk.sign_in_state.problem is None
    async with rig.desk() as desk:
        assert await code_of(desk.keys()) == Code.SIGNED_OUT


@told
async def test_a_locked_keyring_ends_no_session(rig: Rig) -> None:
    assert rig.vault is not None
    async with rig.desk(signed_in=True):
        pass
    rig.vault.locked, rig.vault.asked = True, 0
    async with rig.desk() as desk:
        await rig.pass_time(10 * MINUTE)
        problem = desk.sign_in_state.problem
        assert problem is not None
        assert problem.code == Code.KEYRING_LOCKED
        assert rig.vault.asked == 0, "nobody asked for it"
        await desk.keys()
        assert rig.vault.asked == 1
        assert (desk.sign_in_state.state, desk.sign_in_state.problem) == (SignInState.IN, None)


@told
async def test_a_keyring_that_is_locked_later_is_asked_by_nobody_and_gets_the_token_once_it_is_open(rig: Rig) -> None:
    assert rig.vault is not None
    async with rig.desk(signed_in=True) as desk:
        rig.vault.locked, rig.vault.asked = True, 0
        rig.clock.jump += 2 * HOUR
        await desk.keys()
        await rig.pass_time(10 * MINUTE)
        state = desk.sign_in_state
        assert (state.kept, state.problem) == (False, Problem(Code.KEYRING_LOCKED, retryable=True))
        assert rig.vault.asked == 0
        rig.vault.locked = False
        await rig.pass_time(MINUTE)
        state = desk.sign_in_state
        assert (state.kept, state.problem, rig.token) == (True, None, "refresh-2")


@told
async def test_a_keyring_that_is_unlocked_elsewhere_gives_the_session(rig: Rig) -> None:
    assert rig.vault is not None
    async with rig.desk(signed_in=True):
        pass
    rig.vault.locked = True
    async with rig.desk() as desk:
        await rig.pass_time(MINUTE)
        assert desk.balance.problem is not None
        rig.vault.locked = False
        await rig.pass_time(2 * MINUTE)
        assert desk.sign_in_state.state is SignInState.IN
        assert len(desk.readings) > 1


@told
async def test_a_keyring_that_answers_late_does_not_undo_a_sign_in(rig: Rig) -> None:
    assert rig.vault is not None
    rig.vault.secrets["session"] = Secret("of an earlier session")
    rig.vault.questions.close()
    async with rig.desk() as desk:
        await settle()
        await desk.sign_in(EMAIL, PASSWORD)
        rig.vault.questions.open()
        await settle()
        await rig.pass_time(3 * HOUR, step=20.0)
        await desk.keys()
        assert (desk.sign_in_state.state, desk.sign_in_state.kept) == (SignInState.IN, True)


@told
async def test_a_keyring_that_answers_late_does_not_undo_a_sign_out(rig: Rig) -> None:
    assert rig.vault is not None
    async with rig.desk(signed_in=True):
        pass
    rig.vault.questions.close()
    async with rig.desk() as desk:
        await settle()
        await desk.sign_out()
        rig.vault.questions.open()
        await settle()
        assert desk.sign_in_state.state is SignInState.OUT
        assert await code_of(desk.keys()) == Code.SIGNED_OUT
    assert rig.token == ""


@told
async def test_the_end_of_the_application_waits_for_a_refresh_under_way(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 2 * HOUR
        rig.auth.gate.close()
        listing = asyncio.create_task(desk.keys())
        await settle()
        closing = asyncio.create_task(desk.aclose())
        await settle()
        assert not closing.done()
        rig.auth.gate.open()
        await closing
        await listing
        assert await code_of(desk.sign_in(EMAIL, PASSWORD)) == Code.UNREACHABLE
    assert rig.token == "refresh-2"


# --- Signing out and in


@told
async def test_signing_out_forgets_here_and_there(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        await desk.sign_out()
        assert desk.sign_in_state.state is SignInState.OUT
        assert await code_of(desk.keys()) == Code.SIGNED_OUT
    assert (rig.token, rig.auth.told) == ("", ["access-1"])


@told
async def test_signing_out_offline_forgets_here(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.auth.down = OFFLINE
        await desk.sign_out()
        assert desk.sign_in_state.state is SignInState.OUT
    assert rig.token == ""


@told
async def test_signing_out_with_an_old_access_token_reaches_the_service(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 2 * HOUR
        await desk.sign_out()
    assert rig.auth.told == ["access-2"]
    assert not rig.auth.sessions[0].is_alive


@told
async def test_signing_out_wins_over_a_refresh(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 2 * HOUR
        rig.auth.gate.close()
        listing = asyncio.create_task(desk.keys())
        await settle()
        await desk.sign_out()
        rig.auth.gate.open()
        assert await code_of(listing) == Code.SIGNED_OUT
        await settle()
        assert desk.sign_in_state.state is SignInState.OUT
    assert rig.token == ""
    assert not rig.auth.sessions[0].is_alive, "the session that came too late is ended too"


@told
async def test_signing_out_wins_over_a_write_under_way(rig: Rig) -> None:
    assert rig.vault is not None
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 2 * HOUR
        rig.vault.gate.close()
        listing = asyncio.create_task(desk.keys())
        await settle()
        leaving = asyncio.create_task(desk.sign_out())
        await settle()
        rig.vault.gate.open()
        await leaving
        assert await code_of(listing) == Code.SIGNED_OUT
        assert desk.sign_in_state.state is SignInState.OUT
    assert rig.token == ""


@told
async def test_a_new_sign_in_wins_over_a_refresh(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.clock.jump += 2 * HOUR
        rig.auth.gate.close()
        listing = asyncio.create_task(desk.keys())
        await settle()
        held, rig.auth.gate = rig.auth.gate, Gate()  # later calls pass
        await desk.sign_in(EMAIL, PASSWORD)
        kept = rig.token
        assert kept == "refresh-2"
        held.open()
        await listing
        assert rig.auth.sessions[0].refresh[-1] == "refresh-3", "the answer came, and too late"
        assert rig.token == kept
        await desk.keys()
        assert rig.auth.sessions[1].is_alive
    async with rig.desk() as desk:
        await desk.keys()


@told
async def test_signing_out_wins_over_signing_in(rig: Rig) -> None:
    async with rig.desk() as desk:
        rig.auth.gate.close()
        entering = asyncio.create_task(desk.sign_in(EMAIL, PASSWORD))
        await settle()
        await desk.sign_out()
        rig.auth.gate.open()
        assert await code_of(entering) == Code.SIGNED_OUT
        assert desk.sign_in_state.state is SignInState.OUT
    assert rig.token == ""
    assert not rig.auth.sessions[0].is_alive


@told
async def test_a_session_that_ended_can_be_begun_anew(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.auth.sessions[0].is_alive = False
        await rig.pass_time(HOUR)
        assert await code_of(desk.keys()) == Code.SESSION_ENDED
        await desk.sign_in(EMAIL, PASSWORD)
        await desk.keys()
        assert desk.sign_in_state.state is SignInState.IN
    assert rig.token == "refresh-2"


# --- A token that was pasted


@told
async def test_a_pasted_token_lasts_until_the_service_refuses_it(rig: Rig) -> None:
    rig.has_auth = False
    rig.portal.pasted.add("jwt")
    async with rig.desk() as desk:
        await desk.use_token(Secret("jwt"))
        state = desk.sign_in_state
        assert (state.state, state.kept, state.email) == (SignInState.IN, False, PASTED)
        await rig.pass_time(2 * HOUR, step=20.0)
        await desk.keys()
        rig.portal.pasted.clear()
        assert await code_of(desk.keys()) == Code.SESSION_ENDED
        assert desk.sign_in_state.state is SignInState.ENDED
    assert rig.token == ""


@told
async def test_a_pasted_token_that_is_refused_is_not_taken(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        with pytest.raises(AuthError) as caught:
            await desk.use_token(Secret("nonsense"))
        assert caught.value.code == Code.SIGN_IN_REFUSED
        assert desk.sign_in_state.email == EMAIL
    assert rig.token == "refresh-1"


@told
async def test_signing_out_leaves_the_session_alone_that_a_pasted_token_was_taken_from(rig: Rig) -> None:
    rig.portal.pasted.add("jwt")
    async with rig.desk() as desk:
        await desk.use_token(Secret("jwt"))
        await desk.sign_out()
        assert desk.sign_in_state.state is SignInState.OUT
        assert await code_of(desk.keys()) == Code.SIGNED_OUT
    assert rig.auth.told == [], "a browser may be signed in with it"


@told
async def test_a_pasted_token_leaves_a_locked_keyring_alone(rig: Rig) -> None:
    assert rig.vault is not None
    async with rig.desk(signed_in=True):
        pass
    rig.vault.locked = True
    rig.portal.pasted.add("jwt")
    async with rig.desk() as desk:
        await settle()
        await desk.use_token(Secret("jwt"))
        rig.portal.pasted.clear()
        rig.vault.locked = False
        await desk.keys()
        assert desk.sign_in_state.email == EMAIL, "what the keyring held goes on"
