"""What on a page is the article. Pure: bytes in, `Article` or `Refusal` out; no I/O, no clock.

    bytes ─ charset ─► text ─ memory (stand-ins for elements that other pages have) ─► tree ─ walk ─► lines of the page
        lines of the page ─ region (title, frame, words) ─► lines of the article
                                                                 │
        judge (is it one?) ◄─────────────────────────────────────┤
                                                                 ▼
        repeated titles ─► photos and captions ─► attachments ─► byline ─► body blocks ─► date

Rules rest on what a page says and on how pages repeat one another, never on a tag's class. Tried and rejected: general
extractors first (they lose bylines and keep captions), and scoring subtrees (tables and unclosed tags defeat it).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.records import Article, Doubt, FieldReason, Posting, Refusal, RefusalReason
from scraper.extract import vocabulary as words
from scraper.extract.attachments import read_attachments
from scraper.extract.body import read_blocks
from scraper.extract.byline import Byline, find_byline, picked_byline
from scraper.extract.dates import Day, brief_dateline, dateline, dateline_below, document_day, picked_day
from scraper.extract.doubts import find_doubts
from scraper.extract.frame import Frame, Traits, traits_of
from scraper.extract.judge import refuse_bytes, refuse_page, refuse_place
from scraper.extract.lines import Line, LineKind, Lines
from scraper.extract.lists import without_layout_list
from scraper.extract.page import Page, parse_page
from scraper.extract.photos import Gallery, read_photos
from scraper.extract.postings import read_postings
from scraper.extract.profile import Profile
from scraper.extract.region import Region, find_region
from scraper.extract.repeats import Repeats, find_repeats
from scraper.extract.second import compare, second_opinion
from scraper.extract.text import is_capitals
from scraper.extract.title import find_counters, find_title, picked_title
from scraper.urls import category_of, host_of, page_address, site_id_of

EXTRACTOR = "susta-6"
_NO_FRAME = Frame()
# How sure the body is by what ended it: words known of this site most, the page's end least.
_END_SURE = {
    "widget-heading": 0.98,
    "frame": 0.98,
    "owner": 0.95,
    "aside": 0.95,
    "banner": 0.9,
    "statistics": 0.95,
    "counter": 0.9,
    "neighbours": 0.9,
    "links": 0.9,
    "page-end": 0.7,
    "profile": 1.0,
}


@dataclass(frozen=True, slots=True)
class Steps:
    """What the rules found on the way to a record, for explaining it. Indexes in `places` are the page's; all others
    count `lines`, the article's own."""

    region: Region
    places: tuple[int, ...]
    lines: tuple[Line, ...]
    repeats: Repeats
    gallery: Gallery
    labels: frozenset[int]
    byline: Byline | None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one parse of a page gives: the outcome, the condition the page states, and the posting days it gives for
    other pages. `page` is None when the bytes were not even HTML; `region` is where an article was looked for, `steps`
    how it was read. `lent` are the page's traits where the page itself was left behind."""

    outcome: Article | Refusal
    notice: str | None = None
    postings: tuple[Posting, ...] = ()
    page: Page | None = None
    region: Region | None = None
    steps: Steps | None = None
    lent: Traits | None = None

    def traits(self) -> Traits | None:
        """What an article's page lends to learning the frame; None for a page that is none."""
        if self.lent is not None:
            return self.lent
        if not isinstance(self.outcome, Article) or self.page is None or self.region is None:
            return None
        category = category_of(self.page.url) or ""
        return traits_of(self.page.lines, self.region.title.first, self.region.start, self.region.end, category)


def extract(
    body: bytes, url: str, content_type: str | None, frame: Frame = _NO_FRAME, profile: Profile | None = None
) -> Article | Refusal:
    """The article of a captured page, or why there is none.

    `body` is free of content coding; `content_type` is the header's value or None; `frame` is what the crawl has
    learned of the site's recurring parts; `profile` holds the user's selectors, if any. Raises nothing on any input.
    """
    return read(body, url, content_type, frame, profile).outcome


def read(
    body: bytes, url: str, content_type: str | None, frame: Frame = _NO_FRAME, profile: Profile | None = None
) -> Reading:
    """As `extract`, with everything else the crawl wants from the same parse."""
    try:
        return _read(body, url, content_type, frame, profile)
    except Exception as error:  # one page that no rule foresaw must not stop every crawl and rebuild from here on
        return Reading(Refusal(url, RefusalReason.EXTRACTOR_ERROR, f"{type(error).__name__}: {error}"[:200]))


