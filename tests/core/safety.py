"""What a file name must be on every system."""

import re
import unicodedata
from pathlib import Path, PureWindowsPath

from mosaic_desktop.core.names import MAX_NAME_BYTES

_DEVICE = re.compile(r"(?i)con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]")


def assert_safe(name: str) -> None:
    assert name
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert not set(name) & set('<>:"/\\|?*\0\r\n\t')
    assert name.isprintable()
    assert name not in {".", ".."}
    assert name == name.strip()
    assert not name.startswith(".")
    assert not name.endswith(".")
    assert Path(name).name == name == PureWindowsPath(name).name
    assert not _DEVICE.fullmatch(name.partition(".")[0].strip())
    assert unicodedata.is_normalized("NFC", name)
