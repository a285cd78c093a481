"""A copy of an archive in another folder, taken while a crawl goes on, that is itself an archive.

    archive.db, frontier.db (SQLite's online backup) ─► WARC files (finished ones once; the open one up to its last
    whole record) ─► every file read back and its digest compared ─► `backup.json` says what belongs to the copy
    ─► the copy of archive.db has a seal of its own

The databases come first: every capture they know of was durable in the WARC files before, so the copy's database never
knows of a capture that its WARC files lack; records beyond its mark are worked in when the copy is first used. An
interrupted backup leaves files named `….part` and the databases as they were. WARC files never change but by a
withdrawal, so a nightly backup copies what is new. Restoring: copy the folder back.
"""

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import schema
from archive.errors import ArchiveUnusable, ConfigError
from archive.gzip_members import member_ends
from archive.lock import locked
from archive.place import log_of
from archive.seal import seal
from archive.store import DATABASE_NAME
from archive.warc import FOLDER_NAME, OPEN_SUFFIX, warc_paths

MANIFEST = "backup.json"
FRONTIER_NAME = "frontier.db"
_PART = ".part"
_PAGES_AT_ONCE = 1_000  # of a database; a writer may go on between


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup did. `copied` and `kept` count WARC files: written now, or there already with the same digest;
    `replaced` names those that differed, since bytes were removed from them; `lost` those that the archive no longer
    has and the copy keeps."""

    target: str
    copied: int
    kept: int
    bytes_copied: int
    bytes_altogether: int
    captures: int
    articles: int
    replaced: list[str]
    lost: list[str]


@dataclass(frozen=True, slots=True)
class _How:
    thorough: bool
    watch: Callable[[int, int], None]


def back_up(
    folder: Path,
    target: Path,
    at: str,
    *,
    thorough: bool = False,
    watch: Callable[[int, int], None] = lambda *_: None,
) -> BackedUp:
    """Copies the archive in `folder` to `target`, a new folder or that of an earlier backup of it.

    Takes no lock on the archive, only on the copy. What is copied is read back in any case; with `thorough`, what is
    there already too. `watch` is called with (bytes so far, bytes altogether). Raises
    ArchiveUnusable where the archive cannot be read or the copy not be written, and ConfigError for a target that is
    something else; an earlier backup there then stays usable.
    """
    _refuse_target(folder, target)
    schema.connect(folder / DATABASE_NAME, read_only=True).close()
    try:
        with locked(target, "backup"):
            return _back_up(folder, target, at, _How(thorough, watch))
    except OSError as error:
        raise ArchiveUnusable(
            f"The backup to {target} could not be made: {error.strerror or error}",
            advice="An earlier backup there is unharmed. Make room or give write access, then run again.",
        ) from error


def _refuse_target(folder: Path, target: Path) -> None:
    """A target must be new, empty, or an earlier backup."""
    source, there = folder.resolve(), target.resolve()
    if there == source or source in there.parents or there in source.parents:
        raise ConfigError(f"{target} is the archive itself, or inside it, or around it", advice="Name another folder.")
    if not target.exists():
        return
    if not target.is_dir():
        raise ConfigError(f"{target} is no folder", advice="A backup is a folder: name a new one.")
    known, own = _read_manifest(target).get("warc", {}), {_plain(path) for path in warc_paths(folder / FOLDER_NAME)}
    strangers = sorted({_plain(path) for path in warc_paths(target / FOLDER_NAME)} - own - known.keys())
    if strangers:
        raise ConfigError(
            f"{target} holds captures that {folder} does not have ({strangers[0]}): it was used as an archive since",
            advice="Name another folder, so that none of them is lost.",
        )
    others = [path.name for path in target.iterdir() if path.name not in (".lock",) and not path.name.endswith(_PART)]
    if others and not (target / MANIFEST).is_file() and sorted(others) != [FOLDER_NAME]:
        raise ConfigError(
            f"{target} holds other things ({others[0]}) and is no backup of an archive", advice="Name a new folder."
        )


def _plain(path: Path) -> str:
    return path.name.removesuffix(OPEN_SUFFIX)


def _back_up(folder: Path, target: Path, at: str, how: "_How") -> BackedUp:
    for left in target.rglob(f"*{_PART}"):
        left.unlink()
    databases = [name for name in (DATABASE_NAME, FRONTIER_NAME) if (folder / name).exists()]
    for name in databases:
        _copy_database(folder / name, target / (name + _PART))
    with contextlib.closing(schema.connect(target / (DATABASE_NAME + _PART), read_only=True)) as copy:
        needed = _needed(copy)
        captures = copy.execute("SELECT count(*) FROM captures").fetchone()[0]
        articles = copy.execute("SELECT count(*) FROM articles").fetchone()[0]
        digests = (
            dict(copy.execute("SELECT name, sha256 FROM warc_files").fetchall()) if _has(copy, "warc_files") else {}
        )
    files = _Files(folder, target, digests, how)
    files.copy_all()
    missing = sorted(name for name in needed if needed[name] > files.held.get(name, {}).get("bytes", -1))
    if missing:
        raise ArchiveUnusable(
            f"{missing[0]} is missing or shorter than {folder / DATABASE_NAME} says; no backup was made",
            advice="`susta check` says what is damaged.",
        )
    files.put_in_place()
    for name in databases:
        for ending in ("-wal", "-shm", ".sha256"):  # of the earlier copy, if it was ever opened
            target.joinpath(name + ending).unlink(missing_ok=True)
        os.replace(target / (name + _PART), target / name)
    _write_manifest(target, {"made_at": at, "databases": databases, "warc": files.held})
    seal(target)
    return BackedUp(
        str(target),
        files.copied,
        files.kept,
        files.bytes_copied,
        sum(held["bytes"] for held in files.held.values()),
        captures,
        articles,
        files.replaced,
        files.lost,
    )


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's online backup: one whole state, however long a writer goes on meanwhile. Made durable."""
    target.unlink(missing_ok=True)
    try:
        with (
            contextlib.closing(_reading(source)) as old,
            contextlib.closing(sqlite3.connect(target)) as new,
        ):
            old.execute("BEGIN")  # so that a writer does not make it begin anew after every step
            old.execute("SELECT 1 FROM sqlite_schema").fetchone()
            old.backup(new, pages=_PAGES_AT_ONCE)
            new.execute("PRAGMA journal_mode = DELETE")  # one file, whole in itself
            if _has(new, "seal"):
                new.execute("UPDATE seal SET writing = 0")  # nobody writes to the copy
                new.commit()
            if (found := new.execute("PRAGMA quick_check").fetchone()) != ("ok",):
                raise ArchiveUnusable(
                    f"{source} is damaged: {found[0]}; no backup was made", advice="`susta rebuild` makes it again."
                )
    except sqlite3.DatabaseError as error:
        raise ArchiveUnusable(f"{source} could not be copied: {error}", advice="Is the disk full?") from error
    _make_durable(target)


