"""A person at a terminal pastes what the server prints, and has an edited video."""

import os
import pty
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.sandbox.lettered import write_still
from tests.support.media import facts, make_clip
from tests.support.waiting import PATIENCE, until


@contextmanager
def at_a_terminal(data_dir: Path) -> Iterator[str]:
    """What the server prints there until it answers."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "mosaic_desktop.sandbox", "--data-dir", str(data_dir)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        os.set_blocking(ours, False)
        printed = bytearray()

        def is_ready() -> bool:
            with suppress(BlockingIOError):
                printed.extend(os.read(ours, 65536))
            return b"admin/faults with the token " in printed and printed.endswith(b"\n")

        try:
            until(is_ready)
            yield printed.decode().replace("\r\n", "\n")
        finally:
            process.terminate()
            process.wait(PATIENCE)
            os.close(ours)


def pasted(folder: Path, *options: str) -> str:
    """What a person reads who pastes the printed commands in this folder, of which the last ends well."""
    with at_a_terminal(folder / "data") as printed, tempfile.TemporaryFile() as said:
        commands = "\n".join(line for line in printed.splitlines() if line.startswith("  ") and "password" not in line)
        done = subprocess.run(
            ["bash", *options, "-c", commands], cwd=folder, stdout=said, stderr=said, timeout=PATIENCE
        )
        said.seek(0)
        words = said.read().decode()
    assert done.returncode == 0, words
    return words


def test_the_printed_commands_lead_from_upload_to_download(tmp_path: Path) -> None:
    make_clip(tmp_path / "video.mp4", seconds=2, noise=0.01)
    words = pasted(tmp_path, "-eu")
    assert re.search(r"Understood: Audio enhance.* Finished\.", words), words
    assert abs(facts(tmp_path / "edited.mp4").duration - 2) < 0.1


def test_a_run_that_fails_ends_in_plain_words(tmp_path: Path) -> None:
    write_still(tmp_path / "video.mp4", 100, seconds=1)  # without sound
    words = pasted(tmp_path, "-eu")
    assert "This video has no sound, so there is nothing to clean." in words
    assert words.endswith("3. Download\nThere is no video. What is said above tells why.\n")
    assert "Traceback" not in words
    assert not (tmp_path / "edited.mp4").exists()


def test_a_video_that_is_not_there_ends_in_plain_words(tmp_path: Path) -> None:
    words = pasted(tmp_path)
    assert "video.mp4: No such file" in words
    assert words.endswith("3. Download\nThere is no video. What is said above tells why.\n")
    assert "Traceback" not in words


def test_the_printed_commands_suit_zsh_too(tmp_path: Path) -> None:
    """Which runs a comment that is pasted as a command, and shows what is in PROMPT before each line."""
    with at_a_terminal(tmp_path / "data") as printed:
        assert not re.search(r"^ *#|PROMPT", printed, re.MULTILINE)
