"""`susta demo`: serves the embedded demo site on loopback, crawls it, shows and exports what came out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.entries import ALL
from archive.export_json import write_json
from archive.query import Archive, Record
from archive.writing import whole_file
from scraper.config import Config, CrawlSettings, SiteSettings
from scraper.crawl import crawl
from scraper.demo import DemoSite
from scraper.fetch import World
from scraper.report import Report, Step

_HOST = "susta.example"  # a name reserved for examples (RFC 2606), so that records of two demos are alike


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What a demo came to."""

    report: Report
    sample: Record
    exported: int
    export_file: Path


def demonstrate(
    folder: Path,
    *,
    articles: int,
    edition: int,
    pause: Callable[[float], bool],
    stopped: Callable[[], bool],
    watch: Callable[[Step], None],
) -> Demonstration:
    """Crawls the demo site into `folder`. On the second edition every known page is asked for again."""
    config = Config(
        site=SiteSettings(start_urls=[f"http://{_HOST}/"], media_hosts=[]),
        crawl=CrawlSettings(delay_seconds=0.0, contact="demo"),
    )
    with DemoSite(articles=articles, edition=edition, host_name=_HOST) as site:
        port = int(site.base_url.rstrip("/").rpartition(":")[2])
        world = World(pause=pause, stopped=stopped, connect_to={_HOST: ("127.0.0.1", port)})
        report = crawl(config, folder, everything=edition > 1, world=world, watch=watch)
    export_file = folder / "exports" / "articles.json"
    export_file.parent.mkdir(parents=True, exist_ok=True)
    with Archive.open(folder) as archive, whole_file(export_file) as out:
        exported = write_json(archive, ALL, out)
        telling = (r for r in archive.records() if r.photos and r.photos[0]["caption"] and r.byline and r.date)
        sample = next(telling, None)
        sample = sample or next(archive.records())
    return Demonstration(report, sample, exported, export_file)
