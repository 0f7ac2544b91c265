"""Outputs in words."""

from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.units import format_bytes, format_duration, format_part, format_percent, format_wait
from mosaic_desktop.gui.text.numbers import lower, media_facts, percent_words, speed
from mosaic_desktop.gui.text.states import StateWords, failed_because, waiting_for
from mosaic_desktop.gui.theme.palette import StateKind


def output_state(output: Output) -> StateWords:
    match output.state:
        case OutputState.WAITING:
            return StateWords(waiting_for(output.problem) if output.problem else "Waiting to download", icon="clock")
        case OutputState.DOWNLOADING:
            done = output.per_mille
            word = "Downloading" if done is None else f"Downloading {format_percent(done)}"
            return StateWords(word, StateKind.ACTIVE, "", speed(output.rate, output.eta, " left"), done or 0)
        case OutputState.PAUSED:
            return StateWords("Paused", icon="pause", right=kept_words(output), progress=kept_share(output))
        case OutputState.SAVED:
            return StateWords("Saved", StateKind.GOOD, "circle-check")
        case OutputState.FAILED:
            return StateWords(failed_because(output.problem), StateKind.BAD, "circle-alert", kept_words(output))
        case OutputState.CANCELLED:
            return StateWords("Download cancelled", icon="circle-x")


def kept_words(output: Output) -> str:
    """`12.3 of 40 MB kept`: what a paused or failed download goes on from; empty where it would begin anew."""
    if output.state not in {OutputState.PAUSED, OutputState.FAILED} or not output.bytes_kept:
        return ""
    part = format_part(output.bytes_kept, output.size) if output.size else format_bytes(output.bytes_kept)
    return f"{part} kept"


def kept_share(output: Output) -> int:
    """Per mille of a download that `kept_words` speaks of."""
    return min(999, output.bytes_kept * 1000 // output.size) if kept_words(output) and output.size else 0


def output_facts(output: Output) -> str:
    """`0:48 · 1080×1920 · 31 MB`, as far as known."""
    facts = media_facts(output.media)[:2]
    if not facts and output.duration is not None:
        facts = [format_duration(output.duration)]
    return " · ".join([*facts, format_bytes(output.size)] if output.size else facts)


def output_more(output: Output) -> str:
    """The whole reason where a download failed or waits, of which a tile has room for a few words; empty without."""
    return sentence(output.problem) if output.problem is not None else ""


def output_sentence(output: Output) -> str:
    parts = [output.file_name, *([facts] if (facts := output_facts(output)) else [])]
    parts.append(lower(percent_words(output_state(output).word)))
    if output.state is OutputState.DOWNLOADING and output.eta is not None:
        parts.append(f"{format_wait(output.eta)} left")
    if kept := kept_words(output):
        parts.append(kept)
    if output.state is OutputState.FAILED and output.problem is not None:
        parts.append(sentence(output.problem))
    return ", ".join(parts).replace(" · ", ", ")
