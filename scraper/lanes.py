"""One lane a host: a thread that asks for one address at a time, in the host's own pace, obeying its robots.txt.

`crawl.py` submits an item to an idle lane and takes results from any. A lane never touches a file or a database.
"""

import queue
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from archive.captures import Validators
from archive.records import Role
from archive.warc import Exchange
from scraper.addresses import Item, Kind
from scraper.config import Config
from scraper.fetch import FailureReason, Fetcher, FetchFailure, Limits, World, trust
from scraper.robots import UNREACHABLE, Rules, read_rules
from scraper.urls import host_of, page_address

_ROBOTS_REDIRECTS = 5  # RFC 9309 2.3.1.2
_ROLES = {Kind.MEDIA: Role.MEDIA, Kind.SITEMAP: Role.SITEMAP, Kind.PROBE: Role.PROBE}
_NO_HEADERS: Mapping[str, str] = {}
_ROBOTS_LASTS = 24 * 3600.0  # seconds; RFC 9309 2.4


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Not asked for: `robots` (the rules forbid it) or `robots-unreachable` (so the whole host is left alone)."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an item, the answers to robots.txt requests made on the way, and what it was asked with. `requests`
    counts what was sent for it, `seconds` is how long the answer took, `delay` the pause that the host is given."""

    item: Item
    outcome: Exchange | FetchFailure | Forbidden
    robots: tuple[Exchange, ...] = ()
    asked: Validators | None = None
    requests: int = 0
    seconds: float = 0.0
    delay: float = 0.0


class Lanes:
    """All lanes of a run."""

    def __init__(self, config: Config, world: World, *, private_hosts: frozenset[str]) -> None:
        self._config, self._world, self._private_hosts = config, world, private_hosts
        self._tls = trust(config.crawl.ca_file)
        self._lanes: dict[str, _Lane] = {}
        self._done: queue.Queue[Done] = queue.Queue()
        self._out: dict[str, Item] = {}

    @property
    def busy(self) -> bool:
        """Whether any answer is still to come."""
        return bool(self._out)

    def is_busy(self, host: str) -> bool:
        return host in self._out

    def submit(self, item: Item, validators: Validators | None = None) -> None:
        """Hands an item to its host's lane, which must be idle; with validators it is asked whether it changed."""
        lane = self._lanes.get(item.host)
        if lane is None:
            lane = self._lanes[item.host] = _Lane(
                item.host, self._config, self._world, self._private_hosts, self._done, self._tls
            )
            lane.start()
        self._out[item.host] = item
        lane.jobs.put((item, validators))

    def next_done(self) -> Done | None:
        """The next result; None when none came within half a second, so that the caller can look around."""
        try:
            done = self._done.get(timeout=0.5)
        except queue.Empty:
            return None
        self._out.pop(done.item.host, None)
        return done

    def unanswered(self) -> list[Item]:
        """Items that no result came for, at the end of a run."""
        return list(self._out.values())

    def stop(self) -> None:
        """Ends the lanes; one that is in the middle of a request is not waited for."""
        for lane in self._lanes.values():
            lane.jobs.put(None)

    def close(self) -> None:
        """Ends the lanes and waits for them a moment: all together, since a run that is stopped ends within seconds."""
        self.stop()
        until = time.monotonic() + 2
        for lane in self._lanes.values():
            lane.join(timeout=max(0.0, until - time.monotonic()))


