"""The audit of one WARC file: its bytes and records by themselves, beside the rows of `captures`, and beside what is
known of it: its row of `warc_files`, and what the next file's opening says of it (`file-finished`)."""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from archive import schema
from archive.check_members import Record, Totals, read_members
from archive.check_memory import Sound
from archive.check_rows import FIRST, LAST, Beside, Resolve, sum_of_rows
from archive.check_unchanged import NotPlain, read_unchanged
from archive.damage import Code, Findings
from archive.errors import ArchiveUnusable
from archive.warc import FILE_FINISHED, OPEN_SUFFIX, serial_of, warc_path

FILE_REWRITTEN = "file-rewritten"
_OPENING = ("warcinfo", "resource", "metadata")


@dataclass(frozen=True, slots=True)
class FileTask:
    """What to audit: a file's name, the next one's, its row of `warc_files` (bytes, SHA-256, records), and the mark up
    to where the files were worked in when the audit began. `database` is None where rows cannot be compared. With
    `start` and `end`, only this part of the file, which must begin and end with a record, and the rows of the places
    `rows`. `sha256` is the file's, where it was found to be the one that is known of it; "" else. `remembered` is what
    an earlier audit found sound under this name; `rows_unchanged`: no row has changed since that audit."""

    folder: Path
    name: str
    following: str | None
    row: tuple[int, str, int] | None
    progress: tuple[str, int]
    database: Path | None
    resolve: Resolve | None = None
    start: int = 0
    end: int | None = None
    rows: tuple[int, int] = (FIRST, LAST)
    sha256: str = ""
    remembered: Sound | None = None
    rows_unchanged: bool = False

    @property
    def size(self) -> int:
        """Bytes there are now; 0 where there is no file."""
        with contextlib.suppress(OSError):
            return warc_path(self.folder, self.name).stat().st_size
        return 0

    @property
    def worked_in(self) -> int:
        """Records of this file that begin before this place must have their rows."""
        serial, marked = serial_of(self.name), serial_of(self.progress[0])
        return self.progress[1] if serial == marked else (1 << 62 if serial < marked else 0)


@dataclass(slots=True)
class FileAudit:
    """What became of it. `rewritten` are the events of this file that say that another had to be rewritten; `disputed`
    is a digest that the next file's opening gives and this file has not, which such an event may explain; `told_of` are
    the files whose end this one notes. `rows` is the sum of its rows; `proof` is empty unless the file's own bytes and
    rows are without fault; `quick`: they were read in the way for files that have the SHA-256
    of their row; `recalled`: they were not read again, since an earlier audit had found them so."""

    name: str
    findings: Findings = field(default_factory=Findings)
    bytes: int = 0
    sha256: str = ""
    records: int = 0
    captures: int = 0
    rewritten: list[tuple[str, str, str]] = field(default_factory=list)
    disputed: str = ""
    told_of: list[str] = field(default_factory=list)
    rows: int = 0
    quick: bool = False
    proof: str = ""
    recalled: bool = False

    @property
    def sound(self) -> Sound | None:
        """For the memory of audits."""
        told = {key: getattr(self, key) for key in ("records", "captures", "rewritten", "told_of", "quick")}
        return Sound(self.proof, told) if self.proof else None


def audit_file(task: FileTask) -> FileAudit:
    """Audits a file, or a part of one. One that an earlier audit found sound is not read again; one that has the
    SHA-256 known of it is read in the quick way first, and as any other where anything seems amiss."""
    if task.end is None:
        sha256 = digest_file(task.folder / task.name) if task.row or task.remembered else ""
        if audit := _recalled(task, sha256):
            return audit
        task = replace(task, sha256=unchanged(task, sha256), remembered=None)
    if task.sha256:
        with contextlib.suppress(NotPlain):
            audit = _audit(task)
            if not audit.findings.kept:
                return audit
    return _audit(replace(task, sha256=""))


