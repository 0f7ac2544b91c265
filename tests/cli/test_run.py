"""``run``: what is started, what is told, and how it ends."""

import asyncio
from pathlib import Path

import pytest

from mosaic_desktop.cli import commands
from mosaic_desktop.cli.outcome import Outcome
from mosaic_desktop.cli.requests import RunRequest, UsageError
from mosaic_desktop.cli.unconfirmed import Decisions
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.errors import AuthError, Code, LocalFileError, MosaicError, NetworkError, ServiceError
from mosaic_desktop.core.run import Run
from tests.cli.console import Console
from tests.support.fakes import MemoryJournal, Row


def run(console: Console, *videos: Path | str, agent: str = "Audio enhance", seconds: float = 600.0) -> Outcome:
    request = RunRequest([str(video) for video in videos], agent=agent)
    return asyncio.run(
        console.carry_out(lambda engine: commands.run(engine, request, console.report, console.patience), seconds)
    )


def page_of_a_proxy() -> MosaicError:
    return ServiceError(Code.GATEWAY, "status 502", retryable=True, status=502)


def test_each_video_runs_once_and_comes_back(console: Console) -> None:
    outcome = run(console, console.rig.file("a.mp4"), console.rig.file("b.mp4"))
    assert outcome.failures == ()
    assert sorted(file.run.asset_name for file in outcome.finished) == ["a.mp4", "b.mp4"]
    assert all(file.path.read_bytes() == b"v" * 2048 for file in outcome.finished)
    assert len(console.rig.service.started) == 2


def test_a_page_of_a_proxy_in_place_of_the_agents_is_no_end(console: Console) -> None:
    console.rig.service.errors["list_agents"] = [page_of_a_proxy(), page_of_a_proxy()]
    outcome = run(console, console.rig.file())
    assert outcome.failures == ()
    first, second = console.sentences("retry")
    assert first.startswith("Something between here and Mosaic answered instead of it. (status 502) Trying again in ")
    assert second.endswith("2 s.")
    assert len(console.rig.service.started) == 1


def test_after_many_tries_it_gives_up_with_words(console: Console) -> None:
    console.rig.service.errors["list_agents"] = [NetworkError(Code.UNREACHABLE, seen=False) for _ in range(20)]
    with pytest.raises(NetworkError):
        run(console, console.rig.file())
    assert len(console.sentences("retry")) == 7
    assert all("keeps trying" not in words for words in console.sentences("retry"))
    assert console.sentences("note") == ["Gave up after 8 tries."]
    assert console.rig.journal.rows == {}


def test_a_rejected_key_is_not_tried_again(console: Console) -> None:
    console.rig.service.errors["list_agents"] = [AuthError(Code.INVALID_KEY, status=401)]
    with pytest.raises(AuthError):
        run(console, console.rig.file())
    assert console.records == []


def test_an_unknown_agent_is_wrong_usage_before_anything_is_sent(console: Console) -> None:
    with pytest.raises(UsageError, match=r"There is no agent “Nobody”\. There are: Audio enhance\."):
        run(console, console.rig.file(), agent="Nobody")
    assert console.rig.journal.rows == {}


def test_a_file_that_is_named_twice_runs_once_and_says_so(console: Console) -> None:
    clip = console.rig.file("shoot/talk.mp4")
    outcome = run(console, clip, clip.parent, clip.parent / ".." / "shoot" / "talk.mp4")
    assert outcome.failures == ()
    assert len(outcome.finished) == 1
    assert len(console.rig.service.started) == 1
    assert (
        len([words for words in console.sentences("note") if words.endswith("This is named twice and runs once.")]) == 2
    )


def test_a_video_of_an_earlier_command_is_not_sent_again(console: Console) -> None:
    clip = console.rig.file()
    run(console, clip)
    outcome = run(console, clip)
    assert outcome.failures == ()
    assert len(console.rig.service.finalized) == 1
    assert len(console.rig.service.started) == 2
    assert console.sentences("note") == []


def test_the_same_command_after_a_rejected_key_pays_once(console: Console) -> None:
    clip = console.rig.file()
    console.rig.service.errors["request_upload"] = [AuthError(Code.INVALID_KEY, status=401)]
    assert [failure.problem.code for failure in run(console, clip).failures] == [Code.INVALID_KEY]
    outcome = run(console, clip)
    assert outcome.failures == ()
    assert len(outcome.finished) == len(console.rig.service.started) == 1
    (note,) = console.sentences("note")
    assert note.endswith("This was asked for before and is not over, so that it goes on instead of starting twice.")


@pytest.mark.expect_log("stays unconfirmed")
def test_the_same_command_does_not_start_a_run_again_of_which_nobody_knows(console: Console) -> None:
    clip = console.rig.file()
    console.rig.service.errors["start_run"] = [NetworkError(Code.INTERRUPTED, seen=True)]
    first, again = run(console, clip), run(console, clip)
    assert [failure.unconfirmed for failure in first.failures] == [failure.unconfirmed for failure in again.failures]
    assert again.failures[0].unconfirmed is not None
    assert console.rig.service.started == []


