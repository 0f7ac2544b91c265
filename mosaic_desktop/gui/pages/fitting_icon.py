"""Icons for agents and steps, which come from the service with no picture but their words."""

# The first word found decides, so what a longer name is about stands before what it also says.
_ICONS = (
    ("caption", "captions"),
    ("subtitle", "captions"),
    ("transcri", "captions"),
    ("rough", "clapperboard"),
    ("take", "clapperboard"),
    ("trim", "brackets"),
    ("silence", "scissors"),
    ("pause", "scissors"),
    ("cut", "scissors"),
    ("reframe", "crop"),
    ("crop", "crop"),
    ("subject", "crop"),
    ("aspect", "crop"),
    ("noise", "audio-waveform"),
    ("loud", "audio-lines"),
    ("level", "audio-lines"),
    ("audio", "audio-lines"),
    ("sound", "audio-lines"),
    ("voice", "audio-lines"),
    ("music", "audio-lines"),
    ("color", "palette"),
    ("colour", "palette"),
    ("grade", "palette"),
    ("mirror", "flip-horizontal"),
    ("watermark", "stamp"),
    ("short", "smartphone"),
    ("vertical", "crop"),
    ("upload", "upload"),
    ("export", "download"),
    ("clip", "film"),
    ("render", "film"),
    ("encode", "film"),
    ("video", "film"),
)


def fitting_icon(words: str, otherwise: str) -> str:
    """The icon of what `words` are about; `otherwise` where nothing is known of them. Wanted only for the eye."""
    told = words.casefold()
    return next((icon for word, icon in _ICONS if word in told), otherwise)
