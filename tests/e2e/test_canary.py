"""Secrets are planted in every way into the application, and found in no place where it writes or shows anything."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from mosaic_desktop.app.crash import take_crash_report
from tests.e2e.program import call, start
from tests.e2e.talkative_mosaic import SECRETS, talkative_mosaic
from tests.support.media import make_clip
from tests.support.processes import alive, children_of, command_of
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE, until

TALKATIVE_KEY = "mk_live_talkativecanary0123456789"
CLI_KEY = "mk_live_commandlinecanary0123456789"


@dataclass
class Places:
    """What was found where the application writes or shows anything, by the kind of the place."""

    contents: dict[str, list[bytes]] = field(default_factory=dict)

    def add(self, kind: str, *pieces: bytes) -> None:
        self.contents.setdefault(kind, []).extend(pieces)

    def add_files(self, kind: str, folder: Path, pattern: str) -> None:
        self.add(kind, *(_content(path) for path in folder.glob(pattern) if path.is_file()))

    def hits(self, secrets: Mapping[str, str]) -> list[str]:
        return [
            f"{name} in {kind}"
            for kind, pieces in self.contents.items()
            for name, secret in secrets.items()
            if any(form in piece for piece in pieces for form in _forms(secret))
        ]

    @property
    def kinds(self) -> set[str]:
        """Those that hold anything at all."""
        return {kind for kind, pieces in self.contents.items() if any(pieces)}


def _forms(secret: str) -> set[bytes]:
    """As it is, and as text of two bytes a letter."""
    return {secret.encode(), secret.encode("utf-16-le")}


def _content(path: Path) -> bytes:
    """Nothing of a file, a thread or a process that is gone by now."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _is_program(pid: int, parent: int) -> bool:
    """Until it begins its own program, a child shares its parent's memory, arguments and environment included. One that
    has ended shows nothing any more.
    """
    return command_of(pid) not in (b"", command_of(parent)) or not alive(pid)


def _descendants(pid: int) -> Iterator[int]:
    for child in children_of(pid):
        until(partial(_is_program, child, pid))
        yield child
        yield from _descendants(child)


def look_at_processes(places: Places, pid: int, *, own_environment: bool = True) -> int:
    """The arguments of a program and its children, and what they were given; returns how many children there are."""
    children = list(_descendants(pid))
    for each in (pid, *children):
        places.add("arguments of processes", command_of(each))
        if each != pid or own_environment:
            places.add("environments of processes", _content(Path(f"/proc/{each}/environ")))
    return len(children)


def look_at_files(places: Places, root: Path) -> None:
    for kind, pattern in {
        "log": "log/mosaic-desktop.log*",
        "log of the local Mosaic": "log/local-mosaic.log*",
        "crash report": "log/crash*",
        "journal": "journal.sqlite",
        "journal's WAL": "journal.sqlite-wal",
        "journal's index": "journal.sqlite-shm",
        "settings": "settings.json",
        "record of keyrings": "keyrings.json",
        "reprs": "reprs.txt",
        "thumbnails": "thumbnails/*",
    }.items():
        places.add_files(kind, root, pattern)
    for path in root.rglob("*"):
        if "local-mosaic" not in path.relative_to(root).parts:  # the server's own data
            places.add("names of files", str(path).encode())
            if path.is_file():
                places.add("any other file", _content(path))
    if (bundle := root / "support.zip").exists():
        with zipfile.ZipFile(bundle) as archive:
            places.add("support file", *(archive.read(name) for name in archive.namelist()))


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with start_sandbox(tmp_path_factory.mktemp("server"), "--account", "client@mosaic.local") as running:
        yield running


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of every program that the test starts."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.mark.usefixtures("secret_service")
def test_no_secret_of_the_window_is_written_or_shown_anywhere(
    tmp_path: Path, server: RunningSandbox, temporary: Path, own_home: Path
) -> None:
    root = tmp_path / "data"
    clips = [make_clip(tmp_path / "talk.mp4", seconds=3, pauses=((1, 2),)), make_clip(tmp_path / "session.mp4")]
    secrets = {
        **SECRETS,
        "key": server.api_key,
        "password": server.account.password,
        "key of the talkative account": TALKATIVE_KEY,
    }
    places = Places()
    with talkative_mosaic() as talkative:
        plan = {
            "root": str(root),
            "base_url": server.base_url,
            "auth_url": server.auth_url,
            "anon_key": server.ready_line["anon_key"],
            "key": server.api_key,
            "email": server.account.email,
            "password": server.account.password,
            "talkative": talkative,
            "talkative_key": TALKATIVE_KEY,
            "clips": [str(clip) for clip in clips],
        }
        command = [sys.executable, "-m", "tests.e2e.canary_program"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        ) as program:
            assert program.stdin is not None
            assert program.stdout is not None
            assert program.stderr is not None
            said = json.dumps(plan)
            for _ in range(2):
                print(said, file=program.stdin, flush=True)
                line = program.stdout.readline()
                assert line, program.stderr.read()
                secrets |= json.loads(line)
                assert look_at_processes(places, program.pid) >= 1
                look_at_files(places, root)
                said = "go on"
            print(said, file=program.stdin, flush=True)
            _, errors = program.communicate(timeout=PATIENCE)
    places.add("standard error", errors.encode())
    look_at_files(places, root)
    assert take_crash_report(root / "log") is not None
    look_at_files(places, root)
    places.add_files("temporary files", temporary, "**/*")
    places.add_files("home", own_home, "**/*")

    assert Places({"control": [secret.encode() for secret in secrets.values()]}).hits(secrets) != []
    assert len(secrets) >= 12
    assert places.kinds >= {
        "log",
        "crash report",
        "journal",
        "journal's WAL",
        "settings",
        "record of keyrings",
        "reprs",
        "thumbnails",
        "names of files",
        "any other file",
        "support file",
        "standard error",
        "arguments of processes",
        "environments of processes",
    }
    assert places.hits(secrets) == []


