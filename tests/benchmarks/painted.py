"""The application as users start it, that tells when its window and when its queue are on the
screen, and then ends.

What is imported, and when, is part of what is measured: nothing of Qt may be here before the application asks for it.
"""

import importlib.util
import os
import signal
import sys
import time
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING

from mosaic_desktop.app import entry

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_WINDOW = "mosaic_desktop.app.window"


class _Finder(MetaPathFinder):
    """Waits for the application to load its window, and then looks on."""

    def find_spec(self, name: str, path: object, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != _WINDOW:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.loader is not None
        load = spec.loader.exec_module

        def load_and_watch(module: ModuleType) -> None:
            load(module)
            _watch(module)

        spec.loader.exec_module = load_and_watch  # type: ignore[method-assign]
        return spec


def _watch(window: ModuleType) -> None:
    make = window.make_application

    def make_watched() -> "QApplication":
        from tests.benchmarks.paints import Paints

        app: QApplication = make()
        Paints(app, _tell, _end)
        return app

    window.make_application = make_watched  # type: ignore[attr-defined]


def _tell() -> None:
    print(time.monotonic(), flush=True)


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)  # the orderly end


if __name__ == "__main__":
    sys.meta_path.insert(0, _Finder())
    sys.exit(entry.main())
