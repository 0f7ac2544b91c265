"""Listing agents, and everything that run-agent takes or refuses."""

from pathlib import Path
from uuid import UUID, uuid4

import jsonschema
import pytest

from tests.sandbox.client import Client, answer, connect, refusal
from tests.support.media import make_clip
from tests.support.sandbox_server import start_sandbox

AGENTS = [
    "Audio enhance",
    "Shorts maker",
    "Silence removal",
    "Reframe",
    "Rough cut",
    "Clips",
    "Captions",
    "Watermark",
    "Colour",
    "Mirror",
    "Trim",
]


def test_agents_describe_themselves(client: Client) -> None:
    agents = answer(client.get("/get-user-agents-simple"))["agents"]
    assert [agent["name"] for agent in agents] == AGENTS
    for agent in agents:
        UUID(agent["id"])
        assert agent["description"].endswith(".")
        assert agent["created_at"].endswith("Z")
        schema = agent["parameters_schema"]
        jsonschema.Draft202012Validator.check_schema(schema)
        for field in schema["properties"].values():
            assert {"title", "description", "default", "type"} <= set(field)
            jsonschema.validate(field["default"], field)


@pytest.mark.parametrize(("limit", "names"), [("1", AGENTS[:1]), ("2", AGENTS[:2]), ("100", AGENTS)])
def test_limit_cuts_the_list(client: Client, limit: str, names: list[str]) -> None:
    agents = answer(client.get(f"/get-user-agents-simple?limit={limit}"))["agents"]
    assert [agent["name"] for agent in agents] == names


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "", "1.5", "٣"])
def test_limits_out_of_bounds_are_refused(client: Client, limit: str) -> None:
    assert refusal(client.get(f"/get-user-agents-simple?limit={limit}")) == (400, "validation_error")


def test_a_run_starts_at_once(client: Client, file_id: str) -> None:
    wish = {"file_id": file_id, "agent_id": client.agent_id("Reframe")}
    started = answer(client.post("/run-agent", wish))
    assert set(started) == {"agent_run_id", "project_id", "agent_group_id"}
    for value in started.values():
        UUID(value)
    assert client.simple(started["agent_run_id"])["status"] in ("running", "success")
    assert client.finish(started["agent_run_id"])["status"] == "success"


def test_long_names_of_parameters_are_not_told_in_full(client: Client, file_id: str) -> None:
    wish = {"file_id": file_id, "agent_id": client.agent_id("Trim"), "parameters": {"x" * 10_000: 1}}
    response = client.post("/run-agent", wish)
    assert refusal(response) == (422, "parameter_out_of_range")
    assert len(response.json()["detail"]) < 200


@pytest.mark.parametrize(
    "change",
    [
        {"file_id": None},
        {"file_id": 5},
        {"file_id": ""},
        {"file_id": "youtube_"},
        {"file_id": "youtube_a b"},
        {"agent_id": None},
        {"agent_id": 5},
        {"prompt": "Make it vertical"},
        {"agent_id": None, "prompt": ""},
        {"agent_id": None, "prompt": "  "},
        {"agent_id": None, "prompt": 5},
        {"parameters": []},
        {"parameters": "denoise=1"},
        {"auto": "yes"},
        {"agent_id": None, "prompt": "Make it vertical", "auto": True},
    ],
)
def test_missing_and_contradictory_fields_are_refused(client: Client, file_id: str, change: dict[str, object]) -> None:
    wish = {"file_id": file_id, "agent_id": client.agent_id("Reframe"), **change}
    assert refusal(client.post("/run-agent", wish)) == (400, "validation_error")


