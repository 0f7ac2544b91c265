"""Killed in the middle of work, then started again: the same finished files, and exactly one run."""

import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.e2e.gate import Fault, gate_to
from tests.e2e.program import call, rows, struck
from tests.support.media import facts, make_huge

MOMENTS: Mapping[str, Mapping[str, object]] = {
    "waiting": {"event": "run", "state": "waiting"},
    "uploading": {"event": "asset", "state": "uploading"},
    "finalizing": {"event": "asset", "state": "finalizing"},
    "starting": {"event": "run", "state": "starting"},
    "running": {"event": "run", "state": "running"},
    "collecting": {"event": "run", "state": "collecting"},
    "finished": {"event": "run", "state": "finished"},
}


@pytest.mark.parametrize("moment", [moment for moment in MOMENTS if moment != "starting"])
def test_a_killed_command_is_taken_up_again(tmp_path: Path, moment: str) -> None:
    # Two hundred megabytes of nothing behind the video keep the upload busy for a moment.
    clip = make_huge(tmp_path / "talk.mp4", 200_000_000)
    root, out = tmp_path / "data", tmp_path / "out"
    asked = ("run", str(clip), "--agent", "Silence removal", "--output-dir", str(out), "--json")
    assert struck(root, signal.SIGKILL, MOMENTS[moment], *asked).code == -signal.SIGKILL
    done = call(root, "resume", "--json")
    assert done.code == 0, done.errors
    assert done.finished == [out / "talk · Silence removal.mp4"]
    assert [path.name for path in out.iterdir()] == ["talk · Silence removal.mp4"]
    assert facts(done.finished[0]).video_codec == "h264"
    assert len(rows(root, "runs")) == 1
    again = call(root, "resume", "--json")
    assert again.code == 0
    assert again.finished == []


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("waiting", signal.SIGTERM),
        ("uploading", signal.SIGINT),
        ("starting", signal.SIGTERM),
        ("running", signal.SIGINT),
        ("collecting", signal.SIGTERM),
        ("finished", signal.SIGINT),
    ],
)
def test_a_stopped_command_ends_in_order_and_says_how_to_go_on(
    tmp_path: Path, moment: str, name: signal.Signals
) -> None:
    clip = make_huge(tmp_path / "talk.mp4", 200_000_000)
    root, out = tmp_path / "data", tmp_path / "out"
    asked = ("run", str(clip), "--agent", "Silence removal", "--output-dir", str(out), "--json")
    stopped = struck(root, name, MOMENTS[moment], *asked)
    assert stopped.code == 128 + name
    assert stopped.errors == f"Stopped. “mosaic-desktop --data-dir {root} resume” goes on from here.\n"
    done = call(root, "resume", "--json")
    assert done.code == 0, done.lines
    assert done.finished == [out / "talk · Silence removal.mp4"]
    assert [path.name for path in out.iterdir()] == ["talk · Silence removal.mp4"]
    assert len(rows(root, "runs")) == 1


@pytest.mark.parametrize("asked", [("agents",), ("run", "talk.mp4", "--agent", "Reframe")], ids=lambda asked: asked[0])
def test_a_command_that_has_only_asked_has_nothing_to_go_on_with(tmp_path: Path, asked: Sequence[str]) -> None:
    with gate_to("http://127.0.0.1:9/api") as gate:
        gate.faults["get-user-agents-simple"] = [Fault.BAD_GATEWAY] * 3
        account = {"MOSAIC_API_KEY": "mk_live_0123456789", "MOSAIC_API_BASE": gate.base_url}
        stopped = struck(tmp_path / "data", signal.SIGINT, {"event": "retry"}, *asked, "--json", environment=account)
    assert stopped.code == 130
    assert stopped.errors == "Stopped.\n"
