"""What an answer comes to: the frontier's mark, the addresses it leads to, and its place in the run's report.

`crawl.py` calls this once the answer is in the WARC files and in `archive.db`; nothing here fetches or writes there.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TypeGuard

from archive.records import REFUSAL_MEANINGS, Article, Refusal, RefusalReason
from archive.revisions import Change
from archive.warc import Exchange
from scraper.absent import is_same_probe
from scraper.addresses import Answer, Found, Item, Kind
from scraper.config import Config
from scraper.content import decode_content
from scraper.derive import Taken
from scraper.feeds import MOST_BYTES, named_in, read_feed
from scraper.fetch import is_broken_off
from scraper.frontier import Frontier
from scraper.links import find_feeds, find_links
from scraper.report import Report
from scraper.revisit import interval_of_error, interval_when_absent, next_interval
from scraper.traps import (
    LISTS,
    alike_pages,
    found_at,
    found_in_feed,
    found_on,
    fruitlessness,
    fruitlessness_of_redirect,
    in_menu,
    limit_of,
    next_page,
)
from scraper.urls import Scope, page_address, pattern_of, site_id_of, why_never

_MOST_HOPS = 10
_GONE = (RefusalReason.HTTP_STATUS, RefusalReason.NOT_FOUND)
_ABSENT = "absent"  # why an address is asked for again sooner or later, in `addresses.reason`
MOST_SITEMAPS = 50_000  # of one host; as many as one index may name (sitemaps.org)
_SITEMAPS_AT_ONCE = 1000
_TOO_LARGE = "too-large"  # a file that is kept as far as the configured limit
# Reasons whose intervals are those of errors.
_ERRORS = (
    "http-status",
    *(f"redirect-{what}" for what in ("nowhere", "out-of-scope", "never-followed", "chain", "to-itself")),
)
# Refusals whose page cannot be taken for an answer; asked for again at the next run.
_NO_ANSWER = (RefusalReason.EMPTY, RefusalReason.UNDECODABLE)


class Answers:
    """Settles the answers of one run. `scope` changes when a start host turns out to live under another name."""

    def __init__(
        self, config: Config, scope: Scope, frontier: Frontier, report: Report, now: Callable[[], datetime]
    ) -> None:
        self.config, self.scope, self.frontier, self.report = config, scope, frontier, report
        self.run_id = 0  # set when the run begins
        self.queued = 0  # addresses that were new so far
        self._sitemaps: dict[str, int] = {}  # lists known of a host, counted once
        self._clock = now
        self._started = now().timestamp()
        self._led_from_start: set[str] = set()  # where start pages redirect, over however many hops, in this run

    def settle(self, item: Item, exchange: Exchange, taken: Taken) -> str:
        """Marks the frontier, queues what the answer leads to, and counts it; returns in a word what it was."""
        if item.kind is Kind.MEDIA:
            self._settle_media(item, exchange, taken)
            return "media"
        if item.kind is Kind.SITEMAP:
            return self._settle_sitemap(item, exchange, taken)
        if item.kind is Kind.PROBE:
            self._follow_probe(item, taken)
            self.frontier.answer(item, Answer(exchange.status, Kind.PROBE, None, None, self.run_id))
            return "probe"
        self.report.fetched += 1
        if _is_withdrawn(taken):
            self.report.count("refused", str(RefusalReason.WITHDRAWN))
            self.frontier.answer(item, Answer(exchange.status, item.kind, None, None, self.run_id, "withdrawn"))
        elif exchange.status == 304 and taken.reading and taken.reading.page is None:
            self.report.count("failed", "http-304")  # nobody asked whether anything changed
            self.report.problem(f"{item.url}: the server answered 304, and nobody asked whether anything changed")
            self.frontier.fail(item, self.run_id, "http-304", exchange.status)
        elif 300 <= exchange.status < 400 and exchange.status != 304:
            self._settle_redirect(item, exchange, taken)
        elif _is_challenge(taken):
            self._settle_challenge(item, exchange, taken)
        elif exchange.status >= 500 or exchange.status in (408, 425, 429):
            self.report.count("failed", f"http-{exchange.status}")
            self.report.problem(f"{item.url}: the server answered {exchange.status}")
            self.frontier.fail(item, self.run_id, f"http-{exchange.status}", exchange.status)
        else:
            self._settle_page(item, exchange, taken)
        return _word_for(taken)

    def _settle_sitemap(self, item: Item, exchange: Exchange, taken: Taken) -> str:
        """Queues what a sitemap, index or feed names. One that is none, or not there, is no failure, since most sites
        have none, and is asked for again by date alone."""
        reason: str | None = None
        if exchange.status in (200, 304):  # what did not change may not have been followed, if that run was killed
            reason = self._follow_feed(item, taken, broken_off=is_broken_off(exchange))
        elif 300 <= exchange.status < 400 and exchange.status != 304:
            reason = self._follow_redirect(item, taken)
        else:
            reason = f"http-{exchange.status}"
        self.report.sitemaps += reason is None
        if self._is_broken_off(item, exchange):
            return "sitemap"
        self.frontier.answer(
            item, self._answer(item, exchange.status, Kind.SITEMAP, changed=reason is None, reason=reason)
        )
        return "sitemap"

    def _follow_feed(self, item: Item, taken: Taken, *, broken_off: bool) -> str | None:
        """Queues the addresses of a list; returns why it is none. Lists that lead to nothing new are traps like pages:
        an index may name indexes without end."""
        stored = taken.stored
        assert stored is not None
        decoded = decode_content(
            stored.body, stored.header("content-encoding"), MOST_BYTES, cut=stored.capture.truncated
        )
        feed = read_feed(decoded.body, self._clock())
        if not feed.kind:
            if item.first_time:
                self._note_fetch(item, 1.0)
            return "no-sitemap"
        if feed.cut or ((decoded.cut or stored.capture.truncated) and not broken_off):
            self.report.cut_off(f"{item.url}: has more than sitemaps.org allows; the rest was not read")
        named = named_in(feed, item.url, self.scope)
        self.queue_sitemaps(named.sitemaps, item.url, dated=dict(named.changed))
        new = self._queue([found_in_feed(url) for url in named.pages], item.url)
        if item.first_time:
            self._note_fetch(item, None if new else 0.5 if named.pages else 1.0)
        self.frontier.make_due(named.changed, self.run_id)
        return None

    def queue_sitemaps(self, urls: Iterable[str], found_on: str, *, dated: Collection[str] = ()) -> None:
        """Queues lists for machines that are not known yet. Those that an index dates are asked for when they change,
        like a listing's later pages; the others at every run."""
        wanted = (url for url in urls if self.scope.allows_page(url))
        left: Counter[str] = Counter()
        while some := list(islice(wanted, _SITEMAPS_AT_ONCE)):
            found = [replace(found_at(url, Kind.SITEMAP), page_number=2 if url in dated else None) for url in some]
            taken = []
            for each in self.frontier.unknown(found):
                if each.host not in self._sitemaps:
                    self._sitemaps[each.host] = self.frontier.count_of(each.host, Kind.SITEMAP)
                if self._sitemaps[each.host] < MOST_SITEMAPS:
                    self._sitemaps[each.host] += 1
                    taken.append(each)
                else:
                    left[each.host] += 1
            self._queue(taken, found_on)
        for host, count in left.items():
            self.report.cut_off(
                f"{found_on}: names {count} lists more than the {MOST_SITEMAPS} of {host} that are read; left out"
            )

    def _settle_challenge(self, item: Item, exchange: Exchange, taken: Taken) -> None:
        """What stands in for the page says nothing of it: no links, no mark against its family, no date."""
        assert taken.reading is not None
        outcome = taken.reading.outcome
        self._count_outcome(outcome, taken)
        if isinstance(outcome, Refusal):
            self.report.problem(f"{item.url}: {REFUSAL_MEANINGS[outcome.reason]} ({outcome.detail})")
        self.frontier.fail(item, self.run_id, str(RefusalReason.CHALLENGE), exchange.status)

    def _follow_probe(self, item: Item, taken: Taken) -> None:
        """A probe that is led to another spelling of itself (another scheme, a slash) has learned nothing yet."""
        target = taken.capture.location
        if target and is_same_probe(item.url, target) and item.hops < _MOST_HOPS and self.scope.allows_page(target):
            self._queue([found_at(target, Kind.PROBE, hops=item.hops + 1)], item.url)

    def _settle_media(self, item: Item, exchange: Exchange, taken: Taken) -> None:
        """A picture or file that came is not asked for again; an answer that is none (an error, a page in its place,
        nothing, a redirect that has led to no file yet) is repeated, at the next run first and then ever more rarely.
        """
        self.report.media += 1
        if exchange.status >= 500 or exchange.status in (408, 425, 429):
            self.report.count("failed", f"http-{exchange.status}")
            self.frontier.fail(item, self.run_id, f"http-{exchange.status}", exchange.status)
            return
        if self._is_broken_off(item, exchange):
            return
        reason = self._no_file(item, exchange, taken)
        if taken.has_file or reason == _TOO_LARGE:
            self.frontier.answer(item, Answer(exchange.status, Kind.MEDIA, None, None, self.run_id, reason))
            self.frontier.rest_redirects(item)
            return
        if reason != "redirect":
            self.report.count("skipped", f"no file: {reason}")
        self.frontier.answer(item, self._on_error(item, exchange.status, str(reason)))

    def _no_file(self, item: Item, exchange: Exchange, taken: Taken) -> str | None:
        """Why an answer is no picture or file; None where it is one. Queues the target of a redirect."""
        if 300 <= exchange.status < 400 and exchange.status != 304:
            return self._follow_redirect(item, taken)
        if exchange.status != 200:
            return f"http-{exchange.status}"
        if exchange.truncated:
            return _TOO_LARGE
        if not exchange.body:
            return "empty"
        return None if taken.has_file else "page-for-file"

    def _on_error(self, item: Item, status: int, reason: str) -> Answer:
        """An error, to be tried again: soon at first, then more rarely. The kind stays what it was."""
        before = item.interval if item.kind is Kind.MEDIA or item.reason in _ERRORS else None
        interval = interval_of_error(before, self.config.revisit)
        return Answer(status, item.kind, self._now() + interval, interval, self.run_id, reason)

    def _settle_redirect(self, item: Item, exchange: Exchange, taken: Taken) -> None:
        if taken.change is Change.REFUSED:  # it leads to where addresses that cannot exist do
            self.report.count("refused", str(RefusalReason.NOT_FOUND))
            self._settle_absence(item, exchange.status)
            return
        before = self.queued
        reason = self._follow_redirect(item, taken)
        self.report.count("skipped", reason)
        if item.first_time and item.kind is not Kind.START:
            new = self.queued > before
            self._note_fetch(item, fruitlessness_of_redirect(item, reason, taken.capture.location, new=new))
        if reason in _ERRORS and item.kind is not Kind.START:
            answer = self._on_error(item, exchange.status, reason)
        else:
            answer = self._answer(item, exchange.status, item.kind, changed=False, reason=reason)
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
        if _may_not_lead_to(item, target):
            return "redirect-never-followed"
        if item.hops >= _MOST_HOPS:
            return "redirect-chain"
        if target == item.url:
            target = location  # the server insists on a spelling of its own
            if target == item.url:
                return "redirect-to-itself"
        kind = item.kind if item.kind is not Kind.START else Kind.PAGE
        self._queue([found_at(target, kind, hops=item.hops + 1)], item.url)
        if item.kind is Kind.START or item.url in self._led_from_start:
            self._led_from_start.add(target)
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
        if reading.page and isinstance(outcome, Refusal) and outcome.reason in LISTS:
            self.queue_sitemaps(find_feeds(reading.page), item.url)
        if isinstance(outcome, Article):
            self._queue_media(outcome, item.url)
        repeats = digest is not None and isinstance(outcome, Refusal) and self._leads_nowhere(item, digest)
        if item.first_time and item.kind is not Kind.START:
            self._note_fetch(item, fruitlessness(item, taken, new_links))
        if self._is_broken_off(item, exchange):
            return
        if isinstance(outcome, Refusal) and outcome.reason in _NO_ANSWER:
            self.frontier.fail(item, self.run_id, str(outcome.reason), exchange.status)
            return
        if _is_missed(item, outcome):
            self._settle_absence(item, exchange.status)
            return
        if _is_error(outcome, item):
            self.frontier.answer(item, self._on_error(item, exchange.status, str(outcome.reason)))
            return
        changed = taken.change in (Change.NEW, Change.CHANGED)
        if not isinstance(outcome, Article):  # the links around an article are the sidebar's and the adverts'
            changed = any(site_id_of(url) is not None for url in new_links)
        reason = str(outcome.reason) if isinstance(outcome, Refusal) else None
        if taken.change is Change.ALIAS:
            reason = "alias"
        answer = self._answer(
            item, exchange.status, kind, changed=changed, reason=reason, digest="repeats" if repeats else digest
        )
        if isinstance(outcome, Article) and self._before(item) is None:
            answer = self._at_first(answer, outcome)
        self.frontier.answer(item, answer)

    def _is_broken_off(self, item: Item, exchange: Exchange) -> bool:
        """Whether an answer came in part only, whatever was tried; then it is asked for again at the next run."""
        if not is_broken_off(exchange):
            return False
        self.report.count("failed", "broken-off")
        self.report.problem(f"{item.url}: the answer broke off ({exchange.truncated})")
        self.frontier.fail(item, self.run_id, "broken-off", exchange.status)
        return True

    def _settle_absence(self, item: Item, status: int) -> None:
        known, first = not item.first_time, item.reason != _ABSENT
        interval = interval_when_absent(item.interval, known=known, first=first, settings=self.config.revisit)
        due_at = self._now() + interval
        self.frontier.answer(item, Answer(status, item.kind, due_at, interval, self.run_id, _ABSENT))

    def _at_first(self, answer: Answer, article: Article) -> Answer:
        """An article's first interval, which its age has a say in."""
        if article.date is None:
            return answer
        age = self._now() - datetime.fromisoformat(f"{article.date}T00:00:00+00:00").timestamp()
        interval = next_interval(answer.kind, changed=True, before=None, settings=self.config.revisit, age=age)
        return replace(answer, interval=interval, due_at=None if interval is None else self._now() + interval)

    def _kind_of(self, item: Item, outcome: Article | Refusal) -> Kind:
        if item.kind is Kind.START:
            return Kind.START
        if isinstance(outcome, Article):
            return Kind.ARTICLE
        if outcome.reason is RefusalReason.NOARCHIVE or _is_error(outcome, item):
            return item.kind
        listing = outcome.reason in LISTS or (in_menu(item) and outcome.reason not in _GONE)
        return Kind.LISTING if listing else Kind.PAGE

    def _follow(self, item: Item, taken: Taken, outcome: Article | Refusal) -> tuple[str | None, list[str]]:
        """Queues a page's links; returns the digest of where it leads and the addresses that are new.

        A page that leads exactly where another of its family does (a listing past its end, a calendar's empty month)
        leads nowhere: links to more of the family are not followed from it. Where a listing shows items that are newer
        than what is known of its next page, that one is asked for again, since items have moved on. It is queued before
        this page is marked as answered, so that a run which is killed in between only repeats this one.
        """
        page = taken.reading.page if taken.reading else None
        if page is None or taken.capture.status not in (200, 304):
            return None, []
        if taken.nofollow:
            return None, []
        addresses = [url for url in find_links(page, self.scope) if url != item.url]
        found = [found_on(item, outcome, url) for url in addresses]
        own = pattern_of(item.url)
        elsewhere = sorted(url for url in addresses if pattern_of(url) != own)
        digest = hashlib.sha256("\n".join(elsewhere).encode()).hexdigest()
        if not isinstance(outcome, Article) and site_id_of(item.url) is None and self._leads_nowhere(item, digest):
            further = [each for each in found if pattern_of(each.url) != own or site_id_of(each.url) is not None]
            left = [each.url for each in found if each not in further]
            if own not in self.report.traps and self.frontier.any_unknown(left):
                self.report.traps.append(own)
            found = further
        new = self._queue(found, item.url)
        if isinstance(outcome, Refusal):  # a listing with few items may not read as one
            articles = [url for url in addresses if site_id_of(url) is not None]
            if following := next_page(item, found):
                self.frontier.ask_further(following, articles, self.run_id, self._started)
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
        new = self.frontier.add(found, found_on, self._now())
        self.queued += len(new)
        return new

    def _answer(
        self, item: Item, status: int, kind: Kind, *, changed: bool, reason: str | None, digest: str | None = None
    ) -> Answer:
        interval = next_interval(kind, changed=changed, before=self._before(item), settings=self.config.revisit)
        due_at = None if interval is None else self._now() + interval
        return Answer(status, kind, due_at, interval, self.run_id, reason, digest)

    def _before(self, item: Item) -> float | None:
        """The interval that a page had; that of an error says nothing of how often a page changes."""
        return None if item.first_time or item.reason in _ERRORS else item.interval

    def _note_fetch(self, item: Item, weight: float | None) -> None:
        closed = self.frontier.note_fetch(item, weight=weight, limit=limit_of(item), now=self._now())
        self.report.traps += [name for name in closed if name not in self.report.traps]

    def _count_outcome(self, outcome: Article | Refusal, taken: Taken) -> None:
        if isinstance(outcome, Refusal):
            detail = outcome.detail if outcome.reason is RefusalReason.HTTP_STATUS else ""
            self.report.count("refused", f"{outcome.reason} {detail}".strip())
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

    def _now(self) -> float:
        return self._clock().timestamp()


