"""Reading ahead changes nothing but when things are read."""

import threading
from collections.abc import Iterator

import pytest

from mosaic_desktop.sandbox.media.ahead import ahead
from mosaic_desktop.sandbox.media.errors import MediaError


def test_all_come_in_their_order() -> None:
    assert list(ahead(iter(range(100)))) == list(range(100))
    assert list(ahead(iter(()))) == []


def test_an_error_comes_behind_what_was_read_before_it() -> None:
    def broken() -> Iterator[str]:
        yield "read"
        raise MediaError("It ends here.")

    passing = ahead(broken())
    assert next(passing) == "read"
    with pytest.raises(MediaError, match="ends here"):
        next(passing)


def test_nothing_is_read_any_more_after_an_early_end() -> None:
    before, readers = threading.active_count(), set()

    def endless() -> Iterator[int]:
        number = 0
        while True:
            readers.add(threading.get_ident())
            yield (number := number + 1)

    passing = ahead(endless())
    assert next(passing) == 1
    passing.close()
    assert threading.active_count() == before
    assert threading.get_ident() not in readers
