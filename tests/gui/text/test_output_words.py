"""Every state of an output has its words."""

from pathlib import Path

import pytest

from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.run import RunId
from mosaic_desktop.gui.text.outputs import output_state


def make_output(state: OutputState, **more: object) -> Output:
    return Output(OutputId("1"), RunId("1"), "key", "a.mp4", Path("/o"), state=state, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", OutputState)
def test_every_output_state_has_a_word_and_more_than_a_color(state: OutputState) -> None:
    words = output_state(make_output(state))
    assert words.word
    assert words.icon or words.progress is not None
