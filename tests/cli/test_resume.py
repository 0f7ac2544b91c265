"""``resume``: everything goes on by itself, except a run that may have been paid for."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from mosaic_desktop.cli import commands
from mosaic_desktop.cli.outcome import Outcome
from mosaic_desktop.cli.requests import Decision, UsageError
from mosaic_desktop.cli.unconfirmed import Decisions, decisions
from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.errors import Code, NetworkError, Problem, StorageError
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.ports import Partial
from mosaic_desktop.core.run import Run, RunId, RunState
from tests.cli.console import Console
from tests.jobs.rig import OUTPUT, SPEC

LOST = NetworkError(Code.INTERRUPTED, seen=True)


def resume(console: Console, decided: Decisions | None = None) -> Outcome:
    return asyncio.run(
        console.carry_out(lambda engine: commands.resume(engine, decided or Decisions(), console.report))
    )


def runs(console: Console) -> dict[str, Run]:
    return {row.asset_name: row for row in console.rig.journal.rows.values() if isinstance(row, Run)}


def lose_the_starts(console: Console, *names: str) -> None:
    """An earlier session, in which no answer came to the starts of these videos' runs."""
    console.rig.service.errors["start_run"] = [LOST for _ in names]

    async def session() -> None:
        async with console.rig.engine() as engine:
            engine.run(await engine.add([console.rig.file(name) for name in names]), SPEC)
            await console.rig.time_until(
                lambda: all(row.state is RunState.UNCONFIRMED for row in engine.store.runs() if row.asset_name in names)
            )

    asyncio.run(session())
    assert {row.state for row in runs(console).values()} == {RunState.UNCONFIRMED}


@pytest.mark.expect_log("stays unconfirmed")
def test_without_a_word_of_the_users_an_unconfirmed_run_stays_as_it_is(console: Console) -> None:
    lose_the_starts(console, "talk.mp4")
    run_id = runs(console)["talk.mp4"].id
    outcome = resume(console)
    (failure,) = outcome.failures
    assert failure.unconfirmed == run_id
    assert console.rig.service.started == []
    assert runs(console)["talk.mp4"].state is RunState.UNCONFIRMED
    console.report.conclude(outcome)
    record = console.records[-1]
    assert (record["event"], record["unconfirmed"], record["id"]) == ("failed", True, run_id)
    for way in (f"resume --run-id {run_id}=ID", "resume --unconfirmed start-again", "resume --unconfirmed drop"):
        assert f"mosaic-desktop {way}" in record["sentence"]
    assert "may charge twice" in record["sentence"]


@pytest.mark.expect_log("stays unconfirmed")
def test_it_is_started_again_when_the_user_says_so(console: Console) -> None:
    lose_the_starts(console, "talk.mp4")
    outcome = resume(console, Decisions(others=Decision.START_AGAIN))
    assert outcome.failures == ()
    assert len(outcome.finished) == 1
    assert len(console.rig.service.started) == 1


@pytest.mark.expect_log("stays unconfirmed")
def test_it_is_given_up_when_the_user_says_so(console: Console) -> None:
    lose_the_starts(console, "talk.mp4")
    outcome = resume(console, Decisions(others=Decision.DROP))
    assert outcome == Outcome()
    assert runs(console)["talk.mp4"].state is RunState.DROPPED
    assert console.rig.service.started == []


@pytest.mark.expect_log("stays unconfirmed")
def test_it_is_followed_by_the_id_that_the_user_found(console: Console) -> None:
    lose_the_starts(console, "found.mp4", "missing.mp4", "unsaid.mp4")
    decided = decisions([("found.mp4", "remote-7")], None, tuple(runs(console).values()))
    outcome = resume(console, decided)
    (finished,) = outcome.finished
    assert (finished.run.asset_name, finished.run.remote_id) == ("found.mp4", "remote-7")
    assert sorted(failure.name for failure in outcome.failures) == ["missing.mp4", "unsaid.mp4"]
    assert console.rig.service.started == []


