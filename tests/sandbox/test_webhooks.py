"""Webhooks: what is told, to whom, how it is signed, and how long it is tried."""

import hashlib
import os
import signal
import socket
import sqlite3
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Event

import pytest

from tests.sandbox.client import Client, answer, connect, refusal, signed_in
from tests.sandbox.receiver import Receiver, receiving
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import until

_CERTIFICATE = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
# With these, the waits after failed tries are 0.05, 0.1, 0.2, 0.4 and 0.8 seconds.
QUICK = ("--minute-seconds", "0.05", "--portal-requests", "1000")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as listening:
        yield listening


@contextmanager
def keyed(server: RunningSandbox, webhook_url: str | None) -> Iterator[tuple[Client, str, str]]:
    """A client with a new key; also the key and its id."""
    with signed_in(server) as portal:
        made = answer(portal.post("/dev/keys/create", {"webhook_url": webhook_url}))
    with connect(server.base_url, made["key"]) as client:
        yield client, made["key"], made["id"]


def fail(client: Client) -> str:
    """A run that failed."""
    announced = client.announce(4096)
    client.put(announced["upload_url"], bytes(4096))
    file_id = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))["file_uuid"]
    run_id = client.start(file_id, "Reframe")
    assert client.finish(run_id)["status"] == "failed"
    return run_id


def test_a_finished_run_is_told_with_its_outputs(server: RunningSandbox, file_id: str, receiver: Receiver) -> None:
    with keyed(server, f"{receiver.url}/hook?of=mosaic") as (client, key, _):
        run_id = client.start(file_id, "Reframe")
        until(lambda: receiver.received)
        assert client.simple(run_id)["status"] == "success"
        (delivery,) = receiver.received
        assert delivery.path == "/hook?of=mosaic"
        assert delivery.headers["Content-Type"] == "application/json"
        assert delivery.headers["Host"] == receiver.url.removeprefix("http://")
        assert delivery.is_signed_with(key)
        assert not delivery.is_signed_with(server.api_key)
        (output,) = client.outputs(run_id)
        (told,) = delivery.body["outputs"]
        assert set(told) == {"node_id", "file_id", "download_url", "thumbnail_url"}
        assert (told["node_id"], told["file_id"]) == (output["node_id"], output["file_id"])
        assert len(client.storage.get(told["download_url"]).content) == output["file_size"]
        assert client.storage.get(told["thumbnail_url"]).status_code == 200
        rest = {name: value for name, value in delivery.body.items() if name != "outputs"}
        assert rest == {"event": "agent_run.completed", "agent_run_id": run_id, "status": "success"}


def test_a_failed_run_is_told_with_its_reason(server: RunningSandbox, receiver: Receiver) -> None:
    with keyed(server, receiver.url) as (client, key, _):
        run_id = fail(client)
        until(lambda: receiver.received)
        (delivery,) = receiver.received
        assert delivery.is_signed_with(key)
        assert delivery.body == {
            "event": "agent_run.failed",
            "agent_run_id": run_id,
            "status": "failed",
            "error_message": "Find the subject failed: This file is not a video that can be read.",
        }


def test_only_the_key_that_started_a_run_counts(server: RunningSandbox, receiver: Receiver) -> None:
    with keyed(server, receiver.url) as (client, _, _), keyed(server, None) as (silent, _, _):
        fail(silent)
        with signed_in(server) as person:
            fail(person)
        run_id = fail(client)
        until(lambda: receiver.received)
        assert [delivery.body["agent_run_id"] for delivery in receiver.received] == [run_id]


def test_what_is_not_received_is_tried_five_times_more(tmp_path: Path) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(start_sandbox(tmp_path, *QUICK))
        runs: list[tuple[Receiver, str, str]] = []
        for bad in (500, 302, 307, 404, None):
            receiver = stack.enter_context(receiving())
            receiver.answer = bad
            client, key, _ = stack.enter_context(keyed(server, receiver.url))
            runs.append((receiver, key, fail(client)))
        until(lambda: all(len(receiver.received) >= 6 for receiver, _, _ in runs))
        for receiver, key, _ in runs:
            assert all(delivery.is_signed_with(key) for delivery in receiver.received)
            assert {delivery.path for delivery in receiver.received} == {"/"}
            waits = [later.at - earlier.at for earlier, later in pairwise(receiver.received)]
            assert all(wait >= 0.95 * 0.05 * 2**number for number, wait in enumerate(waits))
        # The tries for one more run take as long again, and in that time nothing more comes of the others.
        other = fail(client)
        until(lambda: len(receiver.of_run(other)) == 6)
        assert [len(receiver.of_run(run_id)) for receiver, _, run_id in runs] == [6] * 5


