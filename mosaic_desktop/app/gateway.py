"""The ways into and out of a profile, and what is open at this moment."""

import asyncio
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt

from mosaic_desktop.app.account_side import SideParts
from mosaic_desktop.app.accounts import LOCAL, Account, KeyAccount
from mosaic_desktop.app.forgetting import forget_rows
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.app.profiles import Profiles
from mosaic_desktop.app.workspace import Workspace
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.ports import NewAccount, Profile, SecretStore, SettingsStore, VaultState
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.gui.main_window import MainWindow
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.shape import journal_shape, profiles_with_work


@dataclass(frozen=True, slots=True)
class Memory:
    """What outlives a workspace."""

    paths: DataPaths
    database: SqliteDatabase
    settings: SettingsStore
    vault: SecretStore


class AppGateway:
    """Implements Gateway for ``window``, in which it shows what is opened."""

    def __init__(self, memory: Memory, window: MainWindow, environment: Mapping[str, str] = os.environ) -> None:
        self._memory = memory
        self._profiles = Profiles(
            memory.paths,
            memory.settings,
            memory.vault,
            environment,
            lambda: profiles_with_work(memory.database),
        )
        self._workspace: Workspace | None = None
        self._window = window
        self._switching = asyncio.Lock()
        self._in_front = True

    def attend(self, state: Qt.ApplicationState) -> None:
        """The program came to the front, or went behind other windows."""
        self._in_front = state is Qt.ApplicationState.ApplicationActive
        if self._workspace is not None and self._workspace.side is not None:
            self._workspace.side.desk.set_in_front(self._in_front)

    async def open_last(self) -> None:
        """At start-up: the profile used last, or the ways in, with the reason where it can't be opened."""
        profile = self._memory.settings.value.profile
        if profile != LOCAL:
            # The keyring has the account's key and may take as long as its user does: the first page asks it.
            known = any(profile == each.id for each in self.profiles)
            self._window.show_first(go_on=profile if known else None)
            return
        try:
            await self._open(await self._profiles.account(LOCAL))
        except MosaicError as error:
            self._window.show_first(error.problem)

    # Gateway

    @property
    def profiles(self) -> tuple[Profile, ...]:
        return self._profiles.all

    @property
    def usual_address(self) -> str:
        return self._profiles.usual_address

    async def try_here(self) -> None:
        await self.open_profile(LOCAL)

    async def open_profile(self, profile_id: str) -> None:
        account = await self._profiles.account(profile_id)
        try:
            if account.profile.is_local:
                await account.service.list_agents(1)  # it starts, or tells why not, while what is open stays
        except BaseException:
            await account.aclose()
            raise
        await self._open(account)
        # A key for this session only is not there at the next start, so that start asks again.
        self._memory.settings.change(profile=None if account.profile.session_only else profile_id)

    async def add_account(self, new: NewAccount, *, session_only: bool = False) -> Profile:
        profile = await self._profiles.add(new, session_only=session_only)
        await self._take_up_key(profile, new.key)
        return profile

    async def enter_key(self, profile_id: str, key: Secret, *, session_only: bool = False) -> Profile:
        profile = await self._profiles.enter_key(profile_id, key, session_only=session_only)
        await self._take_up_key(profile, key)
        return profile

    async def kept_key(self, profile_id: str) -> str | None:
        key = await self._profiles.peek(profile_id)
        return None if key is None else key.masked

    async def change_profile(self, profile: Profile) -> None:
        opened = self._opened(profile.id)
        key = None if opened is None else (await opened.account.keys())[0]
        before = self._profiles.find(profile.id)
        after = await self._profiles.change(profile, key)
        if opened is None or key is None or opened is not self._workspace:
            return
        opened.account.profile = after
        if _addresses(before) == _addresses(after):
            self._window.show_profile(after)
            return
        if opened.side is not None:
            await opened.side.desk.sign_out()  # what it renews meanwhile is not for the new addresses
        try:
            await self._open(KeyAccount(after, key))
        except MosaicError as error:
            self._window.show_first(error.problem)

    async def forget_profile(self, profile_id: str) -> None:
        await self._profiles.forget_secrets(profile_id)
        workspace = self._opened(profile_id)
        opened = workspace is not None
        if workspace is not None:
            if workspace.side is not None:
                await workspace.side.desk.sign_out()  # the service is told, and nothing is kept any more
            await self.close()
            self._memory.settings.change(profile=None)
        try:
            await forget_rows(self._memory.database, self._profiles.vault_of(profile_id), profile_id)
            self._profiles.forget(profile_id)
        except MosaicError as error:
            if not opened:
                raise
            self._window.show_first(error.problem)
            return
        if opened:
            self._window.show_first()

    async def vault_state(self) -> VaultState:
        return await self._memory.vault.state()

    async def leave(self, *, forget_key: bool = False) -> None:
        if forget_key and self._workspace is not None:
            await self._profiles.forget_key(self._workspace.account.profile.id)
        await self.close()
        self._memory.settings.change(profile=None)
        self._window.show_first()

    async def save_support_file(self, target: Path) -> None:
        from mosaic_desktop.app.support_file import SupportFacts, write_support_file

        memory = self._memory
        shape = await journal_shape(memory.database)
        opened = None if self._workspace is None else self._workspace.account.profile.id
        facts = SupportFacts(memory.settings.value, self.profiles, opened, await self.vault_state())
        await asyncio.to_thread(write_support_file, target, memory.paths, facts, shape)

    async def aclose(self) -> None:
        """At the end of the application."""
        await self.close()
        await self._profiles.aclose()

    async def close(self) -> None:
        """Ends the open workspace in order, if there is one."""
        async with self._switching:
            await self._close()

    # Inside

    async def _open(self, account: Account) -> None:
        """Ends what is open and opens ``account``, which is ended where that fails; one switch at a time."""
        settings = self._memory.settings
        workspace = Workspace(
            account,
            self._memory.database,
            self._memory.paths.thumbnails,
            lambda: settings.value,
            self._memory.vault,
            RetryPolicy(patient=True),
            SideParts(self._memory.database, settings, self._profiles),
        )
        try:
            async with self._switching:
                await self._close()
                await workspace.open()
                self._workspace = workspace
                self._show(workspace)
        except BaseException:
            if self._workspace is workspace:
                await self._close()
            else:
                await workspace.close()
            raise

    def _show(self, workspace: Workspace) -> None:
        side = workspace.side
        assert side is not None
        side.desk.set_in_front(self._in_front)
        self._window.show_workspace(workspace.engine, workspace.account.profile, side.desk, side.webhooks)

    def _opened(self, profile_id: str) -> Workspace | None:
        """The workspace of that account, if it is the one that is open."""
        workspace = self._workspace
        return workspace if workspace is not None and workspace.account.profile.id == profile_id else None

    async def _take_up_key(self, profile: Profile, key: Secret) -> None:
        """An open workspace goes on with the new key; what waited for one does not wait any longer."""
        workspace = self._opened(profile.id)
        if workspace is not None and isinstance(workspace.account, KeyAccount):
            workspace.account.profile = profile
            workspace.account.use_key(key)
            self._window.show_profile(profile)
            with suppress(MosaicError):
                await workspace.engine.agents()  # the answer opens what a refused key has closed

    async def _close(self) -> None:
        workspace, self._workspace = self._workspace, None
        if workspace is not None:
            self._window.leave_workspace()
            await workspace.close()


def _addresses(profile: Profile) -> tuple[str, str, str]:
    return profile.base_url, profile.auth_url, profile.anon_key