@pytest.mark.parametrize(
    ("agent", "field", "value"),
    [
        ("Audio enhance", "target_lufs", -37),
        ("Audio enhance", "target_lufs", -8.9),
        ("Audio enhance", "denoise", 1.01),
        ("Audio enhance", "denoise", "much"),
        ("Audio enhance", "volume", 3),
        ("Silence removal", "threshold_db", -61),
        ("Silence removal", "min_silence_ms", 99),
        ("Silence removal", "min_silence_ms", 600.5),
        ("Silence removal", "padding_ms", 1001),
        ("Reframe", "aspect", "3:2"),
        ("Reframe", "fit", None),
        ("Rough cut", "similarity", 1.1),
        ("Rough cut", "padding_ms", -1),
        ("Clips", "count", 11),
        ("Clips", "count", 2.5),
        ("Clips", "length_s", 2),
        ("Clips", "count", True),
        ("Clips", "count", "3"),
        ("Colour", "contrast", 1e300),
        ("Trim", "start", None),
        ("Captions", "uppercase", 1),
        ("Captions", "color", "yellow"),
        ("Captions", "color", "#FFD400\n"),
        ("Captions", "text", "x" * 200_001),
        ("Watermark", "text", ["Acme"]),
    ],
)
def test_parameters_out_of_bounds_name_their_field(
    client: Client, file_id: str, agent: str, field: str, value: object
) -> None:
    wish = {"file_id": file_id, "agent_id": client.agent_id(agent), "parameters": {field: value}}
    response = client.post("/run-agent", wish)
    assert refusal(response) == (422, "parameter_out_of_range")
    assert response.json()["field"] == field
    assert field in response.json()["detail"]


def test_unknown_ids_are_not_found(client: Client, file_id: str) -> None:
    agent = client.agent_id("Reframe")
    for unknown in (str(uuid4()), "nonsense"):
        assert refusal(client.post("/run-agent", {"file_id": unknown, "agent_id": agent})) == (404, "not_found")
        assert refusal(client.post("/run-agent", {"file_id": file_id, "agent_id": unknown})) == (404, "not_found")


def test_what_belongs_to_another_account_is_forbidden(client: Client, other: Client, file_id: str) -> None:
    mine, theirs = client.agent_id("Reframe"), other.agent_id("Reframe")
    assert refusal(other.post("/run-agent", {"file_id": file_id, "agent_id": theirs})) == (403, "forbidden")
    assert refusal(client.post("/run-agent", {"file_id": file_id, "agent_id": theirs})) == (403, "forbidden")
    run_id = client.start(file_id, "Reframe")
    for path in ("get-agent-run", "get-agent-run-simple", "get-agent-run-outputs"):
        assert refusal(other.get(f"/{path}/{run_id}")) == (403, "forbidden")
    node = client.full(run_id)["graph"]["nodes"][0]["id"]
    assert refusal(other.post(f"/retry-agent-run-node/{node}")) == (403, "forbidden")
    assert refusal(other.get(f"/download-rendered-video/{node}")) == (403, "forbidden")
    assert mine != theirs
    client.finish(run_id)


def test_a_prompt_chooses_agent_and_parameters(client: Client, file_id: str) -> None:
    wish = {"file_id": file_id, "agent_id": None, "prompt": "Make it a square for Instagram"}
    run_id = answer(client.post("/run-agent", wish))["agent_run_id"]
    state = client.finish(run_id)
    assert state["status"] == "success"
    assert state["agent_id"] == client.agent_id("Reframe")
    assert "Understood: Reframe, shape 1:1." in state["status_message"]


def test_explicit_parameters_win_over_the_prompt(client: Client, file_id: str) -> None:
    wish = {"file_id": file_id, "prompt": "Make it square", "parameters": {"aspect": "wide"}}
    assert refusal(client.post("/run-agent", wish)) == (422, "parameter_out_of_range")


def test_an_unclear_prompt_says_what_it_does_instead(client: Client, file_id: str) -> None:
    run_id = answer(client.post("/run-agent", {"file_id": file_id, "prompt": "Surprise me"}))["agent_run_id"]
    assert "Audio enhance runs" in client.simple(run_id)["status_message"]
    client.finish(run_id)


def test_a_youtube_video_is_replaced_by_a_stand_in(client: Client) -> None:
    state = client.finish(client.start("youtube_dQw4w9WgXcQ", "Silence removal"))
    assert state["status"] == "success"
    assert "YouTube is not reachable from the local Mosaic, so a stand-in clip is used." in state["status_message"]


def test_ten_runs_at_once_are_the_most(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "long.mp4", seconds=5, size=(640, 360))
    with start_sandbox(tmp_path / "data") as server, connect(server.base_url, server.api_key) as client:
        wish = {"file_id": client.upload(clip), "agent_id": client.agent_id("Reframe")}
        answers = [client.post("/run-agent", wish) for _ in range(10)]
        assert {response.status_code for response in answers} == {200}
        assert refusal(client.post("/run-agent", wish)) == (403, "concurrent_agent_limit")
