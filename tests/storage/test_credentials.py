"""Secrets in a real Secret Service and in keyrings that misbehave."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine
from contextlib import closing
from typing import Any

import pytest
import secretstorage
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError, PasswordSetError

from mosaic_desktop.core.errors import Code, VaultError
from mosaic_desktop.core.ports import SecretStore, VaultState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.storage.credentials import KeyringVault, SessionVault
from tests.storage.prompter import prompter
from tests.support.waiting import PATIENCE, until

KEY = Secret("mk_live_0123456789abcdef")


def run(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401
    return asyncio.run(work)


class Faulty(KeyringBackend):
    """A keyring that raises what it is given, or waits until it is let go."""

    priority = 9

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.error = error
        self.let_go = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        if self.error is not None:
            raise self.error
        self.let_go.wait(PATIENCE)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.get_password(service, username)

    def delete_password(self, service: str, username: str) -> None:
        self.get_password(service, username)


async def keep_and_forget(vault: SecretStore) -> list[Secret | None]:
    seen = [await vault.read("key")]
    await vault.write("key", KEY)
    await vault.write("other", Secret("another"))
    seen.append(await vault.read("key"))
    await vault.write("key", Secret("later"))
    seen.append(await vault.read("key"))
    await vault.delete("key")
    await vault.delete("key")
    seen += [await vault.read("key"), await vault.read("other")]
    return seen


EXPECTED = [None, KEY, Secret("later"), None, Secret("another")]


def test_secrets_live_in_the_real_keyring(secret_service: None) -> None:
    assert run(keep_and_forget(KeyringVault())) == EXPECTED


def test_secrets_of_a_session_live_in_memory() -> None:
    assert run(keep_and_forget(SessionVault())) == EXPECTED
    assert run(SessionVault().state()) == VaultState("this session only")


def test_the_keyring_is_named_in_plain_words(secret_service: None) -> None:
    assert run(KeyringVault().state()) == VaultState("GNOME Keyring")


def test_other_programs_find_it_under_a_name_of_its_own(secret_service: None) -> None:
    run(KeyringVault().write("account", KEY))
    connection = secretstorage.dbus_init()
    items = list(secretstorage.search_items(connection, {"service": "mosaic-desktop/account"}))
    assert [item.get_secret().decode() for item in items] == [KEY.reveal()]
    connection.close()


def test_several_calls_at_once_take_turns(secret_service: None) -> None:
    async def work() -> list[Secret | None]:
        vault = KeyringVault()
        await asyncio.gather(*(vault.write(f"key-{n}", Secret(f"value-{n}")) for n in range(8)))
        return await asyncio.gather(*(vault.read(f"key-{n}") for n in range(8)))

    assert run(work()) == [Secret(f"value-{n}") for n in range(8)]


def test_without_a_keyring_it_says_so_and_never_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    vault = KeyringVault()
    assert run(vault.state()) == VaultState("", Code.NO_KEYRING)
    for call in (vault.read("key"), vault.write("key", KEY), vault.delete("key")):
        with pytest.raises(VaultError) as caught:
            run(call)
        assert caught.value.code == Code.NO_KEYRING


def test_a_keyring_that_appears_later_is_found(request: pytest.FixtureRequest) -> None:
    vault = KeyringVault()
    assert run(vault.state()).problem_code == Code.NO_KEYRING
    request.getfixturevalue("secret_service")
    assert run(vault.state()) == VaultState("GNOME Keyring")


def lock() -> None:
    with closing(secretstorage.dbus_init()) as connection:
        secretstorage.get_default_collection(connection).lock()


def test_a_locked_keyring_says_so(secret_service: None) -> None:
    run(KeyringVault().write("key", KEY))
    lock()
    with pytest.raises(VaultError) as caught:
        run(KeyringVault(timeout=PATIENCE).read("key"))
    assert caught.value.code == Code.KEYRING_LOCKED


def test_a_user_who_says_no_is_told_from_nobody_to_ask(secret_service: None) -> None:
    run(KeyringVault().write("key", KEY))
    lock()
    vault = KeyringVault()
    with prompter() as program:
        for call in (vault.read("key"), vault.write("key", KEY), vault.delete("key")):
            with pytest.raises(VaultError) as caught:
                run(call)
            assert (caught.value.code, caught.value.retryable) == (Code.KEYRING_DENIED, True)
        assert program.asked.is_set()


def test_a_user_who_does_not_answer_keeps_it_silent(secret_service: None) -> None:
    run(KeyringVault().write("key", KEY))
    lock()
    with prompter(is_away=True) as program:
        with pytest.raises(VaultError) as caught:
            run(KeyringVault(timeout=1).read("key"))
        assert caught.value.code == Code.KEYRING_SILENT
        assert program.asked.wait(PATIENCE)


def test_peeking_finds_what_is_kept(secret_service: None) -> None:
    vault = KeyringVault()
    assert run(vault.peek("key")) is None
    run(vault.write("key", KEY))
    assert run(vault.peek("key")) == KEY
    assert run(vault.peek("other")) is None


def test_peeking_tells_what_a_locked_keyring_holds_without_asking_to_unlock_it(secret_service: None) -> None:
    vault = KeyringVault()
    run(vault.write("key", KEY))
    lock()
    with pytest.raises(VaultError) as caught:
        run(vault.peek("key"))
    assert caught.value.code == Code.KEYRING_LOCKED
    assert run(vault.peek("other")) is None


class Asking(Faulty):
    """Reading asks the user, who takes his time; peeking does not."""

    def peek(self, service: str, username: str) -> str | None:
        return KEY.reveal()


def test_peeking_does_not_wait_for_a_question_to_the_user() -> None:
    backend = Asking()
    vault = KeyringVault(backend, timeout=5, patience=60)

    async def work() -> Secret | None:
        reading = asyncio.ensure_future(vault.read("key"))
        await asyncio.sleep(0)
        peeked = await vault.peek("key")
        assert not reading.done()
        backend.let_go.set()
        await reading
        return peeked

    assert run(work()) == KEY


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyringLocked("closed"), Code.KEYRING_LOCKED),
        (KeyringLocked("Failed to unlock the keyring!"), Code.KEYRING_DENIED),  # KDE Wallet
        (PasswordSetError("Cancelled by user"), Code.KEYRING_DENIED),
        (NoKeyringError("none"), Code.NO_KEYRING),
        (PasswordSetError("no room"), Code.KEYRING_FAILED),
        (OSError("the bus is gone"), Code.KEYRING_FAILED),
        (RuntimeError(), Code.KEYRING_FAILED),
    ],
)
def test_errors_of_a_keyring_become_ours(error: Exception, code: Code) -> None:
    vault = KeyringVault(Faulty(error))
    for call in (vault.peek("key"), vault.read("key"), vault.write("key", KEY), vault.delete("key")):
        with pytest.raises(VaultError) as caught:
            run(call)
        assert caught.value.code == code
        assert KEY.reveal() not in str(caught.value)


def test_a_keyring_that_never_answers_costs_only_the_ceiling() -> None:
    backend = Faulty()
    vault = KeyringVault(backend, timeout=0.2)

    async def work() -> float:
        began = time.monotonic()
        for _ in range(2):
            with pytest.raises(VaultError) as caught:
                await vault.read("key")
            assert caught.value.code == Code.KEYRING_SILENT
            assert caught.value.retryable
        return time.monotonic() - began

    assert run(work()) < PATIENCE
    backend.let_go.set()


class Slow(Faulty):
    """The first secret that it is given waits for the user, the others do not."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept[-1] if self.kept else None

    def set_password(self, service: str, username: str, password: str) -> None:
        if password == "first":
            self.let_go.wait(PATIENCE)
        self.kept.append(password)


