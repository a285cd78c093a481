"""The tables of `archive.db`, and the care taken when opening it.

    sources ◄── articles ◄─┬─ photos, attachments      (of the newest revision)
    (whom to    │  ▲       ├─ revisions                (each change of what it says)
     credit)    │  │       ├─ views                    (the counter, over time)
                │  │       ├─ aliases                  (its other addresses)
                ▼  │       └─ articles_fts             (full text; rowid = articles.id)
    runs ◄── captures ◄─┬─ derivations                 (what each page capture gave, with which frame)
                        └─ refusals                    (pages that are no article, and why)
    frames: what the crawl learned of the site's recurring parts · postings: dates that listings give
    not_found_pages: what the site says of addresses that cannot exist · withdrawals: articles taken out, and why
    warc_files: size and digest of each finished WARC file · events: what was done to the archive, by whom, with what
    outcome · seal: whether somebody writes now
    progress: up to where the WARC files have been worked into this database

Settings: WAL, so that a reader never blocks the crawl; synchronous=NORMAL, since the WARC files are the truth and a
lost tail is derived again from them; foreign keys on; STRICT tables; `application_id` tells our files from others and
`user_version` is the schema's version: a newer one is refused, never touched.
"""

import os
import sqlite3
from enum import StrEnum
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.errors import ArchiveUnusable
from archive.events import EventOutcome, EventType
from archive.records import BylineRole, DateKind, RefusalReason, Role
from archive.seal_file import break_seal, forget_seal

APPLICATION_ID = 0x53555354  # "SUST"
SCHEMA_VERSION = 4
DATABASE_NAME = "archive.db"


def _one_of(column: str, values: type[StrEnum]) -> str:
    """A CHECK written from the enum itself, so that code and database cannot disagree."""
    return f"CHECK ({column} IN ({', '.join(repr(str(value)) for value in values)}))"


