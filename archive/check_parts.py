"""A large WARC file audited by several processes: cut where rows of `captures` say that a record begins, each part read
by itself, and the digest of the whole taken beside them.

This saves time and decides nothing. Only where every part is clean is the file taken to be; otherwise it is read again
from its beginning to its end, and what is told is what that finds.
"""

import contextlib
import sqlite3
from dataclasses import replace
from itertools import pairwise

from archive import schema
from archive.check_files import FileAudit, FileTask, compare_known, prove
from archive.check_memory import added
from archive.check_rows import FIRST, LAST
from archive.warc import warc_path

LEAST = 16_000_000  # bytes of a part
_BOUNDARY = "SELECT min(warc_offset) FROM captures WHERE warc_file = ? AND warc_offset >= ?"


def parts_of(task: FileTask, jobs: int) -> list[FileTask]:
    """The parts in which a file may be read, in order and without gaps; one, the whole, where it is small, unfinished,
    or there are no rows to cut it by."""
    path = task.folder / task.name
    with contextlib.suppress(OSError, sqlite3.Error):
        size = path.stat().st_size
        count = min(size // LEAST, 4 * jobs)
        if task.database is None or jobs < 2 or count < 2:
            return [task]
        with contextlib.closing(schema.connect(task.database, read_only=True)) as db:
            wanted = (size * number // count for number in range(1, count))
            found = {db.execute(_BOUNDARY, (task.name, place)).fetchone()[0] for place in wanted}
        places = [0, *sorted(place for place in found if place is not None and 0 < place < size), size]
        rows = [FIRST, *places[1:-1], LAST]
        return [
            replace(task, start=start, end=end, rows=within)
            for (start, end), within in zip(pairwise(places), pairwise(rows), strict=True)
        ]
    return [task]


def joined(task: FileTask, audits: list[FileAudit], sha256: str) -> FileAudit | None:
    """What the parts (in order) come to; None where the whole file must be read instead."""
    path = warc_path(task.folder, task.name)
    size = path.stat().st_size if path.exists() else -1
    whole = sum(audit.bytes for audit in audits) == size and task.name == path.name
    marked = task.progress[0] == task.name and task.progress[1] > size
    if not whole or marked or not sha256 or any(audit.findings.kept for audit in audits):
        return None
    audit = FileAudit(task.name, bytes=size, sha256=sha256)
    for part in audits:
        audit.records += part.records
        audit.captures += part.captures
        audit.rewritten += part.rewritten
        audit.told_of += part.told_of
        audit.rows = added((audit.rows, part.rows))
        audit.quick = audit.quick or part.quick
    prove(audit)
    compare_known(task, audit)
    return None if audit.findings.kept else audit
