"""get-upload-url, PUT and finalize-upload."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.sandbox.client import Client, answer, refusal, signed_in
from tests.support.sandbox_server import RunningSandbox


def test_an_upload_becomes_a_file(client: Client, clips: Path) -> None:
    data = (clips / "short.mp4").read_bytes()
    announced = answer(
        client.post(
            "/video/get-upload-url", {"filename": "My clip.mp4", "file_size": len(data), "content_type": "video/mp4"}
        )
    )
    assert set(announced) == {"upload_url", "video_id", "temp_path"}
    UUID(announced["video_id"])
    assert client.put(announced["upload_url"], data).status_code == 200
    file = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))
    assert set(file) == {"file_uuid", "file_name", "url"}
    assert file["file_name"] == "My clip.mp4"
    assert client.storage.get(file["url"]).content == data


def test_finalizing_again_gives_the_same_file(client: Client) -> None:
    announced = client.announce(2000)
    client.put(announced["upload_url"], b"x" * 2000)
    first = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))
    second = answer(client.post(f"/video/finalize-upload/{announced['video_id']}", {"skip_project_creation": True}))
    assert first["file_uuid"] == second["file_uuid"]


def test_nothing_is_finalized_before_its_bytes_arrived(client: Client) -> None:
    announced = client.announce(2000)
    response = client.post(f"/video/finalize-upload/{announced['video_id']}")
    assert refusal(response) == (400, "validation_error")
    assert "not arrived" in response.json()["detail"]


def test_an_upload_must_be_as_long_as_announced(client: Client) -> None:
    announced = client.announce(2000)
    client.put(announced["upload_url"], b"x" * 1999)
    response = client.post(f"/video/finalize-upload/{announced['video_id']}")
    assert refusal(response) == (400, "validation_error")
    assert "1999" in response.json()["detail"]


@pytest.mark.parametrize(
    "change",
    [
        {"filename": None},
        {"filename": ""},
        {"filename": 5},
        {"file_size": None},
        {"file_size": "2000"},
        {"file_size": True},
        {"file_size": 2000.5},
        {"file_size": 1023},
        {"file_size": 0},
        {"file_size": -1},
        {"file_size": 10 * 1024**3 + 1},
        {"content_type": None},
        {"content_type": "video"},
        {"content_type": "video/mp4\r\nX-Evil: 1"},
        {"content_type": "video/mp4\n"},
        {"content_type": "video/mp4;codecs"},
        {"content_type": 'video/mp4;codecs="\r\nX-Evil: 1"'},
        {"project_id": 7},
        {"project_id": "nonsense"},
    ],
)
def test_unfit_announcements_are_refused(client: Client, change: dict[str, object]) -> None:
    wish = {"filename": "a.mp4", "file_size": 2000, "content_type": "video/mp4", **change}
    assert refusal(client.post("/video/get-upload-url", wish)) == (400, "validation_error")


def test_the_smallest_and_the_largest_upload_may_be_announced(client: Client) -> None:
    client.announce(1024)
    client.announce(10 * 1024**3)


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\Users\\me\\film.mp4", "film\x00.mp4", "фильм 🎬.mp4"])
def test_any_file_name_is_only_a_name(client: Client, name: str) -> None:
    announced = client.announce(2000, filename=name)
    client.put(announced["upload_url"], b"x" * 2000)
    file = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))
    assert "/" not in file["file_name"]
    assert "\\" not in file["file_name"]
    assert client.storage.get(file["url"]).status_code == 200


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_an_empty_body_finalizes_too(client: Client, body: bytes) -> None:
    announced = client.announce(2000)
    client.put(announced["upload_url"], b"x" * 2000)
    answer(client.api.post(f"/video/finalize-upload/{announced['video_id']}", content=body))


def test_a_project_is_used_again_by_a_person_who_signed_in(server: RunningSandbox, client: Client, clips: Path) -> None:
    project = str(uuid4())
    with signed_in(server) as person:
        for uploader, kept in ((person, True), (client, False)):
            file_id = uploader.upload(clips / "short.mp4", project_id=project)
            wish = {"file_id": file_id, "agent_id": uploader.agent_id("Audio enhance")}
            assert (answer(uploader.post("/run-agent", wish))["project_id"] == project) is kept


def test_unknown_uploads_are_not_found(client: Client) -> None:
    assert refusal(client.post(f"/video/finalize-upload/{uuid4()}")) == (404, "not_found")
    assert refusal(client.post("/video/finalize-upload/nonsense")) == (404, "not_found")


def test_uploads_of_another_account_are_forbidden(client: Client, other: Client) -> None:
    announced = client.announce(2000)
    assert refusal(other.post(f"/video/finalize-upload/{announced['video_id']}")) == (403, "forbidden")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"file_size": NaN}',
        b'{"filename": "\\ud800"}',
        b"[" * 100_000,
        '{"filename": "a.mp4", "file_size": 2000, "content_type": "video/mp4"}'.encode("utf-16"),
    ],
)
def test_malformed_bodies_are_refused(client: Client, body: bytes) -> None:
    assert refusal(client.api.post("/video/get-upload-url", content=body)) == (400, "validation_error")


def test_unknown_addresses_and_methods_answer_in_the_same_form(client: Client) -> None:
    assert refusal(client.get("/nothing-here")) == (404, "not_found")
    assert refusal(client.get("/video/get-upload-url")) == (405, "method_not_allowed")
