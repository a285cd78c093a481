"""The crawl without its records: the product's own frontier, lanes, fetcher and link finder, driven as `crawl.py`
drives them, and on demand its WARC files. What `susta crawl` does besides is what the tiers of the benchmark part.

    python -m crawling.ours URL FOLDER [--warc]        prints how many pages were fetched
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from selectolax.lexbor import LexborHTMLParser

from archive.warc import FOLDER_NAME, Exchange, WarcFiles
from scraper.addresses import Answer, Item, Kind
from scraper.config import Config, CrawlSettings, SiteSettings
from scraper.content import decode_content
from scraper.extract.page import Page
from scraper.fetch import World
from scraper.frontier import Frontier
from scraper.lanes import Done, Lanes
from scraper.links import find_links
from scraper.traps import found_at
from scraper.urls import Scope, host_of, make_scope


@dataclass(frozen=True, slots=True)
class Parsed:
    """As much of a page as links need."""

    tree: LexborHTMLParser
    base: str


@dataclass(slots=True)
class Drive:
    """One run on an empty folder."""

    frontier: Frontier
    lanes: Lanes
    scope: Scope
    warc: WarcFiles | None
    fetched: int = 0

    def go(self, url: str) -> None:
        self.frontier.begin_run(time.time(), [found_at(url, Kind.START)])
        while True:
            self._fill()
            if not self.lanes.busy:
                return
            done = self.lanes.next_done()
            if done is not None:
                self._fill()
                self._settle(done)

    def _fill(self) -> None:
        for host in self.frontier.waiting():
            if not self.lanes.is_busy(host) and (item := self.frontier.claim(host)) is not None:
                self.lanes.submit(item)

    def _settle(self, done: Done) -> None:
        for exchange in done.robots:
            if self.warc is not None:
                self.warc.append(exchange)
        if not isinstance(done.outcome, Exchange):
            self.frontier.fail(done.item, 1, "no answer")
            return
        self.fetched += 1
        if self.warc is not None:
            self.warc.append(done.outcome)
        self._follow(done.item, done.outcome)
        self.frontier.answer(done.item, Answer(done.outcome.status, Kind.PAGE, None, None, 1))

    def _follow(self, item: Item, exchange: Exchange) -> None:
        decoded = decode_content(exchange.body, exchange.header("content-encoding"), 20_000_000)
        page = cast(Page, Parsed(LexborHTMLParser(decoded.body), item.url))
        found = [found_at(url, Kind.PAGE) for url in find_links(page, self.scope)]
        self.frontier.add(found, item.url, time.time())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--warc", action="store_true", help="keep every exchange, durable before it is worked on")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    config = Config(site=SiteSettings(start_urls=[options.url], media_hosts=[]), crawl=CrawlSettings(delay_seconds=0.0))
    world = World(pause=lambda _: False, stopped=lambda: False)
    lanes = Lanes(config, world, private_hosts=frozenset((host_of(options.url),)))
    warc = WarcFiles(options.folder / FOLDER_NAME, software="benchmark") if options.warc else None
    drive = Drive(Frontier(options.folder), lanes, make_scope((options.url,), (), ()), warc)
    drive.go(options.url)
    lanes.close()
    drive.frontier.close()
    if warc is not None:
        warc.close()
    print(drive.fetched)
    return 0


if __name__ == "__main__":
    sys.exit(main())
