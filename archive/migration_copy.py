"""Before a database is brought up to date: a copy of it as it was, beside it, named after its schema.

    archive.db ─► archive.db.schema-3        (a second one that differs: archive.db.schema-3.2)

Made by SQLite's online backup, read back, durable before anything of the original changes, read-only, and never
overwritten. To go back: put it in the place of the database, and use the version of susta-archive that made it.
"""

import contextlib
import filecmp
import itertools
import logging
import os
import sqlite3
from pathlib import Path

from archive.errors import ArchiveUnusable

_log = logging.getLogger("susta.archive")


def keep_copy(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copies the open database at `path`, of schema `version`; returns where to. Says so once, as a warning.

    Raises ArchiveUnusable, the original being as it was, where the copy cannot be made.
    """
    part = path.with_name(f"{path.name}.schema-{version}.part")
    try:
        part.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(part)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, whole in itself
            if (found := copy.execute("PRAGMA quick_check").fetchone()) != ("ok",):
                raise sqlite3.DatabaseError(found[0])
        _make_durable(part)
        place, is_new = _place_for(part, path, version)
        if is_new:
            part.chmod(0o444)
            part.rename(place)
            _make_durable(path.parent)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise ArchiveUnusable(
            f"{path} is of schema {version} and must be brought up to date, but a copy of it could not be made first:"
            f" {getattr(error, 'strerror', None) or error}; nothing was changed",
            advice="Make room on the disk, or give write access to the folder; then run again.",
        ) from error
    part.unlink(missing_ok=True)
    _log.warning(
        "%s was of schema %d and is brought up to date; a copy as it was is kept as %s", path, version, place.name
    )
    return place


def _place_for(part: Path, path: Path, version: int) -> tuple[Path, bool]:
    """Where the copy belongs, and whether it is not there yet: an identical one is, after a migration that failed."""
    for number in itertools.count(1):
        place = path.with_name(f"{path.name}.schema-{version}{f'.{number}' if number > 1 else ''}")
        if not place.exists():
            return place, True
        if place.is_file() and filecmp.cmp(part, place, shallow=False):
            return place, False
    raise AssertionError("numbers do not end")


def _make_durable(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
