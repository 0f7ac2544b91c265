"""What a worker process may take up: it ends with a sentence, and the next one works as before."""

import asyncio
from pathlib import Path

import pytest

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.rendering import Job, StepError, Workers
from tests.support.media import make_clip

MEMORY = 1536 * 1024 * 1024


def mirror(clip: Path, result: Path, workers: Workers) -> Made:
    result.mkdir()

    async def work() -> Made:
        try:
            job = Job("mirror", clip, result, parameters={"direction": "horizontal"})
            return await workers.render(job, lambda *_: None)
        finally:
            await workers.close()

    return asyncio.run(work())


def test_a_video_that_needs_too_much_memory_is_refused_with_a_sentence(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "8k.mp4", seconds=0.2, size=(7680, 4320), audio=False)
    with pytest.raises(StepError, match=r"^There is not enough memory for this video\."):
        mirror(clip, tmp_path / "large", Workers(MEMORY))
    small = make_clip(tmp_path / "small.mp4", seconds=0.2)
    assert len(mirror(small, tmp_path / "small", Workers(MEMORY)).videos) == 1


def test_a_picture_beyond_8k_is_refused_unseen(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "huge.avi", seconds=0.04, size=(9000, 5000), codec="mjpeg", audio=False)
    with pytest.raises(StepError, match=r"^This picture of 9000 x 5000 pixels is larger than 8K"):
        mirror(clip, tmp_path / "result", Workers())
