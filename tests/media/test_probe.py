"""Facts and thumbnails of real films, and of files that only look like some, through the real child."""

import contextlib
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.stream import Disposition
from PySide6.QtGui import QColor, QImage

from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.media.probe import AvProbe
from tests.media.test_reader import readers
from tests.support.loop import AsyncRun
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

FEW = 100_000_000  # bytes; the large files here have gigabytes


class Probe:
    """A probe with its real child, on the loop of the window."""

    def __init__(self, run: AsyncRun, real: AvProbe) -> None:
        self.run = run
        self.real = real

    @property
    def bytes_read(self) -> int:
        """By the child, if there is one, from its start on."""
        counts = [Path(f"/proc/{pid}/io").read_text().split()[1] for pid in readers()]
        return sum(map(int, counts))

    def facts(self, path: Path) -> MediaInfo:
        return self.run(self.real.probe(path))

    def refused(self, path: Path) -> LocalFileError:
        with pytest.raises(LocalFileError) as caught:
            self.facts(path)
        return caught.value

    def picture(self, path: Path, target: Path) -> QImage:
        assert self.run(self.real.thumbnail(path, target)) == target
        image = QImage(str(target))
        assert not image.isNull()
        return image

    def no_picture(self, path: Path, target: Path) -> None:
        assert self.run(self.real.thumbnail(path, target)) is None


@pytest.fixture
def probe(run_async: AsyncRun) -> Iterator[Probe]:
    real = AvProbe()
    yield Probe(run_async, real)
    run_async(real.aclose())


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
def test_containers_and_codecs(probe: Probe, tmp_path: Path, name: str, codec: str, video: str, audio: str) -> None:
    path = make_clip(tmp_path / (name if "." in name else "made.mp4"), codec=codec, size=(320, 180), fps=25)
    info = probe.facts(path.rename(tmp_path / name))
    assert info.duration == pytest.approx(2.0, abs=0.1)
    assert (info.width, info.height, info.video_codec, info.audio_codec) == (320, 180, video, audio)
    assert info.frame_rate == pytest.approx(25)


def test_a_silent_film_has_no_audio_codec(probe: Probe, tmp_path: Path) -> None:
    info = probe.facts(make_clip(tmp_path / "silent.mp4", audio=False))
    assert info.audio_codec is None


@pytest.mark.parametrize(
    ("rotation", "shown"), [(0, (320, 180)), (90, (180, 320)), (180, (320, 180)), (270, (180, 320))]
)
def test_the_size_is_that_of_the_turned_picture(
    probe: Probe, tmp_path: Path, rotation: int, shown: tuple[int, int]
) -> None:
    info = probe.facts(make_clip(tmp_path / "phone.mp4", size=(320, 180), rotation=rotation))
    assert (info.width, info.height) == shown


@pytest.mark.parametrize(
    ("aspect", "width"), [(Fraction(4, 3), 427), (Fraction(1001, 1000), 320), (Fraction(99, 1), 320)]
)
def test_pixels_that_are_not_square_count_as_shown(probe: Probe, tmp_path: Path, aspect: Fraction, width: int) -> None:
    info = probe.facts(make_clip(tmp_path / "wide.mp4", pixel_aspect=aspect))
    assert (info.width, info.height) == (width, 240)


def test_real_footage(probe: Probe) -> None:
    info = probe.facts(footage("bigbuckbunny.mp4"))
    assert info.duration == pytest.approx(5.3, abs=0.1)
    assert (info.width, info.height, info.video_codec, info.audio_codec) == (1280, 720, "h264", "aac")


def test_six_gigabytes_are_looked_into_at_once(probe: Probe, tmp_path: Path) -> None:
    path = make_huge(tmp_path / "huge.mp4")
    info = probe.facts(path)
    picture = probe.picture(path, tmp_path / "huge.jpg")
    assert probe.bytes_read < FEW
    assert path.stat().st_size == 6_000_000_000
    assert info.duration == pytest.approx(2.0, abs=0.1)
    assert (info.width, info.height) == (320, 240)
    assert (picture.width(), picture.height()) == (250, 188)


