"""What a press of Run is going to cost, by what earlier runs did."""

import math
from collections.abc import Iterable, Sequence

from mosaic_desktop.core.account import Estimate
from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.gui.pages.account.words import estimate_words, format_credits

_MOST_VIDEOS = 1000
_STEPS_TO_DOUBLE = 20  # videos whose lengths differ by less than one such step are looked up once


class CostWords:
    """Words for the videos that Run is about to be pressed for; none without an account that tells of credits."""

    def __init__(self, account: AccountDesk | None) -> None:
        self._account = account

    def tells_of(self, videos: int) -> bool:
        """Whether there are any for so many."""
        return self._account is not None and 0 < videos <= _MOST_VIDEOS

    def of(self, title: str, lengths: Sequence[float | None]) -> str:
        """Of a run titled ``title`` on each video; ``lengths`` in seconds, None where it is not known."""
        if self._account is None or not self.tells_of(len(lengths)):
            return ""
        found: dict[int | None, Estimate | None] = {}
        for length in lengths:
            if (step := _step(length)) not in found:
                found[step] = self._account.estimate(title, length)
        return cost_words([found[_step(length)] for length in lengths])


def cost_words(estimates: Sequence[Estimate | None]) -> str:
    """Of one run for each of ``estimates``, of which those that nothing is known of are None."""
    known = [estimate for estimate in estimates if estimate is not None]
    if len(estimates) == 1 or not known:
        return estimate_words(known[0] if known else None)
    low, high = _whole(estimate.low for estimate in known), _whole(estimate.high for estimate in known)
    cost = f"{low} credits" if low == high else f"{low} to {high} credits"
    if len(known) == len(estimates):
        return f"By the last runs of this agent: {cost} in all"
    share = f"{cost} for {len(known):,} of {len(estimates):,}"
    return f"By the last runs of this agent: {share}; of the others nothing is known"


def _whole(amounts: Iterable[float]) -> str:
    return format_credits(sum(amounts))


def _step(length: float | None) -> int | None:
    return round(_STEPS_TO_DOUBLE * math.log2(length)) if length else None
