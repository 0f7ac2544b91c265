"""A parameter of many lines, such as subtitles: typed, pasted, opened, dropped, and what arrives at the service."""

import asyncio
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPlainTextEdit

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.gui.widgets.drop_overlay import DropOverlay
from tests.gui.dragging import drag_in, drag_out, drop
from tests.gui.pages.desk import Desk
from tests.gui.pages.studio.studio import PLAIN, Studio, sent
from tests.gui.pages.studio.test_form import READY, agent, description, open_form
from tests.gui.widgets.accessible import spoken_name
from tests.support.waiting import until_async

TEXT = {
    "type": "string",
    "title": "Subtitles",
    "description": "The words as SRT or VTT text.",
    "maxLength": 200_000,
    "default": "",
}
SRT = "1\n00:00:01,000 --> 00:00:02,000\nÇa va?\n\n2\n00:00:03,000 --> 00:00:04,000\n\tYes — “fine”.\n"
LONG = SRT * 600
MADE = agent(text=TEXT)


def field(studio: Studio) -> QPlainTextEdit:
    return studio.find(QPlainTextEdit, "Subtitles")


async def paste(studio: Studio, text: str, name: str = "Subtitles") -> None:
    await studio.activate()
    edit = studio.find(QPlainTextEdit, name)
    edit.setFocus()
    QApplication.clipboard().setText(text)
    QTest.keySequence(edit, QKeySequence(QKeySequence.StandardKey.Paste))
    await studio.desk.settle()
    edit.repaint()


async def seconds_held(studio: Studio, text: str, name: str = "Subtitles") -> float:
    """CPU time of the window's own thread until `text` took the place of what was there, and a key was typed."""
    studio.find(QPlainTextEdit, name).selectAll()
    before = time.thread_time()
    await paste(studio, text, name)
    await studio.key(Qt.Key.Key_X, to=studio.find(QPlainTextEdit, name))
    return time.thread_time() - before


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


@pytest.fixture
def words(tmp_path: Path) -> Path:
    file = tmp_path / "words.SRT"
    file.write_bytes(SRT.encode("utf-8-sig"))
    return file


def test_a_pasted_text_arrives_at_the_service_line_by_line(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, MADE)
        assert len(LONG) > 32_767, "more than a field of one line holds"
        await paste(studio, LONG)
        assert "Made · 1 change" in desk.words()
        await desk.press("Run on 1 video")
        await until_async(lambda: desk.service.started)
        assert desk.service.started[0][1].parameters == {"text": LONG}

    desk.run(story())


def test_an_empty_text_says_what_belongs_there_and_is_sent_as_its_default(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, MADE)
        assert field(studio).placeholderText() == "The words as SRT or VTT text."
        assert spoken_name(field(studio)) == "Subtitles"
        assert description(field(studio)) == "The words as SRT or VTT text."
        assert sent(desk) == {"text": ""}

    desk.run(story())


def test_a_text_without_default_and_words_about_it_is_not_set(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(text={"type": "string", "format": "multiline", "title": "Subtitles"}))
        assert field(studio).placeholderText() == "Not set"
        assert sent(desk) == {}

    desk.run(story())


