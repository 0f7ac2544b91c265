"""The reader of videos: the child process in which FFmpeg works. Loads PyAV, so only that process imports it."""

import faulthandler
import os
from contextlib import suppress
from pathlib import Path

from mosaic_desktop.core.child import READY, own_pipes
from mosaic_desktop.core.errors import LocalFileError
from mosaic_desktop.media import film, messages, thumbnail
from mosaic_desktop.media.messages import Question, Wish

_GENTLE = 10  # of 19: it gives way to the window, the transfers and the user's other programs
# The application gives up a file long before. This is for a reader in an endless loop whose application is gone.
_LAST_RESORT = 90.0


def run() -> int:
    """Answers one question after another until standard input ends."""
    if hasattr(os, "nice"):
        os.nice(_GENTLE)
    with suppress(BrokenPipeError):  # nobody is there to hear the answer
        questions, answers = own_pipes()
        with questions, answers, Path(os.devnull).open("wb") as nowhere:
            answers.write(READY)
            answers.flush()
            for line in questions:
                # A thread of C code: it ends this process even while FFmpeg holds the interpreter.
                faulthandler.dump_traceback_later(_LAST_RESORT, exit=True, file=nowhere)
                answers.write(_answer(messages.read_question(line)))
                answers.flush()
                faulthandler.cancel_dump_traceback_later()
    return 0


def _answer(question: Question) -> bytes:
    try:
        with film.open_film(question.path) as (container, picture):
            if question.wish is Wish.FACTS:
                return messages.facts(film.describe(container, picture))
            return messages.picture(thumbnail.picture_of(container, picture))
    except LocalFileError as error:
        return messages.refusal(error)
