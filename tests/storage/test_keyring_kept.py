"""A secret is kept whole, in one keyring, which is remembered; and on macOS never lost while it is replaced."""

import asyncio
import itertools
import json
import os
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from jeepney.bus_messages import DBus
from jeepney.io.blocking import Proxy, open_dbus_connection
from keyring.backends import macOS

from mosaic_desktop.core.errors import Code, Problem, VaultError
from mosaic_desktop.core.ports import VaultState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.storage.credentials import KeyringVault
from mosaic_desktop.storage.mac_keychain import MacKeychain
from tests.storage.keyring_fakes import Crash, Drawer, Forgetful, Keychain, OtherDrawer
from tests.support.bus import SECRETS
from tests.support.waiting import until

KEY = Secret("mk_live_0123456789abcdef")


def run(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401
    return asyncio.run(work)


def problem_of(work: Coroutine[Any, Any, Any]) -> Problem:
    with pytest.raises(VaultError) as caught:
        run(work)
    assert KEY.reveal() not in str(caught.value)
    return caught.value.problem


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "keyrings.json"


# --- Where it is ------------------------------------------------------------------------------------------------------


def test_a_secret_in_a_keyring_that_is_gone_is_not_looked_for_in_another(record: Path) -> None:
    other = OtherDrawer()
    run(KeyringVault(Drawer(), record=record).write("key", KEY))
    other.content["mosaic-desktop/key", "key"] = "an older one"
    vault = KeyringVault(other, record=record)
    for call in (vault.read("key"), vault.peek("key"), vault.delete("key")):
        assert problem_of(call) == Problem(Code.KEYRING_GONE, "Drawer")
    assert run(vault.read("another")) is None
    assert list(other.content.values()) == ["an older one"]


def test_a_new_secret_goes_to_the_keyring_that_is_there(record: Path) -> None:
    run(KeyringVault(Drawer(), record=record).write("key", Secret("old")))
    vault = KeyringVault(OtherDrawer(), record=record)
    run(vault.write("key", KEY))
    assert run(vault.read("key")) == KEY
    assert problem_of(KeyringVault(Drawer(), record=record).read("key")).code == Code.KEYRING_GONE


def test_one_that_an_older_version_kept_is_remembered_once_it_was_read(record: Path) -> None:
    drawer = Drawer()
    drawer.content["mosaic-desktop/key", "key"] = KEY.reveal()
    assert run(KeyringVault(drawer, record=record).peek("key")) == KEY
    assert problem_of(KeyringVault(OtherDrawer(), record=record).read("key")).code == Code.KEYRING_GONE


def test_the_record_has_names_alone_and_forgets_with_the_keyring(record: Path) -> None:
    vault = KeyringVault(Drawer(), record=record)
    run(vault.write("key", KEY))
    assert json.loads(record.read_text()) == {"key": "Drawer"}
    assert record.stat().st_mode & 0o777 == 0o600
    run(vault.delete("key"))
    assert json.loads(record.read_text()) == {}


@pytest.mark.expect_log("which keyring holds the secrets cannot be read")
def test_a_damaged_record_costs_no_secret(record: Path) -> None:
    drawer = Drawer()
    run(KeyringVault(drawer, record=record).write("key", KEY))
    record.write_text("{")
    assert run(KeyringVault(drawer, record=record).read("key")) == KEY
    assert json.loads(record.read_text()) == {"key": "Drawer"}


@pytest.mark.expect_log("which keyring holds the secrets (cannot be read|was not written down)")
def test_a_record_that_cannot_be_written_costs_no_secret(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    vault = KeyringVault(Drawer(), record=tmp_path / "file" / "keyrings.json")
    run(vault.write("key", KEY))
    assert run(vault.read("key")) == KEY


def end_the_keyring() -> None:
    with open_dbus_connection() as connection:
        bus = Proxy(DBus(), connection)
        (pid,) = bus.GetConnectionUnixProcessID(SECRETS)
        os.kill(pid, signal.SIGKILL)
        until(lambda: bus.NameHasOwner(SECRETS) == (0,))


def test_a_real_keyring_that_vanishes_says_which(secret_service: None, record: Path) -> None:
    vault, without_record = KeyringVault(record=record), KeyringVault()
    for each in (vault, without_record):
        run(each.write("key", KEY))
        assert run(each.read("key")) == KEY
    assert run(vault.state()) == VaultState("GNOME Keyring")
    end_the_keyring()
    problem = problem_of(vault.read("key"))
    assert (problem.code, problem.detail) == (Code.KEYRING_GONE, "GNOME Keyring")
    assert sentence(problem) == "The keyring that holds your key is not there any more. (GNOME Keyring)"
    assert problem_of(KeyringVault(record=record).peek("key")) == problem
    assert problem_of(vault.write("key", KEY)).code == Code.NO_KEYRING
    assert run(vault.state()) == VaultState("", Code.NO_KEYRING)


def test_where_nothing_is_known_a_vanished_keyring_is_none(secret_service: None) -> None:
    vault = KeyringVault()
    assert run(vault.read("key")) is None
    end_the_keyring()
    for call in (vault.read("key"), vault.peek("key"), vault.write("key", KEY), vault.delete("key")):
        assert problem_of(call).code == Code.NO_KEYRING


# --- Whole ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("longest", ["x" * 1280, "ä" * 1280, "🎬" * 640])
def test_what_windows_can_hold_is_kept_and_nothing_longer(secret_service: None, longest: str) -> None:
    vault = KeyringVault()
    run(vault.write("key", Secret(longest)))
    assert problem_of(vault.write("key", Secret(longest + "x"))).code == Code.SECRET_TOO_LONG
    assert run(vault.read("key")) == Secret(longest)


def test_what_a_keyring_did_not_keep_is_not_taken_for_kept(record: Path) -> None:
    vault = KeyringVault(Forgetful(), record=record)
    assert problem_of(vault.write("key", KEY)).code == Code.KEYRING_FAILED
    assert not record.exists()


# --- macOS ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def keychain(monkeypatch: pytest.MonkeyPatch) -> Keychain:
    keychain = Keychain()
    monkeypatch.setattr(macOS, "api", keychain, raising=False)
    return keychain


def mac_keychain() -> MacKeychain:
    return MacKeychain()  # type: ignore[no-untyped-call]


def crash_before(change: int, keychain: Keychain) -> None:
    changes = itertools.count()

    def step() -> None:
        if next(changes) == change:
            raise Crash

    keychain.step = step


def test_secrets_come_and_go_in_the_keychain(keychain: Keychain) -> None:
    vault = KeyringVault(mac_keychain())
    assert run(vault.state()) == VaultState("macOS Keychain")
    for value in ("first", "second"):
        run(vault.write("key", Secret(value)))
        assert run(vault.read("key")) == Secret(value)
    assert list(keychain.items.values()) == ["second"]
    run(vault.delete("key"))
    assert (run(vault.read("key")), keychain.items) == (None, {})


@pytest.mark.parametrize("change", range(4))
def test_a_crash_while_a_secret_is_replaced_loses_neither_it_nor_the_next(keychain: Keychain, change: int) -> None:
    backend = mac_keychain()
    for value in ("first", "second"):
        backend.set_password("s", "u", value)
    crash_before(change, keychain)
    with pytest.raises(Crash):
        backend.set_password("s", "u", "third")
    keychain.step = lambda: None
    assert backend.get_password("s", "u") == ("second" if change == 0 else "third")
    backend.set_password("s", "u", "fourth")
    assert list(keychain.items.values()) == ["fourth"]


def test_a_crash_while_a_secret_is_deleted_brings_no_older_one_back(keychain: Keychain) -> None:
    backend = mac_keychain()
    backend.set_password("s", "u", "first")
    crash_before(1, keychain)
    with pytest.raises(Crash):
        backend.set_password("s", "u", "second")
    crash_before(1, keychain)
    with pytest.raises(Crash):
        backend.delete_password("s", "u")
    assert backend.get_password("s", "u") == "second"


@pytest.mark.parametrize(
    ("status", "code"), [(-128, Code.KEYRING_DENIED), (-25293, Code.KEYRING_DENIED), (-25308, Code.KEYRING_LOCKED)]
)
def test_what_the_keychain_refuses(keychain: Keychain, status: int, code: Code) -> None:
    def refuse() -> None:
        kind = Keychain.KeychainDenied if status == -128 else Keychain.Error
        raise kind(status, "words")

    keychain.step = refuse
    assert problem_of(KeyringVault(mac_keychain()).write("key", KEY)).code == code
