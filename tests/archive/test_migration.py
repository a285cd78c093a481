"""An older archive is brought up to date whole or not at all, and a copy of it as it was is kept first."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive import migration_copy, schema
from archive.errors import ArchiveUnusable
from archive.store import DATABASE_NAME, Store

OLDER = range(1, schema.SCHEMA_VERSION)
NAMES = [migration.name for migration in schema.migrations.pending(Database(memory=True))]


def old_archive(folder: Path, version: int) -> Path:
    """An archive as that version left it, with a capture."""
    path = folder / DATABASE_NAME
    old = sqlite3.connect(path, isolation_level=None)
    old.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    schema.migrations.apply(Database(old), stop_before=NAMES[version])
    old.execute(f"PRAGMA user_version = {version}")
    old.execute(
        "INSERT INTO captures (url, fetched_at, status, role, media_type, payload_sha256, payload_length, warc_file,"
        " warc_offset, warc_length) VALUES ('u', 't', 200, 'page', '', 'abc', 3, 'f', 0, 1)"
    )
    old.execute("INSERT INTO refusals VALUES ('u', 1, 'listing', '', 't')")
    old.close()
    return path


def dump(path: Path) -> list[Any]:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    found = [connection.execute("PRAGMA user_version").fetchone(), *connection.iterdump()]
    connection.close()
    return found


@pytest.mark.parametrize("version", OLDER)
def test_a_copy_as_it_was_is_kept_and_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture, version: int) -> None:
    path = old_archive(tmp_path, version)
    before = dump(path)
    with caplog.at_level(logging.WARNING):
        Store(tmp_path).close()
        Store(tmp_path).close()
    copy = tmp_path / f"{DATABASE_NAME}.schema-{version}"
    said = f"{path} was of schema {version} and is brought up to date; a copy as it was is kept as {copy.name}"
    assert [record.getMessage() for record in caplog.records] == [said]
    assert dump(copy) == before
    assert copy.stat().st_mode & 0o777 == 0o444
    seal = f"{path.name}.sha256"
    assert sorted(found.name for found in tmp_path.iterdir()) == [path.name, copy.name, seal]


def breaking(name: str) -> Callable[[Database], None]:
    """A migration that does its work and then cannot go on."""
    real = next(each for each in schema.migrations.pending(Database(memory=True)) if each.name == name).fn

    def broken(database: Database) -> None:
        real(database)
        raise sqlite3.OperationalError("database or disk is full")

    return broken


@pytest.mark.parametrize("version", OLDER)
@pytest.mark.parametrize("failing", NAMES[1:])
def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int, failing: str
) -> None:
    if NAMES.index(failing) < version:
        failing = NAMES[version]
    path = old_archive(tmp_path, version)
    before = dump(path)
    pending = schema.migrations.pending(Database(memory=True))
    migration = next(each for each in pending if each.name == failing)
    with monkeypatch.context() as patched:
        patched.setattr(migration, "fn", breaking(failing))
        for _ in range(2):
            with pytest.raises(ArchiveUnusable, match="disk is full"):
                Store(tmp_path)
    assert dump(path) == before
    assert [found.name for found in tmp_path.glob("*.schema-*")] == [f"{DATABASE_NAME}.schema-{version}"]
    store = Store(tmp_path)
    assert store.one("SELECT url FROM captures") == ("u",)
    store.close()


def test_an_earlier_copy_that_differs_is_never_overwritten(tmp_path: Path) -> None:
    old_archive(tmp_path, 3)
    (tmp_path / f"{DATABASE_NAME}.schema-3").write_text("an earlier one")
    Store(tmp_path).close()
    assert (tmp_path / f"{DATABASE_NAME}.schema-3").read_text() == "an earlier one"
    assert (tmp_path / f"{DATABASE_NAME}.schema-3.2").exists()


def test_without_room_for_the_copy_nothing_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = old_archive(tmp_path, 3)
    before = dump(path)

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migration_copy, "_make_durable", full)
    with pytest.raises(ArchiveUnusable, match="No space left on device; nothing was changed"):
        Store(tmp_path)
    assert dump(path) == before
    assert not list(tmp_path.glob("*schema*"))


def test_reading_an_older_archive_makes_no_copy(tmp_path: Path) -> None:
    path = old_archive(tmp_path, 3)
    schema.connect(path, read_only=True).close()
    assert not list(tmp_path.glob("*.schema-*"))
