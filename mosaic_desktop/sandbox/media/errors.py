"""What can be wrong with a video, said in a sentence."""


class MediaError(Exception):
    """The video cannot be worked on; the text is a sentence for the person who sent it."""
