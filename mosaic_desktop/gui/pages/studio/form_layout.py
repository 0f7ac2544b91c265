"""How a form shares its width between labels and fields. Pure arithmetic, in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

from mosaic_desktop.gui.theme.metrics import Space

FORM_WIDTH = 326
"""The least a form gets: the card at its narrowest, less its margins and a scroll bar."""
MARK = 24
"""Room beside a label for the sign that tells who chose the value."""
FIELDS_AT_LEAST_FROM = 132
"""Where fields begin, if labels allow it: the same place for all agents."""
FIELD_ROOM = FORM_WIDTH - FIELDS_AT_LEAST_FROM
"""The least a field gets beside its label."""

_BESIDE_LABEL = Space.XS + MARK + Space.XS


@dataclass(frozen=True, slots=True)
class RowNeeds:
    """`label`: the length of the label's words on one line; `field`: the least width of the field."""

    label: int
    field: int

    def fits(self, start: int) -> bool:
        """Whether label and field stand on one line when fields begin at `start`."""
        return self.label <= label_room(start) and self.field <= FORM_WIDTH - start


def label_room(start: int) -> int:
    """What is left for the words of labels when fields begin at `start`."""
    return start - _BESIDE_LABEL


def fields_start(rows: Sequence[RowNeeds]) -> int:
    """Where fields begin so that labels stand on one line beside them, as far as no field is cut.

    Rows for which there is no such place are laid out with the label above the field.
    """
    beside = [row for row in rows if row.field <= FIELD_ROOM]
    most = FORM_WIDTH - max((row.field for row in beside), default=0)
    starts = (row.label + _BESIDE_LABEL for row in beside)
    return max([FIELDS_AT_LEAST_FROM, *(start for start in starts if start <= most)])
