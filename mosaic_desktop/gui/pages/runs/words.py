"""A run's settings and its waiting in words, for the card beside the list. Pure."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from mosaic_desktop.core.asset import SENDING_ASSET_STATES, Asset, AssetState
from mosaic_desktop.core.errors import Code
from mosaic_desktop.core.parameters import Field, FieldKind
from mosaic_desktop.core.run import ParameterValue, Run
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.units import format_percent, plural
from mosaic_desktop.gui.widgets.facts_table import Fact

_TITLE_LENGTH = 44
_TEXT_LENGTH = 200
_OUT_OF_CREDITS = (
    "There are not enough credits for this run, so it waits and nothing is charged. "
    "Top up at Mosaic, then press Continue."
)


def short_title(run: Run) -> str:
    """For a card's header; the whole prompt stands below."""
    title = "Prompt" if run.spec.prompt is not None else run.spec.title
    return title if len(title) <= _TITLE_LENGTH else f"{title[: _TITLE_LENGTH - 1].rstrip()}…"


def parameter_facts(run: Run, fields: Sequence[Field] | None) -> tuple[Fact, ...]:
    """What was set, by the titles of `fields`; empty where nothing was set. An agent without fields has names alone, of
    one that cannot be asked (None) they are made readable.
    """
    known = {field.name: field for field in fields or ()}
    ordered = sorted(run.spec.parameters, key=lambda name: _place(name, known))
    facts = [_fact(name, run.spec.parameters[name], known.get(name)) for name in ordered]
    if fields is None:
        facts = [Fact(fact.name.replace("_", " ").capitalize(), fact.value) for fact in facts]
    if run.spec.auto:
        facts.append(Fact("Choose for me", "Yes, whatever is not set above" if facts else "Yes"))
    return tuple(facts)


def _place(name: str, known: Mapping[str, Field]) -> int:
    return list(known).index(name) if name in known else len(known)


def _fact(name: str, value: ParameterValue, field: Field | None) -> Fact:
    if field is None:
        return Fact(name, _plain(value))
    titles = dict(field.choices)
    if field.kind is FieldKind.CHOICE and value in titles:
        return Fact(field.title, titles[value])
    unit = f" {field.unit}" if field.unit and not isinstance(value, bool) else ""
    return Fact(field.title, f"{_plain(value)}{unit}")


def _plain(value: ParameterValue) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        return _short_text(value)
    return f"{value:.10g}".replace("-", "−")


def _short_text(text: str) -> str:
    """Of a long text its first words and its length: subtitles have the size of a book."""
    if len(text) <= _TEXT_LENGTH:
        return " ".join(text.split()) or "Left empty"
    words = " ".join(text[:_TEXT_LENGTH].split())[: _TITLE_LENGTH - 1].rstrip()
    return f"{words}… ({plural(len(text), 'character')})"


def waits_for(run: Run, asset: Asset | None) -> str:
    """Why a run has not begun, and what makes it begin."""
    if run.problem is not None:
        return _OUT_OF_CREDITS if run.problem.code == Code.NO_CREDITS else sentence(run.problem)
    name = run.asset_name or "the video"
    if asset is None or asset.state is AssetState.READY:
        return "This run starts by itself in a moment."
    if asset.state is AssetState.PAUSED:
        return f"The upload of {name} is paused. Resume it in the Studio, and this run starts by itself."
    if asset.state in {AssetState.FAILED, AssetState.CANCELLED}:
        why = f" {sentence(asset.problem)}" if asset.problem is not None else ""
        return f"{name} is not uploaded.{why} Retry the upload in the Studio, and this run starts by itself."
    percent = format_percent(asset.per_mille).replace(" ", "\N{NO-BREAK SPACE}")
    sent = f" ({percent} sent)" if asset.state in SENDING_ASSET_STATES else ""
    return f"This run starts by itself when {name} is uploaded{sent}."


def short_folder(folder: Path, home: Path) -> str:
    """A folder below the user's own without the way there: `Videos/Mosaic`."""
    return folder.relative_to(home).as_posix() if folder.is_relative_to(home) and folder != home else str(folder)
