"""The frontier as those see it who only look: `susta why`, `susta crawl --dry-run`, `susta status`. Writes nothing.

It may be looked at while a crawl works on it: SQLite's write-ahead log gives every reader one whole state.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.errors import ArchiveUnusable
from archive.place import log_of
from scraper.addresses import Kind, State
from scraper.frontier_tables import APPLICATION_ID, DATABASE_NAME, VERSION


@dataclass(frozen=True, slots=True)
class Known:
    """What the frontier knows of an address. `ahead` is how many addresses of its host would be asked before it, for
    one that is queued; `every_run` marks the first page of a listing and lists for machines; times
    are seconds since 1970."""

    url: str
    host: str
    kind: Kind
    state: State
    found_on: str
    found_at: float
    pattern: str
    family: str | None
    due_at: float | None
    interval: float | None
    last_run: int | None
    last_status: int | None
    reason: str | None
    every_run: bool
    ahead: int


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection | None]:
    """The frontier of an archive, for reading only; None when there is none. Raises ArchiveUnusable when the file is
    not a frontier that this version knows."""
    path = folder / DATABASE_NAME
    if not path.exists() or path.stat().st_size == 0:
        yield None
        return
    # Without a log nobody is writing, and SQLite need not make the files that it would share with a writer.
    mode = "ro" if log_of(path).exists() else "ro&immutable=1"
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=30)
    try:
        try:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise ArchiveUnusable(
                f"{path} cannot be used: {error}",
                advice="Remove it to begin the crawl's plan anew; captures and articles stay.",
            ) from error
        if application != APPLICATION_ID or version > VERSION:
            raise ArchiveUnusable(
                f"{path} is not a frontier this version knows (version {version}, this one knows {VERSION})",
                advice="Update susta-archive, or choose another folder with --archive DIR.",
            )
        yield connection
    finally:
        connection.close()


def known(db: sqlite3.Connection, urls: tuple[str, ...]) -> Known | None:
    """What the frontier knows of the first of these addresses that it knows at all."""
    for url in urls:
        row = db.execute(
            "SELECT url, host, kind, state, found_on, found_at, pattern, family, due_at, interval, last_run,"
            " last_status, reason, page_number IS NULL AND"
            " (kind = 'listing' AND links_digest IS NOT 'repeats' AND reason IS NOT 'http-status'"
            " OR kind = 'sitemap' AND reason IS NULL),"
            " priority, id FROM addresses WHERE url = ?",
            (url,),
        ).fetchone()
        if row is None:
            continue
        ahead = db.execute(
            "SELECT count(*) FROM addresses WHERE state = 'queued' AND host = ? AND (priority, id) < (?, ?)",
            (row[1], row[14], row[15]),
        ).fetchone()[0]
        values = [*row[:2], Kind(row[2]), State(row[3]), *row[4:13], bool(row[13]), ahead]
        return Known(*values)
    return None


def repeating(db: sqlite3.Connection, pattern: str) -> str | None:
    """A page of a family that led exactly where others of it do, so that it was not followed further; None where there
    is none."""
    row = db.execute(
        "SELECT url FROM addresses WHERE pattern = ? AND links_digest = 'repeats' ORDER BY id DESC LIMIT 1", (pattern,)
    ).fetchone()
    return str(row[0]) if row else None


def closed_traps(folder: Path) -> dict[str, float]:
    """The families of addresses that are closed as traps, and when each was (seconds since 1970)."""
    with opened(folder) as db:
        if db is None:
            return {}
        return dict(
            db.execute("SELECT pattern, closed_at FROM patterns WHERE closed_at IS NOT NULL ORDER BY closed_at")
        )


def read_counts(folder: Path) -> dict[str, int]:
    """Addresses by state; {} where the frontier cannot be read."""
    try:
        with opened(folder) as db:
            return dict(db.execute("SELECT state, count(*) FROM addresses GROUP BY state").fetchall()) if db else {}
    except (sqlite3.Error, ArchiveUnusable):
        return {}
