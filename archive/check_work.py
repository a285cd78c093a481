"""Who does the work of an audit: this process, or several, among which large files are cut in parts and articles in
ranges."""

import contextlib
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from archive.check_articles import ArticlesAudit, Range, audit_articles, ranges_of
from archive.check_database import audit_tables
from archive.check_files import FileAudit, FileTask, audit_file, digest_file, recalled, unchanged
from archive.check_fulltext import audit_full_text, audit_words
from archive.check_memory import Memory, Sound, added
from archive.check_parts import joined, parts_of
from archive.damage import Code, Findings

_LEAST_FOR_POOL = 30_000_000  # bytes of WARC files to read; below, starting processes takes longer than they save
_AS_FAST = 16  # times as fast as it is read is a file taken that an earlier audit found sound
_CHUNKS = 4  # of ranges for each process
Submit = Callable[..., "Future[Any]"]


@dataclass(slots=True)
class DatabaseAudit:
    """What was found in `archive.db`, and which parts of it are without fault; `recalled` were not read again."""

    findings: Findings = field(default_factory=Findings)
    sound: dict[str, Sound] = field(default_factory=dict)
    recalled: int = 0


def audit_all(
    tasks: Sequence[FileTask],
    database: Path | None,
    remembered: Memory,
    jobs: int,
    done: Callable[[FileAudit], None],
) -> DatabaseAudit | None:
    """Audits the files and, unless it is None, the database; `done` is called with each file's audit as it is made, in
    any order."""
    sizes = {task.name: task.size for task in tasks}
    to_read = sum(sizes[task.name] // (_AS_FAST if task.remembered else 1) for task in tasks)
    if database is not None:
        to_read += database.stat().st_size // (_AS_FAST if remembered else 1)
    if jobs <= 1 or to_read < _LEAST_FOR_POOL:
        with _beside(jobs) as submit:  # SQLite works on while this process reads
            within = _DatabaseWork(_at_once, database, remembered, 1, submit) if database else None
            for task in tasks:
                done(audit_file(task))
            return within.result() if within else None
    with _pool(jobs) as pool:
        within = _DatabaseWork(pool.submit, database, remembered, jobs, pool.submit) if database else None
        # The largest first, so that none is waited for at the end.
        for audit in _in_parts(pool, sorted(tasks, key=lambda task: -sizes[task.name]), jobs):
            done(audit)
        return within.result() if within else None


def _at_once(function: Callable[..., Any], *args: Any) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_result(function(*args))
    return future


@contextlib.contextmanager
def _beside(jobs: int) -> Iterator[Submit]:
    """A thread, for what leaves Python to others while it works; none where one core is all that may be used."""
    if jobs <= 1:
        yield _at_once
        return
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit


@contextlib.contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that read; what is left of their work is dropped when this ends early."""
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_leave_interrupts)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class _DatabaseWork:
    """The audit of `archive.db`, its articles in ranges of their own; `beside` takes what is SQLite's work for the most
    part."""

    def __init__(self, submit: Submit, path: Path, remembered: Memory, jobs: int, beside: Submit) -> None:
        self._submit, self._path = submit, path
        self._tables: Future[Findings] = beside(audit_tables, path)
        self._full_text = beside(audit_full_text, path, remembered)
        self._articles: list[Future[ArticlesAudit]] = [
            submit(audit_articles, path, ranges, _of(remembered, ranges))
            for ranges in _chunks(ranges_of(path), _CHUNKS * jobs)
        ]

    def result(self) -> DatabaseAudit:
        """What was found; of articles and full text nothing where the database is not whole, or not of this schema."""
        audit = DatabaseAudit(self._tables.result())
        full_text = self._full_text.result()
        articles = [future.result() for future in self._articles]
        if audit.findings.counts[Code.DATABASE_INTEGRITY] or audit.findings.counts[Code.OLDER_SCHEMA]:
            return audit
        for each in articles:
            audit.findings.take(each.findings)
            audit.sound |= each.sound
            audit.recalled += each.recalled
        audit.findings.take(full_text.findings)
        if full_text.words is not None and full_text.words != added(each.words for each in articles):
            audit.findings.take(self._submit(audit_words, self._path).result())
        elif full_text.words is not None:
            audit.sound |= full_text.sound
        return audit


def _of(remembered: Memory, ranges: Sequence[Range]) -> Memory:
    return {each.name: remembered[each.name] for each in ranges if each.name in remembered}


def _chunks(ranges: Sequence[Range], count: int) -> Iterator[Sequence[Range]]:
    size = -(-len(ranges) // count)
    return (ranges[start : start + size] for start in range(0, len(ranges), size))


def _in_parts(pool: ProcessPoolExecutor, tasks: Sequence[FileTask], jobs: int) -> Iterator[FileAudit]:
    """The audits of files, large ones in parts; in any order."""
    running: dict[Future[FileAudit], FileTask] = {}
    large: list[tuple[FileTask, list[FileTask], Future[str]]] = []
    for task, recalling in [(task, pool.submit(recalled, task) if task.remembered else None) for task in tasks]:
        if recalling is not None:
            if audit := recalling.result():
                yield audit
                continue
            task = replace(task, remembered=None)
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


def _leave_interrupts() -> None:
    """Ctrl-C is for the process that asked; it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