@pytest.mark.expect_log("stays unconfirmed")
def test_one_is_followed_and_the_others_started_again(console: Console) -> None:
    lose_the_starts(console, "found.mp4", "missing.mp4")
    rows = tuple(runs(console).values())
    outcome = resume(console, decisions([("found.mp4", "remote-7")], Decision.START_AGAIN, rows))
    assert outcome.failures == ()
    assert {file.run.asset_name: file.run.remote_id for file in outcome.finished} == {
        "found.mp4": "remote-7",
        "missing.mp4": "run-1",
    }


def unconfirmed(run_id: str, name: str = "talk.mp4") -> Run:
    return Run(RunId(run_id), AssetId("asset"), SPEC, asset_name=name, state=RunState.UNCONFIRMED)


def test_a_run_is_named_by_its_id_or_its_video() -> None:
    rows = [unconfirmed("one", "a.mp4"), unconfirmed("two", "b=c.mp4")]
    assert decisions([("one", "r1"), ("b=c.mp4", "r2")], None, rows).adopted == {"one": "r1", "two": "r2"}


@pytest.mark.parametrize(
    ("run_ids", "words"),
    [
        ([("nobody.mp4", "r1")], "There is no unconfirmed run “nobody.mp4”"),
        ([("running.mp4", "r1")], "There is no unconfirmed run “running.mp4”"),
        ([("talk.mp4", "r1")], "several unconfirmed runs.*one, two"),
        ([("one", "r1"), ("one", "r2")], "given two ids"),
        ([("one", "r1"), ("two", "r1")], "r1 is the run of “talk.mp4”"),
        ([("one", "r0")], "r0 is the run of “running.mp4”"),
    ],
)
def test_an_id_that_cannot_be_meant_is_wrong_usage(run_ids: list[tuple[str, str]], words: str) -> None:
    running = replace(unconfirmed("zero", "running.mp4"), state=RunState.RUNNING, remote_id="r0")
    with pytest.raises(UsageError, match=words):
        decisions(run_ids, None, [unconfirmed("one"), unconfirmed("two"), running])


def test_an_output_that_could_not_be_fetched_is_fetched_now(console: Console) -> None:
    """The run is paid for; running it again would cost once more."""
    console.rig.transfers.get_errors = [StorageError(Code.DISK_FULL)]

    async def session() -> None:
        async with console.rig.engine() as engine:
            engine.run(await engine.add([console.rig.file()]), SPEC)
            await console.rig.time_until(
                lambda: any(output.state is OutputState.FAILED for output in engine.store.outputs())
            )

    asyncio.run(session())
    outcome = resume(console)
    assert outcome.failures == ()
    assert [file.path.stat().st_size for file in outcome.finished] == [2048]
    assert console.rig.transfers.partials == [None, Partial(1024, "v1")], "it goes on behind what has come"
    assert len(console.rig.service.started) == 1
    assert resume(console) == Outcome(), "now there is nothing left to do"


@pytest.mark.parametrize("code", [Code.FOLDER_UNWRITABLE, None], ids=["its folder refuses", "paused"])
def test_a_download_that_stopped_comes_into_a_folder_that_takes_it(console: Console, code: Code | None) -> None:
    refusing = console.rig.folder / "refusing"
    refusing.write_text("no folder")
    folder = refusing if code else console.rig.outputs
    state, problem = (OutputState.FAILED, Problem(code)) if code else (OutputState.PAUSED, None)
    done = replace(unconfirmed("done"), state=RunState.FINISHED, remote_id="r1")
    output = Output(OutputId("o"), done.id, OUTPUT.key, "talk.mp4", folder, state=state, problem=problem)
    console.rig.journal.rows = {row.id: row for row in (done, output)}
    (finished,) = resume(console).finished
    assert finished.path == console.rig.outputs / "talk.mp4"


def test_what_was_settled_before_is_left_alone(console: Console) -> None:
    done = replace(unconfirmed("done"), state=RunState.FINISHED, remote_id="r1")
    failed = replace(unconfirmed("failed"), state=RunState.FAILED, problem=Problem(Code.RUN_FAILED))
    saved = Output(OutputId("output"), done.id, "key", "talk.mp4", Path("/films"), state=OutputState.SAVED)
    console.rig.journal.rows = {row.id: row for row in (done, failed, saved)}
    assert resume(console) == Outcome()