class _Lane(threading.Thread):
    def __init__(
        self,
        host: str,
        config: Config,
        world: World,
        private_hosts: frozenset[str],
        done: "queue.Queue[Done]",
        tls: ssl.SSLContext,
    ) -> None:
        super().__init__(name=f"lane {host}", daemon=True)
        self.jobs: queue.Queue[tuple[Item, Validators | None] | None] = queue.Queue()
        self._host, self._config, self._world, self._done = host, config, world, done
        crawl = config.crawl
        self._fetcher = Fetcher(
            user_agent=config.user_agent,
            limits=Limits(
                timeout=crawl.timeout_seconds,
                total_timeout=crawl.total_timeout_seconds,
                attempts=crawl.attempts,
                max_retry_wait=crawl.max_retry_wait_seconds,
                max_bytes={
                    Role.PAGE: int(crawl.max_page_megabytes * 1_000_000),
                    Role.MEDIA: int(crawl.max_media_megabytes * 1_000_000),
                    Role.SITEMAP: 52_428_800,  # sitemaps.org: 50 MiB
                    Role.PROBE: int(crawl.max_page_megabytes * 1_000_000),
                    Role.ROBOTS: 1_000_000,
                },
            ),
            world=world,
            private_hosts=private_hosts,
            tls=tls,
        )
        self._fetcher.delay = crawl.delay_seconds
        self._last_ended: float | None = None
        self._rules: Rules | None = None
        self._rules_read_at = 0.0
        self._robots_detail = ""

    def run(self) -> None:
        try:
            while (job := self.jobs.get()) is not None:
                self._done.put(self._work(*job))
        finally:
            self._fetcher.close()

    def _work(self, item: Item, asked: Validators | None) -> Done:
        """Whatever goes wrong with one address becomes its failure: a lane that died would leave the run waiting."""
        robots: tuple[Exchange, ...] = ()
        outcome: Exchange | FetchFailure | Forbidden
        fetcher, sent = self._fetcher, self._fetcher.requests
        try:
            robots = self._refresh_rules(item.url)
            outcome = self._ask(item, asked)
        except Exception as error:
            detail = f"{type(error).__name__}: {error}"[:300]
            outcome = FetchFailure(item.url, FailureReason.BROKEN, detail, self._stamp())
        return Done(item, outcome, robots, asked, fetcher.requests - sent, fetcher.seconds, fetcher.delay)

    def _stamp(self) -> str:
        return self._world.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def _ask(self, item: Item, asked: Validators | None) -> Exchange | FetchFailure | Forbidden:
        assert self._rules is not None
        if not self._rules.reachable:
            return Forbidden("robots-unreachable", self._robots_detail)
        if not self._rules.allows(item.url):
            return Forbidden("robots")
        return self._paced(item.url, _ROLES.get(item.kind, Role.PAGE), asked.headers if asked else {})

    def _refresh_rules(self, url: str) -> tuple[Exchange, ...]:
        """Reads robots.txt when there are no rules yet or they are a day old."""
        now = self._world.clock()
        if self._rules is not None and now - self._rules_read_at < _ROBOTS_LASTS:
            return ()
        self._rules_read_at = now
        exchanges: list[Exchange] = []
        scheme = url.partition("://")[0]
        address: str | None = f"{scheme}://{self._host}/robots.txt"
        self._rules = UNREACHABLE
        for _ in range(_ROBOTS_REDIRECTS + 1):
            if address is None or host_of(address) != self._host:
                self._rules = read_rules(404, b"")  # a redirect to elsewhere is not followed: as if there were none
                break
            answer = self._paced(address, Role.ROBOTS)
            if isinstance(answer, FetchFailure):
                self._robots_detail = f"{answer.reason}: {answer.detail}"
                break
            exchanges.append(answer)
            if 300 <= answer.status < 400:
                address = page_address(answer.header("location") or "", address)
                continue
            self._robots_detail = f"status {answer.status}"
            self._rules = read_rules(answer.status, answer.body)
            break
        asked = self._rules.crawl_delay(self._config.crawl.max_crawl_delay_seconds)
        self._fetcher.delay = max(self._config.crawl.delay_seconds, asked)
        return tuple(exchanges)

    def _paced(self, url: str, role: Role, headers: Mapping[str, str] = _NO_HEADERS) -> Exchange | FetchFailure:
        """Asks once the host's pause since the last answer, and any the server asked for, is over."""
        now = self._world.clock()
        wait = self._fetcher.not_before - now
        if wait > self._config.crawl.max_retry_wait_seconds:
            return FetchFailure(url, FailureReason.RESTING, f"{self._host}: for {wait:.0f} s more", self._stamp())
        if self._last_ended is not None:
            wait = max(wait, self._last_ended + self._fetcher.delay - now)
        if wait > 0:
            self._world.pause(wait)
        try:
            return self._fetcher.fetch(url, role, headers)
        finally:
            self._last_ended = self._world.clock()
