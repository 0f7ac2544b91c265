"""What became of a webhook delivery, as a sentence."""

from mosaic_desktop.core.account import Verdict

_SENTENCES: dict[Verdict, str] = {
    Verdict.ACCEPTED: "Signed with your key, so the app checks this run at once.",
    Verdict.REPEATED: "This delivery came before, so nothing was done again.",
    Verdict.FORGED: "Not signed with a key that this app works with, so it was ignored.",
    Verdict.LATE: (
        "Signed more than five minutes before or after this computer’s time, so it was ignored. "
        "Check this computer’s clock."
    ),
    Verdict.TOO_LARGE: "Larger than 1 MiB, which no delivery of Mosaic is, so it was ignored unread.",
    Verdict.UNREADABLE: "Signed with your key, but this app cannot read it, so it was ignored.",
    Verdict.UNKNOWN_RUN: "Signed with your key, for a run that this app does not know.",
    Verdict.TEST: "Your test delivery arrived and its signature is right.",
}


def verdict_sentence(verdict: Verdict) -> str:
    """``verdict`` for a person: what it means and, where there is something to do, what."""
    return _SENTENCES[verdict]
