"""Sentences about what `auto` chose, which are told with the run."""

from collections.abc import Mapping

_COLORS = {"#FFFFFF": "white", "#000000": "black", "#FFD400": "yellow", "#C62828": "red"}
# What is called otherwise than its parameter, as the form calls it, and units.
_SAID = {
    "aspect": "shape {}",
    "color": "colour {}",
    "count": "number of clips {}",
    "denoise": "noise reduction {}",
    "font_size": "font size {} %",
    "highlight_color": "highlight {}",
    "outline_color": "outline {}",
    "threshold_db": "silence threshold {} dB",
}


def chosen(values: Mapping[str, object], video: str = "") -> str:
    """These parameters as they were chosen; nothing where there are none. `video` is one of several that are made."""
    told = ", ".join(_in_words(name, value) for name, value in values.items())
    return f"Chosen {f'for the {video} video' if video else 'from the video'}: {told}." if told else ""


def _in_words(name: str, value: object) -> str:
    said = f"{round(value, 2) + 0:g}" if isinstance(value, float) else str(value).replace("_", " ")
    return _SAID.get(name, f"{name.replace('_', ' ')} {{}}").format(_COLORS.get(said, said))