def digest_file(path: Path) -> str:
    """SHA-256 (hex) of a file; "" where it cannot be read."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return ""


def recalled(task: FileTask) -> FileAudit | None:
    """A finished file that has the proof of one that was found sound; None where it must be read."""
    return _recalled(task, digest_file(task.folder / task.name)) if task.remembered else None


def _recalled(task: FileTask, sha256: str) -> FileAudit | None:
    if not (task.remembered and sha256 and task.database):
        return None
    try:
        size = (task.folder / task.name).stat().st_size
        if task.rows_unchanged:
            proof = _proof(sha256, int(task.remembered.proof.partition(" ")[2], 16))
        else:
            with contextlib.closing(schema.connect(task.database, read_only=True)) as connection:
                proof = _proof(sha256, sum_of_rows(connection, task.name))
        told = task.remembered.told
        audit = FileAudit(task.name, bytes=size, sha256=sha256, proof=proof, recalled=True)
        audit.records, audit.captures = int(told["records"]), int(told["captures"])
        audit.rewritten = [(file, old, new) for file, old, new in told["rewritten"]]
        audit.told_of, audit.quick = list(told["told_of"]), bool(told["quick"])
    except (OSError, sqlite3.Error, ArchiveUnusable, KeyError, TypeError, ValueError):
        return None
    beyond = task.progress[0] == task.name and task.progress[1] > size
    if proof != task.remembered.proof or beyond or (audit.quick and not unchanged(task, sha256)):
        return None
    compare_known(task, audit)
    return audit


def _proof(sha256: str, rows: int) -> str:
    """What must be the same for a file and its rows to be so."""
    return f"{sha256} {rows:064x}"


def unchanged(task: FileTask, sha256: str) -> str:
    """A file's digest where it is that of its row; else ""."""
    return sha256 if task.row is not None and task.row[1] == sha256 else ""


def _audit(task: FileTask) -> FileAudit:
    """Reads the file once and compares. The database is read in one snapshot that begins before the file's size is
    asked for: a response is in its file before it is in the database, so a row without one is damage."""
    audit = FileAudit(task.name, quick=bool(task.sha256))
    with contextlib.ExitStack() as stack:
        beside: Beside | None = None
        if task.database is not None:
            connection = stack.enter_context(contextlib.closing(schema.connect(task.database, read_only=True)))
            connection.execute("BEGIN")
            beside = Beside(connection, task.name, audit.findings, task.worked_in, task.resolve, task.rows)
        try:
            _read(task, audit, beside)
        except sqlite3.DatabaseError as error:
            audit.findings.add(Code.DATABASE_INTEGRITY, f"the rows of {task.name} cannot be read: {error}")
            if not audit.sha256:
                _read(task, audit, None)
    if task.end is None:
        if beside is not None:
            prove(audit)
        compare_known(task, audit)
    return audit


def prove(audit: FileAudit) -> None:
    """Gives its proof to an audit of a whole file and all of its rows that found nothing so far."""
    if audit.sha256 and not audit.findings.counts:
        audit.proof = _proof(audit.sha256, audit.rows)


def _read(task: FileTask, audit: FileAudit, beside: Beside | None) -> None:
    path = warc_path(task.folder, task.name)
    try:
        file = path.open("rb", buffering=0)
    except FileNotFoundError:  # it was finished between the two looks, or it is not there
        path = warc_path(task.folder, task.name)
        if not path.exists():
            audit.findings.add(Code.MISSING_FILE, f"{task.name} is not there", file=task.name)
            return
        file = path.open("rb", buffering=0)
    with file:
        size = path.stat().st_size if path.exists() else warc_path(task.folder, task.name).stat().st_size
        unfinished = path.name.endswith(OPEN_SUFFIX)
        found = Findings() if unfinished else audit.findings
        if task.end is None:
            totals = Totals()
        else:
            size = max(min(size, task.end), task.start)
            totals = Totals(None, task.start, 0, task.start)
            file.seek(task.start)
        records = (
            read_unchanged(file, size, totals) if task.sha256 else read_members(file, size, totals, found, task.name)
        )
        for record in records:
            _note_events(record, audit)
            audit.captures += record.status is not None and record.kind in ("response", "revisit")
            if beside is not None:
                beside.take(record)
    if beside is not None:
        beside.finish()
        audit.rows = beside.sum
        if beside.later:
            audit.findings.add(Code.NOT_YET_RECORDED, f"{beside.later} responses", file=task.name)
    if unfinished:
        _settle_unfinished(found, totals, size, audit)
    elif size == 0:
        audit.findings.add(Code.CUT_MEMBER, "the file is empty", file=task.name, offset=0)
    audit.bytes, audit.records = size - task.start, totals.records
    if task.end is not None:
        return
    audit.sha256 = task.sha256 or totals.sha256.hexdigest()
    if task.progress[0] == task.name and task.progress[1] > totals.whole and not audit.findings.kept:
        what = f"worked in up to {task.progress[1]}, and its whole records end at {totals.whole}"
        audit.findings.add(Code.PROGRESS_MARK, what, file=task.name)
    if unfinished:
        audit.sha256 = ""


