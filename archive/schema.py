"""The tables of `archive.db`, and the care taken when opening it.

    sources ◄── articles ◄─┬─ photos, attachments      (of the newest revision)
    (whom to    │  ▲       ├─ revisions                (each change of what it says)
     credit)    │  │       ├─ views                    (the counter, over time)
                │  │       ├─ aliases                  (its other addresses)
                │  │       ├─ articles_fts             (full text; rowid = articles.id)
                ▼  │       └─ articles_fts_marked      (which words, with their marks; rowid = articles.id)
    runs ◄── captures ◄─┬─ derivations ──► frames      (what each page capture gave, with which frame of the site)
     ▲                  ├─ refusals                    (pages that are no article, and why)
     │                  ├─ postings                    (dates that listings give)
     │                  └─ not_found_pages             (what the site says of addresses that cannot exist)
     └── failures                                      (addresses that gave no answer)
    withdrawals ◄── withdrawn_addresses, withdrawn_lines: articles taken out, and why · warc_files: each finished one
    events: what was done, by whom, with what outcome · progress: how far the WARC files have been worked in
    seal: whether somebody writes now · attachment_texts: what attached documents say, by their SHA-256
    views: articles_with_credit, capture_events, articles_marked (what articles_fts_marked gives back: no text)

Settings, for each connection but the first three, which the file keeps:
    application_id      tells our files from other programs'
    user_version        the schema's version; a newer one is refused, never touched
    journal_mode=WAL    a reader sees the state it began with and blocks no writer, nor a writer it; whoever closes last
                        folds the log in, so that archive.db alone is the whole database
    synchronous=NORMAL  no fsync a commit: a power cut may take the last ones, which are derived again from the WARC
                        files (those are synced), and never leaves the file broken
    foreign_keys=ON     off only while a migration makes a table anew, and checked at its end
    query_only=ON       for readers
Tables are STRICT: a text never lands in a number's column. The full-text table cannot be (virtual tables have no
types), nor is the one in which sqlite-utils keeps the names of migrations.
"""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive import __version__
from archive.errors import ArchiveUnusable
from archive.events import EventOutcome, EventType, note_event
from archive.migrating import Migrations, each, remake
from archive.migration_copy import keep_copy
from archive.migration_search import make_search
from archive.place import log_of, refuse_odd_place
from archive.seal_file import break_seal, forget_seal
from archive.tables import (
    CAPTURE_INDEXES,
    CAPTURES,
    DERIVATION_INDEXES,
    DERIVATIONS,
    REFUSAL_INDEXES,
    REFUSALS,
    TABLES,
    one_of,
)

APPLICATION_ID = 0x53555354  # "SUST"
SCHEMA_VERSION = 5
DATABASE_NAME = "archive.db"


if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("susta-archive")


@migrations()
def m001_first_tables(database: "Database") -> None:
    """Schema 1."""
    each(database, TABLES)


@migrations()
def m002_doubts(database: "Database") -> None:
    """Schema 2: what makes a record worth a person's look, and refusals for more reasons.

    A CHECK cannot be changed in place; nothing refers to the two tables that are made anew.
    """
    database.execute("ALTER TABLE articles ADD COLUMN doubts TEXT NOT NULL DEFAULT '[]'")
    database.execute("ALTER TABLE articles ADD COLUMN doubt REAL NOT NULL DEFAULT 0")
    database.execute("CREATE INDEX articles_doubt ON articles(doubt) WHERE doubt > 0")
    remake(database, "derivations", DERIVATIONS, DERIVATION_INDEXES)
    remake(database, "refusals", REFUSALS, REFUSAL_INDEXES)