def test_what_a_keyring_does_late_does_not_undo_what_was_asked_for_later() -> None:
    backend = Slow()
    vault = KeyringVault(backend, timeout=0.2)

    async def work() -> None:
        for value in ("first", "second", "third", "fourth"):
            with pytest.raises(VaultError, match=Code.KEYRING_SILENT):
                await vault.write("key", Secret(value))
        backend.let_go.set()
        until(lambda: len(backend.kept) == 2)
        await vault.write("key", Secret("fifth"))

    run(work())
    assert backend.kept == ["first", "fourth", "fifth"]


HANGING = """
import asyncio, sys, time
from mosaic_desktop.core.errors import VaultError
from mosaic_desktop.storage.credentials import KeyringVault
assert "keyring" not in sys.modules
from keyring.backend import KeyringBackend

class Hanging(KeyringBackend):
    priority = 1
    def get_password(self, service, username): time.sleep(600)
    set_password = delete_password = get_password

async def main():
    try:
        await KeyringVault(Hanging(), timeout=0.1).read("key")
    except VaultError as error:
        print(error.code)

asyncio.run(main())
"""


def test_a_call_that_hangs_does_not_keep_the_process_alive() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HANGING], capture_output=True, text=True, timeout=PATIENCE, env=os.environ
    )
    assert (done.stdout, done.stderr, done.returncode) == ("keyring_silent\n", "", 0)
