"""How long each agent of the local Mosaic takes, beside the same passes and filters by the ffmpeg command line."""

import asyncio
import json
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mosaic_desktop.sandbox.agents import AGENTS, Agent
from mosaic_desktop.sandbox.rendering import Job, Workers
from mosaic_desktop.sandbox.steps.notes import CLIPS, KEEP, TRACK
from tests.benchmarks.results import Result, ratio
from tests.benchmarks.stage import Stage
from tests.support.media import footage

_TARGET = 1 / 1.3
_SUBTITLES = "".join(
    f"{n + 1}\n00:00:{2 * n:02},200 --> 00:00:{2 * n + 1:02},900\nHello there and good day\n\n" for n in range(15)
)
_RESULTS = "results"
# Of the film: its width, frames a second, and the width that Reframe leaves, which finds the subject so often a second.
_WIDTH, _RATE, _CROPPED, _FOUND_RATE = 1280, 25, 396, 8
_X264 = "-c:v libx264 -preset veryfast -crf 20 -profile:v high -movflags +faststart"
_LOOK = "-an -vf fps=8,scale=160:160:force_original_aspect_ratio=decrease,format=gray -f null -"
_LISTEN = "-vn -af silencedetect=noise=-38dB:d=0.6 -f null -"
_METER = "-vn -af ebur128=peak=true -f null -"
_CUT = "select='KEEP',setpts=N/FRAME_RATE/TB"
_CUT_SOUND = "aselect='KEEP',asetpts=N/SR/TB"
# As many bits for sound as ours has, which has six channels here.
_AAC = "-c:a aac -b:a 384k"


@dataclass(frozen=True, slots=True)
class Peer:
    """What ffmpeg is told, once for each pass over ``IN``. Other files are in the folder where it runs. It leaves out
    the same parts as the agent: ``KEEP`` is true for what the agent kept, and a pass with ``CLIP`` is for each clip.
    Commands that follow the subject as the agent does are in ``moves``.
    """

    agent: str
    passes: Sequence[str]
    parameters: Mapping[str, object] = field(default_factory=dict)


_CLEAN = ("-i IN -vn -af astats -f null -", "-i IN -vn -af afftdn=nr=15:nf=-60 -c:a flac clean.mka")
_PEERS = (
    Peer("Mirror", [f"-i IN -vf hflip {_X264} -c:a copy out.mp4"]),
    Peer("Colour", [f"-i IN -vf lutyuv=y='clip((val-128)*1.1+128,0,255)' {_X264} -c:a copy out.mp4"]),
    Peer("Trim", [f"-ss 8 -to 20 -i IN {_X264} {_AAC} out.mp4"], {"start": 8, "end": 20}),
    Peer("Watermark", [f"-i IN -vf drawtext=text=Made:x=w-tw-20:y=h-th-20:fontsize=32 {_X264} -c:a copy out.mp4"]),
    Peer("Reframe", [f"-i IN {_LOOK}", f"-i IN -vf sendcmd=f=moves,crop={_CROPPED}:704 {_X264} -c:a copy out.mp4"]),
    Peer("Silence removal", [f"-i IN {_LISTEN}", f"-i IN -vf {_CUT} -af {_CUT_SOUND} {_X264} {_AAC} out.mp4"]),
    Peer("Rough cut", [f"-i IN {_LISTEN}", f"-i IN -vf {_CUT} -af {_CUT_SOUND} {_X264} {_AAC} out.mp4"]),
    Peer(
        "Captions",
        [f"-i IN -vf subtitles=words.srt {_X264} -c:a copy out.mp4"],
        {"text": _SUBTITLES, "style": "plain"},
    ),
    Peer(
        "Clips",
        [f"-i IN {_LOOK}", f"-i IN {_LISTEN}", f"CLIP -i IN {_X264} {_AAC} out.mp4"],
        {"count": 3, "length_s": 5},
    ),
    Peer(
        "Audio enhance",
        [
            *_CLEAN,
            f"-i clean.mka {_METER}",
            f"-i clean.mka -af volume=-3dB {_AAC} sound.m4a",
            f"-i sound.m4a {_METER}",
            "-i IN -i sound.m4a -map 0:v -map 1:a -c copy -movflags +faststart out.mp4",
        ],
        {"target_lufs": -36},  # where no limiter is needed, as ffmpeg here has none
    ),
    Peer(
        "Shorts maker",
        [
            f"-i IN {_LISTEN}",
            f"-i IN {_LOOK}",
            f"-i IN {_LOOK}",
            *_CLEAN,
            f"-i clean.mka -af {_CUT_SOUND} -c:a flac cut.mka",
            f"-i cut.mka {_METER}",
            f"-i cut.mka -af volume=-3dB {_AAC} sound.m4a",
            f"-i sound.m4a {_METER}",
            *(
                f"-i IN -i sound.m4a -map 0:v -map 1:a -vf {_CUT},crop={size},subtitles=words.srt {_X264} -c:a copy "
                f"short{number}.mp4"
                for number, size in enumerate(("396:704", "720:720"))
            ),
        ],
        {"captions": True, "text": _SUBTITLES, "style": "plain", "target_lufs": -36},
    ),
)


