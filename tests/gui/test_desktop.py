"""Asking the desktop: the file manager over a real message bus, and the folder where there is none."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from PySide6.QtWidgets import QApplication

from mosaic_desktop.gui import desktop
from tests.gui.pages.desk import Opened
from tests.support.waiting import PATIENCE, until

FILE_MANAGER = "org.freedesktop.FileManager1"


@pytest.fixture
def opened(qapp: QApplication) -> Iterator[Opened]:
    handler = Opened()
    yield handler
    handler.stop()


@pytest.fixture
def file_manager() -> Iterator[DBusConnection]:
    with open_dbus_connection(bus=os.environ["DBUS_SESSION_BUS_ADDRESS"]) as connection:
        connection.send_and_get_reply(message_bus.RequestName(FILE_MANAGER))
        yield connection


def test_a_file_opens_in_its_program(opened: Opened, tmp_path: Path) -> None:
    assert desktop.open_file(tmp_path / "a b.mp4")
    assert opened.paths == [tmp_path / "a b.mp4"]


def test_without_a_file_manager_the_folder_opens(opened: Opened, tmp_path: Path) -> None:
    desktop.show_in_folder(tmp_path / "a.mp4")
    until(lambda: opened.paths)
    assert opened.paths == [tmp_path]


def test_the_file_manager_is_asked_to_show_the_file(
    opened: Opened, file_manager: DBusConnection, tmp_path: Path
) -> None:
    desktop.show_in_folder(tmp_path / "a b.mp4")
    while (asked := file_manager.receive(timeout=PATIENCE)).header.message_type is not MessageType.method_call:
        pass
    file_manager.send(new_method_return(asked))
    assert asked.body == ([f"file://{tmp_path}/a%20b.mp4"], "")
    assert opened.paths == []
