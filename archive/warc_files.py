"""The `warc_files` table: size, SHA-256 and number of records of each WARC file, taken once when it is finished.

What is taken comes from the file alone, so a rebuild gives the same rows. The audit compares them with the files, and
with what each file says of its predecessor (`file-finished`), which needs no database.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from archive.gzip_members import FileFacts, facts_of
from archive.warc import OPEN_SUFFIX, warc_paths


class Writes(Protocol):
    """A database that is written to, or what stands for one."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...

    def atomic(self) -> AbstractContextManager[Any]: ...


def finished_files(warc_folder: Path) -> list[Path]:
    """The WARC files that are finished, in order."""
    return [path for path in warc_paths(warc_folder) if not path.name.endswith(OPEN_SUFFIX)]


def register_files(
    db: Writes,
    warc_folder: Path,
    stopped: Callable[[], bool] = lambda: False,
    facts_of: Callable[[Path], FileFacts] = facts_of,
) -> list[str]:
    """Notes each finished WARC file that has no row yet; returns their names. May be called again at any time.

    A file that does not end with a whole record gets no row, so that the audit says what is the matter with it; one
    that cannot be read is left for the next time. Each row is kept as soon as it is known; once `stopped`, the rest
    waits for the next call. `facts_of` gives what a file comes to, where that was asked ahead.
    """
    known = {name for (name,) in db.execute("SELECT name FROM warc_files").fetchall()}
    added = []
    for path in finished_files(warc_folder):
        if path.name in known:
            continue
        if stopped():
            break
        try:
            facts = facts_of(path)
        except OSError:
            continue
        if not facts.whole:
            continue
        with db.atomic():
            db.execute(
                "INSERT INTO warc_files (name, bytes, sha256, records) VALUES (?, ?, ?, ?)",
                (facts.name, facts.bytes, facts.sha256, facts.records),
            )
        added.append(path.name)
    return added
