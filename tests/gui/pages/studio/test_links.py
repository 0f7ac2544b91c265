"""Adding links by hand: the dialog, what it suggests and what it refuses in place."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit

from mosaic_desktop.gui.pages.studio.link_dialog import LinkDialog
from tests.gui.models.builders import asset
from tests.gui.pages.desk import Desk
from tests.gui.pages.studio.studio import Studio
from tests.gui.widgets.accessible import accessible, spoken_name
from tests.support.waiting import until_async

FIRST, SECOND = "https://youtu.be/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=aqz-KE-bpKQ&list=PL0123456789"
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


async def open_dialog(desk: Desk, clipboard: str = "") -> LinkDialog:
    QGuiApplication.clipboard().setText(clipboard)
    await Studio(desk).activate()
    await Studio(desk).key(Qt.Key.Key_L, CONTROL, desk.window)
    await until_async(lambda: desk.visible(LinkDialog))
    (dialog,) = desk.visible(LinkDialog)
    await until_async(dialog.isActiveWindow)
    return dialog


def box(dialog: LinkDialog) -> QPlainTextEdit:
    found = dialog.findChild(QPlainTextEdit)
    assert isinstance(found, QPlainTextEdit)
    return found


def button(dialog: LinkDialog, words: str) -> QAbstractButton:
    return next(each for each in dialog.findChildren(QAbstractButton) if spoken_name(each).startswith(words))


def words(dialog: LinkDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_a_whole_link_fits_and_enter_adds_it(desk: Desk) -> None:
    async def story() -> None:
        await desk.open()
        dialog = await open_dialog(desk)
        edit = box(dialog)
        assert edit.hasFocus()
        assert spoken_name(edit).startswith("Links to YouTube videos")
        QTest.keyClicks(edit, SECOND)
        assert edit.fontMetrics().horizontalAdvance(SECOND) < edit.viewport().width()
        assert spoken_name(button(dialog, "Add")) == "Add 1 link"
        QTest.keyClick(edit, Qt.Key.Key_Return)
        await Studio(desk).until_rows(1)
        assert not desk.visible(LinkDialog)

    desk.run(story())


def test_several_links_are_added_together(desk: Desk) -> None:
    async def story() -> None:
        await desk.open()
        dialog = await open_dialog(desk)
        QTest.keyClicks(box(dialog), FIRST)
        QTest.keyClick(box(dialog), Qt.Key.Key_Return, SHIFT)
        QTest.keyClicks(box(dialog), SECOND)
        assert spoken_name(button(dialog, "Add")) == "Add 2 links"
        button(dialog, "Add").click()
        await Studio(desk).until_rows(2)

    desk.run(story())


def test_links_on_the_clipboard_are_suggested(desk: Desk) -> None:
    async def story() -> None:
        await desk.open()
        dialog = await open_dialog(desk, f"See {FIRST} and\n{SECOND}\nbut not https://vimeo.com/1234")
        assert box(dialog).toPlainText() == f"{FIRST}\n{SECOND}"
        assert box(dialog).textCursor().hasSelection()
        QTest.keyClick(box(dialog), Qt.Key.Key_Escape)
        await until_async(lambda: not desk.visible(LinkDialog))
        assert "Drop videos or folders here" in desk.words()

    desk.run(story())


@pytest.mark.parametrize("clipboard", ["just words", "https://example.com/film.mp4", ""])
def test_nothing_else_is_suggested(desk: Desk, clipboard: str) -> None:
    async def story() -> None:
        await desk.open()
        dialog = await open_dialog(desk, clipboard)
        assert box(dialog).toPlainText() == ""
        QTest.keyClick(box(dialog), Qt.Key.Key_Return)
        assert "Paste or type a link first." in words(dialog)
        button(dialog, "Cancel").click()
        await desk.settle()

    desk.run(story())


def test_what_is_wrong_with_a_link_is_said_while_it_is_typed(desk: Desk) -> None:
    async def story() -> None:
        await desk.open()
        dialog = await open_dialog(desk)
        edit = box(dialog)
        QTest.keyClicks(edit, "https://www.youtube.com/watch")
        assert "Only links" not in words(dialog), "it is only half typed"
        await until_async(lambda: "https://www.youtube.com/watch: Only links to single" in words(dialog))
        assert edit.hasFocus()
        assert not edit.textCursor().hasSelection(), "the next key must not replace what was typed"
        QTest.keyClicks(edit, "?v=dQw4w9WgXcQ")
        assert "Only links" not in words(dialog)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        await Studio(desk).until_rows(1)

    desk.run(story())


def test_what_is_no_link_to_a_video_is_refused_in_place(desk: Desk) -> None:
    async def story() -> None:
        await desk.open()
        dialog = await open_dialog(desk)
        edit = box(dialog)
        edit.setPlainText(f"{FIRST}\nhttps://vimeo.com/1234")
        button(dialog, "Add").click()
        reason = "https://vimeo.com/1234: Only links to single YouTube videos can be added."
        assert reason in words(dialog)
        assert accessible(edit).text(QAccessible.Text.Description) == reason
        assert edit.textCursor().selectedText() == "https://vimeo.com/1234"
        QTest.keyClicks(edit, SECOND)
        assert "Only links" not in words(dialog)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        await Studio(desk).until_rows(2)

    desk.run(story())


def test_a_link_that_is_in_the_queue_is_refused_and_not_suggested(desk: Desk) -> None:
    known = replace(asset("A video"), path=None, link=FIRST, file_id="youtube_dQw4w9WgXcQ")

    async def story() -> None:
        await desk.open(known)
        dialog = await open_dialog(desk, FIRST)
        assert box(dialog).toPlainText() == ""
        QTest.keyClicks(box(dialog), "youtube.com/watch?v=dQw4w9WgXcQ")
        button(dialog, "Add").click()
        assert "This is already in the queue." in words(dialog)
        dialog.reject()
        await desk.settle()

    desk.run(story())
