"""The same crawl by Scrapy: every page, every link in `a` and `area`, nothing kept but its own requests.

    python spider.py URL [--jobdir DIR] [--log FILE]   prints how many pages were fetched

With `--log` each page's address is written there once it was worked on, as a spider's item would be. Runs in an
environment of its own (requirements-crawlers.lock), so nothing of this project is imported.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response


class Pages(scrapy.Spider):
    name = "pages"

    def __init__(self, url: str, log: Path | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start_urls = [url]
        self.allowed_domains = [urlsplit(url).hostname or ""]
        self.log_file = log.open("a", buffering=1) if log else None
        self.fetched = 0

    def parse(self, response: Response, **_: Any) -> Iterator[scrapy.Request]:
        self.fetched += 1
        if b"html" in (response.headers.get("Content-Type") or b""):
            yield from response.follow_all(css="a[href], area[href]")
        if self.log_file:
            self.log_file.write(response.url + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--jobdir", type=Path, help="where Scrapy keeps its requests, so that it can be resumed")
    parser.add_argument("--log", type=Path)
    options = parser.parse_args()
    settings: dict[str, object] = {
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_DELAY": 0,
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
    }
    if options.jobdir:
        settings["JOBDIR"] = str(options.jobdir)
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(Pages)
    process.crawl(crawler, url=options.url, log=options.log)
    process.start()
    assert isinstance(crawler.spider, Pages)
    print(crawler.spider.fetched)
    return 0


if __name__ == "__main__":
    sys.exit(main())
