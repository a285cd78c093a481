"""After a withdrawal: no byte of the text is left in `archive.db`, its write-ahead log, or the full-text indexes.

A deleted row leaves its bytes behind: in pages that SQLite keeps for later, in the log, and in the segments of a
full-text index, which notes what was deleted beside what it deleted until segments are merged. So the index of the
texts is built anew from what is left, that of spellings, which holds no text to build it from, is merged into one
segment, the file is written anew (VACUUM), and the log is cut to nothing. Until that was done, `withdrawals.purged` is
0, and whoever opens the archive for writing does it.
"""

import contextlib
import sqlite3
from typing import Any, Protocol


class Executes(Protocol):
    """A database connection, or what stands for one."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...


def purge_is_due(db: Executes) -> bool:
    """Whether text of a withdrawn article may still be in the file."""
    return db.execute("SELECT 1 FROM withdrawals WHERE purged = 0 LIMIT 1").fetchone() is not None


def purge_if_due(db: Executes) -> bool:
    """Makes the file anew when a withdrawal asks for it. Not within a transaction.

    Returns False where it could not be done now, since another program reads an older state of the database or there
    is no room: it is done at the next opening for writing.
    """
    if not purge_is_due(db):
        return True
    with contextlib.suppress(sqlite3.OperationalError):  # busy, or the disk is full: nothing is lost but time
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
        db.execute("INSERT INTO articles_fts_marked (articles_fts_marked) VALUES ('optimize')")
        db.execute("VACUUM")
        if not _cut_log(db):
            return False
        db.execute("UPDATE withdrawals SET purged = 1")
        return _cut_log(db)
    return False


def _cut_log(db: Executes) -> bool:
    """Folds the write-ahead log in and cuts it to nothing; False while a reader needs it."""
    (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
