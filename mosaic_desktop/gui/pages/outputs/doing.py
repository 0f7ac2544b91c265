"""What each action does to the chosen outputs."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from mosaic_desktop.core.actions import Action
from mosaic_desktop.core.output import Output
from mosaic_desktop.gui import ask, desktop
from mosaic_desktop.gui.pages.opening import no_file_manager, open_file
from mosaic_desktop.gui.pages.outputs.commands import actions_of, removal_words
from mosaic_desktop.gui.pages.outputs.output_rows import OutputRows
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.trouble import Trouble


class OutputDoing:
    """`trouble` is told what did not work; `go(page, row id)` shows another page."""

    def __init__(self, parts: PageParts, rows: OutputRows, trouble: Trouble, go: Callable[[str, str], None]) -> None:
        self._engine = parts.engine
        self._scope = parts.scope
        self._rows = rows
        self._trouble = trouble
        self._go = go

    def do(self, chosen: Sequence[Output], action: Action) -> None:
        """Does it to those for which it makes sense."""
        outputs = [output for output in chosen if action in actions_of(output, gone=self._rows.is_gone(output))]
        ids = [output.id for output in outputs]
        match action:
            case Action.PAUSE:
                self._engine.pause_download(ids)
            case Action.RESUME | Action.RETRY:
                self._engine.resume_download(ids)
            case Action.REMOVE if outputs:
                self._scope.replace(self._remove(outputs), "question about outputs")
            case Action.SHOW_RUN if outputs:
                self._go("runs", outputs[0].run_id)
            case Action.SHOW_IN_FOLDER:
                for path in {path.parent: path for output in outputs if (path := output.path)}.values():
                    self._show_in_folder(path)
            case _:
                for output in outputs:
                    self._do_one(action, output)

    def _do_one(self, action: Action, output: Output) -> None:
        match action:
            case Action.OPEN if output.path is not None:
                self._scope.start(self._open(output, output.path), "open output")
            case Action.DOWNLOAD_AGAIN:
                self._rows.set_gone(self._rows.gone - {output.id})
                self._engine.download_again(output.id)
            case Action.CANCEL:
                self._engine.cancel_download(output.id)
            case _:
                pass

    async def _open(self, output: Output, path: Path) -> None:
        """A file may have been moved or deleted since it was last looked for."""
        if await asyncio.to_thread(path.exists):
            self._trouble.tell(open_file(path))
        else:
            self._trouble.clear()
            self._rows.set_gone(self._rows.gone | {output.id})

    def _show_in_folder(self, path: Path) -> None:
        desktop.show_in_folder(path, self._trouble, lambda: self._trouble.tell(no_file_manager(path)))

    async def _remove(self, outputs: Sequence[Output]) -> None:
        """Rows only, so it is asked about only where the video is nowhere else."""
        lost = removal_words(outputs)
        if not lost or await ask.confirm(self._trouble.window(), "Remove from the list?", lost, "Remove"):
            self._engine.forget_outputs([output.id for output in outputs])