def measure(stage: Stage) -> Iterator[Result]:
    source = _film(stage.folder, loops=1 if stage.quick else 5)
    (stage.folder / "words.srt").write_text(_SUBTITLES)
    for peer in _PEERS:
        agent = next(agent for agent in AGENTS if agent.name == peer.agent)
        ours, theirs = [], []
        for _ in range(1 if stage.quick else 3):
            ours.append(asyncio.run(_by_agent(agent, peer.parameters, source, stage.folder)))
            theirs.append(_by_ffmpeg(list(_told(peer, source, stage.folder)), stage.folder))
        yield ratio(f"speed of {agent.name}", _TARGET, ours, theirs, "ffmpeg")


def _film(folder: Path, loops: int) -> Path:
    """Real film, again and again, with a second of silence in each four."""
    path = folder / "film.mp4"
    _ffmpeg(
        f"-stream_loop {loops} -i {footage('bigbuckbunny.mp4')} -c:v copy -c:a aac "
        f"-af volume=0:enable='lt(mod(t,4),1)' {path}",
        folder,
    )
    return path


def _told(peer: Peer, source: Path, folder: Path) -> Iterator[str]:
    """The passes, with what the agent found out in its latest run."""
    kept, clips = (_spans(folder / _RESULTS, name) for name in (KEEP, CLIPS))
    for track in folder.glob(f"{_RESULTS}/track/{TRACK}"):
        (folder / "moves").write_text(_moves(json.loads(track.read_text())["centres"]))
    inside = "+".join(f"between(t,{first},{last})" for first, last, *_ in kept)
    for arguments in peer.passes:
        told = arguments.replace("IN", str(source)).replace("KEEP", inside)
        if "CLIP" in told:
            yield from (told.replace("CLIP", f"-ss {first} -to {last}") for first, last, *_ in clips)
        else:
            yield told


def _spans(results: Path, name: str) -> list[list[float]]:
    return [span for note in results.glob(f"*/{name}") for span in json.loads(note.read_text())]


def _moves(centres: Sequence[Sequence[float]]) -> str:
    """The left edge of a crop for each frame, as commands of ffmpeg."""
    middles = np.array(centres)[:, 0] * _WIDTH
    moments = np.arange(0, middles.size, _FOUND_RATE / _RATE)
    lefts = np.interp(moments, np.arange(middles.size), middles) - _CROPPED / 2
    return "".join(
        f"{moment / _FOUND_RATE:.3f} crop x {left:.0f};\n"
        for moment, left in zip(moments, lefts.clip(0, _WIDTH - _CROPPED), strict=True)
    )


def _by_ffmpeg(passes: Sequence[str], folder: Path) -> float:
    began = time.perf_counter()
    for arguments in passes:
        _ffmpeg(arguments, folder)
    return time.perf_counter() - began


def _ffmpeg(arguments: str, folder: Path) -> None:
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    # The quotes are ffmpeg's own, and no argument has a space in it.
    subprocess.run([*command, *arguments.split()], cwd=folder, check=True)


async def _by_agent(agent: Agent, parameters: Mapping[str, object], source: Path, folder: Path) -> float:
    """Seconds for all nodes of a run, one after the other, in a worker that is there already."""
    workers = Workers()
    settings = {**agent.defaults, **parameters}
    results = folder / _RESULTS
    shutil.rmtree(results, ignore_errors=True)
    try:
        await workers.render(Job("measure", source, results), lambda *_: None)
        began = time.perf_counter()
        for node in agent.nodes_for(parameters):
            (results / node.type).mkdir(parents=True)
            inputs = {name: results / name for name in node.after}
            await workers.render(Job(node.type, source, results / node.type, inputs, settings), lambda *_: None)
        return time.perf_counter() - began
    finally:
        await workers.close()
