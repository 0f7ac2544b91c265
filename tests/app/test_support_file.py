"""The support file: what it tells, and what it keeps to itself."""

import asyncio
import json
import zipfile
from pathlib import Path

import pytest

from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.app.support_file import SupportFacts, write_support_file
from mosaic_desktop.core.asset import AssetState
from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.core.ports import Profile, Settings, VaultState
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.journal import SqliteJournal
from mosaic_desktop.storage.shape import journal_shape
from tests.gui.models.builders import asset

MINE = Profile("account", "Ann", False, "https://mosaic.invalid/api", "mk_live_…a1b2", email="ann@studio.example")
PRIVATE = ("Ann", "ann@", "secret wedding", "a1b2", "mk_live_0123", "eyJhbGciOi", "hunter2", "refresh-token-words")


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    found = DataPaths(tmp_path, tmp_path / "outputs")
    found.log.parent.mkdir()
    return found


def written(paths: DataPaths, target: Path) -> dict[str, str]:
    async def story() -> None:
        database = SqliteDatabase(paths.journal)
        await database.open()
        await SqliteJournal(database, MINE.id).save(
            (asset("secret wedding.mp4"), asset("b.mp4", state=AssetState.FAILED))
        )
        shape = await journal_shape(database)
        await database.aclose()
        settings = Settings(
            paths.root / "secret wedding",
            profiles=(MINE,),
            typed_parameters={"a": {"b": "hunter2"}},
            form_choices={MINE.id: {"a": "hunter2"}},
            key_hints={"k-1": "mk_live_…a1b2"},
        )
        facts = SupportFacts(settings, (MINE,), MINE.id, VaultState("GNOME Keyring"))
        write_support_file(target, paths, facts, shape)

    asyncio.run(story())
    with zipfile.ZipFile(target) as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def test_it_tells_versions_kinds_and_numbers_and_nothing_private(paths: DataPaths) -> None:
    paths.log.write_text("key mk_live_0123456789abcdef of ann@studio.example, jwt eyJhbGciOiJ.eyJzdWIi.x\n")
    paths.log.with_name("local-mosaic.log").write_text('{"refresh_token": "refresh-token-words"}\n')
    paths.log.with_name("crash-report.txt").write_text("Segmentation fault at password=hunter2\n")
    parts = written(paths, paths.root / "support.zip")
    assert {"versions.json", "settings.json", "accounts.json", "journal.json", "log/crash-report.txt"} <= set(parts)
    assert "Segmentation fault" in parts["log/crash-report.txt"]
    assert json.loads(parts["journal.json"])["tables"]["assets"] == [
        ["account 1", "failed", 1],
        ["account 1", "ready", 1],
    ]
    assert json.loads(parts["settings.json"])["typed_parameters"] == "1 of them"
    assert json.loads(parts["accounts.json"])[0]["is_open"]
    assert json.loads(parts["versions.json"])["keyring"] == {"name": "GNOME Keyring", "problem": None}
    everything = "\n".join(parts.values())
    assert [word for word in PRIVATE if word in everything] == []


def test_a_place_that_cannot_be_written_to_is_told(paths: DataPaths) -> None:
    (paths.root / "a file").write_text("in its place")
    with pytest.raises(LocalFileError) as raised:
        written(paths, paths.root / "a file" / "support.zip")
    assert raised.value.code == Code.FOLDER_UNWRITABLE