def _may_not_lead_to(item: Item, target: str) -> bool:
    """Whether an answer may not redirect to where links are never followed. A start page is what somebody asked for:
    of that only a log-in is no address; a picture may lead to a file."""
    never = why_never(target)
    if never is None:
        return False
    if item.kind is Kind.START:
        return never[0] == "account"
    return never[0] != "file" or item.kind.is_page


def _is_missed(item: Item, outcome: Article | Refusal) -> bool:
    """Whether an article is not there: not yet, not any more, or not today. One that was there and shows a list in its
    place is not either; it is no listing for that."""
    if item.kind is not Kind.ARTICLE or not isinstance(outcome, Refusal):
        return False
    known = not item.first_time and item.reason in (None, "alias", _ABSENT)
    instead = known and outcome.reason in LISTS and site_id_of(item.url) is not None
    return outcome.reason is RefusalReason.NOT_FOUND or outcome.detail in ("404", "410") or instead


def _is_error(outcome: Article | Refusal, item: Item) -> TypeGuard[Refusal]:
    """Whether a page answered with an error that may be of one day. A start page is asked for at every run in any case;
    what has only ever been missing is a dead link."""
    if not isinstance(outcome, Refusal) or outcome.reason is not RefusalReason.HTTP_STATUS or item.kind is Kind.START:
        return False
    return outcome.detail not in ("404", "410") or not (item.first_time or item.kind is Kind.ARTICLE)


def _is_challenge(taken: Taken) -> bool:
    outcome = taken.reading.outcome if taken.reading else None
    return isinstance(outcome, Refusal) and outcome.reason is RefusalReason.CHALLENGE


def _is_withdrawn(taken: Taken) -> bool:
    """Whether a page is of a withdrawn article; it is not asked for again, and its links are not followed."""
    outcome = taken.reading.outcome if taken.reading else None
    return isinstance(outcome, Refusal) and outcome.reason is RefusalReason.WITHDRAWN


def _word_for(taken: Taken) -> str:
    if taken.reading and isinstance(taken.reading.outcome, Refusal):
        return str(taken.reading.outcome.reason)
    return str(taken.change) if taken.change else "redirect"
