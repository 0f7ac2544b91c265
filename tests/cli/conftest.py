"""A console on a rig whose service finishes every run at once."""

from pathlib import Path

import pytest

from tests.cli.console import Console
from tests.jobs.rig import Rig


@pytest.fixture
def console(tmp_path: Path) -> Console:
    rig = Rig(tmp_path)
    rig.transfers.finish.set()
    rig.service.outcome = True
    return Console(rig)
