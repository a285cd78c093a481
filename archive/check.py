"""`susta check`, the fixity audit: are these still the bytes that were captured, and does everything agree with them?

    seal ─► archive.db by itself            (check_database.py, check_rules.py, check_articles.py, check_fulltext.py)
    each WARC file ─► its records           (check_members.py; of one that is as its row says, check_unchanged.py)
                  ├─► the rows of captures  (check_rows.py)
                  └─► its size and digest, by its row and by the next file (check_files.py)
    With several processes: large files in parts (check_parts.py), articles in ranges of ids; see check_work.py.
    What an earlier audit found sound, and has the digests it had then, is not read again (check_memory.py).

Nothing is changed but that the audit is noted at its end, and what is sound is remembered. A crawl may be writing
meanwhile. What is found is in damage.py; which files a partial audit takes is in check_schedule.py.
"""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from archive import schema
from archive.check_database import quick_check
from archive.check_files import FileAudit, FileTask, explained, rewrites_in
from archive.check_memory import Memory, Sound, key_of, looked_at, recall, remember, with_whole
from archive.check_rows import Resolve
from archive.check_schedule import EVERYTHING, Past, Which, choose, past_audits
from archive.check_work import audit_all
from archive.damage import Code, Finding, Findings
from archive.errors import ArchiveUnusable
from archive.events import EventOutcome, EventType
from archive.place import in_a_bag
from archive.schema import DATABASE_NAME
from archive.seal import Noted, has_log, note_between
from archive.seal_file import SealFound, SealState, look_at_seal
from archive.warc import FOLDER_NAME, NAME, OPEN_SUFFIX, serial_of, warc_path

_NOT_WARCS = (".torn", ".opening")  # what this program may leave beside WARC files
Watch = Callable[[int, int], None]


@dataclass(slots=True)
class AuditReport:
    """What an audit came to. `files` of `of_files` were audited, and archive.db if `database`; `recalled_files` of them
    and `recalled_parts` of it have digests with which an earlier audit found them sound."""

    files: int = 0
    of_files: int = 0
    bytes: int = 0
    records: int = 0
    captures: int = 0
    database: bool = False
    noted: bool = False
    recalled_files: int = 0
    recalled_parts: int = 0
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
            "recalled_files": self.recalled_files,
            "recalled_parts": self.recalled_parts,
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
    schema: str = ""
    sound: Memory = field(default_factory=dict)
    looked_at: datetime | None = None  # when its rows were last looked at, where none has changed since


def check(
    folder: Path,
    *,
    now: datetime,
    agent: str,
    which: Which = EVERYTHING,
    jobs: int = 1,
    afresh: bool = False,
    resolve: Resolve | None = None,
    watch: Watch = lambda *_: None,
) -> AuditReport:
    """Audits the archive in `folder`; all of it, or what `which` asks for. `afresh`: nothing is taken from what earlier
    audits found.

    `resolve` must be a plain function (it goes to other processes). `watch` is called with (bytes read, bytes
    altogether). Raises ArchiveUnusable where there is no archive, or the database is another program's or a newer
    version's.
    """
    report = AuditReport()
    findings = report.findings
    warc_folder = folder / FOLDER_NAME
    present = set(_names_in(warc_folder, findings))
    path = folder / DATABASE_NAME
    logged = _has_log(path)  # before any connection, which folds it in
    aside = ThreadPoolExecutor(1)  # it waits for another process, which reads the whole database
    seal = aside.submit(_look_at_seal, path)
    aside.shutdown(wait=False)
    known = _look(folder, present, seal, findings)
    names = sorted(present | known.named | set(known.rows), key=lambda name: (serial_of(name), name))
    chosen, report.database = choose(which, names, known.past, now)
    key = key_of(known.schema, resolve) if known.database else ""
    before = recall(folder, key)
    known.sound = {} if afresh else before
    if not logged and known.sound and not _has_log(path):
        known.looked_at = looked_at(known.sound, _held(seal), now)
    tasks = list(_tasks(warc_folder, chosen, names, known, resolve, findings))
    within = path if known.usable and report.database else None
    audits, sound = _audit(tasks, within, known, report, jobs, watch)
    _settle_chain(warc_folder, names, audits, findings)
    if report.database:
        findings.take(quick_check(folder / "frontier.db"))
    findings.take(_audit_seal(seal.result()))
    report.files, report.of_files = len(tasks), len(names)
    noted = _note(folder, report, known, [task.name for task in tasks], now, agent)
    if report.noted and key and key == key_of(_schema_of(path), resolve):
        parts = _sound_now(before, sound, tasks, names, database=within is not None)
        everything = within is not None and not report.damages and sound.keys() >= set(names)
        if noted.after and noted.before == _held(seal) and not logged and (everything or known.looked_at):
            parts = with_whole(parts, noted.after, known.looked_at or now)
        if parts != before:
            with contextlib.suppress(OSError):  # the next audit reads more, and finds the same
                remember(folder, key, parts)
    findings.sort()
    return report


def _tasks(
    warc_folder: Path,
    chosen: Iterable[str],
    names: Sequence[str],
    known: _Known,
    resolve: Resolve | None,
    findings: Findings,
) -> Iterator[FileTask]:
    following = dict(pairwise(names))
    for name in chosen:
        if not NAME.fullmatch(name) or not warc_path(warc_folder, name).is_file():
            findings.add(Code.MISSING_FILE, f"{name} is not there", file=name)
            continue
        yield FileTask(
            warc_folder,
            name,
            following.get(name),
            known.rows.get(name),
            known.progress,
            known.database,
            resolve,
            remembered=known.sound.get(name),
            rows_unchanged=known.looked_at is not None,
        )


