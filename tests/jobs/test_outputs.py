"""Outputs reach the disk whole, under a safe and free name, or not at all."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from mosaic_desktop.core.errors import Code, IntegrityError, LocalFileError, MosaicError, NetworkError, StorageError
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.ports import RemoteOutput
from mosaic_desktop.core.run import RunId, RunSpec
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import OUTPUT, SPEC, Rig


def fetch(
    rig: Rig, wanted: OutputState = OutputState.SAVED, spec: RunSpec = SPEC, source: str = "talk.mp4"
) -> list[Output]:
    """Runs the whole story until every output is in the wanted state."""

    async def story() -> list[Output]:
        rig.service.outcome = True
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file(source)]), spec)
            await rig.time_until(
                lambda: engine.outputs_of(run_id) and all(o.state is wanted for o in engine.outputs_of(run_id))
            )
            return list(engine.outputs_of(run_id))

    return asyncio.run(story())


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_file_of_the_users_is_never_overwritten(rig: Rig) -> None:
    rig.outputs.mkdir()
    mine = rig.outputs / "talk · Audio enhance.mp4"
    mine.write_text("mine")
    (output,) = fetch(rig)
    assert output.path == rig.outputs / "talk · Audio enhance (1).mp4"
    assert mine.read_text() == "mine"


def test_a_partial_file_of_somebody_else_is_left_alone(rig: Rig) -> None:
    rig.outputs.mkdir()
    foreign = rig.outputs / "talk · Audio enhance.mp4.part"
    foreign.write_text("theirs")
    (output,) = fetch(rig)
    assert output.path == rig.outputs / "talk · Audio enhance (1).mp4"
    assert foreign.read_text() == "theirs"


def test_several_outputs_get_several_names(rig: Rig) -> None:
    rig.service.outputs = tuple(replace(OUTPUT, key=f"out-{n}") for n in range(3))
    names = [output.path.name for output in fetch(rig) if output.path]
    assert names == ["talk · Audio enhance.mp4", "talk · Audio enhance 2.mp4", "talk · Audio enhance 3.mp4"]


def test_a_hostile_agent_name_stays_in_the_folder(rig: Rig) -> None:
    (output,) = fetch(rig, spec=replace(SPEC, agent_name="../../etc/cron.d/x:\0|"))
    assert output.path is not None
    assert output.path.parent == rig.outputs
    assert files_in(rig.outputs) == [output.path.name]


PASSING: dict[str, MosaicError] = {
    "cut": NetworkError(Code.INTERRUPTED, seen=True),
    "expired": StorageError(Code.LINK_EXPIRED, retryable=True),
    "short": IntegrityError(Code.WRONG_SIZE, retryable=True),
}


@pytest.mark.parametrize("error", PASSING.values(), ids=PASSING)
def test_a_passing_fault_is_got_over(rig: Rig, error: MosaicError) -> None:
    rig.transfers.get_errors = [error]
    (output,) = fetch(rig)
    assert output.path is not None
    assert files_in(rig.outputs) == [output.path.name]


@pytest.mark.parametrize("code", [Code.DISK_FULL, Code.FOLDER_UNWRITABLE])
def test_a_disk_that_refuses_is_told_and_can_be_tried_again(rig: Rig, code: Code) -> None:
    rig.transfers.get_errors = [LocalFileError(code)]
    rig.transfers.etag = None
    (output,) = fetch(rig, OutputState.FAILED)
    assert output.problem is not None
    assert output.problem.code == code
    assert files_in(rig.outputs) == []

    async def again() -> None:
        async with rig.engine() as engine:
            engine.download_again(output.id)
            await rig.time_until(lambda: engine.outputs_of(output.run_id)[0].state is OutputState.SAVED)

    asyncio.run(again())


def test_a_video_of_another_length_is_refused(rig: Rig) -> None:
    rig.service.outputs = (replace(OUTPUT, duration=60.0),)
    (output,) = fetch(rig, OutputState.FAILED)
    assert output.problem is not None
    assert output.problem.code == Code.WRONG_CONTENT
    assert files_in(rig.outputs) == []


def test_links_are_fresh_for_each_try(rig: Rig) -> None:
    rig.transfers.get_errors = [StorageError(Code.LINK_EXPIRED, retryable=True)]
    fetch(rig)
    assert rig.service.listings >= 3, "one to list the outputs, one for each try"


def test_an_output_without_size_or_length_is_taken_as_it_is(rig: Rig) -> None:
    rig.service.outputs = (RemoteOutput("out-1", "node-1", Secret("https://storage.invalid/o")),)
    (output,) = fetch(rig)
    assert output.size == 2048


def test_outputs_of_one_name_that_come_at_once_keep_apart(rig: Rig) -> None:
    bodies = [b"a" * 2048, b"b" * 2048]

    async def story() -> None:
        rig.service.outcome = True
        async with rig.engine() as engine:
            assets = await engine.add([rig.file("monday/talk.mp4"), rig.file("tuesday/talk.mp4")])
            runs = engine.run(assets, SPEC)
            rig.transfers.bodies = list(bodies)
            await rig.time_until(lambda: _saved(engine, runs))

    asyncio.run(story())
    assert files_in(rig.outputs) == ["talk · Audio enhance (1).mp4", "talk · Audio enhance.mp4"]
    assert sorted(path.read_bytes() for path in rig.outputs.iterdir()) == bodies


def _saved(engine: Engine, runs: Sequence[RunId]) -> bool:
    outputs = [output for run_id in runs for output in engine.outputs_of(run_id)]
    return len(outputs) == len(runs) and all(output.state is OutputState.SAVED for output in outputs)


def test_outputs_that_are_late_are_waited_for(rig: Rig) -> None:
    ready, late = rig.service.outputs[0], RemoteOutput("out-2", "node-2", None)

    async def story() -> None:
        rig.service.outcome, rig.service.outputs = True, ()
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: rig.service.listings >= 3)
            rig.service.outputs = (ready, late)
            await rig.time_until(lambda: rig.service.listings >= 6)
            assert engine.outputs_of(run_id) == ()
            rig.service.outputs = (ready, replace(ready, key="out-2"))
            await rig.time_until(lambda: len(engine.outputs_of(run_id)) == 2)
            await rig.time_until(lambda: all(o.state is OutputState.SAVED for o in engine.outputs_of(run_id)))

    asyncio.run(story())


def test_a_run_without_any_output_says_so_in_the_end(rig: Rig) -> None:
    async def story() -> None:
        rig.service.outcome, rig.service.outputs = True, ()
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: _problem(engine, run_id) == Code.NO_OUTPUTS, seconds=900, step=2.0)

    asyncio.run(story())


def _problem(engine: Engine, run_id: RunId) -> str | None:
    run = engine.store.run(run_id)
    return run.problem.code if run and run.problem else None


def test_a_cancelled_download_leaves_nothing_behind(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: rig.service.started)
            rig.transfers.finish.clear()
            rig.service.outcome = True
            await rig.time_until(lambda: list(rig.outputs.glob("*.part")))
            (output,) = engine.outputs_of(run_id)
            engine.cancel_download(output.id)
            await rig.time_until(lambda: not list(rig.outputs.iterdir()))
            rig.transfers.finish.set()
            engine.download_again(output.id)
            await rig.time_until(lambda: engine.outputs_of(run_id)[0].state is OutputState.SAVED)

    asyncio.run(story())
    assert files_in(rig.outputs) == ["talk · Audio enhance.mp4"]


def test_a_name_that_cannot_be_given_leaves_no_empty_file(tmp_path: Path) -> None:
    with pytest.raises(LocalFileError):
        files.put_in_place(tmp_path / "gone.part", tmp_path / "video.mp4")
    assert files_in(tmp_path) == []


def test_downloading_again_leaves_the_first_file(rig: Rig) -> None:
    (output,) = fetch(rig)

    async def again() -> None:
        async with rig.engine() as engine:
            engine.download_again(output.id)
            await rig.time_until(lambda: engine.outputs_of(output.run_id)[0].state is OutputState.SAVED)

    asyncio.run(again())
    assert files_in(rig.outputs) == ["talk · Audio enhance (1).mp4", "talk · Audio enhance.mp4"]
