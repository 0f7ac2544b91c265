"""Every state of every row has its words."""

from pathlib import Path

import pytest

from mosaic_desktop.core.activity import Activity
from mosaic_desktop.core.asset import Asset, AssetId, AssetState, Keeps
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.run import Graph, Node, NodeState, Run, RunId, RunSpec, RunState
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.gui import text
from mosaic_desktop.gui.theme.palette import StateKind

MEDIA = MediaInfo(872.0, 3840, 2160, "prores", "aac", 25.0)


def make_asset(state: AssetState = AssetState.READY, **more: object) -> Asset:
    return Asset(AssetId("1"), "interview.mov", Path("/v/interview.mov"), None, 2_410_000_000, 0, state, **more)  # type: ignore[arg-type]


def make_run(state: RunState, **more: object) -> Run:
    return Run(RunId("1"), AssetId("1"), RunSpec("id", "Reframe"), "street.mp4", state=state, **more)  # type: ignore[arg-type]


def make_output(state: OutputState, **more: object) -> Output:
    return Output(OutputId("1"), RunId("1"), "key", "a.mp4", Path("/o"), state=state, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", AssetState)
def test_every_asset_state_has_a_word_and_more_than_a_color(state: AssetState) -> None:
    words = text.asset_state(make_asset(state))
    assert words.word
    assert words.icon or words.progress is not None


@pytest.mark.parametrize("state", RunState)
def test_every_run_state_has_a_word_and_more_than_a_color(state: RunState) -> None:
    words = text.run_state(make_run(state))
    assert words.word
    assert words.icon or words.progress is not None


@pytest.mark.parametrize("state", OutputState)
def test_every_output_state_has_a_word_and_more_than_a_color(state: OutputState) -> None:
    words = text.output_state(make_output(state))
    assert words.word
    assert words.icon or words.progress is not None


def test_an_upload_says_how_far_and_how_long() -> None:
    row = make_asset(AssetState.UPLOADING, bytes_done=1_494_300_000, rate=38_100_000, eta=24.0, media=MEDIA)
    words = text.asset_state(row)
    assert (words.word, words.right, words.progress) == ("Uploading 62 %", "38.1 MB/s · 24 s", 620)
    assert text.asset_line(row) == "Starts over if it stops · 2.41 GB · 14:32"
    assert text.asset_sentence(row) == (
        "interview.mov, 2.41 GB, 14:32, uploading 62 percent, 24 s left, starts over if it stops"
    )
    assert text.asset_line(make_asset(media=MEDIA)) == "2.41 GB · 14:32 · 3840×2160 · ProRes"


def test_an_upload_without_a_settled_rate_promises_nothing() -> None:
    assert text.asset_state(make_asset(AssetState.UPLOADING)).right == ""


@pytest.mark.parametrize(
    ("state", "keeps", "kept", "line"),
    [
        (AssetState.UPLOADING, Keeps.NOTHING, 0, "Starts over if it stops · 2.41 GB · 14:32"),
        (AssetState.PAUSED, Keeps.NOTHING, 0, "Starts from the beginning · 2.41 GB · 14:32"),
        (AssetState.UPLOADING, Keeps.ACROSS_RESTARTS, 0, "What arrives is kept at the service · 2.41 GB · 14:32"),
        (AssetState.UPLOADING, Keeps.ACROSS_RESTARTS, 1_200_000_000, "1.2 of 2.41 GB kept at the service · 14:32"),
        (AssetState.PAUSED, Keeps.ACROSS_RESTARTS, 1_200_000_000, "1.2 of 2.41 GB kept at the service · 14:32"),
        (AssetState.QUEUED, Keeps.UNTIL_EXIT, 900_000_000, "900 MB of 2.41 GB kept until you quit · 14:32"),
        (AssetState.UPLOADING, Keeps.UNTIL_EXIT, 0, "What arrives is kept until you quit · 2.41 GB · 14:32"),
        (AssetState.READY, Keeps.ACROSS_RESTARTS, 2_410_000_000, "2.41 GB · 14:32 · 3840×2160 · ProRes"),
    ],
)
def test_a_row_says_what_is_kept_if_it_stops_now(state: AssetState, keeps: Keeps, kept: int, line: str) -> None:
    row = make_asset(state, keeps=keeps, bytes_kept=kept, bytes_done=max(kept, 1), media=MEDIA)
    assert text.asset_line(row) == line


def test_a_paused_upload_that_is_not_kept_says_that_it_begins_anew() -> None:
    """Also when its bytes are forgotten already, as they are once it is paused."""
    row = make_asset(AssetState.PAUSED, keeps=Keeps.NOTHING, bytes_done=0)
    assert text.asset_line(row) == "Starts from the beginning · 2.41 GB"
    assert text.asset_sentence(row) == "interview.mov, 2.41 GB, paused, starts from the beginning"
    assert text.asset_line(make_asset(AssetState.PAUSED, content_sent=True)) == "All of it is sent · 2.41 GB"


def test_a_row_that_waits_for_its_turn_says_nothing_of_what_is_kept() -> None:
    assert text.asset_line(make_asset(AssetState.QUEUED)) == "2.41 GB"


def test_of_a_failed_upload_it_is_said_what_is_kept() -> None:
    problem = Problem(Code.UNREACHABLE)
    row = make_asset(AssetState.FAILED, problem=problem, keeps=Keeps.ACROSS_RESTARTS, bytes_kept=1_200_000_000)
    assert text.asset_line(row) == "Retry when you are online again · 1.2 of 2.41 GB kept at the service"


def test_rows_of_the_same_name_say_where_they_are() -> None:
    assert text.asset_line(make_asset(), "monday") == "monday · 2.41 GB"
    assert text.asset_sentence(make_asset(), "monday") == "interview.mov in monday, 2.41 GB, ready"


def test_a_known_file_is_compared_and_not_sent_again() -> None:
    comparing = make_asset(AssetState.COMPARING)
    assert text.asset_state(comparing).word == "Comparing…"
    assert text.asset_line(comparing) == "Looks like an earlier upload · 2.41 GB"
    reused = make_asset(file_id="file-1", reused_from="talk.mov")
    assert text.asset_line(reused) == "Already uploaded as talk.mov"
    assert text.asset_sentence(reused) == "interview.mov, 2.41 GB, ready, already uploaded as talk.mov"


def test_waiting_says_what_for() -> None:
    waiting = make_asset(AssetState.QUEUED, problem=Problem(Code.UNREACHABLE))
    assert text.asset_state(waiting).word == "Waiting for a connection"
    assert text.asset_state(make_asset(AssetState.QUEUED)).word == "Waiting for a free slot"
    strange = make_asset(AssetState.QUEUED, problem=Problem("a word of tomorrow"))
    assert text.asset_state(strange).word == "Trying again soon"


def test_a_failed_video_says_why_in_short_and_in_full() -> None:
    row = make_asset(AssetState.FAILED, problem=Problem(Code.FILE_CHANGED))
    assert text.asset_state(row).word == "File changed since added"
    assert text.asset_line(row) == "Retry sends it as it is now"
    assert "The file changed since it was added. Retry sends it as it is now." in text.asset_sentence(row)


def test_a_link_needs_no_upload() -> None:
    row = Asset(AssetId("1"), "YouTube x", link="https://youtu.be/x", state=AssetState.READY)
    assert text.asset_line(row) == "YouTube · no upload needed"


def test_counts() -> None:
    assert text.asset_counts(0, 0) == ""
    assert text.asset_counts(2, 4_820_000_000) == "2 videos · 4.82 GB"
    runs = {RunState.RUNNING: 1, RunState.WAITING: 1, RunState.FINISHED: 1, RunState.FAILED: 0}
    assert text.run_counts(runs) == "1 going · 1 waiting · 1 finished"
    assert text.checked_words(2, 2) == "2 videos checked"
    assert text.checked_words(1, 3) == "1 of 3 checked can run"
    assert text.checked_words(0, 1) == "The checked video cannot run"
    assert text.checked_words(0, 0) == "No video checked"
    assert text.output_counts(1, 31_000_000) == "1 video · 31 MB"
    assert text.run_button(1) == "Run on 1 video"
    assert text.run_button(0) == "Run"


def test_a_run_names_its_step() -> None:
    graph = Graph((Node("1", "Cut pauses", NodeState.COMPLETED), Node("2", "Reframe", NodeState.RUNNING)))
    going = make_run(RunState.RUNNING, graph=graph, progress=0.54, started_at=100.0)
    assert text.run_state(going).word == "54 % · Reframe"
    assert text.run_sentence(going, None, 172.0) == "Reframe on street.mp4, 54 percent, Reframe, 1:12 so far"
    unknown = make_run(RunState.RUNNING, word="warming_up")
    assert text.run_state(unknown).word == "Warming up"


def test_a_failed_run_says_where_and_why() -> None:
    node = Node("2", "Transcribe", NodeState.FAILED, error="This video has no sound.")
    failed = make_run(RunState.FAILED, graph=Graph((node,)), problem=Problem(Code.RUN_FAILED))
    assert text.run_state(failed).word == "Failed at Transcribe"
    assert text.run_state(failed).kind is StateKind.BAD
    assert text.run_reason(failed) == "This video has no sound."
    refused = make_run(RunState.FAILED, problem=Problem(Code.NO_CREDITS))
    assert text.run_state(refused).word == "Not enough credits"
    assert "top up" in text.run_reason(refused)


def test_an_unconfirmed_run_explains_itself() -> None:
    assert "never repeats it by itself" in text.run_reason(make_run(RunState.UNCONFIRMED))


def test_a_waiting_run_says_what_for() -> None:
    waiting = make_run(RunState.WAITING)
    assert text.run_state(waiting, make_asset(AssetState.UPLOADING)).word == "Waiting for the upload"
    assert text.run_state(waiting, make_asset(AssetState.PAUSED)).word == "Its upload is paused"
    held = make_run(RunState.WAITING, problem=Problem(Code.RUN_LIMIT))
    assert text.run_state(held, make_asset()).word == "Waiting for a free run"


def test_refusals_are_collapsed() -> None:
    one = [("notes.txt", Problem(Code.NOT_A_VIDEO))]
    assert text.refused_words(one) == "Not added. notes.txt: This is not a video that can be read."
    many = text.refused_words([(f"{n}.txt", Problem(Code.NOT_A_VIDEO)) for n in range(5)])
    assert many == "5 things were not added.\n0.txt, 1.txt, 2.txt and 2 more: This is not a video that can be read."


def test_every_reason_is_told_however_many_things_were_refused() -> None:
    empty = [(f"{n}.mp4", Problem(Code.FILE_EMPTY)) for n in range(5)]
    words = text.refused_words([*empty, ("list", Problem(Code.UNKNOWN_LINK)), ("n.txt", Problem(Code.NOT_A_VIDEO))])
    assert words.splitlines()[1:] == [
        "0.mp4, 1.mp4, 2.mp4 and 2 more: The file is empty.",
        "list: Only links to single YouTube videos can be added.",
        "n.txt: This is not a video that can be read.",
    ]
    strange = [(f"{n}.mp4", Problem(Code.FILE_EMPTY, f"Reason {n}.")) for n in range(9)]
    assert len(text.refused_words(strange).splitlines()) <= 8


def test_a_very_long_name_that_was_not_added_stays_on_one_line() -> None:
    long = "a talk that " + "goes on and " * 20 + "ends.mp4"
    words = text.refused_words([("two\nlines.mp4", Problem(Code.FILE_EMPTY)), (long, Problem(Code.FILE_MISSING))])
    first, second = words.splitlines()[1:]
    assert first == "two lines.mp4: The file is empty."
    assert second.startswith("a talk that goes on")
    assert second.endswith("and ends.mp4: The file is not there any more.")
    assert len(second) < 90


def test_the_status_line_leaves_out_what_does_not_move() -> None:
    assert text.activity_words(Activity()) == ()
    busy = Activity(uploads=2, upload_rate=41_800_000, downloads=1, download_rate=12_300_000, runs=3)
    assert text.activity_words(busy) == ("2 uploads · 41.8 MB/s", "1 download · 12.3 MB/s", "3 runs going")
    assert text.activity_words(Activity(uploads=2, downloads=1)) == ("2 uploads", "1 download")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (TransferLimits(), ()),
        (TransferLimits(upload_rate=2_500_000), ("uploads limited to 2.5 MB/s",)),
        (TransferLimits(download_rate=800_000), ("downloads limited to 800 KB/s",)),
        (
            TransferLimits(upload_rate=2_500_000, download_rate=10_000_000),
            ("uploads limited to 2.5 MB/s", "downloads limited to 10 MB/s"),
        ),
        (TransferLimits(upload_rate=1_000_000, download_rate=1_000_000), ("limited to 1 MB/s each way",)),
    ],
)
def test_limits_that_are_on_are_said(limits: TransferLimits, words: tuple[str, ...]) -> None:
    assert text.limit_words(limits) == words