_DERIVATIONS = f"""
CREATE TABLE derivations (
    capture_id INTEGER PRIMARY KEY REFERENCES captures(id),
    article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,
    content_sha256 TEXT,
    refusal TEXT {_one_of("refusal", RefusalReason)},
    frame_id INTEGER REFERENCES frames(id),
    source_id INTEGER REFERENCES sources(id),
    extractor TEXT NOT NULL,
    record TEXT
) STRICT;
"""
_DERIVATION_INDEXES = """
CREATE INDEX derivations_article ON derivations(article_id);
CREATE INDEX derivations_unframed ON derivations(capture_id) WHERE frame_id IS NULL;
"""
_REFUSALS = f"""
CREATE TABLE refusals (
    url TEXT NOT NULL,
    capture_id INTEGER NOT NULL PRIMARY KEY REFERENCES captures(id),
    reason TEXT NOT NULL {_one_of("reason", RefusalReason)},
    detail TEXT NOT NULL DEFAULT '',
    seen_at TEXT NOT NULL
) STRICT;
"""
_REFUSAL_INDEXES = "CREATE INDEX refusals_url ON refusals(url);"
_CAPTURES = f"""
CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    status INTEGER NOT NULL,
    role TEXT NOT NULL {_one_of("role", Role)},
    media_type TEXT NOT NULL,
    payload_sha256 TEXT NOT NULL,
    payload_length INTEGER NOT NULL,
    truncated INTEGER NOT NULL DEFAULT 0,
    location TEXT,
    warc_file TEXT NOT NULL,
    warc_offset INTEGER NOT NULL,
    warc_length INTEGER NOT NULL,
    run_id INTEGER REFERENCES runs(id),
    UNIQUE (warc_file, warc_offset)
) STRICT;
"""
_CAPTURE_INDEXES = """
CREATE INDEX captures_url ON captures(url);
CREATE INDEX captures_run ON captures(run_id);
CREATE INDEX captures_location ON captures(location) WHERE location IS NOT NULL;
"""
TABLES = f"""
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT NOT NULL DEFAULT 'running',
    software TEXT NOT NULL,
    start_urls TEXT NOT NULL,
    fetched INTEGER NOT NULL DEFAULT 0,
    new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    aliases INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    media INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

{_CAPTURES}{_CAPTURE_INDEXES}

CREATE TABLE failures (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    failed_at TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    run_id INTEGER REFERENCES runs(id)
) STRICT;

CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    name TEXT NOT NULL CHECK (length(trim(name)) > 0),
    organisation TEXT NOT NULL,
    notice TEXT NOT NULL CHECK (length(trim(notice)) > 0),
    notice_sha256 TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    UNIQUE (site, notice_sha256)
) STRICT;

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    site_id INTEGER,
    url TEXT NOT NULL UNIQUE,
    category TEXT,
    title TEXT NOT NULL,
    kicker TEXT,
    body TEXT NOT NULL,
    blocks TEXT NOT NULL,
    byline TEXT,
    byline_role TEXT {_one_of("byline_role", BylineRole)},
    affiliation TEXT,
    date TEXT,
    date_kind TEXT {_one_of("date_kind", DateKind)},
    date_evidence TEXT,
    views INTEGER,
    reasons TEXT NOT NULL,
    credit TEXT NOT NULL CHECK (length(trim(credit)) > 0),
    source_id INTEGER NOT NULL REFERENCES sources(id),
    capture_id INTEGER NOT NULL REFERENCES captures(id),
    content_sha256 TEXT NOT NULL,
    extractor TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    gone_since TEXT,
    CHECK ((date IS NULL) = (date_kind IS NULL))
) STRICT;
CREATE INDEX articles_site_id ON articles(site, site_id);
CREATE INDEX articles_content ON articles(content_sha256);
CREATE INDEX articles_date ON articles(coalesce(date, substr(first_seen, 1, 10)), site_id);
CREATE INDEX articles_category ON articles(category);

CREATE TABLE aliases (
    url TEXT PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    first_seen TEXT NOT NULL
) STRICT;
CREATE INDEX aliases_article ON aliases(article_id);

CREATE TABLE photos (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    caption TEXT,
    credit TEXT,
    sha256 TEXT,
    capture_id INTEGER REFERENCES captures(id),
    PRIMARY KEY (article_id, position)
) STRICT;
CREATE INDEX photos_url ON photos(url);

CREATE TABLE attachments (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    label TEXT NOT NULL,
    media_type TEXT,
    sha256 TEXT,
    capture_id INTEGER REFERENCES captures(id),
    PRIMARY KEY (article_id, position)
) STRICT;
CREATE INDEX attachments_url ON attachments(url);

CREATE TABLE revisions (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    seen_at TEXT NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures(id),
    content_sha256 TEXT NOT NULL,
    extractor TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
) STRICT;

CREATE TABLE frames (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL,
    learned_at TEXT NOT NULL,
    run_id INTEGER REFERENCES runs(id),
    pages INTEGER NOT NULL,
    lines TEXT NOT NULL
) STRICT;

{_DERIVATIONS}
{_DERIVATION_INDEXES}

CREATE TABLE views (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    seen_at TEXT NOT NULL,
    views INTEGER NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures(id),
    PRIMARY KEY (capture_id)
) STRICT;
CREATE INDEX views_article ON views(article_id, seen_at);

{_REFUSALS}
{_REFUSAL_INDEXES}

CREATE TABLE postings (
    url TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    site_id INTEGER,
    date TEXT NOT NULL,
    evidence TEXT NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures(id)
) STRICT;
CREATE INDEX postings_site_id ON postings(site, site_id);

CREATE TABLE progress (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    warc_file TEXT NOT NULL,
    warc_end INTEGER NOT NULL
) STRICT;

CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, body, captions, byline, plain,
    tokenize = "unicode61 remove_diacritics 2"
);

CREATE VIEW articles_with_credit AS
    SELECT a.*, s.name AS source_name, s.organisation AS source_organisation, s.notice AS source_notice
    FROM articles a JOIN sources s ON s.id = a.source_id;
"""

migrations = Migrations("susta-archive")


@migrations()
def m001_first_tables(database: Database) -> None:
    """Schema 1."""
    database.executescript(TABLES)


@migrations()
def m002_doubts(database: Database) -> None:
    """Schema 2: what makes a record worth a person's look, and refusals for more reasons.

    A CHECK cannot be changed in place; nothing refers to the two tables that are made anew.
    """
    database.execute("ALTER TABLE articles ADD COLUMN doubts TEXT NOT NULL DEFAULT '[]'")
    database.execute("ALTER TABLE articles ADD COLUMN doubt REAL NOT NULL DEFAULT 0")
    database.execute("CREATE INDEX articles_doubt ON articles(doubt) WHERE doubt > 0")
    _remake(database, "derivations", _DERIVATIONS, _DERIVATION_INDEXES)
    _remake(database, "refusals", _REFUSALS, _REFUSAL_INDEXES)


