"""Words for a state have room wherever a list shows them."""

import pytest

from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.gui.text.states import failed_because, waiting_for
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.row_view import COMPACT_BELOW, row_layout

_ICON = 20


@pytest.mark.parametrize("code", Code)
def test_no_state_is_cut_in_the_narrowest_column(theme: Theme, code: Code) -> None:
    room = row_layout(COMPACT_BELOW, checkable=True).state.width()
    small = theme.font(TextStyle.SMALL)
    failed = failed_because(Problem(code))
    assert _ICON + paint.text_width(small, waiting_for(Problem(code))) <= room
    assert _ICON + paint.text_width(small, failed) <= room
    assert paint.pill_size(theme, failed, "circle-alert").width() <= room
