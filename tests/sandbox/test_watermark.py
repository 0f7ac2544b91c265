"""Watermark, measured in pixels."""

from pathlib import Path

import numpy as np
import pytest

from tests.sandbox.client import Client, refusal
from tests.sandbox.lettered import BUSY, box_of, differing, looks, write_still

SIZES = [(640, 360), (360, 640), (480, 480)]


@pytest.mark.parametrize("position", ["top_left", "top_right", "bottom_left", "bottom_right", "centre"])
def test_it_stands_where_it_was_wanted_from_the_first_to_the_last_frame(
    client: Client, tmp_path: Path, position: str
) -> None:
    source = write_still(tmp_path / "grey.mp4", 128, seconds=1)
    result = client.process(source, "Watermark", tmp_path / "result.mp4", position=position, text="@mosaic")
    boxes = [box_of(differing(picture, 128)) for _, picture in looks(result)]
    assert len(boxes) == 25
    assert np.ptp(boxes, axis=0).max() <= 4
    left, top, right, bottom = boxes[0]
    across, down = (left + right) / 2 / 640, (top + bottom) / 2 / 360
    if position == "centre":
        assert (across, down) == pytest.approx((0.5, 0.5), abs=0.02)
    else:
        assert across < 0.3 if "left" in position else across > 0.7
        assert down < 0.2 if "top" in position else down > 0.8


@pytest.mark.parametrize("size", SIZES)
def test_the_longest_text_stays_inside_the_margins_on_one_line(
    client: Client, tmp_path: Path, size: tuple[int, int]
) -> None:
    source = write_still(tmp_path / "grey.mp4", 128, seconds=0.4, size=size)
    wanted = {"text": "Written by hand\non every picture " * 3, "size": 20, "opacity": 1}
    result = client.process(source, "Watermark", tmp_path / "result.mp4", **wanted)
    left, top, right, bottom = box_of(next(differing(picture, 128) for _, picture in looks(result)))
    assert 0.05 * size[0] <= left < 0.1 * size[0]
    assert 0.9 * size[0] < right <= 0.95 * size[0]
    assert bottom <= 0.9 * size[1]
    assert bottom - top < 0.05 * size[1]


def test_opacity_lets_the_picture_through(client: Client, tmp_path: Path) -> None:
    file_id = client.upload(write_still(tmp_path / "grey.mp4", 60, seconds=0.4))
    brightest = []
    for opacity in (0, 0.5, 1):
        run_id = client.start(file_id, "Watermark", {"opacity": opacity, "size": 15, "color": "#FFFFFF"})
        pictures = [picture for _, picture in looks(client.fetch(run_id, tmp_path / "result.mp4"))]
        brightest.append(np.percentile(pictures[5].mean(axis=2), 99.5))
    assert brightest == pytest.approx([60, 157, 255], abs=8)


@pytest.mark.parametrize("background", [0, 255, BUSY])
def test_it_can_be_read_on_any_background(client: Client, tmp_path: Path, background: int) -> None:
    source = write_still(tmp_path / "still.mp4", background, seconds=0.4, size=(1280, 720))
    drawn = client.process(write_still(tmp_path / "grey.mp4", 128, 0.4, (1280, 720)), "Watermark", tmp_path / "1.mp4")
    (grey, *_), (found, *_) = (
        [picture.mean(axis=2) for _, picture in looks(result)]
        for result in (drawn, client.process(source, "Watermark", tmp_path / "2.mp4"))
    )
    letters, edge = grey > 200, grey < 70
    assert letters.sum() > 300
    assert edge.sum() > 300
    assert found[letters].mean() - found[edge].mean() > 80, "of 255"


def test_signs_that_the_font_lacks_are_told(client: Client, file_id: str) -> None:
    state = client.finish(client.start(file_id, "Watermark", {"text": "Hot \N{FIRE}"}))
    assert state["status_message"] == "Left out, since the font has no such signs: \N{FIRE}. Finished."


@pytest.mark.parametrize(("text", "sentence"), [(" ", "no letters that can be drawn"), ("你好", "cannot be drawn")])
def test_what_cannot_be_drawn_is_told(client: Client, file_id: str, text: str, sentence: str) -> None:
    run_id = client.start(file_id, "Watermark", {"text": text})
    assert client.finish(run_id)["status"] == "failed"
    assert sentence in client.node(run_id, "Watermark")["error"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("text", "x" * 101), ("opacity", 1.1), ("size", 1), ("color", "white"), ("position", "middle")],
)
def test_parameters_that_do_not_fit_are_named(client: Client, file_id: str, field: str, value: object) -> None:
    wish = {"file_id": file_id, "agent_id": client.agent_id("Watermark"), "parameters": {field: value}}
    response = client.post("/run-agent", wish)
    assert refusal(response) == (422, "parameter_out_of_range")
    assert response.json()["field"] == field