def with_second_opinion(reading: Reading) -> Reading:
    """A reading, with one doubt more where it is an article and trafilatura strongly disagrees."""
    article, page = reading.outcome, reading.page
    if not isinstance(article, Article) or page is None or Doubt.SECOND_DIFFERS in article.doubts:
        return reading
    if not compare(article, page.html).strong:
        return reading
    return replace(reading, outcome=replace(article, doubts=(*article.doubts, Doubt.SECOND_DIFFERS)))


def _read(body: bytes, url: str, content_type: str | None, frame: Frame, profile: Profile | None) -> Reading:
    refusal = refuse_bytes(body, content_type, url)
    if refusal:
        return Reading(refusal)
    page = parse_page(body, url, content_type, profile)
    refusal = refuse_place(url)
    lines = page.lines.lines
    counters = find_counters(page.lines)
    title = None if refusal else find_title(page.lines, url, page.head, counters)
    if page.picked.title and not refusal:
        title = picked_title(lines, page.picked.title, title)
    region = find_region(page.lines, title, url, frame, counters) if title else None
    notice = find_notice(page.lines, region)
    refusal = refusal or refuse_page(page.lines, url, region, len(counters))
    if refusal is None:
        assert region is not None
        if page.picked.body is not None:
            page, region = _at_picked_body(page, page.picked.body, region)
        outcome, steps = _read_article(page, region, notice, frame)
        if isinstance(outcome, Article):
            return Reading(outcome, notice, page=page, region=region, steps=steps)
        refusal = outcome
    postings: tuple[Posting, ...] = ()
    if refusal.reason in (RefusalReason.LISTING, RefusalReason.HOME):
        postings = read_postings(page.lines, page.base)
    return Reading(refusal, notice, postings, page, region)


def find_notice(page: Lines, region: Region | None) -> str | None:
    """The condition for reuse that a page states, in its own words; the last such line, since footers come last. An
    article may speak of conditions too."""
    places = [start + at for start, run in page.over(_notices, _notices) for at in run]
    outside = [at for at in places if region is None or not region.start <= at < region.end]
    return page.lines[outside[-1]].text if outside else None


def _notices(lines: Sequence[Line]) -> list[int]:
    return [at for at, line in enumerate(lines) if words.is_notice(line.text)]


def _at_picked_body(page: Page, body: Lines, region: Region) -> tuple[Page, Region]:
    """The page and the place as if there were nothing but what the profile's selector picked."""
    end = len(body.lines)
    region = replace(region, start=0, end=end, cut=end, ended_by="profile", dropped={}, counter=None)
    return replace(page, lines=body), region


def _read_article(page: Page, region: Region, notice: str | None, frame: Frame) -> tuple[Article | Refusal, Steps]:
    every = page.lines.lines
    places = tuple(i for i in range(region.start, region.end) if i not in region.dropped)
    lines = [every[i] for i in places]
    repeats = find_repeats(lines, region.title.text)
    lines = without_layout_list(lines, page.lines, repeats.lines)
    told_again = [line if i not in repeats.lines else _blank(line) for i, line in enumerate(lines)]
    gallery = read_photos(told_again, page.lines, page.base)
    attachments, labels = read_attachments(lines, page.base)
    used = repeats.lines | gallery.captions | labels
    picked = page.picked.byline
    byline = picked_byline(picked, lines) if picked else find_byline(lines, used, region.title.text)
    steps = Steps(region, places, tuple(lines), repeats, gallery, labels, byline)
    used |= byline.lines if byline else frozenset()
    blocks = read_blocks(lines, used, gallery.places)
    second = False
    if not any(block.text for block in blocks) and not (gallery.photos or attachments or any(b.rows for b in blocks)):
        paragraphs = _ask_second(page, region, frame)
        if not paragraphs:
            return Refusal(page.url, RefusalReason.NO_BODY), steps
        blocks = read_blocks(paragraphs, frozenset(), {})
        second = True
    url = _trusted_canonical(page) or page.url
    texts = [block.text for block in blocks if block.text]
    day = (picked_day(page.picked.date) if page.picked.date else None) or _find_day(texts, region.posted, lines)
    article = Article(
        url=url,
        site=host_of(url),
        site_id=site_id_of(url),
        category=category_of(url),
        title=region.title.text,
        blocks=blocks,
        photos=gallery.photos,
        attachments=attachments,
        kicker=repeats.kicker,
        byline=byline.name if byline else None,
        byline_role=byline.role if byline else None,
        affiliation=byline.affiliation if byline else None,
        date=day.iso if day else None,
        date_kind=day.kind if day else None,
        date_evidence=day.evidence if day else None,
        views=region.views,
        notice=notice,
        extractor=EXTRACTOR,
        reasons=_reasons(steps, day, second=second),
    )
    doubts = find_doubts(article, steps.lines, region, frame)
    return replace(article, doubts=doubts) if doubts else article, steps


