"""Plain words to an agent and its parameters, by a few rules.

1. Each agent has words (`_WORDS`). The agent with the most different words in the prompt is taken, and of equals the
   one whose word comes first.
2. Pauses, shape, captions and sound are what Shorts maker does at once: a prompt that names two of them, or one of them
   and a short, gets Shorts maker with just those switched on. A short alone gets it as it is.
3. Numbers with a unit, colors, sizes and places set parameters (`wishes`); what lies outside an agent's bounds is moved
   into them.
4. A prompt without a known word gets Audio enhance.

The sentence says what was understood, and names agents whose words were there but which are not run.
"""

from dataclasses import dataclass

from mosaic_desktop.sandbox.agents import (
    AUDIO_ENHANCE,
    CAPTIONS,
    CLIPS,
    COLOUR,
    MIRROR,
    REFRAME,
    ROUGH_CUT,
    SHORTS_MAKER,
    SILENCE_REMOVAL,
    TRIM,
    WATERMARK,
    Agent,
)
from mosaic_desktop.sandbox.wishes import found_words, wishes

_WORDS = {
    SILENCE_REMOVAL: r"silen\w*|pauses?|gaps?|dead air|jump ?cuts?|tighten|tighter",
    ROUGH_CUT: r"rough ?cuts?|bad takes?|retakes?|repeated|repetitions?|mistakes?|false starts?",
    REFRAME: r"vertical\w*|portrait|square|landscape|widescreen|crop\w*|re-?fram\w*|aspect|phone|instagram"
    r"|blur\w*|\d+:\d+",
    CAPTIONS: r"captions?|captioned|subtitles?|subtitled|karaoke",
    CLIPS: r"clips?|highlights?|best (?:parts?|moments?|bits)",
    WATERMARK: r"watermark\w*|logo|branding",
    MIRROR: r"mirror\w*|flip\w*",
    COLOUR: r"colou?rs?|colou?rful|bright\w*|dark\w*|contrast\w*|saturat\w*|black and white|gr[ae]yscale"
    r"|warm\w*|cool\w*",
    TRIM: r"trim\w*|first \d+(?:\.\d+)? ?(?:s|sec|seconds?|min|minutes?)",
    AUDIO_ENHANCE: r"nois\w*|hiss|hum|clean\w*|audio|sound\w*|loud\w*|quiet\w*|volume|level\w*|lufs|podcast"
    r"|enhance\w*",
}
_SHORT = r"shorts?|reels?|tik ?tok"
# What Shorts maker does, with the parameter that switches it; the shape has none.
_PARTS = {SILENCE_REMOVAL: "remove_pauses", REFRAME: None, CAPTIONS: "captions", AUDIO_ENHANCE: "enhance_audio"}


@dataclass(frozen=True, slots=True)
class Understood:
    """What a prompt came to; `sentence` tells the person."""

    agent: Agent
    parameters: dict[str, object]
    sentence: str


def understand(prompt: str) -> Understood:
    """Always an agent, never an error: an unclear prompt is answered by what the sentence says."""
    text = prompt.replace("\N{MINUS SIGN}", "-")
    found = {agent: words for agent, pattern in _WORDS.items() if (words := found_words(pattern, text))}
    is_short = bool(found_words(_SHORT, text))
    if not found and not is_short:
        return Understood(
            AUDIO_ENHANCE, {}, f"The prompt names nothing this server can do, so {AUDIO_ENHANCE.name} runs."
        )
    parts = [agent for agent in _PARTS if agent in found]
    if len(parts) > 1 or is_short:
        agent, parameters = SHORTS_MAKER, _switches(parts)
    else:
        agent, parameters = _most_named(found), {}
    parameters |= wishes(agent, text)
    left_out = [other.name for other in found if other is not agent and not (agent is SHORTS_MAKER and other in parts)]
    settings = "".join(_in_words(agent, name, value) for name, value in parameters.items())
    rest = f" Not done: {', '.join(left_out)}; run them on the result." if left_out else ""
    return Understood(agent, parameters, f"Understood: {agent.name}{settings}.{rest}")


def _most_named(found: dict[Agent, list[tuple[int, str]]]) -> Agent:
    return min(found, key=lambda agent: (-len({word for _, word in found[agent]}), found[agent][0][0]))


def _switches(parts: list[Agent]) -> dict[str, object]:
    """All that Shorts maker can leave out, on where it was named. Nothing for a short alone, or one of some shape."""
    if not any(_PARTS[part] for part in parts):
        return {}
    return {switch: part in parts for part, switch in _PARTS.items() if switch is not None}


def _in_words(agent: Agent, name: str, value: object) -> str:
    schema = agent.properties[name]
    title = str(schema["title"]).lower()
    match value:
        case True:
            return f", {title}"
        case False:
            return f", no {title}"
        case float():
            return f", {title} {value:g} {schema.get('x-unit', '')}".rstrip()
        case _:
            return f", {title} {value} {schema.get('x-unit', '')}".rstrip()
