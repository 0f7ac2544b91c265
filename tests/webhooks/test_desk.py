"""What deliveries do: the right ones reach the engine, all others change nothing."""

import asyncio
import ctypes
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mosaic_desktop.core.account import ReceiverState, Verdict
from mosaic_desktop.core.errors import Code, JournalError, MosaicError, VaultError
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.verdicts import verdict_sentence
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.deliveries import SqliteDeliveries
from mosaic_desktop.webhooks.desk import Webhooks
from tests.support.loop import AsyncRun
from tests.support.waiting import until_async
from tests.webhooks.office import KEY, OTHER_KEY, MemoryDeliveries, Office, address, deliver, notice, port_of, verdicts


def test_a_signed_delivery_reaches_the_engine_and_is_listed(run_async: AsyncRun) -> None:
    office = Office()

    async def story() -> None:
        async with office.desk() as desk:
            told: list[int] = []
            desk.subscribe(lambda: told.append(len(desk.deliveries)))
            body = notice("run-1")
            assert await deliver(desk, body, office.signed(body)) == 200
            assert told == [1]
        (delivery,) = desk.deliveries
        assert (delivery.verdict, delivery.event, delivery.remote_run_id, delivery.size, delivery.at) == (
            Verdict.ACCEPTED,
            "agent_run.completed",
            "run-1",
            len(body),
            office.clock.now(),
        )

    run_async(story())
    assert office.heard == ["run-1"]


def test_a_forged_delivery_is_refused_and_changes_nothing() -> None:
    office = Office()
    body = notice()
    cases = {
        "no signature": {},
        "another key": office.signed(body, OTHER_KEY),
        "another body": office.signed(body + b" "),
        "not a signature": {"X-Mosaic-Signature": "t=now,v1=\xe9\xff"},
        "the key itself": {"X-Mosaic-Signature": KEY.reveal()},
    }

    async def story() -> None:
        async with office.desk() as desk:
            for name, headers in cases.items():
                assert await deliver(desk, body, headers) == 401, name
            assert verdicts(desk) == [Verdict.FORGED] * len(cases)
            assert all(delivery.event == delivery.remote_run_id == "" for delivery in desk.deliveries)

    asyncio.run(story())
    assert office.heard == []


def test_without_any_key_nothing_is_believed() -> None:
    office = Office(keys=())

    async def story() -> None:
        async with office.desk() as desk:
            body = notice()
            assert await deliver(desk, body, office.signed(body)) == 401

    asyncio.run(story())
    assert office.heard == []


def test_keys_are_asked_for_at_the_time_so_that_a_change_of_keys_loses_nothing() -> None:
    office = Office()

    async def story() -> None:
        async with office.desk() as desk:
            office.keys = (OTHER_KEY, KEY)
            for run_id, key in (("run-1", KEY), ("run-2", OTHER_KEY)):
                body = notice(run_id)
                assert await deliver(desk, body, office.signed(body, key)) == 200
            office.keys = (OTHER_KEY,)
            body = notice("run-1", error_message="later")
            assert await deliver(desk, body, office.signed(body, KEY)) == 401

    asyncio.run(story())
    assert office.heard == ["run-1", "run-2"]


@pytest.mark.parametrize("hours", [-1, 1], ids=["early", "late"])
def test_with_a_clock_that_is_an_hour_wrong_the_user_reads_why(hours: int) -> None:
    office = Office()

    async def story() -> None:
        async with office.desk() as desk:
            body = notice()
            assert await deliver(desk, body, office.signed(body, late_by=3600.0 * hours)) == 401
            (delivery,) = desk.deliveries
            assert verdict_sentence(delivery.verdict) == (
                "Signed more than five minutes before or after this computer’s time, so it was ignored. "
                "Check this computer’s clock."
            )

    asyncio.run(story())
    assert office.heard == []


@pytest.mark.parametrize("again_after", [0.0, 240.0, 960.0], ids=["replayed", "tried again", "tried again late"])
def test_a_repeated_delivery_is_taken_and_does_nothing(again_after: float) -> None:
    office = Office()

    async def story() -> None:
        async with office.desk() as desk:
            body = notice()
            assert await deliver(desk, body, office.signed(body)) == 200
            office.clock.advance(again_after)
            assert await deliver(desk, body, office.signed(body)) == 200
            assert verdicts(desk) == [Verdict.ACCEPTED, Verdict.REPEATED]

    asyncio.run(story())
    assert office.heard == ["run-1"]


