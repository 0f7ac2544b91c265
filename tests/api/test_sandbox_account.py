"""Sign-in and the developer portal against the local Mosaic, a server that shares no code with them."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mosaic_desktop.api.client import ClassicMosaic
from mosaic_desktop.api.portal import DeveloperPortal
from mosaic_desktop.api.signature import read_delivery, verify
from mosaic_desktop.api.supabase import SupabaseAuth
from mosaic_desktop.api.supabase_protocol import read_token
from mosaic_desktop.core.account import RunNotice, Session, Verdict
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, ServiceError
from mosaic_desktop.core.run import RunSpec
from mosaic_desktop.core.secrets import Secret
from tests.api.service import Talk, serving
from tests.api.test_sandbox import mosaic, upload
from tests.support.loop import AsyncRun
from tests.support.media import make_clip
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE, until_async

Call = Callable[[DeveloperPortal, Secret], Awaitable[object]]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with start_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@asynccontextmanager
async def signing_in(sandbox: RunningSandbox, anon_key: str | None = None) -> AsyncIterator[SupabaseAuth]:
    auth = SupabaseAuth(sandbox.auth_url, anon_key or str(sandbox.ready_line["anon_key"]))
    yield auth
    await auth.aclose()


@asynccontextmanager
async def portal_of(sandbox: RunningSandbox) -> AsyncIterator[DeveloperPortal]:
    portal = DeveloperPortal(sandbox.base_url)
    yield portal
    await portal.aclose()


async def signed_in(auth: SupabaseAuth, sandbox: RunningSandbox) -> Session:
    return await auth.sign_in(sandbox.account.email, Secret(sandbox.account.password))


async def accepts(sandbox: RunningSandbox, key: Secret) -> bool:
    client = ClassicMosaic(sandbox.base_url, key)
    try:
        await client.check()
    except AuthError:
        return False
    finally:
        await client.aclose()
    return True


async def code_of(work: Awaitable[object]) -> tuple[type[MosaicError], str]:
    with pytest.raises(MosaicError) as caught:
        await work
    return type(caught.value), caught.value.code


def test_from_signing_in_to_signing_out(run_async: AsyncRun, sandbox: RunningSandbox) -> None:
    async def drive() -> None:
        async with signing_in(sandbox) as auth, portal_of(sandbox) as portal:
            first = await signed_in(auth, sandbox)
            assert first.email == sandbox.account.email
            assert time.time() + 3500 < first.expires_at <= time.time() + 3600
            assert read_token(first.access).expires_at == pytest.approx(first.expires_at, abs=2)
            assert first.refresh is not None

            second = await auth.refresh(first.refresh)
            assert second.refresh not in (None, first.refresh)
            assert await portal.balance(second.access) > 0
            await auth.sign_out(second.access)
            await auth.sign_out(second.access)  # as after an answer that was lost
            assert await code_of(portal.balance(second.access)) == (AuthError, Code.INVALID_KEY)
            assert second.refresh is not None
            assert await code_of(auth.refresh(second.refresh)) == (AuthError, Code.SESSION_ENDED)

    run_async(drive())


def test_a_token_that_was_used_long_ago_ends_the_session(run_async: AsyncRun, sandbox: RunningSandbox) -> None:
    async def drive() -> None:
        async with signing_in(sandbox) as auth:
            tokens = [(await signed_in(auth, sandbox)).refresh]
            for _ in range(2):
                assert tokens[-1] is not None
                tokens.append((await auth.refresh(tokens[-1])).refresh)
            for token in (tokens[0], tokens[-1]):
                assert token is not None
                assert await code_of(auth.refresh(token)) == (AuthError, Code.SESSION_ENDED)

    run_async(drive())


def test_refusals_of_a_sign_in(run_async: AsyncRun, sandbox: RunningSandbox) -> None:
    async def drive() -> None:
        email, password = sandbox.account.email, Secret(sandbox.account.password)
        async with signing_in(sandbox) as auth:
            assert await code_of(auth.sign_in(email, Secret("wrong"))) == (AuthError, Code.INVALID_LOGIN)
            assert await code_of(auth.sign_in("nobody@x.invalid", password)) == (AuthError, Code.INVALID_LOGIN)
            assert await code_of(auth.sign_in("", Secret(""))) == (ServiceError, Code.VALIDATION)
            assert await code_of(auth.refresh(Secret("nonsense"))) == (AuthError, Code.SESSION_ENDED)
        async with signing_in(sandbox, "another") as auth:  # the profile's fault, and no verdict on the password
            assert await code_of(auth.sign_in(email, password)) == (ServiceError, Code.VALIDATION)

    run_async(drive())


def test_the_life_of_a_key(run_async: AsyncRun, sandbox: RunningSandbox) -> None:
    async def drive() -> None:
        async with signing_in(sandbox) as auth, portal_of(sandbox) as portal:
            access = (await signed_in(auth, sandbox)).access
            before = await portal.keys(access)
            new = await portal.create_key(access, "https://hook.invalid/a")
            assert new.key.reveal().startswith("mk_")
            assert new.webhook_url == "https://hook.invalid/a"

            listed = {key.id: key for key in await portal.keys(access)}
            assert listed.keys() == {key.id for key in before} | {new.id}
            assert listed[new.id].webhook_url == "https://hook.invalid/a"
            assert listed[new.id].created_at == pytest.approx(time.time(), abs=PATIENCE)
            assert listed[new.id].last_used_at is None
            assert await accepts(sandbox, new.key)

            for url in ("https://hook.invalid/b", None):
                await portal.set_webhook(access, new.id, url)
                [changed] = [key for key in await portal.keys(access) if key.id == new.id]
                assert changed.webhook_url == url
                assert changed.last_used_at is not None

            await portal.revoke(access, new.id)
            assert not await accepts(sandbox, new.key)
            assert {key.id for key in await portal.keys(access)} == {key.id for key in before}
            assert await code_of(portal.revoke(access, new.id)) == (ServiceError, Code.NOT_FOUND)

    run_async(drive())


@pytest.mark.parametrize(
    "call",
    [
        lambda portal, access: portal.keys(access),
        lambda portal, access: portal.create_key(access),
        lambda portal, access: portal.set_webhook(access, "0d4f9c0e-6f5f-4a53-8f43-0f1d8d3a0001", None),
        lambda portal, access: portal.revoke(access, "0d4f9c0e-6f5f-4a53-8f43-0f1d8d3a0001"),
        lambda portal, access: portal.balance(access),
    ],
)
def test_an_api_key_does_not_open_the_portal(run_async: AsyncRun, sandbox: RunningSandbox, call: Call) -> None:
    async def drive() -> None:
        async with portal_of(sandbox) as portal:
            for access in (Secret(sandbox.api_key), Secret("eyJ.eyJ.x")):
                assert await code_of(call(portal, access)) == (AuthError, Code.INVALID_KEY)

    run_async(drive())


def test_a_session_token_opens_everything_else(run_async: AsyncRun, sandbox: RunningSandbox) -> None:
    async def drive() -> None:
        async with signing_in(sandbox) as auth:
            assert await accepts(sandbox, (await signed_in(auth, sandbox)).access)

    run_async(drive())


def test_a_delivery_is_signed_as_this_side_understands_it(
    run_async: AsyncRun, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=1)

    async def take(talk: Talk) -> None:
        await talk.answer(204, b"")

    async def drive() -> None:
        async with signing_in(sandbox) as auth, portal_of(sandbox) as portal, serving(take) as receiver:
            access = (await signed_in(auth, sandbox)).access
            new = await portal.create_key(access, f"http://127.0.0.1:{receiver.port}/hook")
            async with mosaic(sandbox, new.key.reveal()) as client:
                run_id = await client.start_run(await upload(client, clip), RunSpec(prompt="Make it vertical"))
            await until_async(lambda: receiver.seen)
        [seen] = receiver.seen
        header, now = seen.headers["x-mosaic-signature"], time.time()
        assert verify(header, seen.body, [Secret(sandbox.api_key), new.key], now) is Verdict.ACCEPTED
        assert verify(header, seen.body, [Secret(sandbox.api_key)], now) is Verdict.FORGED
        assert verify(header, seen.body, [new.key], now + 400) is Verdict.LATE
        assert read_delivery(seen.body) == RunNotice("agent_run.completed", run_id, "success")

    run_async(drive())


def test_the_limit_of_a_minute(run_async: AsyncRun, tmp_path_factory: pytest.TempPathFactory) -> None:
    async def drive(sandbox: RunningSandbox) -> None:
        async with signing_in(sandbox) as auth, portal_of(sandbox) as portal:
            access = (await signed_in(auth, sandbox)).access
            for _ in range(3):
                await portal.balance(access)
            waits = []
            for _ in range(2):  # the second one does not leave
                with pytest.raises(ServiceError) as caught:
                    await portal.balance(access)
                assert (caught.value.code, caught.value.retryable) == (Code.RATE_LIMIT, True)
                waits.append(caught.value.retry_after or 0)
            assert 10 < waits[1] <= waits[0] <= 60

    with start_sandbox(tmp_path_factory.mktemp("limited"), "--portal-requests", "3") as limited:
        run_async(drive(limited))