def test_no_secret_of_the_command_line_is_written_or_shown_anywhere(
    tmp_path: Path, server: RunningSandbox, temporary: Path, own_home: Path
) -> None:
    root, client = tmp_path / "data", server.accounts[0]
    secrets = {**SECRETS, "key": client.api_key, "key of the talkative account": CLI_KEY}
    clip = make_clip(tmp_path / "talk.mp4", seconds=3, pauses=((1, 2),))
    places = Places()

    account = {"MOSAIC_API_KEY": client.api_key, "MOSAIC_API_BASE": server.base_url}
    with start(root, "run", str(clip), "--agent", "Silence removal", "--json", environment=account) as program:
        assert program.stdout is not None
        for line in program.stdout:
            places.add("standard output", line.encode())
            if json.loads(line).get("state") == "uploading":
                look_at_processes(places, program.pid, own_environment=False)
                look_at_files(places, root)
        assert program.stderr is not None
        places.add("standard error", program.stderr.read().encode())
    assert program.returncode == 0

    with talkative_mosaic() as talkative:
        account = {"MOSAIC_API_KEY": CLI_KEY, "MOSAIC_API_BASE": talkative}
        for arguments in (
            ("agents",),
            ("profiles",),
            ("run", str(clip), "https://youtu.be/dQw4w9WgXcQ", "--prompt", "make it vertical"),
            ("run", "https://youtu.be/dQw4w9WgXcQ", "--prompt", "make it square", "--json"),
            ("resume", "--json"),
        ):
            done = call(root, *arguments, environment=account)
            places.add("standard output", *(line.encode() for line in done.lines))
            places.add("standard error", done.errors.encode())
    look_at_files(places, root)
    places.add_files("temporary files", temporary, "**/*")
    places.add_files("home", own_home, "**/*")

    assert places.kinds >= {"standard output", "log", "journal", "names of files", "environments of processes"}
    assert places.hits(secrets) == []


def test_the_search_itself_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "mosaic-desktop.log").write_text(f"the key is {CLI_KEY}\n")
    (tmp_path / CLI_KEY).touch()
    with zipfile.ZipFile(tmp_path / "support.zip", "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("log", f"the key is {CLI_KEY}\n" * 100)
    places = Places()
    look_at_files(places, tmp_path)
    look_at_processes(places, os.getpid())
    assert {hit.rpartition(" in ")[2] for hit in places.hits({"key": CLI_KEY})} == {
        "log",
        "names of files",
        "any other file",
        "support file",
    }


def test_a_child_is_looked_at_once_it_is_a_program_of_its_own() -> None:
    held = (
        "import os\n"
        "if os.fork():\n"
        "    os.wait()\n"
        "else:\n"
        "    os.read(0, 1)\n"
        "    os.execve('/bin/cat', ['cat'], {'OWN': 'environment'})\n"
    )
    environment = {**os.environ, "CANARY": CLI_KEY}
    with subprocess.Popen([sys.executable, "-c", held], stdin=subprocess.PIPE, env=environment) as program:
        assert program.stdin is not None
        until(lambda: children_of(program.pid))
        (child,) = children_of(program.pid)
        assert not _is_program(child, program.pid)
        program.stdin.write(b".")
        program.stdin.flush()
        places = Places()
        assert look_at_processes(places, program.pid, own_environment=False) == 1
        program.stdin.close()
    assert places.contents["environments of processes"] == [b"OWN=environment\0"]
    assert places.hits({"key": CLI_KEY}) == []
