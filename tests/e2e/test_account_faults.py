"""What goes wrong with an account while its user works, and the sentence that they read about it."""

import asyncio
import hashlib
import hmac
import http.client
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtGui import QGuiApplication

from mosaic_desktop.gui.credits_chip import CreditsChip
from tests.e2e.account import (
    Button,
    Rows,
    credits,
    deliveries,
    enter,
    fetch,
    listen,
    own_key,
    prepare,
    run,
    set_webhook,
    sign_in,
)
from tests.e2e.session import opened
from tests.e2e.user import User
from tests.sandbox.client import connect_sign_in
from tests.support.bus import lock_keyring, unlock_keyring
from tests.support.loop import AsyncRun
from tests.support.media import make_clip
from tests.support.sandbox_server import Account, RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE, until_async

pytestmark = pytest.mark.usefixtures("secret_service")

PEOPLE = ("revoker", "leaver", "sleeper", "listener")
REFUSED = (
    "Mosaic does not accept the API key of this account any more. What needs it waits; runs that have started go on at"
    " Mosaic. Enter another key, and everything goes on from here."
)
ENDED = "Your sign-in has ended, so credits and keys are not up to date. Your work goes on with the API key."
FORGED = "Forged. Not signed with a key that this app works with, so it was ignored."
LATE = (
    "Wrong time. Signed more than five minutes before or after this computer’s time, so it was ignored. "
    "Check this computer’s clock."
)
TOO_LARGE = "Too large. Larger than 1 MiB, which no delivery of Mosaic is, so it was ignored unread."
NOT_OURS = "Not ours. Signed with your key, for a run that this app does not know."
REPEATED = "Repeated. This delivery came before, so nothing was done again."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    others = [word for name in PEOPLE for word in ("--account", f"{name}@mosaic.local")]
    with start_sandbox(tmp_path_factory.mktemp("server"), *others) as running:
        yield running


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "talk.mp4")


def account_of(server: RunningSandbox, name: str) -> Account:
    return next(account for account in server.accounts if account.email.startswith(f"{name}@"))


# The key


async def copy_a_new_key(user: User) -> str:
    await user.click(Button, "Keys")
    await user.click(Button, "Create key")
    dialog = await user.dialog()
    await dialog.click(Button, "Create key")
    await dialog.click(Button, "Copy the API key")
    await dialog.click(Button, "Done")
    return QGuiApplication.clipboard().text()


def test_the_key_in_use_is_revoked(run_async: AsyncRun, tmp_path: Path, server: RunningSandbox, clip: Path) -> None:
    account = account_of(server, "revoker")

    async def story() -> None:
        async with opened(tmp_path / "data") as user:
            await enter(user, server, account)
            await sign_in(user, account)
            own = await own_key(user)
            spare = await copy_a_new_key(user)
            await prepare(user, clip, "Reframe")
            await user.click(Button, "Account")
            await user.choose_from_menu("API keys", own, "Revoke…")
            await user.read("This app works with this key. Once it is revoked, Mosaic refuses every upload and run")
            await user.answer("Revoke anyway")
            keys = await user.see(Rows, "API keys")
            await until_async(lambda: len(user.rows(keys)) == 1)
            await user.read(REFUSED)

            await user.click(Button, "Studio")
            await user.click(Button, "Run on 1 video")
            await user.click(Button, "Runs")
            runs = await user.see(Rows, "Runs")
            await until_async(lambda: "waiting" in user.rows(runs)[0].lower())

            await user.click(Button, "Enter another key…")
            dialog = await user.dialog()
            await dialog.write("API key", spare)
            await dialog.click(Button, "Use this key")
            await fetch(user)
            assert not user.reads(REFUSED)
            await user.click(Button, "Account")
            assert spare.endswith((await own_key(user))[-4:])

    run_async(story())


# The sign-in


def end_every_session(server: RunningSandbox, account: Account) -> None:
    """As its owner does in a browser, at "sign out everywhere"."""
    with connect_sign_in(server) as auth:
        token = auth.password(account)["access_token"]
        assert auth.logout(token, scope="global").status_code == 204


