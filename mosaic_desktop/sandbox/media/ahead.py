"""Reading ahead in a thread: while one picture is worked on, the next ones are decoded."""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_One = TypeVar("_One")
# Enough for the few pictures that take much longer than others.
_AHEAD = 8


def ahead(items: Iterator[_One]) -> Generator[_One, None, None]:
    """The same items in the same order. Its end, also an early one, comes when the thread has ended."""
    with ThreadPoolExecutor(1) as reader:
        coming = deque(reader.submit(next, items, None) for _ in range(_AHEAD))
        while (item := coming.popleft().result()) is not None:
            coming.append(reader.submit(next, items, None))
            yield item
