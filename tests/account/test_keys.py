"""API keys: what is listed, which one is this profile's, and that nothing is done twice or told too early."""

import asyncio

import pytest

from mosaic_desktop.core.account import ApiKey
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, NetworkError, ProtocolError, ServiceError
from mosaic_desktop.core.secrets import Secret
from tests.account.rig import OFFLINE, Rig, told


def listed(*ids: str) -> list[ApiKey]:
    return [ApiKey(key_id, 1_600_000_000.0, 1_650_000_000.0) for key_id in ids]


@told
async def test_keys_have_the_hints_that_are_remembered(rig: Rig) -> None:
    rig.own_id, rig.hints = "b", {"a": "mk_…aaaa", "gone": "mk_…gone"}
    rig.portal.listed = listed("a", "b", "c")
    async with rig.desk(signed_in=True) as desk:
        found = await desk.keys()
    assert [(key.id, key.hint, key.is_own) for key in found] == [
        ("a", "mk_…aaaa", False),
        ("b", "mk_…own", True),
        ("c", "", False),
    ]


@told
async def test_the_own_key_is_found_by_using_it(rig: Rig) -> None:
    rig.portal.listed, rig.own_key = listed("a", "b"), "b"
    async with rig.desk(signed_in=True) as desk:
        found = await desk.keys()
        assert [key.is_own for key in found] == [False, True]
        assert found[1].last_used_at == rig.clock.now()
        calls = rig.portal.calls
        await desk.keys()
        assert rig.portal.calls == calls + 1, "it is looked for once"
    assert rig.own_id == "b"


@told
async def test_a_key_that_was_never_used_is_found_too(rig: Rig) -> None:
    rig.portal.listed, rig.own_key = [ApiKey("a"), ApiKey("b")], "a"
    async with rig.desk(signed_in=True) as desk:
        await desk.keys()
    assert rig.own_id == "a"


@told
async def test_a_service_that_notes_a_use_once_a_second_is_asked_twice(rig: Rig) -> None:
    rig.portal.listed, rig.own_key = listed("a", "b"), "b"
    use = rig.portal.use
    rig.portal.use = lambda key_id: use(key_id) if rig.touches > 1 else None  # type: ignore[method-assign]
    async with rig.desk(signed_in=True) as desk:
        listing = asyncio.create_task(desk.keys())
        await rig.pass_time(10.0)
        assert [key.is_own for key in await listing] == [False, True]


@told
async def test_where_two_keys_were_used_nobody_guesses(rig: Rig) -> None:
    rig.portal.listed, rig.own_key = listed("a", "b"), "b"
    async with rig.desk(signed_in=True) as desk:
        use = rig.portal.use
        rig.portal.use = lambda key_id: [use(one) for one in ("a", key_id)]  # type: ignore[method-assign, assignment]
        found = await desk.keys()
    assert rig.own_id is None
    assert not any(key.is_own for key in found)


@pytest.mark.parametrize("problem", [AuthError(Code.INVALID_KEY, status=401), OFFLINE], ids=["revoked", "offline"])
@told
async def test_where_the_own_key_does_not_work_the_list_is_shown_all_the_same(rig: Rig, problem: MosaicError) -> None:
    rig.portal.listed, rig.key_problem = listed("a", "b"), problem
    async with rig.desk(signed_in=True) as desk:
        assert [key.id for key in await desk.keys()] == ["a", "b"]
    assert rig.own_id is None


@told
async def test_the_own_key_keeps_its_hint_when_another_one_takes_its_place(rig: Rig) -> None:
    rig.portal.listed, rig.own_id = listed("a", "b"), "a"
    async with rig.desk(signed_in=True) as desk:
        await desk.keys()
        rig.own_id = "b"
        (before, _) = await desk.keys()
    assert (before.id, before.hint, before.is_own) == ("a", "mk_…own", False)


@told
async def test_a_new_key_is_given_once_and_its_hint_remembered(rig: Rig) -> None:
    rig.own_id = "key-0"
    async with rig.desk(signed_in=True) as desk:
        new = await desk.create_key("https://hooks.example/mosaic")
        assert new.key.reveal().startswith("mk_live_")
        (key,) = await desk.keys()
    assert (key.hint, key.webhook_url) == (new.key.masked, "https://hooks.example/mosaic")
    assert new.key.reveal() not in repr((rig.hints, key, new))


