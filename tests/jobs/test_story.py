"""The whole way of a video, and that each step is written down before it is taken."""

import asyncio

import pytest

from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.core.events import Event, RowChanged, What
from mosaic_desktop.core.output import OutputState
from mosaic_desktop.core.run import Run, RunState
from tests.jobs.rig import SPEC, Rig, until


def test_a_file_becomes_a_finished_video_on_disk(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            (run_id,) = engine.run([asset_id], SPEC)
            rig.service.outcome = True
            await rig.time_until(lambda: engine.outputs_of(run_id))
            (output,) = engine.outputs_of(run_id)
            await rig.time_until(lambda: engine.outputs_of(run_id)[0].state is OutputState.SAVED)
            path = engine.outputs_of(run_id)[0].path
            assert path == rig.outputs / "talk · Audio enhance.mp4"
            assert path.read_bytes() == rig.transfers.content
            assert list(rig.outputs.iterdir()) == [path], "no partial file stays"
            assert output.size == 2048
            asset = engine.store.asset(asset_id)
            assert asset is not None
            assert asset.state is AssetState.READY
            assert asset.per_mille == 1000

    asyncio.run(story())
    assert rig.service.started == [("file-of-video-1", SPEC)]


def test_every_step_is_in_the_journal_before_its_call(rig: Rig) -> None:
    def asset_state() -> str:
        return next((row.state for row in rig.journal.rows.values() if isinstance(row, Asset)), "")

    def run_state() -> str:
        return next((row.state for row in rig.journal.rows.values() if isinstance(row, Run)), "")

    async def story() -> None:
        gates = {name: asyncio.Event() for name in ("request_upload", "finalize_upload", "start_run", "run_outputs")}
        rig.service.hold = gates
        rig.service.outcome = True
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            engine.run([asset_id], SPEC)
            await until(lambda: asset_state() == AssetState.SIGNING)
            gates["request_upload"].set()
            await until(lambda: asset_state() == AssetState.UPLOADING)
            rig.transfers.finish.set()
            await until(lambda: asset_state() == AssetState.FINALIZING)
            assert rig.service.finalized == []
            assert not rig.service.started
            gates["finalize_upload"].set()
            await until(lambda: run_state() == RunState.STARTING)
            gates["start_run"].set()
            await rig.time_until(lambda: run_state() == RunState.COLLECTING)
            gates["run_outputs"].set()
            await rig.time_until(lambda: run_state() == RunState.FINISHED)

    asyncio.run(story())


def test_what_the_user_sees_is_on_disk(rig: Rig) -> None:
    """A row that was shown is still there after a power cut, in the state that was shown."""

    def stored(event: Event) -> None:
        if isinstance(event, RowChanged) and event.what in {What.ADDED, What.STATE}:
            kept = rig.journal.rows[event.row.id]
            assert kept.revision >= event.row.revision

    async def story() -> None:
        rig.service.outcome = True
        async with rig.engine() as engine:
            engine.subscribe(stored)
            (run_id,) = engine.run(await engine.add([rig.file()]), SPEC)
            await rig.time_until(lambda: any(o.state is OutputState.SAVED for o in engine.outputs_of(run_id)))

    asyncio.run(story())


def test_one_video_has_many_runs_and_one_upload(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            path = rig.file()
            (asset_id,) = await engine.add([path])
            first = engine.run([asset_id], SPEC)
            second = engine.run(await engine.add([path]), SPEC)
            await rig.time_until(lambda: len(rig.service.started) == 2)
            assert first != second

    asyncio.run(story())
    assert [file_id for file_id, _ in rig.service.started] == ["file-of-video-1"] * 2
    assert len(rig.transfers.sizes_put) == 1


@pytest.mark.expect_log("the journal was not written")
def test_a_journal_that_cannot_be_written_stops_the_step(rig: Rig) -> None:
    """Without the intent on disk the paid call is not made."""

    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await rig.time_until(lambda: _asset_state(engine.store.asset(asset_id)) is AssetState.READY)
            rig.journal.broken = True
            (run_id,) = engine.run([asset_id], SPEC)
            await rig.time_until(lambda: _run_state(engine.store.run(run_id)) is RunState.FAILED)
            assert rig.service.started == []
            rig.journal.broken = False

    asyncio.run(story())


@pytest.mark.expect_log("the journal was not written")
def test_a_journal_that_works_again_has_everything(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await rig.time_until(lambda: rig.transfers.progresses)
            rig.journal.broken = True
            engine.pause([asset_id])
            await rig.pass_time(2)
            seen = [event for event in rig.events if isinstance(event, RowChanged)]
            assert isinstance(seen[-1].row, Asset)
            assert seen[-1].row.state is AssetState.PAUSED, "what happens is shown all the same"
            rig.journal.broken = False
            await rig.time_until(lambda: _asset_state(_stored(rig)) is AssetState.PAUSED)

    asyncio.run(story())


def _stored(rig: Rig) -> Asset | None:
    return next((row for row in rig.journal.rows.values() if isinstance(row, Asset)), None)


def _asset_state(asset: Asset | None) -> AssetState | None:
    return asset.state if asset else None


def _run_state(run: Run | None) -> RunState | None:
    return run.state if run else None
