"""Settings on a real disk: soon written, whole, private, and careful with what they do not know."""

import asyncio
import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from mosaic_desktop.core.ports import Profile, Settings, SettingsStore
from mosaic_desktop.storage.settings import JsonSettings
from tests.support.waiting import until

DEFAULTS = Settings(output_folder=Path("/home/me/Videos"))
CLIENT = Profile(
    "client",
    "A client’s",
    False,
    "https://mosaic.invalid/api",
    key_hint="mk_live_…a1b2",
    auth_url="https://auth.invalid",
    anon_key="eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2lnbmF0dXJl",
    output_folder=Path("/films/client"),
    key_id="7d1f",
    keyring="GNOME Keyring",
    email="me@example.com",
)
BARE = Profile("bare", "Mine", False, "")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def close(settings: JsonSettings) -> None:
    asyncio.run(settings.aclose())


def reopened(path: Path) -> Settings:
    store: SettingsStore = JsonSettings(path, DEFAULTS)
    return store.value


def test_without_a_file_the_defaults_hold_and_none_is_made(path: Path) -> None:
    settings = JsonSettings(path, DEFAULTS)
    close(settings)
    assert settings.value == DEFAULTS
    assert not path.exists()


def test_every_field_survives_a_restart(path: Path) -> None:
    settings = JsonSettings(path, DEFAULTS)
    chosen = settings.change(
        output_folder=Path("/films/fertig ä"),
        appearance="dark",
        profile="client",
        api_base="https://mosaic.invalid/api",
        profiles=(CLIENT, BARE),
        low_balance=(500, 50),
        webhook_port=9000,
        webhooks=True,
        key_hints={"7d1f": "mk_live_…a1b2"},
        typed_parameters={"agent": {"aspect": '"9:16"'}},
        form_choices={"client": {"agent": '{"auto": true, "values": {"aspect": "9:16"}}'}},
        layout={"splitter": "AAAA/w=="},
    )
    close(settings)
    assert settings.value == chosen == reopened(path)


def test_a_change_is_written_soon_without_closing(path: Path) -> None:
    settings = JsonSettings(path, DEFAULTS)
    settings.change(appearance="dark")
    until(path.exists)
    assert reopened(path).appearance == "dark"
    close(settings)


def test_many_changes_end_with_the_last(path: Path) -> None:
    settings = JsonSettings(path, DEFAULTS)
    for width in range(500):
        settings.change(layout={"rail": str(width)})
    close(settings)
    assert reopened(path).layout == {"rail": "499"}


def test_closing_twice_is_fine(path: Path) -> None:
    settings = JsonSettings(path, DEFAULTS)
    settings.change(appearance="light")
    close(settings)
    close(settings)
    assert reopened(path).appearance == "light"


def test_a_setting_can_be_taken_back(path: Path) -> None:
    for profile in ("account", None):
        settings = JsonSettings(path, DEFAULTS)
        settings.change(profile=profile)
        close(settings)
    assert reopened(path).profile is None


def test_an_unknown_name_is_a_mistake(path: Path) -> None:
    settings = JsonSettings(path, DEFAULTS)
    with pytest.raises(TypeError):
        settings.change(apperance="dark")
    close(settings)


def test_only_what_was_chosen_is_written_for_the_user_alone(path: Path) -> None:
    settings = JsonSettings(path, DEFAULTS)
    settings.change(appearance="dark")
    close(settings)
    assert json.loads(path.read_text()) == {"appearance": "dark"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


def test_what_a_newer_version_wrote_is_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"appearance": "dark", "voice": {"pitch": 3}}')
    settings = JsonSettings(path, DEFAULTS)
    settings.change(profile="account")
    close(settings)
    assert json.loads(path.read_text()) == {"appearance": "dark", "profile": "account", "voice": {"pitch": 3}}


@pytest.mark.expect_log("the setting layout was left out", "the setting appearance was left out")
def test_a_setting_that_makes_no_sense_is_left_to_its_default_and_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"appearance": "sepia", "profile": "client", "layout": ["new", "form"]}')
    settings = JsonSettings(path, DEFAULTS)
    assert settings.value == replace(DEFAULTS, profile="client")
    settings.change(profile="local")
    close(settings)
    assert json.loads(path.read_text()) == {"appearance": "sepia", "profile": "local", "layout": ["new", "form"]}


@pytest.mark.expect_log("the settings were damaged")
@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe\x00", b""])
def test_a_damaged_file_is_kept_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    settings = JsonSettings(path, DEFAULTS)
    assert settings.value == DEFAULTS
    assert settings.set_aside == path.with_name("settings.damaged-1.json")
    assert settings.set_aside.read_bytes() == content
    settings.change(appearance="dark")
    close(settings)
    assert reopened(path).appearance == "dark"


