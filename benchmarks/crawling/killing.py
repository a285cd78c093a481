"""Kills a crawler with its whole process group (SIGKILL) at instants drawn from all phases of a run."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random

from crawling.serve import Served

_TICK = 0.001  # seconds between two looks


class Phase(StrEnum):
    """What a crawl is doing when it is killed, as nearly as can be seen from outside."""

    STARTING = "starting up, repairing, catching up"
    CRAWLING = "crawling"
    FILES = "as a WARC file is begun or finished"
    ENDING = "all was asked for: the run's end"


@dataclass(frozen=True, slots=True)
class Pace:
    """How long an undisturbed run takes, in seconds: up to its first request, and after its last."""

    start: float
    end: float
    requests: int


Instant = Callable[[], bool]
"""Whether it is time."""


def instant(phase: Phase, pace: Pace, site: Served, folder: Path, random: Random) -> Instant:
    """An instant within a phase of the run that is started now."""
    if phase is Phase.STARTING:
        return _after(random.uniform(0.0, pace.start * 1.5))
    if phase is Phase.CRAWLING:
        wanted = site.count + random.randint(1, max(2, pace.requests // 8))
        return _soon_after(lambda: site.count >= wanted, random.uniform(0.0, 0.03), every=0.005)
    if phase is Phase.ENDING:
        return _soon_after(lambda: site.left == 0, random.uniform(0.0, (pace.start + pace.end) * 1.1), every=0.01)
    names, changes = _names(folder), random.randint(1, 3)

    def changed() -> bool:
        nonlocal names, changes
        now = _names(folder)
        changes, names = changes - (now != names), now
        return changes <= 0

    return _soon_after(changed, random.uniform(0.0, 0.004), every=0.0)


def _after(seconds: float) -> Instant:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


def _soon_after(happened: Instant, seconds: float, *, every: float) -> Instant:
    """So many seconds after something is seen to have happened, which is looked at every so many seconds."""
    until: float | None = None
    next_look = 0.0

    def is_time() -> bool:
        nonlocal until, next_look
        now = time.monotonic()
        if until is None and now >= next_look:
            next_look = now + every
            until = now + seconds if happened() else None
        return until is not None and time.monotonic() >= until

    return is_time


def _names(folder: Path) -> frozenset[str]:
    with contextlib.suppress(FileNotFoundError):
        return frozenset(os.listdir(folder))
    return frozenset()


def run_until(is_time: Instant, command: Sequence[str], *, log: Path) -> bool:
    """Runs a command until it is time to kill it; False when it had ended by then. What it says goes into a file."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    while process.poll() is None:
        if is_time():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            return process.wait() == -signal.SIGKILL
        time.sleep(_TICK)
    return False
