"""Check marks of the queue outlive the window."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from mosaic_desktop.core.ports import Settings
from mosaic_desktop.gui.pages.studio.kept_checks import KeptChecks
from tests.gui.models.builders import asset
from tests.gui.pages.desk import ACCOUNT, LOCAL, Desk
from tests.gui.pages.studio.studio import Studio
from tests.support.fakes import MemorySettings

IDS = [f"{number}" for number in range(4000)]


def test_a_queue_comes_back_with_its_check_marks(desk: Desk) -> None:
    rows = [replace(asset(f"{name}.mp4"), position=float(place)) for place, name in enumerate("abc")]

    async def story() -> None:
        await desk.open(*rows)
        studio = Studio(desk)
        await studio.select(1)
        await studio.key(Qt.Key.Key_Space)

    async def later() -> None:
        await desk.open(*rows)
        assert [row.checked for row in Studio(desk).rows()] == [False, True, False]
        assert "1 video checked" in desk.words()
        await desk.open(*rows, profile=ACCOUNT)
        assert [row.checked for row in Studio(desk).rows()] == [False] * 3, "another account has another queue"
        await desk.open(*rows, profile=LOCAL)
        assert [row.checked for row in Studio(desk).rows()] == [False, True, False]

    desk.run(story())
    desk.run(later())


@pytest.mark.parametrize(
    ("checked", "comes_back"),
    [
        ([], []),
        (IDS[3:5], IDS[3:5]),
        (IDS, IDS),
        (IDS[:-2], IDS[:-2]),
        (IDS[::2], []),
    ],
    ids=["none", "a few", "all", "almost all", "thousands on either side"],
)
def test_checks_are_kept_in_few_words(desk: Desk, checked: Sequence[str], comes_back: Sequence[str]) -> None:
    settings = MemorySettings(Settings(desk.folder, layout={"columns.studio": "0.6"}))
    KeptChecks(settings, "local").keep(IDS, checked)
    assert KeptChecks(settings, "local").read(IDS) == list(comes_back)
    layout = settings.value.layout or {}
    assert layout["columns.studio"] == "0.6"
    assert all(len(text) < 5000 for text in layout.values())


def test_what_is_not_there_any_more_is_not_checked(desk: Desk) -> None:
    settings = MemorySettings(Settings(desk.folder))
    KeptChecks(settings, "local").keep(IDS, IDS[:2])
    assert KeptChecks(settings, "local").read(IDS[1:]) == IDS[1:2]
