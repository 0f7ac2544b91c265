"""A killed process: what the journal holds is taken up, nothing is lost, nothing is paid twice."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.run import Run, RunId, RunState
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import SPEC, Rig

MEDIA = MediaInfo(14.0, 1920, 1080, "h264", "aac")


def asset_of(path: Path, state: AssetState) -> Asset:
    facts = path.stat()
    sent = {"content_sent": True, "video_id": "video-9"} if state is AssetState.FINALIZING else {}
    asset = Asset(AssetId("a"), path.name, path, size=facts.st_size, modified_ns=facts.st_mtime_ns, media=MEDIA)
    return replace(asset, state=state, **sent)  # type: ignore[arg-type]


def run_of(state: RunState) -> Run:
    remote = "run-9" if state in {RunState.RUNNING, RunState.COLLECTING} else None
    return Run(RunId("r"), AssetId("a"), SPEC, "talk.mp4", state=state, remote_id=remote)


def begin_with(rig: Rig, *rows: Asset | Run | Output) -> None:
    rig.journal.rows = {row.id: row for row in rows}


def finish(rig: Rig) -> list[Path]:
    """Starts an engine on what is in the journal and waits for the outputs of the run."""

    async def story() -> list[Path]:
        rig.service.outcome = True
        async with rig.engine() as engine:
            await rig.time_until(lambda: _saved(engine))
            return [output.path for output in engine.outputs_of(RunId("r")) if output.path]

    return asyncio.run(story())


def _saved(engine: Engine) -> bool:
    outputs = engine.outputs_of(RunId("r"))
    return bool(outputs) and all(output.state is OutputState.SAVED for output in outputs)


@pytest.mark.parametrize("state", [AssetState.QUEUED, AssetState.SIGNING, AssetState.UPLOADING, AssetState.PROBING])
def test_killed_before_the_bytes_were_there(rig: Rig, state: AssetState) -> None:
    begin_with(rig, asset_of(rig.file(), state), run_of(RunState.WAITING))
    assert finish(rig) == [rig.outputs / "talk · Audio enhance.mp4"]
    assert len(rig.service.started) == 1


def test_killed_between_the_last_byte_and_the_confirmation(rig: Rig) -> None:
    begin_with(rig, asset_of(rig.file(), AssetState.FINALIZING), run_of(RunState.WAITING))
    finish(rig)
    assert rig.service.finalized == ["video-9"]
    assert rig.transfers.sizes_put == [], "no byte is sent twice"


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.COLLECTING])
def test_killed_while_a_run_went_on(rig: Rig, state: RunState) -> None:
    begin_with(rig, asset_of(rig.file(), AssetState.READY), run_of(state))
    assert finish(rig) == [rig.outputs / "talk · Audio enhance.mp4"]
    assert rig.service.started == []


def test_killed_while_a_paid_call_was_under_way(rig: Rig) -> None:
    begin_with(rig, asset_of(rig.file(), AssetState.READY), run_of(RunState.STARTING))

    async def story() -> None:
        async with rig.engine() as engine:
            await rig.pass_time(600)
            run = engine.store.run(RunId("r"))
            assert run is not None
            assert run.state is RunState.UNCONFIRMED

    asyncio.run(story())
    assert rig.service.started == []


def output_of(rig: Rig, *, named: bool) -> Output:
    target = rig.outputs / "talk · Audio enhance.mp4"
    part = target.with_name(target.name + ".part")
    rig.outputs.mkdir()
    (target if named else part).write_bytes(rig.transfers.content if named else b"half")
    return Output(
        OutputId("o"),
        RunId("r"),
        "out-1",
        target.name,
        rig.outputs,
        state=OutputState.DOWNLOADING,
        size=2048,
        part=part,
        path=target if named else None,
        bytes_done=2048 if named else 0,
    )


@pytest.mark.parametrize("named", [False, True], ids=["half a file", "named but not written down"])
def test_killed_while_an_output_came(rig: Rig, named: bool) -> None:
    run = replace(run_of(RunState.RUNNING), state=RunState.FINISHED)
    begin_with(rig, asset_of(rig.file(), AssetState.READY), run, output_of(rig, named=named))
    assert finish(rig) == [rig.outputs / "talk · Audio enhance.mp4"]
    assert [path.name for path in rig.outputs.iterdir()] == ["talk · Audio enhance.mp4"]
    assert (rig.outputs / "talk · Audio enhance.mp4").read_bytes() == rig.transfers.content


@pytest.mark.parametrize("reserved", [False, True], ids=["by a link", "where there are no links"])
def test_killed_while_the_whole_file_was_given_its_name(rig: Rig, reserved: bool) -> None:
    run = replace(run_of(RunState.RUNNING), state=RunState.FINISHED)
    output = output_of(rig, named=True)
    assert output.path is not None
    assert output.part is not None
    output.part.write_bytes(rig.transfers.content)
    output.path.unlink(missing_ok=True)
    if reserved:
        output.path.touch()
    else:
        output.path.hardlink_to(output.part)
    begin_with(rig, asset_of(rig.file(), AssetState.READY), run, output)
    assert finish(rig) == [output.path]
    assert [path.name for path in rig.outputs.iterdir()] == [output.path.name]
    assert output.path.read_bytes() == rig.transfers.content


def test_a_file_of_the_users_that_took_the_name_meanwhile_stays(rig: Rig) -> None:
    run = replace(run_of(RunState.RUNNING), state=RunState.FINISHED)
    output = output_of(rig, named=True)
    assert output.path is not None
    assert output.part is not None
    output.part.write_bytes(rig.transfers.content)
    output.path.write_bytes(b"u" * 2048)
    begin_with(rig, asset_of(rig.file(), AssetState.READY), run, output)
    assert finish(rig) == [rig.outputs / "talk · Audio enhance (1).mp4"]
    assert output.path.read_bytes() == b"u" * 2048


def test_a_paused_upload_stays_paused(rig: Rig) -> None:
    begin_with(rig, asset_of(rig.file(), AssetState.PAUSED))

    async def story() -> None:
        async with rig.engine() as engine:
            await rig.pass_time(60)
            asset = engine.store.asset(AssetId("a"))
            assert asset is not None
            assert asset.state is AssetState.PAUSED

    asyncio.run(story())
    assert rig.transfers.sizes_put == []
