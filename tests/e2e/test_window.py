"""The main job in the real window: drop, choose, tune, run, watch, and the finished video on disk."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QWidget

from tests.e2e.program import call, rows, start
from tests.e2e.session import opened
from tests.sandbox.measuring import loudness
from tests.support.loop import AsyncRun
from tests.support.media import facts, footage, make_huge
from tests.support.waiting import PATIENCE, until, until_async


def test_a_dropped_video_is_edited_and_lands_on_disk(run_async: AsyncRun, tmp_path: Path) -> None:
    source = footage("bigbuckbunny.mp4")

    async def story() -> None:
        async with opened(tmp_path) as user:
            await user.click(QAbstractButton, "Try it here")
            queue = await user.see(QWidget, "Upload queue")
            await user.drag_here([source], queue)
            rows = await user.see(QAbstractItemView, "Upload queue")
            await until_async(lambda: "bigbuckbunny.mp4" in "".join(user.rows(rows)))
            await until_async(lambda: "ready" in user.rows(rows)[0].lower())
            await user.choose("Agent list", "Audio enhance")
            await user.type_number("Loudness", "-20")
            await user.click(QAbstractButton, "Run on 1 video")
            await user.click(QAbstractButton, "Runs")
            runs = await user.see(QAbstractItemView, "Runs")
            await until_async(lambda: "finished" in user.rows(runs)[0].lower())
            await user.click(QAbstractButton, "Outputs")
            outputs = await user.see(QAbstractItemView, "Outputs")
            await until_async(lambda: user.rows(outputs) and "download" not in user.rows(outputs)[0].lower())

    run_async(story())
    (finished,) = (tmp_path / "outputs").iterdir()
    made, original = facts(finished), facts(source)
    assert (made.width, made.height) == (original.width, original.height)
    assert (made.video_codec, made.audio_codec) == ("h264", "aac")
    assert loudness(finished)[0] == pytest.approx(-20, abs=0.5), "the number that was typed"
    assert made.duration == pytest.approx(original.duration, abs=0.1)


MOMENTS = {"uploading": "uploading", "running": "running"}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_killed_window_goes_on_when_it_is_opened_again(tmp_path: Path, moment: str) -> None:
    """The second window is left alone: it finishes the job without anybody touching it."""
    # Nothing but zeros behind the video: they keep the upload busy for a moment.
    video, root = make_huge(tmp_path / "talk.mp4", 400_000_000, seconds=12.0), tmp_path / "data"
    kill_when_said(root, video, moment)
    with start(root) as window:
        until(lambda: list((root / "outputs").glob("*.mp4")))
        window.send_signal(signal.SIGTERM)
        _, errors = window.communicate(timeout=PATIENCE)
    assert window.returncode == 0, errors
    assert [path.name for path in (root / "outputs").iterdir()] == ["talk · Silence removal.mp4"]
    assert facts(root / "outputs" / "talk · Silence removal.mp4").video_codec == "h264"
    assert len(rows(root, "runs")) == 1


def kill_when_said(root: Path, video: Path, moment: str) -> None:
    command = [sys.executable, "-m", "tests.e2e.window_program", str(root), str(video)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = next((line for line in process.stdout if moment in line.lower()), "")
        process.kill()
    assert said, f"never said: {moment}"


def test_sigterm_ends_the_window_in_order(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"profile": "local"}')
    with start(tmp_path) as window:
        until(lambda: (tmp_path / "local-mosaic" / "sandbox.db").exists())
        window.terminate()
        _, errors = window.communicate(timeout=PATIENCE)
    assert window.returncode == 0
    assert "Traceback" not in errors


def test_a_second_start_leaves_the_work_to_the_first_window(tmp_path: Path) -> None:
    with start(tmp_path) as first:
        until(lambda: (tmp_path / "journal.lock").exists())
        second = call(tmp_path)
        assert (second.code, "already open" in second.errors) == (0, True)
        assert first.poll() is None
        first.terminate()
        first.communicate(timeout=PATIENCE)
