"""Loudness by EBU R 128: integrated loudness and true peak."""

import math
from dataclasses import dataclass

from av.audio.frame import AudioFrame

from mosaic_desktop.sandbox.media.graphs import Step


@dataclass(frozen=True, slots=True)
class Loudness:
    """`integrated` in LUFS (-70 where nothing is loud enough to count), `peak` in dBTP."""

    integrated: float
    peak: float


# Put into a chain of filters, it writes its measurements on the frames that pass.
METER: Step = ("ebur128", "metadata=1:peak=true:framelog=quiet")
# The same without peaks, which take most of its time; their measurement stays at minus infinity.
LOUDNESS_METER: Step = ("ebur128", "metadata=1:framelog=quiet")


class Meter:
    """Reads what the `ebur128` filter wrote on the frames that passed it."""

    def __init__(self) -> None:
        self.loudness = Loudness(-70.0, -math.inf)

    def read(self, frame: AudioFrame) -> None:
        values = frame.metadata
        if "lavfi.r128.I" in values:
            peak = float(values.get("lavfi.r128.true_peak", 0))
            self.loudness = Loudness(float(values["lavfi.r128.I"]), 20 * math.log10(peak) if peak > 0 else -math.inf)
