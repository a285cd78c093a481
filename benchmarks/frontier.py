"""What a frontier costs as it grows: time, disk and memory at 10,000, 100,000 and 1,000,000 addresses.

    make bench-frontier        (or: python benchmarks/frontier.py [--sizes N ...])

Each size is filled, worked and begun anew in fresh processes of its own, so that peak memory is that of this work.
Addresses are added as a crawl adds them, 100 new ones found on a page, of articles in a few hundred categories. The
target: a run on the largest needs at most 20 MB more than one on the smallest. Exit 1 if it needs more.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from crawling.machine import machine, versions

from scraper.addresses import Answer, Kind
from scraper.frontier import Frontier
from scraper.traps import found_at

SIZES = (10_000, 100_000, 1_000_000)
MOST_GROWTH = 20.0  # MB
_HOST = "susta.example"
_ON_A_PAGE = 100
_WORKED = 5_000  # addresses claimed and answered
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Cost:
    """One step: seconds altogether and peak memory of its process."""

    seconds: float
    peak_mb: float


def address(number: int) -> str:
    return f"http://{_HOST}/chuyen-muc-{number % 300}/tin-bai-ve-nong-thon-mien-nui-so-{number}-{10_000 + number}"


def fill(folder: Path, size: int) -> None:
    """Adds so many addresses."""
    frontier = Frontier(folder)
    for start in range(0, size, _ON_A_PAGE):
        found = [found_at(address(number), Kind.ARTICLE) for number in range(start, min(start + _ON_A_PAGE, size))]
        frontier.add(found, f"http://{_HOST}/", 0.0)
    frontier.close()


def meet_again(folder: Path, size: int) -> None:
    """Adds addresses that are known already, as nine links of ten are."""
    frontier = Frontier(folder)
    for start in range(0, _WORKED, _ON_A_PAGE):
        places = range(start * size // _WORKED, start * size // _WORKED + _ON_A_PAGE)
        assert not frontier.add([found_at(address(number), Kind.ARTICLE) for number in places], "again", 1.0)
    frontier.close()


def work(folder: Path, size: int) -> None:
    """Claims and answers the next addresses."""
    frontier = Frontier(folder)
    for _ in range(min(_WORKED, size)):
        item = frontier.claim(_HOST)
        assert item is not None
        assert frontier.waiting()
        frontier.answer(item, Answer(200, Kind.ARTICLE, 7 * _DAY, 7 * _DAY, 1))
    frontier.close()


def begin(folder: Path, _: int) -> None:
    """Opens the frontier and starts a run a month later: what was answered is due again."""
    frontier = Frontier(folder)
    frontier.begin_run(30 * _DAY, [found_at(f"http://{_HOST}/", Kind.START)])
    assert frontier.claim(_HOST) is not None
    frontier.close()


STEPS: dict[str, Callable[[Path, int], None]] = {"fill": fill, "meet_again": meet_again, "work": work, "begin": begin}


def measure(step: str, folder: Path, size: int) -> Cost:
    """A step in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--folder", str(folder), "--sizes", str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return Cost(**json.loads(done.stdout))


def run_step(step: str, folder: Path, size: int) -> None:
    started = time.perf_counter()
    STEPS[step](folder, size)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(asdict(Cost(seconds, peak))))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--step", choices=tuple(STEPS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        run_step(options.step, options.folder, options.sizes[0])
        return 0
    print(machine())
    print(versions("susta-archive"))
    print(
        f"{'addresses':>10}{'µs to add':>11}{'again':>8}{'µs to claim and answer':>24}{'s to begin a run':>18}"
        f"{'MB on disk':>12}{'bytes each':>12}{'peak MB filling':>17}{'in a run':>10}"
    )
    peaks = []
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            filled, again, worked, begun = (measure(step, folder, size) for step in STEPS)
            disk = sum(path.stat().st_size for path in folder.iterdir())
        peaks.append(max(again.peak_mb, worked.peak_mb, begun.peak_mb, filled.peak_mb))
        print(
            f"{size:10,}{filled.seconds / size * 1e6:11.1f}{again.seconds / _WORKED * 1e6:8.1f}"
            f"{worked.seconds / min(_WORKED, size) * 1e6:24.1f}{begun.seconds:18.2f}{disk / 1e6:12.1f}"
            f"{disk / size:12.0f}{filled.peak_mb:17.1f}{max(worked.peak_mb, begun.peak_mb):10.1f}",
            flush=True,
        )
    growth = max(peaks) - peaks[0]
    print(f"peak memory grows by {growth:.1f} MB (target: at most {MOST_GROWTH:.0f})")
    return int(growth > MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
