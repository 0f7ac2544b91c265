"""What each action does to the chosen runs."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QGuiApplication

from mosaic_desktop.core.actions import Action
from mosaic_desktop.core.run import Run
from mosaic_desktop.gui import ask
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.runs.commands import Question, command, question
from mosaic_desktop.gui.pages.trouble import Trouble

_VIDEO_GONE = "The video of this run is not in the queue any more. Add it again in the Studio, then run it."


class RunDoing:
    """`trouble` is told what did not work; `ask_for_id` lets the user type one; `go(page, row id)` shows a page."""

    def __init__(
        self, parts: PageParts, trouble: Trouble, ask_for_id: Callable[[], None], go: Callable[[str, str], None]
    ) -> None:
        self._engine = parts.engine
        self._scope = parts.scope
        self._trouble = trouble
        self._ask_for_id = ask_for_id
        self._go = go

    def do(self, runs: Sequence[Run], action: Action) -> None:
        """At once, or after a question where something cannot be taken back."""
        match action:
            case Action.COPY_RUN_ID:
                QGuiApplication.clipboard().setText("\n".join(run.remote_id or "" for run in runs))
            case Action.SHOW_OUTPUTS if runs:
                self._go("outputs", runs[0].id)
            case Action.RUN_AGAIN if runs:
                self._run_again(runs[0])
            case Action.ENTER_RUN_ID:
                self._ask_for_id()
            case _ if (asked := question(action, runs)) is not None:
                self._scope.replace(self._ask(asked, action, runs), "question about runs")
            case _:
                self._command(action, runs)

    async def _ask(self, asked: Question, action: Action, runs: Sequence[Run]) -> None:
        if await ask.confirm(self._trouble.window(), asked.title, asked.text, asked.yes):
            self._command(action, runs)

    def _command(self, action: Action, runs: Sequence[Run]) -> None:
        self._trouble.clear()
        for run in runs:
            command(self._engine, action, run)

    def _run_again(self, run: Run) -> None:
        """The new run is shown: it may cost, and here the user sees that there is one and can still stop it."""
        again = self._engine.run_again(run.id)
        self._trouble.tell("" if again is not None else _VIDEO_GONE)
        if again is not None:
            self._go("runs", again)
