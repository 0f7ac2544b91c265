"""Links as Google Cloud Storage signs them (V4), and what a client that overlooks a signed header is told."""

import re

import httpx

from tests.sandbox.client import Client
from tests.sandbox.test_storage import code

DATA = bytes(2048)


def test_a_link_has_all_that_such_links_have(client: Client) -> None:
    asked = httpx.URL(client.announce(len(DATA))["upload_url"]).params
    names = ("Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature")
    assert list(asked) == [f"X-Goog-{name}" for name in names]
    day = asked["X-Goog-Date"].partition("T")[0]
    assert re.fullmatch(rf"[^/]+/{day}/[a-z0-9-]+/storage/goog4_request", asked["X-Goog-Credential"])


def test_a_signed_header_that_is_not_sent_is_named(client: Client) -> None:
    link = client.announce(len(DATA))["upload_url"]
    refused = client.storage.put(link, content=DATA)
    assert code(refused) == (400, "MalformedSecurityHeader")
    assert "content-type" in refused.text
    assert client.put(link, DATA).status_code == 200
