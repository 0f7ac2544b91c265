"""The Settings page: what is known of the account, changing it, another key, and taking it away."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from mosaic_desktop.core.asset import AssetState
from mosaic_desktop.core.errors import AuthError, Code, VaultError
from mosaic_desktop.gui.key_dialog import KeyDialog
from mosaic_desktop.gui.leaving import Unfinished
from mosaic_desktop.gui.pages.settings.account import account_facts, removing_words
from mosaic_desktop.gui.pages.settings.details_dialog import DetailsDialog
from tests.gui.models.builders import asset
from tests.gui.pages.desk import ACCOUNT, LOCAL, Desk
from tests.support.waiting import until_async

MINE = replace(
    ACCOUNT, title="Mine", auth_url="https://x.supabase.co/auth/v1", email="ann@studio.example", keyring="KDE Wallet"
)


@pytest.fixture(autouse=True)
def accounts(desk: Desk) -> None:
    desk.gateway.profiles = (MINE, LOCAL)


async def details(desk: Desk) -> DetailsDialog:
    await desk.press("Change the account…")
    await until_async(lambda: desk.visible(DetailsDialog))
    return desk.visible(DetailsDialog)[0]


def write(dialog: DetailsDialog, name: str, text: str) -> None:
    next(each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == name).setText(text)


async def save(desk: Desk, dialog: DetailsDialog) -> None:
    next(button for button in dialog.findChildren(QAbstractButton) if button.text() == "Save").click()
    await desk.settle()


def test_what_is_known_of_an_account() -> None:
    facts = {fact.name: fact.value for fact in account_facts(replace(MINE, output_folder=Path("/cut")), None)}
    assert facts == {
        "Name": "Mine",
        "API key": "mk_live_…a1b2",
        "Key is kept": "In your system keyring (KDE Wallet)",
        "Address": "https://mosaic.invalid",
        "Signs in at": "https://x.supabase.co/auth/v1",
        "Last signed in as": "ann@studio.example",
        "Videos are saved in": "/cut",
    }


def test_the_details_are_changed_together(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.open(page="Settings", profile=MINE)
        dialog = await details(desk)
        write(dialog, "Name", "Ann")
        write(dialog, "Address to sign in at", "")
        write(dialog, "Folder for its finished videos", str(tmp_path))
        await save(desk, dialog)
        await until_async(lambda: not desk.visible(DetailsDialog))
        changed = desk.gateway.profiles[0]
        assert (changed.title, changed.auth_url, changed.output_folder) == ("Ann", "", tmp_path)
        await desk.until_says(str(tmp_path))

    desk.run(story())


def test_what_cannot_be_taken_over_is_told_in_the_dialog(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.open(page="Settings", profile=MINE)
        dialog = await details(desk)
        write(dialog, "Name", " ")
        await save(desk, dialog)
        await desk.until_says("An account needs a name.")
        write(dialog, "Name", "Ann")
        write(dialog, "Folder for its finished videos", str(tmp_path / "not there"))
        await save(desk, dialog)
        await desk.until_says("Nothing can be saved in")
        write(dialog, "Folder for its finished videos", "")
        write(dialog, "Address of Mosaic", "https://elsewhere.invalid/api")
        desk.gateway.error = AuthError(Code.INVALID_KEY)
        await save(desk, dialog)
        await desk.until_says("Mosaic does not accept this API key.")
        assert desk.gateway.profiles[0] == MINE
        dialog.reject()
        await until_async(lambda: not desk.visible(DetailsDialog))

    desk.run(story())


@pytest.mark.parametrize(("answer", "moved"), [("Change", True), ("Stay", False)])
def test_another_address_stops_work_only_after_asking(desk: Desk, answer: str, moved: bool) -> None:
    async def story() -> None:
        await desk.open(asset("a.mp4", state=AssetState.UPLOADING), page="Settings", profile=MINE)
        dialog = await details(desk)
        write(dialog, "Address of Mosaic", "https://elsewhere.invalid/api")
        await save(desk, dialog)
        assert "1 upload is under way and stops here now." in (await desk.question()).informativeText()
        assert desk.gateway.profiles[0] == MINE
        await desk.answer(answer)
        await until_async(lambda: (not desk.visible(DetailsDialog)) is moved)
        assert (desk.gateway.profiles[0].base_url == "https://elsewhere.invalid/api") is moved
        if not moved:
            dialog.reject()
        await until_async(lambda: not desk.visible(DetailsDialog))

    desk.run(story())


def test_a_name_is_changed_without_a_question(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(asset("a.mp4", state=AssetState.UPLOADING), page="Settings", profile=MINE)
        dialog = await details(desk)
        write(dialog, "Name", "Ann")
        await save(desk, dialog)
        await until_async(lambda: not desk.visible(DetailsDialog))
        assert desk.gateway.profiles[0].title == "Ann"

    desk.run(story())


def test_another_key_is_entered(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(page="Settings", profile=MINE)
        await desk.press("Enter another key…")
        await until_async(lambda: desk.visible(KeyDialog))
        (dialog,) = desk.visible(KeyDialog)
        dialog.findChildren(QLineEdit)[0].setText("mk_live_abcdefgh1234")
        await desk.press("Use this key")
        await until_async(lambda: desk.gateway.asked == ["give account the key mk_live_abcdefgh1234"])

    desk.run(story())


@pytest.mark.parametrize(("answer", "asked"), [("Remove", ["forget account"]), ("Cancel", [])])
def test_an_account_is_taken_away_only_after_asking(desk: Desk, answer: str, asked: list[str]) -> None:
    async def story() -> None:
        await desk.open(asset("a.mp4", state=AssetState.UPLOADING), page="Settings", profile=MINE)
        await desk.press("Remove this account…")
        words = (await desk.question()).informativeText()
        assert "Files on your disk stay" in words
        assert "1 upload is under way and stops here now." in words
        await desk.answer(answer)
        assert desk.gateway.asked == asked

    desk.run(story())


def test_an_account_whose_secrets_stay_in_the_keyring_is_still_there(desk: Desk) -> None:
    async def story() -> None:
        desk.gateway.error = VaultError(Code.KEYRING_LOCKED)
        await desk.open(page="Settings", profile=MINE)
        await desk.press("Remove this account…")
        await desk.answer("Remove")
        await desk.until_says("Your keyring is locked.")
        assert desk.button("Remove this account…").isEnabled()

    desk.run(story())


def test_the_words_of_taking_away_name_the_account() -> None:
    assert removing_words(MINE, Unfinished()).startswith("“Mine” goes out of this app with its key, its sign-in")


def test_the_local_mosaic_is_not_changed_or_taken_away(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(page="Settings", profile=LOCAL)
        for name in ("Change the account…", "Enter another key…", "Remove this account…"):
            assert not desk.has_button(name)

    desk.run(story())
