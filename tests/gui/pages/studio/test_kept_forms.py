"""What was chosen in the forms of agents outlives the window."""

import json
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.ports import Settings
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.gui.pages.studio.kept_forms import Chosen, KeptForms
from mosaic_desktop.gui.widgets.switch import Switch
from tests.gui.models.builders import asset
from tests.gui.pages.desk import ACCOUNT, Desk
from tests.gui.pages.studio.studio import AGENTS, REFRAME, Studio, sent
from tests.support.fakes import MemorySettings

SUBTITLES = Agent(
    "subtitles",
    "Subtitles",
    parameters_schema={
        "properties": {"words": {"type": "string", "format": "multiline"}, "title": {"type": "string"}},
    },
)


@pytest.fixture
def settings(desk: Desk) -> MemorySettings:
    return MemorySettings(Settings(desk.folder))


def test_a_form_comes_back_as_it_was_left(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(asset("a.mp4"), agents=AGENTS)
        studio = Studio(desk)
        await studio.choose_agent("Reframe")
        studio.find(Switch, "Choose for me").click()
        studio.find(QAbstractButton, "1:1").click()

    async def later() -> None:
        await desk.open(asset("a.mp4"), agents=AGENTS)
        studio = Studio(desk)
        await studio.choose_agent("Reframe")
        assert studio.find(Switch, "Choose for me").isChecked()
        assert sent(desk) == {"shape": "1:1"}
        await desk.open(asset("a.mp4"), agents=AGENTS, profile=ACCOUNT)
        await studio.choose_agent("Reframe")
        assert not studio.find(Switch, "Choose for me").isChecked(), "another account has its own"
        assert sent(desk)["shape"] == "9:16"

    desk.run(story())
    desk.run(later())


def test_nothing_is_kept_of_a_form_that_is_back_at_its_defaults(settings: MemorySettings) -> None:
    forms = KeptForms(settings, "local")
    forms.keep(REFRAME, Chosen({"pause": 700}))
    forms.keep(SUBTITLES, Chosen(auto=True))
    forms.keep(REFRAME, Chosen())
    assert settings.value.form_choices == {"local": {"subtitles": '{"auto": true, "values": {}}'}}


def test_long_texts_belong_to_one_video_and_are_not_kept(settings: MemorySettings) -> None:
    forms = KeptForms(settings, "local")
    forms.keep(SUBTITLES, Chosen({"words": "Good morning", "title": "x" * 501}))
    assert forms.read(SUBTITLES) == Chosen()
    forms.keep(SUBTITLES, Chosen({"words": "Good morning", "title": "Breakfast"}))
    assert forms.read(SUBTITLES) == Chosen({"title": "Breakfast"})


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"shape": "21:9"}, {}),
        ({"pause": 5000, "level": "loud"}, {"pause": 2000}),
        ({"speed": 2, "color": "green", "music": False}, {"music": False}),
    ],
    ids=["a choice that is gone", "other bounds and another type", "no such setting"],
)
def test_what_an_agent_no_longer_takes_is_left_out(
    settings: MemorySettings, values: dict[str, ParameterValue], shown: dict[str, ParameterValue]
) -> None:
    text = json.dumps({"auto": False, "values": values})
    settings.change(form_choices={"local": {REFRAME.id: text}})
    assert KeptForms(settings, "local").read(REFRAME) == Chosen(shown)


@pytest.mark.parametrize("text", ["", "[", "[]", "{}", '{"values": 3, "auto": "yes"}', "[" * 100_000])
def test_what_cannot_be_read_counts_as_nothing_chosen(settings: MemorySettings, text: str) -> None:
    settings.change(form_choices={"local": {REFRAME.id: text}})
    assert KeptForms(settings, "local").read(REFRAME) == Chosen()


def test_an_agent_without_settings_keeps_whether_mosaic_chooses(settings: MemorySettings) -> None:
    untold = replace(REFRAME, parameters_schema=None)
    KeptForms(settings, "local").keep(untold, Chosen(auto=True))
    assert KeptForms(settings, "local").read(untold) == Chosen(auto=True)