def _reasons(steps: Steps, day: Day | None, *, second: bool) -> dict[str, FieldReason]:
    """For each field the rule that gave it, or that none did, and how sure that is."""
    region, byline = steps.region, steps.byline
    reasons = {
        "title": FieldReason(region.title.rule, region.title.confidence),
        "body": FieldReason("second-opinion", 0.3)
        if second
        else FieldReason(f"until {region.ended_by}", _END_SURE[region.ended_by]),
        "byline": FieldReason(byline.rule, byline.confidence) if byline else FieldReason("no line is one", 0.9),
        "date": FieldReason(day.rule, day.confidence) if day else FieldReason("no dateline", 0.9),
    }
    if byline and byline.affiliation:
        reasons["affiliation"] = FieldReason("below the byline", byline.confidence)
    if steps.repeats.kicker:
        reasons["kicker"] = FieldReason("before the repeated title", 0.9)
    if region.views is not None:
        reasons["views"] = FieldReason("counter", 0.99 if region.counter is not None else 0.8)
    for number, told in enumerate(steps.gallery.told):
        reasons[f"photos.{number}.caption"] = told or FieldReason("no line beside it is one", 0.8)
    if steps.labels:
        reasons["attachments"] = FieldReason("links to files", 0.95)
    return reasons


def _blank(line: Line) -> Line:
    """The title said again, for caption pairing: something that is no caption."""
    return Line(line.kind, line.text, line.paragraph, line.container, heading=line.heading or 1)


def _ask_second(page: Page, region: Region, frame: Frame) -> list[Line]:
    """Paragraphs of the second opinion that are neither the title nor known words of the frame."""
    found = []
    for number, text in enumerate(second_opinion(page.html)):
        known = words.is_owner_line(text) or words.is_widget_heading(text) or words.is_control(text)
        line = Line(LineKind.TEXT, text, number, 0)
        known = known or frame.holds(line) or words.STATISTICS.match(text) is not None
        if text != region.title.text and not known and words.counter_of(text) is None:
            found.append(line)
    return found if sum(len(line.text) for line in found) >= 200 else []


def _find_day(texts: list[str], posted: Day | None, lines: list[Line]) -> Day | None:
    """The dateline of the first running text, or of the one below a lead; else a day the page prints beside its title;
    else a document's own. A lead is set apart by its face, or is one short sentence; in capitals it is a title."""
    said = [text for text in texts if not is_capitals(text)] or texts
    running = [text for text in said[:5] if len(text) >= 40][:2]
    above = said[: said.index(running[0])] if running else said[:5]
    day = next(filter(None, map(brief_dateline, above)), None)
    if day is None and running:
        day = dateline(running[0])
    if day is None and len(running) == 2:
        lead, text = running
        apart = any(line.text == lead and _is_set_as_lead(line) for line in lines)
        day = dateline(text) if apart else dateline_below(lead, text)
    return day or posted or document_day([line.text for line in lines if line.text])


def _is_set_as_lead(line: Line) -> bool:
    title = line.align == "center" and line.text[-1:].isalnum()  # in other words than the page's
    return line.bold or line.italic or line.heading > 0 or title


def _trusted_canonical(page: Page) -> str | None:
    """The canonical address the page names, where it cannot be a mistake: same host, same article number."""
    if not page.head.canonical:
        return None
    named = page_address(page.head.canonical, page.base)
    if named is None or host_of(named) != host_of(page.url):
        return None
    number = site_id_of(named)
    return named if number is not None and number == site_id_of(page.url) else None
