"""How fast articles are written out, and in how much memory, as an archive grows.

    make bench-export        (or: python benchmarks/exports.py [--articles N ...] [--rounds N] [--keep DIR])

Archives of 20,000 and 100,000 articles are made (as for `make bench-status`: four captures of each, every third with
two revisions, photos with captions; every fifth gets a table and an attachment). Each format that is one file is
written to a file, in a process of its own, warm: records a second, CPU a record, and the peak memory of the process.
Beside it what SQLite alone needs to read the same columns, and what the plainest writer needs, `json.dumps` of each
record. Exit 1 where JSONL is slower than 20,000 records a second of CPU, or any format's memory grows with the archive.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import status
from crawling.machine import machine, versions

from archive import schema
from archive.entries import ALL
from archive.export import WRITERS
from archive.query import Archive

SIZES = (20_000, 100_000)
TARGET = 20_000  # JSONL records a second
MOST_GROWTH = 10.0  # MB, from the smallest archive to the largest
_TABLE = ', {"kind": "table", "rows": [["TT", "Tên"], ["1", "Chè Shan tuyết"]]}]'


@dataclass(frozen=True, slots=True)
class Cost:
    """One export; `peak_mb` is the most memory that its process ever had."""

    records: int
    seconds: float
    cpu: float
    written_mb: float
    peak_mb: float


def fill(folder: Path, count: int) -> None:
    """An archive with so many articles, some with tables and attachments."""
    folder.mkdir(parents=True)
    status.fill(folder, count)
    connection = schema.connect(folder / schema.DATABASE_NAME)
    connection.execute(
        "UPDATE articles SET blocks = substr(blocks, 1, length(blocks) - 1) || ? WHERE id % 5 = 0", (_TABLE,)
    )
    connection.execute(
        "INSERT INTO attachments (article_id, position, url, label, media_type)"
        " SELECT id, 0, 'https://susta.vn/tai-lieu/' || id || '.pdf', 'Tải về', 'application/pdf' FROM articles"
        " WHERE id % 5 = 0"
    )
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def read_only(archive: Archive, _: IO[bytes]) -> int:
    """What SQLite takes: every column that a record is made of, and nothing done with it."""
    return sum(1 for _ in archive.rows(ALL))


def plainest(archive: Archive, out: IO[bytes]) -> int:
    """JSONL as one would write it first."""
    count = 0
    for record in archive.records(ALL):
        out.write(json.dumps(record.as_dict(), ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


_WAYS: dict[str, Callable[[Archive, IO[bytes]], int]] = {
    "rows read": read_only,
    "json.dumps": plainest,
    **{name: lambda archive, out, write=write: write(archive, ALL, out) for name, write in WRITERS.items()},  # type: ignore[misc]
}


def peak() -> float:
    """MB (Linux). `getrusage` would tell what the parent had, too."""
    (told,) = re.findall(r"VmHWM:\s+([0-9]+) kB", Path("/proc/self/status").read_text())
    return int(told) / 1024


def run_way(way: str, folder: Path, target: Path) -> Cost:
    """In this process."""
    with Archive.open(folder) as archive, target.open("wb") as out:
        started, spent = time.perf_counter(), time.process_time()
        records = _WAYS[way](archive, out)
        out.flush()
        seconds, cpu = time.perf_counter() - started, time.process_time() - spent
    return Cost(records, seconds, cpu, target.stat().st_size / 1e6, peak())


def measure(way: str, folder: Path, rounds: int) -> Cost:
    """The best of some rounds, each in a process of its own."""
    costs = []
    for _ in range(rounds):
        command = [sys.executable, __file__, "--way", way, "--keep", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        costs.append(Cost(**json.loads(done.stdout)))
    return min(costs, key=lambda cost: cost.cpu)


def report(place: Path, sizes: list[int], rounds: int) -> bool:
    """Prints all figures; whether the targets are met."""
    peaks: dict[str, list[float]] = {}
    good = True
    for size in sizes:
        folder = place / str(size)
        if not folder.exists():
            fill(folder, size)
        print(
            f"\n{size:,} articles, {(folder / schema.DATABASE_NAME).stat().st_size / 1e6:,.0f} MB\n"
            f"{'':12}{'records/s':>11}{'by CPU':>10}{'µs CPU each':>13}{'MB':>8}{'peak MB':>9}"
        )
        for way in _WAYS:
            cost = measure(way, folder, rounds)
            print(
                f"{way:12}{cost.records / cost.seconds:11,.0f}{cost.records / cost.cpu:10,.0f}"
                f"{cost.cpu / cost.records * 1e6:13.1f}{cost.written_mb:8,.0f}{cost.peak_mb:9.1f}",
                flush=True,
            )
            peaks.setdefault(way, []).append(cost.peak_mb)
            good &= way != "jsonl" or cost.records / cost.cpu >= TARGET
    growth = {way: max(found) - found[0] for way, found in peaks.items()}
    print("\npeak memory grows by", ", ".join(f"{way} {grown:.1f} MB" for way, grown in growth.items()))
    return good and max(growth.values()) <= MOST_GROWTH


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=list(SIZES), metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where the archives are made, and found the next time")
    parser.add_argument("--way", choices=tuple(_WAYS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        with tempfile.TemporaryDirectory() as place:
            print(json.dumps(asdict(run_way(options.way, options.keep, Path(place) / "out"))))
        return 0
    print(f"{machine()}, {versions('pyarrow')}")
    place = options.keep or Path(tempfile.mkdtemp(prefix="susta-exports-"))
    try:
        return int(not report(place, options.articles, options.rounds))
    finally:
        if options.keep is None:
            shutil.rmtree(place)


if __name__ == "__main__":
    sys.exit(main())
