"""`archive.db` again, from the WARC files alone. No network.

Everything passes through the same `Deriver` as in a crawl, in the order it was written, into a new file that takes the
old one's place only when it is whole.
"""

import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.compare import Comparison, compare
from archive.errors import ArchiveUnusable
from archive.lock import locked
from archive.schema import connect, refuse_strangers
from archive.seal import seal
from archive.seal_file import forget_seal
from archive.store import DATABASE_NAME, Store
from archive.warc import FOLDER_NAME, StoredExchange, warc_path, warc_paths
from archive.warc_reading import read_all, repair_leftovers
from scraper.config import Config
from scraper.derive import Deriver

_NEW_NAME = "archive.db.rebuilding"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many records of each kind the archive now holds, and what differs from before; None when there was nothing to
    compare with."""

    counts: dict[str, int]
    changes: Comparison | None


def rebuild(config: Config, folder: Path, *, watch: Callable[[int, int, int], None] = lambda *_: None) -> Rebuilt:
    """Rebuilds the archive in `folder`.

    `watch` is called with (records so far, bytes read, bytes altogether). Raises LockHeld, and ArchiveUnusable when
    there are no WARC files or one cannot be read; the old database then stays as it is.
    """
    warc_folder = folder / FOLDER_NAME
    if not warc_paths(warc_folder):
        raise ArchiveUnusable(
            f"There are no WARC files in {warc_folder}", advice="Name the archive's folder with --archive DIR."
        )
    with locked(folder, "rebuild"):
        _look_at_the_old(folder, warc_folder)
        repair_leftovers(warc_folder)
        _remove(folder / _NEW_NAME)
        sizes = {path.name: path.stat().st_size for path in warc_paths(warc_folder)}
        total = sum(sizes.values())
        store = Store(folder, name=_NEW_NAME)
        try:
            _fill(store, warc_folder, config, sizes, total, watch)
            counts = {
                name: int((store.one(f"SELECT count(*) FROM {name}") or (0,))[0])
                for name in ("captures", "articles", "revisions", "photos", "attachments", "refusals", "views", "runs")
            }
        except BaseException:
            store.db.close()
            _remove(folder / _NEW_NAME)
            raise
        store.close()
        changes = _compare(folder)
        forget_seal(folder / DATABASE_NAME)
        _remove(folder / DATABASE_NAME, keep_main=True)
        os.replace(folder / _NEW_NAME, folder / DATABASE_NAME)
        seal(folder)
    return Rebuilt(counts, changes)


def _compare(folder: Path) -> Comparison | None:
    """What the new database says otherwise than the old one; a damaged old one cannot be compared."""
    if not (folder / DATABASE_NAME).exists():
        return None
    try:
        return compare(folder / DATABASE_NAME, folder / _NEW_NAME)
    except sqlite3.DatabaseError:
        return None


def _look_at_the_old(folder: Path, warc_folder: Path) -> None:
    """Refuses where the old database must not be replaced: another program's, a newer version's, or one that knows of
    WARC files that are not there. A damaged one is no reason to stop."""
    path = folder / DATABASE_NAME
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        refuse_strangers(path)
        connection = connect(path, read_only=True)
        try:
            named = {name for (name,) in connection.execute("SELECT DISTINCT warc_file FROM captures")}
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return
    missing = sorted(name for name in named if not warc_path(warc_folder, name).exists())
    if missing:
        raise ArchiveUnusable(
            f"{len(missing)} WARC files that {path} was made from are missing, such as {missing[0]}",
            advice="Restore them; or remove archive.db, and what is left will be rebuilt.",
        )


def _fill(
    store: Store,
    warc_folder: Path,
    config: Config,
    sizes: dict[str, int],
    total: int,
    watch: Callable[[int, int, int], None],
) -> None:
    deriver = Deriver(store, warc_folder, config)
    before: dict[str, int] = {}
    done = 0
    for name, size in sizes.items():
        before[name] = done
        done += size
    for count, stored in enumerate(read_all(warc_folder), start=1):
        deriver.take(stored)
        if count % 50 == 0:
            place = stored.capture if isinstance(stored, StoredExchange) else stored
            watch(count, before[place.warc_file] + place.warc_offset, total)


def _remove(path: Path, *, keep_main: bool = False) -> None:
    """Removes a database with what SQLite keeps beside it; with `keep_main`, only the latter."""
    for each in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm"), path):
        if not (keep_main and each == path):
            each.unlink(missing_ok=True)
