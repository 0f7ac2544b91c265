"""What one row shows, and where. Values and arithmetic only, so that layout is testable without painting."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt

from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.palette import StateKind

RowRole: int = Qt.ItemDataRole.UserRole.value + 100
"""Item role under which a model answers a `RowView`."""

COMPACT_BELOW = 560
_SMALL_THUMB_BELOW = 420
_CHECKBOX = 16
_MENU = 32
_STATE_MIN, _STATE_MAX = 168, 208  # the longest words for a state fit into the least
_END_MIN = 48  # so that the state column stands still from row to row
_GAP = 12


@dataclass(frozen=True, slots=True)
class RowView:
    """One row, in words.

    `state` is the word ("Uploading 62 %"), `icon` its icon; `right_text` stands at the other end of the same line,
    `end_text` in a column of its own at the end. `progress` is per mille or None. `checked` None means no checkbox.
    `thumbnail` is the path of an image file; `placeholder` the icon shown without one. `more`: a sentence for which a
    row has no room; its tool tip says it.
    """

    title: str
    subtitle: str = ""
    state: str = ""
    kind: StateKind = StateKind.NEUTRAL
    icon: str = ""
    right_text: str = ""
    end_text: str = ""
    progress: int | None = None
    checked: bool | None = None
    thumbnail: str = ""
    placeholder: str = "film"
    more: str = ""
    pill: bool = False
    menu: bool = True

    @property
    def accessible_text(self) -> str:
        """One sentence for readers of the screen; models answer it under `AccessibleTextRole`."""
        parts = (self.title, self.state, self.right_text, self.end_text, self.subtitle)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class RowRects:
    """Places of a row's parts, relative to the row. Parts that are not there are empty rectangles."""

    checkbox: QRect
    check_hit: QRect
    thumbnail: QRect
    title: QRect
    subtitle: QRect
    state: QRect
    progress: QRect
    end: QRect
    menu: QRect

    def painted(self) -> list[QRect]:
        """All places that get paint; none of them overlap."""
        parts = [self.checkbox, self.thumbnail, self.title, self.subtitle, self.state, self.progress]
        return [rect for rect in (*parts, self.end, self.menu) if not rect.isEmpty()]


def row_layout(
    width: int,
    *,
    checkable: bool = False,
    has_progress: bool = False,
    has_menu: bool = True,
    end_width: int = 0,
) -> RowRects:
    """Divide a row of `width` pixels and the standard height. `end_width` is the room its end text needs.

    From 560 pixels up the state has a column of its own; below, it is a third line under the text.
    """
    left = int(Space.L)
    checkbox = check_hit = QRect()
    if checkable:
        checkbox = QRect(left, (Size.ROW - _CHECKBOX) // 2, _CHECKBOX, _CHECKBOX)
        check_hit = QRect(0, 0, left + _CHECKBOX + 7, Size.ROW)
        left += _CHECKBOX + 14
    thumbnail = _thumbnail(left, width)
    menu = QRect(width - _MENU - Space.L, (Size.ROW - _MENU) // 2, _MENU, _MENU) if has_menu else QRect()
    text_left = thumbnail.right() + 1 + _GAP
    text_right = menu.left() - Space.XS if has_menu else width - Space.M
    if width < COMPACT_BELOW:
        title, subtitle, state, progress, end = _compact(text_left, text_right, has_progress, end_width)
    else:
        title, subtitle, state, progress, end = _wide(width, text_left, text_right, has_progress, end_width)
    return RowRects(checkbox, check_hit, thumbnail, title, subtitle, state, progress, end, menu)


def _thumbnail(left: int, width: int) -> QRect:
    small = width < _SMALL_THUMB_BELOW
    size = (64, 36) if small else (int(Size.THUMB_WIDTH), int(Size.THUMB_HEIGHT))
    return QRect(left, (Size.ROW - size[1]) // 2, *size)


_Parts = tuple[QRect, QRect, QRect, QRect, QRect]


def _compact(left: int, right: int, has_progress: bool, end_width: int) -> _Parts:
    room = max(1, right - left)
    top = 5 if has_progress else 8
    end_width = min(end_width, room // 2)
    end = QRect(right - end_width, top, end_width, 18) if end_width else QRect()
    title = QRect(left, top, room - (end_width + Space.S if end_width else 0), 18)
    subtitle = QRect(left, top + 18, room, 16)
    state = QRect(left, top + 35, room, 17)
    progress = QRect(left, Size.ROW - 8, room, Size.TRACK) if has_progress else QRect()
    return title, subtitle, state, progress, end


def _wide(width: int, left: int, right: int, has_progress: bool, end_width: int) -> _Parts:
    end_width = max(end_width, _END_MIN) if end_width else 0
    end = QRect(right - end_width, (Size.ROW - 18) // 2, end_width, 18) if end_width else QRect()
    state_right = end.left() - _GAP if end_width else right
    state_width = min(max(round(width * 0.28), _STATE_MIN), _STATE_MAX)
    state_left = state_right - state_width
    state = QRect(state_left, 20 if has_progress else (Size.ROW - 20) // 2, state_width, 18 if has_progress else 20)
    progress = QRect(state_left, 43, state_width, Size.TRACK) if has_progress else QRect()
    room = state_left - Space.L - left
    return QRect(left, 15, room, 19), QRect(left, 34, room, 18), state, progress, end
