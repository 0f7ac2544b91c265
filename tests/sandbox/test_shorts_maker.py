"""Shorts maker: one run, several nodes side by side, a vertical and a square video that have it all."""

from pathlib import Path

import numpy as np
import pytest

from tests.sandbox.client import Client
from tests.sandbox.measuring import RATE, loudness, picture_packets, pictures
from tests.sandbox.speaking import film_greys, write_video
from tests.support.media import facts, make_clip

AGENT = "Shorts maker"
FILM = "bikes.mp4"
SUBTITLES = "1\n00:00:00,200 --> 00:00:00,900\nHello there\n\n2\n00:00:03,000 --> 00:00:03,900\nand goodbye\n"


def outputs(client: Client, run_id: str, folder: Path) -> dict[str, Path]:
    """Finished videos by the name that they are offered under."""
    assert client.finish(run_id)["status"] == "success", client.simple(run_id)
    found = {}
    for number, output in enumerate(client.outputs(run_id)):
        response = client.storage.get(output["download_url"]).raise_for_status()
        name = response.headers["content-disposition"].split('filename="')[1].split('"')[0]
        found[name] = folder / f"{number}.mp4"
        found[name].write_bytes(response.content)
    return found


def test_both_shorts_have_everything(client: Client, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "talk.mp4", seconds=5, size=(640, 360), pauses=((1.5, 2.5),), noise=0.002)
    parameters = {"captions": True, "text": SUBTITLES, "min_silence_ms": 300, "target_lufs": -14, "padding_ms": 0}
    run_id = client.start(client.upload(source, filename="talk.mp4"), AGENT, parameters)
    found = outputs(client, run_id, tmp_path)
    assert list(found) == ["talk-shorts-maker-vertical.mp4", "talk-shorts-maker-square.mp4"]
    for path, size in zip(found.values(), [(198, 352), (360, 360)], strict=True):
        result = facts(path)
        assert (result.width, result.height) == size
        assert abs(result.duration - 4) <= 0.08
        assert abs(result.audio_duration - result.duration) <= 0.04
        integrated, peak = loudness(path)
        assert abs(integrated + 14) <= 0.5
        assert peak <= -1
        bright = [time for time, picture in pictures(path) if _has_letters(picture)]
        assert all(0.15 <= time <= 1.0 or 1.9 <= time <= 2.95 for time in bright), "captions moved with what was cut"
        assert min(bright) < 0.3
        assert max(bright) > 2.6


def _has_letters(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bool:
    """White letters with a black outline in the lower half; the clip itself has neither white nor black."""
    lower = picture[picture.shape[0] // 2 :]
    return bool((lower > 245).mean() > 0.004 and (lower < 8).mean() > 0.004)


def test_what_is_switched_off_is_neither_done_nor_paid(client: Client, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "mute.mp4", seconds=1, size=(320, 180), audio=False)
    parameters = {"shapes": "square", "remove_pauses": False, "captions": False, "enhance_audio": False}
    run_id = client.start(client.upload(source, filename="mute.mp4"), AGENT, parameters)
    assert list(outputs(client, run_id, tmp_path)) == ["mute-shorts-maker-square.mp4"]
    graph = client.full(run_id)["graph"]
    names = {node["id"]: node["name"] for node in graph["nodes"]}
    assert list(names.values()) == ["Find the subject, square", "Square short"]
    assert [(names[edge["source"]], names[edge["target"]]) for edge in graph["edges"]] == [tuple(names.values())]


@pytest.mark.parametrize("text", ["", SUBTITLES])
def test_a_video_without_sound_has_what_is_done_to_pictures(client: Client, tmp_path: Path, text: str) -> None:
    source = make_clip(tmp_path / "mute.mp4", seconds=4, size=(320, 180), audio=False)
    parameters = {"shapes": "square", "captions": True, "text": text}
    run_id = client.start(client.upload(source, filename="mute.mp4"), AGENT, parameters)
    ((_, path),) = outputs(client, run_id, tmp_path).items()
    found = facts(path)
    assert (found.width, found.height) == (180, 180)
    assert abs(found.duration - 4) <= 0.04
    assert any(_has_letters(picture) for _, picture in pictures(path)) is bool(text)
    said = client.simple(run_id)["status_message"]
    assert said.count("This video has no sound, so only its picture was edited.") == 1


def test_without_a_shape_the_picture_keeps_its_own(client: Client, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "talk.mp4", seconds=4, size=(320, 180), pauses=((1.0, 2.5),))
    parameters = {"shapes": "original", "captions": False}
    run_id = client.start(client.upload(source, filename="talk.mp4"), AGENT, parameters)
    ((name, path),) = outputs(client, run_id, tmp_path).items()
    found = facts(path)
    assert (name, found.width, found.height) == ("talk-shorts-maker.mp4", 320, 180)
    assert found.duration < 3
    assert "Find the subject" not in " ".join(node["name"] for node in client.full(run_id)["graph"]["nodes"])


def test_independent_nodes_run_side_by_side(client: Client, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "talk.mp4", seconds=6, size=(640, 360))
    run_id = client.start(client.upload(source), AGENT, {"captions": False, "remove_pauses": False})
    client.finish(run_id)
    nodes = client.full(run_id)["graph"]["nodes"]
    spans = [(node["started_at"], node["finished_at"]) for node in nodes]
    assert any(a < d and c < b for n, (a, b) in enumerate(spans) for c, d in spans[n + 1 :])


def test_what_nothing_changes_is_copied(client: Client, clips: Path, tmp_path: Path) -> None:
    parameters = {"shapes": "original", "remove_pauses": False, "captions": False}
    result = client.process(clips / "talk.mp4", AGENT, tmp_path / "result.mp4", **parameters)
    assert picture_packets(result) == picture_packets(clips / "talk.mp4")


def test_the_picture_is_encoded_once_whatever_is_done_to_it(client: Client, tmp_path: Path) -> None:
    grain = np.random.default_rng(4)
    square = [np.clip(grey[:, 70:250] + grain.normal(0, 6, (180, 180)), 0, 255) for grey in film_greys(FILM)[:75]]
    tone = 0.2 * np.sin(np.arange(3 * RATE) * 2 * np.pi * 440 / RATE)
    tone[round(1.2 * RATE) : round(1.8 * RATE)] = 0
    source = write_video(tmp_path / "source.mp4", [grey.astype(np.uint8) for grey in square], tone)
    wish = {"shapes": "square", "min_silence_ms": 300, "padding_ms": 0, "captions": True, "text": SUBTITLES}
    short = client.process(source, AGENT, tmp_path / "short.mp4", **wish)
    unchanged = {"brightness": 0, "contrast": 1, "saturation": 1, "warmth": 0}
    once = client.process(source, "Colour", tmp_path / "once.mp4", **unchanged)
    twice = client.process(once, "Colour", tmp_path / "twice.mp4", **unchanged)
    assert abs(facts(short).duration - 2.4) <= 0.08
    losses = {path: _loss_above(source, path) for path in (short, once, twice)}
    assert losses[twice] > 1.2 * losses[once], "a second time would be seen"
    assert losses[short] < 1.1 * losses[once]


def _loss_above(source: Path, result: Path) -> float:
    """The mean squared difference to the source in the upper half, where no letters are."""
    whole = [picture[:90].astype(float) for _, picture in pictures(source)]
    return float(np.mean([min(np.mean((picture[:90] - one) ** 2) for one in whole) for _, picture in pictures(result)]))
