"""Short sentences of the Studio's forms. Pure."""

_NAME_LENGTH = 32


def shortened(name: str, most: int = _NAME_LENGTH) -> str:
    """A name for the middle of a sentence."""
    one_line = " ".join(name.split())
    return one_line if len(one_line) <= most else f"{one_line[: most - 1].rstrip()}…"


def to_fill_in(title: str) -> str:
    return f"Fill in “{shortened(title)}”"


def to_correct(title: str, hindrance: str) -> str:
    """`Shortest pause: between 100 and 2000 ms`."""
    return f"{shortened(title)}: {hindrance[:1].lower()}{hindrance[1:]}"
