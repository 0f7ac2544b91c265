"""What reaches the port without being a delivery: large, slow, broken and misled senders."""

import asyncio
import logging
import time

import pytest

from mosaic_desktop.core.account import Verdict
from mosaic_desktop.webhooks import receiver, serving
from mosaic_desktop.webhooks.arrival import DoorLimits
from tests.support.waiting import PATIENCE, until_async
from tests.webhooks.office import HURRIED, MemoryDeliveries, Office, deliver, notice, port_of, say, status, verdicts

HEAD = b"POST /mosaic HTTP/1.1\r\nHost: tunnel.example\r\n"
MIB = 1 << 20


def test_a_large_delivery_is_refused_before_it_is_read() -> None:
    office = Office()

    async def story() -> None:
        async with office.desk() as desk:
            assert status(await say(desk, HEAD + b"Content-Length: %d\r\n\r\n" % (MIB + 1))) == 413
            assert status(await say(desk, HEAD + b"Content-Length: 99999999999999999999\r\n\r\n")) == 413
            await say(desk, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"40000\r\n%s\r\n" % (b"x" * 0x40000) * 9)
            await until_async(lambda: len(desk.deliveries) == 3)
            assert verdicts(desk) == [Verdict.TOO_LARGE] * 3
            assert all(MIB < delivery.size < 2**63 for delivery in desk.deliveries)

    asyncio.run(story())
    assert office.heard == []


def test_the_largest_delivery_is_taken() -> None:
    office = Office()

    async def story() -> None:
        async with office.desk() as desk:
            body = notice(outputs="x" * (MIB - len(notice(outputs=""))))
            assert len(body) == MIB
            assert await deliver(desk, body, office.signed(body)) == 200
            assert verdicts(desk) == [Verdict.ACCEPTED]

    asyncio.run(story())


@pytest.mark.parametrize(
    "words",
    [b"", b"POST /mosaic HT", HEAD, HEAD + b"X-Slow: ", HEAD + b"Content-Length: 100\r\n\r\nhalf"],
    ids=["silence", "half a line", "half a head", "half a header", "half a body"],
)
def test_a_slow_sender_is_dropped_and_changes_nothing(words: bytes) -> None:
    office = Office()

    async def story() -> None:
        async with office.desk(HURRIED) as desk:
            assert await say(desk, words) == b""
            body = notice()
            assert await deliver(desk, body, office.signed(body)) == 200
            assert verdicts(desk) == [Verdict.ACCEPTED]

    asyncio.run(story())


def test_a_sender_of_single_bytes_gets_no_longer_than_others() -> None:
    async def story() -> None:
        async with Office().desk(HURRIED) as desk:
            reader, writer = await asyncio.open_connection("127.0.0.1", port_of(desk))
            until = time.monotonic() + PATIENCE
            closed = asyncio.ensure_future(reader.read())
            writer.write(HEAD + b"X-Slow: ")
            while not closed.done() and time.monotonic() < until:
                writer.write(b"x")
                await asyncio.wait({closed}, timeout=0.02)
            assert closed.done()
            await asyncio.gather(closed, return_exceptions=True)
            writer.close()

    asyncio.run(story())


