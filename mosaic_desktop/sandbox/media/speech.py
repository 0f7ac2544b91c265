"""Recognising English speech on this computer, with PocketSphinx where it is installed."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from math import inf
from typing import TYPE_CHECKING

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.graphs import GAPLESS, audio_chain, push_all
from mosaic_desktop.sandbox.media.source import Source
from mosaic_desktop.sandbox.media.words import Word

if TYPE_CHECKING:
    from pocketsphinx import Decoder

_NOT_INSTALLED = (
    "This installation cannot recognise speech. Give the words as SRT or VTT text; where the app runs from Python "
    "packages, pip install pocketsphinx adds it."
)
_NO_SOUND = "This video has no sound, so there is no speech to recognise. Give the words as SRT or VTT text."
_NOTHING_HEARD = "No speech was heard in this video. Give the words as SRT or VTT text."
_RATE = 16_000
# Bytes of a second of sound, and seconds of one of the decoder's frames.
_SECOND, _DECODER_FRAME = 2 * _RATE, 0.01
# The dictionary has small letters only.
_I = re.compile(r"^i(?=$|')")
# A third faster, with as many words right.
_FASTER = {"maxhmmpf": 3000, "maxwpf": 10}
# Speech that never pauses, or music taken for speech, is decoded in parts, so that memory stays flat.
_LONGEST_PART = 15 * _SECOND
# Speakers make some ten sounds a second. Music and noise are taken for a word here and there, often a long one. A word
# counts where so many sounds a second are heard within so many seconds of it: near it as by somebody who speaks now and
# then over music, or all around it as by somebody who hesitates.
_ENOUGH_SOUNDS = ((1.5, 5.2), (4.0, 7.0))
# Seconds of silence that belong to each stretch.
_SILENCE = 0.3
# A pause that ends a line, and how long the last word before it stays.
_PAUSE, _STAYS = 0.5, 0.3


class NoSpeechError(MediaError):
    """There is sound, but nobody speaks."""


def recognised(source: Source, report: Callable[[float], None]) -> list[Word]:
    """The words that are said. Raises NoSpeechError where there are none, MediaError where nothing can be heard."""
    try:
        from pocketsphinx import Decoder
    except ImportError as error:
        raise MediaError(_NOT_INSTALLED) from error
    if source.audio is None:
        raise MediaError(_NO_SOUND)
    decoder = Decoder(samprate=_RATE, loglevel="FATAL", **_FASTER)
    heard = [word for start, sound in _speech(source, report) for word in _decoded(decoder, start, sound)]
    if not heard:
        raise NoSpeechError(_NOTHING_HEARD)
    return list(_in_lines(heard))


def _speech(source: Source, report: Callable[[float], None]) -> Iterator[tuple[float, bytes]]:
    """Stretches in which something is said: when each begins, and its samples."""
    from pocketsphinx import Endpointer

    endpointer = Endpointer(sample_rate=_RATE)
    speech, start = bytearray(), 0.0
    for piece in _pieces(source, endpointer.frame_bytes, report):
        said = endpointer.process(piece)
        if said is None:
            continue
        start = start if speech else max(start, endpointer.speech_start)
        speech += said
        if not endpointer.in_speech or len(speech) >= _LONGEST_PART:
            yield start, bytes(speech)
            start += len(speech) / _SECOND
            speech.clear()
    if speech:
        yield start, bytes(speech)


def _pieces(source: Source, size: int, report: Callable[[float], None]) -> Iterator[bytes]:
    """The sound as it is recognised, without holes, in pieces of so many bytes; the last is filled with silence."""
    assert source.audio is not None
    shape = f"sample_fmts=s16:sample_rates={_RATE}:channel_layouts=mono"
    waiting = bytearray()
    for frame in push_all(audio_chain(source.audio, [GAPLESS, ("aformat", shape)]), source.sounds()):
        waiting += frame.to_ndarray().tobytes()
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
        report(min(1.0, (frame.time or 0.0) / source.duration) if source.duration else 0.0)
    if waiting:
        yield bytes(waiting).ljust(size, b"\0")


def _decoded(decoder: "Decoder", start: float, sound: bytes) -> Iterator[Word]:
    """The words of one stretch, without those that music or noise was taken for."""
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()
    # Silence and noise are in brackets; the ways to say a word are told apart by numbers in brackets.
    said = [part for part in decoder.seg() or () if part.word[:1] not in "<[+("]
    spans = [(part.start_frame * _DECODER_FRAME, (part.end_frame + 1) * _DECODER_FRAME) for part in said]
    counts = [len((decoder.lookup_word(part.word) or "").split()) for part in said]
    for part, (begin, end) in zip(said, spans, strict=True):
        near = partial(_sounds_a_second, (begin + end) / 2, spans, counts, len(sound) / _SECOND)
        if any(near(within) >= least for within, least in _ENOUGH_SOUNDS):
            yield Word(start + begin, start + end, _I.sub("I", part.word.partition("(")[0]), ends_line=False)


def _sounds_a_second(
    moment: float, spans: Sequence[tuple[float, float]], counts: Sequence[int], seconds: float, within: float
) -> float:
    """How many sounds the words have near this moment of a stretch, which lasts so many seconds."""
    first, last = max(0.0, moment - within), min(seconds, moment + within)
    inside = (max(0.0, min(end, last) - max(begin, first)) / (end - begin) for begin, end in spans)
    return sum(share * count for share, count in zip(inside, counts, strict=True)) / max(last - first - _SILENCE, 0.1)


def _in_lines(heard: Sequence[Word]) -> Iterator[Word]:
    """Words up to the next, so that captions do not flicker, and lines up to the next pause."""
    for word, following in zip_longest(heard, heard[1:]):
        until = following.start if following is not None else inf
        if until - word.end < _PAUSE:
            yield word._replace(end=until)
        else:
            yield word._replace(end=min(word.end + _STAYS, until), ends_line=True)
