"""What was not added is told in few lines."""

from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.gui.text.refusals import refused_words


def test_refusals_are_collapsed() -> None:
    one = [("notes.txt", Problem(Code.NOT_A_VIDEO))]
    assert refused_words(one) == "Not added. notes.txt: This is not a video that can be read."
    many = refused_words([(f"{n}.txt", Problem(Code.NOT_A_VIDEO)) for n in range(5)])
    assert many == "5 things were not added.\n0.txt, 1.txt, 2.txt and 2 more: This is not a video that can be read."


def test_every_reason_is_told_however_many_things_were_refused() -> None:
    empty = [(f"{n}.mp4", Problem(Code.FILE_EMPTY)) for n in range(5)]
    words = refused_words([*empty, ("list", Problem(Code.UNKNOWN_LINK)), ("n.txt", Problem(Code.NOT_A_VIDEO))])
    assert words.splitlines()[1:] == [
        "0.mp4, 1.mp4, 2.mp4 and 2 more: The file is empty.",
        "list: Only links to single YouTube videos can be added.",
        "n.txt: This is not a video that can be read.",
    ]
    strange = [(f"{n}.mp4", Problem(Code.FILE_EMPTY, f"Reason {n}.")) for n in range(9)]
    assert len(refused_words(strange).splitlines()) <= 8


def test_a_very_long_name_that_was_not_added_stays_on_one_line() -> None:
    long = "a talk that " + "goes on and " * 20 + "ends.mp4"
    words = refused_words([("two\nlines.mp4", Problem(Code.FILE_EMPTY)), (long, Problem(Code.FILE_MISSING))])
    first, second = words.splitlines()[1:]
    assert first == "two lines.mp4: The file is empty."
    assert second.startswith("a talk that goes on")
    assert second.endswith("and ends.mp4: The file is not there any more.")
    assert len(second) < 90
