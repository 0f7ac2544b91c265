"""What can go wrong with one request, as values for ``Fault.do``: each gets the request and says whether the contract's
own answer follows.
"""

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults.talk import Talk

Do = Callable[[Talk], bool]


@dataclass(frozen=True, slots=True)
class Case:
    """A row of a table of faults. ``on``: requests that it is tried on, where they are not all the same. ``says``: part
    of a sentence that is read on the way; empty where all goes well without one.
    """

    name: str
    do: Do
    says: str
    on: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


HTML = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_LONGEST = 30.0


def cut_before(talk: Talk) -> bool:
    """The connection ends before anything was taken."""
    talk.cut()
    return False


def cut_in_body(share: float) -> Do:
    """It ends in the middle of the request's body, of which a session keeps what came."""

    def do(talk: Talk) -> bool:
        talk.take_body(int(int(talk.headers["Content-Length"]) * share))
        return _unheard(talk)

    return do


def cut_after(talk: Talk) -> bool:
    """All was taken and done, but the answer is lost."""
    talk.take_body()
    return _unheard(talk)


def cut_in_answer(share: float) -> Do:
    """The answer ends in the middle of its body."""

    def do(talk: Talk) -> bool:
        answer = _recorded(talk)
        head, _, body = answer.partition(b"\r\n\r\n")
        talk.wfile.write(head + b"\r\n\r\n" + body[: int(len(body) * share)])
        talk.cut()
        return False

    return do


def silence(talk: Talk) -> bool:
    """Neither an answer nor an end, until the client gives up."""
    talk.take_body()
    talk.connection.settimeout(_LONGEST)
    talk.rfile.read(1)
    talk.close_connection = True
    return False


def trickle(piece: int, pause: float) -> Do:
    """The answer comes ``piece`` bytes at a time with ``pause`` seconds between."""

    def do(talk: Talk) -> bool:
        answer = _recorded(talk)
        for start in range(0, len(answer), piece):
            talk.wfile.write(answer[start : start + piece])
            time.sleep(pause)
        return False

    return do


def trickle_in(piece: int, pause: float) -> Do:
    """The request's body is taken ``piece`` bytes at a time with ``pause`` seconds between."""

    def do(talk: Talk) -> bool:
        left, taken = int(talk.headers.get("Content-Length", "0")), bytearray()
        while left and (part := talk.rfile.read(min(piece, left))):
            taken += part
            left -= len(part)
            time.sleep(pause)
        talk.body = bytes(taken)
        return True

    return do


def answers(status: int, body: bytes = b"", **headers: str) -> Do:
    """Something else answers."""

    def do(talk: Talk) -> bool:
        talk.take_body()
        talk.answer(status, body, **headers)
        return False

    return do


def says(status: int, code: str, **headers: str) -> Do:
    """The service answers with an error of the contract's table."""
    body = json.dumps({"error": code, "detail": f"{code}."}).encode()
    return answers(status, body, Content_Type="application/json", **headers)


def says_xml(status: int, code: str, message: str = "No.") -> Do:
    """The storage answers in its own format."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
    return answers(status, body, Content_Type="application/xml")


def changes_json(change: Callable[[dict[str, Any]], None]) -> Do:
    """The service's answer with something else in it."""

    def do(talk: Talk) -> bool:
        value = json.loads(_recorded(talk).partition(b"\r\n\r\n")[2])
        change(value)
        talk.json(value)
        return False

    return do


def changes_body(change: Callable[[bytes], bytes]) -> Do:
    """An answer whose bytes are not those that were announced, under the same headers."""

    def do(talk: Talk) -> bool:
        head, _, body = _recorded(talk).partition(b"\r\n\r\n")
        talk.wfile.write(head + b"\r\n\r\n" + change(body))
        talk.close_connection = True
        return False

    return do


def _recorded(talk: Talk) -> bytes:
    """The contract's own answer, not sent yet."""
    wire, answer = talk.wfile, io.BytesIO()
    talk.wfile = answer
    try:
        talk.serve()
        return answer.getvalue()
    finally:
        talk.wfile = wire


def _unheard(talk: Talk) -> bool:
    _recorded(talk)
    talk.cut()
    return False
