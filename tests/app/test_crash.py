"""What is left of a fault: told at the next start, once, redacted, and sent to nobody."""

import asyncio
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from mosaic_desktop.app.crash import take_crash_report
from mosaic_desktop.app.logs import report_loop_fault
from mosaic_desktop.app.paths import data_paths
from mosaic_desktop.gui.main_window import MainWindow
from tests.app.crashing import SECRET
from tests.app.test_start import button, has_button, started, words
from tests.gui.pages.desk import Opened
from tests.support.loop import AsyncRun
from tests.support.waiting import until_async


def crash(folder: Path, fault: str) -> None:
    subprocess.run([sys.executable, "-m", "tests.app.crashing", str(folder), fault], capture_output=True, check=False)


@pytest.mark.parametrize(
    ("fault", "trace"),
    [("segfault", "Segmentation fault"), ("exception", "RuntimeError"), ("thread", "OSError")],
)
def test_a_fault_is_reported_once_without_secrets(tmp_path: Path, fault: str, trace: str) -> None:
    crash(tmp_path, fault)
    report = take_crash_report(tmp_path)
    assert report is not None
    text = report.read_text()
    assert trace in text
    assert "crashing.py" in text
    assert SECRET not in text
    assert SECRET.encode() not in (tmp_path / "mosaic-desktop.log").read_bytes()
    if os.name == "posix":
        assert report.stat().st_mode & 0o077 == 0
    assert take_crash_report(tmp_path) is None
    crash(tmp_path, fault)
    assert take_crash_report(tmp_path) == report


@pytest.mark.parametrize(
    ("error", "level"),
    [
        pytest.param(RuntimeError("a fault"), logging.CRITICAL, marks=pytest.mark.expect_log("never retrieved")),
        pytest.param(ConnectionResetError(), logging.ERROR, marks=pytest.mark.expect_log("never retrieved")),
        pytest.param(None, logging.ERROR, marks=pytest.mark.expect_log("never retrieved")),
    ],
)
def test_only_faults_of_this_program_are_reported(
    error: Exception | None, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.new_event_loop()
    report_loop_fault(loop, {"message": "Task exception was never retrieved", "exception": error})
    loop.close()
    assert [record.levelno for record in caplog.records] == [level]


def test_without_a_fault_there_is_no_report_and_no_file(tmp_path: Path) -> None:
    crash(tmp_path, "warning")
    assert take_crash_report(tmp_path) is None
    assert [path.name for path in tmp_path.iterdir()] == ["mosaic-desktop.log"]


def test_a_folder_without_anything_has_no_report(tmp_path: Path) -> None:
    assert take_crash_report(tmp_path / "not there") is None


def test_the_next_start_offers_to_look_at_the_report(run_async: AsyncRun, tmp_path: Path, qapp: QApplication) -> None:
    folder = data_paths(tmp_path).log.parent
    folder.mkdir()
    crash(folder, "exception")

    async def story() -> None:
        opened = Opened()
        async with started(tmp_path) as start:
            window = await start.shows(MainWindow)
            await until_async(lambda: "Something went wrong in this app since you started it last." in words(window))
            button(window, "Look at the report").click()
            await until_async(lambda: opened.paths == [folder / "crash-report.txt"])
            window.close()
            assert await start.code() == 0
        async with started(tmp_path) as start:
            window = await start.shows(MainWindow)
            await until_async(lambda: has_button(window, "Try it here"))
            assert not has_button(window, "Look at the report")
            window.close()
            assert await start.code() == 0
        opened.stop()

    run_async(story())
