"""Settings on a real disk: soon written, whole, private, and careful with what they do not know."""

import asyncio
import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from mosaic_desktop.core.ports import Settings, SettingsStore
from mosaic_desktop.storage.settings import JsonSettings
from tests.support.waiting import until

DEFAULTS = Settings(output_folder=Path("/home/me/Videos"))


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
        profile="account",
        api_base="https://mosaic.invalid/api",
        typed_parameters={"agent": {"aspect": '"9:16"'}},
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
    path.write_text('{"appearance": "sepia", "profile": "account", "layout": ["new", "form"]}')
    settings = JsonSettings(path, DEFAULTS)
    assert settings.value == replace(DEFAULTS, profile="account")
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
