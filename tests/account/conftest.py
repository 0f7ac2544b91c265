"""The rig of the account tests."""

import pytest

from tests.account.rig import Rig


@pytest.fixture
def rig() -> Rig:
    return Rig()
