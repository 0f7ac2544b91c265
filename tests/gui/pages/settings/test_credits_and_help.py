"""The Settings page: at which balances to warn, and the support file."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.gui.pages.settings.credits import read_thresholds, thresholds_hint
from tests.gui.pages.desk import Desk
from tests.support.waiting import until_async


def thresholds(desk: Desk) -> tuple[int, ...]:
    return desk.settings.value.low_balance


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,000; 100", (1000, 100)),
        (" 100 1000 100", (1000, 100)),
        ("1000, 100", (1000, 100)),
        ("", ()),
        ("zero", None),
        ("0", None),
        ("-5", None),
        ("6 5 4 3 2 1", None),
        ("99999999999", None),
    ],
)
def test_thresholds_are_read_as_people_write_them(text: str, found: tuple[int, ...] | None) -> None:
    assert read_thresholds(text) == found


def test_the_hint_says_what_happens() -> None:
    assert thresholds_hint((1000, 100)) == "The balance is marked when it falls below 1,000 and 100 credits."
    assert thresholds_hint(()).startswith("No warnings.")


def test_thresholds_are_taken_over_when_they_make_sense(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(page="Settings")
        edit = next(field for field in desk.visible(QLineEdit) if field.accessibleName() == "Warn below")
        assert edit.text() == "1,000; 100"
        edit.setText("many")
        QTest.keyClick(edit, Qt.Key.Key_Return)
        assert "Enter up to 5 numbers of credits" in desk.words()
        assert thresholds(desk) == (1000, 100)
        edit.setText("500")
        QTest.keyClick(edit, Qt.Key.Key_Return)
        assert thresholds(desk) == (500,)
        assert "The balance is marked when it falls below 500 credits." in desk.words()

    desk.run(story())


def test_a_support_file_is_saved_where_the_user_wants_it(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.open(page="Settings")
        await desk.press("Save a support file…")
        await until_async(lambda: desk.visible(QFileDialog))
        dialog = desk.visible(QFileDialog)[0]
        dialog.setDirectory(str(tmp_path))
        desk.gateway.error = LocalFileError(Code.FOLDER_UNWRITABLE, "Permission denied")
        dialog.done(QFileDialog.DialogCode.Accepted.value)
        await desk.until_says("was not written. Permission denied")
        assert desk.gateway.asked == [f"save {tmp_path / 'mosaic-desktop-support.zip'}"]

    desk.run(story())
