"""An account in the real window, from signing in to a run whose end is told by webhook and an old key's end."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mosaic_desktop.jobs import tracker
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
    status_for,
)
from tests.e2e.program import call
from tests.e2e.session import opened
from tests.e2e.user import User
from tests.support.loop import AsyncRun
from tests.support.media import make_clip
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import until_async


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with start_sandbox(tmp_path_factory.mktemp("server")) as running:
        yield running


async def take_a_new_key(user: User) -> None:
    await user.click(Button, "Keys")
    await user.click(Button, "Create key")
    dialog = await user.dialog()
    await dialog.click(Button, "Create key")
    await dialog.read("This is the only time that Mosaic shows this key.")
    await dialog.click(Button, "Use in this profile")
    await dialog.read("This app works with the new key from here on.")
    await dialog.click(Button, "Done")


async def revoke(user: User, key: str) -> None:
    await user.choose_from_menu("API keys", key, "Revoke…")
    await user.read("Programs that use it will be refused at once; runs in flight go on.")
    await user.answer("Revoke")
    keys = await user.see(Rows, "API keys")
    await until_async(lambda: not any(row.startswith(key) for row in user.rows(keys)))


@pytest.mark.usefixtures("secret_service")
def test_from_signing_in_to_the_end_of_the_old_key(
    run_async: AsyncRun, tmp_path: Path, server: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another program's window in front makes the app look at runs so seldom that only a delivery tells of an end.
    monkeypatch.setattr(tracker, "_SLOWER_UNSEEN", 10_000)
    first, second = make_clip(tmp_path / "first.mp4"), make_clip(tmp_path / "second.mp4", seconds=20)

    async def story() -> str:
        async with opened(tmp_path / "data") as user:
            await enter(user, server, server.account)
            await sign_in(user, server.account)
            begun_with = await credits(user)
            assert begun_with == 20_000
            old = await own_key(user)

            await prepare(user, first, "Reframe")
            await run(user)
            left = await credits(user, below=begun_with)

            await user.click(Button, "Account")
            await take_a_new_key(user)
            new = await own_key(user)
            assert new != old
            url = await listen(user)
            await set_webhook(user, new, url)

            await prepare(user, second, "Reframe")
            async with user.elsewhere():
                await user.click(Button, "Run on 1 video")
                await user.click(Button, "Runs")
                runs = await user.see(Rows, "Runs")
                await until_async(lambda: "running" in user.rows(runs)[0].lower())
                await fetch(user, 2)
            await user.click(Button, "Account")
            *_, delivery = await deliveries(user)
            assert delivery == "Run finished, Accepted. Signed with your key, so the app checks this run at once."
            await credits(user, below=left)

            assert await status_for(server, server.api_key) == 200
            await user.click(Button, "Keys")
            await revoke(user, old)
            assert await status_for(server, server.api_key) == 401
            assert await own_key(user) == new
            return new

    async def next_start(new: str) -> None:
        async with opened(tmp_path / "data") as user:
            await user.see(Rows, "Agent list")
            await user.click(Button, "Account")
            await user.read(f"Signed in as {server.account.email}")
            assert await own_key(user) == new

    run_async(next_start(run_async(story())))
    assert len(list((tmp_path / "data" / "outputs").iterdir())) == 2


@pytest.mark.usefixtures("secret_service")
def test_a_command_measures_what_its_run_costs(run_async: AsyncRun, tmp_path: Path, server: RunningSandbox) -> None:
    clip, data = make_clip(tmp_path / "talk.mp4"), tmp_path / "data"

    async def window() -> None:
        async with opened(data) as user:
            await enter(user, server, server.account)
            await sign_in(user, server.account)
            await credits(user)

    run_async(window())
    done = call(data, "run", str(clip), "--agent", "Reframe")
    assert done.code == 0, done.errors
    with closing(sqlite3.connect(data / "journal.sqlite")) as journal:
        ((agent, cost, approximate),) = journal.execute("SELECT agent, credits, approximate FROM costs")
    assert (agent, bool(approximate)) == ("Reframe", False)
    assert cost > 0