def test_two_at_once_of_the_same_are_one() -> None:
    office = Office()

    async def story() -> None:
        async with office.desk() as desk:
            body = notice()
            headers = office.signed(body)
            statuses = await asyncio.gather(*(deliver(desk, body, headers) for _ in range(4)))
            assert statuses == [200] * 4
            assert sorted(verdicts(desk)) == [Verdict.ACCEPTED, *[Verdict.REPEATED] * 3]

    asyncio.run(story())
    assert office.heard == ["run-1"]


def test_a_restart_remembers_what_came_and_lists_it_again() -> None:
    office = Office()
    body = notice()

    async def first() -> None:
        async with office.desk() as desk:
            assert await deliver(desk, body, office.signed(body)) == 200

    async def second() -> None:
        async with office.desk() as desk:
            assert verdicts(desk) == [Verdict.ACCEPTED]
            assert await deliver(desk, body, office.signed(body)) == 200
            assert verdicts(desk) == [Verdict.ACCEPTED, Verdict.REPEATED]

    asyncio.run(first())
    asyncio.run(second())
    assert office.heard == ["run-1"]


def test_a_restart_remembers_it_with_the_real_memory_too(tmp_path: Path) -> None:
    body = notice()

    async def session() -> tuple[list[str], list[Verdict]]:
        database = SqliteDatabase(tmp_path / "journal.db")
        await database.open()
        office = Office(log=SqliteDeliveries(database, "me"))
        try:
            async with office.desk() as desk:
                assert await deliver(desk, body, office.signed(body)) == 200
                assert await deliver(desk, body, {}) == 401
                await until_async(lambda: len(desk.deliveries) % 2 == 0)
                return office.heard, verdicts(desk)
        finally:
            await database.aclose()

    assert asyncio.run(session()) == (["run-1"], [Verdict.ACCEPTED, Verdict.FORGED])
    later = [Verdict.ACCEPTED, Verdict.FORGED, Verdict.REPEATED, Verdict.FORGED]
    assert asyncio.run(session()) == ([], later)


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"\xff\xfe", b"[" * 5000, b'"agent_run.completed"', b'{"event": "agent_run.completed"}'],
    ids=["empty", "no fields", "not text", "deep", "a word", "no run"],
)
def test_what_is_signed_but_not_as_the_contract_says_is_unreadable(body: bytes) -> None:
    office = Office()

    async def story() -> None:
        async with office.desk() as desk:
            assert await deliver(desk, body, office.signed(body)) == 400
            assert verdicts(desk) == [Verdict.UNREADABLE]

    asyncio.run(story())
    assert office.heard == []


def test_a_run_of_another_program_is_told_apart() -> None:
    office = Office()

    async def story() -> None:
        async with office.desk() as desk:
            body = notice("run-of-another")
            assert await deliver(desk, body, office.signed(body)) == 200
            assert [(d.verdict, d.remote_run_id) for d in desk.deliveries] == [(Verdict.UNKNOWN_RUN, "run-of-another")]

    asyncio.run(story())


@pytest.mark.expect_log("deliveries cannot be judged: keyring_locked")
def test_with_a_locked_keyring_the_sender_is_asked_to_try_again() -> None:
    office = Office(locked=VaultError(Code.KEYRING_LOCKED))

    async def story() -> None:
        async with office.desk() as desk:
            body = notice()
            assert await deliver(desk, body, office.signed(body)) == 503
            assert await deliver(desk, body, office.signed(body)) == 503  # logged once
            office.locked = None
            assert await deliver(desk, body, office.signed(body)) == 200
            assert verdicts(desk) == [Verdict.ACCEPTED]

    asyncio.run(story())
    assert office.heard == ["run-1"]


@pytest.mark.expect_log("deliveries cannot be judged: journal")
def test_nothing_is_taken_that_was_not_written_down() -> None:
    log = MemoryDeliveries()
    office = Office(log=log)

    async def story() -> None:
        async with office.desk() as desk:
            log.broken = JournalError(Code.JOURNAL)
            body = notice()
            assert await deliver(desk, body, office.signed(body)) == 503
            assert office.heard == []
            log.broken = None
            assert await deliver(desk, body, office.signed(body)) == 200

    asyncio.run(story())
    assert office.heard == ["run-1"]


def test_the_answer_waits_for_the_memory() -> None:
    log = MemoryDeliveries()
    log.gate = asyncio.Event()
    office = Office(log=log)

    async def story() -> None:
        async with office.desk() as desk:
            body = notice()
            sending = asyncio.ensure_future(deliver(desk, body, office.signed(body)))
            await until_async(lambda: log.asked)
            assert not sending.done()
            assert office.heard == []
            assert log.gate is not None
            log.gate.set()
            assert await sending == 200
            assert log.known

    asyncio.run(story())


