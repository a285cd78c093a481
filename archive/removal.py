"""Removing the bytes of captures from finished WARC files, after a withdrawal that asks for it.

A file is written anew beside its place: every record as it was, byte for byte, but for the responses to remove; in the
place of each stands an event `capture-removed` with its time, size and digest, so that a rebuild makes the same row.
The request before it stays: it says no more than the tombstone does.

    write the new file, fsync ─► event `file-rewritten` in the newest file ─► rename ─► offsets in archive.db

`captures.removed` is 2 until the last step is done. A crash at any point leaves the old file or the new one whole; what
is not done is done at the next start, from whichever of the two is there.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from archive.errors import ArchiveUnusable
from archive.removed import CAPTURE_REMOVED, removed_data
from archive.store import Store
from archive.warc import StoredEvent, StoredExchange, WarcFiles, no_writing, warc_path
from archive.warc_reading import read_all

FILE_REWRITTEN = "file-rewritten"
SUFFIX = ".rewriting"
_CHUNK = 1 << 20

Append = Callable[[str, dict[str, Any]], None]
"""Writes an event (name, data) into the newest WARC file, and works it in."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A WARC file written anew; how many responses it lost, and its size before and after."""

    file: str
    captures: int
    bytes_before: int
    bytes_after: int


def removals_due(store: Store) -> list[str]:
    """WARC files that hold bytes to remove."""
    rows = store.db.execute("SELECT DISTINCT warc_file FROM captures WHERE removed = 2 ORDER BY 1").fetchall()
    return [name for (name,) in rows]


def remove_bytes(
    store: Store,
    warc_folder: Path,
    at: str,
    append: Append,
    watch: Callable[[int, int], None] = lambda *_: None,
) -> list[Rewritten]:
    """Removes what is to be removed (`captures.removed` = 2), file by file; goes on where a crash left off.

    All files must be finished, and all records worked in. `watch` is called with (files done, files altogether). Raises
    ArchiveUnusable where a file is missing, damaged, or cannot be written: what is done so far is whole.
    """
    done = []
    due = removals_due(store)
    for count, name in enumerate(due):
        watch(count, len(due))
        done.append(_rewrite(store, warc_folder, name, at, append))
    watch(len(due), len(due))
    return done


@dataclass(slots=True)
class _Copy:
    """What of a file was copied so far: up to `read` in the old one. `places` are (capture id, offset, length) in the
    new one."""

    old: IO[bytes]
    new: IO[bytes]
    read: int = 0
    replaced: int = 0

    def up_to(self, end: int) -> None:
        self.old.seek(self.read)
        left = end - self.read
        while left > 0 and (chunk := self.old.read(min(left, _CHUNK))):
            self.new.write(chunk)
            left -= len(chunk)
        self.read = end

    def place_of(self, offset: int) -> int:
        """Where an old offset that is not copied yet will be."""
        return self.new.tell() + offset - self.read


def _rewrite(store: Store, warc_folder: Path, name: str, at: str, append: Append) -> Rewritten:
    path = warc_path(warc_folder, name)
    new = warc_folder / (name + SUFFIX)
    if not path.exists():
        raise ArchiveUnusable(
            f"{path} is missing, so what was to be removed from it cannot be", advice="Restore it, then run again."
        )
    before = path.stat().st_size
    try:
        with path.open("rb") as old, new.open("wb") as out, _events_of_our_own() as event:
            copy = _Copy(old, out)
            places = list(_copied(store, warc_folder, name, copy, lambda data: event(at, data)))
            copy.up_to(before)
            out.flush()
            os.fsync(out.fileno())
        if copy.replaced:  # otherwise the file was put in its place before the crash, and only the rows are behind
            new.chmod(0o444)
            digests = {"old_sha256": _digest(path), "new_sha256": _digest(new)}
            append(
                FILE_REWRITTEN, {"at": at, "file": name, **digests, "reason": "withdrawn", "bytes": new.stat().st_size}
            )
            os.replace(new, path)
            _make_durable(warc_folder)
    except OSError as error:
        raise no_writing(warc_folder, error) from error
    finally:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
    _state_places(store, name, places, path)
    return Rewritten(name, copy.replaced, before, path.stat().st_size)