def _reading(path: Path) -> sqlite3.Connection:
    """Opened for reading one whole state; on read-only media without the files that WAL mode needs."""
    shared = log_of(path).exists() or os.access(path.parent, os.W_OK)
    mode = "ro" if shared else "ro&immutable=1"
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=30)


def _has(database: sqlite3.Connection, table: str) -> bool:
    return database.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchone() is not None


def _needed(copy: sqlite3.Connection) -> dict[str, int]:
    """Up to where the copied database needs each WARC file."""
    rows = copy.execute("SELECT warc_file, max(warc_offset + warc_length) FROM captures GROUP BY warc_file").fetchall()
    needed = dict(rows)
    for name, end in copy.execute("SELECT warc_file, warc_end FROM progress WHERE warc_file <> ''").fetchall():
        needed[name] = max(end, needed.get(name, 0))
    return needed


class _Files:
    """The WARC files of a backup: name to size and digest, and whether it is a file that was still open."""

    def __init__(self, folder: Path, target: Path, digests: dict[str, str], how: "_How") -> None:
        self.source, self.target = folder / FOLDER_NAME, target / FOLDER_NAME
        self.digests, self.thorough, self.watch = digests, how.thorough, how.watch
        self.known: dict[str, Any] = _read_manifest(target).get("warc", {})
        self.held: dict[str, Any] = {}
        self.copied = self.kept = self.bytes_copied = 0
        self.replaced: list[str] = []
        self.lost: list[str] = []
        self._parts: list[tuple[Path, Path]] = []

    def copy_all(self) -> None:
        self.target.mkdir(exist_ok=True)
        paths = warc_paths(self.source)
        total, done = sum(path.stat().st_size for path in paths), 0
        for path in paths:
            self.watch(done, total)
            name = path.name.removesuffix(OPEN_SUFFIX)
            self._copy(name)
            done += self.held[name]["bytes"]
        self.watch(total, total)
        for name in sorted(self.known.keys() - self.held.keys()):
            self.held[name] = self.known[name]
            self.lost.append(name)

    def _copy(self, name: str) -> None:
        """Copies one file unless it is there already; one that is finished meanwhile is taken as finished."""
        path, is_open = self.source / (name + OPEN_SUFFIX), True
        try:
            file = path.open("rb")
        except FileNotFoundError:
            path, is_open = self.source / name, False
            file = path.open("rb")
        with file:
            size = max(member_ends(file), default=0) if is_open else os.fstat(file.fileno()).st_size
            file.seek(0)
            held = self.known.get(name)
            if held and not held["open"] and not is_open:
                if self._is_there(name, held, size):
                    self.held[name] = held
                    self.kept += 1
                    return
                self.replaced.append(name)
            part = self.target / (name + _PART)
            digest = _copy_bytes(file, part, size)
        if _digest(part) != digest:
            raise ArchiveUnusable(
                f"{part} does not read back as it was written; no backup was made", advice="The target disk may be bad."
            )
        self._parts.append((part, self.target / (name + OPEN_SUFFIX if is_open else name)))
        self.held[name] = {"bytes": size, "sha256": digest, "open": is_open}
        self.copied += 1
        self.bytes_copied += size

    def _is_there(self, name: str, held: dict[str, Any], size: int) -> bool:
        """Whether the copy has a finished file as it is now: the same size and digest as in `warc_files`; where that
        does not know it, the file is read."""
        there = self.target / name
        if not (there.is_file() and there.stat().st_size == held["bytes"] == size):
            return False
        known = self.digests.get(name) or _digest(self.source / name)
        return bool(known == held["sha256"]) and (not self.thorough or _digest(there) == known)

    def put_in_place(self) -> None:
        for part, place in self._parts:
            part.chmod(0o644 if place.name.endswith(OPEN_SUFFIX) else 0o444)
            with contextlib.suppress(FileNotFoundError):  # it was open at the last backup: never both
                if not place.name.endswith(OPEN_SUFFIX):
                    place.with_name(place.name + OPEN_SUFFIX).rename(place)
            os.replace(part, place)
        _make_durable(self.target)


def _copy_bytes(file: Any, target: Path, size: int) -> str:
    digest, left = hashlib.sha256(), size
    with target.open("wb") as out:
        while left > 0 and (chunk := file.read(min(left, 1 << 20))):
            out.write(chunk)
            digest.update(chunk)
            left -= len(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_manifest(target: Path) -> dict[str, Any]:
    try:
        found = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_manifest(target: Path, data: dict[str, Any]) -> None:
    part = target / (MANIFEST + _PART)
    part.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    _make_durable(part)
    os.replace(part, target / MANIFEST)
    _make_durable(target)


def _make_durable(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
