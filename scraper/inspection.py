"""One page read with everything the rules found on the way, from a file, from the archive or from the site."""

import os
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from archive.errors import ArchiveUnusable, ConfigError, NothingCrawled
from archive.query import Archive, record_of
from archive.records import DOUBTS, REFUSAL_MEANINGS, Article, DateKind, FieldReason
from scraper.config import Config
from scraper.crawl import crawl
from scraper.derive import source_for
from scraper.extract import Reading, read, with_second_opinion
from scraper.extract.frame import Frame, frame_from_json
from scraper.extract.second import Comparison, compare
from scraper.extract.trace import Fate, explain
from scraper.fetch import World
from scraper.reading import read_stored
from scraper.urls import host_of, page_address


@dataclass(frozen=True, slots=True)
class Inspection:
    """A page and all that can be said of how it was read. `second` is None for a page that is no article."""

    url: str
    origin: str
    framed: bool
    reading: Reading
    fates: list[Fate]
    second: Comparison | None
    config: Config

    def as_dict(self) -> dict[str, Any]:
        """As JSON: `record` or `refusal`, `reasons` by field, `doubts`, `second_opinion`, `lines`."""
        outcome = self.reading.outcome
        found: dict[str, Any] = {"url": self.url, "origin": self.origin, "frame_known": self.framed}
        if isinstance(outcome, Article):
            source, _ = source_for(outcome.site, outcome.notice, self.config)
            found["record"] = record_of(outcome, source).as_dict()
            found["kicker"] = outcome.kicker
            found["reasons"] = {name: asdict(reason) for name, reason in outcome.reasons.items()}
            found["doubts"] = {doubt: DOUBTS[doubt][1] for doubt in outcome.doubts}
        else:
            meaning = REFUSAL_MEANINGS[outcome.reason]
            found["refusal"] = {"reason": outcome.reason, "detail": outcome.detail, "meaning": meaning}
        found["second_opinion"] = asdict(self.second) if self.second else None
        found["lines"] = [asdict(fate) for fate in self.fates]
        return found


def read_file(path: Path) -> bytes:
    """The bytes of a saved page. Raises ConfigError, in words, when they cannot be had."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}") from error


def inspect_file(path: Path, url: str, content_type: str, config: Config, archive: Path | None = None) -> Inspection:
    """A saved page, read with the frame that an archive last learned of its site; without one no frame is known."""
    body, frame = read_file(path), Frame()
    if archive is not None:
        with Archive.open(archive) as opened:
            learned = opened.frame_of(host_of(url))
            frame = frame_from_json(learned) if learned else frame
    reading = read(body, url, content_type, frame, config.profile.selectors)
    return _inspection(url, str(path), frame, with_second_opinion(reading), config)


def inspect_archived(url: str, folder: Path, config: Config) -> Inspection | None:
    """The newest capture of an address, read with the frame that its record was; None when the archive has none."""
    try:
        archive = Archive.open(folder)
    except ArchiveUnusable:
        if os.path.lexists(folder / "archive.db"):
            raise
        return None
    with archive:
        found = archive.newest_page(page_address(url, url) or url) or archive.newest_page(url)
        if found is None:
            return None
        address, capture_id, learned = found
        posted = archive.posted_day(address)
        stored = archive.capture(capture_id)
    frame = frame_from_json(learned) if learned else Frame()
    reading = with_second_opinion(read_stored(stored, frame, config))
    if posted and isinstance(reading.outcome, Article):
        reading = replace(reading, outcome=_posted(reading.outcome, *posted))
    return _inspection(
        address, f"captured {stored.capture.fetched_at[:19]}Z, {stored.capture.warc_file}", frame, reading, config
    )


def inspect_fetched(url: str, config: Config, world: World) -> Inspection:
    """A page asked for as a crawl would: robots.txt, pace and limits hold. Nothing of it is kept.

    Raises NothingCrawled when it cannot be had.
    """
    settings = config.crawl.model_copy(update={"fetch_media": False})
    with tempfile.TemporaryDirectory(prefix="susta-inspect-") as name:
        folder = Path(name)
        refused: NothingCrawled | None = None
        try:
            crawl(config.model_copy(update={"crawl": settings}), folder, start_urls=(url,), limit=1, world=world)
        except NothingCrawled as error:
            refused = error
        found = inspect_archived(url, folder, config)
    if found is None:
        if refused is not None:
            raise refused
        raise ConfigError(f"{url} did not answer with a page; `susta crawl {url} --limit 1` says more")
    return found


def _posted(article: Article, day: str, evidence: str) -> Article:
    """The record with the day that a listing gives for it, as the archive has it."""
    reasons = article.reasons | {"date": FieldReason("a listing's day for it", 0.9)}
    return replace(article, date=day, date_kind=DateKind.POSTED, date_evidence=evidence, reasons=reasons)


def _inspection(url: str, origin: str, frame: Frame, reading: Reading, config: Config) -> Inspection:
    outcome, page = reading.outcome, reading.page
    second = compare(outcome, page.html) if isinstance(outcome, Article) and page else None
    return Inspection(url, origin, bool(frame), reading, explain(reading, frame), second, config)
