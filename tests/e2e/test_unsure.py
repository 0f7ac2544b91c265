"""The service at its worst: pages of a proxy in its place, and answers that are lost on the way."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.gate import Fault, Gate, gate_to
from tests.e2e.program import call, struck
from tests.support.media import make_clip
from tests.support.sandbox_server import RunningSandbox, start_sandbox


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    server = start_sandbox(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture
def gate(server: RunningSandbox) -> Iterator[Gate]:
    with gate_to(server.base_url) as gate:
        yield gate


def account(server: RunningSandbox, gate: Gate) -> dict[str, str]:
    return {"MOSAIC_API_KEY": server.api_key, "MOSAIC_API_BASE": gate.base_url}


def test_a_page_of_a_proxy_in_place_of_the_agents_is_waited_out(
    tmp_path: Path, server: RunningSandbox, gate: Gate
) -> None:
    gate.faults["get-user-agents-simple"] = [Fault.BAD_GATEWAY] * 2
    clip = make_clip(tmp_path / "talk.mp4")
    asked = ("run", str(clip), "--agent", "Reframe", "--json")
    done = call(tmp_path / "data", *asked, environment=account(server, gate))
    assert done.code == 0, done.lines
    assert len(done.finished) == 1
    said = [record["sentence"] for record in done.records if record["event"] == "retry"]
    assert len(said) == 2
    assert all("Trying again in" in words for words in said)


def test_the_user_decides_about_a_run_whose_start_was_not_answered(
    tmp_path: Path, server: RunningSandbox, gate: Gate
) -> None:
    root, known = tmp_path / "data", account(server, gate)
    gate.faults["run-agent"] = [Fault.LOST_ANSWER]
    clip = make_clip(tmp_path / "talk.mp4")
    unsure = call(root, "run", str(clip), "--agent", "Reframe", "--json", environment=known)
    assert unsure.code == 1
    run_id = unsure.records[-1]["id"]

    undecided = call(root, "resume", environment=known)
    assert undecided.code == 1
    assert f"resume --run-id {run_id}=ID" in undecided.lines[-1]
    assert "resume --unconfirmed start-again" in undecided.lines[-1]
    assert gate.passed.count("run-agent") == 1, "it may have been charged"

    unknown = call(root, "resume", "--run-id", "other.mp4=1", environment=known)
    assert (unknown.code, unknown.lines) == (2, ())
    assert unknown.errors == "There is no unconfirmed run “other.mp4”.\n"

    again = call(root, "resume", "--unconfirmed", "start-again", "--json", environment=known)
    assert again.code == 0, again.lines
    assert [path.name for path in again.finished] == ["talk · Reframe.mp4"]
    assert gate.passed.count("run-agent") == 2


def test_the_finished_files_of_all_accounts_are_named_last(tmp_path: Path, server: RunningSandbox, gate: Gate) -> None:
    root, known = tmp_path / "data", account(server, gate)
    clip = make_clip(tmp_path / "talk.mp4")
    for environment in (known, {}):
        asked = ("run", str(clip), "--agent", "Reframe", "--json")
        struck(root, signal.SIGKILL, {"event": "run", "state": "running"}, *asked, environment=environment)
    done = call(root, "resume", "--json", environment=known)
    assert done.code == 0, done.lines
    assert [path.name for path in done.finished] == ["talk · Reframe.mp4", "talk · Reframe (1).mp4"]