def test_the_sign_in_ends_in_the_middle_of_work(
    run_async: AsyncRun, tmp_path: Path, server: RunningSandbox, clip: Path
) -> None:
    account = account_of(server, "leaver")

    async def story() -> None:
        async with opened(tmp_path / "data") as user:
            await enter(user, server, account)
            await sign_in(user, account)
            before = await credits(user)
            await prepare(user, clip, "Reframe")
            await asyncio.to_thread(end_every_session, server, account)
            await run(user)
            await user.see(CreditsChip, "Sign in for credits")
            await user.click(Button, "Account")
            await user.read(ENDED)
            await user.read("Sign in to see, create and revoke the keys of your account.")

            await prepare(user, make_clip(tmp_path / "more.mp4"), "Reframe")
            await run(user, 2)
            await sign_in(user, account)
            await credits(user, below=before)

    run_async(story())
    assert len(list((tmp_path / "data" / "outputs").iterdir())) == 2


# The keyring


def test_the_keyring_is_locked_at_the_start(run_async: AsyncRun, tmp_path: Path, server: RunningSandbox) -> None:
    account, bus = account_of(server, "sleeper"), os.environ["DBUS_SESSION_BUS_ADDRESS"]

    async def first_start() -> None:
        async with opened(tmp_path) as user:
            await enter(user, server, account)
            await sign_in(user, account)

    async def locked_start() -> None:
        async with opened(tmp_path) as user:
            await user.read("Your keyring is locked, so your account is not open.")
            unlock = await user.see(Button, "Unlock and continue")
            await asyncio.to_thread(unlock_keyring, bus)
            await user.click(Button, unlock.text())
            await user.click(Button, "Account")
            await user.read(f"Signed in as {account.email}")
            assert await own_key(user)

    async def still_locked_start() -> None:
        async with opened(tmp_path) as user:
            await user.read("Your keyring is locked, so your account is not open.")
            await user.write("API key", account.api_key)
            await user.click(Button, "Use it for this session only")
            await user.click(Button, "Account")
            await user.read("Your password is not kept, and the sign-in lasts until you quit")

    run_async(first_start())
    lock_keyring(bus)
    run_async(locked_start())
    lock_keyring(bus)
    run_async(still_locked_start())


# The clock


def test_the_clock_is_an_hour_fast(run_async: AsyncRun, tmp_path: Path, clip: Path) -> None:
    async def story(server: RunningSandbox) -> None:
        async with opened(tmp_path / "data") as user:
            await enter(user, server, server.account)
            await sign_in(user, server.account)
            before = await credits(user)
            await set_webhook(user, await own_key(user), await listen(user))
            await prepare(user, clip, "Reframe")
            await run(user)
            await user.click(Button, "Account")
            assert set(await deliveries(user)) == {f"not read, {LATE}"}
            await credits(user, below=before)

    with start_sandbox(tmp_path / "server", module="tests.support.sandbox_behind") as behind:
        run_async(story(behind))


# Deliveries


def notice(run_id: str) -> bytes:
    return json.dumps(
        {"event": "agent_run.completed", "agent_run_id": run_id, "status": "success", "outputs": []}
    ).encode()


def signed(key: str, body: bytes, at: float) -> str:
    """As the contract says."""
    moment = str(int(at))
    return f"t={moment},v1={hmac.new(key.encode(), f'{moment}.'.encode() + body, hashlib.sha256).hexdigest()}"


async def deliver(url: str, body: bytes, signature: str, size: int) -> int:
    """``size``: what is announced."""

    def post() -> int:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        headers = {"X-Mosaic-Signature": signature, "Content-Length": str(size)}
        connection.request("POST", parts.path, body, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    return await asyncio.to_thread(post)


def test_deliveries_that_nobody_should_believe(run_async: AsyncRun, tmp_path: Path, server: RunningSandbox) -> None:
    account = account_of(server, "listener")

    async def story() -> None:
        async with opened(tmp_path) as user:
            await enter(user, server, account)
            url, key, body, now = await listen(user), account.api_key, notice("unknown"), time.time()
            told = (
                (401, f"not read, {FORGED}", signed("mk_live_of_somebody_else", body, now), len(body)),
                (401, f"not read, {LATE}", signed(key, body, now - 301), len(body)),
                (413, f"not read, {TOO_LARGE}", signed(key, body, now), (1 << 20) + 1),
                (200, f"Run finished, {NOT_OURS}", signed(key, body, now), len(body)),
                (200, f"Run finished, {REPEATED}", signed(key, body, now), len(body)),
            )
            for number, (status, words, signature, size) in enumerate(told, 1):
                assert await deliver(url, body, signature, size) == status
                assert (await deliveries(user, number))[0] == words

    run_async(story())
