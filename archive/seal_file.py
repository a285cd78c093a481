"""The file of a seal, `archive.db.sha256`: its form, whether it holds, and how it is made and taken away.

When it may be made is in `seal.py`. Whoever takes it away looks first whether it holds; if not, it stays as
`archive.db.sha256.broken`, and no new one is made beside it: otherwise the next run would seal the damage in.

A database is hashed by a process of its own: closing a file drops every lock that its process has on it (POSIX fcntl;
sqlite.org/howtocorrupt.html, 2.2), and with it SQLite's.
"""

import contextlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.errors import ArchiveUnusable

SEAL_SUFFIX = ".sha256"
BROKEN_SUFFIX = ".sha256.broken"
_HASH = "import hashlib, sys; print(hashlib.file_digest(open(sys.argv[1], 'rb'), 'sha256').hexdigest())"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TRIES = 3


class SealState(StrEnum):
    """What a look at the seal says."""

    TRUE = "true"  # there is one, and it holds
    ABSENT = "absent"  # there is none: a run writes now, was killed, or somebody read while one ended
    BROKEN = "broken"  # the database's bytes are not those that were sealed
    UNREADABLE = "unreadable"  # the file of the seal is not of the form that is written


@dataclass(frozen=True, slots=True)
class SealFound:
    """A seal as found: the digest it says, and the database's own where that was taken."""

    state: SealState
    said: str = ""
    found: str = ""


def look_at_seal(database: Path) -> SealFound:
    """Whether a database's seal holds. Reads the whole file once, takes no lock, and writes nothing.

    Somebody may begin to write meanwhile: the seal is then gone afterwards. Where it is still the same, the database
    was not changed between by anybody who keeps to seal.py. Raises OSError where the database cannot be read.
    """
    broken = _said(database, BROKEN_SUFFIX)
    if broken is not None:
        return SealFound(SealState.BROKEN, _digest_in(broken, database.name) or broken[:100])
    for _ in range(_TRIES):
        said = _said(database, SEAL_SUFFIX)
        if said is None:
            return SealFound(SealState.ABSENT)
        digest = _digest_in(said, database.name)
        if digest is None:
            return SealFound(SealState.UNREADABLE, said[:100])
        found = digest_of(database)
        if found == digest:
            return SealFound(SealState.TRUE, digest, found)
        if _said(database, SEAL_SUFFIX) == said:
            return SealFound(SealState.BROKEN, digest, found)
    return SealFound(SealState.ABSENT)


def break_seal(database: Path) -> str:
    """Takes a seal away, durably, before the database may change; gives its digest if it held. The caller holds
    SQLite's write lock.

    Raises ArchiveUnusable where the folder cannot be written.
    """
    seal = _beside(database, SEAL_SUFFIX)
    if not seal.exists():
        return ""
    try:
        look = look_at_seal(database)
        held = look.state is SealState.TRUE
        if held:
            seal.unlink()
        else:
            seal.replace(_beside(database, BROKEN_SUFFIX))
        make_entries_durable(database.parent)
    except OSError as error:
        raise ArchiveUnusable(
            f"Cannot write to {database.parent}: {error.strerror or error}", advice="Give write access to the folder."
        ) from error
    return look.found if held else ""


def make_seal(database: Path) -> str:
    """Seals a database as it is, whole or not at all; not where a broken seal lies beside it. Gives its digest, or "".
    The caller sees to it that nobody writes. Raises OSError where it cannot be read, or the folder not written."""
    if _beside(database, BROKEN_SUFFIX).exists():
        return ""
    digest = digest_of(database)
    new = _beside(database, SEAL_SUFFIX + ".new")
    try:
        with new.open("w", encoding="ascii") as file:
            file.write(f"{digest}  {database.name}\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(_beside(database, SEAL_SUFFIX))
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    make_entries_durable(database.parent)
    return digest


def forget_seal(database: Path) -> None:
    """Takes away a seal and a broken one, unseen: the database itself is about to be replaced by another."""
    for suffix in (SEAL_SUFFIX, BROKEN_SUFFIX):
        _beside(database, suffix).unlink(missing_ok=True)
    make_entries_durable(database.parent)


def digest_of(path: Path) -> str:
    """SHA-256 (hex) of a file, taken by another process. Raises OSError where it cannot be read."""
    # A group of its own: Ctrl-C is for the command, which ends in its own time.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _HASH, str(path)], capture_output=True, check=False, process_group=0
    )
    digest = done.stdout.decode("ascii", "replace").strip()
    if done.returncode or not _DIGEST.fullmatch(digest):
        raise OSError(f"{path} cannot be read whole")
    return digest


def make_entries_durable(folder: Path) -> None:
    """What a folder holds, after a power cut too; a file's own fsync does not promise that (POSIX)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(database: Path, suffix: str) -> Path:
    return database.with_name(database.name + suffix)


def _said(database: Path, suffix: str) -> str | None:
    try:
        with _beside(database, suffix).open("rb") as file:
            return file.read(1000).decode("ascii", "replace")
    except FileNotFoundError:
        return None


def _digest_in(said: str, name: str) -> str | None:
    digest = said[:64]
    return digest if _DIGEST.fullmatch(digest) and said == f"{digest}  {name}\n" else None
