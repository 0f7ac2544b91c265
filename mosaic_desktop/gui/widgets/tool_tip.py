"""Text for tool tips."""

import html
import textwrap

from mosaic_desktop.gui.widgets.row_view import RowView

_WIDTH = 64


def tip(text: str) -> str:
    """`text` in lines of a readable length, and never taken for markup."""
    if "<" in text:
        return f"<p>{html.escape(text)}</p>"
    return "\n".join(
        textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False) for line in text.splitlines()
    )


def row_tip(view: RowView) -> str:
    """All that there is to read of a row."""
    states = " · ".join(words for words in (view.state, view.right_text, view.end_text) if words)
    return tip("\n".join(words for words in (view.title, states, view.subtitle, view.more) if words))
