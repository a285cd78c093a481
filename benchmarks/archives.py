"""What an archive weighs, and how fast it is rebuilt from its WARC files alone.

    make bench-archive        (or: python benchmarks/archives.py [--pages N] [--rounds N] [--only NAME])

Two sites are crawled, from servers on this machine: the demo site's pages, some 5 KB of text and markup with the
pictures of its articles, and the portal's of `make bench-crawl`, 50 KB with 260 links each. Then `archive.db` is
deleted and `susta rebuild` run, as a whole process with its start, on one core and on two, in turn. Every rebuild must
give what the crawl had, row by row. Best and median are printed, and CPU time, which other work on the machine distorts
less. Where archive_check.py is there, the fixity audit is measured too, beside a plain read by fastwarc.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from crawling.machine import machine, versions
from crawling.serve import served

TARGET = 300  # pages a second on two cores
_SUSTA = str(Path(sys.executable).with_name("susta"))
_CONFIG = """
[site]
media_hosts = []
[crawl]
delay_seconds = 0
contact = "benchmark"
fetch_media = false
"""
_SHADOWS = ("articles_fts_data", "articles_fts_idx", "articles_fts_marked_data", "articles_fts_marked_idx")
_HOUSEKEEPING = ("events", "seal", "_sqlite_migrations", "sqlite_stat1", *_SHADOWS)


@dataclass(frozen=True, slots=True)
class Cost:
    """One run of a command: seconds, seconds of CPU, peak memory of its largest process."""

    seconds: float
    cpu: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Crawled:
    """An archive to be rebuilt, and what its database said after the crawl."""

    name: str
    folder: Path
    config: Path
    pages: int
    said: str
    crawl: Cost


def measure(command: list[str], cores: int) -> Cost:
    """A whole command on so many cores."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    os.sched_setaffinity(process.pid, set(sorted(os.sched_getaffinity(0))[:cores]))
    assert process.stderr is not None
    told = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}: {told.decode()[-1000:]}")
    return Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def crawled(name: str, pages: int, place: Path) -> Crawled:
    """A site crawled into an archive."""
    folder, config = place / name, place / f"{name}.toml"
    config.write_text(_CONFIG)
    crawl = [_SUSTA, "crawl", "--quiet", "--config", str(config), "--archive", str(folder)]
    if name == "portal":
        with served("portal", size=pages) as site:
            cost = measure([*crawl, site.base], 2)
    else:
        cost = measure([_SUSTA, "demo", "--archive", str(folder), "--pages", str(pages)], 2)
    (count,) = rows(folder, "SELECT count(*) FROM captures WHERE role = 'page'")[0]
    return Crawled(name, folder, config, count, contents(folder), cost)


def rows(folder: Path, sql: str) -> list[tuple[int, ...]]:
    connection = sqlite3.connect(folder / "archive.db")
    found = connection.execute(sql).fetchall()
    connection.close()
    return found


def contents(folder: Path) -> str:
    """A digest of all that a database says, but for its own housekeeping."""
    connection = sqlite3.connect(folder / "archive.db")
    digest = hashlib.sha256()
    for line in connection.iterdump():
        if not line.startswith(("ANALYZE", *(f'INSERT INTO "{name}" ' for name in _HOUSEKEEPING))):
            digest.update(line.encode())
    connection.close()
    return digest.hexdigest()


def rebuilt(archive: Crawled, cores: int) -> Cost:
    """A rebuild of an archive whose database was lost."""
    (archive.folder / "archive.db").unlink()
    cost = measure(
        [_SUSTA, "rebuild", "--quiet", "--config", str(archive.config), "--archive", str(archive.folder)], cores
    )
    if contents(archive.folder) != archive.said:
        raise SystemExit(f"{archive.name}: the rebuilt database says otherwise than the crawled one")
    return cost


def weight(archive: Crawled) -> str:
    """Bytes on the disk."""
    ((articles,),) = rows(archive.folder, "SELECT count(*) FROM articles")
    ((responses, payload),) = rows(archive.folder, "SELECT count(*), sum(payload_length) FROM captures")
    warc = sum(path.stat().st_size for path in (archive.folder / "warc").iterdir())
    database = (archive.folder / "archive.db").stat().st_size
    return (
        f"{archive.name}: {archive.pages} pages, {articles} articles, {responses} responses of"
        f" {payload / responses:.0f} bytes; WARC {warc / archive.pages:.0f} bytes a page ({warc / payload:.2f} of the"
        f" payloads), archive.db {database / archive.pages:.0f} bytes a page, {database / articles:.0f} an article"
    )


def report(archive: Crawled, costs: dict[int, list[Cost]]) -> None:
    for cores, runs in costs.items():
        speeds = sorted(archive.pages / run.seconds for run in runs)
        cpu = sorted(run.cpu / archive.pages * 1000 for run in runs)
        print(
            f"{archive.name:8} rebuild, {cores} core{'s' if cores > 1 else ' '}  {speeds[-1]:7.1f} pages/s at best,"
            f" {statistics.median(speeds):7.1f} median;  {cpu[0]:5.2f} ms CPU a page at best,"
            f" {statistics.median(cpu):5.2f} median;  peak {max(run.peak_mb for run in runs):4.0f} MB"
        )
    crawl = archive.crawl
    print(f"{archive.name:8} the crawl itself      {crawl.cpu / archive.pages * 1000:5.2f} ms CPU a page")


def check_figures(archive: Crawled) -> None:
    """What the module of the fixity audit has to tell, where it is there."""
    if importlib.util.find_spec("archive_check") is not None:
        figures = importlib.import_module("archive_check").figures
        for line in figures(archive.folder):
            print(f"{archive.name:8} {line}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=3000, help="pages of the portal, articles of the demo site")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=("demo", "portal"))
    options = parser.parse_args()
    print(machine())
    print(versions("susta-archive", "selectolax", "trafilatura", "fastwarc", "sqlite-utils"))
    available = len(os.sched_getaffinity(0))
    missed = 0
    with tempfile.TemporaryDirectory() as place:
        for name in (options.only,) if options.only else ("demo", "portal"):
            archive = crawled(name, options.pages, Path(place))
            print(weight(archive), flush=True)
            costs: dict[int, list[Cost]] = {cores: [] for cores in (1, 2) if cores <= available}
            for _ in range(options.rounds):
                for cores, runs in costs.items():
                    runs.append(rebuilt(archive, cores))
            report(archive, costs)
            check_figures(archive)
            fastest = max(archive.pages / run.seconds for run in costs[max(costs)])
            print(
                f"{name:8} {fastest:.0f} pages/s on {max(costs)} cores (target: at least {TARGET} on two)", flush=True
            )
            missed |= fastest < TARGET
            shutil.rmtree(archive.folder)
    return missed


if __name__ == "__main__":
    sys.exit(main())
