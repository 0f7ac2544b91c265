"""Garbage of the window is ended on the window's thread, whoever makes so much that it is looked for."""

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject

from mosaic_desktop.app.garbage import garbage_kept_to_this_thread
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


def forgotten_object(ended_on: list[int]) -> None:
    """A Qt object that only a search for garbage finds."""
    thing = QObject()
    thing.circle = [thing]  # type: ignore[attr-defined]
    weakref.finalize(thing, lambda: ended_on.append(threading.get_ident()))


def make_much(kept: list[object]) -> None:
    kept.extend([] for _ in range(100_000))


def test_garbage_of_the_window_waits_for_its_thread() -> None:
    ended_on: list[int] = []
    kept: list[object] = []
    with garbage_kept_to_this_thread():
        forgotten_object(ended_on)
        worker = threading.Thread(target=make_much, args=(kept,))
        worker.start()
        worker.join()
        assert not ended_on
        until(lambda: bool(ended_on))
    assert ended_on == [threading.get_ident()]
    assert gc.isenabled()


def test_without_it_another_thread_ends_it() -> None:
    """What it is for: otherwise this happens."""
    ended_on: list[int] = []

    def work() -> None:
        gc.enable()
        make_much([])

    gc.disable()  # nothing is looked for before the other thread makes much
    forgotten_object(ended_on)
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert ended_on == [worker.ident]
