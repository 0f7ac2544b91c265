"""Choosing an agent from plain words, by a small fixed set of rules.

The agent with the most matching words wins, and of equals the one named first. Numbers with a unit set parameters:
"-14 LUFS", "-40 dB", "pauses over 800 ms" (or "0.8 s"), "9:16". A prompt without a known word gets Audio enhance.
"""

import re
from dataclasses import dataclass

from mosaic_desktop.sandbox.agents import AUDIO_ENHANCE, REFRAME, SILENCE_REMOVAL, Agent

_WORDS = {
    SILENCE_REMOVAL: r"silen\w*|pauses?|gaps?|dead air|jump ?cuts?|tighten|tighter",
    REFRAME: r"vertical\w*|portrait|square|landscape|widescreen|shorts?|reels?|tik ?tok|crop\w*|re-?fram\w*|aspect"
    r"|phone|instagram|blur\w*|\d+:\d+",
    AUDIO_ENHANCE: r"nois\w*|hiss|hum|clean\w*|audio|sound\w*|loud\w*|quiet\w*|volume|level\w*|lufs|podcast|enhance\w*",
}
_ASPECTS = {
    "9:16": r"9:16|vertical\w*|shorts?|reels?|tik ?tok|phone",
    "1:1": r"1:1|square",
    "4:5": r"4:5|portrait",
    "16:9": r"16:9|landscape|widescreen",
}
_NUMBER = r"(-?\d+(?:\.\d+)?)"


@dataclass(frozen=True, slots=True)
class Understood:
    """What a prompt came to; `sentence` tells the person."""

    agent: Agent
    parameters: dict[str, object]
    sentence: str


def understand(prompt: str) -> Understood:
    """Always an agent, never an error: an unclear prompt is answered by what the sentence says."""
    text = prompt.lower().replace("\N{MINUS SIGN}", "-")
    matches = {agent: _find_all(words, text) for agent, words in _WORDS.items()}
    best = min(_WORDS, key=lambda agent: (-len(matches[agent]), min(matches[agent], default=0)))
    if not matches[best]:
        return Understood(
            AUDIO_ENHANCE, {}, f"The prompt names nothing this server can do, so {AUDIO_ENHANCE.name} runs."
        )
    parameters = _within_bounds(best, _parameters(best, text))
    settings = "".join(_in_words(best, name, value) for name, value in parameters.items())
    return Understood(best, parameters, f"Understood: {best.name}{settings}.")


def _in_words(agent: Agent, name: str, value: object) -> str:
    schema = agent.properties[name]
    number = f"{value:g}" if isinstance(value, float) else value
    return f", {str(schema['title']).lower()} {number} {schema.get('x-unit', '')}".rstrip()


def _find_all(words: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(rf"(?<!\w)(?:{words})(?!\w)", text)]


def _parameters(agent: Agent, text: str) -> dict[str, object]:
    if agent is REFRAME:
        return _reframe_parameters(text)
    found: dict[str, object] = {}
    if agent is AUDIO_ENHANCE and (match := re.search(rf"{_NUMBER} ?lufs", text)):
        found["target_lufs"] = -abs(float(match[1]))
    if agent is SILENCE_REMOVAL and (match := re.search(rf"{_NUMBER} ?db", text)):
        found["threshold_db"] = -abs(float(match[1]))
    if agent is SILENCE_REMOVAL and (match := re.search(rf"{_NUMBER} ?(ms|milliseconds?|s|sec|seconds?)\b", text)):
        scale = 1 if match[2].startswith("m") else 1000
        found["min_silence_ms"] = round(abs(float(match[1])) * scale)
    return found


def _reframe_parameters(text: str) -> dict[str, object]:
    named = [(min(starts), aspect) for aspect, words in _ASPECTS.items() if (starts := _find_all(words, text))]
    found: dict[str, object] = {"aspect": min(named)[1]} if named else {}
    if re.search(r"\bblur", text):
        found["fit"] = "blur"
    return found


def _within_bounds(agent: Agent, parameters: dict[str, object]) -> dict[str, object]:
    """Numbers moved into what the agent allows, since a wish is not a request that could be refused."""
    moved = dict(parameters)
    for name, value in parameters.items():
        schema = agent.properties[name]
        low, high = schema.get("minimum"), schema.get("maximum")
        if isinstance(value, (int, float)) and isinstance(low, (int, float)) and isinstance(high, (int, float)):
            moved[name] = min(max(value, low), high)
    return moved