@migrations()
def m003_revisits(database: "Database") -> None:
    """Schema 3: captures that repeat an earlier one, validators for conditional requests, what a site says of addresses
    that cannot exist, and roles and refusals for more reasons."""
    remake(database, "captures", CAPTURES, CAPTURE_INDEXES)
    remake(database, "derivations", DERIVATIONS, DERIVATION_INDEXES)
    remake(database, "refusals", REFUSALS, REFUSAL_INDEXES)
    for column in ("etag TEXT", "last_modified TEXT", "revisit_of INTEGER REFERENCES captures(id)"):
        database.execute(f"ALTER TABLE captures ADD COLUMN {column}")
    database.execute("CREATE INDEX captures_payload ON captures(payload_sha256) WHERE revisit_of IS NULL")
    for column in ("not_modified", "identical", "saved"):
        database.execute(f"ALTER TABLE runs ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")
    database.execute(
        "CREATE TABLE not_found_pages (capture_id INTEGER PRIMARY KEY REFERENCES captures(id), site TEXT NOT NULL,"
        " target TEXT, record TEXT) STRICT"
    )


_EVENTS = f"""
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL {one_of("type", EventType)},
    at TEXT NOT NULL,
    agent TEXT NOT NULL,
    target TEXT NOT NULL,
    outcome TEXT NOT NULL {one_of("outcome", EventOutcome)},
    detail TEXT NOT NULL DEFAULT '{{}}'
) STRICT;
CREATE INDEX events_target ON events(target, type, at);
CREATE INDEX events_at ON events(at);
"""
_CARE = """
CREATE TABLE warc_files (
    name TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    records INTEGER NOT NULL
) STRICT;
CREATE TABLE withdrawals (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    site_id INTEGER,
    url TEXT NOT NULL UNIQUE,
    article_id INTEGER NOT NULL,
    withdrawn_at TEXT NOT NULL,
    reason TEXT NOT NULL,
    agent TEXT NOT NULL,
    bytes TEXT NOT NULL CHECK (bytes IN ('kept', 'removed')),
    purged INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX withdrawals_site_id ON withdrawals(site, site_id);
CREATE TABLE withdrawn_addresses (
    url TEXT PRIMARY KEY,
    withdrawal_id INTEGER NOT NULL REFERENCES withdrawals(id)
) STRICT;
CREATE TABLE withdrawn_lines (
    digest TEXT PRIMARY KEY,
    withdrawal_id INTEGER NOT NULL REFERENCES withdrawals(id)
) STRICT;
CREATE TABLE seal (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    writing INTEGER NOT NULL
) STRICT;
INSERT INTO seal VALUES (1, 0);
CREATE VIEW capture_events AS
    SELECT 'captured' AS type, c.fetched_at AS at, r.software AS agent, c.id AS capture_id, c.url AS target,
           'success' AS outcome, CAST(c.status AS TEXT) AS detail
    FROM captures c LEFT JOIN runs r ON r.id = c.run_id
    UNION ALL
    SELECT 'derived', c.fetched_at, d.extractor, c.id, c.url,
           CASE WHEN d.refusal IS NULL THEN 'success' ELSE 'failure' END, coalesce(d.refusal, d.content_sha256)
    FROM derivations d JOIN captures c ON c.id = d.capture_id;
"""
# So that `status` and `review` need not read the texts of all articles.
_READING = """
CREATE INDEX articles_overview ON articles(date, byline, gone_since);
DROP INDEX articles_doubt;
CREATE INDEX articles_doubt ON articles(doubt DESC) WHERE doubt > 0;
"""


@migrations()
def m004_care(database: "Database") -> None:
    """Schema 4: fixity of the WARC files, events, withdrawals, runs that are no crawl, captures without their bytes."""
    remake(database, "derivations", DERIVATIONS, DERIVATION_INDEXES)
    remake(database, "refusals", REFUSALS, REFUSAL_INDEXES)
    database.execute(
        "ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'crawl' CHECK (kind IN ('crawl', 'import'))"
    )
    database.execute("ALTER TABLE captures ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1, 2))")
    each(database, _EVENTS + _CARE)
    each(database, _READING)


@migrations()
def m005_search(database: "Database") -> None:
    """Schema 5: full text that knows spellings and attached documents."""
    make_search(database)


# One schema version a migration; forward only. SCHEMA_VERSION must be their number.