def test_a_try_that_is_received_is_the_last(tmp_path: Path, receiver: Receiver) -> None:
    receiver.before, receiver.answer = [503, 503], 204
    with start_sandbox(tmp_path, *QUICK) as server, keyed(server, receiver.url) as (client, _, _):
        first = fail(client)
        until(lambda: len(receiver.received) == 3)
        receiver.before += [503] * 3  # which takes longer than the next try of the first would
        other = fail(client)
        until(lambda: len(receiver.of_run(other)) == 4)
        assert len(receiver.of_run(first)) == 3


def test_what_is_in_line_survives_a_killed_server(tmp_path: Path, receiver: Receiver) -> None:
    receiver.answer = 500
    options = ("--minute-seconds", "1")
    server = start_sandbox(tmp_path, *options)
    with keyed(server, receiver.url) as (client, key, _):
        run_id = fail(client)
        until(lambda: receiver.received)
    server.kill()
    before = len(receiver.received)
    receiver.answer = 200
    with start_sandbox(tmp_path, *options):
        until(lambda: len(receiver.received) > before)
        assert receiver.received[-1].body["agent_run_id"] == run_id
        assert receiver.received[-1].is_signed_with(key)


def test_a_clock_that_was_wrong_delays_no_delivery_for_long(tmp_path: Path, receiver: Receiver) -> None:
    receiver.answer = 500
    with start_sandbox(tmp_path) as server, keyed(server, receiver.url) as (client, _, _):
        run_id = fail(client)
        until(lambda: receiver.received)
    receiver.answer = 200
    with closing(sqlite3.connect(tmp_path / "sandbox.db", isolation_level=None)) as database:
        database.execute("UPDATE deliveries SET due_at = due_at + 1000000")
    with start_sandbox(tmp_path, *QUICK):
        until(lambda: len(receiver.of_run(run_id)) == 2)


def test_a_run_that_ends_after_a_kill_is_told_too(tmp_path: Path, clips: Path, receiver: Receiver) -> None:
    server = start_sandbox(tmp_path)
    with keyed(server, receiver.url) as (client, key, _):
        run_id = client.start(client.upload(clips / "talk.mp4"), "Reframe")
    server.kill()
    with start_sandbox(tmp_path):
        until(lambda: receiver.received)
        assert receiver.received[0].body["agent_run_id"] == run_id
        assert receiver.received[0].is_signed_with(key)


def test_a_receiver_that_never_answers_holds_up_nothing(tmp_path: Path, clips: Path, receiver: Receiver) -> None:
    receiver.answer = Event()
    with start_sandbox(tmp_path) as server, receiving() as prompt:
        with keyed(server, receiver.url) as (client, _, _), keyed(server, prompt.url) as (other, _, _):
            for _ in range(4):
                fail(client)
            until(lambda: len(receiver.received) == 4)
            run_id = other.start(other.upload(clips / "short.mp4"), "Reframe")
            assert other.finish(run_id)["status"] == "success"
            until(lambda: prompt.received)
        with keyed(server, receiver.url) as (client, _, _):
            last = fail(client)
            until(lambda: receiver.of_run(last))
        os.kill(server.pid, signal.SIGTERM)
        assert server.wait() == 0
    assert _deliveries(tmp_path, "run_id = ? AND tries = 0", last) == 1, "its end was not waited for"


@pytest.mark.parametrize(("keys", "at_once"), [(1, 4), (9, 32)])
def test_after_an_outage_only_so_many_are_sent_at_once(
    tmp_path: Path, receiver: Receiver, keys: int, at_once: int
) -> None:
    receiver.answer = 500
    with ExitStack() as stack:
        prompt = stack.enter_context(receiving())
        with start_sandbox(tmp_path) as server:
            urls = [receiver.url] * keys + [prompt.url]
            clients = [stack.enter_context(keyed(server, url))[0] for url in urls]
            fail(clients[0])
            until(lambda: receiver.received)
        _put_in_line_for_every_key(tmp_path, 12)
        receiver.received.clear()
        released = receiver.answer = Event()
        with start_sandbox(tmp_path, *QUICK) as server, connect(server.base_url, server.api_key) as client:
            until(lambda: len(receiver.received) >= at_once)
            if at_once < 32:
                until(lambda: len(prompt.received) == 12)
            client.get("/get-user-agents-simple")  # by its answer, others would have been sent
            assert len(receiver.received) == at_once
            receiver.answer = 200
            released.set()
            until(lambda: len(receiver.received) == 12 * keys + at_once and len(prompt.received) == 12)


