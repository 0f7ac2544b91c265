"""The world every test runs in: a private display and bus, an empty home, no account and no proxy of the user's."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.bus import start_bus, start_keyring
from tests.support.display import start_display
from tests.support.processes import TOKEN, Helpers

FOLDERS = {
    "HOME": "",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_RUNTIME_DIR": ".run",
    "XDG_VIDEOS_DIR": "Videos",
}
# Qt warns about any other locale, and themes or scales of the user's change what windows look like.
FIXED = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
REMOVED_PREFIXES = ("MOSAIC_API_", "QT_", "XDG_CURRENT_DESKTOP", "XDG_SESSION_", "DESKTOP_SESSION", "WAYLAND_")
PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")


class World:
    """The helpers of one test run and the folder they work in; `close` ends and removes both."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mosaic-tests-")
        self.folder = Path(self._folder.name)
        self.helpers = Helpers(self.folder)

    def open(self) -> None:
        """Prepare the environment variables of this process; Qt must not have opened a display before."""
        for name in list(os.environ):
            if name.startswith(REMOVED_PREFIXES) or name.lower() in PROXIES:
                del os.environ[name]
        os.environ.update([TOKEN], **FIXED, **home_variables(self.folder / "home"))
        time.tzset()  # which was read when this process began
        if sys.platform == "linux":
            os.environ["DISPLAY"] = start_display(self.helpers)
            os.environ["QT_QPA_PLATFORM"] = "xcb"
            os.environ["DBUS_SESSION_BUS_ADDRESS"] = start_bus(self.helpers, self.folder / "bus")

    def close(self) -> None:
        self.helpers.stop()
        self._folder.cleanup()


def home_variables(home: Path) -> Mapping[str, str]:
    """Make an empty home with the folders the desktop standards name, and return the variables that point there."""
    variables = {name: home / below for name, below in FOLDERS.items()}
    for folder in variables.values():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {name: str(folder) for name, folder in variables.items()}


WORLD = pytest.StashKey[World]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    # The same examples everywhere and every time, and none that fails for a machine that is slow.
    settings.register_profile(
        "mosaic", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("mosaic")
    world = config.stash[WORLD] = World()
    config.add_cleanup(world.close)
    world.open()


@pytest.fixture(scope="session")
def world(request: pytest.FixtureRequest) -> World:
    return request.config.stash[WORLD]


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty home for this test alone."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name, folder in home_variables(home).items():
            patch.setenv(name, folder)
        yield home


@pytest.fixture
def secret_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An unlocked, empty Secret Service (GNOME Keyring). Without this fixture the session bus has none."""
    folder = tmp_path_factory.mktemp("keyring")
    helpers = Helpers(folder)
    try:
        address = start_bus(helpers, folder / "bus")
        start_keyring(helpers, address, folder / "keyring")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
            yield
    finally:
        helpers.stop()
