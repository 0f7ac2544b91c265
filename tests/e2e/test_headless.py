"""The main job from the command line, with the local Mosaic and with an account of the environment."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.e2e.program import call, rows, start
from tests.support.media import facts, footage, make_clip, make_text_as_mp4
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE


def test_a_real_video_comes_back_edited_without_any_account(tmp_path: Path) -> None:
    source = footage("bigbuckbunny.mp4")
    done = call(
        tmp_path / "data",
        "run",
        str(source),
        "--agent",
        "Reframe",
        "--param",
        "aspect=1:1",
        "--output-dir",
        str(tmp_path / "out"),
        "--json",
    )
    assert done.code == 0, done.errors
    (finished,) = done.finished
    assert finished.parent == tmp_path / "out"
    made, original = facts(finished), facts(source)
    assert made.width == made.height
    assert made.video_codec == "h264"
    assert made.audio_codec == "aac"
    assert made.duration == pytest.approx(original.duration, abs=0.2)
    steps = {node["name"] for record in done.records for node in record.get("nodes", ())}
    assert len(steps) >= 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == [finished.name]


def test_subtitles_of_a_file_arrive_at_the_service_line_by_line(tmp_path: Path) -> None:
    words, text = tmp_path / "words.srt", "1\n00:00:00,500 --> 00:00:01,500\nHello,\nthere — you\n"
    words.write_bytes(text.encode("utf-8-sig"))
    clip = make_clip(tmp_path / "talk.mp4", seconds=2)
    done = call(tmp_path / "data", "run", str(clip), "--agent", "Captions", "--param", f"text=@{words}", "--json")
    assert done.code == 0, done.errors
    assert len(done.finished) == 1
    (run,) = rows(tmp_path / "data", "runs")
    assert any(isinstance(value, str) and json.dumps(text)[1:-1] in value for value in run), run


def test_people_read_lines_instead(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "talk.mp4")
    done = call(tmp_path / "data", "run", str(clip), "--prompt", "clean the sound")
    assert done.code == 0, done.errors
    assert Path(done.lines[-1]).is_file()
    assert done.lines[-1] == str(tmp_path / "data" / "outputs" / "talk · edited.mp4")
    assert any("uploaded" in line for line in done.lines)


def test_without_a_display_the_main_job_still_shows_itself(tmp_path: Path) -> None:
    nowhere = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = call(tmp_path / "data", "demo", "--output-dir", str(tmp_path / "out"), environment=nowhere)
    assert done.code == 0, done.errors
    video, picture = sorted((tmp_path / "out").iterdir())
    assert {str(video), f"Picture of the window: {picture}"} <= set(done.lines)
    assert 8.5 < facts(video).duration < 10, "four pauses of a second are cut, with a little left around them"
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1280, 800)
    colors = {image.pixel(x, y) for x in range(0, 1280, 8) for y in range(0, 800, 8)}
    assert len(colors) > 20, "the window is not blank"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> "RunningSandbox":
    return start_sandbox(tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="module", autouse=True)
def server_ends(server: RunningSandbox) -> object:
    yield
    server.stop()


def account(server: RunningSandbox, key: str | None = None) -> dict[str, str]:
    return {"MOSAIC_API_KEY": key or server.api_key, "MOSAIC_API_BASE": server.base_url}


def test_the_environment_stands_in_for_a_profile(tmp_path: Path, server: RunningSandbox) -> None:
    listed = call(tmp_path / "data", "agents", "--json", environment=account(server))
    assert listed.code == 0, listed.errors
    names = [record["name"] for record in listed.records]
    assert {"Audio enhance", "Silence removal", "Reframe"} <= set(names)
    agent_id = next(record["id"] for record in listed.records if record["name"] == "Silence removal")
    clips = [
        make_clip(tmp_path / "a.mp4", seconds=4, pauses=[(1, 3)]),
        make_clip(tmp_path / "b.mp4", seconds=3, pauses=[(1, 2)]),
    ]
    done = call(
        tmp_path / "data",
        "run",
        *map(str, clips),
        "--agent",
        agent_id,
        "--param",
        "min_silence_ms=400",
        "--json",
        environment=account(server),
    )
    assert done.code == 0, done.errors
    assert len(done.finished) == 2
    assert all(facts(path).duration < 3 for path in done.finished)
    assert not (tmp_path / "data" / "local-mosaic").exists(), "no local Mosaic was needed"


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path, server: RunningSandbox) -> None:
    good = make_clip(tmp_path / "good.mp4")
    bad = make_text_as_mp4(tmp_path / "bad.mp4")
    gone = tmp_path / "gone.mp4"
    done = call(
        tmp_path / "data",
        "run",
        str(good),
        str(bad),
        str(gone),
        "--agent",
        "audio enhance",
        "--json",
        environment=account(server),
    )
    assert done.code == 1
    assert len(done.finished) == 1
    refused = {Path(r["source"]).name: r["sentence"] for r in done.records if r["event"] == "refused"}
    assert refused == {
        "bad.mp4": "This is not a video that can be read.",
        "gone.mp4": "The file is not there any more.",
    }


def test_a_refused_parameter_names_its_field(tmp_path: Path, server: RunningSandbox) -> None:
    clip = make_clip(tmp_path / "talk.mp4")
    asked = ("run", str(clip), "--agent", "Audio enhance", "--param", "target_lufs=5", "--json")
    done = call(tmp_path / "data", *asked, environment=account(server))
    assert done.code == 1
    failed = [record for record in done.records if record["event"] == "failed"]
    assert [record["error"] for record in failed] == ["parameter_out_of_range"]
    assert failed[0]["field"] == "target_lufs"


def test_a_run_that_fails_says_why(tmp_path: Path, server: RunningSandbox) -> None:
    silent = make_clip(tmp_path / "silent.mp4", audio=False)
    done = call(tmp_path / "data", "run", str(silent), "--agent", "Audio enhance", environment=account(server))
    assert done.code == 1
    assert "no sound" in done.lines[-1]


def test_a_wrong_key_ends_at_once_with_a_sentence(tmp_path: Path, server: RunningSandbox) -> None:
    clip = make_clip(tmp_path / "talk.mp4")
    key = "mk_live_wrongwrongwrong"
    done = call(tmp_path / "d", "run", str(clip), "--agent", "Reframe", environment=account(server, key))
    assert done.code == 1
    assert "does not accept this API key" in "".join(done.lines)


def test_nobody_reading_any_more_does_not_stop_the_work(tmp_path: Path, server: RunningSandbox) -> None:
    clip = make_clip(tmp_path / "talk.mp4")
    asked = ("run", str(clip), "--agent", "Reframe", "--output-dir", str(tmp_path / "out"), "--json")
    with start(tmp_path / "data", *asked, environment=account(server)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(PATIENCE) == 0, errors
    assert errors == ""
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["talk · Reframe.mp4"]


def test_no_secret_is_written_down(tmp_path: Path, server: RunningSandbox) -> None:
    clip = make_clip(tmp_path / "talk.mp4")
    root = tmp_path / "data"
    done = call(root, "run", str(clip), "--agent", "Audio enhance", "--json", environment=account(server))
    assert done.code == 0, done.errors
    said = "\n".join(done.lines) + done.errors
    written = b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())
    for place in (said.encode(), written):
        assert server.api_key.encode() not in place
        assert b"signature=" not in place.lower()


WRONG: dict[str, Sequence[str]] = {
    "no video": ("run", "--agent", "Reframe"),
    "neither agent nor prompt": ("run", "a.mp4"),
    "agent and prompt": ("run", "a.mp4", "--agent", "Reframe", "--prompt", "x"),
    "parameter without value": ("run", "a.mp4", "--agent", "Reframe", "--param", "aspect"),
    "empty prompt": ("run", "a.mp4", "--prompt", " "),
    "auto with a prompt": ("run", "a.mp4", "--prompt", "x", "--auto"),
    "unknown command": ("fly",),
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_wrong_usage_is_told_apart(tmp_path: Path, arguments: Sequence[str]) -> None:
    done = call(tmp_path / "data", *arguments)
    assert done.code == 2
    assert "usage: mosaic-desktop" in done.errors


def test_an_unknown_agent_is_wrong_usage_and_names_the_known(tmp_path: Path, server: RunningSandbox) -> None:
    done = call(tmp_path / "data", "run", "a.mp4", "--agent", "Nobody", environment=account(server))
    assert done.code == 2
    assert "Audio enhance" in done.errors


def test_a_window_without_a_display_is_answered_with_words(tmp_path: Path) -> None:
    ended = call(tmp_path, environment={"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""})
    assert ended.code == 1
    assert ended.errors.startswith("There is no display here for a window.")
    assert "mosaic-desktop run --help" in ended.errors
    assert "Qt" not in ended.errors


def test_accounts_are_listed_and_one_is_chosen_by_its_name(tmp_path: Path, server: RunningSandbox) -> None:
    account = {"MOSAIC_API_KEY": server.api_key, "MOSAIC_API_BASE": server.base_url}
    listed = call(tmp_path, "profiles", "--json", environment=account)
    assert [(record["id"], record["is_used"]) for record in listed.records] == [("environment", True), ("local", False)]
    assert call(tmp_path, "profiles").lines[0] == "* Local Mosaic  (local)"
    refused = call(tmp_path, "run", "a.mp4", "--prompt", "x", "--profile", "nobody", environment=account)
    assert refused.code == 2
    assert "There is no account “nobody”." in refused.errors
    done = call(tmp_path, "agents", "--profile", "local", "--json", environment={**account, "MOSAIC_API_KEY": "mk_x"})
    assert done.code == 0
    assert "Silence removal" in {record["name"] for record in done.records}
