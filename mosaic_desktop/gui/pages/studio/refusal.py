"""A value that the service did not take."""

from dataclasses import dataclass

from mosaic_desktop.core.run import ParameterValue


@dataclass(frozen=True, slots=True)
class Refusal:
    """`value` as it was sent; None where the parameter was not sent at all."""

    name: str
    value: ParameterValue | None
    sentence: str
