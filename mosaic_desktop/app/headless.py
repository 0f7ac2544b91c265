"""The headless commands' composition and life: one request, its engines one after the other, no Qt."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from mosaic_desktop.app.account_side import SideParts
from mosaic_desktop.app.exits import FAILED, OK, STOPPED, USAGE
from mosaic_desktop.app.known_accounts import KnownAccounts
from mosaic_desktop.app.logs import report_loop_fault
from mosaic_desktop.app.paths import DataPaths, reason
from mosaic_desktop.app.profiles import Profiles
from mosaic_desktop.app.stopping import StoppedError, until_stopped
from mosaic_desktop.app.workspace import Workspace
from mosaic_desktop.cli import commands
from mosaic_desktop.cli.outcome import Failure, Outcome
from mosaic_desktop.cli.patience import Patience
from mosaic_desktop.cli.report import Report
from mosaic_desktop.cli.requests import AgentsRequest, ProfilesRequest, Request, ResumeRequest, RunRequest, UsageError
from mosaic_desktop.cli.unconfirmed import decisions
from mosaic_desktop.cli.unfinished import unfinished
from mosaic_desktop.core.clock import SystemClock
from mosaic_desktop.core.errors import Code, JournalError, LocalFileError, MosaicError
from mosaic_desktop.core.ports import Profile, Settings
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.recovery import recover
from mosaic_desktop.storage.credentials import KeyringVault
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.journal import SqliteJournal
from mosaic_desktop.storage.settings import JsonSettings


def run_headless(request: Request, paths: DataPaths, report: Report) -> int:
    """Carries ``request`` out, which the user and the system may stop, and returns the exit code."""
    try:
        return asyncio.run(until_stopped(answered(request, paths, report, os.environ)))
    except StoppedError as stopped:
        goes_on = isinstance(request, ResumeRequest) or report.has_told_of_work
        print("Stopped." + (f" “{report.program} resume” goes on from here." if goes_on else ""), file=sys.stderr)
        return STOPPED + stopped.name


async def answered(request: Request, paths: DataPaths, report: Report, environment: Mapping[str, str]) -> int:
    """Carries ``request`` out and prints how it ended; returns the exit code."""
    asyncio.get_running_loop().set_exception_handler(report_loop_fault)
    try:
        outcome = await _outcome(request, paths, report, environment)
    except UsageError as error:
        report.ended_by(error.problem)
        return USAGE
    except (LocalFileError, JournalError) as error:
        report.ended_by(error.problem)
        return FAILED
    except MosaicError as error:
        report.failed(Failure("", error.problem))
        return FAILED
    report.conclude(outcome)
    return FAILED if outcome.failures else OK


async def _outcome(request: Request, paths: DataPaths, report: Report, environment: Mapping[str, str]) -> Outcome:
    settings = JsonSettings(paths.settings, Settings(output_folder=paths.outputs))
    database = SqliteDatabase(paths.journal)
    try:
        await database.open()
        for warning in _warnings(database, settings):
            report.warn(warning)
        vault = KeyringVault(record=paths.keyrings)
        profiles = Profiles(paths, settings, vault, environment)
        accounts = KnownAccounts(profiles, settings.value.profile, environment)
        side_parts = SideParts(database, settings, profiles)
        return await Headless(paths, side_parts, vault, accounts, report).outcome(request)
    finally:
        await database.aclose()
        await settings.aclose()


def _warnings(database: SqliteDatabase, settings: JsonSettings) -> Iterator[str]:
    """What the user must hear of what was found on the disk."""
    if settings.trouble is not None:
        yield settings.trouble + (f" The file is kept as {settings.set_aside}." if settings.set_aside else "")
    if database.set_aside is not None:
        yield f"The list of your work was damaged, so this one is empty. It is kept as {database.set_aside}."
    if database.is_newer:
        yield "The list of your work was last written by a newer version of this app, which alone knows all of it."


class Headless:
    """Carries requests out on the engines of one data folder."""

    def __init__(
        self,
        paths: DataPaths,
        side_parts: SideParts,
        vault: KeyringVault,
        accounts: KnownAccounts,
        report: Report,
    ) -> None:
        self._paths = paths
        self._side_parts = side_parts
        self._database = side_parts.database
        self._settings = side_parts.settings.value
        self._vault = vault
        self._accounts = accounts
        self._report = report
        self._retry = RetryPolicy()

    async def outcome(self, request: Request) -> Outcome:
        """Raises MosaicError where the work could not even begin, UsageError where it cannot be meant."""
        patience = Patience(self._retry, SystemClock(), self._report)
        match request:
            case ProfilesRequest():
                self._report.profiles(self._accounts.all, self._accounts.chosen(None))
                return Outcome()
            case AgentsRequest():
                profile = self._accounts.chosen(request.profile)
                async with self._engine(profile.id, self._folder_of(profile), spends=False) as engine:
                    return await commands.agents(engine, self._report, patience)
            case RunRequest():
                profile = self._accounts.chosen(request.profile)
                folder = await self._usable(request.output_dir, profile)
                async with self._engine(profile.id, folder) as engine:
                    return await commands.run(engine, request, self._report, patience)
            case ResumeRequest():
                return await self._resume(request)

    async def _resume(self, request: ResumeRequest) -> Outcome:
        """Goes through every profile of the data folder that has unfinished work, or through the one that is named."""
        if request.output_dir is not None:
            await self._usable(request.output_dir, None)
        known = {profile.id: profile for profile in self._accounts.all}
        ids = self._accounts.ids if request.profile is None else (self._accounts.chosen(request.profile).id,)
        recorded = {id_: recover(await SqliteJournal(self._database, id_).load()) for id_ in ids}
        decided = decisions(
            request.run_ids, request.unconfirmed, [run for rows in recorded.values() for run in rows.runs]
        )
        outcomes = []
        for id_, rows in recorded.items():
            if not unfinished(rows):
                continue
            folder = request.output_dir or self._folder_of(known.get(id_))
            try:
                async with self._engine(id_, folder) as engine:
                    outcomes.append(await commands.resume(engine, decided, self._report))
            except MosaicError as error:
                outcomes.append(Outcome((Failure("", error.problem),)))
        if not outcomes:
            self._report.note("There is nothing unfinished.")
        return Outcome.of(outcomes)

    @asynccontextmanager
    async def _engine(self, profile_id: str, folder: Path, *, spends: bool = True) -> AsyncIterator[Engine]:
        """``spends``: what its runs cost is measured, where the account's sign-in is kept."""
        account = await self._accounts.account(profile_id)
        account.profile = replace(account.profile, output_folder=folder)
        workspace = Workspace(
            account,
            self._database,
            self._paths.thumbnails,
            lambda: self._settings,
            self._vault,
            self._retry,
            self._side_parts if spends and account.key_in_keyring else None,
        )
        try:
            await workspace.open()
            yield workspace.engine
            if workspace.side is not None:
                await workspace.side.desk.settle()
        finally:
            await workspace.close()

    def _folder_of(self, profile: Profile | None) -> Path:
        return (profile and profile.output_folder) or self._settings.output_folder

    async def _usable(self, wanted: Path | None, profile: Profile | None) -> Path:
        """Where finished videos go. Looked at before anything is sent or paid for."""
        folder = wanted or self._folder_of(profile)
        try:
            await asyncio.to_thread(files.prepare_folder, folder, 0)
        except LocalFileError as error:
            why = f"{folder}: {reason(error.__cause__)}" if isinstance(error.__cause__, OSError) else str(folder)
            kind = UsageError if wanted else LocalFileError
            raise kind(Code.FOLDER_UNWRITABLE, why) from error
        return folder
