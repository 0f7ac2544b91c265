"""A run's graph, settings and waiting in words."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mosaic_desktop.core.actions import Action
from mosaic_desktop.core.asset import AssetState
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.parameters import fields_of
from mosaic_desktop.core.run import Graph, Node, NodeState, RunSpec, RunState
from mosaic_desktop.gui.pages.runs.commands import question
from mosaic_desktop.gui.pages.runs.situation import situation
from mosaic_desktop.gui.pages.runs.steps import frames_words, step_icon, step_words, steps_of
from mosaic_desktop.gui.pages.runs.words import parameter_facts, short_folder, short_title, waits_for
from mosaic_desktop.gui.widgets.step_strip import StepState
from tests.gui.models.builders import asset, run

NODES = (
    Node("1", "Cut pauses", NodeState.COMPLETED, started_at="2026-01-01T10:00:00Z", finished_at="2026-01-01T10:00:18Z"),
    Node("2", "Reframe", NodeState.RUNNING, progress=0.549, frames_done=2104, frames_total=3880),
    Node("3", "Captions", NodeState.NOT_STARTED),
    Node("4", "Audio", NodeState.NOT_STARTED),
)
RUNNING = run(1, state=RunState.RUNNING, graph=Graph(NODES))
NOW = datetime(2026, 1, 1, 10, 1, 30, tzinfo=UTC).timestamp()


def test_steps_say_what_was_what_is_and_what_comes() -> None:
    steps = steps_of(RUNNING, NOW)
    assert [step.detail for step in steps] == ["0:18", "54 %", "next", "waiting"]
    assert [step.state for step in steps] == [
        StepState.DONE,
        StepState.ACTIVE,
        StepState.WAITING,
        StepState.WAITING,
    ]
    assert frames_words(RUNNING) == "2,104 of 3,880 frames"


def test_steps_after_a_failed_one_were_not_reached() -> None:
    failed = Graph((replace(NODES[1], state=NodeState.FAILED), NODES[2]))
    steps = steps_of(replace(RUNNING, state=RunState.FAILED, graph=failed), NOW)
    assert [step.detail for step in steps] == ["failed", "not reached"]


def test_a_step_says_how_long_it_takes_and_all_that_is_known_of_it() -> None:
    running = replace(NODES[1], started_at="2026-01-01T10:00:18Z")
    failed = replace(NODES[0], state=NodeState.FAILED, error="There is no sound.")
    graph = Graph((running, failed))
    assert [step.detail for step in steps_of(replace(RUNNING, graph=graph), NOW)] == ["54 % · 1:12", "failed · 0:18"]
    assert step_words(running, NOW) == "Reframe: 54 %, 2,104 of 3,880 frames, 1:12 so far"
    assert step_words(NODES[0], NOW) == "Cut pauses: done, took 0:18"
    assert step_words(failed, NOW) == "Cut pauses: failed after 0:18. There is no sound."
    assert step_words(NODES[2], NOW) == "Captions: not begun"
    assert step_words(Node("9", "Upscale", NodeState.OTHER, word="on_hold"), NOW) == "Upscale: on hold"


def test_a_word_nobody_knows_is_shown_as_it_is() -> None:
    graph = Graph((Node("1", "Upscale", NodeState.OTHER, word="needs_credits"),))
    assert steps_of(replace(RUNNING, graph=graph), NOW)[0].detail == "needs credits"


@pytest.mark.parametrize("times", [("", ""), ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00"), (None, "never")])
def test_a_step_without_readable_times_is_just_done(times: tuple[str | None, str | None]) -> None:
    node = replace(NODES[0], started_at=times[0], finished_at=times[1])
    assert steps_of(replace(RUNNING, graph=Graph((node,))), NOW)[0].detail == "done"


def test_icons_tell_the_kind_of_step() -> None:
    assert [step_icon(node) for node in NODES] == ["scissors", "crop", "captions", "audio-lines"]
    assert step_icon(Node("1", "Something else", NodeState.RUNNING)) == "sparkles"


def test_settings_are_called_what_the_form_calls_them_and_in_its_order() -> None:
    fields = fields_of(
        {
            "properties": {
                "aspect": {"title": "Shape", "enum": ["9:16", "1:1"], "x-enum-titles": ["Upright", "Square"]},
                "threshold": {"title": "Quieter than", "type": "number", "x-unit": "dB"},
                "denoise": {"title": "Remove noise", "type": "boolean"},
            }
        }
    )
    spec = RunSpec(
        "a", "Agent", parameters={"denoise": True, "other": "x", "threshold": -16.0, "aspect": "9:16"}, auto=True
    )
    facts = parameter_facts(replace(RUNNING, spec=spec), fields)
    assert [(fact.name, fact.value) for fact in facts] == [
        ("Shape", "Upright"),
        ("Quieter than", "−16 dB"),
        ("Remove noise", "Yes"),
        ("other", "x"),
        ("Choose for me", "Yes, whatever is not set above"),
    ]


def test_of_a_long_text_its_first_words_and_its_length_are_told() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nHello there\n" * 4000
    spec = RunSpec("a", "Captions", parameters={"text": text, "title": "Two\nlines", "words": " \n"})
    long, short, empty = parameter_facts(replace(RUNNING, spec=spec), ())
    assert long.value == "1 00:00:01,000 --> 00:00:02,000 Hello there… (176,000 characters)"
    assert short.value == "Two lines"
    assert empty.value == "Left empty"


def test_without_a_schema_names_and_values_stand_as_they_were_sent() -> None:
    spec = RunSpec("a", "Agent", parameters={"target_lufs": -16})
    assert [(f.name, f.value) for f in parameter_facts(replace(RUNNING, spec=spec), ())] == [("target_lufs", "−16")]
    assert [(f.name, f.value) for f in parameter_facts(replace(RUNNING, spec=spec), None)] == [("Target lufs", "−16")]


def test_a_waiting_run_says_what_it_waits_for() -> None:
    waiting = run(1)
    ready, paused = asset("a.mp4"), asset("a.mp4", state=AssetState.PAUSED)
    sending = asset("a.mp4", state=AssetState.UPLOADING, bytes_done=3_100_000)
    failed = asset("a.mp4", state=AssetState.FAILED, problem=Problem(Code.FILE_MISSING))
    assert waits_for(waiting, ready) == "This run starts by itself in a moment."
    assert (
        waits_for(waiting, sending) == "This run starts by itself when a.mp4 is uploaded (62\N{NO-BREAK SPACE}% sent)."
    )
    assert "paused. Resume it in the Studio" in waits_for(waiting, paused)
    assert "The file is not there any more. Retry the upload" in waits_for(waiting, failed)
    full = replace(waiting, problem=Problem(Code.RUN_LIMIT))
    assert waits_for(full, ready).startswith("All runs of your plan are in use.")
    held = replace(waiting, problem=Problem(Code.NO_CREDITS))
    assert waits_for(held, ready).endswith("Top up at Mosaic, then press Continue.")


def test_what_a_state_means_comes_with_the_ways_on() -> None:
    told = situation(run(1, state=RunState.UNCONFIRMED), None)
    assert told is not None
    assert told.actions == (Action.START_AGAIN, Action.ENTER_RUN_ID, Action.FORGET)
    assert situation(RUNNING, None) is None
    assert situation(run(1, state=RunState.FINISHED), None) is None


def test_a_prompt_is_not_quoted_in_a_question() -> None:
    asked = question(Action.START_AGAIN, [run(1, state=RunState.UNCONFIRMED)])
    assert asked is not None
    assert asked.text.startswith("Mosaic may have started “Reframe” on a.mp4 already.")
    prompt = replace(run(1, state=RunState.UNCONFIRMED), spec=RunSpec(prompt="a wish"))
    asked = question(Action.FORGET, [prompt])
    assert asked is not None
    assert asked.text.startswith("If Mosaic did start your prompt on a.mp4, it goes on there")
    several = question(Action.FORGET, [prompt, prompt])
    assert several is not None
    assert several.text.startswith("Those of the 2 runs that Mosaic did start go on there")


def test_every_failed_step_gives_its_reason() -> None:
    nodes = (
        Node("1", "Captions", NodeState.FAILED, error="There is no speech."),
        Node("2", "Reframe", NodeState.FAILED, error="The picture is empty."),
    )
    told = situation(run(1, state=RunState.FAILED, remote_id="r", graph=Graph(nodes)), None)
    assert told is not None
    assert told.text == "Captions: There is no speech.\nReframe: The picture is empty."
    assert told.actions == (Action.RETRY_STEP, Action.LOOK_AGAIN)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (Code.NO_OUTPUTS, "The run finished without any video. Look again asks Mosaic once more"),
        (Code.NOT_FOUND, "Mosaic does not know this any more. Look again asks Mosaic once more"),
        (Code.NO_CREDITS, "There are not enough credits to retry its failed steps"),
    ],
)
def test_a_run_that_was_given_up_says_what_can_still_come_of_it(code: Code, says: str) -> None:
    told = situation(run(1, state=RunState.FAILED, remote_id="r", problem=Problem(code)), None)
    assert told is not None
    assert told.text.startswith(says)
    assert Action.LOOK_AGAIN in told.actions


def test_titles_fit_a_header_and_folders_leave_out_the_way_home() -> None:
    assert short_title(replace(RUNNING, spec=RunSpec(prompt="a wish " * 40))) == "Prompt"
    assert len(short_title(replace(RUNNING, spec=RunSpec("a", "x" * 90)))) == 44
    home = Path("/home/ana")
    assert short_folder(home / "Videos" / "Mosaic", home) == "Videos/Mosaic"
    assert short_folder(Path("/media/disk"), home) == "/media/disk"
