"""A list that says what to do while it is empty, and that a search found nothing."""

from PySide6.QtWidgets import QAbstractItemView, QStackedWidget

from mosaic_desktop.gui.models.row_filter import RowFilter
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import Button
from mosaic_desktop.gui.widgets.empty_state import EmptyState


class Listing(QStackedWidget):
    """`empty` invites while the model has no rows; `show_all` is the button that ends a search without results."""

    def __init__(
        self, theme: Theme, view: QAbstractItemView, rows: RowFilter, empty: EmptyState, show_all: Button
    ) -> None:
        super().__init__()
        self._rows = rows
        self._view = view
        self._empty = empty
        self._nothing = EmptyState(theme, "search", "Nothing found", "No row matches this search.", show_all)
        for widget in (view, empty, self._nothing):
            self.addWidget(widget)
        for model in (rows, rows.sourceModel()):
            for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset, model.layoutChanged):
                signal.connect(self.refresh)
        self.refresh()

    @property
    def is_empty(self) -> bool:
        """Whether there are no rows at all, whatever is searched for."""
        return not self._rows.sourceModel().rowCount()

    def refresh(self) -> None:
        if self.is_empty:
            self.setCurrentWidget(self._empty)
        elif not self._rows.rowCount() and self._rows.filters:
            self.setCurrentWidget(self._nothing)
        else:
            self.setCurrentWidget(self._view)


def select_first(view: QAbstractItemView) -> None:
    """What the card beside `view` shows is selected in it: the current row, or the first one. Where something is
    selected already, that stays.

    A view that gets the keyboard makes its first row current by itself, without selecting it.
    """
    if view.model().rowCount() and not view.selectionModel().hasSelection():
        current = view.currentIndex()
        view.setCurrentIndex(current if current.isValid() else view.model().index(0, 0))
