"""Videos that do not say how long they are: what browsers record, and what was being recorded when power failed."""

from itertools import accumulate, chain, cycle, islice
from pathlib import Path

import av
import pytest

from tests.sandbox.all_agents import CLIP_SECONDS, TRIM_END, TRIM_START, run_all
from tests.sandbox.client import Client
from tests.sandbox.hard_clips import SECONDS, Kind, write_hard
from tests.support.media import facts

# Of sound that is loud for three times 0.4 s, with a padding of 0.1 s on both sides.
LOUD_SECONDS = 3 * 0.6
# As cameras of computers give pictures.
TIMES = [number / 1000 for number in accumulate(chain([0], islice(cycle((17, 50, 32, 34, 16, 33, 31)), 128)))]
LENGTHS = {
    "Silence removal": LOUD_SECONDS,
    "Rough cut": LOUD_SECONDS,
    "Shorts maker": LOUD_SECONDS,
    "Trim": TRIM_END - TRIM_START,
    "Clips": CLIP_SECONDS,
}


def without_its_rate(clip: Path, path: Path, *, live: bool) -> Path:
    """The same, and where it is written `live` nobody goes back to the beginning of the file to say how long it is."""
    with av.open(str(clip)) as source, av.open(str(path), "w", options={"live": str(int(live))}) as target:
        copies = {stream: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = copies[packet.stream]
                target.mux(packet)
    with av.open(str(path)) as made:
        assert (made.duration is None) == live
        assert made.streams.video[0].average_rate is None
    return path


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recorded")
    return write_hard(folder / "clip", Kind(codec="libvpx-vp9", suffix=".webm", sound="libopus", times=TIMES))


def test_every_agent_finds_out_how_long_it_is(client: Client, clip: Path, tmp_path: Path) -> None:
    outcomes = run_all(client, without_its_rate(clip, tmp_path / "recorded.webm", live=True), tmp_path)
    assert {agent: outcome.error for agent, outcome in outcomes.items() if outcome.error} == {}
    for agent, outcome in outcomes.items():
        (video,) = outcome.videos
        assert facts(video).duration == pytest.approx(LENGTHS.get(agent, SECONDS), abs=1 if agent == "Clips" else 0.2)


@pytest.mark.parametrize("live", [True, False])
def test_its_pictures_are_counted(client: Client, clip: Path, tmp_path: Path, *, live: bool) -> None:
    recorded = without_its_rate(clip, tmp_path / "recorded.webm", live=live)
    run_id = client.start(client.upload(recorded), "Mirror")
    client.finish(run_id)
    node = client.node(run_id, "Mirror")
    assert (node["frames_done"], node["frames_total"]) == (len(TIMES), len(TIMES))
