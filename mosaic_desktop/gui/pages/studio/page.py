"""The Studio page: the upload queue beside what should happen to its videos."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.events import Event, Refused, RowChanged, Undoable, What
from mosaic_desktop.core.links import youtube_file_id, youtube_id
from mosaic_desktop.core.run import Run, RunId, RunState
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui import ask
from mosaic_desktop.gui.drop import Offered, read_mime
from mosaic_desktop.gui.models.asset_model import AssetModel
from mosaic_desktop.gui.models.listening import listen
from mosaic_desktop.gui.pages.columns import Columns
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.studio.cost import CostWords
from mosaic_desktop.gui.pages.studio.kept_checks import KeptChecks
from mosaic_desktop.gui.pages.studio.kept_forms import KeptForms
from mosaic_desktop.gui.pages.studio.link_dialog import LinkDialog
from mosaic_desktop.gui.pages.studio.queue_card import QueueCard
from mosaic_desktop.gui.pages.studio.queue_commands import QueueCommands
from mosaic_desktop.gui.pages.studio.refusal import Refusal
from mosaic_desktop.gui.pages.studio.wish_card import WishCard
from mosaic_desktop.gui.widgets.soon import Soon

_SHARES = (740, 400)
_KEEP_MS = 1000
_TOLD_WITHIN_MS = 50


class StudioPage(QWidget):
    """`open_runs` shows the Runs page. Lives as long as the workspace; hears the engine until it is destroyed."""

    def __init__(self, parts: PageParts, open_runs: Callable[[], None]) -> None:
        super().__init__()
        self._theme = parts.theme
        self._engine = parts.engine
        self._scope = parts.scope
        self._started: dict[RunId, str] = {}
        self._confirmed = 0
        self._model = AssetModel(parts.engine.store, parts.engine.events, self)
        self._checks = KeptChecks(parts.settings, parts.profile.id)
        self._model.set_checked(self._checks.read(self._model.ids()), True)
        self._keep_soon = Soon(self, self._keep_checks, _KEEP_MS)
        self._queue = QueueCard(parts.theme, self._model, parts.thumbnails, QueueCommands(parts.engine, self._model))
        self._cost = CostWords(parts.account)
        forms = KeptForms(parts.settings, parts.profile.id)
        self._wish = WishCard(parts.theme, parts.settings, forms, parts.engine.agents, parts.scope)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(_scrolling(Columns(parts.settings, "studio", self._queue, self._wish, _SHARES)))
        self._connect(open_runs)
        self._account_soon = Soon(self, self._refresh, _TOLD_WITHIN_MS)
        self._stop_account = parts.account.subscribe(self._account_soon.ask) if parts.account is not None else None
        self._refresh()

    # What the window asks

    def offer(self, offered: Sequence[Offered]) -> None:
        """Adds files, folders and links. What is refused is said above the queue."""
        self._queue.expect()
        self._engine.offer(offered)

    def stop_listening(self) -> None:
        """The account is about to end."""
        if self._stop_account is not None:
            self._stop_account()
            self._stop_account = None
        self._account_soon.stop()

    def paste(self) -> None:
        if offered := read_mime(QGuiApplication.clipboard().mimeData()):
            self.offer(offered)

    # Inside

    def _connect(self, open_runs: Callable[[], None]) -> None:
        self._queue.files_wanted.connect(lambda: self._scope.replace(self._browse_files(), "browse"))
        self._queue.folder_wanted.connect(lambda: self._scope.replace(self._browse_folder(), "browse"))
        self._queue.link_wanted.connect(lambda: self._scope.replace(self._ask_links(), "browse"))
        self._queue.paste_wanted.connect(self.paste)
        self._model.checked_changed.connect(self._on_choice_changed)
        self._wish.changed.connect(self._on_choice_changed)
        self._model.rows_changed.connect(self._refresh)
        for signal in (self._model.checked_changed, self._model.rows_changed):
            signal.connect(self._keep_checks_soon)
        self._wish.run_footer.run.connect(self._on_run)
        self._wish.run_footer.show_runs.connect(open_runs)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._wish.run_footer.press)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self).activated.connect(self._queue.undo)
        listen(self._engine.events, self, self._hear)

    async def _browse_files(self) -> None:
        if files := await ask.choose_files(self, "Add videos"):
            self.offer(files)

    async def _browse_folder(self) -> None:
        if (folder := await ask.choose_folder(self, "Add all videos of a folder")) is not None:
            self.offer([folder])

    async def _ask_links(self) -> None:
        offered = read_mime(QGuiApplication.clipboard().mimeData())
        suggested = [link for link in offered if isinstance(link, str) and not self._why_not(link)]
        dialog = LinkDialog(self._theme, self._why_not, suggested, self)
        if await ask.outcome(dialog) == LinkDialog.DialogCode.Accepted:
            self.offer(dialog.links())

    def _why_not(self, link: str) -> str:
        """Why a link cannot be added, as the engine would say; empty where it can."""
        video = youtube_id(link)
        if video is None:
            return sentence(Problem(Code.UNKNOWN_LINK))
        known = self._engine.store.asset_from(youtube_file_id(video))
        return sentence(Problem(Code.ALREADY_QUEUED)) if known is not None else ""

    # Running

    def _on_run(self) -> None:
        """One run for each checked video. They lose their checks, so a second press starts nothing twice."""
        asset_ids = self._model.runnable_ids()
        if not asset_ids or self._wish.missing:
            return
        runs = self._engine.run(asset_ids, self._wish.wish())
        self._started.update(zip(runs, asset_ids, strict=True))
        self._model.set_checked(asset_ids, False)
        self._confirmed = len(runs)
        self._queue.forget_refused()
        self._refresh()

    def _on_choice_changed(self) -> None:
        self._confirmed = 0
        self._refresh()

    def _refresh(self) -> None:
        footer, choice = self._wish.run_footer, self._model.choice
        count, checked = choice.runnable, choice.tally.count
        if self._confirmed:
            footer.show_added(self._confirmed)
        elif not self._model.rowCount():
            footer.show_missing(0, 0, "Add a video to begin")
        elif not checked:
            footer.show_missing(0, 0, "Check the videos to run on")
        elif not count:
            footer.show_missing(0, checked, "Retry what failed, or check other videos")
        elif self._wish.missing:
            footer.show_missing(count, checked, self._wish.missing)
        else:
            lines = (self._wish.wish_words(), self._wait_words(), self._cost_words())
            footer.show_ready(count, checked, "\n".join(filter(None, lines)))

    def _wait_words(self) -> str:
        """Said of those whose upload is still under way."""
        waiting = self._model.choice.waiting
        if not waiting:
            return ""
        if waiting == self._model.choice.runnable:
            return "Starts when the upload is confirmed" if waiting == 1 else "Each starts when its upload is confirmed"
        return f"{waiting:,} {'starts after its upload' if waiting == 1 else 'start after their uploads'}"

    def _cost_words(self) -> str:
        if not self._cost.tells_of(self._model.choice.runnable):
            return ""  # nor is there a reason to go through the queue, at each change of it
        lengths = [asset.media.duration if asset.media else None for asset in self._model.runnable()]
        return self._cost.of(self._wish.wish().title, lengths)

    def _hear(self, event: Event) -> None:
        match event:
            case Refused():
                self._queue.show_refused(event)
            case Undoable():
                self._queue.show_undoable(event)
            case RowChanged(what=What.REMOVED, row=Asset() as asset):
                self._queue.show_removed(asset)
            case RowChanged(row=Run() as run) if run.id in self._started and run.state is RunState.FAILED:
                self._on_start_refused(run)
            case _:
                pass

    def _on_start_refused(self, run: Run) -> None:
        """A value that the service does not take is shown where it was entered, ready for another press of Run."""
        asset_id, problem, agent_id = self._started.pop(run.id), run.problem, run.spec.agent_id
        if problem is None or problem.field is None or agent_id is None:
            return
        refusal = Refusal(problem.field, run.spec.parameters.get(problem.field), sentence(problem))
        if self._wish.show_refusal(agent_id, refusal):
            self._model.set_checked([asset_id], True)

    def _keep_checks_soon(self) -> None:
        if self.isVisible():  # out of sight nobody checks anything, and the application may be ending
            self._keep_soon.ask()

    def _keep_checks(self) -> None:
        self._keep_soon.stop()
        self._checks.keep(self._model.ids(), dict.fromkeys(self._model.checked_ids()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wish.load()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # another page is shown, not just another window in front
            self._queue.forget_refused()
            self._keep_checks()  # the application may be about to end


def _scrolling(cards: QWidget) -> QWidget:
    """In one column of a low window the cards keep their least height, and the page scrolls."""
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(cards)
    return scroll
