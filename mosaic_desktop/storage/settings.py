"""What the user chose, as one small JSON file that people can read. No secrets."""

import asyncio
import itertools
import json
import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from mosaic_desktop.core.ports import Settings
from mosaic_desktop.storage.setting_fields import plain, understood
from mosaic_desktop.storage.whole_file import write_whole

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 0.3  # a splitter that is dragged changes many times a second


class JsonSettings:
    """Implements the SettingsStore port. Reads the file when created; writes it on a thread of its own.

    The file keeps what a newer version wrote and this one does not know, and names only what was ever chosen, so that
    a default may differ in a later version. ``trouble`` is the sentence for the user where the file was of no use, and
    ``set_aside`` names such a file that was put out of the way; else both are None.
    """

    def __init__(self, path: Path, defaults: Settings) -> None:
        self._path = path
        self.trouble: str | None = None
        self.set_aside: Path | None = None
        self._is_in_the_way = False
        self._written = self._load()
        self._value = replace(defaults, **understood(self._written))
        self._thread = ThreadPoolExecutor(1, "settings")
        self._last_write: Future[None] | None = None
        self._write_is_due = False
        self._lock = threading.Lock()
        self._hurry = threading.Event()

    @property
    def value(self) -> Settings:
        return self._value

    def change(self, **changes: object) -> Settings:
        """Returns at once; the file follows within a moment. Raises TypeError for a name that is no setting."""
        self._value = replace(self._value, **changes)  # type: ignore[arg-type]
        with self._lock:
            for name in changes:
                self._written[name] = plain(name, getattr(self._value, name), self._written.get(name))
            if not self._write_is_due:
                self._last_write = self._thread.submit(self._write_soon)
                self._write_is_due = True
        return self._value

    async def aclose(self) -> None:
        """Returns when the last change is on disk. May be repeated."""
        self._hurry.set()
        if self._last_write is not None:
            await asyncio.wrap_future(self._last_write)
        self._thread.shutdown(wait=False)

    def _load(self) -> dict[str, Any]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            log.warning("the settings cannot be read: %s", error.strerror)
            self.trouble = f"The settings cannot be read ({error.strerror}), so the defaults hold."
            self._is_in_the_way = True  # somebody may mend it, so that it is moved only if it would be lost
            return {}
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return found
        self.trouble = "The settings are damaged, so the defaults hold."
        self._is_in_the_way = True
        try:
            self._make_way()
        except OSError as error:
            log.warning("the damaged settings stay where they are: %s", error.strerror)
        return {}

    def _make_way(self) -> None:
        """Puts a file out of the way that was of no use; nothing is overwritten. Raises OSError."""
        if self._is_in_the_way:
            self.set_aside = _set_aside(self._path)
            self._is_in_the_way = False
            log.warning("the settings were damaged or unreadable; they were kept as %s", self.set_aside.name)

    # On the thread

    def _write_soon(self) -> None:
        self._hurry.wait(_PAUSE_SECONDS)
        with self._lock:
            text = json.dumps(self._written, indent=2, ensure_ascii=False, sort_keys=True)
            self._write_is_due = False
        try:
            self._make_way()
            # Names of folders need not be Unicode.
            write_whole(self._path, f"{text}\n".encode(errors="surrogatepass"))
        except OSError as error:
            log.warning("the settings were not written: %s", error.strerror)


def _set_aside(path: Path) -> Path:
    names = (path.with_name(f"{path.stem}.damaged-{n}{path.suffix}") for n in itertools.count(1))
    return path.rename(next(name for name in names if not name.exists()))
