"""Files with flipped, missing and repeated bytes: every job ends with a video or a sentence, and the next one works."""

import asyncio
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mosaic_desktop.sandbox.rendering import Job, StepError, Workers
from tests.sandbox.hard_clips import Kind, write_hard
from tests.sandbox.measuring import pictures
from tests.support.media import footage, make_clip
from tests.support.waiting import PATIENCE

VIDEO = "A video that can be played came out."
EACH = 15
SENTENCE = re.compile(r"[A-Z][^<>{}\[\]_]{20,}[.?]")
# A crash, a hang or an endless film would be told so.
OUR_FAULT = re.compile("The renderer|twelve hours|memory|room on the disk")
STEPS: Mapping[str, Mapping[str, object]] = {
    "mirror": {"direction": "horizontal"},
    "find_pauses": {"threshold_db": -38, "min_silence_ms": 600, "padding_ms": 100},
}


def film(path: Path) -> Path:
    path.write_bytes(footage("carphone_distorted.mp4").read_bytes())
    return path


def flashes(path: Path) -> Path:
    return write_hard(path, Kind(times=tuple(number / 25 for number in range(25))))


def webm(path: Path) -> Path:
    return make_clip(path.with_suffix(".webm"), seconds=1, codec="libvpx-vp9")


def damaged(content: bytes, chance: random.Random) -> bytes:
    """One of the ways in which disks and networks spoil a file."""
    data = bytearray(content)
    first = chance.randrange(len(data))
    size = min(chance.choice([1, 8, 64, 1024]), len(data) - first)
    match chance.randrange(4):
        case 0:
            del data[first:]
        case 1:
            data[first : first + size] = bytes(size)
        case 2:
            del data[first : first + size]
        case _:
            for _ in range(chance.choice([1, 10, 100])):
                # Near the start and the end are the tables that say what is where.
                place = chance.choice([chance.randrange(len(data)), chance.randrange(min(4096, len(data)))])
                data[chance.choice([place, len(data) - 1 - place])] ^= 1 << chance.randrange(8)
    return bytes(data)


@pytest.mark.parametrize("make", [film, flashes, webm])
def test_every_damaged_file_comes_to_an_end(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    whole, chance = make(tmp_path / "whole.mp4"), random.Random(make.__name__)
    ends = asyncio.run(_ends(tmp_path, whole.suffix, [damaged(whole.read_bytes(), chance) for _ in range(EACH)]))
    for number, end in enumerate(ends):
        assert SENTENCE.fullmatch(end), (number, end)
        assert not OUR_FAULT.search(end), (number, end)


async def _ends(folder: Path, suffix: str, contents: list[bytes]) -> list[str]:
    workers = Workers()
    try:
        found = []
        for number, content in enumerate(contents):
            source = folder / f"{number}{suffix}"
            source.write_bytes(content)
            found.append(await _end_of(workers, source, list(STEPS)[number % 2]))
        good = make_clip(folder / "good.mp4", seconds=0.2)
        assert await _end_of(workers, good, "mirror") == VIDEO
        return found
    finally:
        await workers.close()


async def _end_of(workers: Workers, source: Path, step: str) -> str:
    result = source.with_suffix("")
    result.mkdir()
    try:
        async with asyncio.timeout(PATIENCE):
            made = await workers.render(Job(step, source, result, parameters=STEPS[step]), lambda *_: None)
    except StepError as error:
        return str(error)
    assert all(any(pictures(result / video.video)) for video in made.videos)
    return VIDEO
