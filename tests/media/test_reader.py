"""The process that looks into videos, and what its end, its silence or its absence mean for files."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.media.probe import AvProbe
from tests.support.loop import AsyncRun
from tests.support.media import make_clip
from tests.support.processes import alive, children_of, command_of, started_processes
from tests.support.waiting import PATIENCE, until, until_async

ODD_READER = (sys.executable, str(Path(__file__).with_name("odd_reader.py")))
A_MOMENT = 1.5  # seconds, for a reader that is started already


@asynccontextmanager
async def opened(
    command: Sequence[str] | None = None, *, seconds: float = PATIENCE, rest: float = 60.0
) -> AsyncIterator[AvProbe]:
    probe = AvProbe(command, seconds=seconds, rest=rest)
    try:
        yield probe
    finally:
        await probe.aclose()


def readers() -> set[int]:
    def is_reader(pid: int) -> bool:
        command = command_of(pid)
        return b"read-videos" in command or b"odd_reader" in command

    return {pid for pid in started_processes() if is_reader(pid)}


def facts_of_process(pid: int, name: str) -> bytes:
    return Path(f"/proc/{pid}/{name}").read_bytes()


def pipes() -> int:
    """How many ends of pipes this process holds."""
    files = Path("/proc/self/fd").iterdir()
    return sum(str(file.readlink()).startswith("pipe:") for file in files if file.is_symlink())


def times_opened(path: Path) -> int:
    seen = path.with_suffix(".seen")
    return seen.stat().st_size if seen.exists() else 0


@contextmanager
def hurried(probe: AvProbe) -> Iterator[None]:
    """Meanwhile a file may take a moment only; not so the start of a reader, which takes long on a busy machine."""
    before, probe._seconds = probe._seconds, A_MOMENT
    yield
    probe._seconds = before


async def refusal(probe: AvProbe, path: Path) -> LocalFileError:
    with pytest.raises(LocalFileError) as caught:
        await probe.probe(path)
    return caught.value


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "clip.mp4", seconds=0.2)


@pytest.fixture
def named(clip: Path) -> Callable[[str], Path]:
    """The clip under another name."""

    def named(stem: str) -> Path:
        path = clip.with_name(f"{stem}.mp4")
        path.hardlink_to(clip)
        return path

    return named


# --- What it is -------------------------------------------------------------------------------------------------------


def test_it_starts_with_the_first_file_and_stays_for_the_next(run_async: AsyncRun, clip: Path) -> None:
    async def story() -> None:
        async with opened() as probe:
            assert not readers()
            await probe.probe(clip)
            first = readers()
            assert len(first) == 1
            await probe.thumbnail(clip, clip.with_suffix(".jpg"))
            assert readers() == first

    run_async(story())


def test_it_sees_no_key_gives_way_and_loads_no_window(
    run_async: AsyncRun, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOSAIC_API_KEY", "mk_live_secretsecretsecret")

    async def story() -> None:
        async with opened() as probe:
            await probe.probe(clip)
            (pid,) = readers()
            assert b"secretsecret" not in facts_of_process(pid, "environ")
            assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
            assert b"Qt" not in facts_of_process(pid, "maps")

    run_async(story())


APPLICATION = """
import asyncio, pathlib, sys
from mosaic_desktop.media.probe import AvProbe
async def main():
    probe = AvProbe()
    await probe.thumbnail(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    print((await probe.probe(pathlib.Path(sys.argv[1]))).width, flush=True)
    sys.stdin.read()
    await probe.aclose()
asyncio.run(main())
assert not {"av", "numpy", "PIL"} & set(sys.modules)
"""


def test_the_application_itself_never_loads_ffmpeg(clip: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", APPLICATION, str(clip), str(tmp_path / "t.jpg")]
    done = subprocess.run(command, input="", capture_output=True, text=True)
    assert (done.stdout, done.stderr, done.returncode) == ("320\n", "", 0)


def test_it_ends_when_the_application_is_killed(clip: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", APPLICATION, str(clip), str(tmp_path / "t.jpg")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as application:
        assert application.stdout is not None
        assert application.stdout.readline() == "320\n"
        (pid,) = children_of(application.pid)
        application.kill()
    until(lambda: not alive(pid))


def test_many_files_at_once_each_get_their_own_facts(run_async: AsyncRun, tmp_path: Path) -> None:
    paths = [make_clip(tmp_path / f"{number}.mp4", seconds=0.2, size=(64 + 16 * number, 64)) for number in range(12)]

    async def story() -> list[int]:
        async with opened() as probe:
            infos = await asyncio.gather(*map(probe.probe, paths))
            assert len(readers()) == 1
            return [info.width for info in infos]

    assert run_async(story()) == [64 + 16 * number for number in range(12)]


def test_what_a_library_prints_is_no_answer(run_async: AsyncRun, named: Callable[[str], Path]) -> None:
    async def story() -> None:
        async with opened(ODD_READER) as probe:
            assert (await probe.probe(named("chatter"))).width == 320

    run_async(story())


def test_at_rest_it_is_let_go_until_the_next_file(run_async: AsyncRun, clip: Path) -> None:
    async def story() -> None:
        async with opened(rest=0.05) as probe:
            for _ in range(2):
                assert (await probe.probe(clip)).width == 320
                await until_async(lambda: not readers())

    run_async(story())


# --- Files that end it ------------------------------------------------------------------------------------------------


@pytest.mark.expect_log(r"ended in the middle of its work \(exit code -11\)")
def test_a_file_that_crashes_it_twice_is_refused_and_the_next_is_read(
    run_async: AsyncRun, named: Callable[[str], Path], clip: Path
) -> None:
    bad = named("crash")

    async def story() -> None:
        async with opened(ODD_READER) as probe:
            error = await refusal(probe, bad)
            assert error.code == Code.NOT_A_VIDEO
            assert sentence(error.problem) == "This is not a video that can be read. (reading it broke off twice)"
            assert times_opened(bad) == 2
            assert (await probe.probe(clip)).width == 320

    run_async(story())


@pytest.mark.expect_log(r"ended in the middle of its work")
def test_a_file_that_crashes_it_has_no_thumbnail(run_async: AsyncRun, named: Callable[[str], Path]) -> None:
    bad = named("crash")

    async def story() -> None:
        async with opened(ODD_READER) as probe:
            assert await probe.thumbnail(bad, bad.with_suffix(".jpg")) is None

    run_async(story())
    assert not bad.with_suffix(".jpg").exists()


@pytest.mark.expect_log(r"ended in the middle of its work \(exit code -9\)")
def test_a_file_in_the_middle_of_which_it_was_killed_is_read_by_another(
    run_async: AsyncRun, named: Callable[[str], Path]
) -> None:
    path = named("stuck once")

    async def story() -> None:
        async with opened(ODD_READER) as probe:
            async with asyncio.TaskGroup() as tasks:
                asked = tasks.create_task(probe.probe(path))
                await until_async(lambda: times_opened(path))
                (pid,) = readers()
                os.kill(pid, signal.SIGKILL)
            assert asked.result().width == 320
            assert readers() != {pid}

    run_async(story())


@pytest.mark.expect_log(r"ended in the middle of its work \(exit code -9\)")
def test_one_that_was_killed_at_rest_is_replaced(run_async: AsyncRun, clip: Path) -> None:
    async def story() -> None:
        async with opened() as probe:
            await probe.probe(clip)
            (pid,) = readers()
            os.kill(pid, signal.SIGKILL)
            assert (await probe.probe(clip)).width == 320

    run_async(story())


def test_a_file_that_keeps_it_busy_for_ever_is_refused_in_time_and_the_next_is_read(
    run_async: AsyncRun, named: Callable[[str], Path], clip: Path
) -> None:
    bad = named("endless")

    async def story() -> None:
        async with opened(ODD_READER) as probe:
            await probe.probe(clip)
            with hurried(probe):
                error = await refusal(probe, bad)
            assert (error.code, times_opened(bad)) == (Code.FILE_UNREADABLE, 1)
            assert sentence(error.problem).endswith("(reading it took too long)")
            assert (await probe.probe(clip)).width == 320
            assert len(readers()) == 1

    run_async(story())


def test_one_that_stands_still_is_replaced(run_async: AsyncRun, clip: Path) -> None:
    async def story() -> None:
        async with opened() as probe:
            await probe.probe(clip)
            (pid,) = readers()
            os.kill(pid, signal.SIGSTOP)
            with hurried(probe):
                assert (await refusal(probe, clip)).code == Code.FILE_UNREADABLE
            assert (await probe.probe(clip)).width == 320
            assert pid not in readers()

    run_async(story())


def test_no_time_at_all(run_async: AsyncRun, clip: Path) -> None:
    async def story() -> None:
        async with opened(seconds=0) as probe:
            assert (await refusal(probe, clip)).code == Code.FILE_UNREADABLE

    run_async(story())
    assert not readers()


# --- Giving up --------------------------------------------------------------------------------------------------------


def test_cancelled_in_the_middle_it_is_replaced_for_the_next_file(
    run_async: AsyncRun, named: Callable[[str], Path], clip: Path
) -> None:
    path = named("stuck once")

    async def story() -> None:
        async with opened(ODD_READER) as probe:
            async with asyncio.TaskGroup() as tasks:
                asked = tasks.create_task(probe.probe(path))
                waiting = tasks.create_task(probe.probe(clip))
                await until_async(lambda: times_opened(path))
                (pid,) = readers()
                asked.cancel()
            assert waiting.result().width == 320
            await until_async(lambda: not alive(pid))

    run_async(story())


def test_cancelled_before_it_runs(run_async: AsyncRun, clip: Path) -> None:
    async def story() -> None:
        async with opened() as probe:
            async with asyncio.TaskGroup() as tasks:
                asked = tasks.create_task(probe.probe(clip))
                await asyncio.sleep(0)
                asked.cancel()
            assert (await probe.probe(clip)).width == 320
            assert len(readers()) == 1

    run_async(story())


def test_closing_cancels_what_is_read_and_leaves_no_process_and_no_pipe(
    run_async: AsyncRun, named: Callable[[str], Path], clip: Path
) -> None:
    path = named("stuck once")

    async def story() -> None:
        before = pipes()
        async with opened(ODD_READER) as probe:
            asked = asyncio.gather(probe.probe(path), probe.probe(clip), return_exceptions=True)
            await until_async(lambda: times_opened(path))
            assert pipes() > before
            await asyncio.wait_for(probe.aclose(), 20)  # a file may take longer
            assert not readers()
            assert pipes() == before
            assert [type(result) for result in await asked] == [asyncio.CancelledError] * 2
            with pytest.raises(asyncio.CancelledError):
                await probe.probe(clip)

    run_async(story())
    gc.collect()  # a pipe or a process that was only forgotten would warn now


# --- One that is none -------------------------------------------------------------------------------------------------


@pytest.mark.expect_log("the reader of videos did not start")
@pytest.mark.parametrize("command", [("/nowhere/python",), (sys.executable, "-c", ""), (sys.executable, "-c", "1/0")])
def test_a_reader_that_does_not_start_is_not_the_fault_of_the_file(
    run_async: AsyncRun, clip: Path, command: Sequence[str], capfd: pytest.CaptureFixture[str]
) -> None:
    async def story() -> None:
        async with opened(command) as probe:
            error = await refusal(probe, clip)
            assert error.code == Code.FILE_UNREADABLE
            assert "did not start" in sentence(error.problem)

    run_async(story())


@pytest.mark.parametrize("answer", ["", "?", "{}", '{"facts": 1}', '{"facts": {"width": 1}}', "7", "x" * 3_000_000])
def test_an_answer_that_is_none_counts_as_none(run_async: AsyncRun, clip: Path, answer: str) -> None:
    program = f"import sys; print('ready', flush=True); [print({answer!r}, flush=True) for _ in sys.stdin]"
    if len(answer) > 100:
        program = "import sys; print('ready', flush=True); [print('x' * 3_000_000, flush=True) for _ in sys.stdin]"

    async def story() -> None:
        async with opened((sys.executable, "-c", program)) as probe:
            assert (await refusal(probe, clip)).code == Code.NOT_A_VIDEO

    run_async(story())
