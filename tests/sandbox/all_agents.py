"""All agents on one video, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.sandbox.client import Client, answer

SUBTITLES = "1\n00:00:00,000 --> 00:00:00,900\nHello there\n\n2\n00:00:02,200 --> 00:00:02,900\nand goodbye\n"
TRIM_START, TRIM_END = 0.2, 3.8
CLIP_SECONDS = 3
AT_ONCE = 5
WISHES: Mapping[str, Mapping[str, object]] = {
    "Audio enhance": {},
    "Silence removal": {"min_silence_ms": 300},
    "Rough cut": {"min_pause_ms": 300, "similarity": 1},
    "Reframe": {"aspect": "9:16"},
    "Captions": {"text": SUBTITLES},
    "Clips": {"count": 1, "length_s": CLIP_SECONDS},
    "Shorts maker": {"shapes": "square", "captions": True, "text": SUBTITLES, "min_silence_ms": 300},
    "Watermark": {},
    "Mirror": {},
    "Colour": {},
    "Trim": {"start": TRIM_START, "end": TRIM_END},
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run brought, with a still for each video; `error` is empty where it succeeded."""

    videos: Sequence[Path] = ()
    stills: Sequence[Path] = ()
    error: str = ""


def run_all(client: Client, source: Path, folder: Path) -> dict[str, Outcome]:
    """Upload once, run every agent that there is, download everything."""
    names = {agent["name"] for agent in answer(client.get("/get-user-agents-simple"))["agents"]}
    assert names == set(WISHES), "each agent needs a wish here"
    file_id, runs = client.upload(source), dict[str, str]()
    for agent, wish in WISHES.items():
        if len(runs) >= AT_ONCE:
            client.finish(list(runs.values())[-AT_ONCE])
        runs[agent] = client.start(file_id, agent, wish)
    return {agent: _outcome(client, run_id, folder / agent) for agent, run_id in runs.items()}


def _outcome(client: Client, run_id: str, folder: Path) -> Outcome:
    if client.finish(run_id)["status"] != "success":
        errors = (node["error"] for node in client.full(run_id)["graph"]["nodes"])
        return Outcome(error=next(error for error in errors if error))
    folder.mkdir()
    outputs = client.outputs(run_id)
    return Outcome(
        [_fetched(client, output["download_url"], folder / f"{number}.mp4") for number, output in enumerate(outputs)],
        [_fetched(client, output["thumbnail_url"], folder / f"{number}.jpg") for number, output in enumerate(outputs)],
    )


def _fetched(client: Client, link: str, path: Path) -> Path:
    path.write_bytes(client.storage.get(link).raise_for_status().content)
    return path
