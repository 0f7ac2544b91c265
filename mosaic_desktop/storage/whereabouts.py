"""Which keyring holds which secret, by plain names, in a small file. No secrets."""

import json
import logging
import threading
from pathlib import Path

from mosaic_desktop.storage.whole_file import write_whole

log = logging.getLogger(__name__)


class Whereabouts:
    """Used on the threads of the keyring. Without ``path`` it remembers until the process ends."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: dict[str, str] | None = None

    def find(self, name: str) -> str:
        """The plain name of the keyring that holds the secret ``name``; empty where it is not known."""
        with self._lock:
            return self._loaded().get(name, "")

    def note(self, name: str, keyring: str) -> None:
        with self._lock:
            if self._loaded().get(name) != keyring:
                self._loaded()[name] = keyring
                self._write()

    def forget(self, name: str) -> None:
        with self._lock:
            if self._loaded().pop(name, None) is not None:
                self._write()

    def _loaded(self) -> dict[str, str]:
        if self._known is None:
            self._known = {} if self._path is None else _read(self._path)
        return self._known

    def _write(self) -> None:
        """A file that cannot be written costs a better sentence later, and no secret."""
        if self._path is None:
            return
        try:
            write_whole(self._path, json.dumps(self._known, indent=2, sort_keys=True).encode())
        except OSError as error:
            log.warning("which keyring holds the secrets was not written down: %s", error.strerror)


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        log.warning("which keyring holds the secrets cannot be read: %s", type(error).__name__)
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: keyring for name, keyring in found.items() if isinstance(keyring, str)}
