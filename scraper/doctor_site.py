"""What the doctor finds at the site: asked as a crawl would (its pace, robots.txt and limits), and kept nowhere.

A crawl of a few pages into a folder that goes away again, stopped as soon as one article was read: so what is seen is
what a crawl will do.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from archive import schema
from archive.errors import NothingCrawled, SustaError
from archive.query import Archive, Record
from archive.warc import StoredExchange
from scraper.config import AGENT_NAME, Config
from scraper.console import safe
from scraper.crawl import crawl
from scraper.doctor import Check, Verdict, check_clock
from scraper.fetch import World
from scraper.report import Report, Step
from scraper.robots import read_rules, text_of
from scraper.robots_text import lines_of, spoken_to

_PAGES = 15
_MOST_LINES = 12
_ADVICE = {
    "dns": "Is the machine online, and the address right ([site] start_urls)?",
    "connect": "Is the machine online? A firewall may be in between.",
    "tls": "The clock, or the server's certificates: [crawl] ca_file names one that the server leaves out.",
    "timeout": "Try again later; the site may be slow, or a firewall swallows what is asked.",
    "blocked-address": "The name resolves to a private address: a captive network, perhaps.",
    "robots": "The site's robots.txt forbids it, or could not be had: ask its operators.",
}


def site_checks(config: Config, world: World) -> Iterator[Check]:
    """Asks the site, and yields what there is to say of it. Takes up to a minute: the pauses of a crawl hold."""
    with tempfile.TemporaryDirectory(prefix="susta-doctor-") as name:
        folder = Path(name)
        report, trouble = _few_pages(config, folder, world)
        exchanges: list[StoredExchange] = []
        record: Record | None = None
        if (folder / "archive.db").exists():
            db = schema.connect(folder / "archive.db", read_only=True)
            ids = [capture_id for (capture_id,) in db.execute("SELECT id FROM captures ORDER BY id LIMIT 60")]
            db.close()
            with Archive.open(folder) as archive:
                exchanges = [archive.capture(capture_id) for capture_id in ids]
                record = next(archive.records(), None)
    yield _reachable(config, exchanges, report, trouble)
    robots = [each for each in exchanges if each.capture.role == "robots"]
    if robots:
        yield read_aloud(robots[0])
    dated = next((each for each in exchanges if each.header("date")), None)
    if dated is not None:
        yield _clock(dated)
    if trouble is None:
        yield _article(record, report)


def _few_pages(config: Config, folder: Path, world: World) -> tuple[Report | None, SustaError | None]:
    settings = config.crawl.model_copy(update={"fetch_media": False, "min_free_megabytes": 0.0})
    archive = config.archive.model_copy(update={"log_file": None})
    seen: list[str] = []

    def watch(step: Step) -> None:
        seen.append(step.what)

    stopping = replace(world, stopped=lambda: world.stopped() or "new" in seen)
    try:
        chosen = config.model_copy(update={"crawl": settings, "archive": archive})
        return crawl(chosen, folder, limit=_PAGES, world=stopping, watch=watch), None
    except NothingCrawled as error:
        return error.report if isinstance(error.report, Report) else None, error
    except SustaError as error:
        return None, error


def _reachable(
    config: Config, exchanges: list[StoredExchange], report: Report | None, trouble: SustaError | None
) -> Check:
    """DNS, connection, TLS and redirects, by what became of the start pages."""
    start = config.site.start_urls[0]
    if trouble is not None:
        more = [each for each in (report.problems if report else ()) if each not in str(trouble)]
        problems = tuple(map(safe, more[:3]))
        text = " ".join((str(trouble), *problems))
        advice = next((words for name, words in _ADVICE.items() if f"{name}" in text), trouble.advice)
        return Check("site", Verdict.AMISS, safe(str(trouble)), advice, problems)
    led = [each.capture for each in exchanges if each.capture.location and each.capture.role == "page"]
    lines = tuple(
        f"{safe(each.url)} answers {each.status} and leads to {safe(each.location or '')}" for each in led[:3]
    )
    secure = "over TLS, with a certificate that is trusted" if start.startswith("https://") else "without TLS"
    return Check("site", Verdict.FINE, f"{start} answers {secure}", lines=lines)


def read_aloud(stored: StoredExchange) -> Check:
    """What robots.txt asks of us, in sentences."""
    capture = stored.capture
    coding = stored.header("content-encoding")
    rules = read_rules(capture.status, stored.body, coding=coding, url=capture.url)
    if not rules.reachable:
        return Check(
            "robots.txt", Verdict.AMISS, f"it could not be had ({rules.detail}), so nothing is asked", _ADVICE["robots"]
        )
    if rules.parsed is None:
        return Check("robots.txt", Verdict.FINE, f"there is none (status {capture.status}): nothing is forbidden")
    lines = _ours(text_of(stored.body, coding).body)
    root = f"{capture.url.rpartition('/robots.txt')[0]}/"
    delay = rules.crawl_delay(86_400)
    said = [f"pauses of {delay:g} s"] if delay else []
    said += [f"{len(rules.sitemaps)} sitemaps are named"] if rules.sitemaps else []
    if not rules.allows(root):
        return Check("robots.txt", Verdict.AMISS, f"it forbids {AGENT_NAME} the start page", _ADVICE["robots"], lines)
    what = "it asks for: " + ", ".join(said) if said else "it lets us in"
    return Check("robots.txt", Verdict.FINE, what, lines=lines or ("It forbids nothing to us.",))


def _ours(body: bytes) -> tuple[str, ...]:
    """The rules of the group that holds for us, as sentences."""
    groups: dict[str, list[str]] = {}
    agents: list[str] = []
    open_group = False
    for field, value in lines_of(body):
        if field == "User-agent":
            agents = [*(agents if open_group else []), spoken_to(value)]
            open_group = True
        elif field in ("Allow", "Disallow", "Crawl-delay"):
            open_group = False
            if value:
                words = {"Allow": "may be asked for", "Disallow": "is left alone", "Crawl-delay": "seconds between two"}
                for agent in agents:
                    groups.setdefault(agent, []).append(f"{safe(value[:100])} {words[field]}")
    found = groups.get(AGENT_NAME) or groups.get("*") or []
    more = [f"and {len(found) - _MOST_LINES} rules more"] if len(found) > _MOST_LINES else []
    return (*found[:_MOST_LINES], *more)


def _clock(stored: StoredExchange) -> Check:
    try:
        server = parsedate_to_datetime(stored.header("date") or "")
    except ValueError:
        return Check("clock", Verdict.FINE, "the server gives no time that can be read")
    server = server if server.tzinfo else server.replace(tzinfo=UTC)
    return check_clock(datetime.fromisoformat(stored.capture.fetched_at), server)


def _article(record: Record | None, report: Report | None) -> Check:
    """One article as it will stand in the archive, to compare with the page in a browser."""
    if record is None:
        asked = report.fetched if report else 0
        return Check(
            "article",
            Verdict.REMARK,
            f"no article among the {asked} pages that were asked for",
            "Look at one with `susta inspect URL`.",
        )
    first = next(iter(record.body), "")
    lines = [
        f"Title: {record.title}",
        f"Byline: {record.byline or 'none found'}",
        f"Date: {record.date or 'none found'}",
        f"Photos: {len(record.photos)}, captions: {sum(1 for photo in record.photos if photo['caption'])}",
        f"Text: {len(record.body)} paragraphs; {first[:160]}",
        f"Credit: {record.source.credit} ({record.source.notice})",
    ]
    return Check("article", Verdict.FINE, safe(record.url), lines=tuple(map(safe, lines)))