def test_names_need_not_be_unicode_or_harmless(probe: Probe, tmp_path: Path) -> None:
    made = make_clip(tmp_path / "made.mp4")
    for name in ["concat:x.mp4", "%03d.mp4", "-i.mp4", "ä 日本 🎬.mp4", os.fsdecode(b"caf\xe9.mp4")]:
        assert probe.facts(made.rename(tmp_path / name)).width == 320
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
    probe: Probe, tmp_path: Path, make: Callable[[Path], Path], code: Code
) -> None:
    path = make(tmp_path / "thing.mp4")
    refusal = probe.refused(path)
    target = tmp_path / "thumbs" / "thing.jpg"
    probe.no_picture(path, target)
    assert refusal.code == code
    assert not target.exists()
    assert probe.bytes_read < FEW


def test_a_song_with_a_cover_is_no_film(probe: Probe, tmp_path: Path) -> None:
    song = tmp_path / "song.m4a"
    make_audio_only(tmp_path / "sound.mp4")
    add_cover(tmp_path / "sound.mp4", make_picture(tmp_path / "cover.png"), song)
    assert probe.refused(song).code == Code.NOT_A_VIDEO


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
def test_a_film_cut_short_is_still_looked_into(probe: Probe, tmp_path: Path, share: float) -> None:
    path = make_clip(tmp_path / "cut.mkv", seconds=4)
    os.truncate(path, int(path.stat().st_size * share))
    assert probe.facts(path).width == 320
    assert probe.picture(path, tmp_path / "cut.jpg").width() == 250


def test_damaged_pictures_do_no_harm(probe: Probe, tmp_path: Path) -> None:
    path = make_clip(tmp_path / "hurt.mp4", seconds=3)
    content = bytearray(path.read_bytes())
    for place in range(2000, len(content) // 2, 97):
        content[place] ^= 0xFF
    path.write_bytes(content)
    with contextlib.suppress(LocalFileError):
        assert probe.facts(path).video_codec == "h264"
    probe.run(probe.real.thumbnail(path, tmp_path / "hurt.jpg"))


# --- Thumbnails -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "fitted"),
    [((1280, 720), (334, 188)), ((640, 272), (336, 142)), ((360, 640), (106, 188)), ((64, 48), (64, 48))],
)
def test_thumbnails_fit_and_keep_the_proportions(
    probe: Probe, tmp_path: Path, size: tuple[int, int], fitted: tuple[int, int]
) -> None:
    image = probe.picture(make_clip(tmp_path / "clip.mp4", size=size, seconds=0.4), tmp_path / "t" / "clip.jpg")
    assert (image.width(), image.height()) == fitted


def test_a_thumbnail_is_not_black_where_the_film_begins_black(probe: Probe, tmp_path: Path) -> None:
    target = tmp_path / "t.jpg"
    probe.picture(make_clip(tmp_path / "late.mp4", seconds=4, black_until=2.2), target)
    assert mean_luma(target) > 60


def test_a_film_that_is_all_black_has_a_black_thumbnail(probe: Probe, tmp_path: Path) -> None:
    image = probe.picture(make_clip(tmp_path / "night.mp4", black_until=9), tmp_path / "t.jpg")
    assert image.pixelColor(20, 20).lightness() < 12


@pytest.mark.parametrize(("rotation", "bright"), [(0, "left"), (90, "bottom"), (180, "right"), (270, "top")])
def test_thumbnails_stand_upright(probe: Probe, tmp_path: Path, rotation: int, bright: str) -> None:
    """The film's left edge is bright and its right edge dark; turned counter-clockwise, left becomes bottom."""
    path = make_clip(tmp_path / "phone.mp4", size=(320, 180), rotation=rotation, seconds=0.04)
    image = probe.picture(path, tmp_path / "t.jpg")
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


def test_an_older_thumbnail_is_replaced_whole(probe: Probe, tmp_path: Path) -> None:
    target = tmp_path / "t.jpg"
    target.write_text("older")
    probe.picture(make_clip(tmp_path / "clip.mp4"), target)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["clip.mp4", "t.jpg"]


def test_a_thumbnail_that_cannot_be_kept_is_none(probe: Probe, tmp_path: Path) -> None:
    (tmp_path / "t").write_text("in the way")
    probe.no_picture(make_clip(tmp_path / "clip.mp4"), tmp_path / "t" / "clip.jpg")
