"""Text for tool tips."""

import html
import textwrap

_WIDTH = 64


def tip(text: str) -> str:
    """`text` in lines of a readable length, and never taken for markup."""
    if "<" in text:
        return f"<p>{html.escape(text)}</p>"
    return "\n".join(
        textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False) for line in text.splitlines()
    )
