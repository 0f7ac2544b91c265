"""Real film with real sound, many runs of it at once; and what became of its pictures and sounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from tests.sandbox.client import Client
from tests.sandbox.measuring import RATE, place_of, sound
from tests.support.media import footage

SPEECH = Path(__file__).with_name("speech.mp4")
FILMS = ("bigbuckbunny.mp4", "bikes.mp4", "carphone_pristine.mp4")
# The server takes ten, of which tests beside these may want some.
_AT_ONCE = 8
_CODER_FRAMES = 2048
_SMALL = (80, 45)
WIDEST = 640
_NEARLY_LOSSLESS = {"preset": "ultrafast", "crf": "10"}
_Name = TypeVar("_Name")


@dataclass(frozen=True, slots=True)
class Wish:
    """A run of an agent."""

    file_id: str
    agent: str
    parameters: Mapping[str, object]


def excerpt(path: Path, name: str, seconds: float, *, said: Path | None = None, said_from: float = 0.0) -> Path:
    """The first seconds of this film at most WIDEST wide, with the sound of another file from that second on."""
    wave, layout = _sound(said or footage(name), said_from, seconds)
    with av.open(str(footage(name))) as film, av.open(str(path), "w") as out:
        stream = film.streams.video[0]
        share = min(1.0, WIDEST / stream.width)
        rate = stream.average_rate
        assert rate is not None
        video = out.add_stream("libx264", rate=rate, options=_NEARLY_LOSSLESS)
        video.width, video.height, video.pix_fmt = round(stream.width * share), round(stream.height * share), "yuv420p"
        audio = out.add_stream("aac", rate=RATE, layout=layout)
        for number, frame in enumerate(islice(film.decode(stream), round(seconds * rate))):
            picture = frame.reformat(video.width, video.height, format="yuv420p")
            picture.pts, picture.time_base = number, 1 / rate
            out.mux(video.encode(picture))
        out.mux(video.encode(None))
        piece = AudioFrame.from_ndarray(wave, "fltp", layout)
        piece.sample_rate, piece.pts = RATE, 0
        for last in (piece, None):
            out.mux(audio.encode(last))
    return path


def finished(client: Client, folder: Path, wishes: Mapping[_Name, Wish]) -> dict[_Name, Path]:
    """The only output of each run; several are under way at once."""
    names, made = list(wishes), {}
    for first in range(0, len(names), _AT_ONCE):
        batch = names[first : first + _AT_ONCE]
        runs = [client.start(wish.file_id, wish.agent, wish.parameters) for wish in map(wishes.__getitem__, batch)]
        for number, (name, run_id) in enumerate(zip(batch, runs, strict=True), start=first):
            made[name] = client.fetch(run_id, folder / f"made-{number}.mp4")
    return made


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The pictures of a video, grey and small, and their times in seconds."""

    times: NDArray[np.float64]
    greys: NDArray[np.int16]

    @staticmethod
    @lru_cache(maxsize=4)
    def of(path: Path) -> "Shown":
        """Read once for all that is asked about it."""
        times, greys = [], []
        with av.open(str(path)) as container:
            for frame in container.decode(video=0):
                times.append(frame.time)
                greys.append(frame.reformat(*_SMALL, format="gray", interpolation="AREA").to_ndarray())
        return Shown(np.array(times, np.float64), np.array(greys, np.int16))

    def run_in(self, whole: "Shown") -> tuple[int, float]:
        """At which picture of `whole` these begin if they are a run of it, and how far the worst of them is from that,
        in grey values.
        """
        count = len(self.greys)
        firsts = range(len(whole.greys) - count + 1)
        apart = [_apart(self.greys, whole.greys[first : first + count]) for first in firsts]
        first = int(np.argmin([each.mean() for each in apart]))
        return first, float(apart[first].max())

    def lag_behind(self, whole: "Shown", start: float, end: float, moved: float) -> int:
        """By how many pictures those from `start` to `end` come late (or early, below 0), if what is at a time here was
        `moved` seconds later in `whole`.
        """
        inside = np.flatnonzero((self.times >= start) & (self.times < end))
        belonging = np.array([np.argmin(np.abs(whole.times - self.times[one] - moved)) for one in inside])
        shifts = range(-4, 5)
        last = len(whole.greys) - 1
        apart = [_apart(self.greys[inside], whole.greys[np.clip(belonging - by, 0, last)]).mean() for by in shifts]
        return shifts[int(np.argmin(apart))]


def heard_from(part: Path, whole: Path) -> tuple[float, float]:
    """When the sound of `part` begins in that of `whole`, and how alike both are. Coders fill up their last frame."""
    return place_of(sound(part)[:-_CODER_FRAMES], sound(whole))


def carried_over(source: Path, result: Path, start: float, end: float) -> tuple[float, float, int]:
    """What became of a span of the source: how far its sound moved to the front in seconds, how alike that is (1: the
    same), and by how many pictures its picture lags behind it.
    """
    place, alike = place_of(sound(source)[round(start * RATE) : round(end * RATE)], sound(result))
    lag = Shown.of(result).lag_behind(Shown.of(source), place, place + end - start, start - place)
    return start - place, alike, lag


def _sound(path: Path, start: float, seconds: float) -> tuple[NDArray[np.float32], str]:
    """Channels x samples, and the layout of the channels."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        layout = stream.codec_context.layout.name
        floats = av.AudioResampler("fltp", layout, RATE)
        parts = [part.to_ndarray() for frame in container.decode(stream) for part in floats.resample(frame)]
    first = round(start * RATE)
    return np.ascontiguousarray(np.concatenate(parts, axis=1)[:, first : first + round(seconds * RATE)]), layout


def _apart(some: NDArray[np.int16], others: NDArray[np.int16]) -> NDArray[np.float64]:
    means: NDArray[np.float64] = np.abs(some - others).mean(axis=(1, 2), dtype=np.float64)
    return means
