"""The unit of ``progress``, which the contract leaves open: 0 to 1 or 0 to 100."""


class ProgressScale:
    """Learns the unit from the values of one service, and keeps to it.

    A value above 1 is a percentage and settles it. Before that, a value between 0 and 1 is a fraction. Exactly 1 is
    read as ``one`` (0.01: one percent, so that nothing looks finished too early) until a fraction was seen.
    """

    def __init__(self, one: float = 0.01) -> None:
        self._one = one
        self._percent = False

    def read(self, value: float | None) -> float | None:
        """From 0 to 1; None where there is no value or a negative one."""
        if value is None or value < 0:
            return None
        if value > 1:
            self._percent = True
        elif 0 < value < 1:
            self._one = 1.0
        if self._percent:
            return min(1.0, value / 100)
        return self._one if value == 1 else float(value)