@migrations()
def m003_revisits(database: Database) -> None:
    """Schema 3: captures that repeat an earlier one, validators for conditional requests, what a site says of addresses
    that cannot exist, and roles and refusals for more reasons."""
    _remake(database, "captures", _CAPTURES, _CAPTURE_INDEXES)
    _remake(database, "derivations", _DERIVATIONS, _DERIVATION_INDEXES)
    _remake(database, "refusals", _REFUSALS, _REFUSAL_INDEXES)
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
    type TEXT NOT NULL {_one_of("type", EventType)},
    at TEXT NOT NULL,
    agent TEXT NOT NULL,
    target TEXT NOT NULL,
    outcome TEXT NOT NULL {_one_of("outcome", EventOutcome)},
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
    bytes TEXT NOT NULL CHECK (bytes IN ('kept', 'removed'))
) STRICT;
CREATE INDEX withdrawals_site_id ON withdrawals(site, site_id);
CREATE TABLE withdrawn_addresses (
    url TEXT PRIMARY KEY,
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


@migrations()
def m004_care(database: Database) -> None:
    """Schema 4: fixity of the WARC files, events, withdrawals, runs that are no crawl, captures without their bytes."""
    _remake(database, "derivations", _DERIVATIONS, _DERIVATION_INDEXES)
    _remake(database, "refusals", _REFUSALS, _REFUSAL_INDEXES)
    database.execute(
        "ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'crawl' CHECK (kind IN ('crawl', 'import'))"
    )
    database.execute("ALTER TABLE captures ADD COLUMN removed INTEGER NOT NULL DEFAULT 0")
    _each(database, _EVENTS + _CARE)


def _remake(database: Database, name: str, definition: str, indexes: str) -> None:
    """Makes a table anew, since a CHECK cannot be changed in place. What refers to the table goes on doing so."""
    database.execute(definition.replace(f"CREATE TABLE {name} ", f"CREATE TABLE {name}_new ", 1))
    database.execute(f"INSERT INTO {name}_new SELECT * FROM {name}")
    database.execute(f"DROP TABLE {name}")
    database.execute(f"ALTER TABLE {name}_new RENAME TO {name}")
    _each(database, indexes)


def _each(database: Database, script: str) -> None:
    """Statement by statement: `executescript` would end the migration's transaction (a cut then leaves half of it)."""
    for statement in filter(None, map(str.strip, script.split(";"))):
        database.execute(statement)


# One schema version a migration; forward only. SCHEMA_VERSION must be their number.


def connect(
    path: Path, *, create: bool = False, read_only: bool = False, in_passing: bool = False
) -> sqlite3.Connection:
    """Opens `archive.db`, made ready for use. `in_passing`: to read for a moment, leaving no file beside it.

    Raises ArchiveUnusable when there is none (and `create` is false), when the file is not a database, belongs to
    another program, or was made by a newer version of this one. In none of these cases is anything changed.
    """
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
        return connection
    connection = _connect(path, "rw")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        if connection.execute("PRAGMA user_version").fetchone() != (SCHEMA_VERSION,):
            connection.execute("BEGIN IMMEDIATE")
            break_seal(path)
            connection.execute("COMMIT")
            _bring_up_to_date(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30, check_same_thread=False)


def _reading_mode(path: Path, in_passing: bool) -> str:
    """On read-only media SQLite cannot make the files that WAL mode needs, nor are they needed while nobody writes."""
    logged = path.with_name(path.name + "-wal").exists()
    return "ro" if logged or (os.access(path.parent, os.W_OK) and not in_passing) else "ro&immutable=1"


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
    logged = path.with_name(path.name + "-wal").exists()
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
    """Applies what is missing. The version is written last: a cut between the two is made good at the next opening."""
    connection.execute("PRAGMA foreign_keys = OFF")  # a table that others refer to is made anew
    migrations.apply(Database(connection, execute_plugins=False))
    if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
        raise sqlite3.IntegrityError(f"a row of {broken[0]} refers to one of {broken[2]} that is not there")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
