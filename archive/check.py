"""`susta check`, the fixity audit: are these still the bytes that were captured, and does everything agree with them?

    seal ─► archive.db by itself            (check_database.py, check_rules.py)
    each WARC file ─► its records           (check_members.py; of one that is as its row says, check_unchanged.py)
                  ├─► the rows of captures  (check_rows.py)
                  └─► its size and digest, by its row and by the next file (check_files.py)
    With several processes: large files in parts (check_parts.py), articles in ranges of ids.

Nothing is changed but that the audit is noted at its end. A crawl may be writing meanwhile. What is found is in
damage.py; which files a partial audit takes is in check_schedule.py.
"""

import contextlib
import multiprocessing
import signal
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from archive import schema
from archive.check_database import article_ranges, audit_database, audit_revisions, quick_check
from archive.check_files import FileAudit, FileTask, audit_file, digest_file, explained, rewrites_in, unchanged
from archive.check_parts import joined, parts_of
from archive.check_rows import Resolve
from archive.check_schedule import EVERYTHING, Past, Which, choose, past_audits
from archive.damage import Code, Finding, Findings
from archive.errors import ArchiveUnusable
from archive.events import EventOutcome, EventType
from archive.place import in_a_bag
from archive.schema import DATABASE_NAME
from archive.seal import note_aside
from archive.seal_file import SealState, look_at_seal
from archive.warc import FOLDER_NAME, NAME, OPEN_SUFFIX, serial_of, warc_path

_LEAST_FOR_POOL = 30_000_000  # bytes of WARC files; below, starting processes takes longer than they save
_NOT_WARCS = (".torn", ".opening")  # what this program may leave beside WARC files
Watch = Callable[[int, int], None]


@dataclass(slots=True)
class AuditReport:
    """What an audit came to. `files` were audited of `of_files`; `whole`: everything was, archive.db too."""

    files: int = 0
    of_files: int = 0
    bytes: int = 0
    records: int = 0
    captures: int = 0
    database: bool = False
    noted: bool = False
    findings: Findings = field(default_factory=Findings)

    @property
    def damages(self) -> list[Finding]:
        return [found for found in self.findings.kept if found.code.is_damage]

    @property
    def remarks(self) -> list[Finding]:
        return [found for found in self.findings.kept if not found.code.is_damage]

    @property
    def counts(self) -> dict[str, int]:
        """How many of each code, those that were not kept whole included."""
        return {str(code): count for code, count in sorted(self.findings.counts.items())}

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "clean": not self.damages,
            "files": self.files,
            "of_files": self.of_files,
            "bytes": self.bytes,
            "records": self.records,
            "captures": self.captures,
            "database": self.database,
            "noted": self.noted,
            "counts": self.counts,
            "damages": [found.as_dict() for found in self.damages],
            "remarks": [found.as_dict() for found in self.remarks],
        }


@dataclass(slots=True)
class _Known:
    """What the database says before anything is audited."""

    database: Path | None = None  # None: rows cannot be compared
    usable: bool = False
    progress: tuple[str, int] = ("", 0)
    rows: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    past: Past = field(default_factory=Past)


def check(
    folder: Path,
    *,
    now: datetime,
    agent: str,
    which: Which = EVERYTHING,
    jobs: int = 1,
    resolve: Resolve | None = None,
    watch: Watch = lambda *_: None,
) -> AuditReport:
    """Audits the archive in `folder`; all of it, or what `which` asks for.

    `resolve` must be a plain function (it goes to other processes). `watch` is called with (bytes read, bytes
    altogether). Raises ArchiveUnusable where there is no archive, or the database is another program's or a newer
    version's.
    """
    report = AuditReport()
    findings = report.findings
    warc_folder = folder / FOLDER_NAME
    present = set(_names_in(warc_folder, findings))
    known = _look(folder, present, findings)
    names = sorted(present | known.named | set(known.rows), key=lambda name: (serial_of(name), name))
    chosen, report.database = choose(which, names, known.past, now)
    tasks = []
    following = dict(pairwise(names))
    for name in chosen:
        if not NAME.fullmatch(name) or not warc_path(warc_folder, name).exists():
            findings.add(Code.MISSING_FILE, f"{name} is not there", file=name)
        else:
            tasks.append(
                FileTask(
                    warc_folder,
                    name,
                    following.get(name),
                    known.rows.get(name),
                    known.progress,
                    known.database,
                    resolve,
                )
            )
    audits = _audit(tasks, folder / DATABASE_NAME if known.usable and report.database else None, report, jobs, watch)
    _settle_chain(warc_folder, names, audits, findings)
    if report.database:
        findings.take(quick_check(folder / "frontier.db"))
    report.files, report.of_files = len(tasks), len(names)
    _note(folder, report, known, [task.name for task in tasks], now, agent)
    findings.sort()
    return report


