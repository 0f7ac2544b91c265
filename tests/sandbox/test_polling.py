"""Programs that ask about a run every few seconds, as the contract tells them to, over the same connection."""

from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.support.sandbox_server import RunningSandbox

EVERY_SECONDS = 5


def test_a_connection_stays_open_for_the_next_question(server: RunningSandbox) -> None:
    """A server that hangs up just when a program asks again breaks one request in fifteen."""
    with closing(HTTPConnection(urlsplit(server.base_url).netloc)) as connection:
        connection.request("GET", "/openapi.json")
        connection.getresponse().read()
        connection.sock.settimeout(EVERY_SECONDS + 0.5)
        with pytest.raises(TimeoutError):
            connection.sock.recv(1)
