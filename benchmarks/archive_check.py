"""How fast the fixity audit is, beside a plain read of the same WARC files by fastwarc that verifies digests; and
whether it finds every byte that is flipped and every cut.

    python benchmarks/archive_check.py ARCHIVE [--rounds N]      times
    python benchmarks/archive_check.py ARCHIVE --chance N        N flips and cuts at random places of a copy of it that
                                                                 was audited, half of them with nothing taken from that

`make bench-archive` prints the times too. The audit does more than the plain read: SHA-256 of files and payloads, every
row beside its record, and `archive.db` itself. It is timed as of an archive never audited before; where
since the last audit an article was changed, as after most crawls; where only an event was noted, as by an export; and
where nothing was written.
"""

import argparse
import contextlib
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from fastwarc.warc import ArchiveIterator

from archive import fulltext
from archive.check import check
from archive.check_files import FileTask, audit_file
from archive.check_memory import MEMORY_NAME
from archive.events import EventType
from archive.fulltext import COLUMNS
from archive.schema import DATABASE_NAME, connect
from archive.seal import note_aside
from archive.store import Store
from archive.warc import warc_paths
from scraper.cli_check import resolve

TARGET = 0.5  # of the speed of the plain read
ROUNDS = 5
AGENT = "benchmark"


def plain_read(folder: Path) -> int:
    """Every record of every file, its block digest verified; gives their number."""
    count = 0
    for path in warc_paths(folder / "warc"):
        for record in ArchiveIterator(str(path), parse_http=False):
            record.verify_block_digest()
            count += 1
    return count


def audit(folder: Path, jobs: int, *, afresh: bool = False) -> int:
    report = check(folder, now=datetime.now(UTC), agent=AGENT, jobs=jobs, afresh=afresh, resolve=resolve)
    if report.damages:
        raise SystemExit(f"the archive is damaged: {report.damages[0]}")
    return report.records


def write(folder: Path) -> None:
    """Something that is no part of the work that is timed."""
    if not note_aside(folder, EventType.EXPORTED, "2026-12-01T02:00:00Z", AGENT, "archive"):
        raise SystemExit("the archive cannot be written")


def change(folder: Path) -> None:
    """As a crawl leaves an archive that found one article changed: its texts are indexed anew."""
    store = Store(folder)
    with store.transaction():
        article_id, *texts = store.one(f"SELECT rowid, {', '.join(COLUMNS[:-1])} FROM articles_fts LIMIT 1") or ()
        fulltext.write(store.db, article_id, (texts[0], texts[1], texts[2], texts[3], texts[4]))
    store.close()


def files_alone(folder: Path, *, known: bool) -> int:
    """The audit of the WARC files without the rows of their records; without what is `known` of files as well, they are
    read byte by byte."""
    with contextlib.closing(connect(folder / DATABASE_NAME, read_only=True)) as db:
        rows = {name: tuple(row) for name, *row in db.execute("SELECT name, bytes, sha256, records FROM warc_files")}
    count = 0
    for path in warc_paths(folder / "warc"):
        row = rows[path.name] if known else None
        count += audit_file(FileTask(folder / "warc", path.name, None, row, ("", 0), None)).records
    return count


def best(work: Callable[[], int], rounds: int, before: Callable[[], None] = lambda: None) -> float:
    """Seconds of the fastest of some rounds; what comes before each is not counted."""
    times = []
    for _ in range(rounds):
        before()
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def figures(folder: Path, rounds: int = ROUNDS) -> Iterator[str]:
    """Lines for `make bench-archive`."""
    pages = sum(1 for _ in _pages(folder))
    plain = best(lambda: plain_read(folder), rounds)
    yield f"fastwarc read, digests verified   {pages / plain:8.0f} pages/s"
    works: list[tuple[str, Callable[[], int], Callable[[], None]]] = [
        ("WARC files alone, 1 core", lambda: files_alone(folder, known=True), _nothing),
        ("the same, their digests not known", lambda: files_alone(folder, known=False), _nothing),
    ]
    for jobs in (1, 2):
        cores = f"{jobs} core" + "s" * (jobs > 1)
        works += [
            (f"all, never audited, {cores}", partial(audit, folder, jobs, afresh=True), _nothing),
            (f"all, an article changed since, {cores}", partial(audit, folder, jobs), partial(change, folder)),
            (f"all, an event noted since, {cores}", partial(audit, folder, jobs), partial(write, folder)),
            (f"all, nothing written since, {cores}", partial(audit, folder, jobs), _nothing),
        ]
    for name, work, before in works:
        seconds = best(work, rounds, before)
        yield f"check: {name:38}{pages / seconds:8.0f} pages/s, {plain / seconds:4.2f} of the plain read"
    yield f"the target is {TARGET} of the plain read"


def _nothing() -> None:
    pass


def _pages(folder: Path) -> Iterator[None]:
    for path in warc_paths(folder / "warc"):
        for record in ArchiveIterator(str(path), parse_http=False):
            if record.headers.get("Susta-Role") == "page" and record.headers["WARC-Type"] in ("response", "revisit"):
                yield None


def chance(folder: Path, count: int, seed: int) -> int:
    """Damages a copy at random places, one at a time; returns how many were not found."""
    draw = random.Random(seed)
    missed, found = [], Counter[str]()
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "archive"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("exports"))
        for _ in range(2):  # so that there is a memory of all
            audit(copy, 1)
        files = [copy / "archive.db", *warc_paths(copy / "warc")]
        whole = {path: path.read_bytes() for path in (*files, copy / "archive.db.sha256", copy / MEMORY_NAME)}
        for path in files:
            path.chmod(0o644)
        for turn in range(count):
            path = draw.choice(files)
            data = bytearray(whole[path])
            spot = draw.randrange(len(data))
            if turn % 4:
                data[spot] ^= 1 << draw.randrange(8)
            else:
                del data[spot:]
            path.write_bytes(data)
            report = check(copy, now=datetime.now(UTC), agent=AGENT, afresh=turn // 4 % 2 == 0, resolve=resolve)
            found.update({damage.code.name for damage in report.damages})
            if not report.damages:
                missed.append(f"{path.name}: {'flip' if turn % 4 else 'cut'} at {spot}")
            (copy / "archive.db.sha256.broken").unlink(missing_ok=True)
            path.write_bytes(whole[path])
            for each in (copy / "archive.db", copy / "archive.db.sha256", copy / MEMORY_NAME):
                each.write_bytes(whole[each])
    print(f"{count - len(missed)} of {count} found; seed {seed}; by kind: {dict(found.most_common())}")
    for line in missed:
        print(f"MISSED {line}")
    return len(missed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--chance", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.chance:
        return min(chance(options.archive, options.chance, options.seed), 1)
    for line in figures(options.archive, options.rounds):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