def _copied(
    store: Store, warc_folder: Path, name: str, copy: _Copy, event: Callable[[dict[str, Any]], bytes]
) -> Iterator[tuple[int, int, int]]:
    """Copies the file up to its last capture, and gives (capture id, offset, length) of each in the new one. A row is
    known by its place in the order, since offsets may be those of before or after a crash."""
    found = store.db.execute(
        "SELECT id, url, fetched_at, removed FROM captures WHERE warc_file = ? ORDER BY warc_offset", (name,)
    )
    rows = found.fetchall()
    position = 0
    for stored in read_all(warc_folder, (name, 0)):
        if _file_of(stored) != name:
            break
        if position == len(rows):
            continue
        capture_id, url, fetched_at, removed = rows[position]
        if (url, fetched_at) != _named(stored):
            continue
        position += 1
        offset, length = _place(stored)
        if removed == 2 and isinstance(stored, StoredExchange):
            copy.up_to(offset)
            record = event(removed_data(store, capture_id))
            place = copy.new.tell()
            copy.new.write(record)
            copy.read, copy.replaced = offset + length, copy.replaced + 1
            yield capture_id, place, len(record)
        else:
            yield capture_id, copy.place_of(offset), length
    if position < len(rows):
        raise ArchiveUnusable(
            f"{name} does not hold capture {rows[position][0]}, which archive.db knows of; nothing was removed from it",
            advice="`susta check` says what is damaged; `susta rebuild` makes archive.db anew.",
        )


def _file_of(stored: StoredExchange | StoredEvent) -> str:
    return stored.warc_file if isinstance(stored, StoredEvent) else stored.capture.warc_file


def _named(stored: StoredExchange | StoredEvent) -> tuple[Any, Any] | None:
    if isinstance(stored, StoredExchange):
        return stored.capture.url, stored.capture.fetched_at
    return (stored.data.get("url"), stored.data.get("fetched_at")) if stored.name == CAPTURE_REMOVED else None


def _place(stored: StoredExchange | StoredEvent) -> tuple[int, int]:
    of = stored if isinstance(stored, StoredEvent) else stored.capture
    return of.warc_offset, of.warc_length


def _state_places(store: Store, name: str, places: list[tuple[int, int, int]], path: Path) -> None:
    """One transaction: the captures of the file are where they are now, and those to remove are."""
    size = path.stat().st_size
    with store.transaction():
        store.db.execute("UPDATE captures SET warc_offset = -1 - warc_offset WHERE warc_file = ?", (name,))
        for capture_id, offset, length in places:
            store.db.execute(
                "UPDATE captures SET warc_offset = ?, warc_length = ?, removed = min(removed, 1) WHERE id = ?",
                (offset, length, capture_id),
            )
        store.db.execute("UPDATE warc_files SET bytes = ?, sha256 = ? WHERE name = ?", (size, _digest(path), name))
        if store.progress()[0] == name:
            store.set_progress(name, size)


@contextlib.contextmanager
def _events_of_our_own() -> Iterator[Callable[[str, dict[str, Any]], bytes]]:
    """Gives `capture-removed` records as a WARC file would hold them: each is written to one that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        writer = WarcFiles(Path(folder), software="")

        def record(at: str, data: dict[str, Any]) -> bytes:
            event = writer.append_event(CAPTURE_REMOVED, at, data)
            with warc_path(Path(folder), event.warc_file).open("rb") as file:
                file.seek(event.warc_offset)
                return file.read(event.warc_length)

        try:
            yield record
        finally:
            writer.close()
            shutil.rmtree(folder, ignore_errors=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
