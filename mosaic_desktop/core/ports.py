"""The borders: what ``jobs``, ``gui`` and ``cli`` ask of the other rooms, without naming them.

Nothing here speaks of HTTP, SQL, D-Bus or Qt. Errors are those of ``core/errors.py``.
"""

from __future__ import annotations  # most types are only named here, and need not be loaded for that

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from mosaic_desktop.core.naming import DEFAULT_TEMPLATE, Naming
from mosaic_desktop.core.pace import TransferLimits

if TYPE_CHECKING:
    from pathlib import Path

    from mosaic_desktop.core.agent import Agent
    from mosaic_desktop.core.asset import Asset, AssetId
    from mosaic_desktop.core.content import KnownContent
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
    """Where to send a video's bytes. ``url`` is signed and secret: it is never logged, and stored only in the keyring,
    where it is a session.
    """

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


Kept = Callable[[int], None]
"""Called on the event-loop thread with bytes that outlive a break: those a storage session confirmed to hold, or those
of a partial file that are flushed to disk."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """``content``: hash of every byte that was sent, named by its algorithm, taken while they were read."""

    content: str


@dataclass(frozen=True, slots=True)
class Partial:
    """What an earlier try left: ``kept`` flushed bytes of the object that the storage calls ``etag``."""

    kept: int
    etag: str


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """``size``: bytes on disk, flushed. ``checksums``: those the storage announced and that were found right."""

    size: int
    checksums: tuple[str, ...] = ()


class Transfers(Protocol):
    """Moves bytes between files and signed links, off the event-loop thread. Cancelling the await ends the transfer
    within a second.
    """

    def limit(self, upload_rate: int | None, download_rate: int | None) -> None:
        """Bytes a second over all transfers of each direction; holds at once, also for those under way."""
        ...

    async def put(
        self, url: Secret, source: Path, size: int, content_type: str, progress: Progress, kept: Kept | None = None
    ) -> SentFile:
        """Sends ``source``, which must be exactly ``size`` bytes, with that Content-Length and Content-Type.

        Where ``url`` is a resumable session, the storage is asked first how far it got, sending goes on from there, and
        ``kept`` hears of each confirmed part. Raises StorageError (LINK_EXPIRED, also for a session that is gone;
        LINK_REFUSED, STORAGE...), NetworkError, IntegrityError, LocalFileError (FILE_CHANGED...).
        """
        ...

    async def digest(self, source: Path, size: int, progress: Progress) -> str:
        """The hash of a file's content, as ``SentFile.content``. Raises LocalFileError."""
        ...

    async def get(
        self,
        url: Secret,
        target: Path,
        size: int | None,
        progress: Progress,
        *,
        partial: Partial | None = None,
        found: Callable[[str], None] | None = None,
        kept: Kept | None = None,
    ) -> FetchedFile:
        """Fetches into ``target``. With ``partial`` it goes on behind the bytes that ``target`` has, if the object is
        still the same; else it begins anew. ``found`` hears the object's ETag before its first byte is written, where
        the storage names one. Flushed to disk and checked against what was announced when it returns.

        Raises StorageError, NetworkError, IntegrityError (WRONG_SIZE, WRONG_CONTENT), LocalFileError (DISK_FULL...).
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

    async def remember(self, content: KnownContent) -> None:
        """Outlives the row that was sent. One entry a content; the latest counts."""
        ...

    async def known(self, sample: str) -> tuple[KnownContent, ...]:
        """What was sent before and looks the same, the latest first."""
        ...

    async def forget(self, file_id: str) -> None:
        """The service does not have that file any more."""
        ...


@dataclass(frozen=True, slots=True)
class VaultState:
    """``name``: the keyring in plain words ("GNOME Keyring"); ``problem_code`` says why it can't be used, or None."""

    name: str
    problem_code: str | None = None


