"""The headless commands' composition: one account, one engine, no Qt."""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from mosaic_desktop.app.accounts import (
    ACCOUNT,
    DEFAULT_BASE_URL,
    ENVIRONMENT,
    LOCAL,
    Account,
    LocalAccount,
    key_account,
)
from mosaic_desktop.app.environment import environment_account
from mosaic_desktop.app.local_mosaic import LocalMosaic
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.app.workspace import Workspace
from mosaic_desktop.cli import commands
from mosaic_desktop.cli.report import Report
from mosaic_desktop.core.asset import BUSY_ASSET_STATES, AssetState
from mosaic_desktop.core.errors import AuthError, Code, MosaicError
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES
from mosaic_desktop.core.ports import Recorded, Settings
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.core.run import BUSY_RUN_STATES, RunState
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.storage.credentials import KeyringVault
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.journal import SqliteJournal
from mosaic_desktop.storage.settings import JsonSettings

INTERRUPTED = 130
_NO_KEY = "There is no API key for this work. Enter it in the window, or set MOSAIC_API_KEY."


def run_headless(arguments: argparse.Namespace, paths: DataPaths, environment: Mapping[str, str] = os.environ) -> int:
    """Runs one command to its end and returns the exit code."""
    try:
        return asyncio.run(_guarded(arguments, paths, environment))
    except KeyboardInterrupt:
        return INTERRUPTED


async def _guarded(arguments: argparse.Namespace, paths: DataPaths, environment: Mapping[str, str]) -> int:
    task = asyncio.current_task()
    assert task is not None
    with suppress(NotImplementedError):  # Windows has no such handlers
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    report = Report(arguments.json, time.monotonic)
    try:
        return await _command(arguments, paths, environment, report)
    except MosaicError as error:
        return commands.explain(error, report)
    except asyncio.CancelledError:
        if arguments.command in {"run", "resume"}:
            print("Stopped. “mosaic-desktop resume” goes on from here.", file=sys.stderr)
        return INTERRUPTED


async def _command(
    arguments: argparse.Namespace, paths: DataPaths, environment: Mapping[str, str], report: Report
) -> int:
    settings = JsonSettings(paths.settings, Settings(output_folder=paths.outputs))
    database = SqliteDatabase(paths.journal)
    await database.open()
    headless = Headless(paths, database, settings.value, environment, getattr(arguments, "output_dir", None))
    try:
        match arguments.command:
            case "agents":
                async with headless.engine(await headless.account()) as engine:
                    return await commands.agents(engine, report)
            case "resume":
                return await headless.resume(report)
            case _:
                async with headless.engine(await headless.account()) as engine:
                    return await commands.run(engine, wish(arguments), report)
    finally:
        await database.aclose()
        await settings.aclose()


def wish(arguments: argparse.Namespace) -> commands.Wish:
    return commands.Wish(
        videos=arguments.videos,
        agent=arguments.agent,
        prompt=arguments.prompt,
        parameters=dict(arguments.parameters),
        auto=arguments.auto,
    )


class Headless:
    """Chooses the account and builds its engine."""

    def __init__(
        self,
        paths: DataPaths,
        database: SqliteDatabase,
        settings: Settings,
        environment: Mapping[str, str],
        folder: Path | None,
    ) -> None:
        self._paths = paths
        self._database = database
        self._settings = settings
        self._environment = environment
        self._folder = folder.absolute() if folder else settings.output_folder

    @asynccontextmanager
    async def engine(self, account: Account) -> AsyncIterator[Engine]:
        workspace = Workspace(account, self._database, self._paths.thumbnails, lambda: self._folder, RetryPolicy())
        await workspace.open()
        try:
            yield workspace.engine
        finally:
            await workspace.close()

    async def account(self) -> Account:
        """The environment's account, else the one that the window uses. Raises MosaicError."""
        from_environment = environment_account(self._environment)
        if from_environment is not None:
            return from_environment
        return await (self._saved_account() if self._settings.profile == ACCOUNT else self._local_account())

    async def resume(self, report: Report) -> int:
        """Goes through every profile of the data folder that has unfinished work."""
        exits: list[int] = []
        for profile, find in self._ways().items():
            if not _unfinished(await SqliteJournal(self._database, profile).load()):
                continue
            try:
                async with self.engine(await find()) as engine:
                    exits.append(await commands.resume(engine, report))
            except MosaicError as error:
                exits.append(commands.explain(error, report))
        if not exits:
            report.note("There is nothing unfinished.")
        return max(exits, default=commands.OK)

    def _ways(self) -> dict[str, Callable[[], Awaitable[Account]]]:
        return {ENVIRONMENT: self._environment_account, ACCOUNT: self._saved_account, LOCAL: self._local_account}

    async def _environment_account(self) -> Account:
        account = environment_account(self._environment)
        if account is None:
            raise AuthError(Code.NO_KEY, _NO_KEY)
        return account

    async def _saved_account(self) -> Account:
        key = await KeyringVault().read(ACCOUNT)
        if key is None:
            raise AuthError(Code.NO_KEY, _NO_KEY)
        return key_account(ACCOUNT, self._settings.api_base or DEFAULT_BASE_URL, key)

    async def _local_account(self) -> Account:
        return LocalAccount(LocalMosaic(self._paths.local_mosaic, self._paths.log.with_name("local-mosaic.log")))


def _unfinished(recorded: Recorded) -> bool:
    sending = BUSY_ASSET_STATES | {AssetState.PAUSED}
    return (
        any(asset.state in sending for asset in recorded.assets)
        or any(run.state in BUSY_RUN_STATES | {RunState.UNCONFIRMED} for run in recorded.runs)
        or any(output.state in BUSY_OUTPUT_STATES for output in recorded.outputs)
    )