def _put_in_line_for_every_key(data_dir: Path, times: int) -> None:
    """Instead of the one delivery that is in line."""
    with closing(sqlite3.connect(data_dir / "sandbox.db", isolation_level=None)) as database:
        for _ in range(times):
            database.execute(
                "INSERT INTO deliveries (run_id, key_id, status, error_message, due_at) "
                "SELECT deliveries.run_id, keys.id, 'failed', '', 0 FROM deliveries, keys "
                "WHERE keys.webhook_url IS NOT NULL AND deliveries.id = 1"
            )
        database.execute("DELETE FROM deliveries WHERE id = 1")


def test_a_revoked_key_tells_nothing_any_more(tmp_path: Path, receiver: Receiver) -> None:
    receiver.answer = 500
    with start_sandbox(tmp_path, *QUICK) as server, keyed(server, receiver.url) as (client, _, key_id):
        run_id = fail(client)
        until(lambda: receiver.received)
        with signed_in(server) as portal:
            portal.delete(f"/dev/keys/{key_id}")
        tried = len(receiver.received)
        with keyed(server, receiver.url) as (other, _, _):
            second = fail(other)
            until(lambda: len(receiver.of_run(second)) == 6)
        assert len(receiver.of_run(run_id)) <= tried + 1  # one may have been on its way


def test_a_webhook_that_moved_gets_what_is_in_line(tmp_path: Path) -> None:
    with (
        socket.socket() as nobody,
        receiving() as receiver,
        start_sandbox(tmp_path, "--minute-seconds", "1") as server,
    ):
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        with keyed(server, f"http://127.0.0.1:{nobody.getsockname()[1]}/") as (client, key, key_id):
            run_id = fail(client)
        with signed_in(server) as portal:
            answer(portal.patch(f"/dev/keys/{key_id}", {"webhook_url": receiver.url}))
        until(lambda: receiver.received)
        assert receiver.received[0].body["agent_run_id"] == run_id
        assert receiver.received[0].is_signed_with(key)


def test_a_retried_run_is_told_by_its_last_end_alone(tmp_path: Path, clips: Path, receiver: Receiver) -> None:
    receiver.answer = 500
    with start_sandbox(tmp_path, "--minute-seconds", "600") as server, keyed(server, receiver.url) as (client, _, _):
        data = (clips / "short.mp4").read_bytes()
        announced = client.announce(len(data))
        client.put(announced["upload_url"], bytes(len(data)))
        file_id = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))["file_uuid"]
        run_id = client.start(file_id, "Reframe")
        client.finish(run_id)
        until(lambda: receiver.received)
        client.put(announced["upload_url"], data)
        answer(client.post(f"/retry-agent-run-node/{client.node(run_id, 'Find the subject')['id']}"))
        receiver.answer = 200
        until(lambda: len(receiver.received) == 2)
        events = [delivery.body["event"] for delivery in receiver.received]
        assert events == ["agent_run.failed", "agent_run.completed"]
    assert _deliveries(tmp_path, "status = 'failed'") == 0


def _deliveries(data_dir: Path, which: str, *values: str) -> int:
    """How many of these are in line."""
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as database:
        return int(database.execute(f"SELECT count(*) FROM deliveries WHERE {which}", values).fetchone()[0])


@pytest.mark.parametrize("trusted", [True, False])
def test_a_webhook_behind_tls_must_be_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool) -> None:
    certificate, key_file = tmp_path / "server.pem", tmp_path / "server.key"
    files = ("-addext", "subjectAltName=DNS:localhost", "-out", str(certificate), "-keyout", str(key_file))
    subprocess.run([*_CERTIFICATE.split(), *files], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key_file)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with receiving() as plain, receiving(tls) as secure, start_sandbox(tmp_path / "data", *QUICK) as server:
        with keyed(server, secure.url) as (client, key, _):
            fail(client)
            if trusted:
                until(lambda: secure.received)
                assert secure.received[0].is_signed_with(key)
        with keyed(server, plain.url) as (client, _, _):
            plain.answer = 500
            fail(client)
            until(lambda: len(plain.received) == 6)
        assert len(secure.received) == int(trusted)


def test_a_key_of_an_older_local_mosaic_works_but_has_no_webhook(tmp_path: Path) -> None:
    with start_sandbox(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "sandbox.db", isolation_level=None)) as database:
        database.execute("UPDATE keys SET digest = ?", (hashlib.sha256(b"mk_live_old").hexdigest(),))
    with start_sandbox(tmp_path) as server, connect(server.base_url, "mk_live_old") as client:
        with signed_in(server) as portal:
            *_, oldest = answer(portal.get("/dev/keys"))["keys"]
            change = portal.patch(f"/dev/keys/{oldest['id']}", {"webhook_url": "https://example.org/"})
            assert refusal(change) == (400, "validation_error")
        fail(client)
