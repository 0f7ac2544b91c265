"""Two cards side by side with a handle between them that is remembered; one above the other where room is short."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from mosaic_desktop.core.ports import SettingsStore
from mosaic_desktop.gui.theme.metrics import Size, Space

_ONE_COLUMN_BELOW = 1000 - Size.RAIL


class Columns(QSplitter):
    """`key` names the remembered split; `shares` are the widths at first."""

    def __init__(
        self, settings: SettingsStore, key: str, first: QWidget, second: QWidget, shares: tuple[int, int]
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._settings = settings
        self._key = f"columns.{key}"
        self._shares = shares
        self._placed = False
        self.setHandleWidth(Space.L)
        self.setChildrenCollapsible(False)
        self.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        for card, share in ((first, shares[0]), (second, shares[1])):
            self.addWidget(card)
            self.setStretchFactor(self.count() - 1, share)
        self.splitterMoved.connect(self._on_moved)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _ONE_COLUMN_BELOW
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if wanted != self.orientation() or not self._placed:
            self.setOrientation(wanted)
            super().resizeEvent(event)
            self._place()
            return
        super().resizeEvent(event)

    def _place(self) -> None:
        """Give both their remembered share, or the first one."""
        self._placed = True
        length = self.width() if self.orientation() is Qt.Orientation.Horizontal else self.height()
        share = self._remembered()
        self.setSizes([round(length * share), round(length * (1 - share))])

    def _name(self) -> str:
        return self._key if self.orientation() is Qt.Orientation.Horizontal else f"{self._key}.narrow"

    def _remembered(self) -> float:
        text = (self._settings.value.layout or {}).get(self._name(), "")
        try:
            return min(0.9, max(0.1, float(text)))
        except ValueError:
            return self._shares[0] / sum(self._shares)

    def _on_moved(self) -> None:
        first, second = self.sizes()
        layout = {**(self._settings.value.layout or {}), self._name(): f"{first / max(1, first + second):.3f}"}
        self._settings.change(layout=layout)
