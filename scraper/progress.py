"""How far a command is, while it works, on standard error: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import time

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from scraper.report import Step

_PLAIN_EVERY = 10.0  # seconds between lines when nobody watches


class CrawlProgress:
    """Live progress on a terminal, a plain line now and then elsewhere."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._live = self._console.is_terminal and not quiet
        self._quiet = quiet
        self._started = self._last = time.monotonic()
        self._progress = Progress(
            TextColumn("{task.description}"),
            *([BarColumn(bar_width=24)] if self._console.width >= 100 else []),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._live,
        )
        self._task = self._progress.add_task("starting", total=None, rate="")

    def __enter__(self) -> "CrawlProgress":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, step: Step) -> None:
        """Takes one answer in."""
        if self._quiet:
            return
        report = step.report
        done = report.fetched + report.media + sum(report.failed.values())
        now = time.monotonic()
        rate = done / max(now - self._started, 0.001)
        told = f"{report.new} new, {report.changed} changed, {sum(report.refused.values())} no article"
        if self._live:
            self._progress.update(
                self._task, completed=done, total=done + step.waiting, description=told, rate=f"{rate:.1f}/s"
            )
        elif now - self._last >= _PLAIN_EVERY:
            self._last = now
            left = f", about {step.waiting / rate / 60:.0f} min left" if rate else ""
            print(f"{done} answers ({told}), {step.waiting} waiting, {rate:.1f}/s{left}", file=sys.stderr, flush=True)


class AuditProgress:
    """How far an audit is, in bytes: a bar on a terminal, a plain line now and then elsewhere."""

    def __init__(self, *, quiet: bool = False) -> None:
        console = Console(stderr=True, highlight=False)
        self._live = console.is_terminal and not quiet
        self._quiet = quiet
        self._last = time.monotonic()
        self._progress = Progress(
            TextColumn("checking"),
            BarColumn(bar_width=24),
            DownloadColumn(),
            TransferSpeedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not self._live,
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> "AuditProgress":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, done: int, total: int) -> None:
        """Takes in how many bytes of how many were read."""
        now = time.monotonic()
        if self._live:
            self._progress.update(self._task, completed=done, total=total)
        elif not self._quiet and now - self._last >= _PLAIN_EVERY:
            self._last = now
            print(f"{100 * done / max(total, 1):.0f} % of {total / 1_000_000:.0f} MB", file=sys.stderr, flush=True)
