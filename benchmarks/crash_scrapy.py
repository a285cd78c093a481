"""The kills of crash.py on Scrapy with JOBDIR, which is how it resumes: what was lost and doubled.

    make crash-scrapy        (or: python benchmarks/crash_scrapy.py [--kills N] [--articles N] [--seed N])

The same sites and server. The spider (crawling/spider.py) writes each page's address into a file once it has worked on
it. It is killed with SIGKILL and started again with the same JOBDIR until it was killed so many times as drawn for it
or says itself that it is done. Lost are the pages of the site that it never got, doubled those it worked on twice.
Scrapy's documentation asks for a clean stop before a job is resumed; a power cut does not ask.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from crawl import CRAWLERS, scrapy_version
from crawling.killing import Pace, Phase, instant, run_until
from crawling.machine import machine
from crawling.serve import Served, served
from crawling.sites import varied

_SPIDER = Path(__file__).resolve().parent / "crawling" / "spider.py"
_PAUSE = 0.002  # seconds the server takes for an answer, as in crash.py
_MOST_KILLS = 8  # of one crawl


@dataclass(frozen=True, slots=True)
class Outcome:
    """One crawl that was killed and came to an end."""

    kills: int
    pages: int
    lost: int
    doubled: int
    asked_again: int


def command(server: Served, folder: Path) -> list[str]:
    return [
        str(CRAWLERS),
        str(_SPIDER),
        server.base,
        "--jobdir",
        str(folder / "job"),
        "--log",
        str(folder / "pages.txt"),
    ]


def pace_of(server: Served, folder: Path) -> Pace:
    """How long an undisturbed crawl takes."""
    started = time.monotonic()
    process = subprocess.Popen(command(server, folder))
    while process.poll() is None and not server.count:
        time.sleep(0.005)
    first = time.monotonic()
    if process.wait():
        raise SystemExit("an undisturbed crawl failed")
    return Pace(first - started, 0.1, server.count)


def crawl_and_kill(server: Served, folder: Path, pages: frozenset[str], pace: Pace, random: Random) -> Outcome:
    """Kills a crawl some times and lets it come to its end."""
    server.forget()
    kills, wanted, ended = 0, random.randint(1, _MOST_KILLS), False
    while kills < wanted and not ended:
        phase = random.choices([Phase.STARTING, Phase.CRAWLING], [1, 4])[0]
        is_time = instant(phase, pace, server, folder, random)
        killed = run_until(is_time, command(server, folder), log=folder / "log.txt")
        kills, ended = kills + killed, not killed
    if not ended:
        run_until(lambda: False, command(server, folder), log=folder / "log.txt")
    log = folder / "pages.txt"
    lines = log.read_text().splitlines() if log.exists() else []
    worked_on = Counter("/" + line.removeprefix(server.base) for line in lines)
    lost = sum(page not in worked_on for page in pages)
    doubled = sum(worked_on[page] > 1 for page in pages - {"/"})  # the start page is asked for at every start
    asked = Counter(server.asked)
    return Outcome(kills, len(pages), lost, doubled, sum(asked[page] - 1 for page in pages - {"/"} if asked[page]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, help="altogether")
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if not scrapy_version():
        print("Scrapy is not installed: make .venv-crawlers/.ready")
        return 2
    print(machine())
    print(f"Scrapy {scrapy_version()}", flush=True)
    random, outcomes, started = Random(options.seed), list[Outcome](), time.monotonic()
    with (
        tempfile.TemporaryDirectory() as place,
        served("varied", size=options.articles, seed=options.seed, pause=_PAUSE) as server,
    ):
        pages = varied(options.seed, options.articles, server.base).pages
        (Path(place) / "undisturbed").mkdir()
        pace = pace_of(server, Path(place) / "undisturbed")
        while sum(outcome.kills for outcome in outcomes) < options.kills:
            folder = Path(place) / str(len(outcomes))
            folder.mkdir()
            outcomes.append(crawl_and_kill(server, folder, pages, pace, random))
    lost = [outcome.lost for outcome in outcomes]
    print(f"{sum(outcome.kills for outcome in outcomes)} kills in {len(outcomes)} crawls of {len(pages)} pages each")
    print(f"crawls that lost pages: {sum(map(bool, lost))}; pages lost: {sum(lost)} of {len(pages) * len(lost)},")
    print(f"  at most {max(lost)} in one crawl, median {sorted(lost)[len(lost) // 2]}")
    print(
        f"pages worked on twice: {sum(outcome.doubled for outcome in outcomes)};"
        f" asked for again: {sum(outcome.asked_again for outcome in outcomes)}"
    )
    print(f"{time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
