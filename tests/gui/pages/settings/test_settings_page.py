"""The Settings page: account, output folder, appearance, and about."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from mosaic_desktop import __version__
from mosaic_desktop.core.errors import Code, VaultError
from mosaic_desktop.core.ports import Profile, VaultState
from mosaic_desktop.gui.pages.page import DataPlaces
from mosaic_desktop.gui.pages.settings.account import kept_words
from mosaic_desktop.gui.pages.settings.outputs import can_be_written
from mosaic_desktop.gui.pages.settings.page import AboutSection, SettingsPage
from mosaic_desktop.gui.theme.theme import ThemeMode
from tests.gui.pages.desk import ACCOUNT, Desk, Opened
from tests.support.waiting import until_async


def test_the_local_mosaic_has_no_key_to_forget(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(page="Settings")
        assert "Stay on this computer" in desk.words()
        assert "http://127.0.0.1:9000" in desk.words()
        assert not desk.has_button("Forget this key")

    desk.run(story())


def test_an_account_shows_its_masked_key_and_where_it_is_kept(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(page="Settings", profile=ACCOUNT)
        assert "mk_live_…a1b2" in desk.words()
        assert "https://mosaic.invalid" in desk.words()
        await desk.until_says("In your system keyring (GNOME Keyring)")

    desk.run(story())


@pytest.mark.parametrize(
    ("profile", "vault", "words"),
    [
        (Profile("a", "A", False, "u", session_only=True), None, "For this session only, nowhere on disk"),
        (replace(ACCOUNT, keyring=""), None, "In your system keyring"),
        (replace(ACCOUNT, keyring="KDE Wallet"), None, "In your system keyring (KDE Wallet)"),
        (ACCOUNT, VaultState("KWallet", Code.KEYRING_LOCKED), "Your keyring is locked. Unlock it, then try again."),
    ],
)
def test_where_a_key_is_kept_in_words(profile: Profile, vault: VaultState | None, words: str) -> None:
    assert kept_words(profile, vault) == words


def test_another_way_in_is_one_click_away(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(page="Settings")
        await desk.press("Leave this account")
        assert desk.gateway.asked == ["leave"]

    desk.run(story())


@pytest.mark.parametrize(("answer", "asked"), [("Forget", ["leave and forget"]), ("Cancel", [])])
def test_a_key_is_forgotten_only_after_asking(desk: Desk, answer: str, asked: list[str]) -> None:
    async def story() -> None:
        await desk.open(page="Settings", profile=ACCOUNT)
        await desk.press("Forget this key")
        await desk.answer(answer)
        assert desk.gateway.asked == asked

    desk.run(story())


def test_a_key_that_stays_in_the_keyring_is_not_hidden(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.error = VaultError(Code.KEYRING_LOCKED)
        await desk.open(page="Settings", profile=ACCOUNT)
        await desk.press("Leave this account")
        await desk.until_says("Your keyring is locked.")
        assert desk.button("Leave this account").isEnabled()

    desk.run(story())


def test_the_output_folder_is_chosen_and_remembered(desk: Desk, tmp_path: Path) -> None:
    chosen = tmp_path / "Finished"
    chosen.mkdir()

    async def story() -> None:
        await desk.open(page="Settings")
        await desk.press("Change the output folder…")
        await until_async(lambda: desk.visible(QFileDialog))
        dialog = desk.visible(QFileDialog)[0]
        dialog.setDirectory(str(chosen))
        dialog.done(QFileDialog.DialogCode.Accepted.value)
        await until_async(lambda: desk.settings.value.output_folder == chosen)
        assert str(chosen) in desk.words()

    desk.run(story())


def test_a_folder_that_takes_no_files_is_refused_with_a_sentence(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.open(page="Settings")
        await desk.visible(SettingsPage)[0].outputs.use_folder(tmp_path / "not there")
        assert "Nothing can be saved in" in desk.words()
        assert desk.settings.value.output_folder == tmp_path

    desk.run(story())


def test_looking_whether_a_folder_takes_files_leaves_nothing_behind(tmp_path: Path) -> None:
    assert can_be_written(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_output_folder_is_opened(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        opened = Opened()
        await desk.open(page="Settings")
        await desk.press("Open the output folder")
        await until_async(lambda: opened.paths)
        opened.stop()
        assert opened.paths == [tmp_path]

    desk.run(story())


def test_appearance_is_applied_and_remembered(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(page="Settings")
        await desk.press("Dark")
        assert desk.theme.mode is ThemeMode.DARK
        assert desk.settings.value.appearance == "dark"
        await desk.press("Light")
        assert not desk.theme.palette.dark

    desk.run(story())


def test_about_says_which_program_this_is_and_where_it_keeps_what(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        opened = Opened()
        about = AboutSection(desk.theme, DataPlaces(tmp_path, tmp_path / "log.txt"))
        desk.window.setCentralWidget(about)
        await desk.show()
        for words in (f"Version {__version__}", "MIT", str(tmp_path), str(tmp_path / "log.txt")):
            assert words in desk.words()
        await desk.press("Open the data folder")
        opened.stop()
        assert opened.paths == [tmp_path]

    desk.run(story())
