"""What finished videos are: H.264 high profile with AAC, playable at once, in the colors of their source."""

from pathlib import Path

import av
import numpy as np
import pytest

from tests.sandbox.all_agents import run_all
from tests.sandbox.client import Client, answer
from tests.sandbox.hard_clips import Kind, write_hard
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
def test_whatever_an_agent_makes_is_common_and_its_colors_mean_what_they_meant(
    client: Client, tmp_path: Path, name: str
) -> None:
    source = write_hard(tmp_path / "source", Kind(tags=TAGS[name]))
    assert tags_of(source) == TAGS[name]
    for agent, outcome in run_all(client, source, tmp_path).items():
        assert not outcome.error, agent
        for video, still in zip(outcome.videos, outcome.stills, strict=True):
            names = boxes(video)
            assert names.index("moov") < names.index("mdat"), agent
            assert tags_of(video) == TAGS[name], agent
            with av.open(str(video)) as film, av.open(str(still)) as picture:
                context, sound = film.streams.video[0].codec_context, film.streams.audio[0].codec_context
                assert (context.name, sound.name) == ("h264", "aac"), agent
                # The second is how the library names full range.
                assert context.pix_fmt in ("yuv420p", "yuvj420p"), agent
                assert agent == "Audio enhance" or context.profile == "High", agent
                (seen,) = picture.decode(video=0)
                assert (seen.width, seen.height) == (context.width, context.height), agent


@pytest.mark.parametrize(("name", "agent", "told"), [("HDR by HLG", "Mirror", True), ("BT.709", "Mirror", False)])
def test_what_becomes_of_hdr_is_told(client: Client, tmp_path: Path, name: str, agent: str, *, told: bool) -> None:
    run_id = client.start(client.upload(write_hard(tmp_path / "source", Kind(tags=TAGS[name]))), agent)
    assert ("The video is HDR: its colours stay as they are" in client.finish(run_id)["status_message"]) == told


def test_two_outputs_tell_it_once(client: Client, tmp_path: Path) -> None:
    """Though each of them tells what was chosen for its captions, too."""
    words = "1\n00:00:00,000 --> 00:00:00,900\nHello there\n"
    wish = {"remove_pauses": False, "captions": True, "text": words, "enhance_audio": False}
    source = write_hard(tmp_path / "source", Kind(tags=TAGS["HDR by PQ"]))
    said = client.finish(client.start(client.upload(source), "Shorts maker", wish, auto=True))["status_message"]
    assert said.count("Chosen for the ") == 2
    assert said.count("HDR") == 1


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
