"""Ctrl-C and SIGTERM: the first ends the work in order, the second the process."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.waiting import PATIENCE

PROGRAM = """
import asyncio
from mosaic_desktop.app.stopping import StoppedError, until_stopped

async def work():
    try:
        print("working", flush=True)
        await asyncio.sleep(60)
    finally:
        print("ending", flush=True)
        if {stubborn}:
            await asyncio.sleep(60)
        print("ended", flush=True)

try:
    asyncio.run(until_stopped(work()))
except StoppedError as stopped:
    print("stopped by", stopped.name.name, flush=True)
"""


@contextmanager
def program(*, stubborn: bool) -> Iterator["subprocess.Popen[str]"]:
    code = PROGRAM.format(stubborn=stubborn)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert line(process) == "working"
            yield process
        finally:
            process.kill()


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_the_first_signal_ends_the_work_in_order() -> None:
    with program(stubborn=False) as process:
        process.send_signal(signal.SIGTERM)
        assert [line(process) for _ in range(3)] == ["ending", "ended", "stopped by SIGTERM"]
        assert process.wait(PATIENCE) == 0


def test_the_second_ends_the_process_at_once() -> None:
    with program(stubborn=True) as process:
        process.send_signal(signal.SIGINT)
        assert line(process) == "ending"
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == -signal.SIGINT
        assert line(process) == ""


def test_ctrl_c_while_the_program_loads_is_no_fault() -> None:
    """Python's account of what it loads tells that it is at it."""
    command = [sys.executable, "-X", "importtime", "-m", "mosaic_desktop", "--help"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any("mosaic_desktop.core" in told for told in process.stderr)
        process.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" not in process.stderr.read()
