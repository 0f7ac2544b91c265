"""What is asked of the service word for word, and what is made of its answers."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mosaic_desktop.api import protocol
from mosaic_desktop.api.progress import ProgressScale
from mosaic_desktop.api.wire import Answer, Request
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.errors import Code, MosaicError, ProtocolError, ServiceError
from mosaic_desktop.core.ports import RemoteFile, RemoteOutput, RunStatus
from mosaic_desktop.core.run import Graph, Node, NodeState, RunSpec
from mosaic_desktop.core.secrets import Secret


def body(request: Request) -> Any:  # noqa: ANN401
    assert request.body is not None
    return json.loads(request.body)


def ok(value: object) -> Answer:
    return Answer(200, {"content-type": "application/json"}, json.dumps(value).encode())


def status_of(value: object) -> RunStatus:
    return protocol.read_status(ok(value), ProgressScale())


FEWER = settings(max_examples=60)


def error_from(read: Callable[[Answer], object], answer: Answer) -> MosaicError | None:
    """None where ``read`` gave a value; anything but a MosaicError fails the test."""
    try:
        read(answer)
    except MosaicError as error:
        return error
    return None


READERS: list[Callable[[Answer], object]] = [
    protocol.read_ticket,
    protocol.read_file,
    protocol.read_agents,
    protocol.read_started,
    lambda answer: protocol.read_status(answer, ProgressScale()),
    protocol.read_outputs,
    protocol.read_retried,
]

# --- Requests ---------------------------------------------------------------------------------------------------------


def test_upload() -> None:
    request = protocol.upload_url("Ä clip.mp4", 5_000_000_000, "video/mp4")
    assert (request.method, request.path) == ("POST", "/video/get-upload-url")
    assert body(request) == {"filename": "Ä clip.mp4", "file_size": 5_000_000_000, "content_type": "video/mp4"}


def test_a_file_name_that_is_no_text_can_be_sent() -> None:
    assert body(protocol.upload_url("a\udcffb.mp4", 1, "video/mp4"))["filename"] == "a?b.mp4"


@pytest.mark.parametrize(
    ("request_for", "method", "path"),
    [
        (protocol.finalize, "POST", "/video/finalize-upload/"),
        (protocol.run_detail, "GET", "/get-agent-run/"),
        (protocol.run_simple, "GET", "/get-agent-run-simple/"),
        (protocol.run_outputs, "GET", "/get-agent-run-outputs/"),
        (protocol.retry_node, "POST", "/retry-agent-run-node/"),
        (protocol.rendered_video, "GET", "/download-rendered-video/"),
    ],
)
def test_calls_with_an_id(request_for: Callable[[str], Request], method: str, path: str) -> None:
    request = request_for("11-aa")
    assert (request.method, request.path) == (method, path + "11-aa")
    assert request.body == (b"{}" if method == "POST" else None)
    assert request_for("a/../b?c#d é").path == path + "a%2F..%2Fb%3Fc%23d%20%C3%A9"
    for empty in ("", ".", ".."):
        with pytest.raises(ServiceError) as caught:
            request_for(empty)
        assert caught.value.code == Code.NOT_FOUND


@pytest.mark.parametrize(
    ("limit", "sent"), [(None, {}), (0, {"limit": "1"}), (7, {"limit": "7"}), (500, {"limit": "100"})]
)
def test_agents(limit: int | None, sent: dict[str, str]) -> None:
    assert protocol.agents(limit) == Request("GET", "/get-user-agents-simple", sent)


@pytest.mark.parametrize(
    ("spec", "fields"),
    [
        (RunSpec(agent_id="a"), {"agent_id": "a"}),
        (RunSpec(agent_id="a", auto=True), {"agent_id": "a", "auto": True}),
        (RunSpec(agent_id="a", parameters={"x": 1, "y": 0.5, "z": False}), None),
        (RunSpec(prompt="Cut it"), {"prompt": "Cut it"}),
        (RunSpec(prompt="Cut it", auto=True), {"prompt": "Cut it"}),
    ],
)
def test_run(spec: RunSpec, fields: dict[str, object] | None) -> None:
    request = protocol.run_agent("youtube_abc", spec)
    assert (request.method, request.path) == ("POST", "/run-agent")
    expected = {"agent_id": "a", "parameters": {"x": 1, "y": 0.5, "z": False}} if fields is None else fields
    assert body(request) == {"file_id": "youtube_abc", **expected}


@pytest.mark.parametrize(
    "spec", [RunSpec(), RunSpec(agent_id="a", prompt="b"), RunSpec(agent_id="a", parameters={"x": math.nan})]
)
def test_a_run_that_makes_no_sense_is_not_sent(spec: RunSpec) -> None:
    with pytest.raises(MosaicError) as caught:
        protocol.run_agent("file", spec)
    assert caught.value.code == Code.VALIDATION


# --- Answers ----------------------------------------------------------------------------------------------------------


@FEWER
@given(
    status=st.one_of(st.integers(100, 599), st.sampled_from([200, 201, 302, 401, 422])),
    content=st.one_of(st.binary(max_size=200), st.sampled_from([b"{}", b"[]", b"null", b'{"error": 1}'])),
    kind=st.sampled_from(["", "application/json", "text/html; charset=utf-8", "application/xml"]),
    wait=st.text(max_size=20),
)
def test_whatever_comes_is_a_value_or_an_error(status: int, content: bytes, kind: str, wait: str) -> None:
    answer = Answer(status, {"content-type": kind, "retry-after": wait}, content)
    for read in READERS:
        error = error_from(read, answer)
        if error is None:
            assert status in range(200, 300)
        else:
            assert error.status == status


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
WORDS = """upload_url video_id file_uuid agents agent_run_id status progress graph nodes edges outputs id name source
target error download_url file_id node_id duration_ms file_size parameters_schema status_message"""
NAMES = st.sampled_from(WORDS.split())
SHAPES = st.recursive(
    JSON, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=8), max_leaves=20
)


@FEWER
@given(value=st.dictionaries(NAMES, SHAPES, max_size=10))
def test_fields_of_any_shape(value: dict[str, object]) -> None:
    for read in READERS:
        error = error_from(read, ok(value))
        assert error is None or isinstance(error, ProtocolError)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", Code.UNREADABLE_ANSWER),
        (b'{"agents": [', Code.UNREADABLE_ANSWER),
        (b"[]", Code.UNREADABLE_ANSWER),
        (b'"text"', Code.UNREADABLE_ANSWER),
        (b"\xff", Code.UNREADABLE_ANSWER),
        (b"[" * 100_000, Code.UNREADABLE_ANSWER),
        (b'{"status": "failed", "error": ' + b'{"message": ' * 500 + b"1" + b"}" * 501, Code.UNREADABLE_ANSWER),
        (b'{"agents": [{"id": "a", "parameters_schema": ' + b'{"a":' * 500 + b"1" + b"}" * 502, Code.UNREADABLE_ANSWER),
        (b"\xff\xfe" + '{"status": "running"}'.encode("utf-16-le"), Code.UNREADABLE_ANSWER),
        ('{"status": "läuft"}'.encode("latin-1"), Code.UNREADABLE_ANSWER),
        (b"<html>Sign in to the hotel's network</html>", Code.GATEWAY),
        (b"<?xml version='1.0'?><a/>", Code.GATEWAY),
    ],
)
def test_a_success_that_cannot_be_read(read: Callable[[Answer], object], content: bytes, code: Code) -> None:
    with pytest.raises(ProtocolError) as caught:
        read(Answer(200, {}, content))
    assert (caught.value.code, caught.value.status) == (code, 200)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (protocol.read_ticket, {"upload_url": "https://s.invalid/a"}),
        (protocol.read_ticket, {"upload_url": None, "video_id": "v"}),
        (protocol.read_ticket, {"upload_url": "", "video_id": "v"}),
        (protocol.read_file, {"file_uuid": 7}),
        (protocol.read_agents, {"agents": None}),
        (protocol.read_agents, {"agents": {"id": "a"}}),
        (protocol.read_started, {"project_id": "p"}),
        (protocol.read_started, {"agent_run_id": "  "}),
        (lambda answer: protocol.read_status(answer, ProgressScale()), {"progress": 1}),
        (protocol.read_outputs, {}),
    ],
)
def test_missing_and_mistyped_fields(read: Callable[[Answer], object], value: object) -> None:
    with pytest.raises(ProtocolError) as caught:
        read(ok(value))
    assert caught.value.code == Code.UNREADABLE_ANSWER


def test_ticket_and_file() -> None:
    ticket = protocol.read_ticket(ok({"upload_url": "https://s.invalid/a?sig=1", "video_id": "v", "temp_path": "t"}))
    assert (ticket.url.reveal(), ticket.video_id) == ("https://s.invalid/a?sig=1", "v")
    assert "sig" not in repr(ticket)
    assert protocol.read_file(ok({"file_uuid": "f", "file_name": "a.mp4", "more": 1})) == RemoteFile("f", "a.mp4")
    assert protocol.read_file(ok({"file_uuid": "f"})) == RemoteFile("f", "")


def test_list_of_agents() -> None:
    schema = {"type": "object", "properties": {}}
    listed = [
        {"id": "1", "name": "One", "description": "d", "created_at": "2025", "parameters_schema": schema},
        {"id": "2", "name": None, "parameters_schema": "text"},
        {"name": "no id"},
        "text",
    ]
    assert protocol.read_agents(ok({"agents": listed})) == (
        Agent("1", "One", "d", "2025", schema),
        Agent("2", "2"),
    )


def test_retried_node() -> None:
    protocol.read_retried(ok({"success": True, "agent_run_node_id": "n", "status": "initiated", "message": "m"}))
    protocol.read_retried(ok({}))
    with pytest.raises(ServiceError) as caught:
        protocol.read_retried(ok({"success": False, "message": "The node is busy."}))
    assert (caught.value.code, caught.value.detail) == (Code.INVALID_STATE, "The node is busy.")


def test_started_run() -> None:
    assert protocol.read_started(ok({"agent_run_id": "r"})) == "r"
    with pytest.raises(ServiceError) as caught:
        protocol.read_started(Answer(422, {}, b'{"error": "parameter_out_of_range", "detail": "x too big"}'), {"x": 1})
    assert caught.value.field == "x"


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("success", True),
        ("completed", True),
        ("Completed", True),
        ("failed", False),
        ("error", False),
        ("cancelled", False),
        ("canceled", False),
        ("queued", None),
        ("running", None),
        ("rendering_preview", None),
    ],
)
def test_words_for_a_run(word: str, outcome: bool | None) -> None:
    status = status_of({"status": word})
    assert (status.word, status.outcome, status.graph) == (word, outcome, None)


@pytest.mark.parametrize(
    ("value", "progress"),
    [
        (0, 0.0),
        (0.25, 0.25),
        (1, 0.01),
        (1.5, 0.015),
        (50, 0.5),
        (100, 1.0),
        (140, 1.0),
        (-1, None),
        (True, None),
        ("50", None),
        (None, None),
        (math.nan, None),
        (math.inf, None),
        (10**400, None),
    ],
)
def test_progress(value: object, progress: float | None) -> None:
    assert status_of({"status": "running", "progress": value}).progress == progress


def test_a_finished_run_is_whole_whatever_its_progress_says() -> None:
    assert status_of({"status": "success", "progress": 1}).progress == 1.0
    assert status_of({"status": "success"}).progress == 1.0


def test_a_service_that_speaks_percent_is_remembered() -> None:
    scale = ProgressScale()
    assert [scale.read(value) for value in (2, 0.5, 1, 100)] == [0.02, 0.005, 0.01, 1.0]


def test_a_service_that_speaks_fractions_is_remembered() -> None:
    scale = ProgressScale()
    assert [scale.read(value) for value in (0, 0.5, 1)] == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"status_message": "No sound.", "error_message": "x"}, "No sound."),
        ({"status_message": "Wrote https://storage.test/a?X-Goog-Signature=f00"}, "Wrote https://storage.test/a?…"),
        ({"error_message": "No sound."}, "No sound."),
        ({"error": "No sound."}, "No sound."),
        ({"error": {"message": "No sound."}}, "No sound."),
        ({"error": {"code": 7}}, ""),
        ({}, ""),
    ],
)
def test_reason_of_a_failed_run(fields: dict[str, object], message: str) -> None:
    assert status_of({"status": "failed", **fields}).message == message


def test_a_message_without_an_end_is_cut() -> None:
    assert len(status_of({"status": "failed", "error": "http://" * 200_000}).message) <= 2000


def test_halves_of_surrogate_pairs_do_not_come_in() -> None:
    status = protocol.read_status(
        Answer(200, {}, b'{"status": "a\\ud800b", "status_message": "\\uD83D\\uDE00"}'), ProgressScale()
    )
    assert (status.word, status.message) == ("a?b", "\N{GRINNING FACE}")


def test_nodes() -> None:
    nodes = [
        {
            "id": "2",
            "type": "level",
            "name": "Level",
            "status": "running",
            "progress": 0.5,
            "error": None,
            "started_at": "2025-06-01T00:00:00Z",
            "frames_done": 3,
            "frames_total": 6,
        },
        {"id": "1", "status": "completed", "progress": 1},
        {"id": "3", "type": "render", "status": "failed", "error": "No room."},
        {"id": "4", "status": "resting", "frames_done": -1, "frames_total": 1.5},
        {"id": "5"},
        {"status": "running"},
        "text",
    ]
    edges = [{"source": "1", "target": "2"}, {"source": "2", "target": "3"}, {"source": "1", "target": "9"}, {}, 7]
    graph = status_of({"status": "running", "graph": {"nodes": nodes, "edges": edges}}).graph
    assert graph == Graph(
        (
            Node("1", "1", NodeState.COMPLETED, "completed", progress=1.0),
            Node(
                "2",
                "Level",
                NodeState.RUNNING,
                "running",
                "level",
                0.5,
                started_at="2025-06-01T00:00:00Z",
                frames_done=3,
                frames_total=6,
            ),
            Node("3", "render", NodeState.FAILED, "failed", "render", error="No room."),
            Node("4", "4", NodeState.OTHER, "resting"),
            Node("5", "5", NodeState.OTHER),
        ),
        (("1", "2"), ("2", "3")),
    )


@pytest.mark.parametrize("graph", [None, [], "text", {}, {"nodes": {}, "edges": 7}])
def test_run_without_a_usable_graph(graph: object) -> None:
    assert status_of({"status": "running", "graph": graph}).graph in (None, Graph())


def test_outputs() -> None:
    link = "https://s.invalid/a?sig=1"
    listed = [
        {
            "node_id": "n",
            "file_id": "f",
            "download_url": link,
            "duration_ms": 5300,
            "file_size": 7,
            "status": "success",
        },
        {"node_id": "n2", "download_url": link, "duration_ms": None, "file_size": "many"},
        {"node_id": "n3", "file_id": "f", "download_url": link, "duration_ms": 0, "file_size": 2.0},
        {"node_id": "n4", "file_id": "g", "download_url": None},
        {"node_id": "n5", "file_id": "h"},
        {"download_url": link},
        None,
    ]
    outputs = protocol.read_outputs(ok({"outputs": listed}))
    assert outputs == (
        RemoteOutput("f", "n", Secret(link), 7, 5.3),
        RemoteOutput("n2", "n2", Secret(link)),
        RemoteOutput("f/n3", "n3", Secret(link), 2),
        RemoteOutput("g", "n4", None),
        RemoteOutput("h", "n5", None),
    )
    assert "sig" not in repr(outputs)
