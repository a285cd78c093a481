"""The seal: `archive.db.sha256`, the digest of the whole database file, so that no byte of it can change unseen.

A seal is made and taken away under SQLite's write lock alone, and taken away, durably, before the file may change:
    a long writer   opening: lock, seal away, `writing` = 1; closing: `writing` = 0, log folded in, lock, seal made
    a brief one     lock, seal away, one event; then log folded in, lock, seal made unless `writing` is 1
It is made only while the write-ahead log is empty and nobody writes; otherwise there is none, which is no damage.
A crash at any point leaves no seal or a true one. So a seal that does not hold means: damaged, or changed from outside.
One long writer at a time (see lock.py). `sha256sum -c archive.db.sha256` reads it too.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import schema
from archive.errors import ArchiveUnusable
from archive.events import EventOutcome, EventType, note_event
from archive.place import in_a_bag, log_of
from archive.schema import DATABASE_NAME
from archive.seal_file import break_seal, make_seal

_PATIENCE = 1000  # milliseconds that readers of an earlier state are waited for, so that it can be sealed


def unseal(connection: sqlite3.Connection, path: Path) -> None:
    """A long writer begins: takes the seal of the database at `path` away, and says in it that somebody writes.

    Raises ArchiveUnusable where the folder cannot be written.
    """
    with _locked(connection):
        break_seal(path)
        connection.execute("UPDATE seal SET writing = 1")


def settle(connection: sqlite3.Connection, path: Path) -> bool:
    """The long writer is done: folds the log in, and seals the database at `path` where it is an archive's own and
    nobody else writes or still reads an earlier state. Returns whether it is sealed."""
    connection.execute("UPDATE seal SET writing = 0")
    if path.name == DATABASE_NAME:
        return bool(_sealed(connection, path))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return False


def seal(folder: Path) -> bool:
    """Seals the database in `folder` as it is, unless somebody writes or it cannot be written; whether it is sealed.

    For one that was moved to its place; a copy made while a run wrote needs `settle`.
    """
    with contextlib.suppress(ArchiveUnusable, sqlite3.Error, OSError), _brief_writer(folder) as connection:
        return connection is not None and bool(_sealed(connection, folder / DATABASE_NAME))
    return False


def note_aside(
    folder: Path,
    type_: EventType,
    at: str,
    agent: str,
    target: str,
    *,
    outcome: EventOutcome = EventOutcome.SUCCESS,
    detail: Mapping[str, Any] | None = None,
) -> bool:
    """Notes an event (see events.note_event) for a command that only reads otherwise; a run may be writing meanwhile.

    Returns False, and changes nothing, where the archive cannot be written (read-only media, a full disk), is the
    payload of a bag, which would not be valid any more, or is of an older schema, which a command that reads does not
    migrate.
    """
    return note_between(folder, type_, at, agent, target, outcome=outcome, detail=detail).noted


@dataclass(frozen=True, slots=True)
class Noted:
    """Whether an event was noted; the digest of the database before it, if its seal held, and the one after it, if that
    was sealed and nobody else had written between: then the two differ in this event alone."""

    noted: bool = False
    before: str = ""
    after: str = ""


def note_between(
    folder: Path,
    type_: EventType,
    at: str,
    agent: str,
    target: str,
    *,
    outcome: EventOutcome = EventOutcome.SUCCESS,
    detail: Mapping[str, Any] | None = None,
) -> Noted:
    """As `note_aside`, for whoever must know what else was written meanwhile."""
    path = folder / DATABASE_NAME
    noted = Noted()
    if in_a_bag(folder):
        return noted
    with contextlib.suppress(ArchiveUnusable, sqlite3.Error, OSError), _brief_writer(folder) as connection:
        if connection is not None:
            with _locked(connection):
                alone = not has_log(path)
                note_event(connection, type_, at, agent, target, outcome=outcome, detail=detail)
                # So far the event stands in the log alone; until it is committed the file is as it was.
                held = break_seal(path)
                others = _others(connection)
            noted = Noted(True)
            noted = Noted(True, held if alone else "", _sealed(connection, path, others))
    return noted


def has_log(path: Path) -> bool:
    """Whether there may be something in a log that is not in the file: in SQLite's write-ahead log, or, as another
    program may keep one, in a rollback journal. Raises OSError."""
    log = log_of(path)
    for each in (log, log.with_name(log.name.removesuffix("-wal") + "-journal")):
        with contextlib.suppress(FileNotFoundError):
            if each.stat().st_size > 0:
                return True
    return False


def _others(connection: sqlite3.Connection) -> int:
    """A number that changes with what other connections commit (sqlite.org/pragma.html, data_version)."""
    (number,) = connection.execute("PRAGMA data_version").fetchone()
    return int(number)


def _sealed(connection: sqlite3.Connection, path: Path, others: int | None = None) -> str:
    """Seals under the write lock, with an empty log and no long writer: nobody can change the file while it is hashed.
    Where a reader's snapshot holds up the folding in of the log, or the folder cannot be written, there is no seal.
    Gives the digest; nothing where there is no seal, or others wrote since there were as many `others`."""
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute(f"PRAGMA busy_timeout = {patience}")
    with contextlib.suppress(OSError), _locked(connection):
        if connection.execute("SELECT writing FROM seal").fetchone() != (0,) or has_log(path):
            return ""
        digest = make_seal(path)
        return digest if others in (None, _others(connection)) else ""
    return ""


@contextlib.contextmanager
def _brief_writer(folder: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection that may write, for a moment; None where the database is of an older schema."""
    path = folder / DATABASE_NAME
    with contextlib.closing(schema.connect(path, in_passing=True)) as looking:
        (version,) = looking.execute("PRAGMA user_version").fetchone()
    if version != schema.SCHEMA_VERSION:
        yield None
        return
    with contextlib.closing(schema.connect(path)) as connection:
        yield connection


@contextlib.contextmanager
def _locked(connection: sqlite3.Connection) -> Iterator[None]:
    """SQLite's write lock, from the first statement on."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
