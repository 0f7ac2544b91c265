import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.palette import DARK, LIGHT, StateKind
from mosaic_desktop.gui.theme.theme import Theme, ThemeMode
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.bars import HeaderBar, StatusLine
from mosaic_desktop.gui.widgets.buttons import primary_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.drop_overlay import DropOverlay
from mosaic_desktop.gui.widgets.empty_state import EmptyState
from mosaic_desktop.gui.widgets.facts_table import Fact, FactsTable
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone, set_tone, text_label
from mosaic_desktop.gui.widgets.progress_track import ProgressTrack
from mosaic_desktop.gui.widgets.step_strip import Step, StepState, StepStrip
from tests.gui.widgets.accessible import accessible, spoken_name
from tests.support.waiting import until


def shown(qtbot: QtBot, widget: QWidget, size: QSize | None = None) -> None:
    qtbot.addWidget(widget)
    if size is not None:
        widget.resize(size)
    widget.show()


def test_card_follows_the_theme(theme: Theme, qtbot: QtBot) -> None:
    card = Card(theme, "Upload queue", "6 videos")
    shown(qtbot, card, QSize(400, 300))
    for mode, palette in ((ThemeMode.LIGHT, LIGHT), (ThemeMode.DARK, DARK)):
        theme.set_mode(mode)
        image = card.grab().toImage()
        assert image.pixelColor(200, 200).name() == palette.surface
        assert image.pixelColor(0, 0).name() == palette.window


def test_card_footer_appears_once(theme: Theme, qtbot: QtBot) -> None:
    card = Card(theme, "Upload queue")
    card.footer().addWidget(primary_button(theme, "Run"))
    assert card.footer().count() == 1
    shown(qtbot, card, QSize(400, 300))
    assert card.grab().toImage().pixelColor(20, 290).name() == LIGHT.raised


