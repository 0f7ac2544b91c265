"""What is printed: lines for people, or one JSON object a line."""

import errno
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from mosaic_desktop.cli.outcome import Failure, Finished, Outcome
from mosaic_desktop.cli.report import Report
from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.events import Refused, RowChanged, ServiceReached, What
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.run import Run, RunId, RunSpec, RunState

RUN = Run(RunId("run"), AssetId("asset"), RunSpec(agent_name="Reframe"), asset_name="talk.mp4", remote_id="r1")
OUTPUT = Output(OutputId("output"), RUN.id, "key", "talk · Reframe.mp4", Path("/films"), size=5, duration=2.0)
FINISHED = Finished(Path("/films/talk · Reframe.mp4"), OUTPUT, RUN)
UNREACHABLE = Problem(Code.UNREACHABLE, retryable=True)


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def people(clock: Clock, out: io.StringIO) -> Report:
    return Report(False, clock, out=out)


@pytest.fixture
def programs(clock: Clock, out: io.StringIO) -> Report:
    return Report(True, clock, out=out)


def uploading(bytes_done: int) -> RowChanged:
    asset = Asset(AssetId("asset"), "talk.mp4", Path("/talk.mp4"), size=1000, state=AssetState.UPLOADING)
    return RowChanged(What.PROGRESS, replace(asset, bytes_done=bytes_done))


def test_failures_come_first_and_finished_files_last(programs: Report, out: io.StringIO) -> None:
    problem = Problem(Code.OUT_OF_RANGE, "aspect must be one of these.", field="aspect")
    programs.conclude(Outcome((Failure("talk.mp4", problem), Failure("", Problem(Code.INVALID_KEY))), (FINISHED,)))
    field, key, finished = (json.loads(line) for line in out.getvalue().splitlines())
    assert field == {
        "event": "failed",
        "name": "talk.mp4",
        "error": "parameter_out_of_range",
        "sentence": "aspect must be one of these.",
        "field": "aspect",
    }
    assert (key["name"], key["error"]) == ("Mosaic", "invalid_api_key")
    assert finished == {
        "event": "finished",
        "path": "/films/talk · Reframe.mp4",
        "source": "talk.mp4",
        "agent": "Reframe",
        "run_id": "r1",
        "size": 5,
        "duration": 2.0,
    }


def test_people_read_the_path_of_what_is_finished(people: Report, out: io.StringIO) -> None:
    people.conclude(Outcome((Failure("talk.mp4", Problem(Code.FILE_MISSING)),), (FINISHED,)))
    assert out.getvalue().splitlines() == [
        "talk.mp4: The file is not there any more.",
        "/films/talk · Reframe.mp4",
    ]


def test_people_are_not_told_the_same_twice_in_a_row(people: Report, out: io.StringIO) -> None:
    people.on_event(Refused("talk.mp4", Problem(Code.FILE_MISSING)))
    people.conclude(Outcome((Failure("talk.mp4", Problem(Code.FILE_MISSING)),)))
    assert out.getvalue().count("talk.mp4") == 1


def test_at_the_end_nobody_is_told_that_it_keeps_trying(people: Report, out: io.StringIO) -> None:
    people.on_event(ServiceReached(UNREACHABLE))
    assert "keeps trying" in out.getvalue()
    people.failed(Failure("", UNREACHABLE))
    assert out.getvalue().splitlines()[-1] == "Mosaic cannot be reached."


def test_a_service_that_goes_and_comes_is_told_once_each(people: Report, out: io.StringIO) -> None:
    for problem in (None, UNREACHABLE, UNREACHABLE, None, None):
        people.on_event(ServiceReached(problem))
    assert out.getvalue().splitlines() == ["Mosaic cannot be reached. The app keeps trying.", "Mosaic answers again."]


def test_a_problem_of_one_row_is_no_outage(people: Report, out: io.StringIO) -> None:
    people.on_event(ServiceReached(Problem(Code.NOT_FOUND)))
    people.on_event(ServiceReached(None))
    assert out.getvalue() == ""


def test_progress_is_told_once_a_second_and_states_at_once(programs: Report, clock: Clock, out: io.StringIO) -> None:
    for tenth in range(25):
        clock.seconds = 10 + tenth / 10
        programs.on_event(uploading(tenth * 10))
    programs.on_event(RowChanged(What.STATE, RUN))
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [record.get("bytes_done") for record in told] == [0, 100, 200, None]


def test_a_name_that_no_encoding_knows_is_told_all_the_same(clock: Clock) -> None:
    raw = io.BytesIO()
    report = Report(True, clock, out=io.TextIOWrapper(raw, encoding="ascii"))
    report.on_event(Refused("caf\udce9 ü.mp4", Problem(Code.FILE_MISSING)))
    assert json.loads(raw.getvalue())["source"] == "caf\udce9 ü.mp4"


def test_a_name_that_ends_a_line_for_some_readers_does_not(programs: Report, out: io.StringIO) -> None:
    programs.on_event(Refused("a\nb\u2028c\x85d.mp4", Problem(Code.FILE_MISSING)))
    (line,) = out.getvalue().splitlines()
    assert json.loads(line)["source"] == "a\nb\u2028c\x85d.mp4"


def test_why_nothing_could_begin_is_told_apart_from_results(clock: Clock, out: io.StringIO) -> None:
    errors = io.StringIO()
    Report(False, clock, out=out, errors=errors).ended_by(Problem(Code.DISK_FULL))
    assert (out.getvalue(), errors.getvalue()) == (
        "",
        "The disk is full. Free some space; “resume” then fetches the video.\n",
    )
    Report(True, clock, out=out, errors=errors).ended_by(Problem(Code.DISK_FULL))
    assert json.loads(out.getvalue())["error"] == "disk_full"
    assert errors.getvalue().count("The disk is full.") == 2


def test_without_anybody_who_reads_the_work_goes_on(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    Report(False, clock).note("Nobody hears this.")


def test_output_that_cannot_be_written_does_not_stop_the_work(clock: Clock) -> None:
    class FullDisk(io.StringIO):
        def write(self, text: str, /) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    report = Report(False, clock, out=FullDisk())
    report.note("This does not fit.")
    report.note("Nor does this.")


def test_a_failed_download_names_its_folder(people: Report, out: io.StringIO) -> None:
    failed = Output(
        OUTPUT.id, RUN.id, "key", OUTPUT.name, OUTPUT.folder, state=OutputState.FAILED,
        problem=Problem(Code.FOLDER_UNWRITABLE, "Read-only file system"),
    )  # fmt: skip
    people.on_event(RowChanged(What.STATE, failed))
    assert out.getvalue() == (
        "talk · Reframe.mp4: The output folder cannot be written to. Name another with --output-dir. "
        "(Read-only file system)\n"
    )


def test_a_run_given_up_is_called_so(people: Report, out: io.StringIO) -> None:
    dropped = Run(RUN.id, RUN.asset_id, RUN.spec, asset_name=RUN.asset_name, state=RunState.DROPPED)
    people.on_event(RowChanged(What.STATE, dropped))
    assert out.getvalue() == "talk.mp4: Reframe was given up\n"
