"""What nodes leave in their result folders for those behind them: names of files and what is in them."""

# Spans of the source that are kept, in seconds: [[start, end], ...] in rising order.
KEEP = "keep.json"
# Spans of the source that become a video each, and their interest: [[start, end, interest], ...] in rising order.
CLIPS = "clips.json"
# Where the subject is and the shape to cut to: {"aspect": "9:16", "centres": [[x, y], ...], "scenes": [[start, first],
# ...]}: shares of the picture, and for each scene its start in seconds and the number of its first centre.
TRACK = "track.json"
# Spoken words with their seconds in the source: [[start, end, text, last of its line], ...].
WORDS = "words.json"
# The cleaned sound, lossless, on the clock of the source.
CLEAN = "clean.mka"
# The finished sound as AAC, on the clock of the result.
SOUND = "sound.m4a"