def test_file_names_never_become_markup(theme: Theme, qtbot: QtBot) -> None:
    label = text_label(theme, "<b>bold</b>.mp4")
    shown(qtbot, label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert spoken_name(label) == "<b>bold</b>.mp4"


def test_label_tone_can_change(theme: Theme, qtbot: QtBot) -> None:
    label = text_label(theme, "████")
    shown(qtbot, label)
    set_tone(label, Tone.BAD)
    image = label.grab().toImage()
    assert image.pixelColor(label.width() // 2, label.height() // 2).name() == LIGHT.bad_text


def test_elided_label_shows_all_when_there_is_room(theme: Theme, qtbot: QtBot) -> None:
    path = "/home/you/Videos/Mosaic/interview_take_03.mov"
    label = ElidedLabel(theme, path, elide=Qt.TextElideMode.ElideMiddle)
    shown(qtbot, label, QSize(120, 20))
    assert "…" in label.shown_text()
    assert label.shown_text().endswith(".mov")
    assert label.toolTip() == path
    assert spoken_name(label) == path
    label.resize(800, 20)
    assert label.shown_text() == path
    assert label.toolTip() == ""


def test_a_label_takes_a_second_line_where_one_does_not_do(theme: Theme, qtbot: QtBot) -> None:
    text = "Signed in as somebody.with.a.name@a-rather-long-studio.example"
    label = ElidedLabel(theme, text, elide=Qt.TextElideMode.ElideMiddle, wraps=True)
    shown(qtbot, label, QSize(400, 36))
    assert label.height() == 36
    assert label.shown_text() == "Signed in as\nsomebody.with.a.name@a-rather-long-studio.example"
    assert label.toolTip() == ""
    label.resize(160, 36)
    assert label.shown_text().startswith("Signed in as\nsomebody")
    assert "…" in label.shown_text()
    assert label.toolTip() == text
    label.resize(800, 36)
    assert label.shown_text() == text


def test_counts_that_have_no_room_are_left_out_whole(theme: Theme, qtbot: QtBot) -> None:
    label = ElidedLabel(theme, "18 videos · 33.4 MB · 2 failed", parts=True)
    shown(qtbot, label, QSize(label.sizeHint().width() - 4, 20))
    assert label.shown_text() == "18 videos · 33.4 MB"
    assert label.toolTip() == "18 videos · 33.4 MB · 2 failed"
    label.resize(80, 20)
    assert label.shown_text() == "18 videos"


def test_of_speed_and_time_left_the_time_stays(theme: Theme) -> None:
    font = theme.font(TextStyle.SMALL)
    words, room = "263 KB/s · 6 h 20 min", paint.text_width(theme.font(TextStyle.SMALL), "263 KB/s · 6 h 20")
    assert paint.facts_in_room(font, words, 500, keep_last=True) == words
    assert paint.facts_in_room(font, words, room, keep_last=True) == "6 h 20 min"
    assert paint.facts_in_room(font, words, room) == "263 KB/s"


def test_progress_tells_its_value_and_is_four_pixels(theme: Theme, qtbot: QtBot) -> None:
    track = ProgressTrack(theme, "Reframe")
    shown(qtbot, track, QSize(100, 4))
    track.set_progress(540)
    assert accessible(track).role() == QAccessible.Role.ProgressBar
    assert accessible(track).valueInterface().currentValue() == 540
    image = track.grab().toImage()
    assert image.pixelColor(50, 2).name() == LIGHT.accent
    assert image.pixelColor(80, 2).name() == LIGHT.track
    assert track.sizeHint().height() == 4


def test_unknown_end_moves_only_while_seen_and_wanted(theme: Theme, qtbot: QtBot) -> None:
    track = ProgressTrack(theme, "Reframe")
    track.set_progress(None)
    shown(qtbot, track, QSize(200, 4))
    before = track.grab().toImage()
    until(lambda: track.grab().toImage() != before)
    theme.set_reduced_motion(True)
    track.set_progress(None)
    assert track.indeterminate
    assert track.grab().toImage().pixelColor(100, 2).name() == LIGHT.accent


STEPS = [
    Step("cut", "Cut pauses", "scissors", StepState.DONE, "0:18"),
    Step("frame", "Reframe", "crop", StepState.ACTIVE, "54 %"),
    Step("audio", "Audio", "audio-lines", StepState.WAITING),
]


def test_steps_are_read_with_their_state(theme: Theme, qtbot: QtBot) -> None:
    strip = StepStrip(theme, "Steps")
    strip.set_steps(STEPS)
    shown(qtbot, strip, QSize(500, 92))
    names = [spoken_name(button) for button in strip.findChildren(QAbstractButton)]
    assert names == ["Cut pauses, done, 0:18", "Reframe, running, 54 %", "Audio, waiting"]


def test_steps_wrap_instead_of_being_cut(theme: Theme, qtbot: QtBot) -> None:
    strip = StepStrip(theme, "Steps")
    strip.set_steps([*STEPS, *STEPS])
    shown(qtbot, strip, QSize(360, 92))
    assert strip.columns() == 3
    assert strip.height() == 2 * 92
    assert all(strip.rect().contains(button.geometry()) for button in strip.findChildren(QAbstractButton))


def test_step_keeps_focus_when_progress_changes_and_is_chosen_by_key(theme: Theme, qtbot: QtBot) -> None:
    strip = StepStrip(theme, "Steps")
    strip.set_steps(STEPS)
    shown(qtbot, strip, QSize(500, 92))
    button = strip.findChildren(QAbstractButton)[1]
    strip.set_steps([STEPS[0], Step("frame", "Reframe", "crop", StepState.DONE, "1:12"), STEPS[2]])
    assert strip.findChildren(QAbstractButton)[1] is button
    with qtbot.waitSignal(strip.activated, check_params_cb=lambda key: key == "frame"):
        QTest.keyClick(button, Qt.Key.Key_Space)


def test_facts_are_replaced(theme: Theme, qtbot: QtBot) -> None:
    table = FactsTable(theme, "Settings", ("Setting", "Value"))
    shown(qtbot, table, QSize(400, 300))
    table.set_facts([Fact("Shape", "9:16"), Fact("Run id", "7f8d9c2b")])
    table.set_facts([Fact("Shape", "1:1")])

    def texts() -> list[str]:
        return [label.text() for label in table.findChildren(ElidedLabel) if label.isVisibleTo(table)]

    until(lambda: texts() == ["Setting", "Value", "Shape", "1:1"])


def test_names_of_facts_are_whole_where_values_leave_room(theme: Theme, qtbot: QtBot) -> None:
    table = FactsTable(theme, "Settings", ("Setting", "Value"))
    shown(qtbot, table, QSize(340, 200))
    table.set_facts([Fact("Shortest pause to cut", "600 ms"), Fact("Padding", "100 ms")])
    labels = {label.text(): label for label in table.findChildren(ElidedLabel)}

    def values_at() -> set[int]:
        return {labels[value].mapTo(table, QPoint()).x() for value in ("Value", "600 ms", "100 ms")}

    until(lambda: len(values_at()) == 1)
    assert labels["Shortest pause to cut"].shown_text() == "Shortest pause to cut"


def test_banner_tells_its_kind_and_can_be_closed(theme: Theme, qtbot: QtBot) -> None:
    banner = Banner(theme, BannerKind.BAD, "The key was refused.", "Change key", closable=True)
    shown(qtbot, banner, QSize(500, 48))
    assert spoken_name(banner) == "Problem: The key was refused."
    action, close = banner.findChildren(QPushButton)
    with qtbot.waitSignal(banner.acted):
        action.click()
    with qtbot.waitSignal(banner.closed):
        close.click()
    assert not banner.isVisible()
    assert spoken_name(close) == "Close this message"


def test_banner_grows_with_its_sentence(theme: Theme, qtbot: QtBot) -> None:
    banner = Banner(theme, BannerKind.INFO, "Outputs are kept for 30 days. " * 6, "Open", closable=True)
    shown(qtbot, banner, QSize(360, 20))
    label = banner.findChildren(QLabel)[0]
    until(lambda: label.height() >= label.heightForWidth(label.width()))


def test_empty_state_invites(theme: Theme, qtbot: QtBot) -> None:
    button = primary_button(theme, "Add videos", "plus")
    empty = EmptyState(theme, "upload", "Drop videos or folders here", "Up to 10 GiB each.", button)
    shown(qtbot, empty, QSize(500, 400))
    assert [label.text() for label in empty.findChildren(QLabel)] == [
        "Drop videos or folders here",
        "Up to 10 GiB each.",
    ]
    assert empty.rect().contains(button.mapTo(empty, button.rect().bottomRight()))


def test_drop_overlay_covers_its_parent_and_goes_with_it(theme: Theme, qtbot: QtBot) -> None:
    parent = QWidget()
    overlay = DropOverlay(theme, parent)
    shown(qtbot, parent, QSize(500, 400))
    assert not overlay.isVisible()
    overlay.show_message("Drop 3 videos to add them", "Files or folders")
    parent.resize(600, 450)
    until(lambda: overlay.geometry() == parent.rect())
    assert spoken_name(overlay) == "Drop 3 videos to add them. Files or folders"


def test_bars_have_their_heights_and_words(theme: Theme, qtbot: QtBot) -> None:
    header, status = HeaderBar(theme, "Studio"), StatusLine(theme)
    shown(qtbot, header, QSize(600, 56))
    shown(qtbot, status, QSize(600, 28))
    header.set_title("Runs")
    status.set_status(StateKind.GOOD, "Connected")
    status.set_items(["2 uploads", "3 runs going"])
    assert (header.height(), status.height()) == (56, 28)
    assert header.title() == "Runs"
    assert [spoken_name(label) for label in status.findChildren(ElidedLabel)] == [
        "Connected",
        "2 uploads, 3 runs going",
    ]


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_widgets_end_with_their_theme_still_alive(theme: Theme, mode: ThemeMode) -> None:
    for _ in range(20):
        ProgressTrack(theme, "Reframe").deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    theme.set_mode(mode)  # must not reach widgets that are gone
