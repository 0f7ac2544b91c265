"""Above every page while the service does not accept the account's key: what that means, and the way on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mosaic_desktop.core.errors import Code
from mosaic_desktop.core.events import Event, ServiceReached
from mosaic_desktop.core.ports import Profile
from mosaic_desktop.gui.models.listening import listen
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.jobs.engine import Engine

_WORDS = (
    "Mosaic does not accept the API key of this account any more. What needs it waits; runs that have started go on at"
    " Mosaic. Enter another key, and everything goes on from here."
)
_LOCAL_WORDS = "The local Mosaic does not accept its key any more. Leave it and open it again, and everything goes on."


class KeyBanner(QWidget):
    """Hidden while the key is accepted. `key_wanted` when the user wants to enter another one."""

    key_wanted = Signal()

    def __init__(self, theme: Theme, engine: Engine, profile: Profile) -> None:
        super().__init__()
        words, action = (_LOCAL_WORDS, "") if profile.is_local else (_WORDS, "Enter another key…")
        banner = Banner(theme, BannerKind.BAD, words, action)
        banner.acted.connect(self.key_wanted)
        room = QHBoxLayout(self)
        room.setContentsMargins(Space.XL, Space.L, Space.XL, 0)
        room.addWidget(banner)
        self.hide()
        listen(engine.events, self, self._hear)

    def _hear(self, event: Event) -> None:
        """That the service cannot be reached says nothing about the key."""
        if isinstance(event, ServiceReached):
            if event.problem is None:
                self.hide()
            elif event.problem.code == Code.INVALID_KEY:
                self.show()
