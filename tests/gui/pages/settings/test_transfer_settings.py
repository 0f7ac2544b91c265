"""Settings of transfers and of names: they hold at once, say what is wrong, and stay."""

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenu, QWidget

from mosaic_desktop.core.events import Event, LimitsChanged
from mosaic_desktop.core.naming import DEFAULT_TEMPLATE
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.gui.pages.settings.naming import example
from mosaic_desktop.gui.widgets.number_spin import NumberSpin
from mosaic_desktop.gui.widgets.switch import Switch
from mosaic_desktop.jobs.engine import Engine
from tests.gui.pages.desk import Desk
from tests.gui.widgets.accessible import accessible, spoken_name
from tests.support.waiting import until_async

UP = "Limit the speed of uploads"


def find(desk: Desk, kind: type[QWidget], name: str) -> QWidget:
    return next(each for each in desk.visible(kind) if spoken_name(each).startswith(name))


def spin(desk: Desk, name: str) -> NumberSpin:
    found = find(desk, NumberSpin, name)
    assert isinstance(found, NumberSpin)
    return found


def template(desk: Desk) -> QLineEdit:
    found = find(desk, QLineEdit, "Names of finished videos")
    assert isinstance(found, QLineEdit)
    return found


def switch(desk: Desk, name: str) -> QAbstractButton:
    found = find(desk, Switch, name)
    assert isinstance(found, QAbstractButton)
    return found


async def open_settings(desk: Desk) -> tuple[Engine, list[TransferLimits]]:
    """With what the engine is told from here on."""
    told: list[TransferLimits] = []

    def hear(event: Event) -> None:
        if isinstance(event, LimitsChanged):
            told.append(event.limits)

    engine = await desk.open(page="Settings")
    engine.subscribe(hear)
    return engine, told


async def retype(desk: Desk, box: NumberSpin, text: str) -> None:
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    await desk.settle()


def test_slots_hold_at_once_and_are_remembered(desk: Desk) -> None:
    async def story() -> None:
        _, told = await open_settings(desk)
        assert [spin(desk, f"{way} at a time").number() for way in ("Uploads", "Downloads")] == [2, 2]
        await retype(desk, spin(desk, "Uploads at a time"), "5")
        assert told == [TransferLimits(upload_slots=5)]
        spin(desk, "Downloads at a time").stepUp()
        assert told[-1] == TransferLimits(upload_slots=5, download_slots=3)
        assert (desk.settings.value.upload_slots, desk.settings.value.download_slots) == (5, 3)

    desk.run(story())


def test_slots_out_of_bounds_are_said_and_not_taken(desk: Desk) -> None:
    async def story() -> None:
        _, told = await open_settings(desk)
        box = spin(desk, "Uploads at a time")
        await retype(desk, box, "99")
        assert "Between 1 and 8" in desk.words()
        assert accessible(box).text(QAccessible.Text.Description) == "Between 1 and 8"
        assert told == []
        box.clearFocus()
        await desk.settle()
        assert "99 became 8, the most." in desk.words()
        assert told == [TransferLimits(upload_slots=8)]

    desk.run(story())


def test_a_speed_limit_is_off_or_a_number_and_stands_in_the_status_line(desk: Desk) -> None:
    async def story() -> None:
        engine, told = await open_settings(desk)
        box = spin(desk, UP)
        assert not box.isEnabled()
        switch(desk, UP).click()
        assert box.isEnabled()
        assert engine.limits == TransferLimits(upload_rate=5_000_000)
        await retype(desk, box, "2.5")
        assert told[-1] == TransferLimits(upload_rate=2_500_000)
        assert desk.settings.value.upload_rate == 2_500_000
        await desk.until_says("uploads limited to 2.5 MB/s")
        await retype(desk, box, "0")
        assert told[-1] == TransferLimits(upload_rate=2_500_000), "nothing would move"
        switch(desk, UP).click()
        await desk.settle()
        assert told[-1] == TransferLimits()
        assert "limited to" not in desk.words()

    desk.run(story())


def test_a_limit_of_an_earlier_day_is_shown(desk: Desk) -> None:
    desk.settings.change(download_rate=750_000, upload_slots=4)

    async def story() -> None:
        await open_settings(desk)
        assert switch(desk, "Limit the speed of downloads").isChecked()
        assert spin(desk, "Limit the speed of downloads").text() == "0.8 MB/s"
        assert desk.settings.value.download_rate == 750_000, "looking at it does not round it"
        assert spin(desk, "Uploads at a time").number() == 4

    desk.run(story())


# Names


def test_a_name_is_shown_by_example_while_it_is_typed(desk: Desk) -> None:
    async def story() -> None:
        await open_settings(desk)
        assert template(desk).text() == DEFAULT_TEMPLATE
        assert "Such as “interview · Reframe.mp4”." in desk.words()
        template(desk).setText("{agent} of {source} {n}")
        await desk.settle()
        assert "Such as “Reframe of interview 1.mp4”." in desk.words()
        assert desk.settings.value.name_template == DEFAULT_TEMPLATE, "it may be half typed"
        QTest.keyClick(template(desk), Qt.Key.Key_Return)
        assert desk.settings.value.name_template == "{agent} of {source} {n}"

    desk.run(story())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("{source} {foo}", "There is no {foo}. There are {source}, {agent}"),
        ("{source", "A brace has no partner."),
        ("a/{source}", "A name cannot hold a slash."),
        ("", "The name would be empty."),
    ],
)
def test_a_name_that_cannot_be_used_says_why_and_the_last_one_stays(desk: Desk, typed: str, words: str) -> None:
    async def story() -> None:
        await open_settings(desk)
        template(desk).setText(typed)
        await desk.settle()
        assert words in desk.words()
        assert f"So far it stays “{DEFAULT_TEMPLATE}”." in desk.words()
        assert words in accessible(template(desk)).text(QAccessible.Text.Description)
        QTest.keyClick(template(desk), Qt.Key.Key_Return)
        assert desk.settings.value.name_template == DEFAULT_TEMPLATE
        template(desk).setText("{source}")
        await desk.settle()
        assert "Such as “interview.mp4”." in desk.words()

    desk.run(story())


def test_fields_are_inserted_from_a_menu_that_explains_them(desk: Desk) -> None:
    async def story() -> None:
        await open_settings(desk)
        template(desk).setText("{source} ")
        await desk.press("Insert a field into the name")
        await until_async(lambda: desk.visible(QMenu))
        (menu,) = desk.visible(QMenu)
        assert [action.text().partition("\t")[0] for action in menu.actions()][:2] == [
            "The video’s name",
            "The agent’s name",
        ]
        next(action for action in menu.actions() if action.text().endswith("{date}")).trigger()
        menu.close()
        await desk.settle()
        assert template(desk).text() == "{source} {date}"
        assert desk.settings.value.name_template == "{source} {date}"

    desk.run(story())


def test_folders_are_mirrored_if_the_user_wants(desk: Desk) -> None:
    async def story() -> None:
        await open_settings(desk)
        keep = switch(desk, "Keep folders")
        assert not keep.isChecked()
        keep.click()
        assert desk.settings.value.mirror_folders

    desk.run(story())


def test_the_example_names_what_the_template_names() -> None:
    day = datetime(2026, 11, 25, 14, 5)
    assert example("{date} {time} {run}", day) == "Such as “2026-11-25 14-05 7f3a2c91.mp4”."
