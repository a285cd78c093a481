"""`archive.db` again, from the WARC files alone. No network.

    WARC files ─► records, in order ─┬─► pages ahead ─► workers: readings ─┐
                                     └─► the one Deriver, as in a crawl ◄──┘ ─► archive.db.rebuilding ─► archive.db

Everything passes through the same `Deriver` as in a crawl, in the order it was written, into a new file that takes the
old one's place only when it is whole. A rebuild that was cut off goes on where it was.
"""

import hashlib
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive import __version__, rebuilding
from archive.attached import read_attached
from archive.compare import Comparison, compare
from archive.errors import ArchiveUnusable
from archive.events import EventType, note_event, note_repairs
from archive.gzip_members import facts_of
from archive.lock import locked
from archive.program import program_digest
from archive.schema import SCHEMA_VERSION, connect, refuse_strangers
from archive.store import DATABASE_NAME, Store
from archive.warc import FOLDER_NAME, StoredEvent, StoredExchange, warc_path, warc_paths
from archive.warc_files import finished_files, register_files
from archive.warc_reading import read_all, repair_leftovers
from scraper.config import AGENT_NAME, Config
from scraper.derive import Deriver
from scraper.extract import EXTRACTOR
from scraper.reading import Readers
from scraper.workers import Workers

_AT_ONCE = 3.0  # seconds of work that a transaction holds, and that a kill may cost; shorter ones cost full text dear
_TELL_EACH = 0.5  # seconds
_WORTH_WORKERS = 1_000_000  # bytes of WARC files; fewer are read before another process has started
_READ_WITH = ("selectolax", "trafilatura", "lxml", "charset-normalizer", "pypdf", "python-docx")
_COUNTED = ("captures", "articles", "revisions", "photos", "attachments", "refusals", "views", "runs")


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a rebuild is: records and pages worked in by this process, bytes of WARC files done, and all there are.
    `note` is what is worth saying once."""

    records: int
    pages: int
    done: int
    total: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many records of each kind the archive now holds, and what differs from before; None when there was nothing to
    compare with. `resumed` tells whether an earlier rebuild was gone on with, `anew` why one was not."""

    counts: dict[str, int]
    changes: Comparison | None
    resumed: bool = False
    anew: str = ""
    kept_events: int = 0


def rebuild(config: Config, folder: Path, *, jobs: int = 1, watch: Callable[[Pace], None] = lambda _: None) -> Rebuilt:
    """Rebuilds the archive in `folder`, with `jobs` processes reading pages.

    `watch` is called a few times a second. Raises LockHeld, and ArchiveUnusable when there are no WARC files or one
    cannot be read; the old database then stays as it is, and what was done so far is gone on with the next time.
    """
    warc_folder = folder / FOLDER_NAME
    if not warc_paths(warc_folder):
        raise ArchiveUnusable(
            f"There are no WARC files in {warc_folder}", advice="Name the archive's folder with --archive DIR."
        )
    with locked(folder, "rebuild"):
        _look_at_the_old(folder, warc_folder)
        repaired = [(each.file, each.cut) for each in repair_leftovers(warc_folder)]
        begun = rebuilding.begin(folder, warc_folder, _maker(config))
        store = begun.store
        try:
            _Filling(store, warc_folder, config, watch).go(jobs, _note_of(begun))
            _finish(store, warc_folder)
            counts = {name: int((store.one(f"SELECT count(*) FROM {name}") or (0,))[0]) for name in _COUNTED}
            changes = _compare(folder)
            with store.transaction():
                kept = rebuilding.keep_events(store, folder / DATABASE_NAME)
                note_repairs(store.db, repaired, _now(), f"{AGENT_NAME}/{__version__}")
                _note_rebuilt(store, counts, resumed=begun.resumed)
                rebuilding.unmark(store)
        except BaseException:
            store.db.close()
            raise
        rebuilding.replace_old(store, folder)
    return Rebuilt(counts, changes, begun.resumed, begun.anew, kept)


def _finish(store: Store, warc_folder: Path) -> None:
    """What a run does at its end, once for all of them: WARC files are hashed while documents are read."""
    with ThreadPoolExecutor(1) as pool:
        facts = {path: pool.submit(facts_of, path) for path in finished_files(warc_folder)}
        try:
            read_attached(store, warc_folder)
            register_files(store.db, warc_folder, facts_of=lambda path: facts[path].result())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _maker(config: Config) -> str:
    """All that rows depend on besides the WARC files: this program to the letter, what it reads with, the settings."""
    settings = hashlib.sha256(config.model_dump_json().encode()).hexdigest()
    try:
        program = program_digest(["archive", "scraper"], _READ_WITH)
    except OSError:
        program = f"without sources, at {_now()}"  # none that comes later is known to be the same
    return f"{AGENT_NAME}/{__version__} {EXTRACTOR} schema {SCHEMA_VERSION} {settings} {program}"


