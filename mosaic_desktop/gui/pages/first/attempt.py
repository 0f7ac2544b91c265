"""How a way in goes: what happens now with a way to stop it, or why it did not work."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.gui.pages.first.ways_in import Entrance, Way
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.buttons import quiet_button
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.progress_track import ProgressTrack


class Attempt(QWidget):
    """Hidden while nothing is to be told about `way`. `cancelled` is asked for by its Cancel button."""

    cancelled = Signal()

    def __init__(self, theme: Theme, way: Way) -> None:
        super().__init__()
        self._way = way
        self._progress = _Progress(theme)
        self._progress.cancelled.connect(self.cancelled)
        self._trouble = Banner(theme, BannerKind.BAD, "This did not work.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.M, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(self._progress)
        column.addWidget(self._trouble)
        self.show_entrance(Entrance())

    def show_entrance(self, entrance: Entrance) -> None:
        busy, failed = entrance.busy is self._way, entrance.failed is self._way
        self._progress.setVisible(busy)
        self._progress.set_words(entrance.words if busy else "")
        self._trouble.setVisible(failed)
        if failed:
            self._trouble.set_message(BannerKind.WARNING if entrance.unkept else BannerKind.BAD, entrance.words)
        self._keep_room(False)
        self.setVisible(busy or failed)

    def hush(self) -> None:
        """Tells nothing any more; its room stays, so that nothing moves under a user who types."""
        self._keep_room(True)
        self.hide()

    def _keep_room(self, kept: bool) -> None:
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(kept)
        self.setSizePolicy(policy)


class _Progress(QWidget):
    """What happens now, a travelling bar, and Cancel."""

    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._words = text_label(theme, "", TextStyle.SMALL, Tone.SECONDARY, wrap=True)
        self._track = ProgressTrack(theme, "Progress")
        self._track.set_progress(None)
        cancel = quiet_button(theme, "Cancel")
        cancel.clicked.connect(self.cancelled)
        words = QHBoxLayout()
        words.addWidget(self._words, 1)
        words.addWidget(cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.S, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(words)
        column.addWidget(self._track)

    def set_words(self, words: str) -> None:
        self._words.setText(words)
        self._track.setAccessibleName(words or "Progress")
