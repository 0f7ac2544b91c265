"""Agents as a list: icon, name and up to two lines of description."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.gui.pages.fitting_icon import fitting_icon
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Radius
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint

AgentRole: int = Qt.ItemDataRole.UserRole.value + 1
ROW_HEIGHT = 66
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_TILE = 32
_LINE = 16
_GAP = 2
_UNKNOWN_ICON = "wand-sparkles"


class AgentModel(QAbstractListModel):
    """The agents that fit the search, in the service's order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._agents: tuple[Agent, ...] = ()

    def set_agents(self, agents: Sequence[Agent]) -> None:
        self.beginResetModel()
        self._agents = tuple(agents)
        self.endResetModel()

    def index_of(self, agent_id: str) -> QModelIndex:
        rows = (row for row, agent in enumerate(self._agents) if agent.id == agent_id)
        row = next(rows, -1)
        return self.index(row, 0) if row >= 0 else QModelIndex()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._agents)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        agent = self._agents[index.row()]
        if role == AgentRole:
            return agent
        if role == Qt.ItemDataRole.DisplayRole:
            return agent.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{agent.name}. {agent.description}" if agent.description else agent.name
        return None


class AgentList(QListView):
    """One agent can be chosen; arrow keys choose as they move."""

    def __init__(self, theme: Theme, model: AgentModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(_AgentDelegate(theme, self))
        self.setAccessibleName("Agent list")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSpacing(0)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        theme.changed.connect(self.viewport().update)


class _AgentDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        agent = index.data(AgentRole)
        if not isinstance(agent, Agent):
            return
        row: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        box = row.adjusted(0, _GAP // 2, 0, -_GAP // 2)
        painter.save()
        self._paint_ground(painter, box, state, chosen)
        self._paint_tile(painter, box, agent, chosen)
        self._paint_words(painter, _words_box(box), agent)
        painter.restore()

    def _paint_ground(self, painter: QPainter, box: QRect, state: QStyle.StateFlag, chosen: bool) -> None:
        color = self._theme.color
        if chosen:
            paint.fill_round(painter, box, Radius.CONTROL, color(Token.ACCENT_WASH), color(Token.ACCENT))
        elif state & QStyle.StateFlag.State_MouseOver:
            paint.fill_round(painter, box, Radius.CONTROL, color(Token.HOVER))
        keyboard = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_KeyboardFocusChange
        if state & keyboard == keyboard:
            paint.focus_ring(painter, box, Radius.CONTROL, self._theme, Token.ACCENT)

    def _paint_tile(self, painter: QPainter, box: QRect, agent: Agent, chosen: bool) -> None:
        tile = QRect(box.x() + 13, box.y() + (box.height() - _TILE) // 2, _TILE, _TILE)
        ground, mark = (Token.ACCENT_FILL, Token.ON_ACCENT) if chosen else (Token.TRACK, Token.SECONDARY)
        paint.fill_round(painter, tile, Radius.CONTROL, self._theme.color(ground))
        icon = fitting_icon(agent.name, _UNKNOWN_ICON)
        self._theme.icons.paint(painter, tile.adjusted(8, 8, -8, -8), icon, mark)

    def _paint_words(self, painter: QPainter, box: QRect, agent: Agent) -> None:
        strong, small = self._theme.font(TextStyle.BODY_STRONG), self._theme.font(TextStyle.SMALL)
        lines, _ = _two_lines(agent.description, QFontMetrics(small), box.width())
        height = 18 + _LINE * len(lines)
        top = box.y() + (box.height() - height) // 2
        name = QRect(box.x(), top, box.width(), 18)
        paint.draw_text(painter, name, agent.name, strong, self._theme.color(Token.TEXT))
        for number, line in enumerate(lines):
            place = QRect(box.x(), name.bottom() + 1 + number * _LINE, box.width(), _LINE)
            paint.draw_text(painter, place, line, small, self._theme.color(Token.SECONDARY))

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        agent = index.data(AgentRole)
        row: QRect = option.rect
        metrics = QFontMetrics(self._theme.font(TextStyle.SMALL))
        if isinstance(agent, Agent):
            _, cut = _two_lines(agent.description, metrics, _words_box(row).width())
            QToolTip.showText(event.globalPos(), f"{agent.name}\n{agent.description}" if cut else "", view)
        return True


def _words_box(box: QRect) -> QRect:
    return box.adjusted(13 + _TILE + 12, 0, -10, 0)


def _two_lines(text: str, metrics: QFontMetrics, width: int) -> tuple[list[str], bool]:
    """`text` broken at words into at most two lines, the second one with the rest; whether that rest is too long."""
    one_line = " ".join(text.split())
    first = 0
    for end in _word_ends(one_line):
        if metrics.horizontalAdvance(one_line[:end]) > width:
            break
        first = end
    rest = one_line[first:].strip() if first else ""
    lines = [line for line in (one_line[:first] or one_line, rest) if line]
    return lines, metrics.horizontalAdvance(lines[-1]) > width if lines else False


def _word_ends(text: str) -> list[int]:
    return [*(place for place, letter in enumerate(text) if letter == " "), len(text)]
