"""Where an output is written: the partial file that it owns, and a final name that nothing else has.

A row that names a partial file owns it until the file is whole or given up, also across restarts.
"""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.core.output import Output
from mosaic_desktop.core.ports import Partial
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.store import Store
from mosaic_desktop.jobs.threads import to_the_end


class Placing:
    """Gives outputs their places, one at a time, so that two of one name do not choose the same."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._choosing = asyncio.Lock()

    async def claim(self, output: Output) -> Output:
        """Returns the row with a partial file of its own in its folder: the one it had, or a new one that is empty."""
        async with self._choosing:
            if output.part is not None and output.part.parent == output.folder:
                if output.part not in self._parts_of_others(output):
                    return output
            elif output.part is not None:  # the user wants it elsewhere by now
                await to_the_end(files.discard, output.part)
            part = files.part_of(await self._free(output))
            return self._store.put(replace(output, part=part, etag=None, bytes_kept=0, bytes_done=0, path=None))

    async def free_target(self, output: Output) -> Path:
        """A final name for a file that is whole, where the one it was to have is taken by now."""
        async with self._choosing:
            return await self._free(output)

    async def kept_of(self, output: Output) -> Partial | None:
        """What can be gone on with; the partial file is cut to that. Raises LocalFileError (FOLDER_MISSING...)."""
        if output.part is None or output.etag is None or not output.bytes_kept:
            return None
        if not await to_the_end(_cut_to, output.part, output.bytes_kept):
            return None
        return Partial(output.bytes_kept, output.etag)

    async def _free(self, output: Output) -> Path:
        taken = {other.path for other in self._store.outputs() if other.path is not None and other.id != output.id}
        taken |= {target_of(part) for part in self._parts_of_others(output)}
        return await asyncio.to_thread(_free_name, output.folder, output.name, taken)

    def _parts_of_others(self, output: Output) -> set[Path]:
        return {other.part for other in self._store.outputs() if other.part is not None and other.id != output.id}


def target_of(part: Path) -> Path:
    """The name that the partial file is to have once it is whole."""
    return part.with_name(part.name.removesuffix(".part"))


def _free_name(folder: Path, name: str, taken: set[Path]) -> Path:
    try:
        return files.free_name(folder, name, taken)
    except OSError as error:  # the folder may not even be looked into
        raise LocalFileError(Code.FOLDER_UNWRITABLE, error.strerror or "") from error


def _cut_to(part: Path, size: int) -> bool:
    """False where the file does not have that much. Bytes behind ``size`` may not be what was flushed."""
    try:
        if not part.parent.is_dir():  # with what was fetched: perhaps a disk that is not connected
            raise LocalFileError(Code.FOLDER_MISSING)
        if part.stat().st_size < size:
            return False
        os.truncate(part, size)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise LocalFileError(Code.FOLDER_UNWRITABLE, error.strerror or "") from error
    return True
