"""Extracts from damaged pages and holds every outcome against what must always be true.

    make fuzz          (or: python benchmarks/fuzz.py [--pages N] [--seed S] [--jobs J] [--keep DIR])

What is done to pages stands in fuzzing/mutate.py, what must hold in fuzzing/invariants.py. A failing input is made
smaller and written to the folder of `--keep` with its address and content type; `--only NUMBER` runs one case again. A
slice with a fixed seed is a test (tests/extract/test_fuzz.py).
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path

from fuzzing.cases import Cases
from fuzzing.invariants import Fault, Input, violations
from fuzzing.shrink import shrink

CHUNK = 200  # cases a worker takes at a time
SHOWN = 2  # cases of each kind of fault
Failure = tuple[int, tuple[str, ...], list[Fault]]


@cache
def cases(seed: int) -> Cases:
    return Cases(seed)


def work(seed: int, numbers: range, marks: Path) -> tuple[list[Failure], Counter[str], int]:
    """Runs some cases. A file tells which one is being read, in case the parser takes the process down with it."""
    failures: list[Failure] = []
    outcomes: Counter[str] = Counter()
    size = 0
    mark = os.open(marks / str(os.getpid()), os.O_CREAT | os.O_WRONLY)
    for number in numbers:
        os.pwrite(mark, f"{number:12}".encode(), 0)
        given, done = cases(seed).case(number)
        found = violations(given)
        size += len(given.body)
        outcomes.update(done[1:])
        if found:
            failures.append((number, done, found))
    os.close(mark)
    return failures, outcomes, size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--stop-after", type=int, default=100, metavar="N", help="failures after which to stop")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="folder for the inputs that fail")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="run this one case")
    options = parser.parse_args()
    if options.only is not None:
        failures, _, _ = work(options.seed, range(options.only, options.only + 1), Path(tempfile.mkdtemp()))
    else:
        failures = run(options.pages, options.seed, options.jobs, options.stop_after)
    show(failures, options.seed, options.keep)
    return int(bool(failures))


def show(failures: list[Failure], seed: int, folder: Path | None) -> None:
    """Prints how many cases show each kind of fault, and the first few of each."""
    counts = Counter(kind for _, _, found in failures for kind in {fault.kind for fault in found})
    shown: Counter[str] = Counter()
    for number, done, found in failures:
        kinds = {fault.kind for fault in found}
        if min(shown[kind] for kind in kinds) < SHOWN:
            shown.update(kinds)
            print(f"case {number} ({', '.join(done)})", *(f"  {fault}" for fault in found), sep="\n")
            if folder:
                keep(folder, seed, number, found)
    print(*(f"{count:6} cases: {kind}" for kind, count in counts.most_common()), sep="\n")


def run(pages: int, seed: int, jobs: int, stop_after: int) -> list[Failure]:
    """Spreads the cases over processes and prints how far they are."""
    failures: list[Failure] = []
    mutations: Counter[str] = Counter()
    size = done = 0
    start = shown = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(jobs) as pool:
        marks = Path(folder)
        chunks = {
            pool.submit(work, seed, range(first, min(pages, first + CHUNK)), marks) for first in range(0, pages, CHUNK)
        }
        try:
            for future in as_completed(chunks):
                failed, used, length = future.result()
                failures += failed
                mutations += used
                size += length
                done += CHUNK
                if time.perf_counter() - shown >= 10:
                    shown = time.perf_counter()
                    rate = done / (shown - start)
                    print(f"{done} pages, {rate:.0f} a second, {len(failures)} failures", file=sys.stderr, flush=True)
                if len(failures) >= stop_after:
                    print(f"stopped after {len(failures)} failures")
                    break
        except BrokenProcessPool:
            last = sorted(mark.read_text().strip() for mark in marks.iterdir())
            print(f"a process died; the cases being read were {', '.join(last)} of seed {seed} (see --only)")
            failures += [(int(number), ("unknown",), [Fault("crash: a process died")]) for number in last]
        pool.shutdown(cancel_futures=True)
    seconds = time.perf_counter() - start
    print(f"{min(done, pages)} pages, {size / 1e6:.0f} MB, seed {seed}, {seconds:.0f} s: {len(failures)} failures")
    print("damage done:", ", ".join(f"{name} {count}" for name, count in sorted(mutations.items())))
    return sorted(failures)


def keep(folder: Path, seed: int, number: int, found: list[Fault]) -> None:
    """Writes a failing input, as small as it gets."""
    kinds = {fault.kind for fault in found}
    given, done = cases(seed).case(number)

    def fails(smaller: Input) -> bool:
        return kinds <= {fault.kind for fault in violations(smaller)}

    small = shrink(given, fails) if fails(given) else given
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{number}.html").write_bytes(small.body)
    seen = [str(fault) for fault in violations(small) or found]
    about = {"url": small.url, "content_type": small.content_type, "done": done, "found": seen}
    (folder / f"{number}.json").write_text(json.dumps(about, indent=1, ensure_ascii=False), encoding="utf-8")
    print(f"  kept {len(small.body)} of {len(given.body)} bytes in {folder / f'{number}.html'}")


if __name__ == "__main__":
    sys.exit(main())
