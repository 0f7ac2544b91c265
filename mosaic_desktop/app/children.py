"""The children of this program, which are this program again under a word that is no command for people."""

from collections.abc import Callable, Mapping, Sequence

from mosaic_desktop.core.program import ChildWord


def child_program(words: Sequence[str]) -> Callable[[], int] | None:
    """What the child does that ``words`` ask for, and returns the exit code; None where they ask for none."""
    return _PROGRAMS.get(words[0]) if len(words) == 1 else None


def _read_videos() -> int:
    from mosaic_desktop.media.reader import run

    return run()


def _move_bytes() -> int:
    from mosaic_desktop.transfers.mover import run

    return run()


def _render_steps() -> int:
    from mosaic_desktop.sandbox.worker import main

    return main()


_PROGRAMS: Mapping[str, Callable[[], int]] = {
    ChildWord.READ_VIDEOS: _read_videos,
    ChildWord.MOVE_BYTES: _move_bytes,
    ChildWord.RENDER_STEPS: _render_steps,
}
