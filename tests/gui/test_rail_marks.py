"""The dot at a place of the rail: what went wrong there, or needs the user, while they looked at another place."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible

from mosaic_desktop.core.asset import AssetState
from mosaic_desktop.core.events import Row, RowChanged, What
from mosaic_desktop.core.output import OutputState
from mosaic_desktop.core.run import RunState
from mosaic_desktop.jobs.engine import Engine
from tests.gui.models.builders import asset, output, run
from tests.gui.pages.desk import Desk
from tests.gui.widgets.accessible import accessible

VIDEO, RUN, OUTPUT = asset("a.mp4"), run(1, state=RunState.RUNNING), output(1, state=OutputState.DOWNLOADING)
UNSURE = replace(RUN, state=RunState.UNCONFIRMED)


def marked(desk: Desk) -> list[str]:
    """The places that a screen reader says need attention."""
    places = ("Studio", "Runs", "Outputs", "Settings")
    said = {place: accessible(desk.button(place)).text(QAccessible.Text.Description) for place in places}
    return [place for place in places if said[place] == "Needs attention"]


def becomes(engine: Engine, row: Row, what: What = What.STATE) -> None:
    engine.events.publish(RowChanged(what, row))


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (replace(VIDEO, state=AssetState.FAILED), "Studio"),
        (replace(RUN, state=RunState.FAILED), "Runs"),
        (UNSURE, "Runs"),
        (replace(OUTPUT, state=OutputState.FAILED), "Outputs"),
    ],
    ids=["upload", "run", "unsure", "download"],
)
def test_what_goes_wrong_out_of_sight_is_marked_until_the_user_looks(desk: Desk, row: Row, place: str) -> None:
    async def story() -> None:
        engine = await desk.open(VIDEO, RUN, OUTPUT, page="Settings")
        becomes(engine, row)
        assert marked(desk) == [place]
        await desk.press(place)
        assert marked(desk) == []
        await desk.press("Settings")
        becomes(engine, row)
        assert marked(desk) == [], "it is no news any more"

    desk.run(story())


def test_what_goes_wrong_in_sight_is_not_marked(desk: Desk) -> None:
    async def story() -> None:
        engine = await desk.open(VIDEO, RUN, page="Runs")
        becomes(engine, replace(RUN, state=RunState.FAILED))
        await desk.press("Studio")
        assert marked(desk) == []

    desk.run(story())


def test_only_what_waits_for_the_user_is_marked_from_the_start(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(VIDEO, replace(RUN, state=RunState.FAILED))
        assert marked(desk) == []

    async def unsure() -> None:
        await desk.open(VIDEO, UNSURE)
        assert marked(desk) == ["Runs"]

    desk.run(story())
    desk.run(unsure())
