"""Which deliveries are the same one."""

from mosaic_desktop.webhooks.fingerprint import fingerprint
from tests.webhooks.office import notice


def output(signature: str, file_id: str = "f") -> dict[str, str]:
    link = f"https://storage.invalid/o?X-Goog-Signature={signature}"
    return {"node_id": "n", "file_id": file_id, "download_url": link, "thumbnail_url": link}


def test_an_attempt_with_fresh_links_or_in_another_order_is_the_same_delivery() -> None:
    first = notice(outputs=[output("one")])
    assert fingerprint(first) == fingerprint(notice(outputs=[output("two")]))
    assert fingerprint(first) == fingerprint(b" " + first)
    assert fingerprint(b'{"a": 1, "b": [{"x_url": "p"}]}') == fingerprint(b'{"b": [{"x_url": "q"}], "a": 1}')


def test_whatever_else_differs_makes_another_delivery() -> None:
    bodies = [
        notice(),
        notice("run-2"),
        notice(status="failed"),
        notice(event="agent_run.failed"),
        notice(error_message="no sound"),
        notice(outputs=[output("one")]),
        notice(outputs=[output("one", "another")]),
        notice(outputs=[output("one"), output("one")]),
        b"not JSON",
        b"not JSON either",
    ]
    assert len({fingerprint(body) for body in bodies}) == len(bodies)


def test_nothing_makes_it_fail() -> None:
    for body in (b"", b"\xff", b"[" * 100_000, b"[" * 900 + b"]" * 900, b"1" * 10_000, b"NaN", b'"\\ud800"'):
        assert len(fingerprint(body)) == 64
