"""The tables of `frontier.db`: made whole or not at all, and brought up to date from an older version."""

import sqlite3
from pathlib import Path

from scraper.addresses import Kind, State

DATABASE_NAME = "frontier.db"
VERSION = 2
APPLICATION_ID = 0x53555346  # "SUSF"

_ADDRESSES = f"""
CREATE TABLE addresses (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ({", ".join(repr(str(kind)) for kind in Kind)})),
    state TEXT NOT NULL CHECK (state IN ({", ".join(repr(str(state)) for state in State)})),
    priority INTEGER NOT NULL,
    found_on TEXT NOT NULL,
    found_at REAL NOT NULL,
    hops INTEGER NOT NULL DEFAULT 0,
    page_number INTEGER,
    pattern TEXT NOT NULL,
    family TEXT,
    due_at REAL,
    interval REAL,
    last_run INTEGER,
    last_status INTEGER,
    reason TEXT,
    links_digest TEXT
) STRICT;
"""
_INDEXES = """
CREATE INDEX addresses_claim ON addresses(host, priority, id) WHERE state = 'queued';
CREATE INDEX addresses_due ON addresses(due_at) WHERE state = 'done';
CREATE INDEX addresses_state ON addresses(state);
CREATE INDEX addresses_pattern ON addresses(pattern, links_digest) WHERE links_digest IS NOT NULL;
CREATE INDEX addresses_trap ON addresses(pattern) WHERE state = 'queued';
CREATE INDEX addresses_family ON addresses(family) WHERE state = 'queued' AND family IS NOT NULL;
"""
_TABLES = f"""
{_ADDRESSES}{_INDEXES}
CREATE TABLE patterns (
    pattern TEXT PRIMARY KEY,
    fruitless REAL NOT NULL DEFAULT 0,
    fetched INTEGER NOT NULL DEFAULT 0,
    closed_at REAL
) STRICT;
"""


def make(path: Path) -> None:
    """Makes the file beside its place and moves it there whole, so that a cut leaves none rather than half of one."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    connection = sqlite3.connect(new, isolation_level=None)
    try:
        connection.executescript(
            f"BEGIN; {_TABLES} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; COMMIT;"
        )
    finally:
        connection.close()
    new.replace(path)


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Version 1 knew fewer kinds of addresses; a CHECK cannot be changed in place."""
    if connection.execute("PRAGMA user_version").fetchone() == (1,):
        connection.executescript(
            "BEGIN; ALTER TABLE addresses RENAME TO addresses_1;"
            " DROP INDEX addresses_claim; DROP INDEX addresses_due; DROP INDEX addresses_state;"
            " DROP INDEX addresses_pattern; DROP INDEX addresses_trap; DROP INDEX addresses_family;"
            f" {_ADDRESSES} INSERT INTO addresses SELECT * FROM addresses_1; DROP TABLE addresses_1; {_INDEXES}"
            f" PRAGMA user_version = {VERSION}; COMMIT;"
        )
