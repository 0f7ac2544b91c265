"""Finding out which words are said when: from a text that was given, or by listening."""

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.lettering import drawable, left_out
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.media.speech import NoSpeechError, recognised
from mosaic_desktop.sandbox.media.subtitles import words_of
from mosaic_desktop.sandbox.media.words import Word
from mosaic_desktop.sandbox.steps.mute import nothing_to_hear
from mosaic_desktop.sandbox.steps.notes import WORDS
from mosaic_desktop.sandbox.steps.step import Work

_NO_CUES = (
    "The text of the captions is neither SRT nor VTT. It needs times such as 00:00:01,000 --> 00:00:02,500, each with "
    "its words below. Leave it empty to recognise the speech."
)
_NO_CAPTIONS = "No captions were made."
_TOO_LATE = "The first caption is at {:g} s, but the video ends after {:g} s. Is the text for another video?"


def transcribe(work: Work) -> Made:
    """Write the words and when they are said."""
    text, remark = str(work.parameters["text"]), ""
    if not text.strip() and (made := nothing_to_hear(work, "captions")):
        return made
    try:
        with open_source(work.source) as source:
            if text.strip():
                words, remark = _given(text, source.duration)
            else:
                words = recognised(source, work.report)
    except NoSpeechError as trouble:
        if "captions" not in work.parameters:
            raise
        # Captions are one of several things that were wanted, and the others can be had.
        words, remark = [], f"{_NO_CAPTIONS} {trouble}"
    upper = bool(work.parameters["uppercase"])
    work.write_note(WORDS, [word._replace(text=word.text.upper() if upper else word.text) for word in words])
    return Made(remark=remark)


def _given(text: str, duration: float) -> tuple[list[Word], str]:
    """The words that can be drawn, and a sentence about what cannot."""
    words = words_of(text)
    if not words:
        raise MediaError(_NO_CUES)
    if words[0].start >= duration:
        raise MediaError(_TOO_LATE.format(words[0].start, round(duration, 2)))
    texts = [word.text for word in words]
    drawn = [word._replace(text=text) for word, text in zip(words, drawable(texts), strict=True) if text]
    return drawn, left_out(texts)
