"""The crawl: the only module that knows the whole picture.

    frontier ─► lanes (one a host: pace, robots.txt, fetch) ─► WARC, fsync ─► derive: archive.db, one transaction
       ▲                                                                                 │
       └──────────── new links, pictures, attachments ◄──────────────────────────────────┘  then the frontier is marked

The order that loses nothing: append to the WARC and fsync; one transaction in archive.db; mark the frontier. A crash
at any point repeats work: a WARC tail not yet in archive.db is worked in at the next start, an unmarked address is
asked again. One thread writes; lanes only fetch.
"""

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from archive import __version__
from archive.errors import NothingCrawled
from archive.lock import locked
from archive.records import Article, Refusal, RefusalReason
from archive.revisions import Change
from archive.store import Store
from archive.warc import FOLDER_NAME, Exchange, StoredEvent, StoredExchange, WarcFiles, read_all, repair_leftovers
from scraper.config import AGENT_NAME, Config
from scraper.derive import FETCH_FAILED, RUN_FINISHED, RUN_STARTED, Deriver, Taken
from scraper.fetch import FailureReason, FetchFailure, World
from scraper.frontier import Answer, Found, Frontier, Item, Kind
from scraper.lanes import Done, Forbidden, Lanes
from scraper.links import find_links
from scraper.report import Report, Step
from scraper.revisit import next_interval
from scraper.traps import LISTS, alike_pages, found_at, found_on, fruitlessness, in_menu, limit_of, same_list
from scraper.urls import (
    host_of,
    make_scope,
    page_address,
    pattern_of,
    site_id_of,
)

_MOST_HOPS = 10
_GONE = (RefusalReason.HTTP_STATUS, RefusalReason.NOT_FOUND)
# Refusals whose page cannot be taken for an answer; asked for again at the next run.
_NO_ANSWER = (RefusalReason.EMPTY, RefusalReason.UNDECODABLE)


def crawl(
    config: Config,
    folder: Path,
    *,
    start_urls: tuple[str, ...] = (),
    limit: int | None = None,
    everything: bool = False,
    world: World,
    watch: Callable[[Step], None] = lambda _: None,
) -> Report:
    """One polite, incremental, resumable run on the archive in `folder`.

    `start_urls` replace the configured ones; `limit` is in pages; `everything` asks for every known page again,
    whatever the schedule says. Raises LockHeld, ArchiveUnusable, and NothingCrawled
    when not one page could be had.
    """
    starts = tuple(start_urls) or tuple(config.site.start_urls)
    with locked(folder, "crawl"):
        run = _Run(config, folder, starts, limit, everything, world, watch)
        try:
            return run.go()
        finally:
            run.close()


def catch_up(deriver: Deriver, store: Store, warc_folder: Path) -> int:
    """Works in what a killed run had written to the WARC files but not to the database; returns how many records."""
    count = 0
    for stored in read_all(warc_folder, store.progress()):
        deriver.take(stored)
        count += 1
    return count


