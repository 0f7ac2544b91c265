"""Above every page while nothing is spent: how many runs wait for credits, and the way on."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from mosaic_desktop.core.events import Event, RowChanged, SpendingHeld
from mosaic_desktop.core.run import Run
from mosaic_desktop.gui.models.listening import listen
from mosaic_desktop.gui.text.window import held_words
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.soon import Soon
from mosaic_desktop.jobs.engine import Engine

_RECOUNT_MS = 250


class HeldBanner(QWidget):
    """Hidden while spending goes on. Counts again when runs change, at most four times a second."""

    def __init__(self, theme: Theme, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._banner = Banner(theme, BannerKind.WARNING, "Out of credits.", "Continue")
        self._banner.acted.connect(engine.continue_spending)
        self._recount_soon = Soon(self, self._recount, _RECOUNT_MS)
        room = QHBoxLayout(self)
        room.setContentsMargins(Space.XL, Space.L, Space.XL, 0)
        room.addWidget(self._banner)
        self._show(engine.spending_held)
        listen(engine.events, self, self._hear)

    def _hear(self, event: Event) -> None:
        match event:
            case SpendingHeld():
                self._show(event)
            case RowChanged(row=Run()) if not self.isHidden():
                self._recount_soon.ask()
            case _:
                pass

    def _recount(self) -> None:
        self._show(self._engine.spending_held)

    def _show(self, held: SpendingHeld) -> None:
        if held.problem is not None:
            self._banner.set_message(BannerKind.WARNING, held_words(held.runs))
        self.setVisible(held.problem is not None)