@pytest.mark.expect_log("the settings were not written", "the settings cannot be read")
def test_a_place_that_cannot_be_written_does_not_stop_the_program(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way")
    settings = JsonSettings(tmp_path / "config" / "settings.json", DEFAULTS)
    assert settings.change(appearance="dark").appearance == "dark"
    close(settings)


# --- Profiles ---------------------------------------------------------------------------------------------------------


def test_a_profile_that_is_taken_out_is_gone(path: Path) -> None:
    for profiles in ((CLIENT, BARE), (BARE,)):
        settings = JsonSettings(path, DEFAULTS)
        settings.change(profiles=profiles)
        close(settings)
    assert reopened(path).profiles == (BARE,)
    assert "client" not in path.read_text()


def test_what_lasts_for_a_session_and_the_local_mosaic_are_not_written(path: Path) -> None:
    settings = JsonSettings(path, DEFAULTS)
    settings.change(
        profiles=(CLIENT, replace(BARE, session_only=True), Profile("local", "Local Mosaic", True, "http://127.0.0.1"))
    )
    close(settings)
    assert len(settings.value.profiles) == 3
    assert reopened(path).profiles == (CLIENT,)


@pytest.mark.expect_log(
    "a profile was left out: title is not a text",
    "a profile was left out: no id",
    "a profile was left out: not an object",
    "a profile was left out: another one has the same id",
)
def test_a_bad_profile_neither_loses_the_others_nor_is_lost(path: Path) -> None:
    good = {"id": "a", "title": "A", "base_url": "", "email": 7, "output_folder": ["?"], "mood": "calm"}
    bad = [{"id": "b", "title": 3, "base_url": ""}, {"title": "no id"}, "text", {**good, "title": "again"}]
    path.parent.mkdir()
    path.write_text(json.dumps({"profiles": [bad[0], good, *bad[1:]]}))
    settings = JsonSettings(path, DEFAULTS)
    assert settings.value.profiles == (Profile("a", "A", False, ""),)
    settings.change(profiles=(replace(settings.value.profiles[0], title="Anna"), BARE))
    close(settings)
    first, second, *others = json.loads(path.read_text())["profiles"]
    assert (first["title"], first["mood"], second["id"], others) == ("Anna", "calm", "bare", bad)


@pytest.mark.parametrize(
    ("older", "expected"),
    [
        ({"profile": "account", "api_base": "https://far.invalid"}, ("account", "https://far.invalid")),
        ({"profile": "local", "api_base": "https://far.invalid"}, ("account", "https://far.invalid")),
        ({"profile": "account"}, ("account", "")),
        ({"profile": "local"}, None),
        ({"profile": "account", "api_base": "https://far.invalid", "profiles": []}, None),
    ],
)
def test_the_account_of_an_older_version_becomes_a_profile(
    path: Path, older: dict[str, object], expected: tuple[str, str] | None
) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps(older))
    profiles = reopened(path).profiles
    assert profiles == (() if expected is None else (Profile(expected[0], "My Mosaic", False, expected[1]),))


def test_secrets_that_somebody_typed_into_a_profile_are_not_written(path: Path) -> None:
    key = "mk_live_0123456789secret"
    settings = JsonSettings(path, DEFAULTS)
    settings.change(
        profiles=(replace(BARE, title=key, key_hint=key, base_url="https://me:secret@mosaic.invalid?token=secret"),),
        key_hints={"7d1f": key},
    )
    close(settings)
    assert "secret" not in path.read_text().replace("…cret", "")
    assert reopened(path).profiles[0].key_hint == "mk_live_…cret"


@pytest.mark.expect_log("the setting webhook_port was left out", "the setting low_balance was left out")
def test_numbers_out_of_range_are_left_to_their_defaults(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"webhook_port": 65536, "low_balance": [100, true]}')
    assert reopened(path) == DEFAULTS


def test_warnings_come_from_high_to_low_and_may_be_none(path: Path) -> None:
    path.parent.mkdir()
    for text, expected in (("[50, 900, 50]", (900, 50)), ("[]", ())):
        path.write_text(f'{{"low_balance": {text}}}')
        assert reopened(path).low_balance == expected


def test_a_folder_whose_name_is_no_unicode_survives(path: Path) -> None:
    folder = Path(os.fsdecode(b"/films/\xff"))
    settings = JsonSettings(path, DEFAULTS)
    settings.change(output_folder=folder, profiles=(replace(BARE, output_folder=folder),))
    close(settings)
    assert (reopened(path).output_folder, reopened(path).profiles[0].output_folder) == (folder, folder)
