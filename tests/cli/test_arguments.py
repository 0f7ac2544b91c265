"""The command line's grammar: what may be typed, and what it asks for."""

import argparse
from pathlib import Path

import pytest

from mosaic_desktop.cli.arguments import build_parser, read_arguments
from mosaic_desktop.cli.requests import (
    AgentsRequest,
    Decision,
    ProfilesRequest,
    Request,
    ResumeRequest,
    RunRequest,
    request_of,
)


def parsed(*argv: str) -> argparse.Namespace:
    return read_arguments(build_parser("1.0", lambda parser: None), argv)


def request(*argv: str) -> Request:
    return request_of(parsed(*argv))


def test_a_run_with_everything(tmp_path: Path) -> None:
    asked = request(
        "run", "a b.mp4", " c.mp4", "--agent", " Reframe ", "--param", "aspect=1:1", "--param", "speed=2", "--auto",
        "--output-dir", str(tmp_path), "--json",
    )  # fmt: skip
    assert asked == RunRequest(
        ["a b.mp4", " c.mp4"], "Reframe", None, {"aspect": "1:1", "speed": 2}, auto=True, output_dir=tmp_path
    )


def test_a_parameter_is_read_from_a_file(tmp_path: Path) -> None:
    words = tmp_path / "words.srt"
    words.write_bytes(b"\xef\xbb\xbf1\r\n00:01 --> 00:02\r\n 5\n\n")
    (tmp_path / "number.txt").write_text("5")
    asked = request(
        "run", "a.mp4", "--agent", "Captions", "--param", f"text=@{words}", "--param", f"title=@{tmp_path}/number.txt",
        "--param", "handle=@@me", "--param", "mail=me@home",
    )  # fmt: skip
    assert isinstance(asked, RunRequest)
    assert asked.parameters == {
        "text": "1\r\n00:01 --> 00:02\r\n 5\n\n",
        "title": "5",
        "handle": "@me",
        "mail": "me@home",
    }


def test_a_parameter_of_a_file_that_cannot_be_read_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed("run", "a.mp4", "--agent", "Captions", "--param", "text=@/nowhere/words.srt")
    assert ended.value.code == 2
    assert "There is no file words.srt." in capsys.readouterr().err


def test_help_tells_how_a_parameter_is_read_from_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed("run", "--help")
    said = " ".join(capsys.readouterr().out.split())
    assert "text=@words.srt" in said
    assert "NAME=@@TEXT" in said


def test_a_run_with_a_prompt() -> None:
    assert request("run", "a.mp4", "--prompt", "make it vertical") == RunRequest(["a.mp4"], prompt="make it vertical")


def test_agents() -> None:
    assert request("agents") == AgentsRequest()
    assert request("agents", "--profile", " A client ") == AgentsRequest("A client")


def test_accounts() -> None:
    assert request("profiles", "--json") == ProfilesRequest()


def test_a_run_and_a_resume_for_one_account() -> None:
    run = request("run", "a.mp4", "--prompt", "x", "--profile", "A client")
    assert run == RunRequest(["a.mp4"], prompt="x", profile="A client")
    assert request("resume", "--profile", "account-1") == ResumeRequest([], None, None, "account-1")


def test_a_plain_resume_decides_nothing() -> None:
    assert request("resume") == ResumeRequest([], None, None)


def test_a_resume_with_everything(tmp_path: Path) -> None:
    asked = request(
        "resume", "--run-id", "b=c.mp4=r1", "--run-id", "abc=r2", "--unconfirmed", "start-again",
        "--output-dir", str(tmp_path),
    )  # fmt: skip
    assert asked == ResumeRequest([("b=c.mp4", "r1"), ("abc", "r2")], Decision.START_AGAIN, tmp_path)


def test_folders_are_meant_from_here_and_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    assert parsed("--data-dir", "state", "agents").root == tmp_path / "state"
    assert parsed("demo", "--output-dir", "~/cut").output_dir == Path("/home/me/cut")


WRONG = {
    "no video": ("run", "--agent", "Reframe"),
    "a video without a name": ("run", "", "--agent", "Reframe"),
    "neither agent nor prompt": ("run", "a.mp4"),
    "agent and prompt": ("run", "a.mp4", "--agent", "Reframe", "--prompt", "x"),
    "no agent": ("run", "a.mp4", "--agent", ""),
    "no prompt": ("run", "a.mp4", "--prompt", " "),
    "parameter without value": ("run", "a.mp4", "--agent", "Reframe", "--param", "aspect"),
    "parameter without name": ("run", "a.mp4", "--agent", "Reframe", "--param", "=1:1"),
    "auto with a prompt": ("run", "a.mp4", "--prompt", "x", "--auto"),
    "a file without a name": ("run", "a.mp4", "--agent", "Captions", "--param", "text=@"),
    "a file without a parameter": ("run", "a.mp4", "--agent", "Captions", "--param", "=@words.srt"),
    "an output folder without a name": ("run", "a.mp4", "--agent", "Reframe", "--output-dir", ""),
    "a data folder without a name": ("--data-dir", "", "agents"),
    "the home of nobody": ("--data-dir", "~nobody-of-this-name/x", "agents"),
    "another decision": ("resume", "--unconfirmed", "pay-again"),
    "an id without a run": ("resume", "--run-id", "=r1"),
    "a run without an id": ("resume", "--run-id", "talk.mp4="),
    "only a run": ("resume", "--run-id", "talk.mp4"),
    "no account": ("agents", "--profile", ""),
    "unknown command": ("fly",),
}


@pytest.mark.parametrize("argv", WRONG.values(), ids=WRONG)
def test_wrong_usage(argv: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed(*argv)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("usage: mosaic-desktop")


def test_help_tells_what_can_be_done_about_an_unconfirmed_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed("resume", "--help")
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "--run-id talk.mp4=ID" in said
    assert "--unconfirmed start-again" in said
    assert "may charge twice" in said
    assert "--unconfirmed drop" in said
