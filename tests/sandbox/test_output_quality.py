"""What finished videos are: H.264 high profile with AAC, playable at once, in the colors of their source."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from tests.sandbox.client import Client, answer
from tests.support.media import footage

# Primaries, transfer, matrix and range as ITU-T H.273 numbers them.
TAGS = {"BT.709": (1, 1, 1, 1), "BT.601 of PAL": (5, 6, 5, 1), "full range": (1, 1, 1, 2)}
TAGS |= {"HDR by PQ": (9, 16, 9, 1), "HDR by HLG": (9, 18, 9, 1)}


def boxes(path: Path) -> list[str]:
    """The names of an MP4's boxes in their order."""
    data, names, place = path.read_bytes(), [], 0
    while place < len(data):
        names.append(data[place + 4 : place + 8].decode())
        size = int.from_bytes(data[place : place + 4])
        place += int.from_bytes(data[place + 8 : place + 16]) if size == 1 else size or len(data)
    return names


def tagged(path: Path, tags: tuple[int, int, int, int]) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace, context.color_range = tags
        for number in range(25):
            picture = VideoFrame.from_ndarray(np.full((270, 320), 16 + 8 * number, np.uint8), format="yuv420p")
            picture.color_range, picture.pts, picture.time_base = tags[3], number, Fraction(1, 25)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def tags_of(path: Path) -> tuple[int, int, int, int]:
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        return context.color_primaries, context.color_trc, context.colorspace, context.color_range


@pytest.mark.parametrize("agent", ["Audio enhance", "Silence removal", "Reframe", "Mirror", "Watermark"])
def test_it_is_common_and_starts_at_once(client: Client, tmp_path: Path, agent: str) -> None:
    parameters = {"threshold_db": -60} if agent == "Silence removal" else {}
    result = client.process(footage("bigbuckbunny.mp4"), agent, tmp_path / "result.mp4", **parameters)
    names = boxes(result)
    assert names.index("moov") < names.index("mdat")
    with av.open(str(result)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert agent == "Audio enhance" or video.codec_context.profile == "High"
        assert video.codec_context.pix_fmt == "yuv420p"


@pytest.mark.parametrize("name", TAGS)
@pytest.mark.parametrize("agent", ["Mirror", "Reframe", "Colour"])
def test_its_colors_mean_what_they_meant(client: Client, tmp_path: Path, agent: str, name: str) -> None:
    source = tagged(tmp_path / "source.mp4", TAGS[name])
    assert tags_of(source) == TAGS[name]
    assert tags_of(client.process(source, agent, tmp_path / "result.mp4")) == TAGS[name]


@pytest.mark.parametrize(("name", "agent", "told"), [("HDR by HLG", "Mirror", True), ("BT.709", "Mirror", False)])
def test_what_becomes_of_hdr_is_told(client: Client, tmp_path: Path, name: str, agent: str, *, told: bool) -> None:
    run_id = client.start(client.upload(tagged(tmp_path / "source.mp4", TAGS[name])), agent)
    assert ("The video is HDR: its colors stay as they are" in client.finish(run_id)["status_message"]) == told


def test_two_outputs_tell_it_once(client: Client, tmp_path: Path) -> None:
    wish = {"remove_pauses": False, "captions": False, "enhance_audio": False}
    run_id = client.start(client.upload(tagged(tmp_path / "source.mp4", TAGS["HDR by PQ"])), "Shorts maker", wish)
    assert client.finish(run_id)["status_message"].count("HDR") == 1


def test_its_still_is_a_picture_of_it(client: Client, tmp_path: Path) -> None:
    run_id = client.start(client.upload(footage("bigbuckbunny.mp4")), "Reframe")
    client.fetch(run_id, tmp_path / "result.mp4")
    (output,) = answer(client.get(f"/get-agent-run-outputs/{run_id}"))["outputs"]
    still = client.storage.get(output["thumbnail_url"]).raise_for_status()
    assert still.headers["content-type"] == "image/jpeg"
    (tmp_path / "still.jpg").write_bytes(still.content)
    with av.open(str(tmp_path / "still.jpg")) as picture, av.open(str(tmp_path / "result.mp4")) as film:
        (seen,) = picture.decode(video=0)
        size = (seen.width, seen.height)
        wanted = seen.to_ndarray(format="gray").astype(np.int16)
        frames = [frame.reformat(*size, format="gray").to_ndarray().astype(np.int16) for frame in film.decode(video=0)]
    distances = [np.abs(frame - wanted).mean() for frame in frames]
    assert min(distances) < 4
    assert abs(int(np.argmin(distances)) - len(frames) // 4) <= 1
