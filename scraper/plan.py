"""What a run would ask for, in order, with the reason for each address. Asks for nothing and changes nothing.

A copy of the frontier is made ready just as a run makes its own, so that the two agree by construction; the archive
itself is only read. What the pages asked for would lead to, nobody can say beforehand.
"""

import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archive import schema
from archive.errors import ArchiveUnusable
from archive.store import DATABASE_NAME as ARCHIVE_NAME
from archive.trail import Trails
from archive.withdrawal import Withheld, withheld
from scraper.addresses import Found, Kind
from scraper.allowance import visits_allowed
from scraper.config import Config
from scraper.frontier import Frontier
from scraper.frontier_tables import DATABASE_NAME
from scraper.frontier_view import opened
from scraper.robots import Rules, read_rules
from scraper.starts import first_addresses, scope_of, sitemaps_and_probes
from scraper.withdrawn import is_withheld

# Why an address would be asked for. The documentation and `--json` use the same words.
REASONS: dict[str, str] = {
    "start": "start pages are asked for at every run",
    "listing": "the first page of a listing is asked for at every run",
    "sitemap": "a list for machines is asked for at every run",
    "probe": "an address that cannot exist, to learn what the site says then",
    "due": "its time has come",
    "all": "every known page is, with --all",
    "failed-before": "it failed at an earlier run",
    "robots-before": "robots.txt forbade it at an earlier run; its rules are asked for anew",
    "interrupted": "an earlier run ended while it was being asked for",
    "reopened": "its trap is opened again",
    "again": "it was to be asked for again when the last run ended",
    "new": "it was found and never asked for",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """One address that a run would ask for; `detail` says more of the reason where there is more."""

    url: str
    host: str
    kind: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would ask for. Hosts are asked side by side; the order is each host's own. `pages` is how many
    of the addresses are pages; `out_of_scope` counts, by host, what waits for hosts that this run may not ask, and
    `forbidden` what the newest robots.txt that is kept forbids: it is not asked for unless that has changed."""

    addresses: list[Planned]
    pages: int
    out_of_scope: dict[str, int] = field(default_factory=dict)
    forbidden: dict[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many addresses, by host and kind."""
        found: dict[str, Counter[str]] = {}
        for planned in self.addresses:
            found.setdefault(planned.host, Counter())[planned.kind] += 1
        return {host: dict(kinds.most_common()) for host, kinds in found.items()}


def plan(
    config: Config,
    folder: Path,
    *,
    start_urls: tuple[str, ...] = (),
    limit: int | None = None,
    everything: bool = False,
    reopen: tuple[str, ...] = (),
    now: datetime,
) -> Plan:
    """What `crawl` would ask for with the same wishes. Raises ArchiveUnusable for an archive it would refuse."""
    starts = tuple(start_urls) or tuple(config.site.start_urls)
    scope = scope_of(config, starts)
    first = first_addresses(starts, scope)
    besides = _besides(first, folder)
    with tempfile.TemporaryDirectory(prefix="susta-plan-") as name:
        copy = Path(name)
        with opened(folder) as source:
            if source is not None:
                with closing(sqlite3.connect(copy / DATABASE_NAME)) as target:
                    source.backup(target)
                    target.execute("CREATE TABLE before AS SELECT id, state, due_at, reason FROM addresses")
        frontier = Frontier(copy)
        for pattern in reopen:
            frontier.reopen(pattern)
        frontier.begin_run(now.timestamp(), first, everything, _allowed(config, folder, now))
        frontier.add(besides, "start", now.timestamp())
        frontier.close()
        with closing(sqlite3.connect(copy / DATABASE_NAME)) as db:
            db.execute("CREATE TABLE IF NOT EXISTS before (id, state, due_at, reason)")
            found = list(_planned(db, now.timestamp()))
    known = scope.page_hosts | scope.media_hosts
    left_out = _withheld_in(folder)
    inside = [planned for planned in found if planned.host in known and not is_withheld(left_out, planned.url)]
    rules = _rules_of(folder, {planned.host for planned in inside})
    allowed = [each for each in inside if each.host not in rules or rules[each.host].allows(each.url)]
    chosen, pages = _within(allowed, limit)
    forbidden = Counter(each.host for each in inside) - Counter(each.host for each in allowed)
    outside = Counter(planned.host for planned in found if planned.host not in known)
    return Plan(chosen, pages, dict(outside), dict(forbidden))


def _rules_of(folder: Path, hosts: set[str]) -> dict[str, Rules]:
    """The rules of the newest robots.txt of each host, where the archive holds one that could be had."""
    found: dict[str, Rules] = {}
    if not os.path.lexists(folder / ARCHIVE_NAME):
        return found
    with closing(Trails(folder)) as trails:
        for host in hosts:
            try:
                kept = trails.robots(host)
            except ArchiveUnusable:  # its WARC file is not there; the run will ask anew
                continue
            rules = read_rules(kept[0].status, kept[1], coding=kept[2]) if kept else None
            if rules is not None and rules.reachable:
                found[host] = rules
    return found


def _besides(first: list[Found], folder: Path) -> list[Found]:
    """Sitemaps and probes, as the next run will name them."""
    if not os.path.lexists(folder / ARCHIVE_NAME):
        return sitemaps_and_probes(first, lambda _: None, 1)
    with closing(Trails(folder)) as trails:
        return sitemaps_and_probes(first, trails.largest_category, trails.next_run())


def _withheld_in(folder: Path) -> Withheld:
    """What the archive's withdrawn articles keep from being asked for."""
    if not os.path.lexists(folder / ARCHIVE_NAME):
        return Withheld()
    with closing(schema.connect(folder / ARCHIVE_NAME, in_passing=True)) as db:
        return withheld(db)


def _allowed(config: Config, folder: Path, now: datetime) -> int | None:
    """How many due articles the run may ask for."""
    if not os.path.lexists(folder / ARCHIVE_NAME):
        return None
    with closing(schema.connect(folder / ARCHIVE_NAME, in_passing=True)) as db:
        return visits_allowed(db, config.revisit, now)


def _within(planned: list[Planned], limit: int | None) -> tuple[list[Planned], int]:
    """Up to so many pages, and the media among the addresses: the limit counts pages."""
    chosen: list[Planned] = []
    pages = 0
    for each in planned:
        if each.kind != Kind.MEDIA and limit is not None and pages >= limit:
            continue
        pages += Kind(each.kind).is_page
        chosen.append(each)
    return chosen, pages


def _planned(db: sqlite3.Connection, now: float) -> Iterator[Planned]:
    """The queue in the order of `Frontier.claim`, told apart by what each address was before the run was made ready."""
    rows = db.execute(
        "SELECT a.url, a.host, a.kind, a.page_number, a.last_run, a.last_status, b.state, b.due_at, b.reason"
        " FROM addresses a LEFT JOIN before b ON b.id = a.id WHERE a.state = 'queued' ORDER BY a.priority, a.id"
    )
    for url, host, kind, page_number, last_run, last_status, state, due_at, reason in rows:
        detail = ""
        if kind == Kind.START:
            why = "start"
        elif kind == Kind.PROBE:
            why = "probe"
        elif state == "failed":
            why, detail = "failed-before", reason or f"status {last_status}"
        elif state == "skipped":
            why = "reopened" if reason == "trap" else "robots-before"
        elif state == "leased":
            why = "interrupted"
        elif state == "done" and due_at is not None and due_at <= now:
            why = "due"
        elif state == "done":
            every_run = kind in (Kind.LISTING, Kind.SITEMAP) and page_number is None
            why = str(kind) if every_run else "all"
        elif kind == Kind.SITEMAP and page_number is None:
            why = "sitemap"
        else:
            why = "new" if last_run is None else "again"
        yield Planned(url, host, kind, why, detail)
