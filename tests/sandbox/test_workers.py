"""What a worker process may take up: it ends with a sentence, and the next one works as before."""

import asyncio
import re
from pathlib import Path

import pytest

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.rendering import Job, StepError, Workers
from tests.support.media import make_clip

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
        workers = Workers(round(1.1 * peak))
        try:
            await workers.render(_mirror(large, tmp_path / "second"), lambda *_: None)
            (tmp_path / "third").mkdir()
            broken = Job("mirror", large, tmp_path / "third", parameters={"direction": "sideways"})
            with pytest.raises(StepError, match=r"^This video could not be processed\."):
                await workers.render(broken, lambda *_: None)
        finally:
            await workers.close()

    asyncio.run(work())


def _peak_of_worker() -> int:
    children = (pid for file in Path("/proc/self/task").glob("*/children") for pid in file.read_text().split())
    worker = next(pid for pid in children if b"render-steps" in Path(f"/proc/{pid}/cmdline").read_bytes())
    found = re.search(r"VmPeak:\s+(\d+) kB", Path(f"/proc/{worker}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


def test_a_picture_beyond_8k_is_refused_unseen(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "huge.avi", seconds=0.04, size=(9000, 5000), codec="mjpeg", audio=False)
    with pytest.raises(StepError, match=r"^This picture of 9000 x 5000 pixels is larger than 8K"):
        mirror(clip, tmp_path / "result", Workers())
