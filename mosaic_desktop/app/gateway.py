"""The ways into and out of a profile, and what is open at this moment."""

import asyncio
import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mosaic_desktop.app.accounts import ACCOUNT, LOCAL, Account, LocalAccount, key_account
from mosaic_desktop.app.environment import base_url
from mosaic_desktop.app.loading import load_the_rest
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.core.errors import AuthError, Code, MosaicError
from mosaic_desktop.core.ports import SecretStore, SettingsStore, VaultState
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.gui.main_window import MainWindow
from mosaic_desktop.storage.database import SqliteDatabase

if TYPE_CHECKING:
    from mosaic_desktop.app.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Memory:
    """What outlives a workspace."""

    paths: DataPaths
    database: SqliteDatabase
    settings: SettingsStore
    vault: SecretStore


class AppGateway:
    """Implements Gateway for the window. ``window`` is given once it exists, since it is built with the gateway."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._workspace: Workspace | None = None
        self._window: MainWindow | None = None
        self._switching = asyncio.Lock()
        self._is_loaded = False

    def attach(self, window: MainWindow) -> None:
        self._window = window

    async def prepare(self) -> None:
        """Loads what accounts and pages are made of, while the event loop goes on."""
        if not self._is_loaded:
            self._is_loaded = True
            await asyncio.to_thread(load_the_rest)
            gc.freeze()  # it stays to the end; each look through all of it would hold up the window for long

    async def open_last(self) -> None:
        """At start-up: the profile used last, or the ways in, with the reason where it can't be opened."""
        profile = self._memory.settings.value.profile
        if profile != LOCAL:
            # The keyring has the account's key and may take as long as its user does: the first page asks it.
            self._need_window().show_first(go_on=profile == ACCOUNT)
            return
        await self.prepare()
        try:
            await self._open(LocalAccount(self._memory.paths))
        except MosaicError as error:
            self._need_window().show_first(error.problem)

    async def try_here(self) -> None:
        await self.prepare()
        account = LocalAccount(self._memory.paths)
        try:
            await account.service.list_agents(1)
        except BaseException:
            await account.aclose()
            raise
        await self._open(account)
        self._memory.settings.change(profile=LOCAL)

    async def use_key(self, key: Secret, *, session_only: bool = False) -> None:
        await self.prepare()
        account = key_account(ACCOUNT, base_url(), key, session_only=session_only)
        try:
            await account.service.list_agents(1)
            if not session_only:
                await self._memory.vault.write(ACCOUNT, key)
                self._memory.settings.change(api_base=account.profile.base_url)
        except BaseException:
            await account.aclose()
            raise
        await self._open(account)
        # A key for this session only is not there at the next start, so that start asks again.
        self._memory.settings.change(profile=None if session_only else ACCOUNT)

    async def vault_state(self) -> VaultState:
        return await self._memory.vault.state()

    async def kept_key(self) -> str | None:
        key = await self._memory.vault.peek(ACCOUNT)
        return None if key is None else key.masked

    async def use_kept_key(self) -> None:
        key = await self._memory.vault.read(ACCOUNT)
        if key is None:
            raise AuthError(Code.NO_KEY)
        await self.prepare()
        await self._open(key_account(ACCOUNT, self._memory.settings.value.api_base or base_url(), key))
        self._memory.settings.change(profile=ACCOUNT)

    async def leave(self, *, forget_key: bool = False) -> None:
        if forget_key:
            await self._memory.vault.delete(ACCOUNT)
        await self.close()
        self._memory.settings.change(profile=None)
        self._need_window().show_first()

    async def close(self) -> None:
        """Ends the open workspace in order, if there is one."""
        async with self._switching:
            await self._close()

    # Inside

    async def _open(self, account: Account) -> None:
        """Ends what is open and opens ``account``, which is ended where that fails; one switch at a time."""
        from mosaic_desktop.app.workspace import Workspace  # the window is on the screen before this is loaded

        settings = self._memory.settings
        workspace = Workspace(
            account,
            self._memory.database,
            self._memory.paths.thumbnails,
            lambda: settings.value,
            self._memory.vault,
            RetryPolicy(patient=True),
        )
        try:
            async with self._switching:
                await self._close()
                await workspace.open()
                self._workspace = workspace
                self._need_window().show_workspace(workspace.engine, account.profile)
        except BaseException:
            if self._workspace is workspace:
                await self._close()
            else:
                await workspace.close()
            raise

    async def _close(self) -> None:
        workspace, self._workspace = self._workspace, None
        if workspace is not None:
            self._need_window().leave_workspace()
            await workspace.close()

    def _need_window(self) -> MainWindow:
        assert self._window is not None, "attach() comes first"
        return self._window
