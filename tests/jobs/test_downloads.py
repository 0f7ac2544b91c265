"""Downloads lose nothing: what has come is kept and gone on with, whatever ends them."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, IntegrityError, LocalFileError, MosaicError, NetworkError, StorageError
from mosaic_desktop.core.naming import Naming
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.ports import Partial
from mosaic_desktop.core.run import Run, RunId, RunState
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import OUTPUT, SPEC, Rig, until

NAME = "talk · Audio enhance.mp4"
BODY = bytes(range(256)) * 8


@pytest.fixture
def rig(rig: Rig) -> Rig:
    """A finished run whose output waits to be fetched."""
    rig.transfers.content = BODY
    run = Run(RunId("r"), AssetId("a"), SPEC, "talk.mp4", rig.outputs, RunState.FINISHED, "run-1")
    begin_with(rig, run, output_of(rig))
    return rig


def output_of(rig: Rig, number: int = 1, state: OutputState = OutputState.WAITING) -> Output:
    return Output(OutputId(f"o{number}"), RunId("r"), OUTPUT.key, NAME, rig.outputs, state=state, size=len(BODY))


def begin_with(rig: Rig, *rows: Asset | Run | Output) -> None:
    rig.journal.rows |= {row.id: row for row in rows}


def row(engine: Engine, output_id: str = "o1") -> Output:
    output = engine.store.output(OutputId(output_id))
    assert output is not None
    return output


def state_of(engine: Engine, output_id: str = "o1") -> OutputState:
    return row(engine, output_id).state


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def finish(rig: Rig, wanted: OutputState = OutputState.SAVED) -> Output:
    async def story() -> Output:
        async with rig.engine() as engine:
            await rig.time_until(lambda: state_of(engine) is wanted)
            return row(engine)

    return asyncio.run(story())


async def half_way(rig: Rig, engine: Engine) -> None:
    rig.transfers.finish.clear()
    await until(lambda: row(engine).bytes_kept == len(BODY) // 2)


def is_whole(rig: Rig) -> bool:
    return names(rig.outputs) == [NAME] and (rig.outputs / NAME).read_bytes() == BODY


BREAKS: dict[str, MosaicError] = {
    "cut": NetworkError(Code.INTERRUPTED, seen=True),
    "offline": NetworkError(Code.UNREACHABLE, seen=False),
    "expired": StorageError(Code.LINK_EXPIRED, retryable=True),
    "storage": StorageError(Code.STORAGE, retryable=True, status=503),
}


@pytest.mark.parametrize("error", BREAKS.values(), ids=BREAKS)
def test_a_broken_download_goes_on_behind_what_has_come(rig: Rig, error: MosaicError) -> None:
    rig.transfers.get_errors = [error]
    finish(rig)
    assert rig.transfers.partials == [None, Partial(1024, "v1")]
    assert rig.service.listings == 2, "each try has a fresh link"
    assert is_whole(rig)


def test_a_line_that_breaks_again_and_again_is_no_reason_to_give_up_while_bytes_come(rig: Rig) -> None:
    rig.transfers.get_errors = [NetworkError(Code.INTERRUPTED, seen=True) for _ in range(9)]
    finish(rig)
    assert is_whole(rig)


def test_an_expired_link_is_replaced_at_once(rig: Rig) -> None:
    rig.transfers.get_errors = [StorageError(Code.LINK_EXPIRED, retryable=True)]

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: state_of(engine) is OutputState.SAVED)  # on a clock that stands still

    asyncio.run(story())


def test_another_object_behind_the_link_is_fetched_from_its_beginning(rig: Rig) -> None:
    rig.transfers.get_errors = [NetworkError(Code.INTERRUPTED, seen=True)]

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: not rig.transfers.get_errors)
            rig.transfers.etag, rig.transfers.content = "v2", BODY[::-1]
            await rig.time_until(lambda: state_of(engine) is OutputState.SAVED)

    asyncio.run(story())
    assert (rig.outputs / NAME).read_bytes() == BODY[::-1]


def test_a_storage_without_validators_is_never_gone_on_with(rig: Rig) -> None:
    rig.transfers.etag = None
    rig.transfers.get_errors = [NetworkError(Code.INTERRUPTED, seen=True)]
    finish(rig)
    assert rig.transfers.partials == [None, None]
    assert is_whole(rig)


def test_quitting_in_the_middle_keeps_what_has_come(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            await half_way(rig, engine)
        rig.transfers.finish.set()
        async with rig.engine() as engine:
            await rig.time_until(lambda: state_of(engine) is OutputState.SAVED)

    asyncio.run(story())
    assert rig.transfers.partials == [None, Partial(1024, "v1")]
    assert is_whole(rig)


@pytest.mark.parametrize("tail", [b"", b"bytes that were never flushed"], ids=["as noted", "longer"])
def test_a_killed_process_goes_on_behind_what_was_flushed(rig: Rig, tail: bytes) -> None:
    part = rig.outputs / f"{NAME}.part"
    rig.outputs.mkdir()
    part.write_bytes(BODY[:700] + tail)
    left = replace(output_of(rig, state=OutputState.DOWNLOADING), part=part, etag="v1", bytes_kept=700)
    begin_with(rig, left)
    finish(rig)
    assert rig.transfers.partials == [Partial(700, "v1")]
    assert is_whole(rig)


def test_a_partial_file_that_lost_bytes_is_not_trusted(rig: Rig) -> None:
    part = rig.outputs / f"{NAME}.part"
    rig.outputs.mkdir()
    part.write_bytes(BODY[:300])
    begin_with(rig, replace(output_of(rig), part=part, etag="v1", bytes_kept=700))
    finish(rig)
    assert rig.transfers.partials == [None]
    assert is_whole(rig)


def test_a_paused_download_keeps_its_bytes_over_a_restart_and_goes_on(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            await half_way(rig, engine)
            engine.pause_download([OutputId("o1")])
            assert state_of(engine) is OutputState.PAUSED
            rig.transfers.finish.set()
            await rig.pass_time(60)
            assert state_of(engine) is OutputState.PAUSED
        async with rig.engine() as engine:
            await rig.pass_time(60)
            assert state_of(engine) is OutputState.PAUSED
            assert row(engine).bytes_done == 1024
            engine.resume_download([OutputId("o1")])
            await rig.time_until(lambda: state_of(engine) is OutputState.SAVED)

    asyncio.run(story())
    assert rig.transfers.partials == [None, Partial(1024, "v1")]
    assert is_whole(rig)


def test_pausing_and_resuming_in_one_breath_loses_nothing(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            await half_way(rig, engine)
            for _ in range(3):
                engine.pause_download([OutputId("o1")])
                engine.resume_download([OutputId("o1")])
            rig.transfers.finish.set()
            await rig.time_until(lambda: state_of(engine) is OutputState.SAVED)

    asyncio.run(story())
    assert is_whole(rig)


def test_cancelling_a_paused_download_takes_its_bytes_away(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            await half_way(rig, engine)
            engine.pause_download([OutputId("o1")])
            engine.cancel_download(OutputId("o1"))
            await until(lambda: names(rig.outputs) == [])
            await until(lambda: row(engine).part is None)
            assert state_of(engine) is OutputState.CANCELLED
            assert row(engine).bytes_done == 0

    asyncio.run(story())


def test_a_download_that_is_cancelled_as_it_begins_leaves_nothing(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            await half_way(rig, engine)
            engine.pause_download([OutputId("o1")])
            await until(lambda: row(engine).bytes_done == 1024)
            engine.resume_download([OutputId("o1")])
            engine.cancel_download(OutputId("o1"))
            await until(lambda: names(rig.outputs) == [])

    asyncio.run(story())


def test_cancelling_and_fetching_again_in_one_breath_gives_the_whole_file(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            await half_way(rig, engine)
            engine.cancel_download(OutputId("o1"))
            engine.download_again(OutputId("o1"))
            rig.transfers.finish.set()
            await rig.time_until(lambda: state_of(engine) is OutputState.SAVED)

    asyncio.run(story())
    assert is_whole(rig)


def test_what_nobody_wants_is_taken_away_after_a_crash_too(rig: Rig) -> None:
    part = rig.outputs / f"{NAME}.part"
    rig.outputs.mkdir()
    part.write_bytes(BODY[:300])
    begin_with(rig, replace(output_of(rig, state=OutputState.CANCELLED), part=part))

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: row(engine).part is None)
            assert state_of(engine) is OutputState.CANCELLED

    asyncio.run(story())
    assert names(rig.outputs) == []


def test_a_forgotten_output_leaves_no_partial_file(rig: Rig) -> None:
    rig.transfers.get_errors = [LocalFileError(Code.DISK_FULL)]

    async def story() -> None:
        async with rig.engine() as engine:
            await rig.time_until(lambda: state_of(engine) is OutputState.FAILED)
            assert names(rig.outputs) == [f"{NAME}.part"]
            engine.forget_run(RunId("r"))
            await until(lambda: names(rig.outputs) == [])

    asyncio.run(story())


def test_a_full_disk_keeps_what_has_come_until_there_is_room(rig: Rig) -> None:
    rig.transfers.get_errors = [LocalFileError(Code.DISK_FULL)]

    async def story() -> None:
        async with rig.engine() as engine:
            await rig.time_until(lambda: state_of(engine) is OutputState.FAILED)
            assert row(engine).bytes_done == 1024
            engine.resume_download([OutputId("o1")])
            await rig.time_until(lambda: state_of(engine) is OutputState.SAVED)

    asyncio.run(story())
    assert rig.transfers.partials == [None, Partial(1024, "v1")]
    assert is_whole(rig)


def test_too_little_room_is_noticed_before_a_byte_comes(rig: Rig) -> None:
    rig.service.outputs = (replace(OUTPUT, size=10**18),)
    failed = finish(rig, OutputState.FAILED)
    assert failed.problem is not None
    assert failed.problem.code == Code.DISK_FULL
    assert rig.transfers.partials == []
    assert names(rig.outputs) == []


def test_a_folder_that_is_gone_with_what_has_come_is_waited_for(rig: Rig) -> None:
    """As when a disk is pulled out: nothing is written where the disk should be."""
    pulled_out = rig.outputs.with_name("pulled out")

    async def story() -> None:
        async with rig.engine() as engine:
            await half_way(rig, engine)
            engine.pause_download([OutputId("o1")])
            await until(lambda: row(engine).bytes_done == 1024)
            rig.outputs.rename(pulled_out)
            rig.transfers.finish.set()
            engine.resume_download([OutputId("o1")])
            await rig.time_until(lambda: state_of(engine) is OutputState.FAILED)
            problem = row(engine).problem
            assert problem is not None
            assert problem.code == Code.FOLDER_MISSING
            assert not rig.outputs.exists()
            pulled_out.rename(rig.outputs)
            engine.resume_download([OutputId("o1")])
            await rig.time_until(lambda: state_of(engine) is OutputState.SAVED)

    asyncio.run(story())
    assert rig.transfers.partials == [None, Partial(1024, "v1")]
    assert is_whole(rig)


def test_a_folder_that_is_a_file_is_told(rig: Rig) -> None:
    rig.outputs.write_text("mine")
    failed = finish(rig, OutputState.FAILED)
    assert failed.problem is not None
    assert failed.problem.code == Code.FOLDER_UNWRITABLE
    assert rig.outputs.read_text() == "mine"


WRONG: dict[str, MosaicError] = {
    "short": IntegrityError(Code.WRONG_SIZE, retryable=True),
    "the page of a proxy": IntegrityError(Code.WRONG_SIZE, retryable=False),
    "other bytes": IntegrityError(Code.WRONG_CONTENT, retryable=True),
}


@pytest.mark.parametrize("error", WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_fetched_anew_and_never_gone_on_with(rig: Rig, error: MosaicError) -> None:
    rig.transfers.get_errors = [error]
    finish(rig)
    assert rig.transfers.partials == [None, None]
    assert is_whole(rig)


def test_a_file_that_stays_wrong_is_given_up_and_leaves_nothing(rig: Rig) -> None:
    rig.transfers.get_errors = [IntegrityError(Code.WRONG_CONTENT, retryable=True) for _ in range(3)]
    failed = finish(rig, OutputState.FAILED)
    assert failed.problem is not None
    assert failed.problem.code == Code.WRONG_CONTENT
    assert names(rig.outputs) == []


def test_slots_hold_at_once(rig: Rig) -> None:
    rig.limits = TransferLimits(download_slots=1)
    begin_with(rig, *(output_of(rig, number) for number in range(1, 5)))
    rig.transfers.finish.clear()

    def moving(engine: Engine) -> int:
        return sum(1 for _ in engine.store.outputs_in(OutputState.DOWNLOADING))

    async def story() -> None:
        async with rig.engine() as engine:
            await until(lambda: rig.transfers.progresses)
            await rig.pass_time(20)
            assert moving(engine) == 1
            engine.set_limits(TransferLimits(download_slots=3))
            await until(lambda: len(rig.transfers.progresses) == 3)
            assert moving(engine) == 3
            rig.transfers.finish.set()
            await rig.time_until(lambda: all(o.state is OutputState.SAVED for o in engine.outputs_of(RunId("r"))))

    asyncio.run(story())
    assert len(names(rig.outputs)) == 4


def test_outputs_lie_where_their_sources_lay_and_are_called_as_the_user_wants(rig: Rig) -> None:
    rig.naming = Naming("{agent} - {source} - {n}", mirror_folders=True)
    source = rig.file("talk.mp4")
    begin_with(
        rig,
        Asset(
            AssetId("a"), "talk.mp4", source, state=AssetState.READY, file_id="f", subfolder=Path("day 1/../camera: A")
        ),
    )

    async def story() -> None:
        rig.service.outcome = True
        async with rig.engine() as engine:
            (run_id,) = engine.run([AssetId("a")], SPEC)
            await rig.time_until(lambda: [o.state for o in engine.outputs_of(run_id)] == [OutputState.SAVED])
            (output,) = engine.outputs_of(run_id)
            assert output.path == rig.outputs / "day 1/camera A/Audio enhance - talk - 1.mp4"

    asyncio.run(story())