def _names_in(warc_folder: Path, findings: Findings) -> Iterator[str]:
    """The names of our files, without `.open`; anything else that lies there is said."""
    if not warc_folder.is_dir():
        return
    for path in sorted(warc_folder.iterdir()):
        if NAME.fullmatch(path.name) and path.is_file():
            name = path.name.removesuffix(OPEN_SUFFIX)
            if name != path.name and (warc_folder / name).exists():
                findings.add(Code.FOREIGN_FILE, "a finished file of that name lies beside it", file=path.name)
            yield name
        elif not path.name.endswith(_NOT_WARCS):
            findings.add(Code.FOREIGN_FILE, "no name of a WARC file of this archive", file=path.name)


def _look_at_seal(path: Path) -> SealFound | None:
    return look_at_seal(path) if path.exists() else None


def _audit_seal(seal: SealFound | None) -> Findings:
    findings = Findings()
    if seal is None or seal.state is SealState.TRUE:
        return findings
    if seal.state is SealState.ABSENT:
        findings.add(Code.NOT_SEALED, "there is no archive.db.sha256")
    else:
        found = f"its SHA-256 is {seal.found}, and " if seal.found else ""
        findings.add(Code.SEAL_BROKEN, f"{found}the seal says {seal.said!r}", file=DATABASE_NAME)
    return findings


def _held(seal: Future[SealFound | None]) -> str | None:
    """The digest of the database where its seal held."""
    look = seal.result()
    return look.found if look and look.state is SealState.TRUE else None


def _look(folder: Path, present: Iterable[str], seal: Future[SealFound | None], findings: Findings) -> _Known:
    """Whether the database can be used, and what it knows."""
    path = folder / DATABASE_NAME
    known = _Known()
    try:
        with contextlib.closing(schema.connect(path, read_only=True)) as db:
            known.usable = True
            db.execute("BEGIN")
            known.progress = db.execute("SELECT warc_file, warc_end FROM progress").fetchone() or ("", 0)
            known.named = {name for (name,) in db.execute("SELECT DISTINCT warc_file FROM captures")}
            if db.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,):
                known.database = path
                known.schema = _schema_in(db)
                for name, *row in db.execute("SELECT name, bytes, sha256, records FROM warc_files"):
                    known.rows[name] = (row[0], row[1], row[2])
                known.past = past_audits(db)
    except ArchiveUnusable as error:
        if not any(True for _ in present) or (
            _is_strange(path) and not _audit_seal(seal.result()).counts[Code.SEAL_BROKEN]
        ):
            raise
        findings.add(Code.DATABASE_UNUSABLE, str(error), file=DATABASE_NAME)
    except (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError) as error:
        known.database = None
        findings.add(Code.DATABASE_INTEGRITY, f"it cannot be read: {error}", file=DATABASE_NAME)
    return known


def _schema_in(db: sqlite3.Connection) -> str:
    return json.dumps(db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").fetchall())


def _schema_of(path: Path) -> str:
    try:
        with contextlib.closing(schema.connect(path, read_only=True)) as db:
            return _schema_in(db)
    except (sqlite3.Error, ArchiveUnusable):
        return ""


def _has_log(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return has_log(path)
    return True


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
    tasks: list[FileTask], database: Path | None, known: _Known, report: AuditReport, jobs: int, watch: Watch
) -> tuple[list[FileAudit], dict[str, Sound]]:
    """Audits the files and the database; gives the files' audits and what was found sound."""
    total = sum(task.size for task in tasks)
    audits: list[FileAudit] = []
    sound: dict[str, Sound] = {}

    def done(audit: FileAudit) -> None:
        report.bytes += audit.bytes
        report.records += audit.records
        report.captures += audit.captures
        report.recalled_files += audit.recalled
        report.findings.take(audit.findings)
        audit.findings = Findings()
        audits.append(audit)
        if audit.sound:
            sound[audit.name] = audit.sound
        watch(report.bytes, total)

    if database is not None and known.looked_at:
        sound |= {name: each for name, each in known.sound.items() if not NAME.fullmatch(name)}
        report.recalled_parts = len(sound)
        database = None
    within = audit_all(tasks, database, known.sound, jobs, done)
    if within is not None:
        report.findings.take(within.findings)
        report.recalled_parts = within.recalled
        sound |= within.sound
    return audits, sound


def _sound_now(
    before: Memory, sound: Memory, tasks: Sequence[FileTask], names: Sequence[str], *, database: bool
) -> Memory:
    """What is sound now, and of what was not audited now what was sound before."""
    files = set(names) - {task.name for task in tasks}
    kept = {name: each for name, each in before.items() if (name in files if NAME.fullmatch(name) else not database)}
    return {**kept, **sound}


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


def _note(folder: Path, report: AuditReport, known: _Known, names: list[str], now: datetime, agent: str) -> Noted:
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
        "recalled": {"files": report.recalled_files, "parts": report.recalled_parts},
        "found": report.counts,
    }
    outcome = EventOutcome.FAILURE if report.damages else EventOutcome.SUCCESS
    at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    noted = Noted()
    if known.database is not None and not damaged:
        noted = note_between(folder, EventType.CHECKED, at, agent, "archive", outcome=outcome, detail=detail)
    report.noted = noted.noted
    if not report.noted:
        why = "the archive cannot be written, or is of an older schema"
        if in_a_bag(folder):
            why = "the archive is the payload of a bag, which must not change"
        report.findings.add(Code.NOT_NOTED, "the database is damaged" if damaged else why)
    return noted