def _names_in(warc_folder: Path, findings: Findings) -> Iterator[str]:
    """The names of our files, without `.open`; anything else that lies there is said."""
    if not warc_folder.is_dir():
        return
    for path in sorted(warc_folder.iterdir()):
        if NAME.fullmatch(path.name) and path.is_file():
            yield path.name.removesuffix(OPEN_SUFFIX)
        elif not path.name.endswith(_NOT_WARCS):
            findings.add(Code.FOREIGN_FILE, "no name of a WARC file of this archive", file=path.name)


def _look(folder: Path, present: Iterable[str], findings: Findings) -> _Known:
    """Looks at the seal first, with no connection open; then whether the database can be used, and what it knows."""
    path = folder / DATABASE_NAME
    known = _Known()
    sound = True
    if path.exists():
        seal = look_at_seal(path)
        if seal.state is SealState.ABSENT:
            findings.add(Code.NOT_SEALED, "there is no archive.db.sha256")
        elif seal.state is not SealState.TRUE:
            sound = False
            found = f"its SHA-256 is {seal.found}, and " if seal.found else ""
            findings.add(Code.SEAL_BROKEN, f"{found}the seal says {seal.said!r}", file=DATABASE_NAME)
    try:
        with contextlib.closing(schema.connect(path, read_only=True)) as db:
            known.usable = True
            db.execute("BEGIN")
            known.progress = db.execute("SELECT warc_file, warc_end FROM progress").fetchone() or ("", 0)
            known.named = {name for (name,) in db.execute("SELECT DISTINCT warc_file FROM captures")}
            if db.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,):
                known.database = path
                for name, *row in db.execute("SELECT name, bytes, sha256, records FROM warc_files"):
                    known.rows[name] = (row[0], row[1], row[2])
                known.past = past_audits(db)
    except ArchiveUnusable as error:
        if not any(True for _ in present) or (sound and _is_strange(path)):
            raise
        findings.add(Code.DATABASE_UNUSABLE, str(error), file=DATABASE_NAME)
    except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
        known.database = None
        findings.add(Code.DATABASE_INTEGRITY, f"it cannot be read: {error}", file=DATABASE_NAME)
    return known


def _is_strange(path: Path) -> bool:
    """Whether it is the database of another program or of a newer version, rather than a damaged one."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    try:
        schema.refuse_strangers(path)
    except ArchiveUnusable:
        return True
    except sqlite3.DatabaseError:
        return False
    return False


def _audit(
    tasks: list[FileTask], database: Path | None, report: AuditReport, jobs: int, watch: Watch
) -> list[FileAudit]:
    """Does the work, in this process or in several; the largest files first, so that none is waited for at the end."""
    sizes = {task.name: _size(task) for task in tasks}
    total = sum(sizes.values())
    audits: list[FileAudit] = []

    def done(audit: FileAudit) -> None:
        report.bytes += audit.bytes
        report.records += audit.records
        report.captures += audit.captures
        report.findings.take(audit.findings)
        audit.findings = Findings()
        audits.append(audit)
        watch(report.bytes, total)

    if jobs <= 1 or total < _LEAST_FOR_POOL:
        if database is not None:
            report.findings.take(audit_database(database))
        for task in tasks:
            done(audit_file(task))
        return audits
    with _pool(jobs) as pool:
        within = _DatabaseWork(pool, database, jobs) if database is not None else None
        for audit in _in_parts(pool, sorted(tasks, key=lambda task: -sizes[task.name]), jobs):
            done(audit)
        if within is not None:
            report.findings.take(within.result())
    return audits


@contextlib.contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that read; what is left of their work is dropped when this ends early."""
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_leave_interrupts)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class _DatabaseWork:
    """The audit of `archive.db`, its articles in ranges of their own."""

    def __init__(self, pool: ProcessPoolExecutor, path: Path, jobs: int) -> None:
        self._rest = pool.submit(audit_database, path, revisions=False)
        ranges = article_ranges(path, 2 * jobs)
        self._ranges = [pool.submit(audit_revisions, path, *each) for each in ranges]

    def result(self) -> Findings:
        """What was found; of the articles nothing where the database is not whole, or not of this schema."""
        findings = self._rest.result()
        told = [future.result() for future in self._ranges]
        if not (findings.counts[Code.DATABASE_INTEGRITY] or findings.counts[Code.OLDER_SCHEMA]):
            for each in told:
                findings.take(each)
        return findings


