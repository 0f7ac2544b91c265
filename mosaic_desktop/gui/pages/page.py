"""What every page of a workspace is given."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from mosaic_desktop.core.account_ports import AccountDesk, WebhookDesk
from mosaic_desktop.core.ports import Clock, Gateway, Profile, SettingsStore
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache

if TYPE_CHECKING:
    from mosaic_desktop.jobs.engine import Engine


SIGN_IN, CREDITS = "sign in", "credits"  # a card of the Account page, one of the Settings


@dataclass(frozen=True, slots=True)
class DataPlaces:
    """Where this program keeps its data, and the log file."""

    data: Path
    log: Path


@runtime_checkable
class Listening(Protocol):
    """A page that hears something which ends before the page is thrown away."""

    def stop_listening(self) -> None: ...


@runtime_checkable
class Selecting(Protocol):
    """A page that can be led to one of its rows or cards."""

    def select(self, wanted: str) -> None: ...


@dataclass(frozen=True, slots=True)
class PageParts:
    """The surroundings of a workspace's pages. `scope` ends with the workspace, `window_scope` with the window.

    `has_tray`: whether the system has a place for the icon that leads back to a window out of sight. Without `account`
    there is no such place, and without `webhooks` no receiver in it.
    """

    theme: Theme
    engine: "Engine"
    profile: Profile
    settings: SettingsStore
    gateway: Gateway
    scope: TaskScope
    window_scope: TaskScope
    clock: Clock
    thumbnails: ThumbnailCache
    has_tray: Callable[[], bool]
    data_places: DataPlaces | None = None
    account: AccountDesk | None = None
    webhooks: WebhookDesk | None = None
