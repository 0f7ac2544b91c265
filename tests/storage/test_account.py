"""Balance readings, costs and webhook deliveries: kept for good, thinned where nothing is lost, one profile each."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mosaic_desktop.core.account import BalanceReading, Delivery, RunCost, Verdict
from mosaic_desktop.core.account_ports import DeliveryLog, Ledger
from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.core.content import KnownContent
from mosaic_desktop.core.errors import JournalError
from mosaic_desktop.core.ports import Recorded
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.deliveries import KEPT, SqliteDeliveries
from mosaic_desktop.storage.journal import SqliteJournal
from mosaic_desktop.storage.ledger import SqliteLedger
from mosaic_desktop.storage.migrations import STEPS

T = TypeVar("T")
DAY = 86400.0
COST = RunCost("r1", "Reframe", 12.5, 40.0, False, 100.0)


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(path)
    await database.open()
    try:
        yield database
    finally:
        await database.aclose()


async def with_ledger(path: Path, work: Callable[[Ledger], Awaitable[T]]) -> T:
    async with opened(path) as database:
        return await work(SqliteLedger(database, "me"))


async def with_log(path: Path, work: Callable[[DeliveryLog], Awaitable[T]]) -> T:
    async with opened(path) as database:
        return await work(SqliteDeliveries(database, "me"))


def readings_after(path: Path, *readings: tuple[float, float]) -> list[tuple[float, float]]:
    async def add(ledger: Ledger) -> None:
        for at, amount in readings:
            await ledger.add_reading(BalanceReading(at, amount))

    run(with_ledger(path, add))
    found = run(with_ledger(path, lambda ledger: ledger.readings()))
    return [(reading.at, reading.credits) for reading in found]


# --- Readings ---------------------------------------------------------------------------------------------------------


def test_readings_survive_a_restart_oldest_first(path: Path) -> None:
    assert readings_after(path, (1.0, 500.0), (2.0, 460.5), (3.0, 460.5)) == [(1.0, 500.0), (2.0, 460.5), (3.0, 460.5)]
    found = run(with_ledger(path, lambda ledger: ledger.readings(since=2.0)))
    assert found == (BalanceReading(2.0, 460.5), BalanceReading(3.0, 460.5))


def test_of_a_balance_that_stays_the_first_and_the_last_reading_are_kept(path: Path) -> None:
    at_rest = [(60.0 * minute, 500.0) for minute in range(500)]
    assert readings_after(path, *at_rest, (30000.0, 460.0)) == [(0.0, 500.0), (29940.0, 500.0), (30000.0, 460.0)]
    assert readings_after(path, (30060.0, 460.0), (30120.0, 460.0), (30180.0, 500.0))[2:] == [
        (30000.0, 460.0),
        (30120.0, 460.0),
        (30180.0, 500.0),
    ]


def test_a_clock_that_was_set_back_loses_no_reading(path: Path) -> None:
    assert readings_after(path, (10.0, 5.0), (20.0, 5.0), (15.0, 5.0), (15.0, 4.0), (5.0, 5.0)) == [
        (5.0, 5.0),
        (10.0, 5.0),
        (15.0, 4.0),
        (20.0, 5.0),
    ]


def test_a_reading_from_the_future_keeps_no_others_apart(path: Path) -> None:
    found = readings_after(path, (1e10, 7.0), *((60.0 * minute, 5.0) for minute in range(9)))
    assert found == [(0.0, 5.0), (480.0, 5.0), (1e10, 7.0)]


def test_a_reading_that_is_no_number_is_a_journal_error(path: Path) -> None:
    with pytest.raises(JournalError):
        readings_after(path, (1.0, float("nan")))


# --- Costs ------------------------------------------------------------------------------------------------------------


def test_costs_survive_a_restart_and_replace_an_earlier_one_of_the_same_run(path: Path) -> None:
    async def add(ledger: Ledger) -> None:
        await ledger.add_cost(COST)
        await ledger.add_cost(RunCost("r0", "A wish", None, 3.0, True, 50.0))
        await ledger.add_cost(RunCost("r1", "Reframe", 12.5, 44.0, True, 120.0))

    run(with_ledger(path, add))
    later = RunCost("r1", "Reframe", 12.5, 44.0, True, 120.0)
    assert run(with_ledger(path, lambda ledger: ledger.costs())) == (
        RunCost("r0", "A wish", None, 3.0, True, 50.0),
        later,
    )
    assert run(with_ledger(path, lambda ledger: ledger.costs(since=60.0))) == (later,)


# --- People -----------------------------------------------------------------------------------------------------------


def test_people_of_one_profile_see_nothing_of_each_other_and_the_first_takes_over_what_was_nobodys(path: Path) -> None:
    async def work() -> list[tuple[object, ...]]:
        async with opened(path) as database:
            nobody, ann, ben = (SqliteLedger(database, "me", person) for person in ("", "ann@x", "ben@x"))
            await nobody.add_reading(BalanceReading(1.0, 500.0))
            await nobody.add_cost(COST)
            seen = [(*await ann.readings(), *await ann.costs()), (*await ben.readings(), *await ben.costs())]
            await ben.add_reading(BalanceReading(1.0, 7.0))
            await ben.add_cost(RunCost("r1", "Reframe", 12.5, 0.0, True, 100.0))
            return [*seen, (*await ann.readings(), *await ann.costs()), await ben.readings(), await nobody.readings()]

    hers = (BalanceReading(1.0, 500.0), COST)
    assert run(work()) == [hers, (), hers, (BalanceReading(1.0, 7.0),), ()]


# --- Deliveries -------------------------------------------------------------------------------------------------------


def test_deliveries_come_newest_first_and_the_latest_are_kept(path: Path) -> None:
    count = KEPT + 20
    deliveries = [
        Delivery(1000.0 - n, Verdict.ACCEPTED if n % 2 else Verdict.FORGED, "agent_run.completed", f"run-{n}", n)
        for n in range(count)
    ]

    async def add(log: DeliveryLog) -> None:
        for delivery in deliveries:
            await log.add(delivery)

    run(with_log(path, add))
    assert run(with_log(path, lambda log: log.latest())) == tuple(reversed(deliveries[-KEPT:]))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM deliveries").fetchone() == (KEPT,)


def test_a_verdict_of_a_newer_version_is_passed_over(path: Path) -> None:
    run(with_log(path, lambda log: log.add(Delivery(1.0, Verdict.LATE))))
    run(with_log(path, lambda log: log.add(Delivery(2.0, Verdict.TEST))))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE deliveries SET verdict = 'odd' WHERE at = 1.0")
    assert run(with_log(path, lambda log: log.latest())) == (Delivery(2.0, Verdict.TEST),)


def test_a_fingerprint_is_new_once_also_after_a_restart(path: Path) -> None:
    assert run(with_log(path, lambda log: log.is_new("a", 0.0)))
    assert not run(with_log(path, lambda log: log.is_new("a", 7.9 * DAY)))
    assert run(with_log(path, lambda log: log.is_new("b", 0.0)))


def test_of_the_same_delivery_twice_at_once_one_is_new(path: Path) -> None:
    async def both(log: DeliveryLog) -> list[bool]:
        return await asyncio.gather(*(log.is_new("a", 0.0) for _ in range(5)))

    assert sorted(run(with_log(path, both))) == [False] * 4 + [True]


def test_fingerprints_are_dropped_when_they_are_old_and_many(path: Path) -> None:
    async def work(log: DeliveryLog) -> list[bool]:
        await log.is_new("old", 0.0)
        for n in range(1000):
            await log.is_new(f"f{n}", 8.5 * DAY + n)
        return [await log.is_new("old", 8.6 * DAY), await log.is_new("f0", 8.6 * DAY)]

    assert run(with_log(path, work)) == [True, False]
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM fingerprints").fetchone()
    assert count == 1001


def test_a_clock_that_is_years_ahead_for_a_while_forgets_no_fingerprint(path: Path) -> None:
    async def work(log: DeliveryLog) -> list[bool]:
        return [await log.is_new("a", 0.0), await log.is_new("b", 3000 * DAY), await log.is_new("a", 60.0)]

    assert run(with_log(path, work)) == [True, True, False]


# --- Profiles ---------------------------------------------------------------------------------------------------------


async def fill(database: SqliteDatabase, profile: str) -> None:
    journal, log = SqliteJournal(database, profile), SqliteDeliveries(database, profile)
    await journal.save((Asset(AssetId("a"), "clip.mp4", created_at=1.0),))
    await journal.remember(KnownContent("c", "s", 1, "f", "clip.mp4", 1.0))
    await SqliteLedger(database, profile).add_reading(BalanceReading(1.0, 500.0))
    await SqliteLedger(database, profile).add_cost(COST)
    await log.add(Delivery(1.0, Verdict.ACCEPTED))
    await log.is_new("fingerprint", 1.0)


async def rows_of(database: SqliteDatabase, profile: str) -> list[object]:
    journal, ledger = SqliteJournal(database, profile), SqliteLedger(database, profile)
    log = SqliteDeliveries(database, profile)
    loaded = await journal.load()
    return [
        *loaded.assets,
        *await journal.known("s"),
        *await ledger.readings(),
        *await ledger.costs(),
        *await log.latest(),
    ]


def test_profiles_see_nothing_of_each_other_and_one_is_forgotten_whole(path: Path) -> None:
    async def work() -> tuple[list[object], list[object], list[object], bool, bool]:
        async with opened(path) as database:
            for profile in ("mine", "yours"):
                await fill(database, profile)
            before = await rows_of(database, "mine")
            await database.forget_profile("mine")
            return (
                before,
                await rows_of(database, "mine"),
                await rows_of(database, "yours"),
                await SqliteDeliveries(database, "mine").is_new("fingerprint", 2.0),
                await SqliteDeliveries(database, "yours").is_new("fingerprint", 2.0),
            )

    before, mine, yours, mine_is_new, yours_is_new = run(work())
    assert len(before) == 5
    assert (mine, yours) == ([], before)
    assert (mine_is_new, yours_is_new) == (True, False)


def test_the_history_of_an_older_version_is_kept(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in (statement for step in STEPS[:3] for statement in step):
            connection.execute(statement)
        connection.execute("INSERT INTO readings VALUES ('me', 1.0, 500.0), ('you', 1.0, 7.0)")
        connection.execute("INSERT INTO costs VALUES ('me', 'r1', 'Reframe', 12.5, 40.0, 0, 100.0)")
        connection.execute("PRAGMA user_version = 3")

    async def work() -> tuple[object, ...]:
        async with opened(path) as database:
            ledger = SqliteLedger(database, "me", "ann@x")
            return (*await ledger.readings(), *await ledger.costs())

    assert run(work()) == (BalanceReading(1.0, 500.0), COST)


def test_a_file_of_an_older_version_gains_the_account(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in (statement for step in STEPS[:2] for statement in step):
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 2")

    async def work() -> Recorded:
        async with opened(path) as database:
            await fill(database, "me")
            return await SqliteJournal(database, "me").load()

    assert len(run(work()).assets) == 1
