"""The program, which gets a signal at the very moment at which it says something: ``... SEEN SIGNAL WORDS...``.

From outside, the signal would come later, and on a busy machine too late.
"""

import io
import json
import os
import signal
import sys
from collections.abc import Mapping

from mosaic_desktop.app.entry import main


class Fateful(io.TextIOWrapper):
    """Standard output whose first line that holds every pair of ``seen`` sends the signal ``name``."""

    def __init__(self, seen: Mapping[str, object], name: signal.Signals) -> None:
        super().__init__(sys.stdout.buffer, sys.stdout.encoding)
        self._seen = seen
        self._name = name
        self._said = ""
        self._is_over = False

    def write(self, text: str, /) -> int:
        self._said += text
        return super().write(text)

    def flush(self) -> None:
        super().flush()
        said, self._said = self._said, ""
        if not self._is_over and any(self._seen.items() <= json.loads(line).items() for line in said.splitlines()):
            self._is_over = True
            os.kill(os.getpid(), self._name)


if __name__ == "__main__":
    seen, number, *words = sys.argv[1:]
    sys.argv[1:] = words
    sys.stdout = Fateful(json.loads(seen), signal.Signals(int(number)))
    raise SystemExit(main())