def test_the_same_command_fetches_what_could_not_be_saved(console: Console) -> None:
    clip = console.rig.file()
    console.rig.transfers.get_errors = [LocalFileError(Code.DISK_FULL)]
    assert [failure.problem.code for failure in run(console, clip).failures] == [Code.DISK_FULL]
    outcome = run(console, clip)
    assert outcome.failures == ()
    assert len(outcome.finished) == len(console.rig.service.started) == 1


def test_another_wish_for_a_video_that_waits_is_a_run_of_its_own(console: Console) -> None:
    clip = console.rig.file()
    console.rig.service.errors["request_upload"] = [AuthError(Code.INVALID_KEY, status=401)]
    run(console, clip)
    console.rig.service.agents = (*console.rig.service.agents, Agent("agent-2", "Reframe"))
    outcome = run(console, clip, agent="Reframe")
    assert [file.run.spec.agent_name for file in outcome.finished] == ["Reframe"]
    assert len(console.rig.service.started) == 2


def test_everything_that_was_refused_is_told_at_the_end(console: Console) -> None:
    folder = console.rig.folder / "empty"
    folder.mkdir()
    notes = console.rig.file("notes.mp4")
    gone = console.rig.folder / "gone.mp4"
    outcome = run(console, console.rig.file(), gone, folder, "https://films.invalid/1", notes)
    told = {Path(failure.name).name: failure.problem.code for failure in outcome.failures}
    assert told == {
        "gone.mp4": Code.FILE_MISSING,
        "empty": Code.NO_VIDEOS_IN_FOLDER,
        "1": Code.UNKNOWN_LINK,
        "notes.mp4": Code.NOT_A_VIDEO,
    }
    assert len(outcome.failures) == 4, "one line each"
    assert [file.run.asset_name for file in outcome.finished] == ["talk.mp4"]


def test_a_key_that_is_revoked_meanwhile_ends_it(console: Console) -> None:
    console.rig.service.outcome = None
    console.rig.service.errors["run_status"] = [AuthError(Code.INVALID_KEY, status=401)]
    outcome = run(console, console.rig.file())
    assert [failure.problem.code for failure in outcome.failures] == [Code.INVALID_KEY]


def test_an_outage_is_told_once_and_so_is_its_end(console: Console) -> None:
    console.rig.service.errors["run_status"] = [NetworkError(Code.UNREACHABLE, seen=False) for _ in range(3)]
    outcome = run(console, console.rig.file())
    assert outcome.failures == ()
    told = [record["reached"] for record in console.records if record["event"] == "service"]
    assert told == [False, True]


class Batches(MemoryJournal):
    """Remembers what was written in one transaction."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[tuple[Row, ...]] = []

    async def save(self, rows: tuple[Row, ...]) -> None:
        self.batches.append(rows)
        await super().save(rows)


def test_no_power_cut_separates_a_video_from_what_is_to_happen_to_it(console: Console) -> None:
    journal = console.rig.journal = Batches()
    for name in ("a.mp4", "b.mp4", "c.mp4"):
        console.rig.file(f"shoot/{name}")
    run(console, console.rig.folder / "shoot", console.rig.file("d.mp4"), "https://youtu.be/abcdefghijk")
    seen: set[str] = set()
    for batch in journal.batches:
        added = {row.id for row in batch if isinstance(row, Asset)} - seen
        assert added <= {row.asset_id for row in batch if isinstance(row, Run)}
        seen |= added
    assert len(seen) == 5


def test_agents_are_listed_after_a_hiccup(console: Console) -> None:
    console.rig.service.agents = (Agent("agent-1", "Audio enhance", "Cleans the sound."),)
    console.rig.service.errors["list_agents"] = [page_of_a_proxy()]
    asyncio.run(console.carry_out(lambda engine: commands.agents(engine, console.report, console.patience)))
    retry, listed = console.records
    assert retry["event"] == "retry"
    assert (listed["id"], listed["description"]) == ("agent-1", "Cleans the sound.")


def test_runs_that_wait_for_credits_end_the_command_and_resume_starts_them(console: Console) -> None:
    service = console.rig.service
    service.errors["start_run"] = [ServiceError(Code.NO_CREDITS, status=403)]
    outcome = run(console, console.rig.file("a.mp4"), console.rig.file("b.mp4"))
    assert sorted(failure.name for failure in outcome.failures) == ["a.mp4", "b.mp4"]
    console.report.conclude(outcome)
    assert "“resume” then starts" in console.records[-1]["sentence"]
    assert service.started == []
    outcome = asyncio.run(console.carry_out(lambda engine: commands.resume(engine, Decisions(), console.report)))
    assert outcome.failures == ()
    assert len(outcome.finished) == len(service.started) == 2
