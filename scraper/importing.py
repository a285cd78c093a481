"""`susta import`: captures that others made become captures of this archive, and articles are derived from them.

    files ─► scan: an index of what is in scope, by time ─► our own WARC files, fsync ─► derive: archive.db
                                                                └─► the frontier knows what is there

What is taken is written into `warc/` as a crawl's captures are, head and payload byte for byte, within a run of kind
`import`, so that a rebuild needs nothing else. The order that loses nothing is the crawl's. What is there already is
passed over, so an import that was stopped or killed is made whole by running it again.
"""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from archive import __version__
from archive.captures import Held
from archive.errors import ArchiveUnusable
from archive.events import note_imports, note_repairs
from archive.foreign import MOST_HEADER_BYTES
from archive.foreign_files import ForeignFile, digest_of, open_foreign
from archive.lock import locked
from archive.schema import SCHEMA_VERSION, connect
from archive.store import DATABASE_NAME, Store
from archive.warc import FOLDER_NAME, Original, StoredExchange, WarcFiles
from archive.warc_files import register_files
from archive.warc_reading import read_record_id, repair_leftovers
from scraper.config import AGENT_NAME, Config
from scraper.crawl import catch_up
from scraper.derive import RUN_FINISHED, RUN_STARTED, Deriver
from scraper.fetch import World
from scraper.frontier import Frontier
from scraper.import_frontier import Seeding
from scraper.import_index import ImportIndex
from scraper.import_judge import Judge, Ready, most_of_block
from scraper.import_report import ImportedFile, ImportReport, ImportStep
from scraper.import_scan import Scanner, parts_of_files
from scraper.imported import Passed
from scraper.removing import finish_removals, warc_writer
from scraper.room import Room
from scraper.urls import Scope, make_scope
from scraper.withdrawn import withholding

_Closes = TypeVar("_Closes", Store, Frontier, WarcFiles, Judge)
_WORK = ".import-"  # begins the name of an import's working folder in the archive's
_SOFTWARE = f"{AGENT_NAME}/{__version__}"
_MAKE_ROOM = "Make room, or set [crawl] min_free_megabytes lower, then run the same import again."


def import_files(
    config: Config,
    paths: tuple[Path, ...],
    folder: Path,
    *,
    hosts: tuple[str, ...] = (),
    dry_run: bool = False,
    world: World,
    watch: Callable[[ImportStep], None] = lambda _: None,
) -> ImportReport:
    """Takes the captures of some files into the archive in `folder`, oldest first; what is outside the configured scope
    and `hosts` is passed over and counted.

    With `dry_run` nothing is changed, and the report says what would be taken. Raises ConfigError, before anything is
    touched, for a file that is not there or is no WARC or WACZ; LockHeld; and ArchiveUnusable.
    """
    files = [open_foreign(path) for path in paths]
    scope = make_scope(
        tuple(config.site.start_urls), (*config.site.allowed_hosts, *hosts), tuple(config.site.media_hosts)
    )
    report = ImportReport(dry_run=dry_run, started_at=_stamp(world.now()))
    room = Room(folder, 0 if dry_run else int(config.crawl.min_free_megabytes * 1_000_000), world.free_bytes)
    if shortage := room.shortage():
        raise ArchiveUnusable(f"{shortage}; nothing was started", advice=_MAKE_ROOM)
    with nullcontext() if dry_run else locked(folder, "import"), _working_folder(None if dry_run else folder) as work:
        for file in files:
            report.files.append(ImportedFile(_shown(file.path), file.path.stat().st_size, digest_of(file.path)))
            for problem in file.problems:
                report.problem(problem)
        with closing(ImportIndex(work, most_of_block(config) + MOST_HEADER_BYTES)) as index:

            def shall_end() -> bool:
                if shortage := room.shortage(index.spooled_bytes):
                    report.outcome = "disk-low"
                    report.problem(f"{shortage}; the import stopped. {_MAKE_ROOM}")
                elif world.stopped():
                    report.outcome = "interrupted"
                return report.outcome != "running"

            scanner = Scanner(index, scope, world.now(), report, shall_end, watch)
            if not _scan(scanner, files, report):
                pass
            elif dry_run:
                _rehearse(config, folder, files, index, scope, report)
            elif len(index):
                run = _Run(config, folder, files, index, scope, report, world)
                run.go(room, watch)
            else:
                report.outcome = "finished"
    report.finished_at = _stamp(world.now())
    return report


@contextmanager
def _working_folder(folder: Path | None) -> Iterator[Path]:
    """A folder that is gone afterwards; beside the archive's files, where what killed imports left is removed too."""
    if folder is not None:
        for left in folder.glob(f"{_WORK}*"):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_WORK, dir=folder) as name:
        yield Path(name)


def _scan(scanner: Scanner, files: list[ForeignFile], report: ImportReport) -> bool:
    """Indexes all files; False when stopped."""
    for number, (file, part) in enumerate(parts_of_files(files)):
        if not scanner.scan(number, part, report.files[file]):
            return False
    scanner.finish()
    return True


def _rehearse(
    config: Config, folder: Path, files: list[ForeignFile], index: ImportIndex, scope: Scope, report: ImportReport
) -> None:
    """Says of each record found what would become of it."""
    with ExitStack() as stack:
        database = None
        if (folder / DATABASE_NAME).exists():
            database = stack.enter_context(closing(connect(folder / DATABASE_NAME, read_only=True)))
            if database.execute("PRAGMA user_version").fetchone() != (SCHEMA_VERSION,):
                raise ArchiveUnusable(
                    f"{folder / DATABASE_NAME} is of an older schema, which a rehearsal cannot compare with",
                    advice="Any crawl, and an import without --dry-run, brings it up to date, with a copy kept first.",
                )
        parts = parts_of_files(files)
        judge = Judge(config, scope, index, parts, database, folder / FOLDER_NAME, rehearses=True)
        stack.callback(judge.close)
        for found in index.in_order():
            verdict = judge.judge(found, [each.sha256 for each in report.files])
            if isinstance(verdict, Ready):
                _count(report, verdict)
            else:
                report.pass_over(verdict)
    report.outcome = "finished"


