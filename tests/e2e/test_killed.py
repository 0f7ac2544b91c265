"""Killed in the middle of work, then started again: the same finished files, and exactly one run."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.program import call, kill_when, rows, start
from tests.support.media import facts, make_clip, make_huge

MOMENTS: Mapping[str, Mapping[str, object]] = {
    "waiting": {"event": "run", "state": "waiting"},
    "uploading": {"event": "asset", "state": "uploading"},
    "finalizing": {"event": "asset", "state": "finalizing"},
    "running": {"event": "run", "state": "running"},
    "collecting": {"event": "run", "state": "collecting"},
    "finished": {"event": "run", "state": "finished"},
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_killed_command_is_taken_up_again(tmp_path: Path, moment: Mapping[str, object]) -> None:
    # Two hundred megabytes of nothing behind the video keep the upload busy for a moment.
    clip = make_huge(tmp_path / "talk.mp4", 200_000_000)
    root, out = tmp_path / "data", tmp_path / "out"
    asked = ("run", str(clip), "--agent", "Silence removal", "--output-dir", str(out), "--json")
    kill_when(start(root, *asked), moment)
    done = call(root, "resume", "--json")
    assert done.code == 0, done.errors
    assert done.finished == [out / "talk · Silence removal.mp4"]
    assert [path.name for path in out.iterdir()] == ["talk · Silence removal.mp4"]
    assert facts(done.finished[0]).video_codec == "h264"
    assert len(rows(root, "runs")) == 1
    again = call(root, "resume", "--json")
    assert again.code == 0
    assert again.finished == []


def test_ctrl_c_stops_in_order_and_says_how_to_go_on(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "talk.mp4", seconds=8)
    root = tmp_path / "data"
    process = start(root, "run", str(clip), "--agent", "Reframe", "--json")
    assert process.stdout is not None
    for line in process.stdout:
        if '"event": "run"' in line and '"state": "running"' in line:
            break
    process.terminate()
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "resume" in errors
    done = call(root, "resume", "--json")
    assert done.code == 0, done.errors
    assert len(done.finished) == 1
    assert len(rows(root, "runs")) == 1
