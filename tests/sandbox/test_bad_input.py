"""Whatever arrives instead of a proper video is refused with a sentence that a person understands."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.video.frame import VideoFrame

from tests.sandbox.client import Client
from tests.support.media import make_audio_only, make_clip, make_text_as_mp4, make_truncated

UNREADABLE = "This file is not a video that can be read."


def zeros(path: Path) -> Path:
    path.write_bytes(bytes(4096))
    return path


def playlist(path: Path) -> Path:
    """A list that would make a careless reader open other files."""
    path.write_text("#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n" + "#" * 2000)
    return path


def cut_off(path: Path) -> Path:
    """A video with its index in front, of which the second half is missing."""
    make_clip(path.with_suffix(".whole.mp4"), seconds=4)
    with (
        av.open(str(path.with_suffix(".whole.mp4"))) as source,
        av.open(str(path), "w", options={"movflags": "+faststart"}) as target,
    ):
        copy = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = copy
                target.mux(packet)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def without_times(path: Path) -> Path:
    """Coded pictures as they come from a camera, which nobody says when to show."""
    make_clip(path.with_suffix(".whole.mp4"))
    with av.open(str(path.with_suffix(".whole.mp4"))) as source, av.open(str(path), "w", format="h264") as target:
        copy = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = copy
                target.mux(packet)
    return path


def wrong_clock(path: Path) -> Path:
    """Each picture is shown for two days, says its table of times."""
    content = bytearray(make_clip(path, audio=False).read_bytes())
    place = content.index(b"stts") + 16
    content[place : place + 4] = (2**31 - 1).to_bytes(4, "big")
    path.write_bytes(content)
    return path


def two_days(path: Path) -> Path:
    """A picture, and another two days later."""
    return _pictures(path, (160, 120), (0, 2 * 86_400))


def joined(path: Path) -> Path:
    make_clip(path.with_suffix(".ts"))
    path.write_bytes(2 * path.with_suffix(".ts").read_bytes())
    return path


def one_pixel(path: Path) -> Path:
    return _pictures(path, (1, 1), tuple(range(60)))


def _pictures(path: Path, size: tuple[int, int], seconds: tuple[int, ...]) -> Path:
    with av.open(str(path), "w", format="matroska") as container:
        video = container.add_stream("ffv1", rate=25)
        video.width, video.height, video.pix_fmt = *size, "bgr0"
        video.codec_context.time_base = Fraction(1)
        for second in seconds:
            picture = VideoFrame(*size, "bgr0")
            picture.pts, picture.time_base = second, Fraction(1)
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
    return path


def test_what_is_no_video_is_refused(client: Client, tmp_path: Path) -> None:
    makers = (zeros, make_text_as_mp4, make_truncated, playlist)
    files = [client.upload(make(tmp_path / "file.mp4")) for make in makers]
    wishes = [(file, agent) for file in files for agent in ("Audio enhance", "Reframe")]
    runs = [client.start(file, agent) for file, agent in wishes]
    for run_id in runs:
        assert client.finish(run_id)["status"] == "failed"
        assert client.full(run_id)["graph"]["nodes"][0]["error"] == UNREADABLE


@pytest.mark.parametrize(
    ("make", "agent", "sentence"),
    [
        (
            cut_off,
            "Reframe",
            "This video is cut off: it should last 4 seconds but ends after 2. Upload the whole file.",
        ),
        (make_audio_only, "Reframe", "This file has no picture, so it is not a video."),
        (without_times, "Mirror", UNREADABLE),
        (
            wrong_clock,
            "Reframe",
            "This video is cut off: it should last 2 seconds but ends after 0. Upload the whole file.",
        ),
        (
            joined,
            "Mirror",
            "The clock of this video starts again after 2 seconds, as in joined recordings. Upload them one by one.",
        ),
        (
            lambda path: make_clip(path, seconds=0.2, size=(4000, 16)),
            "Reframe",
            "This picture of 4000 x 16 pixels is too narrow to find a subject in it.",
        ),
        (two_days, "Trim", "This video lasts 48 hours; a day is the most that is processed."),
        (one_pixel, "Colour", "This picture of 1 x 1 pixels is too small to be processed."),
        (
            lambda path: make_clip(path, audio=False),
            "Audio enhance",
            "This video has no sound, so there is nothing to clean.",
        ),
        (
            lambda path: make_clip(path, audio=False),
            "Silence removal",
            "This video has no sound, so there are no pauses to find.",
        ),
        (
            lambda path: make_clip(path, level=0.0),
            "Audio enhance",
            "The sound of this video is silent or too short to measure, so its loudness cannot be set.",
        ),
        (
            lambda path: make_clip(path, level=0.0),
            "Silence removal",
            "The sound of this video is silent from beginning to end, so nothing would be left.",
        ),
        (
            lambda path: make_clip(path, level=0.005),
            "Rough cut",
            "The whole video is quieter than -38 dB, so nothing would be left. Choose a lower silence threshold.",
        ),
        (
            lambda path: make_clip(path, size=(16, 16)),
            "Reframe",
            "This picture of 16 x 16 pixels is too small to be brought into the shape 9:16.",
        ),
    ],
)
def test_the_reason_is_a_sentence(
    client: Client, tmp_path: Path, make: Callable[[Path], Path], agent: str, sentence: str
) -> None:
    assert client.failure(make(tmp_path / "clip.mp4"), agent)["error"] == sentence


def test_a_video_of_one_frame_is_a_video(client: Client, tmp_path: Path) -> None:
    run_id = client.start(client.upload(make_clip(tmp_path / "one.mp4", seconds=0.04)), "Reframe")
    assert client.finish(run_id)["status"] == "success"
