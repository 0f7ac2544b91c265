"""Facts and thumbnails of real films, and of files that only look like some."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from av.stream import Disposition
from PySide6.QtGui import QColor, QImage

from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.media.probe import AvProbe
from tests.support.media import (
    footage,
    make_audio_only,
    make_clip,
    make_huge,
    make_text_as_mp4,
    make_truncated,
    mean_luma,
    sparse,
)


def run(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401
    return asyncio.run(work)


@pytest.fixture
def probe() -> Iterator[AvProbe]:
    probe = AvProbe()
    yield probe
    run(probe.aclose())


def probed(probe: AvProbe, path: Path) -> MediaInfo:
    info = run(probe.probe(path))
    assert isinstance(info, MediaInfo)
    return info


def pictured(probe: AvProbe, path: Path, target: Path) -> QImage:
    assert run(probe.thumbnail(path, target)) == target
    image = QImage(str(target))
    assert not image.isNull()
    return image


# --- Facts ------------------------------------------------------------------------------------------------------------

KINDS = [
    ("clip.mp4", "libx264", "h264", "aac"),
    ("clip.mov", "prores_ks", "prores", "aac"),
    ("clip.mkv", "libx264", "h264", "aac"),
    ("clip.webm", "libvpx-vp9", "vp9", "opus"),
    ("clip.avi", "mpeg4", "mpeg4", "mp3"),
    ("clip.ts", "mpeg2video", "mpeg2video", "aac"),
    ("no suffix at all", "libx264", "h264", "aac"),
]


@pytest.mark.parametrize(("name", "codec", "video", "audio"), KINDS)
def test_containers_and_codecs(probe: AvProbe, tmp_path: Path, name: str, codec: str, video: str, audio: str) -> None:
    path = make_clip(tmp_path / (name if "." in name else "made.mp4"), codec=codec, size=(320, 180), fps=25)
    info = probed(probe, path.rename(tmp_path / name))
    assert info.duration == pytest.approx(2.0, abs=0.1)
    assert (info.width, info.height, info.video_codec, info.audio_codec) == (320, 180, video, audio)
    assert info.frame_rate == pytest.approx(25)


def test_a_silent_film_has_no_audio_codec(probe: AvProbe, tmp_path: Path) -> None:
    info = probed(probe, make_clip(tmp_path / "silent.mp4", audio=False))
    assert info.audio_codec is None


@pytest.mark.parametrize(
    ("rotation", "shown"), [(0, (320, 180)), (90, (180, 320)), (180, (320, 180)), (270, (180, 320))]
)
def test_the_size_is_that_of_the_turned_picture(
    probe: AvProbe, tmp_path: Path, rotation: int, shown: tuple[int, int]
) -> None:
    info = probed(probe, make_clip(tmp_path / "phone.mp4", size=(320, 180), rotation=rotation))
    assert (info.width, info.height) == shown


@pytest.mark.parametrize(
    ("aspect", "width"), [(Fraction(4, 3), 427), (Fraction(1001, 1000), 320), (Fraction(99, 1), 320)]
)
def test_pixels_that_are_not_square_count_as_shown(
    probe: AvProbe, tmp_path: Path, aspect: Fraction, width: int
) -> None:
    info = probed(probe, make_clip(tmp_path / "wide.mp4", pixel_aspect=aspect))
    assert (info.width, info.height) == (width, 240)


def test_real_footage(probe: AvProbe) -> None:
    info = probed(probe, footage("bigbuckbunny.mp4"))
    assert info.duration == pytest.approx(5.3, abs=0.1)
    assert (info.width, info.height, info.video_codec, info.audio_codec) == (1280, 720, "h264", "aac")


def test_six_gigabytes_are_looked_into_at_once(probe: AvProbe, tmp_path: Path) -> None:
    path = make_huge(tmp_path / "huge.mp4")
    began = time.monotonic()
    info = probed(probe, path)
    picture = pictured(probe, path, tmp_path / "huge.jpg")
    assert time.monotonic() - began < 5
    assert path.stat().st_size == 6_000_000_000
    assert info.duration == pytest.approx(2.0, abs=0.1)
    assert (info.width, info.height) == (320, 240)
    assert (picture.width(), picture.height()) == (250, 188)


def test_names_need_not_be_unicode_or_harmless(probe: AvProbe, tmp_path: Path) -> None:
    made = make_clip(tmp_path / "made.mp4")
    for name in ["concat:x.mp4", "%03d.mp4", "-i.mp4", "ä 日本 🎬.mp4", os.fsdecode(b"caf\xe9.mp4")]:
        assert probed(probe, made.rename(tmp_path / name)).width == 320
        made = tmp_path / name


# --- What is no film --------------------------------------------------------------------------------------------------


def make_endless_link(path: Path) -> Path:
    """What not even root can read."""
    path.symlink_to(path)
    return path


def make_fifo(path: Path) -> Path:
    os.mkfifo(path)
    return path


def make_folder(path: Path) -> Path:
    path.mkdir()
    return path


def make_playlist(path: Path) -> Path:
    make_clip(path.with_name("secret.mp4"))
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nsecret.mp4\n#EXT-X-ENDLIST\n")
    return path


def make_list(path: Path) -> Path:
    make_clip(path.with_name("secret.mp4"))
    path.write_text("ffconcat version 1.0\nfile secret.mp4\n")
    return path


def make_picture(path: Path) -> Path:
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    drawn = path.with_suffix(".png")
    assert image.save(str(drawn))
    return drawn.rename(path)


def make_noise(path: Path) -> Path:
    path.write_bytes(os.urandom(200_000))
    return path


def make_hole(path: Path) -> Path:
    return sparse(path, 3_000_000_000)


def make_empty(path: Path) -> Path:
    path.touch()
    return path


NO_FILMS: list[tuple[Callable[[Path], Path], Code]] = [
    (make_text_as_mp4, Code.NOT_A_VIDEO),
    (make_truncated, Code.NOT_A_VIDEO),
    (make_audio_only, Code.NOT_A_VIDEO),
    (make_folder, Code.NOT_A_VIDEO),
    (make_fifo, Code.NOT_A_VIDEO),
    (make_playlist, Code.NOT_A_VIDEO),
    (make_list, Code.NOT_A_VIDEO),
    (make_picture, Code.NOT_A_VIDEO),
    (make_noise, Code.NOT_A_VIDEO),
    (make_hole, Code.NOT_A_VIDEO),
    (make_empty, Code.FILE_EMPTY),
    (lambda path: path, Code.FILE_MISSING),
    (make_endless_link, Code.FILE_UNREADABLE),
    (lambda path: Path("/dev/zero"), Code.NOT_A_VIDEO),
]


@pytest.mark.parametrize(("make", "code"), NO_FILMS)
def test_what_is_no_film_is_refused_quickly(
    probe: AvProbe, tmp_path: Path, make: Callable[[Path], Path], code: Code
) -> None:
    path = make(tmp_path / "thing.mp4")
    began = time.monotonic()
    with pytest.raises(LocalFileError) as caught:
        run(probe.probe(path))
    target = tmp_path / "thumbs" / "thing.jpg"
    assert run(probe.thumbnail(path, target)) is None
    assert caught.value.code == code
    assert not target.exists()
    assert time.monotonic() - began < 5


def test_a_song_with_a_cover_is_no_film(probe: AvProbe, tmp_path: Path) -> None:
    song = tmp_path / "song.m4a"
    make_audio_only(tmp_path / "sound.mp4")
    add_cover(tmp_path / "sound.mp4", make_picture(tmp_path / "cover.png"), song)
    with pytest.raises(LocalFileError) as caught:
        run(probe.probe(song))
    assert caught.value.code == Code.NOT_A_VIDEO


def add_cover(sound: Path, cover: Path, target: Path) -> None:
    with av.open(str(sound)) as heard, av.open(str(cover)) as seen, av.open(str(target), "w", "mp4") as song:
        pairs = [(container, container.streams[0]) for container in (heard, seen)]
        outs = [song.add_stream_from_template(stream) for _, stream in pairs]
        outs[1].disposition = Disposition.attached_pic
        for (container, stream), out in zip(pairs, outs, strict=True):
            for packet in container.demux(stream):
                if packet.dts is not None:
                    packet.stream = out
                    song.mux(packet)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_film_cut_short_is_still_looked_into(probe: AvProbe, tmp_path: Path, share: float) -> None:
    path = make_clip(tmp_path / "cut.mkv", seconds=4)
    os.truncate(path, int(path.stat().st_size * share))
    assert probed(probe, path).width == 320
    assert pictured(probe, path, tmp_path / "cut.jpg").width() == 250


def test_damaged_pictures_do_no_harm(probe: AvProbe, tmp_path: Path) -> None:
    path = make_clip(tmp_path / "hurt.mp4", seconds=3)
    content = bytearray(path.read_bytes())
    for place in range(2000, len(content) // 2, 97):
        content[place] ^= 0xFF
    path.write_bytes(content)
    with contextlib.suppress(LocalFileError):
        assert probed(probe, path).video_codec == "h264"
    run(probe.thumbnail(path, tmp_path / "hurt.jpg"))


# --- Thumbnails -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "fitted"),
    [((1280, 720), (334, 188)), ((640, 272), (336, 142)), ((360, 640), (106, 188)), ((64, 48), (64, 48))],
)
def test_thumbnails_fit_and_keep_the_proportions(
    probe: AvProbe, tmp_path: Path, size: tuple[int, int], fitted: tuple[int, int]
) -> None:
    image = pictured(probe, make_clip(tmp_path / "clip.mp4", size=size, seconds=0.4), tmp_path / "t" / "clip.jpg")
    assert (image.width(), image.height()) == fitted


def test_a_thumbnail_is_not_black_where_the_film_begins_black(probe: AvProbe, tmp_path: Path) -> None:
    target = tmp_path / "t.jpg"
    pictured(probe, make_clip(tmp_path / "late.mp4", seconds=4, black_until=2.2), target)
    assert mean_luma(target) > 60


def test_a_film_that_is_all_black_has_a_black_thumbnail(probe: AvProbe, tmp_path: Path) -> None:
    image = pictured(probe, make_clip(tmp_path / "night.mp4", black_until=9), tmp_path / "t.jpg")
    assert image.pixelColor(20, 20).lightness() < 12


@pytest.mark.parametrize(("rotation", "bright"), [(0, "left"), (90, "bottom"), (180, "right"), (270, "top")])
def test_thumbnails_stand_upright(probe: AvProbe, tmp_path: Path, rotation: int, bright: str) -> None:
    """The film's left edge is bright and its right edge dark; turned counter-clockwise, left becomes bottom."""
    path = make_clip(tmp_path / "phone.mp4", size=(320, 180), rotation=rotation, seconds=0.04)
    image = pictured(probe, path, tmp_path / "t.jpg")
    across, down = image.width(), image.height()
    edges = {
        "left": (across // 16, down // 2),
        "right": (across - across // 16, down // 2),
        "top": (across // 2, down // 16),
        "bottom": (across // 2, down - down // 16),
    }
    assert (across > down) == (rotation in (0, 180))
    lightness = {name: image.pixelColor(*place).lightness() for name, place in edges.items()}
    opposite = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}[bright]
    assert lightness[bright] > 150 > 110 > lightness[opposite]


def test_an_older_thumbnail_is_replaced_whole(probe: AvProbe, tmp_path: Path) -> None:
    target = tmp_path / "t.jpg"
    target.write_text("older")
    pictured(probe, make_clip(tmp_path / "clip.mp4"), target)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["clip.mp4", "t.jpg"]


def test_a_thumbnail_that_cannot_be_kept_is_none(probe: AvProbe, tmp_path: Path) -> None:
    (tmp_path / "t").write_text("in the way")
    assert run(probe.thumbnail(make_clip(tmp_path / "clip.mp4"), tmp_path / "t" / "clip.jpg")) is None


# --- Threads ----------------------------------------------------------------------------------------------------------


def test_many_files_at_once(tmp_path: Path) -> None:
    paths = [make_clip(tmp_path / f"{number}.mp4", seconds=0.2, size=(64 + 16 * number, 64)) for number in range(12)]

    async def work() -> list[int]:
        probe = AvProbe()
        infos = await asyncio.gather(*map(probe.probe, paths))
        await probe.aclose()
        return [info.width for info in infos]

    assert run(work()) == [64 + 16 * number for number in range(12)]


def test_reading_ends_after_its_time(tmp_path: Path) -> None:
    async def work() -> str:
        probe = AvProbe(seconds=0)
        with pytest.raises(LocalFileError) as caught:
            await probe.probe(make_clip(tmp_path / "clip.mp4"))
        await probe.aclose()
        return caught.value.code

    assert run(work()) == Code.FILE_UNREADABLE


LIGHT = """
import asyncio, pathlib, sys
from mosaic_desktop.media.probe import AvProbe
assert "av" not in sys.modules
async def main():
    probe = AvProbe()
    await probe.thumbnail(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    print((await probe.probe(pathlib.Path(sys.argv[1]))).width)
    await probe.aclose()
asyncio.run(main())
assert not {"numpy", "PIL"} & set(sys.modules)
"""


def test_nothing_heavy_is_loaded(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4")
    done = subprocess.run(
        [sys.executable, "-c", LIGHT, str(path), str(tmp_path / "t.jpg")],
        capture_output=True,
        text=True,
        env=os.environ,
    )
    assert (done.stdout, done.stderr) == ("320\n", "")
