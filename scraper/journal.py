"""What a run tells of itself: figures by host for its report, and the events of its log.

`crawl.py` tells it what happened; nothing here decides anything.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from statistics import median

from archive.warc import Exchange
from scraper.addresses import Item
from scraper.fetch import FetchFailure
from scraper.lanes import Done
from scraper.log import RunLog
from scraper.report import HostReport, Report
from scraper.urls import host_of

_MOST_ODD = 3  # of one robots.txt


class Journal:
    """Tells one run. `log` is None where none is wanted."""

    def __init__(self, report: Report, log: RunLog | None, now: Callable[[], datetime]) -> None:
        self.report, self._log, self._now = report, log, now
        self._hosts: defaultdict[str, HostReport] = defaultdict(HostReport)
        self._seconds: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        self._traps = self._cuts = 0
        self._began = now()

    def begin(self, start_urls: list[str], limit: int | None, software: str) -> None:
        self._add("run-started", start_urls=start_urls, limit=limit, software=software)
        for what in self.report.repaired:
            self._add("repaired", what=what)
        for pattern in self.report.reopened:
            self._add("reopened", pattern=pattern)

    def asked(self, done: Done) -> None:
        """A lane came back: what its requests cost, whatever came of them."""
        host = self._hosts[done.item.host]
        host.requests += done.requests
        host.delay_seconds = done.delay
        self.report.requests += done.requests
        if isinstance(done.outcome, Exchange):
            self._seconds[done.item.host].append(done.seconds)

    def robots(self, exchange: Exchange, odd_delays: Sequence[str]) -> None:
        """A robots.txt came; `odd_delays` is what it gives as Crawl-delay and is none."""
        host = host_of(exchange.url)
        self._hosts[host].bytes += len(exchange.body)
        self._add(
            "answer",
            url=exchange.url,
            host=host,
            kind="robots",
            status=exchange.status,
            outcome="robots",
            bytes=len(exchange.body),
            seconds=None,
            new_links=0,
        )
        for value in odd_delays[:_MOST_ODD]:
            self.report.problem(f"{exchange.url}: Crawl-delay {value[:40]!r} is no time, so it counts as none")
            self._add("crawl-delay-ignored", url=exchange.url, host=host, value=value[:40])

    def _tell_cuts(self) -> None:
        for what in self.report.cut[self._cuts :]:
            self._add("cut", what=what)
        self._cuts = len(self.report.cut)

    def answer(self, done: Done, exchange: Exchange, outcome: str, new_links: int) -> None:
        item = done.item
        self._hosts[item.host].bytes += len(exchange.body)
        self._add(
            "answer",
            **_named(item),
            status=exchange.status,
            outcome=outcome,
            bytes=len(exchange.body),
            seconds=round(done.seconds, 3),
            new_links=new_links,
        )
        for pattern in self.report.traps[self._traps :]:
            self._add("trap", pattern=pattern)
        self._traps = len(self.report.traps)
        self._tell_cuts()

    def failure(self, item: Item, failure: FetchFailure) -> None:
        self._hosts[item.host].failed += 1
        self._add("failure", **_named(item), reason=str(failure.reason), detail=failure.detail)

    def not_asked(self, item: Item, reason: str) -> None:
        self._add("not-asked", **_named(item), reason=reason)

    def rest(self, host: str, why: str) -> None:
        self.report.rested[host] = why
        self._add("rest", host=host, why=why)

    def finish(self, waiting: dict[str, int]) -> None:
        """Puts the figures by host into the report. `waiting` counts queued addresses by host."""
        self._tell_cuts()
        for host, count in waiting.items():
            self._hosts[host].waiting = count
        for host, figures in self._hosts.items():
            if seconds := self._seconds.get(host):
                figures.median_seconds, figures.worst_seconds = round(median(seconds), 3), round(max(seconds), 3)
            figures.rested = self.report.rested.get(host, "")
        self.report.hosts = dict(sorted(self._hosts.items(), key=lambda pair: -pair[1].requests))
        took = (self._now() - self._began).total_seconds()
        counts = asdict(self.report.counts())
        self._add(
            "run-finished", outcome=self.report.outcome, seconds=round(took, 3), waiting=self.report.waiting, **counts
        )
        if self._log is not None and self._log.problem:
            self.report.problem(self._log.problem)

    def _add(self, event: str, **data: object) -> None:
        if self._log is not None:
            self._log.add(event, self.report.run, **data)


def _named(item: Item) -> dict[str, object]:
    return {"url": item.url, "host": item.host, "kind": str(item.kind)}
