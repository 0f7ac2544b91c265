"""Short sentences of the Studio's forms. Pure."""

import html
import textwrap

_TIP_WIDTH = 64
_NAME_LENGTH = 32


def shortened(name: str, most: int = _NAME_LENGTH) -> str:
    """A name for the middle of a sentence."""
    one_line = " ".join(name.split())
    return one_line if len(one_line) <= most else f"{one_line[: most - 1].rstrip()}…"


def tip(text: str) -> str:
    """`text` as a tool tip: in lines of a readable length, and never taken for markup."""
    if "<" in text:
        return f"<p>{html.escape(text)}</p>"
    return "\n".join(textwrap.fill(line, _TIP_WIDTH) for line in text.splitlines())


def to_fill_in(title: str) -> str:
    return f"Fill in “{shortened(title)}”"


def to_correct(title: str, hindrance: str) -> str:
    """`Shortest pause: between 100 and 2000 ms`."""
    return f"{shortened(title)}: {hindrance[:1].lower()}{hindrance[1:]}"