class _Run:
    def __init__(
        self,
        config: Config,
        folder: Path,
        starts: tuple[str, ...],
        limit: int | None,
        everything: bool,
        world: World,
        watch: Callable[[Step], None],
    ) -> None:
        self.config, self.folder, self.limit, self.world, self.watch = config, folder, limit, world, watch
        self.everything = everything
        self.scope = make_scope(starts, tuple(config.site.allowed_hosts), tuple(config.site.media_hosts))
        self.starts = tuple(dict.fromkeys(page_address(url, url, self.scope) or url for url in starts))
        self.report = Report()
        warc_folder = folder / FOLDER_NAME
        self.store = Store(folder)
        repaired = repair_leftovers(warc_folder)
        self.report.repaired = [f"{name}: cut by {cut} bytes to its last whole record" for name, cut in repaired if cut]
        self.deriver = Deriver(self.store, warc_folder, config)
        caught_up = catch_up(self.deriver, self.store, warc_folder)
        if caught_up:
            self.report.repaired.append(f"{caught_up} records of an unfinished run worked into archive.db")
        self.frontier = Frontier(folder)
        self.warc = WarcFiles(
            warc_folder,
            software=f"{AGENT_NAME}/{__version__}",
            operator=config.archive.operator,
            max_bytes=config.archive.warc_max_megabytes * 1_000_000,
        )
        self.lanes = Lanes(config, world, private_hosts=_private_hosts(starts, config))
        self.run_id = 0
        self.claimed_pages = 0
        self.started = 0.0
        self.resting: set[str] = set()

    def close(self) -> None:
        """Leaves everything as it should be found; on a full disk each part that still can."""
        self.lanes.close()
        for part in (self.warc, self.frontier, self.store):
            with contextlib.suppress(OSError, sqlite3.Error):
                part.close()

    def go(self) -> Report:
        self._begin()
        outcome = "finished"
        try:
            self._work()
        except KeyboardInterrupt:
            outcome = "interrupted"
        if self.world.stopped():
            outcome = "interrupted"
        elif self.limit is not None and self.claimed_pages >= self.limit and self._waiting():
            outcome = "limit"
        if outcome == "finished" and not self.report.fetched:
            outcome = "nothing-crawled"
        self._finish(outcome)
        if outcome != "interrupted" and not self.report.fetched:
            why = "; ".join(self.report.problems[:3]) or "the start addresses could not be asked for"
            raise NothingCrawled(
                f"Nothing could be crawled from {', '.join(self.starts)}: {why}",
                advice="Check the address, the network and robots.txt; the archive is unharmed, run again later.",
                report=self.report,
            )
        return self.report

    def _begin(self) -> None:
        at = _stamp(self.world.now())
        software = f"{AGENT_NAME}/{__version__}"
        self._event(RUN_STARTED, {"at": at, "software": software, "start_urls": list(self.starts)})
        assert self.deriver.run_id is not None
        self.run_id = self.report.run = self.deriver.run_id
        self.report.started_at = at
        self.started = self._now()
        self.frontier.begin_run(self.started, [found_at(url, Kind.START) for url in self.starts], self.everything)

    def _finish(self, outcome: str) -> None:
        self.lanes.stop()
        for item in self.lanes.unanswered():
            self.frontier.give_back(item)
        at = _stamp(self.world.now())
        self.report.outcome, self.report.finished_at = outcome, at
        self.report.waiting = sum(self._waiting().values())
        self._event(RUN_FINISHED, {"at": at, "outcome": outcome, "counts": asdict(self.report.counts())})
        self.report.understood = self.store.understood(self.run_id)

    def _event(self, name: str, data: dict[str, object]) -> None:
        event: StoredEvent = self.warc.append_event(name, str(data["at"]), data)
        self.deriver.take(event)

    def _work(self) -> None:
        """Keeps every lane busy until nothing is left to ask for, or the run is stopped."""
        while not self.world.stopped():
            self._fill_lanes()
            if not self.lanes.busy:
                return
            done = self.lanes.next_done()
            if done is None:
                continue
            if not self.world.stopped() and isinstance(done.outcome, Exchange):
                self._fill_lanes()  # the next request is on its way while this answer is worked in
            self._settle(done)

    def _fill_lanes(self) -> None:
        full = self.limit is not None and self.claimed_pages >= self.limit
        for host in self._waiting(media_only=full):
            if self.lanes.is_busy(host):
                continue
            item = self.frontier.claim(host, media_only=full)
            if item is None:
                continue
            if item.kind is not Kind.MEDIA:
                self.claimed_pages += 1
                full = self.limit is not None and self.claimed_pages >= self.limit
            self.lanes.submit(item)

    def _waiting(self, *, media_only: bool = False) -> dict[str, int]:
        """Queued addresses by host, for hosts that this run may ask: earlier runs may have known others."""
        waiting = self.frontier.waiting(media_only=media_only)
        known = self.scope.page_hosts | self.scope.media_hosts
        return {host: count for host, count in waiting.items() if host in known and host not in self.resting}

    def _settle(self, done: Done) -> None:
        for exchange in done.robots:
            self._keep(exchange)
        item = done.item
        if not isinstance(done.outcome, Exchange) and item.kind is not Kind.MEDIA:
            self.claimed_pages -= 1  # the limit counts pages fetched
        match done.outcome:
            case Exchange():
                self._settle_answer(item, done.outcome)
            case Forbidden():
                self._settle_forbidden(item, done.outcome)
            case FetchFailure(reason=FailureReason.STOPPED):
                self.frontier.give_back(item)
            case FetchFailure(reason=FailureReason.RESTING):
                self.frontier.give_back(item)
                self._rest(item.host, f"the server asked to be left alone ({done.outcome.detail})")
            case FetchFailure():
                self._settle_failure(item, done.outcome)

    def _rest(self, host: str, why: str) -> None:
        """Leaves a host alone for the rest of the run; its addresses wait for the next."""
        self.resting.add(host)
        self._problem(f"{host}: {why}")

    def _keep(self, exchange: Exchange) -> Taken:
        """WARC first and durable, then archive.db."""
        capture = self.warc.append(exchange)
        self.report.bytes += capture.payload_length
        taken = self.deriver.take(StoredExchange(capture, exchange.headers, exchange.body))
        assert taken is not None
        return taken

    def _settle_forbidden(self, item: Item, result: Forbidden) -> None:
        """robots.txt says no, or could not be had, in which case the host is left alone for this run."""
        if result.reason == "robots":
            self.frontier.skip(item, "robots")
            self._count(self.report.skipped, "robots")
            self._problem(f"{item.url}: robots.txt forbids it")
        else:
            self.frontier.fail(item, self.run_id, "robots-unreachable")
            self._count(self.report.failed, "robots-unreachable")
            self._rest(item.host, f"robots.txt could not be had ({result.detail}), so nothing may be asked for")
        self._show(item.url, result.reason)

    def _settle_failure(self, item: Item, failure: FetchFailure) -> None:
        self._event(
            FETCH_FAILED,
            {"at": failure.at, "url": failure.url, "reason": str(failure.reason), "detail": failure.detail},
        )
        self.frontier.fail(item, self.run_id, str(failure.reason))
        self._count(self.report.failed, str(failure.reason))
        self._problem(f"{item.url}: {failure.reason} ({failure.detail})")
        self._show(item.url, str(failure.reason))

    def _settle_answer(self, item: Item, exchange: Exchange) -> None:
        taken = self._keep(exchange)
        if item.kind is Kind.MEDIA:
            self._settle_media(item, exchange, taken)
            return
        self.report.fetched += 1
        if 300 <= exchange.status < 400:
            self._settle_redirect(item, exchange, taken)
        elif exchange.status >= 500 or exchange.status in (408, 425, 429):
            self._count(self.report.failed, f"http-{exchange.status}")
            self._problem(f"{item.url}: the server answered {exchange.status}")
            self.frontier.fail(item, self.run_id, f"http-{exchange.status}", exchange.status)
        else:
            self._settle_page(item, exchange, taken)
        self._show(item.url, self._what(taken))

    def _settle_media(self, item: Item, exchange: Exchange, taken: Taken) -> None:
        self.report.media += 1
        if 300 <= exchange.status < 400:
            self._follow_redirect(item, taken)
        if exchange.status >= 500 or exchange.status in (408, 425, 429):
            self._count(self.report.failed, f"http-{exchange.status}")
            self.frontier.fail(item, self.run_id, f"http-{exchange.status}", exchange.status)
        else:
            self.frontier.answer(item, Answer(exchange.status, Kind.MEDIA, None, None, self.run_id))
        self._show(item.url, "media")

    def _settle_redirect(self, item: Item, exchange: Exchange, taken: Taken) -> None:
        reason = self._follow_redirect(item, taken)
        self._count(self.report.skipped, reason)
        answer = self._answer(item, exchange.status, item.kind, changed=False, reason=reason)
        if item.first_time and item.kind is not Kind.START:
            self._note_fetch(item, 0.0 if reason == "redirect" else 1.0)
        self.frontier.answer(item, answer)

    def _follow_redirect(self, item: Item, taken: Taken) -> str:
        """Queues a redirect's target, where it may be asked for; says what came of it."""
        location = taken.capture.location  # absolute
        media = item.kind is Kind.MEDIA
        if not media:
            self._follow_move(item.url, location)
        target = location if media or location is None else page_address(location, item.url, self.scope)
        if location is None or target is None:
            return "redirect-nowhere"
        if not (self.scope.allows_media(target) if media else self.scope.allows_page(target)):
            return "redirect-out-of-scope"
        if item.hops >= _MOST_HOPS:
            return "redirect-chain"
        if target == item.url:
            target = location  # the server insists on a spelling of its own
            if target == item.url:
                return "redirect-to-itself"
        kind = item.kind if item.kind is not Kind.START else Kind.PAGE
        self._queue([found_at(target, kind, hops=item.hops + 1)], item.url)
        if item.kind is Kind.START:
            self.frontier.ask_again([target], self.run_id)
        return "redirect"

    def _follow_move(self, url: str, location: str | None) -> None:
        """A start host that redirects to another spelling of its name (`www.`, https) lives there from now on."""
        target = location and page_address(location, url)
        home = self.scope.home_of(target) if target else None
        if target and home and home == self.scope.home_of(url) and not target.startswith(f"{home}/"):
            self.scope = self.scope.moved(target)

    def _settle_page(self, item: Item, exchange: Exchange, taken: Taken) -> None:
        reading = taken.reading
        assert reading is not None
        outcome = reading.outcome
        self._count_outcome(outcome, taken)
        if isinstance(outcome, Article) and reading.notice is None:
            self.report.without_notice += 1
        if taken.notice_differs and taken.notice_differs not in self.report.notices:
            self.report.notices.append(taken.notice_differs)
        kind = self._kind_of(item, outcome)
        digest, new_links = self._follow(item, taken, outcome)
        if isinstance(outcome, Article):
            self._queue_media(outcome, item.url)
        repeats = digest is not None and isinstance(outcome, Refusal) and self._leads_nowhere(item, digest)
        if item.first_time and item.kind is not Kind.START:
            self._note_fetch(item, fruitlessness(item, taken, new_links))
        if isinstance(outcome, Refusal) and outcome.reason in _NO_ANSWER:
            self.frontier.fail(item, self.run_id, str(outcome.reason), exchange.status)
            return
        changed = taken.change in (Change.NEW, Change.CHANGED) or bool(new_links)
        reason = str(outcome.reason) if isinstance(outcome, Refusal) else None
        answer = self._answer(
            item, exchange.status, kind, changed=changed, reason=reason, digest="repeats" if repeats else digest
        )
        self.frontier.answer(item, answer)

    def _kind_of(self, item: Item, outcome: Article | Refusal) -> Kind:
        if item.kind is Kind.START:
            return Kind.START
        if isinstance(outcome, Article):
            return Kind.ARTICLE
        listing = outcome.reason in LISTS or (in_menu(item) and outcome.reason not in _GONE)
        return Kind.LISTING if listing else Kind.PAGE

    def _follow(self, item: Item, taken: Taken, outcome: Article | Refusal) -> tuple[str | None, list[str]]:
        """Queues a page's links; returns the digest of where it leads and the addresses that are new.

        A page that leads exactly where another of its family does (a listing past its end, a calendar's empty month)
        leads nowhere: links to more of the family are not followed from it. Where a listing shows new items, its next
        pages are asked for again, since items have moved on.
        """
        page = taken.reading.page if taken.reading else None
        if page is None or taken.capture.status != 200:
            return None, []
        addresses = [url for url in find_links(page, self.scope) if url != item.url]
        found = [found_on(item, outcome, url) for url in addresses]
        own = pattern_of(item.url)
        elsewhere = sorted(url for url in addresses if pattern_of(url) != own)
        digest = hashlib.sha256("\n".join(elsewhere).encode()).hexdigest()
        if not isinstance(outcome, Article) and site_id_of(item.url) is None and self._leads_nowhere(item, digest):
            found = [each for each in found if pattern_of(each.url) != own or site_id_of(each.url) is not None]
        new = self._queue(found, item.url)
        listing = isinstance(outcome, Refusal) and outcome.reason in LISTS
        articles = [url for url in addresses if site_id_of(url) is not None]
        if listing and self.frontier.any_found_since(articles, self.started):
            number = item.page_number or 1
            self.frontier.ask_again(
                [each.url for each in found if each.page_number == number + 1 and same_list(each.url, item.url)],
                self.run_id,
            )
        return digest, new

    def _leads_nowhere(self, item: Item, digest: str) -> bool:
        return self.frontier.repeats(item, digest) >= alike_pages(item)

    def _queue_media(self, article: Article, found_on: str) -> None:
        if not self.config.crawl.fetch_media:
            return
        addresses = [photo.url for photo in article.photos] + [attachment.url for attachment in article.attachments]
        found = [found_at(url, Kind.MEDIA) for url in addresses if self.scope.allows_media(url)]
        self._queue(found, found_on)

    def _queue(self, found: list[Found], found_on: str) -> list[str]:
        return self.frontier.add(found, found_on, self._now())

    def _answer(
        self, item: Item, status: int, kind: Kind, *, changed: bool, reason: str | None, digest: str | None = None
    ) -> Answer:
        before = None if item.first_time else item.interval
        interval = next_interval(kind, changed=changed, before=before, settings=self.config.revisit)
        due_at = None if interval is None else self._now() + interval
        return Answer(status, kind, due_at, interval, self.run_id, reason, digest)

    def _note_fetch(self, item: Item, weight: float | None) -> None:
        self.report.traps += self.frontier.note_fetch(item, weight=weight, limit=limit_of(item), now=self._now())

    def _count_outcome(self, outcome: Article | Refusal, taken: Taken) -> None:
        if isinstance(outcome, Refusal):
            detail = outcome.detail if outcome.reason is RefusalReason.HTTP_STATUS else ""
            self._count(self.report.refused, f"{outcome.reason} {detail}".strip())
        elif taken.change is Change.NEW:
            self.report.new += 1
        elif taken.change is Change.CHANGED:
            self.report.changed += 1
            if len(self.report.changes) < 50:
                self.report.changes.append(taken.capture.url)
        elif taken.change is Change.ALIAS:
            self.report.aliases += 1
        else:
            self.report.unchanged += 1

    def _what(self, taken: Taken) -> str:
        if taken.reading and isinstance(taken.reading.outcome, Refusal):
            return str(taken.reading.outcome.reason)
        return str(taken.change) if taken.change else "redirect"

    @staticmethod
    def _count(counts: dict[str, int], name: str) -> None:
        counts[name] = counts.get(name, 0) + 1

    def _problem(self, text: str) -> None:
        if len(self.report.problems) < 50:
            self.report.problems.append(text)

    def _show(self, url: str, what: str) -> None:
        self.watch(Step(url, what, self.report, sum(self._waiting().values())))

    def _now(self) -> float:
        return self.world.now().timestamp()


def _private_hosts(starts: tuple[str, ...], config: Config) -> frozenset[str]:
    """Hosts that may live at private addresses: those of the start addresses, and those named by number."""
    named = (*config.site.allowed_hosts, *config.site.media_hosts)
    literal = {host for host in named if host.startswith("[") or host.partition(":")[0].replace(".", "").isdigit()}
    return (
        frozenset(host_of(url) for url in starts) | literal | {h for h in named if h.partition(":")[0] == "localhost"}
    )


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
