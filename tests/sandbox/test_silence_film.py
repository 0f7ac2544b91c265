"""Silence removal, measured on real film with real sound, in which pauses were made."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.sandbox.client import Client
from tests.sandbox.measuring import RATE, longest_pause, pictures, place_of, sound
from tests.sandbox.speaking import film_greys, write_video
from tests.support.media import facts, footage

FRAME = 0.04
PAUSES = ((0.0, 0.7), (1.5, 2.3), (2.9, 3.3), (3.9, 5.0))
HEARD = ((0.7, 1.5), (2.3, 2.9), (3.3, 3.9))
LIMIT, PADDING = 0.5, 0.1


def paused_sound() -> NDArray[np.float64]:
    """Five seconds of real sound, everywhere about as loud as speech, but with its pauses."""
    wave = sound(footage("bigbuckbunny.mp4"))[: 5 * RATE].astype(np.float64)
    level = np.sqrt(np.convolve(np.square(wave), np.ones(2400) / 2400, "same"))
    wave *= 0.1 / (level + 1e-4)
    for start, end in PAUSES:
        wave[round(start * RATE) : round(end * RATE)] = 0
    return np.clip(wave, -1, 1)


def test_pauses_of_real_film_go_and_nothing_else(client: Client, tmp_path: Path) -> None:
    source = write_video(tmp_path / "film.mp4", film_greys("bigbuckbunny.mp4"), paused_sound())
    result = client.process(source, "Silence removal", tmp_path / "cut.mp4", min_silence_ms=int(1000 * LIMIT))
    assert longest_pause(result) < LIMIT
    # The pause of 0.4 s stays; the others keep their padding, at the ends on the inner side only.
    assert abs(facts(result).duration - (5.0 - 0.6 - 0.6 - 1.0)) <= 3 * FRAME
    before, after = sound(source), sound(result)
    shown = [(time, picture.astype(np.int16)) for time, picture in pictures(result)]
    original = [picture.astype(np.int16) for _, picture in pictures(source)]
    for start, end in HEARD:
        place, alike = place_of(before[round((start + FRAME) * RATE) : round((end - FRAME) * RATE)], after)
        assert alike > 0.95, "all of it is there, as it was"
        moved = start + FRAME - place
        for time, picture in shown:
            if start <= time + moved < end - FRAME:
                apart = [np.abs(picture - one).mean() for one in original]
                expected = round((time + moved) / FRAME)
                assert min(apart[expected - 1 : expected + 2]) <= min(apart) + 0.5, (
                    "the picture that belongs to the sound"
                )