class SecretStore(Protocol):
    """The system keyring. It remembers which keyring holds a secret, and looks for it there alone.

    Raises VaultError: NO_KEYRING, KEYRING_GONE (``detail`` names the one that holds it), KEYRING_LOCKED,
    KEYRING_DENIED, KEYRING_SILENT, KEYRING_FAILED.
    """

    async def state(self) -> VaultState: ...

    async def peek(self, name: str) -> Secret | None:
        """Like ``read``, but asks nothing of the user: raises KEYRING_LOCKED where that is needed to get the secret."""
        ...

    async def read(self, name: str) -> Secret | None: ...

    async def write(self, name: str, secret: Secret) -> None:
        """Returns when it is there and was read back; what was there before is not lost if this fails on the way.

        Raises VaultError (SECRET_TOO_LONG) beyond 2,560 bytes as UTF-16.
        """
        ...

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
    """One account: whose work the window shows. No secrets; those are in the keyring that ``keyring`` names.

    ``base_url``: of Mosaic's API, empty for the usual one. ``key_hint``: the masked key, empty for the local Mosaic.
    ``session_only``: its key is in memory alone, so it is not kept. ``auth_url``: of Supabase Auth; ``anon_key``: its
    public key. ``output_folder``: None for the one that all share. ``key_id``: the service's id of the key that it
    uses, ``keyring``: the plain name of the keyring that holds its secrets, ``email``: who signed in last; each empty
    where it is not known.
    """

    id: str
    title: str
    is_local: bool
    base_url: str
    key_hint: str = ""
    session_only: bool = False
    auth_url: str = ""
    anon_key: str = ""
    output_folder: Path | None = None
    key_id: str = ""
    keyring: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What the user enters of an account. Empty: ``base_url`` for the usual address, ``title`` for any free one."""

    key: Secret
    title: str = ""
    base_url: str = ""
    auth_url: str = ""
    anon_key: str = ""


class Gateway(Protocol):
    """The accounts, and the ways in and out of them. Implemented by the application, which shows the workspace itself.

    A way into another account first ends the open workspace in order, so that its work goes on when it is opened again;
    where a way in fails before that, the open workspace stays.
    """

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Every account, the local Mosaic last."""
        ...

    @property
    def usual_address(self) -> str:
        """The base URL of accounts that name none."""
        ...

    async def try_here(self) -> None:
        """Starts the local Mosaic and opens its workspace. Raises MosaicError (SANDBOX)."""
        ...

    async def add_account(self, new: NewAccount, *, session_only: bool = False) -> Profile:
        """Checks the key against the service and keeps it in the keyring; opens nothing. An account with the same key
        at the same address is not added twice: its profile is returned.

        Raises AuthError, NetworkError, ServiceError; VaultError where the key is right but cannot be kept, upon which
        the user may choose ``session_only``.
        """
        ...

    async def enter_key(self, profile_id: str, key: Secret, *, session_only: bool = False) -> Profile:
        """Gives an account another key, checked and kept like that of a new one. An open workspace works with it from
        here on. Raises the same.
        """
        ...

    async def open_profile(self, profile_id: str) -> None:
        """The keyring may ask the user to unlock it, which may take minutes.

        Raises VaultError; AuthError (NO_KEY) where no key is kept any more; MosaicError (SANDBOX, NOT_FOUND).
        """
        ...

    async def kept_key(self, profile_id: str) -> str | None:
        """The masked form of the key that the keyring holds for this account; None where there is none.

        Asks nothing of the user. Raises VaultError: KEYRING_LOCKED where a key is kept that an unlocked keyring gives.
        """
        ...

    async def change_profile(self, profile: Profile) -> None:
        """Takes over the title, addresses, anon key and output folder of ``profile``.

        Another address is checked with the account's key first; an open workspace is opened again for other addresses.
        Raises AuthError, NetworkError, ServiceError, VaultError.
        """
        ...

    async def forget_profile(self, profile_id: str) -> None:
        """Takes an account away: its secrets out of the keyring, its rows out of the journal; files on disk stay. Where
        it is open, the ways in are shown. Raises VaultError, JournalError; then it is still there.
        """
        ...

    async def vault_state(self) -> VaultState: ...

    async def leave(self, *, forget_key: bool = False) -> None:
        """Ends the workspace in order, so that its work can go on later, and shows the ways in."""
        ...

    async def save_support_file(self, target: Path) -> None:
        """Writes a file for whoever helps: logs, settings and numbers, without secrets and names. Raises LocalFileError
        (FOLDER_UNWRITABLE, DISK_FULL).
        """
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose. ``appearance``: system, light or dark. ``typed_parameters``: remembered name-and-value rows
    of agents without a schema, by agent id, values as JSON text. ``form_choices``: what was chosen in the forms of the
    others, by profile and agent id, as JSON text. ``layout``: what the window remembers of itself. ``name_template``:
    how finished files are called (``core/naming.py``); ``mirror_folders``: whether they lie in the same subfolders as
    their sources did. ``on_close`` while work goes on: ask, background or stop. ``profiles``: every account that is
    kept, which the local Mosaic's and the environment's are not; ``profile``: the id of the one that is open.
    ``low_balance``: credits below which to warn, from high to low. ``webhooks``: whether the receiver listens, at
    ``webhook_port``. ``key_hints``: the masked form of keys that this app made, by the service's id of the key.
    """

    output_folder: Path
    appearance: str = "system"
    profile: str | None = None
    api_base: str | None = None
    typed_parameters: Mapping[str, Mapping[str, str]] | None = None
    form_choices: Mapping[str, Mapping[str, str]] | None = None
    layout: Mapping[str, str] | None = None
    upload_slots: int = 2
    download_slots: int = 2
    upload_rate: int | None = None
    download_rate: int | None = None
    name_template: str = DEFAULT_TEMPLATE
    mirror_folders: bool = False
    on_close: str = "ask"
    profiles: tuple[Profile, ...] = ()
    low_balance: tuple[int, ...] = (1000, 100)
    webhook_port: int = 8765
    webhooks: bool = False
    key_hints: Mapping[str, str] | None = None

    @property
    def limits(self) -> TransferLimits:
        return TransferLimits(self.upload_slots, self.download_slots, self.upload_rate, self.download_rate)

    @property
    def naming(self) -> Naming:
        return Naming(self.name_template, self.mirror_folders)


class SettingsStore(Protocol):
    """Settings in memory, written to disk soon after a change and at the end."""

    @property
    def value(self) -> Settings: ...

    def change(self, **changes: object) -> Settings:
        """Replaces the named fields."""
        ...
