"""Small files that are there whole or not at all, also when the power fails, and that only their user can read."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Replaces ``path``; makes its folder where there is none. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
