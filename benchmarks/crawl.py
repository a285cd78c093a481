"""Pages a second, CPU a page and peak memory of whole crawls, beside Scrapy and wget on the same site in the same run.

    make bench-crawl        (or: python benchmarks/crawl.py [--pages N] [--rounds N] [--only NAME ...])

The site (crawling/sites.py) has 3,000 pages of 50 KB with 260 links each, written beforehand. Its server is a process
of its own, pinned to one processor core; each crawler in turn is pinned to another. Politeness is off; connections are
kept alive; every crawler obeys robots.txt, follows every link of `a` and `area` on the host, and fetches no pictures.

Three tiers of ours: fetch and links (the product's frontier, lanes, fetcher and link finder: crawling/ours.py); these
and durable WARC files; and `susta crawl` whole, with records in SQLite and the frame learned at the end. Times are of
whole processes, their start included. Rounds alternate, so that a busy machine slows all; medians are printed.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from crawling.machine import machine, versions
from crawling.serve import Served, served

ROOT = Path(__file__).resolve().parents[1]
CRAWLERS = ROOT / ".venv-crawlers" / "bin" / "python"
LINKS, DURABLE, WHOLE = "fetch and links", "... and WARC, durable", "... and records (susta crawl)"
SCRAPY, JOBDIR, WGET = "Scrapy, bare", "Scrapy, JOBDIR", "wget"
_SERVER_CORE, _CRAWLER_CORE = 1, 0
_CONFIG = """
[site]
media_hosts = []
[crawl]
delay_seconds = 0
contact = "benchmark"
fetch_media = false
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """One crawl: pages the server was asked for, seconds, seconds of CPU, peak memory."""

    pages: int
    seconds: float
    cpu: float
    peak_mb: float

    @property
    def pages_a_second(self) -> float:
        return self.pages / self.seconds


def contenders(site: Served, folder: Path) -> dict[str, list[str]]:
    """How each crawls; those that are not installed are left out."""
    config = folder / "config.toml"
    config.write_text(_CONFIG)
    ours = [sys.executable, "-m", "crawling.ours", site.base]
    susta = [str(Path(sys.executable).with_name("susta")), "crawl", "--quiet", "--config", str(config)]
    spider = [str(CRAWLERS), str(ROOT / "benchmarks" / "crawling" / "spider.py"), site.base]
    found = {
        LINKS: [*ours, str(folder / "links")],
        DURABLE: [*ours, str(folder / "durable"), "--warc"],
        WHOLE: [*susta, "--archive", str(folder / "whole"), site.base],
    }
    if scrapy_version():
        found[SCRAPY] = spider
        found[JOBDIR] = [*spider, "--jobdir", str(folder / "job")]
    if shutil.which("wget"):
        wget = ["wget", "--quiet", "--recursive", "--level=inf", "--follow-tags=a,area"]
        found[WGET] = [*wget, f"--directory-prefix={folder / 'wget'}", site.base]
    return found


def scrapy_version() -> str | None:
    if not CRAWLERS.exists():
        return None
    asking = [str(CRAWLERS), "-c", "import scrapy; print(scrapy.__version__)"]
    return subprocess.run(asking, capture_output=True, text=True, check=False).stdout.strip() or None


def wget_version() -> str | None:
    if not shutil.which("wget"):
        return None
    return subprocess.run(["wget", "--version"], capture_output=True, text=True, check=False).stdout.split("\n")[0]


def measure(command: list[str], site: Served) -> Cost:
    """A whole crawl, on its own core."""
    paths = os.pathsep.join((str(ROOT), str(ROOT / "benchmarks")))
    before, started = site.count, time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": paths}
    )
    os.sched_setaffinity(process.pid, {_core(_CRAWLER_CORE)})
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}: {said.decode()[-1000:]}")
    return Cost(site.count - before, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _core(wanted: int) -> int:
    """A core that this process may use; on a machine with one only, server and crawler share it."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[wanted % len(allowed)]


def report(costs: dict[str, list[Cost]]) -> None:
    def median(name: str, figure: str) -> float:
        return float(statistics.median(getattr(cost, figure) for cost in costs[name]))

    print(
        f"\n{'':32}{'pages':>7}{'pages/s':>9}{'least':>8}{'most':>8}{'ms CPU/page':>13}{'peak MB':>9}{'x Scrapy':>10}"
    )
    for name, all_costs in costs.items():
        speeds = [cost.pages_a_second for cost in all_costs]
        times = f"{statistics.median(speeds) / median(SCRAPY, 'pages_a_second'):10.2f}" if SCRAPY in costs else ""
        cpu = statistics.median(cost.cpu / cost.pages * 1000 for cost in all_costs)
        print(
            f"{name:32}{median(name, 'pages'):7.0f}{statistics.median(speeds):9.1f}{min(speeds):8.1f}{max(speeds):8.1f}"
            f"{cpu:13.2f}{median(name, 'peak_mb'):9.0f}{times}"
        )


def targets(costs: dict[str, list[Cost]]) -> int:
    """What is to be reached, and whether it was; 1 if not, 0 also where there is nothing to compare with."""
    missed = 0
    for name, least in ((LINKS, 2.0), (WHOLE, 1.0)):
        if name in costs and SCRAPY in costs:
            ratios = [
                ours.pages_a_second / theirs.pages_a_second
                for ours, theirs in zip(costs[name], costs[SCRAPY], strict=True)
            ]
            reached = statistics.median(ratios)
            missed |= reached < least
            print(f"{name}: {reached:.2f} x Scrapy, bare, in the same round (target: at least {least:.0f})")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", help="of the crawlers, by the beginning of their names")
    options = parser.parse_args()
    print(machine())
    print(versions("susta-archive", "httpx", "selectolax", "warcio", "sqlite-utils"))
    peers = {"Scrapy": scrapy_version(), "wget": wget_version()}
    print(*(f"{name}: {number or 'not installed, passed over'}" for name, number in peers.items()), sep="\n")
    costs: dict[str, list[Cost]] = {}
    with served("portal", size=options.pages, core=_core(_SERVER_CORE)) as site:
        for number in range(options.rounds):
            with tempfile.TemporaryDirectory() as place:
                for name, command in contenders(site, Path(place)).items():
                    if options.only and not name.startswith(tuple(options.only)):
                        continue
                    cost = measure(command, site)
                    costs.setdefault(name, []).append(cost)
                    print(f"round {number + 1}: {name}: {cost.pages_a_second:.1f} pages/s", flush=True)
    report(costs)
    return targets(costs)


if __name__ == "__main__":
    sys.exit(main())
