"""The database that a rebuild makes, beside the old one until it is whole: `archive.db.rebuilding`.

It says by whom and from which WARC files it is being made, in a table of its own that goes when it is finished. A
rebuild that was cut off goes on with it where all of that is still so, and begins anew where it is not. Under its name
nothing else ever opens it, so a leftover is never taken for the archive. It takes the archive's name in one step, after
all of it has reached the disk.
"""

import contextlib
import json
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from archive.errors import ArchiveUnusable
from archive.events import EventType
from archive.schema import connect
from archive.seal import seal
from archive.seal_file import forget_seal
from archive.store import DATABASE_NAME, Store
from archive.warc import OPEN_SUFFIX, serial_of, warc_paths

NAME = f"{DATABASE_NAME}.rebuilding"
_LOG_PAGES = 16_000  # of the write-ahead log before it is folded in: fewer waits for the disk
_CACHE_KB = 64_000  # SQLite's own 2 MB hold less than a second's work
# What no WARC file holds of what was done to an archive; of imports, those that brought nothing new.
KEPT_EVENTS = (
    EventType.CHECKED,
    EventType.REPAIRED,
    EventType.EXPORTED,
    EventType.PACKAGED,
    EventType.IMPORTED,
    EventType.REBUILT,
    EventType.MIGRATED,
    EventType.BACKED_UP,
)


@dataclass(frozen=True, slots=True)
class Begun:
    """A database to be filled. `resumed` tells whether part of it is there; `anew` says why a leftover was not gone on
    with, "" where there was none."""

    store: Store
    resumed: bool
    anew: str


def begin(folder: Path, warc_folder: Path, maker: str) -> Begun:
    """Goes on with what an earlier rebuild left, or begins. `maker` names all that the rows depend on besides the WARC
    files. Raises ArchiveUnusable where the database cannot be made."""
    files = _files(warc_folder)
    anew = _why_not(folder / NAME, maker, files) if (folder / NAME).exists() else ""
    if anew or not (folder / NAME).exists():
        remove(folder / NAME)
    resumed = (folder / NAME).exists()
    store = Store(folder, name=NAME)
    store.db.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
    store.db.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    with store.transaction():
        if not resumed:
            store.db.execute("CREATE TABLE rebuilding (maker TEXT NOT NULL, files TEXT NOT NULL) STRICT")
            store.db.execute("INSERT INTO rebuilding VALUES (?, '')", (maker,))
        store.db.execute("UPDATE rebuilding SET files = ?", (json.dumps(files),))
    return Begun(store, resumed, anew)


def unmark(store: Store) -> None:
    """Takes the mark of the unfinished away; from here on nothing is added."""
    store.db.execute("DROP TABLE rebuilding")


def replace_old(store: Store, folder: Path) -> None:
    """Closes the database and puts it, all of it on the disk, in the old one's place, in one step (POSIX rename);
    and seals it."""
    store.close()
    _remove_beside(folder / NAME)
    _make_durable(folder / NAME)
    forget_seal(folder / DATABASE_NAME)
    _fold_in_log(folder / DATABASE_NAME)
    _remove_beside(folder / DATABASE_NAME)
    os.replace(folder / NAME, folder / DATABASE_NAME)
    _make_durable(folder)
    seal(folder)


def keep_events(store: Store, old: Path) -> int:
    """Carries over what the old database tells of checks, exports and the like, which no WARC file holds; returns how
    many events. An old one that is missing, unreadable or of an older schema has none to give."""
    if not old.exists():
        return 0
    try:
        connection = connect(old, read_only=True)
    except (ArchiveUnusable, sqlite3.Error):
        return 0
    try:
        marks = ", ".join("?" for _ in KEPT_EVENTS)
        rows = connection.execute(
            f"SELECT type, at, agent, target, outcome, detail FROM events WHERE type IN ({marks}) ORDER BY id",
            tuple(map(str, KEPT_EVENTS)),
        ).fetchall()
    except sqlite3.DatabaseError:
        return 0
    finally:
        connection.close()
    for row in rows:
        store.db.execute(
            "INSERT INTO events (type, at, agent, target, outcome, detail) SELECT ?1, ?2, ?3, ?4, ?5, ?6"
            " WHERE NOT EXISTS (SELECT 1 FROM events WHERE (type, at, agent, target) = (?1, ?2, ?3, ?4))",
            row,
        )
    return len(rows)


def remove(path: Path) -> None:
    """Removes a database with what SQLite keeps beside it."""
    _remove_beside(path)
    path.unlink(missing_ok=True)


def _remove_beside(path: Path) -> None:
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _fold_in_log(path: Path) -> None:
    """The old database must stay whole without its log, should the next step never come."""
    with contextlib.suppress(sqlite3.Error):  # there is none, or it is damaged
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def _why_not(path: Path, maker: str, files: list[list[str | int]]) -> str:
    """Why a leftover cannot be gone on with; "" where it can."""
    try:
        # For writing, so that what a killed process left in its log is taken in; an older schema is left as it is.
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)
        try:
            made_by, made_from = connection.execute("SELECT maker, files FROM rebuilding").fetchone()
            mark = connection.execute("SELECT warc_file FROM progress").fetchone()
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return "what an earlier rebuild left is damaged"
        finally:
            connection.close()
    except (ArchiveUnusable, sqlite3.Error, TypeError):
        return "what an earlier rebuild left cannot be read"
    if made_by != maker:
        return "an earlier rebuild was made by another version or with another configuration"
    last = serial_of(mark[0]) if mark else 0
    before = [each for each in json.loads(made_from or "[]") if serial_of(each[0]) <= last]
    if before != [each for each in files if serial_of(str(each[0])) <= last]:
        return "WARC files that an earlier rebuild had read have changed"
    return ""


def _files(warc_folder: Path) -> list[list[str | int]]:
    """Name, size and time of change of each WARC file."""
    found = [(path.name.removesuffix(OPEN_SUFFIX), path.stat()) for path in warc_paths(warc_folder)]
    return [[name, stat.st_size, stat.st_mtime_ns] for name, stat in found]


def _make_durable(path: Path) -> None:
    """A rename is only as good as what it names: both are to survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