def test_a_flood_of_forged_deliveries_fills_neither_memory_nor_disk_and_hides_no_other() -> None:
    log = MemoryDeliveries()
    office = Office(log=log)

    async def story() -> None:
        async with office.desk() as desk:
            told: list[ReceiverState] = []
            desk.subscribe(lambda: told.append(desk.receiver))
            for number in range(60):
                assert await deliver(desk, b"%d" % number, {}) == 401
            assert len(desk.deliveries) == len(log.kept) == 20
            assert desk.receiver.unlisted == 40
            assert len(told) == 21, "the window is not kept busy either"
            body = notice()
            assert await deliver(desk, body, office.signed(body)) == 200
            assert await deliver(desk, body, office.signed(body)) == 200
            assert verdicts(desk)[-2:] == [Verdict.ACCEPTED, Verdict.REPEATED]
            office.clock.advance(301.0)
            assert await deliver(desk, b"once more", {}) == 401
            assert await deliver(desk, b"once more", {}) == 401
            assert desk.receiver.unlisted == 41

    asyncio.run(story())


def test_the_test_delivery_comes_in_by_the_same_door_and_changes_no_run() -> None:
    log = MemoryDeliveries()
    office = Office(log=log, keys=(KEY, OTHER_KEY))

    async def story() -> None:
        async with office.desk() as desk:
            await desk.send_test()
            await desk.send_test()
            assert verdicts(desk) == [Verdict.TEST, Verdict.TEST]

    asyncio.run(story())
    assert office.heard == []
    assert not log.known


def test_a_test_that_cannot_be_sent_says_why() -> None:
    office = Office()

    async def code(desk_port: int | None) -> str:
        async with office.desk(port=desk_port) as desk:
            with pytest.raises(MosaicError) as caught:
                await desk.send_test()
            return caught.value.code

    assert asyncio.run(code(None)) == Code.RECEIVER_OFF
    office.keys = ()
    assert asyncio.run(code(0)) == Code.NO_KEY


def test_off_by_default_and_off_again() -> None:
    office = Office()

    async def story() -> None:
        async with office.desk(port=None) as desk:
            assert desk.receiver == ReceiverState()
            await desk.start(0)
            url, port = address(desk), port_of(desk)
            assert url == f"http://127.0.0.1:{port}/mosaic"
            await desk.stop()
            assert desk.receiver == ReceiverState()
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", port)
            await desk.start(port)
            assert port_of(desk) == port

    asyncio.run(story())


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "webhooks"]


class AccidentError(Exception):
    """Something that nobody thought of."""


async def wreck(desk: Webhooks) -> None:
    """Lets the loop of the receiver's thread fail while it waits for connections."""
    (thread,) = threads()
    ident = thread.ident
    assert ident is not None
    await until_async(lambda: sys._current_frames()[ident].f_code.co_name == "select")
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(AccidentError))
    await until_async(lambda: desk.receiver.url is None)


@pytest.mark.expect_log("the receiver of deliveries failed")
def test_a_receiver_that_ends_by_itself_is_told_and_can_be_started_again() -> None:
    office = Office()

    async def story() -> None:
        async with office.desk() as desk:
            port = port_of(desk)
            await wreck(desk)
            assert desk.receiver.problem is not None
            assert sentence(desk.receiver.problem).startswith("The receiver stopped.")
            await desk.start(port)
            body = notice()
            assert await deliver(desk, body, office.signed(body)) == 200

    asyncio.run(story())
    assert threads() == []


def test_while_it_is_off_its_libraries_are_not_even_loaded() -> None:
    words = "import sys, mosaic_desktop.webhooks.desk; print({'starlette', 'uvicorn'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "set()"


def test_started_twice_it_listens_at_the_second_port_alone() -> None:
    office = Office()

    async def story() -> None:
        async with office.desk() as desk:
            first = port_of(desk)
            await asyncio.gather(desk.start(0), desk.start(0))
            body = notice()
            assert await deliver(desk, body, office.signed(body)) == 200
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", first)

    asyncio.run(story())


def test_a_taken_port_is_told_and_another_one_works() -> None:
    office = Office()

    async def story() -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            async with office.desk(port=other.getsockname()[1]) as desk:
                state = desk.receiver
                assert state.url is None
                assert state.problem is not None
                assert sentence(state.problem) == "Another program uses this port. Choose another one."
                await desk.start(0)
                assert desk.receiver.problem is None
                body = notice()
                assert await deliver(desk, body, office.signed(body)) == 200

    asyncio.run(story())


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_told(port: int) -> None:
    async def story() -> None:
        async with Office().desk(port=port) as desk:
            assert desk.receiver.problem is not None
            assert desk.receiver.problem.code == Code.PORT_REFUSED

    asyncio.run(story())