def _in_parts(pool: ProcessPoolExecutor, tasks: list[FileTask], jobs: int) -> Iterator[FileAudit]:
    """The audits of files, large ones in parts; in any order."""
    running: dict[Future[FileAudit], FileTask] = {}
    large: list[tuple[FileTask, list[FileTask], Future[str]]] = []
    for task in tasks:
        parts = parts_of(task, jobs)
        if len(parts) == 1:
            running[pool.submit(audit_file, task)] = task
        else:
            large.append((task, parts, pool.submit(digest_file, task.folder / task.name)))
    in_parts: list[tuple[FileTask, list[Future[FileAudit]], str]] = []
    for task, parts, digest in large:
        sha256 = digest.result()
        known = unchanged(task, sha256)
        in_parts.append((task, [pool.submit(audit_file, replace(part, sha256=known)) for part in parts], sha256))
    for task, futures, sha256 in in_parts:
        audit = joined(task, [future.result() for future in futures], sha256)
        if audit is not None:
            yield audit
        else:
            running[pool.submit(audit_file, task)] = task
    for done in as_completed(running):
        yield done.result()


def _size(task: FileTask) -> int:
    with contextlib.suppress(OSError):
        return warc_path(task.folder, task.name).stat().st_size
    return 0


def _leave_interrupts() -> None:
    """Ctrl-C is for the process that asked; it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _settle_chain(warc_folder: Path, names: list[str], audits: list[FileAudit], findings: Findings) -> None:
    """Digests that a later file gives and a file has not: damage, unless a rewriting that was noted explains it. And
    files that later ones know of, and are not there."""
    rewritten = [event for audit in audits for event in audit.rewritten]
    disputed = [audit for audit in audits if audit.disputed]
    if any(not explained(each.disputed, each.sha256, each.name, rewritten) for each in disputed):
        seen = {audit.name for audit in audits}
        rewritten += rewrites_in(warc_folder, [name for name in names if name not in seen])
    for audit in disputed:
        if not explained(audit.disputed, audit.sha256, audit.name, rewritten):
            what = f"{audit.sha256}, and the next file's opening says {audit.disputed}"
            findings.add(Code.FILE_DIGEST, what, file=audit.name)
    for audit in audits:
        for name in audit.told_of:
            if name not in names:
                findings.add(Code.MISSING_FILE, f"{name} is not there, and {audit.name} tells of it", file=name)


def _note(folder: Path, report: AuditReport, known: _Known, names: list[str], now: datetime, agent: str) -> None:
    """Notes the audit, unless the database is damaged: nothing is written into such a one."""
    damaged = any(
        report.findings.counts[code]
        for code in (Code.SEAL_BROKEN, Code.DATABASE_INTEGRITY, Code.DATABASE_UNUSABLE, Code.FOREIGN_KEY)
    )
    everything = len(names) == report.of_files
    detail = {
        "files": len(names),
        "through" if everything else "names": (max(names, key=serial_of, default="") if everything else names),
        "database": report.database,
        "bytes": report.bytes,
        "records": report.records,
        "found": report.counts,
    }
    outcome = EventOutcome.FAILURE if report.damages else EventOutcome.SUCCESS
    at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if known.database is not None and not damaged:
        report.noted = note_aside(folder, EventType.CHECKED, at, agent, "archive", outcome=outcome, detail=detail)
    if not report.noted:
        why = "the archive cannot be written, or is of an older schema"
        if in_a_bag(folder):
            why = "the archive is the payload of a bag, which must not change"
        report.findings.add(Code.NOT_NOTED, "the database is damaged" if damaged else why)
