"""The rig of the job tests."""

from pathlib import Path

import pytest

from tests.jobs.rig import Rig


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    rig = Rig(tmp_path)
    rig.transfers.finish.set()
    return rig