@told
async def test_a_lost_answer_is_not_asked_again(rig: Rig) -> None:
    rig.own_id = "key-0"
    async with rig.desk(signed_in=True) as desk:
        rig.portal.lost = 1
        with pytest.raises(NetworkError) as caught:
            await desk.create_key()
        assert (caught.value.seen, caught.value.retryable) == (True, False)
        assert len(await desk.keys()) == 1, "the list tells what became of it"
    assert rig.hints == {}


@pytest.mark.parametrize(
    ("error", "seen"),
    [
        (ProtocolError(Code.UNREADABLE_ANSWER), True),
        (ServiceError(Code.SERVER, status=500, retryable=True), True),
        (ServiceError(Code.GATEWAY, status=502), True),
        (OFFLINE, False),
        (ServiceError(Code.RATE_LIMIT, status=429, retryable=True), None),
        (ServiceError(Code.VALIDATION, status=400), None),
    ],
    ids=lambda value: getattr(value, "code", value),
)
@told
async def test_it_is_told_whether_a_key_may_have_been_made(rig: Rig, error: MosaicError, seen: bool | None) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.portal.down = error
        calls = rig.portal.calls
        with pytest.raises(MosaicError) as caught:
            await desk.create_key()
    assert caught.value.code == error.code
    assert getattr(caught.value, "seen", None) is seen
    assert rig.portal.calls == calls + 1


@told
async def test_a_refused_session_makes_one_key(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        rig.auth.ends_at.clear()
        await desk.create_key()
    assert len(rig.portal.listed) == 1


@told
async def test_a_webhook_is_set_and_removed(rig: Rig) -> None:
    rig.own_id, rig.portal.listed = "a", listed("a")
    async with rig.desk(signed_in=True) as desk:
        await desk.set_webhook("a", "https://hooks.example")
        assert (await desk.keys())[0].webhook_url == "https://hooks.example"
        await desk.set_webhook("a", None)
        assert (await desk.keys())[0].webhook_url is None


@told
async def test_a_key_is_revoked_when_the_service_says_so(rig: Rig) -> None:
    rig.own_id, rig.portal.listed = "a", listed("a", "b")
    async with rig.desk(signed_in=True) as desk:
        rig.portal.down = OFFLINE
        with pytest.raises(NetworkError):
            await desk.revoke_key("b")
        rig.portal.down = None
        assert len(await desk.keys()) == 2
        await desk.revoke_key("b")
        assert [key.id for key in await desk.keys()] == ["a"]
        await desk.revoke_key("b")  # the answer to the first call may have been lost


@told
async def test_a_key_whose_id_was_never_told_is_not_taken_for_revoked(rig: Rig) -> None:
    async with rig.desk(signed_in=True) as desk:
        with pytest.raises(ServiceError):
            await desk.revoke_key("")


@told
async def test_the_own_key_is_tried_once_it_is_revoked_so_that_its_end_is_seen(rig: Rig) -> None:
    rig.own_id, rig.portal.listed = "a", listed("a", "b")
    rig.key_problem = AuthError(Code.INVALID_KEY, status=401)
    async with rig.desk(signed_in=True) as desk:
        await desk.revoke_key("b")
        assert rig.touches == 0
        await desk.revoke_key("a")
        assert rig.touches == 1


@told
async def test_a_key_that_is_used_from_here_on_is_the_own_one(rig: Rig) -> None:
    rig.own_id, rig.portal.listed = "a", listed("a")
    async with rig.desk(signed_in=True) as desk:
        new = await desk.create_key()
        await desk.check_key(new.key)
        await desk.use_key(new)
        assert [(key.id, key.is_own) for key in await desk.keys()] == [("a", False), (new.id, True)]
        rig.key_problem = AuthError(Code.INVALID_KEY)
        with pytest.raises(AuthError):
            await desk.check_key(Secret("mk_wrong"))
