"""Plain words to an agent and its parameters, by a few rules.

1. Each agent has words (`mentions`). The agent with the most different words in the prompt is taken, and of equals the
   one whose word comes first. Clips go first, since the others can work on each of them.
2. Words that are denied ("no captions", "keep the pauses") leave their agent out; what nobody wants ("no pauses") asks
   for it. Of both, the last counts. One side of what an agent does can be denied alone: "no crop" shows the whole
   picture, "no blur" crops it, "no noise reduction" leaves the noise.
3. Pauses, shape, captions and sound are what Shorts maker does at once: a prompt that names two of them, or one of them
   and a short or both shapes of shorts, gets Shorts maker with just those switched on, in the shape of the video where
   none is named. A short alone gets it as it is, without what is denied.
4. A part of the video ("the first 2 minutes", `moments`) asks for Trim. Other numbers with a unit, colors, sizes and
   places set parameters (`wishes`, `letters`); what lies outside an agent's bounds is moved into them. What stands in
   quotes is only written, never read as a wish.
5. A prompt without a known word gets Audio enhance; where the sound is to be left alone, Trim, which keeps all of the
   video. What is behind the first 2,000 characters is not read.

The sentence says what was understood, and names what was there but is not done: other agents, lengths, more text.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from mosaic_desktop.sandbox.agents import (
    AUDIO_ENHANCE,
    CAPTIONS,
    CLIPS,
    REFRAME,
    SHORTS_MAKER,
    SILENCE_REMOVAL,
    TRIM,
    WATERMARK,
    Agent,
)
from mosaic_desktop.sandbox.letters import COLORS, own_words, without_quotes
from mosaic_desktop.sandbox.mentions import Mentions, found_words, mentions
from mosaic_desktop.sandbox.moments import part_of
from mosaic_desktop.sandbox.wishes import in_digits, short_shapes, unread_lengths, wishes

_MOST_CHARACTERS = 2000
_SHORT = r"shorts?(?! (?:pauses?|clips?))|reels?|tik ?toks?"
_NO_SHORT = r"in short|highlights? reels?|for (?:\w+ )?(?:reels|shorts|tik ?tok)"
_TOO_LONG = f" What is behind the first {_MOST_CHARACTERS:,} characters was not read."
_QUOTED = "\N{LEFT DOUBLE QUOTATION MARK}{}\N{RIGHT DOUBLE QUOTATION MARK}".format
_NOTHING = "The prompt names nothing this server can do, so {}."
# What Shorts maker does, with the parameter that switches it; the shape has none.
_PARTS = {SILENCE_REMOVAL: "remove_pauses", REFRAME: None, CAPTIONS: "captions", AUDIO_ENHANCE: "enhance_audio"}
# Settings that their titles would not tell plainly.
_PLAIN: Mapping[tuple[str, object], str] = {
    ("remove_pauses", True): "cutting pauses",
    ("remove_pauses", False): "without cutting pauses",
    ("shapes", "both"): "vertical and square",
    ("shapes", "vertical"): "vertical",
    ("shapes", "square"): "square",
    ("shapes", "original"): "in the shape of the video",
    ("fit", "crop"): "cut to the subject",
    ("fit", "blur"): "the whole picture on a blurred background",
}


@dataclass(frozen=True, slots=True)
class Understood:
    """What a prompt came to; `sentence` tells the person."""

    agent: Agent
    parameters: dict[str, object]
    sentence: str


def understand(prompt: str) -> Understood:
    """Always an agent, never an error: an unclear prompt is answered by what the sentence says."""
    rest = prompt[_MOST_CHARACTERS:].strip()
    understood = _understand(prompt[:_MOST_CHARACTERS])
    return replace(understood, sentence=understood.sentence + _TOO_LONG) if rest else understood


def _understand(prompt: str) -> Understood:
    text = in_digits(without_quotes(prompt))
    found = mentions(text)
    if (part := part_of(text)) is not None:
        found.wanted[TRIM] = [(part.place, "part")]
    is_short = len(found_words(_SHORT, text)) > len(found_words(_NO_SHORT, text))
    if not found.wanted and not is_short:
        if AUDIO_ENHANCE in found.declined:
            return Understood(TRIM, {}, _NOTHING.format("Trim runs and keeps all of the video") + _left_out(found))
        return Understood(AUDIO_ENHANCE, {}, _NOTHING.format("Audio enhance runs") + _left_out(found))
    agent, parameters = _chosen(found, short_shapes(text), is_short=is_short)
    parameters |= {**wishes(agent, text), **_without(agent, found.details), **parameters}
    if agent is WATERMARK:
        # Named in any case, so that nobody is surprised by the usual words.
        parameters["text"] = own_words(prompt) or WATERMARK.defaults["text"]
    return Understood(agent, parameters, _sentence(agent, parameters, found, unread_lengths(agent, text)))


def _chosen(found: Mentions, shapes: str | None, *, is_short: bool) -> tuple[Agent, dict[str, object]]:
    if CLIPS in found.wanted:
        return CLIPS, {}
    parts = [agent for agent in _PARTS if agent in found.wanted]
    if not (len(parts) > 1 or is_short or (parts and shapes == "both")):
        return min(found.wanted, key=lambda agent: _rank(found.wanted[agent])), {}
    parameters: dict[str, object] = {}
    if any(_PARTS[part] for part in parts) or not is_short:
        parameters = {switch: part in parts for part, switch in _PARTS.items() if switch is not None}
    elif found.declined:
        parameters = {switch: False for part, switch in _PARTS.items() if switch is not None and part in found.declined}
    if shapes is not None or not is_short:
        parameters["shapes"] = shapes or "original"
    return SHORTS_MAKER, parameters


def _rank(words: list[tuple[int, str]]) -> tuple[int, int]:
    """Agents with many different words come first, and of equals the one named first."""
    return -len({word for _, word in words}), words[0][0]


def _without(agent: Agent, details: Collection[str]) -> dict[str, object]:
    """What is set by the words that are denied."""
    changes: dict[str, object] = {}
    if "fit" in agent.properties and any(word.startswith(("crop", "blur")) for word in details):
        changes["fit"] = "blur" if any(word.startswith("crop") for word in details) else "crop"
    if "denoise" in agent.properties and any("nois" in word for word in details):
        changes["denoise"] = 0.0
    return changes


def _sentence(agent: Agent, parameters: dict[str, object], found: Mentions, lengths: Collection[str]) -> str:
    done = {agent}
    if agent is SHORTS_MAKER:
        done |= _PARTS.keys() - ({REFRAME} if parameters.get("shapes") == "original" else set())
    settings = "".join(_in_words(agent, name, value) for name, value in parameters.items())
    sentence = f"Understood: {agent.name}{settings}."
    if rest := [other.name for other in found.wanted if other not in done]:
        sentence += f" Not done: {', '.join(rest)}; run {'them' if len(rest) > 1 else 'it'} on the result."
    if lengths:
        sentence += f" Not used: {', '.join(map(_QUOTED, lengths))}."
    return sentence + _left_out(found, done)


def _left_out(found: Mentions, done: Collection[Agent] = ()) -> str:
    declined = sorted(other.name for other in found.declined if other not in done)
    return f" Left out as wished: {', '.join(declined)}." if declined else ""


def _in_words(agent: Agent, name: str, value: object) -> str:
    if (name, value) in _PLAIN:
        return f", {_PLAIN[name, value]}"
    schema = agent.properties[name]
    match value:
        case bool():
            return f", {'with' if value else 'without'} {str(schema['title']).lower()}"
        case float():
            said = f"{value:g}"
        case str() if name == "text":
            said = _QUOTED(value)
        case _:
            said = COLORS.get(str(value), str(value).replace("_", " "))
    return f", {str(schema['title']).lower()} {said} {schema.get('x-unit', '')}".rstrip()