def _settle_unfinished(found: Findings, totals: Totals, size: int, audit: FileAudit) -> None:
    """A torn tail is how a killed run leaves a file; whatever is wrong before it is damage all the same."""
    torn = [each for each in found.kept if each.code in (Code.CUT_MEMBER, Code.BAD_MEMBER)]
    for each in found.kept:
        if each not in torn:
            audit.findings.add(each.code, each.what, file=each.file, offset=each.offset)
    tail = f", and {size - totals.whole} bytes of one that is not whole" if torn else ""
    audit.findings.add(Code.UNFINISHED_FILE, f"{totals.records} whole records{tail}", file=audit.name)


def _note_events(record: Record, audit: FileAudit) -> None:
    name = record.fields.get("susta-event")
    if record.event is None or name not in (FILE_FINISHED, FILE_REWRITTEN):
        return
    file = str(record.event.get("file"))
    if name == FILE_FINISHED:
        audit.told_of.append(file)
    else:
        audit.rewritten.append((file, str(record.event.get("old_sha256")), str(record.event.get("new_sha256"))))


def compare_known(task: FileTask, audit: FileAudit) -> None:
    """The file as read beside its row and beside what the next file says of it."""
    if not audit.sha256:
        return
    found = (audit.bytes, audit.sha256, audit.records)
    if task.row is not None:
        _differs(audit, task.row, found, "warc_files")
    said = _said_by(task.folder, task.following, task.name) if task.following else None
    if said is not None and said != found:
        if said[1] != audit.sha256:
            audit.disputed = said[1]
        else:
            _differs(audit, said, found, f"the opening of {task.following}")
    if said is None and task.row is None and task.database is not None:
        audit.findings.add(Code.NOT_REGISTERED, "its digest is not known", file=task.name)


def _differs(audit: FileAudit, said: tuple[int, str, int], found: tuple[int, str, int], by: str) -> None:
    codes = (Code.FILE_SIZE, Code.FILE_DIGEST, Code.RECORD_COUNT)
    for code, known, now in zip(codes, said, found, strict=True):
        if known != now:
            audit.findings.add(code, f"{now}, and {by} says {known}", file=audit.name)


def _said_by(folder: Path, following: str | None, name: str) -> tuple[int, str, int] | None:
    """What the records before the first response of a file say of its predecessor."""
    for record in opening_of(folder, following or ""):
        event = record.event or {}
        if record.fields.get("susta-event") == FILE_FINISHED and event.get("file") == name:
            values = (event.get("bytes"), event.get("sha256"), event.get("records"))
            if isinstance(values[0], int) and isinstance(values[1], str) and isinstance(values[2], int):
                return values[0], values[1], values[2]
    return None


def opening_of(folder: Path, name: str) -> Iterator[Record]:
    """The records before the first that is neither warcinfo, resource nor metadata; of a damaged file those before."""
    path = warc_path(folder, name)
    try:
        with path.open("rb", buffering=0) as file:
            for record in read_members(file, path.stat().st_size, Totals(), Findings(), name):
                if record.kind not in _OPENING:
                    return
                yield record
    except OSError:
        return


def rewrites_in(folder: Path, names: list[str]) -> list[tuple[str, str, str]]:
    """The `file-rewritten` events in these files, as (file, old SHA-256, new SHA-256)."""
    audit = FileAudit("")
    for name in names:
        path = warc_path(folder, name)
        with contextlib.suppress(OSError), path.open("rb", buffering=0) as file:
            for record in read_members(file, path.stat().st_size, Totals(), Findings(), name):
                _note_events(record, audit)
    return audit.rewritten


def explained(disputed: str, now: str, name: str, rewritten: list[tuple[str, str, str]]) -> bool:
    """Whether rewritings, one after the other, lead from the digest that is said to the one there is now."""
    steps: dict[str, Any] = {old: new for file, old, new in rewritten if file == name}
    seen: set[str] = set()
    while disputed in steps and disputed not in seen:
        seen.add(disputed)
        disputed = steps[disputed]
    return disputed == now
