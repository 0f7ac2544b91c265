"""What people see first of an agent and of a step is a picture."""

import pytest

from mosaic_desktop.gui.pages.fitting_icon import fitting_icon
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.sandbox.agents import AGENTS


def test_each_agent_of_the_local_mosaic_has_an_icon_of_its_own(theme: Theme) -> None:
    icons = [fitting_icon(agent.name, "") for agent in AGENTS]
    assert len(set(icons)) == len(AGENTS)
    assert set(icons) <= set(theme.icons.names())


@pytest.mark.parametrize(
    ("words", "icon"),
    [("Rough cut", "clapperboard"), ("Cut pauses", "scissors"), ("render_vertical Vertical short", "smartphone")],
)
def test_the_first_known_word_decides(words: str, icon: str) -> None:
    assert fitting_icon(words, "") == icon


def test_unknown_words_have_the_icon_that_the_place_gives_them() -> None:
    assert fitting_icon("Upscale", "wand-sparkles") == "wand-sparkles"
