"""Each success as the contract writes it, and the same cut, with more, with less and with other types in it."""

import json
from collections.abc import Callable, Iterator

import pytest

from mosaic_desktop.api import protocol
from mosaic_desktop.api.progress import ProgressScale
from mosaic_desktop.api.wire import Answer
from mosaic_desktop.core.errors import Code, ProtocolError
from tests.api.test_protocol import error_from

Reader = Callable[[Answer], object]
Fields = dict[str, object]

TICKET: Fields = {"upload_url": "https://s.invalid/u", "video_id": "v", "temp_path": "t"}
FILE: Fields = {"file_uuid": "f", "file_name": "video.mp4", "url": "https://s.invalid/f"}
AGENT = {"id": "a", "name": "n", "description": "d", "created_at": "2025-06-01T00:00:00Z"}
STARTED: Fields = {"agent_run_id": "r", "project_id": "p", "agent_group_id": "g"}
NODE = {"id": "n", "type": "t", "name": "n", "status": "running", "progress": 0.5, "error": None, "started_at": "s"}
GRAPH = {"nodes": [NODE, {"id": "m", "status": "not_started"}], "edges": [{"source": "n", "target": "m"}]}
RUN = {"id": "r", "status": "running", "progress": 40, "status_message": "m", "graph": GRAPH}
OUTPUT = {
    "node_id": "n",
    "file_id": "f",
    "download_url": "https://s.invalid/o",
    "thumbnail_url": "https://s.invalid/t",
    "duration_ms": 1500,
    "file_size": 20,
    "status": "success",
}
RETRIED = {"success": True, "agent_run_node_id": "n", "status": "initiated", "message": "m"}


def read_status(answer: Answer) -> object:
    return protocol.read_status(answer, ProgressScale())


GOOD: list[tuple[Reader, Fields]] = [
    (protocol.read_ticket, TICKET),
    (protocol.read_file, FILE),
    (protocol.read_agents, {"agents": [AGENT]}),
    (protocol.read_started, STARTED),
    (read_status, RUN),
    (protocol.read_outputs, {"outputs": [OUTPUT]}),
    (protocol.read_retried, RETRIED),
]
MISSING = object()
OTHERS: tuple[object, ...] = (MISSING, None, True, 0, -1, 1e300, "", "x", [], [None], {}, {"a": 1})


def ok(body: bytes) -> Answer:
    return Answer(200, {"content-type": "application/json"}, body)


def variants(value: object) -> Iterator[object]:
    """``value`` with one thing in it, however deep, replaced or taken out."""
    if isinstance(value, dict):
        for key in value:
            for other in (*OTHERS, *variants(value[key])):
                yield {**value, key: other} if other is not MISSING else {k: v for k, v in value.items() if k != key}
    elif isinstance(value, list):
        for index in range(len(value)):
            for other in (*OTHERS, *variants(value[index])):
                yield [*value[:index], *([] if other is MISSING else [other]), *value[index + 1 :]]


@pytest.mark.parametrize(("read", "value"), GOOD)
def test_fields_that_the_contract_does_not_name_change_nothing(read: Reader, value: Fields) -> None:
    more = {"later": [1, {"x": None}], **value}
    assert read(ok(json.dumps(more).encode())) == read(ok(json.dumps(value).encode()))


@pytest.mark.parametrize(("read", "value"), GOOD)
def test_cut_anywhere_it_is_no_value(read: Reader, value: Fields) -> None:
    body = json.dumps(value).encode()
    for length in range(len(body)):
        with pytest.raises(ProtocolError) as caught:
            read(ok(body[:length]))
        assert caught.value.code == Code.UNREADABLE_ANSWER


@pytest.mark.parametrize(("read", "value"), GOOD)
def test_one_thing_missing_or_of_another_type(read: Reader, value: Fields) -> None:
    for variant in variants(value):
        error = error_from(read, ok(json.dumps(variant).encode()))
        if error is not None:
            assert (type(error), error.code) == (ProtocolError, Code.UNREADABLE_ANSWER)
            assert error.detail.startswith("The answer has no ")


@pytest.mark.parametrize("read", [reader for reader, _ in GOOD if reader is not protocol.read_retried])
def test_without_what_it_cannot_do_without(read: Reader) -> None:
    with pytest.raises(ProtocolError):
        read(ok(b"{}"))