def _note_of(begun: rebuilding.Begun) -> str:
    if begun.anew:
        return f"Beginning anew: {begun.anew}."
    return "Going on with an earlier rebuild that was cut off." if begun.resumed else ""


def _note_rebuilt(store: Store, counts: dict[str, int], *, resumed: bool) -> None:
    detail = {"extractor": EXTRACTOR, "resumed": resumed, **counts}
    note_event(store.db, EventType.REBUILT, _now(), f"{AGENT_NAME}/{__version__}", "archive", detail=detail)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _compare(folder: Path) -> Comparison | None:
    """What the new database says otherwise than the old one; a damaged old one cannot be compared."""
    if not (folder / DATABASE_NAME).exists():
        return None
    try:
        return compare(folder / DATABASE_NAME, folder / rebuilding.NAME)
    except sqlite3.DatabaseError:
        return None


def _look_at_the_old(folder: Path, warc_folder: Path) -> None:
    """Refuses where the old database must not be replaced: another program's, a newer version's, or one that knows of
    WARC files that are not there. A damaged one is no reason to stop."""
    path = folder / DATABASE_NAME
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        refuse_strangers(path)
        connection = connect(path, read_only=True)
        try:
            named = {name for (name,) in connection.execute("SELECT DISTINCT warc_file FROM captures")}
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return
    missing = sorted(name for name in named if not warc_path(warc_folder, name).exists())
    if missing:
        raise ArchiveUnusable(
            f"{len(missing)} WARC files that {path} was made from are missing, such as {missing[0]}",
            advice="Restore them; or remove archive.db, and what is left will be rebuilt.",
        )


class _Filling:
    """Works the records that are not in the new database yet into it."""

    def __init__(self, store: Store, warc_folder: Path, config: Config, watch: Callable[[Pace], None]) -> None:
        self._store, self._warc_folder, self._config, self._watch = store, warc_folder, config, watch
        self._before: dict[str, int] = {}  # bytes of the files before each
        self._total = 0
        for path in warc_paths(warc_folder):
            self._before[path.name] = self._total
            self._total += path.stat().st_size
        self._records = self._pages = 0

    def go(self, jobs: int, note: str) -> None:
        mark = self._store.progress()
        self._watch(Pace(0, 0, self._done(*mark), self._total, note))
        left = self._total - self._done(*mark)
        readers = Workers(self._config, jobs) if jobs > 1 and left >= _WORTH_WORKERS else Readers(self._config)
        try:
            self._fill(Deriver(self._store, self._warc_folder, self._config, readers), readers, mark)
        finally:
            readers.close()

    def _done(self, warc_file: str, end: int) -> int:
        return self._before.get(warc_file, 0) + end

    def _fill(self, deriver: Deriver, readers: Readers, mark: tuple[str, int]) -> None:
        """Takes the records in order, while the pages of those that follow are being read; when what was foreseen of
        these has changed, they are read again."""
        waiting: deque[StoredExchange | StoredEvent] = deque()
        records = read_all(self._warc_folder, mark)
        self._draw(records, waiting, deriver, readers)
        told = time.monotonic()
        while waiting:
            until = time.monotonic() + _AT_ONCE
            with self._store.transaction():
                while waiting:
                    self._take(deriver, waiting.popleft(), readers, waiting)
                    self._draw(records, waiting, deriver, readers)
                    now = time.monotonic()
                    if now - told >= _TELL_EACH:
                        told = now
                        self._tell()
                    if now >= until:
                        break
        self._tell()

    def _draw(
        self,
        records: Iterator[StoredExchange | StoredEvent],
        waiting: deque[StoredExchange | StoredEvent],
        deriver: Deriver,
        readers: Readers,
    ) -> None:
        """Fills up what waits, and has its pages read."""
        while len(waiting) <= readers.ahead and (stored := next(records, None)) is not None:
            waiting.append(stored)
            deriver.foresee(stored)

    def _take(
        self,
        deriver: Deriver,
        stored: StoredExchange | StoredEvent,
        readers: Readers,
        waiting: deque[StoredExchange | StoredEvent],
    ) -> None:
        epoch = readers.epoch
        taken = deriver.work_in(stored)
        self._records += 1
        self._pages += taken is not None and taken.reading is not None
        if readers.epoch != epoch:
            for each in waiting:
                deriver.foresee(each)

    def _tell(self) -> None:
        self._watch(Pace(self._records, self._pages, self._done(*self._store.progress()), self._total))
