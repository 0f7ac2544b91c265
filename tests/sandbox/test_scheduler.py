"""Working through runs: nodes wait in line for a slot, only what is worked on runs, and what a step tells is kept."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from mosaic_desktop.sandbox.accounts import Accounts, Caller
from mosaic_desktop.sandbox.agents import SHORTS_MAKER
from mosaic_desktop.sandbox.api_keys import ApiKeys
from mosaic_desktop.sandbox.credits import Credits
from mosaic_desktop.sandbox.database import Database, Row
from mosaic_desktop.sandbox.objects import Objects
from mosaic_desktop.sandbox.rendering import Workers
from mosaic_desktop.sandbox.run_reports import RunReports
from mosaic_desktop.sandbox.runs import RunRequest, Runs
from mosaic_desktop.sandbox.scheduler import Scheduler
from tests.support.media import make_clip
from tests.support.waiting import PATIENCE

# Two nodes that wait for nothing, and one behind each of them.
TWO_SHORTS = {"remove_pauses": False, "captions": False, "enhance_audio": False}


@pytest.fixture
def runs(database: Database) -> Runs:
    return Runs(database, Credits(database))


@pytest.fixture
def reports(database: Database, runs: Runs) -> RunReports:
    return RunReports(database, runs, Credits(database))


@pytest.fixture
def run_id(database: Database, runs: Runs) -> str:
    """A run of Shorts maker whose video is in `uploads/clip.mp4`."""
    accounts = Accounts(database, ApiKeys(database, b"secret"), credits=50)
    accounts.welcome("a@example.org")
    account = accounts.get(database.rows("SELECT id FROM accounts")[0]["id"])
    database.write(
        "INSERT INTO files (id, account_id, file_name, object_key, project_id) VALUES (?, ?, ?, ?, ?)",
        "file", account.id, "clip.mp4", "uploads/clip.mp4", "project",
    )  # fmt: skip
    wish = RunRequest(SHORTS_MAKER, "agent", "file", "project", TWO_SHORTS)
    return str(runs.create(Caller(account), wish, None)["id"])


@pytest.mark.parametrize(("slots", "together"), [(1, False), (2, True)])
def test_as_many_nodes_run_at_once_as_there_are_slots(
    database: Database, runs: Runs, reports: RunReports, run_id: str, tmp_path: Path, slots: int, *, together: bool
) -> None:
    objects = Objects(database, tmp_path)
    make_clip(objects.path("uploads/clip.mp4"), seconds=0.4)

    async def work() -> list[Row]:
        ended = asyncio.Event()
        scheduler = Scheduler(database, runs, reports, objects, Workers(), slots, ended.set)
        try:
            scheduler.advance(run_id)
            scheduler.advance(run_id)  # as for a node that is retried meanwhile
            async with asyncio.timeout(PATIENCE):
                await ended.wait()
        finally:
            await scheduler.stop()
        return runs.nodes(run_id)

    nodes = asyncio.run(work())
    assert [node["status"] for node in nodes] == ["completed"] * 4
    spans = sorted((node["started_at"], node["finished_at"]) for node in nodes)
    assert any(start < end for (_, end), (start, _) in pairwise(spans)) == together


def test_each_sentence_of_several_nodes_is_told_once(
    database: Database, runs: Runs, reports: RunReports, run_id: str
) -> None:
    one, other, third, _ = runs.nodes(run_id)
    reports.complete_node(one["id"], [], "One.\nBoth.")
    reports.complete_node(other["id"], [], "Other.\nBoth.")
    reports.complete_node(third["id"], [], "")
    assert [run["note"] for run in database.rows("SELECT note FROM runs")] == ["One. Both. Other."]


def test_after_a_restart_nothing_is_left_of_what_was_begun(runs: Runs, reports: RunReports, run_id: str) -> None:
    before = [tuple(node) for node in runs.nodes(run_id)]
    begun = runs.nodes(run_id)[0]["id"]
    reports.begin_node(begun)
    reports.advance_node(begun, 0.5, 50, 100)
    runs.recover()
    assert [tuple(node) for node in runs.nodes(run_id)] == before
