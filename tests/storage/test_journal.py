"""The journal on a real disk: durable, ordered, one process at a time, and never losing a row."""

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, JournalError, StorageError
from mosaic_desktop.core.output import Output, OutputId
from mosaic_desktop.core.ports import Recorded
from mosaic_desktop.core.run import Graph, Node, NodeState, Run, RunId, RunSpec
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.journal import SqliteJournal
from mosaic_desktop.storage.migrations import STEPS

ASSET = Asset(AssetId("a1"), "clip.mp4", Path("/films/clip.mp4"), created_at=1.0)
RUN = Run(RunId("r1"), AssetId("a1"), RunSpec("agent-1", "Reframe", parameters={"aspect": "9:16"}), created_at=2.0)
OUTPUT = Output(OutputId("o1"), RunId("r1"), "key", "clip.mp4", Path("/films"), created_at=3.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.sqlite"


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(path)
    await database.open()
    try:
        yield database
    finally:
        await database.aclose()


async def saved(path: Path, *rows: Asset | Run | Output) -> None:
    async with opened(path) as database:
        await SqliteJournal(database, "me").save(rows)


async def loaded(path: Path) -> Recorded:
    async with opened(path) as database:
        return await SqliteJournal(database, "me").load()


def run(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401
    return asyncio.run(work)


def test_rows_are_there_after_a_restart(path: Path) -> None:
    run(saved(path, ASSET, RUN, OUTPUT))
    assert run(loaded(path)) == Recorded((ASSET,), (RUN,), (OUTPUT,))


def test_a_row_that_exists_is_replaced(path: Path) -> None:
    later = replace(ASSET, state=AssetState.READY, file_id="f")
    run(saved(path, ASSET))
    run(saved(path, later))
    assert run(loaded(path)).assets == (later,)


def test_rows_come_in_the_order_in_which_they_were_created(path: Path) -> None:
    rows = tuple(
        replace(ASSET, id=AssetId(name), created_at=when) for name, when in [("c", 1.0), ("a", 1.0), ("b", 0.5)]
    )
    run(saved(path, *rows))
    run(saved(path, replace(rows[0], attempt=3)))
    assert [asset.id for asset in run(loaded(path)).assets] == ["b", "c", "a"]


def test_rows_of_any_kind_are_deleted(path: Path) -> None:
    async def work() -> Recorded:
        async with opened(path) as database:
            journal = SqliteJournal(database, "me")
            await journal.save((ASSET, RUN, OUTPUT))
            await journal.delete((ASSET.id, OUTPUT.id, AssetId("never was")))
            return await journal.load()

    assert run(work()) == Recorded(runs=(RUN,))


def test_profiles_in_one_file_do_not_see_each_other(path: Path) -> None:
    async def work() -> tuple[Recorded, Recorded]:
        async with opened(path) as database:
            mine, yours = SqliteJournal(database, "mine"), SqliteJournal(database, "yours")
            await asyncio.gather(mine.save((ASSET,)), yours.save((replace(ASSET, name="other.mp4"), RUN)))
            await mine.delete((RUN.id,))
            return await mine.load(), await yours.load()

    mine, yours = run(work())
    assert mine == Recorded(assets=(ASSET,))
    assert yours == Recorded((replace(ASSET, name="other.mp4"),), (RUN,))


def test_a_batch_is_saved_whole_or_not_at_all(path: Path) -> None:
    impossible = replace(ASSET, id=AssetId("a2"), size=2**70)

    async def work() -> Recorded:
        async with opened(path) as database:
            journal = SqliteJournal(database, "me")
            with pytest.raises(JournalError):
                await journal.save((ASSET, impossible))
            return await journal.load()

    assert run(work()) == Recorded()


def test_only_the_user_may_read_it(path: Path) -> None:
    async def modes() -> set[int]:
        async with opened(path) as database:
            await SqliteJournal(database, "me").save((ASSET,))
            return {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    assert run(modes()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_others_could_read_is_closed_to_them(path: Path) -> None:
    run(saved(path, ASSET))
    path.chmod(0o644)
    run(saved(path, ASSET))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# --- One process at a time --------------------------------------------------------------------------------------------

HOLDER = """
import asyncio, sys, pathlib
from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.journal import SqliteJournal

async def hold():
    database = SqliteDatabase(pathlib.Path(sys.argv[1]))
    await database.open()
    await SqliteJournal(database, "me").save((Asset(AssetId("held"), "held.mp4", created_at=1.0),))
    print("open", flush=True)
    await asyncio.Event().wait()

asyncio.run(hold())
"""


def test_a_second_process_is_told_at_once_and_death_frees_the_file(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        codes, seconds = zip(*(refused(path) for _ in range(5)), strict=True)
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    assert set(codes) == {Code.IN_USE}
    assert min(seconds) < 2, "one of several, since a busy machine slows only some"
    assert [asset.id for asset in run(loaded(path)).assets] == ["held"]


def refused(path: Path) -> tuple[str, float]:
    """What stands against opening it, and after how many seconds that is said."""
    began = time.monotonic()
    with pytest.raises(JournalError) as caught:
        run(loaded(path))
    return caught.value.code, time.monotonic() - began


def test_one_process_cannot_open_it_twice_either(path: Path) -> None:
    async def work() -> str:
        async with opened(path):
            second = SqliteDatabase(path)
            with pytest.raises(JournalError) as caught:
                await second.open()
            return caught.value.code

    assert run(work()) == Code.IN_USE


def test_a_closed_journal_says_so(path: Path) -> None:
    async def work() -> None:
        async with opened(path) as database:
            journal = SqliteJournal(database, "me")
        await database.aclose()
        with pytest.raises(JournalError, match="closed"):
            await journal.save((ASSET,))

    run(work())


# --- Damage -----------------------------------------------------------------------------------------------------------


@pytest.mark.expect_log("the journal was damaged")
@pytest.mark.parametrize("damage", ["garbage", "header", "middle"])
def test_a_damaged_file_is_kept_and_another_begun(path: Path, damage: str) -> None:
    rows = tuple(replace(ASSET, id=AssetId(f"a{number}"), name="x" * 500) for number in range(200))
    run(saved(path, *rows))
    content = bytearray(path.read_bytes())
    match damage:
        case "garbage":
            content = bytearray(b"not a database at all " * 500)
        case "header":
            content[:16] = b"\0" * 16
        case "middle":
            content[4096 * 3 : 4096 * 8] = b"\xff" * 4096 * 5
    path.write_bytes(content)

    async def work() -> tuple[Path | None, Recorded]:
        async with opened(path) as database:
            journal = SqliteJournal(database, "me")
            await journal.save((ASSET,))
            return database.set_aside, await journal.load()

    aside, recorded = run(work())
    assert aside == path.with_name("journal.corrupt-1.sqlite")
    assert aside.read_bytes() == bytes(content)
    assert recorded == Recorded(assets=(ASSET,))


@pytest.mark.expect_log("the journal was damaged")
def test_each_damaged_file_gets_its_own_name(path: Path) -> None:
    for _ in range(3):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"garbage" * 999)
        run(loaded(path))
    assert sorted(file.name for file in path.parent.glob("*.corrupt-*")) == [
        f"journal.corrupt-{n}.sqlite" for n in (1, 2, 3)
    ]


@pytest.mark.expect_log("1 of the assets were left out")
def test_a_row_of_a_newer_version_stays_in_the_file(path: Path) -> None:
    run(saved(path, ASSET, replace(ASSET, id=AssetId("a2"))))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE assets ADD COLUMN mood TEXT DEFAULT 'calm'")
        connection.execute("UPDATE assets SET state = 'transcoding', mood = 'odd' WHERE id = 'a2'")
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    assert run(loaded(path)).assets == (ASSET,)
    run(saved(path, replace(ASSET, attempt=1)))
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT id, state, mood FROM assets ORDER BY id").fetchall()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    assert rows == [("a1", "probing", "calm"), ("a2", "transcoding", "odd")]
    assert version == len(STEPS) + 1


def test_a_damaged_letter_does_not_hide_other_rows(path: Path) -> None:
    run(saved(path, ASSET, replace(ASSET, id=AssetId("a2"))))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE assets SET name = CAST(x'ff41' AS TEXT) WHERE id = 'a2'")
    assert [asset.name for asset in run(loaded(path)).assets] == ["clip.mp4", "\ufffdA"]


@pytest.mark.parametrize("blocked", ["a file", "a folder"])
def test_a_place_that_cannot_be_used_is_a_journal_error(tmp_path: Path, blocked: str) -> None:
    path = tmp_path / "data" / "journal.sqlite"
    if blocked == "a file":
        (tmp_path / "data").write_text("in the way")
    else:
        path.mkdir(parents=True)
    with pytest.raises(JournalError) as caught:
        run(loaded(path))
    assert caught.value.code == Code.JOURNAL


# --- Secrets ----------------------------------------------------------------------------------------------------------


def test_no_secret_of_an_error_reaches_the_file(path: Path) -> None:
    signed = "https://storage.googleapis.com/b/o?X-Goog-Signature=abc123secret&upload_id=xyz789secret"
    error = StorageError(Code.STORAGE, f"PUT {signed} with mk_live_1234secret failed")
    run(saved(path, replace(ASSET, problem=error.problem)))
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"failed" in content
    assert b"secret" not in content


# --- Size -------------------------------------------------------------------------------------------------------------


def test_ten_thousand_rows_load_quickly(path: Path) -> None:
    media = MediaInfo(12.5, 1920, 1080, "h264", "aac", 25.0)
    graph = Graph(tuple(Node(f"n{n}", "Cut", NodeState.COMPLETED, "completed") for n in range(3)), (("n0", "n1"),))
    rows = [
        row
        for n in range(3400)
        for row in (
            replace(ASSET, id=AssetId(f"a{n}"), media=media, created_at=n),
            replace(RUN, id=RunId(f"r{n}"), graph=graph, created_at=n),
            replace(OUTPUT, id=OutputId(f"o{n}"), media=media, created_at=n),
        )
    ]

    async def work() -> tuple[Recorded, float]:
        async with opened(path) as database:
            journal = SqliteJournal(database, "me")
            await journal.save(tuple(rows))
            began = time.process_time()  # what others run on the machine meanwhile is no matter
            recorded = await journal.load()
            return recorded, time.process_time() - began

    recorded, seconds = run(work())
    assert (len(recorded.assets), len(recorded.runs), len(recorded.outputs)) == (3400, 3400, 3400)
    assert seconds < 3  # a third of a second where nothing else runs
