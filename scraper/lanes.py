"""One lane a host: a thread that asks for one address at a time, in the host's own pace, obeying its robots.txt.

`crawl.py` submits an item to an idle lane and takes results from any. A lane never touches a file or a database.
"""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC

from archive.captures import Validators
from archive.records import Role
from archive.warc import Exchange
from scraper.addresses import Item, Kind
from scraper.config import Config
from scraper.fetch import FailureReason, Fetcher, FetchFailure, Limits, World, trust
from scraper.pace import Memory, PaceSettings
from scraper.robots_book import RobotsBook
from scraper.urls import host_of
from scraper.watch import Patience

_ROLES = {Kind.MEDIA: Role.MEDIA, Kind.SITEMAP: Role.SITEMAP, Kind.PROBE: Role.PROBE}
_NO_HEADERS: Mapping[str, str] = {}
_NO_MEMORIES: Mapping[str, Memory] = {}


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

    def __init__(
        self,
        config: Config,
        world: World,
        *,
        private_hosts: frozenset[str],
        may_ask: Callable[[str], bool] = lambda _: False,
        memories: Mapping[str, Memory] = _NO_MEMORIES,
    ) -> None:
        """`may_ask` says whether an address is within the crawl's scope, where a robots.txt redirects to another
        host. `memories` are what earlier runs knew of hosts."""
        self._config, self._world, self._private_hosts = config, world, private_hosts
        self._memories = memories
        self._tls = trust(config.crawl.ca_file)
        self._robots = RobotsBook(self._ask_for_robots, may_ask, world.clock)
        self._fetchers: dict[str, Fetcher] = {}
        self._fetchers_lock = threading.Lock()
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
            lane = _Lane(self._fetcher_of(item.host), self._robots, self._config, self._world, self._done)
            self._lanes[item.host] = lane
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
        if not any(lane.is_alive() for lane in self._lanes.values()):
            for fetcher in self._fetchers.values():
                fetcher.close()

    def _fetcher_of(self, host: str) -> Fetcher:
        """The one client of a host. Its lane uses it, and any other whose robots.txt redirects there."""
        with self._fetchers_lock:
            if host not in self._fetchers:
                fetcher = self._fetchers[host] = Fetcher(
                    user_agent=self._config.user_agent,
                    limits=_limits(self._config),
                    world=self._world,
                    private_hosts=self._private_hosts,
                    tls=self._tls,
                    pace=_pace(self._config),
                )
                if host in self._memories:
                    fetcher.pace.recall(self._memories[host], *self._moment())
            return self._fetchers[host]

    def memories(self) -> dict[str, Memory]:
        """What the next run is to know of hosts, as things stand."""
        moment = self._moment()
        with self._fetchers_lock:
            found = {host: fetcher.pace.memory(*moment) for host, fetcher in self._fetchers.items()}
        return {host: memory for host, memory in found.items() if memory is not None}

    def _moment(self) -> tuple[float, float]:
        """Now, by the run's clock and in seconds since 1970."""
        return self._world.clock(), self._world.now().timestamp()

    def _ask_for_robots(self, url: str) -> Exchange | FetchFailure:
        return self._fetcher_of(host_of(url)).fetch(url, Role.ROBOTS)


def _limits(config: Config) -> Limits:
    crawl = config.crawl
    page = int(crawl.max_page_megabytes * 1_000_000)
    return Limits(
        patience=Patience(
            connect=min(crawl.connect_timeout_seconds, crawl.timeout_seconds),
            first_byte=min(crawl.first_byte_timeout_seconds, crawl.timeout_seconds),
            piece=crawl.timeout_seconds,
            total=crawl.total_timeout_seconds,
        ),
        attempts=crawl.attempts,
        max_retry_wait=crawl.max_retry_wait_seconds,
        max_bytes={
            Role.PAGE: page,
            Role.MEDIA: int(crawl.max_media_megabytes * 1_000_000),
            Role.SITEMAP: 52_428_800,  # sitemaps.org: 50 MiB
            Role.PROBE: page,
            Role.ROBOTS: 1_000_000,
        },
    )


def _pace(config: Config) -> PaceSettings:
    crawl = config.crawl
    return PaceSettings(crawl.delay_seconds, crawl.delay_factor, crawl.max_delay_seconds)


class _Lane(threading.Thread):
    def __init__(
        self, fetcher: Fetcher, robots: RobotsBook, config: Config, world: World, done: "queue.Queue[Done]"
    ) -> None:
        super().__init__(name="lane", daemon=True)
        self.jobs: queue.Queue[tuple[Item, Validators | None] | None] = queue.Queue()
        self._fetcher, self._robots, self._config, self._world, self._done = fetcher, robots, config, world, done

    def run(self) -> None:
        while (job := self.jobs.get()) is not None:
            self._done.put(self._work(*job))

    def _work(self, item: Item, asked: Validators | None) -> Done:
        """Whatever goes wrong with one address becomes its failure: a lane that died would leave the run waiting."""
        robots: list[Exchange] = []
        outcome: Exchange | FetchFailure | Forbidden
        fetcher, sent = self._fetcher, self._fetcher.requests
        try:
            outcome = self._ask(item, asked, robots)
        except Exception as error:
            at = self._world.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            outcome = FetchFailure(item.url, FailureReason.BROKEN, f"{type(error).__name__}: {error}"[:300], at)
        return Done(item, outcome, tuple(robots), asked, fetcher.requests - sent, fetcher.seconds, fetcher.pace.delay)

    def _ask(self, item: Item, asked: Validators | None, robots: list[Exchange]) -> Exchange | FetchFailure | Forbidden:
        """Asks for an item where its host's rules permit it; answers had on the way to them are added to `robots`."""
        found = self._robots.look_up(item.url)
        robots += found.exchanges
        rules = found.rules
        if found.stopped is not None:
            return found.stopped
        if not rules.reachable:
            return Forbidden("robots-unreachable", rules.detail)
        self._fetcher.pace.crawl_delay = rules.crawl_delay(self._config.crawl.max_crawl_delay_seconds)
        if not rules.allows(item.url):
            return Forbidden("robots")
        return self._fetcher.fetch(item.url, _ROLES.get(item.kind, Role.PAGE), asked.headers if asked else _NO_HEADERS)