def test_tab_leaves_the_text(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, MADE)
        await studio.activate()
        field(studio).setFocus()
        await studio.key(Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is desk.button("Subtitles: open file")
        await studio.key(Qt.Key.Key_Backtab)
        assert field(studio).hasFocus()
        assert field(studio).toPlainText() == ""

    desk.run(story())


def test_a_text_that_is_too_long_is_said_and_holds_the_run(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(text={**TEXT, "maxLength": 1000}))
        await paste(studio, "a" * 1000)
        await studio.key(Qt.Key.Key_A)
        assert "At most 1,000 characters, not 1,001" in desk.words()
        assert description(field(studio)) == "At most 1,000 characters, not 1,001"
        assert not studio.run_button.isEnabled()
        await studio.key(Qt.Key.Key_Backspace)
        assert "At most" not in desk.words()
        assert studio.run_button.isEnabled()

    desk.run(story())


def test_a_text_without_a_single_space_costs_no_more_than_words(desk: Desk) -> None:
    """To find where a line may break must not take the longer the further the next place is: 4 s were taken."""

    async def story() -> None:
        studio = await open_form(desk, MADE)
        usual = await seconds_held(studio, "word " * 39_000)
        assert await seconds_held(studio, "a" * 195_000) < 6 * usual
        assert len(field(studio).toPlainText()) == 195_001

    desk.run(story())


def test_a_prompt_without_a_single_space_costs_no_more_than_words(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, MADE)
        await desk.press("Prompt")
        usual = await seconds_held(studio, "word " * 39_000, "Prompt")
        assert await seconds_held(studio, "a" * 195_000, "Prompt") < 6 * usual

    desk.run(story())


def test_words_are_broken_between_lines_and_never_within(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, MADE)
        await paste(studio, "letters " * 40)
        layout = field(studio).document().firstBlock().layout()
        starts = [layout.lineAt(number).textStart() for number in range(layout.lineCount())]
        assert len(starts) > 2
        assert all(start % len("letters ") == 0 for start in starts)

    desk.run(story())


def test_a_pasted_text_that_is_much_too_long_is_told_and_not_put_in(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(text={**TEXT, "maxLength": 1000}))
        await paste(studio, "mine")
        await paste(studio, "a" * 1001)
        assert "That text is too long. At most 1,000 characters, not 1,001." in desk.words()
        assert field(studio).toPlainText() == "mine"
        assert studio.run_button.isEnabled()
        await studio.key(Qt.Key.Key_X, to=field(studio))
        assert "too long" not in desk.words()

    desk.run(story())


def test_a_short_text_says_too_when_it_is_too_long(desk: Desk) -> None:
    async def story() -> None:
        studio = await open_form(desk, agent(title={"type": "string", "title": "Title", "maxLength": 5}))
        studio.find(QLineEdit, "Title").setText("abcdef")
        await desk.settle()
        assert "At most 5 characters, not 6" in desk.words()
        assert not studio.run_button.isEnabled()

    desk.run(story())


def test_a_text_is_kept_for_its_agent_and_can_be_taken_back(desk: Desk) -> None:
    async def story() -> None:
        other = Agent("plain", "Plain", "Nothing to set", None, PLAIN.parameters_schema)
        await desk.open(READY, agents=(MADE, other))
        studio = Studio(desk)
        await studio.choose_agent("Made")
        await paste(studio, SRT)
        await studio.choose_agent("Plain")
        await studio.choose_agent("Made")
        assert field(studio).toPlainText() == SRT
        await desk.press("Subtitles: back to the default")
        assert sent(desk) == {"text": ""}

    desk.run(story())


def test_a_file_is_opened_into_the_text(desk: Desk, words: Path) -> None:
    async def story() -> None:
        studio = await open_form(desk, MADE)
        await paste(studio, "mine")
        await choose(desk, words)
        await until_async(lambda: field(studio).toPlainText() == SRT)
        assert sent(desk) == {"text": SRT}
        field(studio).undo()
        assert field(studio).toPlainText() == "mine"

    desk.run(story())


def test_a_file_that_cannot_be_read_is_told_and_changes_nothing(desk: Desk, words: Path) -> None:
    words.write_bytes(b"\0film")

    async def story() -> None:
        studio = await open_form(desk, MADE)
        await paste(studio, "mine")
        await choose(desk, words)
        await desk.until_says("words.SRT is not a text.")
        assert field(studio).toPlainText() == "mine"
        assert studio.run_button.isEnabled()
        await studio.key(Qt.Key.Key_X, to=field(studio))
        assert "not a text" not in desk.words()

    desk.run(story())


def test_a_file_that_is_too_long_is_told_and_not_put_in(desk: Desk, words: Path) -> None:
    """To lay out what is much too long would take the window many seconds."""
    words.write_text("a" * 1001)

    async def story() -> None:
        studio = await open_form(desk, agent(text={**TEXT, "maxLength": 1000}))
        await choose(desk, words)
        await desk.until_says("words.SRT is too long. At most 1,000 characters, not 1,001.")
        assert field(studio).toPlainText() == ""
        assert studio.run_button.isEnabled()

    desk.run(story())


def test_another_agent_while_a_file_is_read_takes_nothing_of_it(desk: Desk, words: Path) -> None:
    async def story() -> None:
        await desk.open(READY, agents=(MADE, PLAIN))
        studio = Studio(desk)
        await studio.choose_agent("Made")
        handle, mime, place = desk.window.windowHandle(), files(words), middle(desk, studio)
        assert drag_in(handle, mime, place)
        assert drop(handle, mime, place)
        assert reading(), "it takes a moment in which the user goes on"
        await studio.choose_agent("Plain")
        await until_async(lambda: not reading())
        await studio.choose_agent("Made")
        assert field(studio).toPlainText() == ""

    desk.run(story())


def reading() -> bool:
    return any(task.get_name().endswith("text of text") for task in asyncio.all_tasks())


async def choose(desk: Desk, file: Path) -> None:
    await desk.press("Subtitles: open file")
    await until_async(lambda: desk.visible(QFileDialog))
    (dialog,) = desk.visible(QFileDialog)
    dialog.setDirectory(str(file.parent))
    dialog.findChildren(QLineEdit)[0].setText(file.name)
    dialog.done(QFileDialog.DialogCode.Accepted.value)


# Drops, as the system sends them: to the window, which finds the widget below the mouse


def middle(desk: Desk, studio: Studio) -> tuple[int, int]:
    spot: QPoint = field(studio).mapTo(desk.window, field(studio).rect().center())
    return spot.x(), spot.y()


def test_a_text_file_that_is_dropped_on_the_field_fills_it(desk: Desk, words: Path) -> None:
    async def story() -> None:
        studio = await open_form(desk, MADE)
        handle, mime = desk.window.windowHandle(), files(words)
        place = middle(desk, studio)
        assert drag_in(handle, mime, place)
        assert not desk.visible(DropOverlay), "it would hide the field"
        assert drop(handle, mime, place)
        await until_async(lambda: field(studio).toPlainText() == SRT)
        assert len(studio.rows()) == 1

    desk.run(story())


def test_a_text_file_beside_the_field_is_not_taken(desk: Desk, words: Path) -> None:
    async def story() -> None:
        await open_form(desk, MADE)
        mime = files(words)
        assert not drag_in(desk.window.windowHandle(), mime, (400, 300))
        assert not desk.visible(DropOverlay)
        drag_out(desk.window.windowHandle())

    desk.run(story())


def test_a_video_that_is_dropped_on_the_field_is_added(desk: Desk, words: Path) -> None:
    video = words.with_suffix(".mp4")
    video.write_bytes(b"v" * 4096)

    async def story() -> None:
        studio = await open_form(desk, MADE)
        handle, mime = desk.window.windowHandle(), files(video)
        place = middle(desk, studio)
        assert drag_in(handle, mime, place)
        assert desk.visible(DropOverlay)
        assert drop(handle, mime, place)
        await until_async(lambda: "words.mp4" in [row.title for row in studio.rows()])
        assert field(studio).toPlainText() == ""

    desk.run(story())


def test_a_copied_text_file_is_pasted_as_its_text(desk: Desk, words: Path) -> None:
    async def story() -> None:
        studio = await open_form(desk, MADE)
        await studio.activate()
        field(studio).setFocus()
        QApplication.clipboard().setMimeData(files(words))
        QTest.keySequence(field(studio), QKeySequence(QKeySequence.StandardKey.Paste))
        await until_async(lambda: field(studio).toPlainText() == SRT)

    desk.run(story())
