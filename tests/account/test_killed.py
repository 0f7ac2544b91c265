"""A process that is killed between the service's rotation of a token and the keyring's keeping it stays signed in."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mosaic_desktop.core.account import SignInState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.storage.credentials import KeyringVault
from tests.account.test_over_the_wire import SHORT_LIFE, Home
from tests.support.loop import AsyncRun
from tests.support.sandbox_server import start_sandbox
from tests.support.waiting import PAUSE


class LastWords(KeyringVault):
    """Keeps one value; says that there is another one, and is stuck."""

    kept = False

    async def write(self, name: str, secret: Secret) -> None:
        if self.kept:
            print("rotated", flush=True)  # noqa: T201  the test reads it
            await asyncio.Event().wait()
        await super().write(name, secret)
        self.kept = True


@pytest.mark.usefixtures("secret_service")
def test_a_kill_between_rotation_and_keyring_ends_no_session(run_async: AsyncRun, tmp_path: Path) -> None:
    with start_sandbox(tmp_path / "server", "--session-seconds", str(SHORT_LIFE)) as server:
        home = Home(server, tmp_path, KeyringVault())
        plan = {
            "base_url": server.base_url,
            "auth_url": server.auth_url,
            "anon_key": server.anon_key,
            "api_key": server.api_key,
            "email": server.account.email,
            "password": server.account.password,
        }
        command = [sys.executable, "-m", "tests.account.test_killed", str(tmp_path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdin is not None
            assert program.stdout is not None
            print(json.dumps(plan), file=program.stdin, flush=True)
            assert program.stdout.readline() == "rotated\n"
            program.kill()

        async def next_start() -> None:
            async with home.desk() as desk:
                await desk.keys()
                state = desk.sign_in_state
                assert (state.state, state.kept) == (SignInState.IN, True)

        run_async(next_start())


async def _until_killed(plan: dict[str, Any], folder: Path) -> None:
    account = SimpleNamespace(email=plan["email"], password=plan["password"])
    home = Home(SimpleNamespace(account=account, **plan), folder, LastWords())  # type: ignore[arg-type]
    async with home.desk() as desk:
        await home.sign_in(desk)
        while True:
            await desk.keys()
            await asyncio.sleep(PAUSE)


if __name__ == "__main__":
    asyncio.run(_until_killed(json.loads(sys.stdin.readline()), Path(sys.argv[1])))
