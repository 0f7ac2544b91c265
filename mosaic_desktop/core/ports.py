"""The borders: what ``jobs``, ``gui`` and ``cli`` ask of the other rooms, without naming them.

Nothing here speaks of HTTP, SQL, D-Bus or Qt. Errors are those of ``core/errors.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.core.output import Output, OutputId
from mosaic_desktop.core.run import Graph, Run, RunId, RunSpec
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.video import MediaInfo


class Clock(Protocol):
    """Time, so that tests can bring their own."""

    def now(self) -> float:
        """Seconds since the epoch."""
        ...

    def monotonic(self) -> float:
        """Seconds of a clock that never steps; for durations."""
        ...

    async def sleep(self, seconds: float) -> None: ...


# --- Mosaic -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UploadTicket:
    """Where to send a video's bytes. ``url`` is signed and secret: it is never stored and never logged."""

    url: Secret
    video_id: str


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A finalized upload. ``file_id`` names it in every later call."""

    file_id: str
    name: str


@dataclass(frozen=True, slots=True)
class RunStatus:
    """What the service says of a run.

    ``outcome``: None while it goes on, True when it succeeded, False when it failed. ``word`` is the service's own.
    ``progress``: 0 to 1 or None. ``graph`` is None where the call does not carry one.
    """

    word: str
    outcome: bool | None
    progress: float | None = None
    message: str = ""
    graph: Graph | None = None


@dataclass(frozen=True, slots=True)
class RemoteOutput:
    """A rendered video behind a signed, expiring, secret link. ``size``: bytes, ``duration``: seconds, where known.

    ``url`` is None while the service lists the output but has no link for it yet.
    """

    key: str
    node_id: str
    url: Secret | None
    size: int | None = None
    duration: float | None = None


class MosaicService(Protocol):
    """One account at one Mosaic, in this application's own words. One implementation a generation of the API."""

    async def request_upload(self, name: str, size: int, content_type: str) -> UploadTicket: ...

    async def finalize_upload(self, video_id: str) -> RemoteFile:
        """May be repeated: the same ``video_id`` always gives the same file."""
        ...

    async def list_agents(self, limit: int | None = None) -> tuple[Agent, ...]: ...

    async def start_run(self, file_id: str, spec: RunSpec) -> str:
        """Starts a run and returns its id. Spends credits and must not be repeated blindly.

        Raises NetworkError with ``seen`` False only if the service certainly did not get the call.
        """
        ...

    async def run_detail(self, run_id: str) -> RunStatus:
        """With the graph."""
        ...

    async def run_status(self, run_id: str) -> RunStatus: ...

    async def run_outputs(self, run_id: str) -> tuple[RemoteOutput, ...]:
        """Links are fresh with each call."""
        ...

    async def retry_node(self, node_id: str) -> None: ...

    async def aclose(self) -> None: ...


# --- Bytes ------------------------------------------------------------------------------------------------------------

Progress = Callable[[int, int], None]
"""Called on the event-loop thread about ten times a second with bytes done and bytes in all (0 where unknown)."""


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """``size``: bytes on disk, flushed. ``checksums``: those the storage announced and that were found right."""

    size: int
    checksums: tuple[str, ...] = ()


class Transfers(Protocol):
    """Moves bytes between files and signed links, off the event-loop thread. Cancelling the await ends the transfer
    within a second.
    """

    async def put(self, url: Secret, source: Path, size: int, content_type: str, progress: Progress) -> None:
        """Sends ``source``, which must be exactly ``size`` bytes, with that Content-Length and Content-Type.

        Raises StorageError (LINK_EXPIRED, LINK_REFUSED, STORAGE...), NetworkError, LocalFileError.
        """
        ...

    async def get(self, url: Secret, target: Path, size: int | None, progress: Progress) -> FetchedFile:
        """Fetches into ``target``, replacing what is there. Flushed to disk when it returns.

        Raises StorageError, NetworkError, IntegrityError (WRONG_SIZE), LocalFileError (DISK_FULL...).
        """
        ...

    async def aclose(self) -> None: ...


# --- Memory -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recorded:
    """Every row of one profile, in the order in which it was created."""

    assets: tuple[Asset, ...] = ()
    runs: tuple[Run, ...] = ()
    outputs: tuple[Output, ...] = ()


class Journal(Protocol):
    """The truth at start-up. Writes are durable when the await returns. One profile each; secrets never enter it."""

    async def load(self) -> Recorded: ...

    async def save(self, rows: tuple[Asset | Run | Output, ...]) -> None:
        """One transaction; a row that exists is replaced."""
        ...

    async def delete(self, ids: tuple[AssetId | RunId | OutputId, ...]) -> None: ...


@dataclass(frozen=True, slots=True)
class VaultState:
    """``name``: the keyring in plain words ("GNOME Keyring"); ``problem_code`` says why it can't be used, or None."""

    name: str
    problem_code: str | None = None


class SecretStore(Protocol):
    """The system keyring. Raises VaultError (NO_KEYRING, KEYRING_LOCKED, KEYRING_FAILED)."""

    async def state(self) -> VaultState: ...

    async def read(self, name: str) -> Secret | None: ...

    async def write(self, name: str, secret: Secret) -> None: ...

    async def delete(self, name: str) -> None: ...


class MediaProbe(Protocol):
    """Looks into video files, off the event-loop thread."""

    async def probe(self, path: Path) -> MediaInfo:
        """Raises LocalFileError (NOT_A_VIDEO, FILE_MISSING, FILE_UNREADABLE)."""
        ...

    async def thumbnail(self, path: Path, target: Path) -> Path | None:
        """Writes a JPEG of at most 336 x 188 pixels to ``target``; None where no frame can be read."""
        ...


# --- What the window and the command line may ask of the application --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose work the window shows. ``key_hint`` is the masked key, empty for the local Mosaic."""

    id: str
    title: str
    is_local: bool
    base_url: str
    key_hint: str = ""
    session_only: bool = False


class Gateway(Protocol):
    """The ways in and out of a profile. Implemented by the application, which then shows the workspace itself."""

    async def try_here(self) -> None:
        """Starts the local Mosaic and opens its workspace. Raises MosaicError (SANDBOX)."""
        ...

    async def use_key(self, key: Secret, *, session_only: bool = False) -> None:
        """Checks ``key`` against the service, keeps it in the keyring and opens the workspace.

        Raises AuthError, NetworkError, ServiceError; VaultError where the key is right but cannot be kept, upon which
        the user may choose ``session_only``.
        """
        ...

    async def vault_state(self) -> VaultState: ...

    async def leave(self, *, forget_key: bool = False) -> None:
        """Ends the workspace in order, so that its work can go on later, and shows the ways in."""
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose. ``appearance``: system, light or dark. ``typed_parameters``: remembered name-and-value rows
    of agents without a schema, by agent id, values as JSON text. ``layout``: sizes that the window remembers.
    """

    output_folder: Path
    appearance: str = "system"
    profile: str | None = None
    api_base: str | None = None
    typed_parameters: Mapping[str, Mapping[str, str]] | None = None
    layout: Mapping[str, str] | None = None


class SettingsStore(Protocol):
    """Settings in memory, written to disk soon after a change and at the end."""

    @property
    def value(self) -> Settings: ...

    def change(self, **changes: object) -> Settings:
        """Replaces the named fields."""
        ...
