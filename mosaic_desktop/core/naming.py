"""How finished files are called: a template that the user writes, filled with safe words.

Whatever a server, an agent or a source is called, the result is one path component that every system takes.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mosaic_desktop.core.names import ROOM_FOR_NAME, cut_to, safe_name, safe_suffix

FIELDS = {
    "source": "the video’s name",
    "agent": "the agent’s name",
    "date": "the day it was rendered, 2026-11-25",
    "time": "the hour it was rendered, 14-05",
    "run": "the beginning of the run’s id",
    "n": "the output’s number in its run",
}
DEFAULT_TEMPLATE = "{source} · {agent}"
_FIELD = re.compile(r"\{([^{}]*)\}")
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Naming:
    """``mirror_folders``: outputs lie in the same subfolders as their sources did below what was dropped."""

    template: str = DEFAULT_TEMPLATE
    mirror_folders: bool = False


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What a template can name. ``source``: without its suffix. ``index``: 0 for a run's first output. ``suffix``: of
    the finished file, with its dot.
    """

    source: str
    agent: str
    rendered_at: datetime
    run: str = ""
    index: int = 0
    suffix: str = ".mp4"


def template_fault(template: str) -> str | None:
    """What is wrong with ``template``, as a sentence for its writer; None where nothing is."""
    for field in _FIELD.findall(template):
        if field not in FIELDS:
            return f"There is no {{{field}}}. There are {', '.join(f'{{{name}}}' for name in FIELDS)}."
    rest = _FIELD.sub("", template)
    if "{" in rest or "}" in rest:
        return "A brace has no partner."
    if "/" in rest or "\\" in rest:
        return "A name cannot hold a slash."
    return None if template.strip() else "The name would be empty."


def render_name(template: str, facts: NameFacts) -> str:
    """The finished file's name. A template without ``{n}`` gets the number from a run's second output on; one that
    cannot be used is taken as the usual one.
    """
    pattern = DEFAULT_TEMPLATE if template_fault(template) else template
    numbered = facts.index and "n" not in _FIELD.findall(pattern)
    suffix = f"{f' {facts.index + 1}' if numbered else ''}{safe_suffix(facts.suffix)}"
    words = {
        "agent": cut_to(safe_name(facts.agent, "edited"), _LONGEST_WORD).strip(),
        "date": facts.rendered_at.strftime("%Y-%m-%d"),
        "time": facts.rendered_at.strftime("%H-%M"),
        "run": safe_name(facts.run, "run")[:8],
        "n": str(facts.index + 1),
    }
    around = len(_filled(pattern, words | {"source": ""}).encode()) + len(suffix.encode())
    copies = max(1, _FIELD.findall(pattern).count("source"))
    source = cut_to(safe_name(facts.source), max(16, (ROOM_FOR_NAME - around) // copies)).strip(". ")
    stem = safe_name(_filled(pattern, words | {"source": source}))
    return f"{cut_to(stem, ROOM_FOR_NAME - len(suffix.encode())).strip('. ')}{suffix}"


def mirrored(folder: Path, subfolder: Path | None) -> Path:
    """``folder`` with the same folders below it as ``subfolder`` names; one that would lead out of it is left out."""
    parts = subfolder.parts if subfolder is not None and not subfolder.is_absolute() else ()
    return folder.joinpath(*(safe_name(part, "folder") for part in parts if part not in {"..", "."}))


def _filled(pattern: str, words: dict[str, str]) -> str:
    return _FIELD.sub(lambda match: words[match.group(1)], pattern)
