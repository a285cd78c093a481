"""`archive.db` as Datasette may use it: opened read-only, beside a crawl that writes, and nothing but reading allowed.

People may send any SQL. Four things stand between it and harm, each enough for most: the file is opened read-only;
the authorizer lets statements only read; nothing can be attached; results are limited in size and Datasette ends what
takes too long.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from datasette.app import Datasette
from datasette.database import Database, connections

from archive import schema
from archive.place import log_of

T = TypeVar("T")

NAME = "archive"
_LONGEST = 64 << 20  # bytes of one value or row
_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_TRANSACTION}
# Asked with a name in place of a value; they change nothing.
_PRAGMAS_OF = {"table_info", "table_xinfo", "index_list", "index_info", "index_xinfo", "foreign_key_list"}
# Asked without a value; with one they would set something.
_PRAGMAS = {"database_list", "function_list", "schema_version", "page_count", "page_size", "data_version"}
_FORBIDDEN_FUNCTIONS = {"load_extension", "fts3_tokenizer"}


def may(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    """The authorizer (sqlite3_set_authorizer): SQLITE_OK for what only reads, SQLITE_DENY for all else."""
    if action in _READING:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
        return sqlite3.SQLITE_OK  # asked when a full-text table is opened; SQLite itself lets no statement do it
    if action == sqlite3.SQLITE_PRAGMA:
        name = (first or "").lower()
        if name in _PRAGMAS_OF or name == "cache_size" or (name in _PRAGMAS and second is None):
            return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


class _Connection(sqlite3.Connection):
    """A connection that knows which file it was opened on."""

    opened: tuple[int, int] = (0, 0)


class ReadOnlyDatabase(Database):  # type: ignore[misc]  # Datasette has no types
    """The database of the archive in a folder. A file that took its place since, as after a rebuild, is noticed."""

    def __init__(self, datasette: Datasette, path: Path) -> None:
        super().__init__(datasette, path=str(path), is_mutable=True)
        self._file = path

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection that can only read. Raises sqlite3.OperationalError when asked for one that writes."""
        if write:
            raise sqlite3.OperationalError("the archive is served read-only")
        # On media that cannot be written SQLite must be told that nobody else writes.
        logged = log_of(self._file).exists()
        fixed = "" if logged or os.access(self._file.parent, os.W_OK) else "&immutable=1"
        connection = sqlite3.connect(
            f"{self._file.resolve().as_uri()}?mode=ro{fixed}",
            uri=True,
            isolation_level=None,
            timeout=10,
            check_same_thread=False,
            factory=_Connection,
        )
        connection.opened = self._identity()
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        connection.set_authorizer(may)
        self._all_file_connections.append(connection)
        return connection

    def _identity(self) -> tuple[int, int]:
        told = self._file.stat()
        return told.st_dev, told.st_ino

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Runs a function on this thread's connection, in Datasette's pool of threads."""

        def on_the_file_there_is(connection: sqlite3.Connection) -> T:
            if getattr(connection, "opened", None) != self._identity():
                self._all_file_connections.remove(connection)
                connection.close()
                connection = self.connect()
                self.ds._prepare_connection(connection, self.name)
                setattr(connections, self.name, connection)
            return fn(connection)

        found: T = await super().execute_fn(on_the_file_there_is)
        return found

    def close(self) -> None:
        """Closes every connection, and takes away what SQLite left beside the file for them."""
        super().close()
        self._all_file_connections.clear()
        with closing(schema.connect(self._file, read_only=True)) as last:
            last.execute("SELECT 1 FROM sqlite_schema").fetchone()  # only who has read is the last to leave


def rows(connection: sqlite3.Connection, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query as plain tuples."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(sql, values).fetchall()