def _count(report: ImportReport, ready: Ready) -> None:
    report.taken += 1
    report.bytes += len(ready.exchange.body)
    if ready.exchange.role == "page":
        report.pages += 1
    elif ready.exchange.role == "media":
        report.media += 1
    if ready.exchange.status == 304:
        report.not_modified += 1
    elif ready.held:
        report.identical += 1


class _Run:
    """The second look: what was found is written and derived, in order of time."""

    def __init__(
        self,
        config: Config,
        folder: Path,
        files: list[ForeignFile],
        index: ImportIndex,
        scope: Scope,
        report: ImportReport,
        world: World,
    ) -> None:
        self.config, self.index, self.report, self.world = config, index, report, world
        self.warc_folder = folder / FOLDER_NAME
        with ExitStack() as self._stack:
            self.store = self._opened(Store(folder))
            self.deriver = self._made_good()
            frontier = self._opened(Frontier(folder))
            self.seeding = Seeding(config, scope, frontier, withholding(self.store))
            self._stack.callback(self._register)
            self.warc = self._opened(warc_writer(config, self.warc_folder))
            parts = parts_of_files(files)
            self.judge = self._opened(Judge(config, scope, index, parts, self.store.db, self.warc_folder))
            self._stack = self._stack.pop_all()

    def _made_good(self) -> Deriver:
        """What killed runs and withdrawals left is made good first, as a crawl does."""
        report, store, folder, world = self.report, self.store, self.warc_folder, self.world
        repaired = repair_leftovers(folder)
        note_repairs(store.db, [(each.file, each.cut) for each in repaired], _stamp(world.now()), _SOFTWARE)
        report.repaired = [
            f"{name}: cut by {cut} bytes to its last whole record; they are set aside as {set_aside}"
            for name, cut, set_aside in repaired
            if set_aside
        ]
        register_files(store.db, folder, world.stopped)
        deriver = Deriver(store, folder, self.config)
        if count := catch_up(deriver, store, folder, world.stopped):
            report.repaired.append(f"{count} records of an unfinished run worked into archive.db")
        try:
            finish_removals(store, deriver, self.config, folder, world.now())
        except ArchiveUnusable as error:  # no reason not to import; it is said at every run until it can be done
            report.problem(f"bytes of a withdrawn article could not be removed yet: {error}")
        return deriver

    def _opened(self, what: _Closes) -> _Closes:
        self._stack.callback(what.close)
        return what

    def _register(self) -> None:
        with contextlib.suppress(OSError, sqlite3.Error):
            register_files(self.store.db, self.warc_folder)

    def go(self, room: Room, watch: Callable[[ImportStep], None]) -> None:
        with self._stack:
            self.report.outcome = self._work(room, watch)
            self._finish()

    def _begin(self) -> None:
        files = [{"name": file.name, "bytes": file.bytes, "sha256": file.sha256} for file in self.report.files]
        self._event(RUN_STARTED, {"software": _SOFTWARE, "start_urls": [], "kind": "import", "files": files})
        self.report.run = self.deriver.run_id

    def _work(self, room: Room, watch: Callable[[ImportStep], None]) -> str:
        digests = [file.sha256 for file in self.report.files]
        total = len(self.index)
        for done, found in enumerate(self.index.in_order()):
            if self.world.stopped():
                return "interrupted"
            watch(ImportStep(done, total, self.report))
            verdict = self.judge.judge(found, digests)
            if not isinstance(verdict, Ready):
                self.report.pass_over(verdict)
                if verdict is Passed.DAMAGED:
                    self.report.problem(f"{found.foreign.address} of {found.foreign.date} could not be read again")
                continue
            if self.report.run is None:  # an import that brings nothing new is no run
                self._begin()
            self._keep(verdict)
            if shortage := room.shortage(self.report.bytes):
                self.report.problem(f"{shortage}; the import stopped. {_MAKE_ROOM}")
                return "disk-low"
        return "finished"

    def _keep(self, ready: Ready) -> None:
        """WARC first and durable, then archive.db, then the frontier."""
        held, exchange = ready.held, ready.exchange
        capture = self.warc.append(exchange, self._referred_to(held) if held else None)
        refers_to = (held.original.url, held.original.fetched_at) if held else None
        taken = self.deriver.take(StoredExchange(capture, exchange.headers, exchange.body, refers_to))
        assert taken is not None
        _count(self.report, ready)
        self.report.count(taken)
        self.report.queued += self.seeding.follow(taken)

    def _referred_to(self, held: Held) -> Original:
        record_id = read_record_id(self.warc_folder, held.warc_file, held.warc_offset)
        return replace(held.original, record_id=record_id)

    def _finish(self) -> None:
        report = self.report
        files, agent = [asdict(file) for file in report.files], self.config.agent
        if report.run is None:
            note_imports(self.store.db, files, None, _stamp(self.world.now()), agent)
        else:
            counts = asdict(report.counts())
            self._event(RUN_FINISHED, {"outcome": report.outcome, "counts": counts, "imported": files, "agent": agent})
        self.seeding.make_known(self.store)

    def _event(self, name: str, data: dict[str, object]) -> None:
        at = _stamp(self.world.now())
        self.deriver.take(self.warc.append_event(name, at, {"at": at} | data))


def _shown(path: Path) -> str:
    """A file's name, without its folder, as text."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