def test_many_open_connections_do_not_add_up() -> None:
    office = Office()

    async def story() -> None:
        async with office.desk(DoorLimits(connections=4, seconds_to_read=0.3)) as desk:
            taken = [await asyncio.open_connection("127.0.0.1", port_of(desk)) for _ in range(20)]
            ends = await asyncio.gather(*(reader.read() for reader, _ in taken), return_exceptions=True)
            assert all(end == b"" or isinstance(end, ConnectionError) for end in ends)
            for _, writer in taken:
                writer.close()
            body = notice()
            assert await deliver(desk, body, office.signed(body)) == 200

    asyncio.run(story())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (b"GET /mosaic HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"HEAD /mosaic HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"OPTIONS /mosaic HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\n\r\n", 405),
        (b"PUT /mosaic HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 405),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 404),
        (b"POST /mosaic/ HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 404),
        (b"POST /%2e%2e/mosaic HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 404),
        (HEAD + b"Origin: https://a.example\r\nContent-Length: 2\r\n\r\n{}", 403),
        (HEAD + b"Content-Length: -1\r\n\r\n", 400),
        (HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    ],
)
def test_whatever_is_no_delivery_is_turned_away_and_not_listed(words: bytes, expected: int) -> None:
    async def story() -> None:
        async with Office().desk() as desk:
            answer = await say(desk, words)
            assert status(answer) == expected
            head = answer.lower().partition(b"\r\n\r\n")[0]
            assert b"access-control" not in head
            assert b"server:" not in head
            assert desk.deliveries == ()
            assert desk.receiver.unlisted == 0

    asyncio.run(story())


@pytest.mark.parametrize(
    "words",
    [
        b"\r\n" * 9000,
        bytes(range(256)) * 50,
        HEAD + b"A: " + b"a" * 20_000 + b"\r\n\r\n",
        b"POST /\xff\xfe HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
    ids=["empty lines", "all bytes", "long header", "odd path", "websocket", "bad chunk", "http 2"],
)
def test_garbage_leaves_the_receiver_as_it_was(words: bytes, caplog: pytest.LogCaptureFixture) -> None:
    office = Office()
    caplog.set_level(logging.WARNING)

    async def story() -> None:
        async with office.desk(HURRIED) as desk:
            await say(desk, words)
            body = notice()
            assert await deliver(desk, body, office.signed(body)) == 200
            assert Verdict.ACCEPTED in verdicts(desk)

    asyncio.run(story())
    assert office.heard == ["run-1"]
    assert caplog.records == [], "strangers do not fill the log"


def test_of_several_signatures_in_headers_none_counts() -> None:
    office = Office()

    async def story() -> None:
        async with office.desk() as desk:
            body = notice()
            (line,) = (f"{name}: {value}\r\n".encode() for name, value in office.signed(body).items())
            for lines in (line + line, line + b"x-mosaic-signature: t=1,v1=00\r\n"):
                words = HEAD + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body
                assert status(await say(desk, words)) == 401
            assert verdicts(desk) == [Verdict.FORGED] * 2

    asyncio.run(story())
    assert office.heard == []


def test_stopped_during_a_delivery_it_is_still_answered() -> None:
    log = MemoryDeliveries()
    log.gate = asyncio.Event()
    office = Office(log=log)

    async def story() -> None:
        assert log.gate is not None
        async with office.desk() as desk:
            body = notice()
            sending = asyncio.ensure_future(deliver(desk, body, office.signed(body)))
            await until_async(lambda: log.asked)
            stopping = asyncio.ensure_future(desk.stop())
            await until_async(lambda: desk.receiver.url is None)
            log.gate.set()
            assert await sending == 200
            await stopping

    asyncio.run(story())
    assert office.heard == ["run-1"]


def test_stopped_while_somebody_is_slow_it_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_SECONDS_TO_FINISH", 600)
    monkeypatch.setattr(receiver, "_SECONDS_TO_END", 600.0)

    async def story() -> None:
        async with Office().desk() as desk:
            reader, writer = await asyncio.open_connection("127.0.0.1", port_of(desk))
            writer.write(HEAD + b"Content-Length: 100\r\n\r\nhalf")
            await writer.drain()
            await asyncio.wait_for(desk.stop(), PATIENCE)
            ends = await asyncio.gather(reader.read(), return_exceptions=True)
            assert ends[0] == b"" or isinstance(ends[0], ConnectionError)
            writer.close()

    asyncio.run(story())


def test_an_event_loop_that_does_not_answer_lets_no_sender_hang() -> None:
    log = MemoryDeliveries()
    log.gate = asyncio.Event()
    office = Office(log=log)

    async def story() -> None:
        assert log.gate is not None
        async with office.desk(DoorLimits(seconds_to_judge=0.2)) as desk:
            body = notice()
            assert await deliver(desk, body, office.signed(body)) == 503
            log.gate.set()
            await until_async(lambda: desk.deliveries)
            assert await deliver(desk, body, office.signed(body)) == 200
            assert verdicts(desk) == [Verdict.ACCEPTED, Verdict.REPEATED]

    asyncio.run(story())
    assert office.heard == ["run-1"]


def test_only_so_many_are_judged_at_the_same_time() -> None:
    log = MemoryDeliveries()
    log.gate = asyncio.Event()
    office = Office(log=log, runs={f"run-{n}" for n in range(20)})

    async def story() -> None:
        assert log.gate is not None
        async with office.desk() as desk:
            bodies = [notice(f"run-{number}") for number in range(20)]
            sending = [asyncio.ensure_future(deliver(desk, body, office.signed(body))) for body in bodies]
            await until_async(lambda: sum(task.done() for task in sending) + log.asked >= 20)
            log.gate.set()
            statuses = await asyncio.gather(*sending)
            assert set(statuses) <= {200, 503}
            assert log.asked <= 16
            assert statuses.count(200) == log.asked == len(office.heard)

    asyncio.run(story())
