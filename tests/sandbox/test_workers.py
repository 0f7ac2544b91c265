"""What a worker process may take up: it ends with a sentence, and the next one works as before."""

import asyncio
import json
import os
import re
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.rendering import Job, StepError, Workers
from mosaic_desktop.sandbox.worker import Reporter
from tests.support.media import make_clip
from tests.support.processes import children_of, command_of
from tests.support.waiting import until_async

MEMORY = 1536 * 1024 * 1024


def mirror(clip: Path, result: Path, workers: Workers) -> Made:
    return render(_mirror(clip, result), workers)


def render(job: Job, workers: Workers) -> Made:
    async def work() -> Made:
        try:
            return await workers.render(job, lambda *_: None)
        finally:
            await workers.close()

    return asyncio.run(work())


def _mirror(clip: Path, result: Path) -> Job:
    result.mkdir()
    return Job("mirror", clip, result, parameters={"direction": "horizontal"})


def test_a_video_that_needs_too_much_memory_is_refused_with_a_sentence(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "8k.mp4", seconds=0.2, size=(7680, 4320), audio=False)
    with pytest.raises(StepError, match=r"^There is not enough memory for this video\."):
        mirror(clip, tmp_path / "large", Workers(MEMORY))
    small = make_clip(tmp_path / "small.mp4", seconds=0.2)
    assert len(mirror(small, tmp_path / "small", Workers(MEMORY)).videos) == 1


def test_a_full_disk_is_not_taken_for_a_broken_video(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=0.2)
    job = _mirror(clip, tmp_path / "result")
    (tmp_path / "result" / "video.mp4").symlink_to("/dev/full")
    with pytest.raises(StepError, match=r"^There is no room on the disk"):
        render(job, Workers())


def test_a_large_video_before_is_not_taken_for_lack_of_memory(tmp_path: Path) -> None:
    large = make_clip(tmp_path / "4k.mp4", seconds=0.2, size=(3840, 2160), audio=False)

    async def work() -> None:
        workers = Workers()
        try:
            await workers.render(_mirror(large, tmp_path / "first"), lambda *_: None)
            peak = _peak_of_worker()
        finally:
            await workers.close()
        workers = Workers(round(1.15 * peak))
        try:
            await workers.render(_mirror(large, tmp_path / "second"), lambda *_: None)
            (tmp_path / "third").mkdir()
            broken = Job("mirror", large, tmp_path / "third", parameters={"direction": "sideways"})
            with pytest.raises(StepError, match=r"^This video could not be processed\."):
                await workers.render(broken, lambda *_: None)
        finally:
            await workers.close()

    asyncio.run(work())


def _worker() -> int:
    """The process of the only worker."""
    return next(pid for pid in children_of(os.getpid()) if b"render-steps" in command_of(pid))


def _peak_of_worker() -> int:
    found = re.search(r"VmPeak:\s+(\d+) kB", Path(f"/proc/{_worker()}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


def test_a_picture_beyond_8k_is_refused_unseen(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "huge.avi", seconds=0.04, size=(9000, 5000), codec="mjpeg", audio=False)
    with pytest.raises(StepError, match=r"^This picture of 9000 x 5000 pixels is larger than 8K"):
        mirror(clip, tmp_path / "result", Workers())


def test_a_worker_that_says_nothing_for_long_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(StepError, match=r"^The renderer made no progress for two minutes and was stopped\."):
        render(_endless(tmp_path), Workers(silence_seconds=0.5))


def test_a_step_without_end_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(StepError, match=r"^This video takes more than twelve hours to process and was given up\."):
        render(_endless(tmp_path), Workers(longest_seconds=0.5))


def test_a_worker_that_dies_at_work_is_told_and_the_next_one_works(tmp_path: Path) -> None:
    job, clip = _endless(tmp_path), make_clip(tmp_path / "clip.mp4", seconds=0.2)
    ends: list[int] = []

    async def work() -> Made:
        workers = Workers()
        try:
            dying = asyncio.ensure_future(workers.render(job, lambda *_: None))
            await until_async(lambda: _open_for(job.source, ends))
            os.kill(_worker(), signal.SIGKILL)
            with pytest.raises(StepError, match=r"^The renderer stopped unexpectedly while working on this video\."):
                await dying
            return await workers.render(_mirror(clip, tmp_path / "next"), lambda *_: None)
        finally:
            await workers.close()
            for end in ends:
                os.close(end)

    assert len(asyncio.run(work()).videos) == 1


def _endless(folder: Path) -> Job:
    """A step that waits for its video for ever."""
    os.mkfifo(folder / "endless.mp4")
    return _mirror(folder / "endless.mp4", folder / "result")


def _open_for(pipe: Path, ends: list[int]) -> bool:
    """Whether somebody reads it, who goes on with it as long as the other end is open."""
    with suppress(OSError):
        ends.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    return bool(ends)


def test_progress_never_goes_back(capsys: pytest.CaptureFixture[str]) -> None:
    report = Reporter()
    for share in (0.2, 0.5, 0.3, 2.0):
        report(share)
        report.flush()
    assert [json.loads(line)["progress"] for line in capsys.readouterr().out.splitlines()] == [0.2, 0.5, 0.5, 1.0]