def connect(
    path: Path, *, create: bool = False, read_only: bool = False, in_passing: bool = False
) -> sqlite3.Connection:
    """Opens `archive.db`, made ready for use. Reading leaves no file beside it, but for what a writer keeps there; with
    `in_passing`, to read for a moment, none is made even for that long.

    Raises ArchiveUnusable when there is none (and `create` is false), when the file is not a database, belongs to
    another program, or was made by a newer version of this one. In none of these cases is anything changed.
    """
    refuse_odd_place(path)
    if not path.exists() and not create and any(path.parent.glob("warc/*.warc.gz")):
        raise ArchiveUnusable(
            f"{path} is missing, but the WARC files beside it are there",
            advice="`susta rebuild` makes it again from them.",
        )
    if not path.exists() and not create:
        raise ArchiveUnusable(
            f"There is no archive at {path.parent}",
            advice="Name it with --archive DIR, or make one with `susta crawl` or `susta demo`.",
        )
    try:
        connection = _open(path, read_only=read_only or in_passing, in_passing=in_passing)
    except sqlite3.DatabaseError as error:
        raise ArchiveUnusable(
            f"{path} cannot be opened as an archive: {error}",
            advice="If it is damaged, `susta rebuild` makes it again from the WARC files.",
        ) from error
    return connection


def _open(path: Path, *, read_only: bool, in_passing: bool) -> sqlite3.Connection:
    fresh = not path.exists() or path.stat().st_size == 0
    if fresh and read_only:
        raise ArchiveUnusable(f"{path} is empty", advice="`susta rebuild` makes it again from the WARC files.")
    if fresh:
        _make(path)
    else:
        refuse_strangers(path)
    if read_only:
        connection = _connect(path, _reading_mode(path, in_passing))
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA query_only = ON")
        return connection
    connection = _connect(path, "rw")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        if (version := connection.execute("PRAGMA user_version").fetchone()[0]) != SCHEMA_VERSION:
            connection.execute("BEGIN IMMEDIATE")
            break_seal(path)
            connection.execute("COMMIT")
            keep_copy(connection, path, version)
            _bring_up_to_date(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30, check_same_thread=False)


def _reading_mode(path: Path, in_passing: bool) -> str:
    """How to open for reading. A connection that SQLite knows to be read-only would leave `-wal` and `-shm` behind; one
    that may write, and is told not to, takes them away again when it is the last. On read-only media SQLite cannot make
    these files, nor are they needed while nobody writes."""
    logged = log_of(path).exists()
    if (logged or not in_passing) and os.access(path.parent, os.W_OK) and os.access(path, os.W_OK):
        return "rw"
    return "ro" if logged else "ro&immutable=1"


def _make(path: Path) -> None:
    """Makes the database beside its place and moves it there whole: a cut leaves none rather than half of one."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    connection = _connect(new, "rwc")
    try:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        _bring_up_to_date(connection)
    finally:
        connection.close()
    forget_seal(path)
    new.replace(path)


def refuse_strangers(path: Path) -> None:
    """Looks before anything is opened for writing: a refused file is left as it is, its write-ahead log included.

    Raises ArchiveUnusable for another program's or a newer version's, sqlite3.DatabaseError for what is no database.
    """
    refuse_odd_place(path)
    logged = log_of(path).exists()
    connection = _connect(path, "ro" if logged else "ro&immutable=1")
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    finally:
        connection.close()
    if application != APPLICATION_ID:
        raise ArchiveUnusable(
            f"{path} is a database of another program (application_id {application:#x})",
            advice="Choose another folder with --archive DIR.",
        )
    if version > SCHEMA_VERSION:
        raise ArchiveUnusable(
            f"{path} was made by a newer version (schema {version}, this one knows {SCHEMA_VERSION});"
            " it is left as it is",
            advice="Update susta-archive.",
        )


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Applies what is missing, all of it or nothing: one transaction around every migration and the version."""
    (before,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute("PRAGMA foreign_keys = OFF")  # a table that others refer to is made anew
    from sqlite_utils import Database

    database = Database(connection, execute_plugins=False)
    with database.atomic():
        migrations.apply(database)
        if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
            raise sqlite3.IntegrityError(f"a row of {broken[0]} refers to one of {broken[2]} that is not there")
        if before:  # not a new database
            at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            schemas = {"from": before, "to": SCHEMA_VERSION}
            note_event(connection, EventType.MIGRATED, at, f"susta-archive/{__version__}", "archive", detail=schemas)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("PRAGMA foreign_keys = ON")
