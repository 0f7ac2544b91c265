"""The editor of a choice: a few short words side by side, else a drop-down list."""

import re

from PySide6.QtWidgets import QComboBox, QSizePolicy

from mosaic_desktop.core.parameters import Field
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.gui.pages.studio.editor import Editor, unset_words
from mosaic_desktop.gui.pages.studio.form_layout import FIELD_ROOM
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.segmented import SegmentedControl, SegmentStyle
from mosaic_desktop.gui.widgets.select import Select

_SEGMENTS_AT_MOST = 5


def make_choice(theme: Theme, field: Field) -> Editor:
    words = segment_words(theme, field)
    return _segments(theme, field, words) if words else _select(field)


def segment_words(theme: Theme, field: Field) -> tuple[str, ...]:
    """What segments would say; empty where the choices do not fit side by side, or none of them is chosen yet.

    Titles that do not fit give way to their values where each names its own, as `Vertical (9:16)` does.
    """
    if field.default is None or not 2 <= len(field.choices) <= _SEGMENTS_AT_MOST:
        return ()
    titles = tuple(title for _, title in field.choices)
    values = tuple(str(value) for value, _ in field.choices)
    named = all(
        re.search(rf"(?<!\w){re.escape(value)}(?!\w)", title) for value, title in zip(values, titles, strict=True)
    )
    for words in (titles, values) if named else (titles,):
        if SegmentedControl.least_width(theme, words) <= FIELD_ROOM:
            return words
    return ()


def _segments(theme: Theme, field: Field, words: tuple[str, ...]) -> Editor:
    values = [value for value, _ in field.choices]
    options = [(str(number), word) for number, word in enumerate(words)]
    full_words = {str(n): title for n, (_, title) in enumerate(field.choices) if title != words[n]}
    segments = SegmentedControl(theme, field.title, options, SegmentStyle.JOINED, full_words)

    def write(value: ParameterValue | None) -> None:
        if value in values:
            segments.set_current(str(values.index(value)))

    return Editor(segments, lambda: values[int(segments.current())], write, segments.chosen)


def _select(field: Field) -> Editor:
    values: list[ParameterValue | None] = [value for value, _ in field.choices]
    titles = [title for _, title in field.choices]
    if unset := unset_words(field):
        values.insert(0, None)
        titles.insert(0, unset)
    select = Select(field.title, [(str(number), title) for number, title in enumerate(titles)])
    # As wide as the form gives it; a long choice must not make the form wider than the card.
    select.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    select.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def write(value: ParameterValue | None) -> None:
        if value in values:
            select.set_current_key(str(values.index(value)))

    return Editor(select, lambda: values[select.currentIndex()], write, select.currentIndexChanged)
