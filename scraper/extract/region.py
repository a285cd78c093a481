"""Where on the page the article stands: its title line, where its body begins, and where it ends. Pure.

The title is the line that the address spells (slug rule), that the page's head names, and that the view counter
follows: facts of wording, not of markup. The body runs from there to the first line that is the frame's: learned, or a
widget's heading that widget content follows. A widget's wording inside prose, or as a heading above prose, ends
nothing.
"""

from dataclasses import dataclass
from functools import lru_cache

from archive.records import DateKind
from scraper.extract import vocabulary as words
from scraper.extract.dates import Day, lone_day, posted_line
from scraper.extract.frame import Frame
from scraper.extract.lines import Line, LineKind, Lines
from scraper.extract.text import is_capitals, key
from scraper.urls import host_of, is_media_file, may_follow, site_id_of, slug_in, slug_of

_NEAR = 6  # text lines within which title and counter belong together
_LONGEST_TITLE = 300
_MOST_TITLE_LINES = 5
_PROSE = 60  # characters from which an unlinked line with a sentence in it reads as prose


@dataclass(frozen=True, slots=True)
class Head:
    """What a page's <head> says, cleaned: candidates for the title, and the canonical address."""

    titles: tuple[str, ...] = ()
    canonical: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """The article's place: `lines[start:end]` without those in `dropped`. `counters` are the view counter lines."""

    title: str
    title_rule: str
    title_confidence: float
    title_line: int | None
    start: int
    end: int
    views: int | None
    counted: bool
    posted: Day | None
    dropped: frozenset[int]


def find_counters(lines: list[Line]) -> dict[int, int]:
    """The lines that show a view count, with the count; -1 where a label has no number."""
    found = {}
    for index, line in enumerate(lines):
        number = words.counter_of(line.text)
        if number is None or line.kind is not LineKind.TEXT:
            continue
        if number == -1 and index + 1 < len(lines):  # the number may stand on the next line
            digits = lines[index + 1].text.replace(".", "").replace(",", "").replace(" ", "")
            number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else -1
        found[index] = number
    return found


def find_region(page: Lines, url: str, head: Head, frame: Frame, counters: dict[int, int]) -> Region | None:
    """The article's place on the page; None when no title can be told. `counters` as `find_counters` gives them."""
    lines = page.lines
    framed = alike = frozenset[int]()
    if frame:
        framed = frozenset(index for index, line in enumerate(lines) if frame.holds(line))
        alike = frozenset(index for index, line in enumerate(lines) if index not in framed and frame.resembles(line))
    title = _find_title(lines, url, head, counters) or _title_in_head(lines, url, head, counters)
    if title is None:
        return None
    first, last, text, rule, confidence = title
    counter = _counter_after(lines, last, counters)
    start = (counter if counter is not None else last) + 1
    if counter is not None and counters[counter] >= 0 and words.counter_of(lines[counter].text) == -1:
        start += 1  # the number stood on a line of its own
    posted = next((day for line in lines[last + 1 : start] if line.text and (day := _posted(line.text))), None)
    end, skipped = _find_end(page, start, framed, alike, counters)
    start, end, late = _trim(page, start, end, framed, url)
    views = counters.get(counter) if counter is not None else None
    if counter is None:
        views = next(iter(counters.values())) if len(counters) == 1 else None
    return Region(
        title=text,
        title_rule=rule,
        title_confidence=confidence,
        title_line=first,
        start=start,
        end=end,
        views=views if views is not None and views >= 0 else None,
        counted=counter is not None or len(counters) == 1,
        posted=posted or late,
        dropped=framed | skipped | _dropped_inside(lines, start, end, url),
    )


def _counter_after(lines: list[Line], last: int, counters: dict[int, int]) -> int | None:
    """The counter that follows a title before any prose does."""
    seen = 0
    for index in range(last + 1, len(lines)):
        if index in counters:
            return index
        if lines[index].kind is LineKind.TEXT:
            seen += 1
        if seen > _NEAR or is_prose(lines[index]):
            return None
    return None


def _find_title(
    lines: list[Line], url: str, head: Head, counters: dict[int, int]
) -> tuple[int, int, str, str, float] | None:
    """(first line, last line, text, rule, confidence) of the title."""
    slug = slug_in(url).strip("-")
    named = {key(text) for text in head.titles}
    has_id = site_id_of(url) is not None
    before_counter = _lines_before_counters(lines, counters)
    best: tuple[float, int, int, str] | None = None
    for first, last, text in _title_candidates(lines, {slug[:1], *(name[:1] for name in named)}, before_counter):
        score, line = 0.0, lines[first]
        if slug and _same_slug(text, slug):
            score += 6 if has_id else 3
        wording = key(text)
        if wording in named or any(name.startswith(wording + " ") for name in named if len(wording) > 20):
            score += 4
        score += {1: 3, 2: 2, 3: 1}.get(line.heading, 0)
        score += 4 if last in before_counter else 0
        score -= 4 if line.linked > 0.9 else 0
        score -= 2 if line.listed else 0
        if best is None or score > best[0]:
            best = (score, first, last, text)
    if best is None or best[0] < 4:
        return None
    score, first, last, text = best
    rule = "address" if slug and _same_slug(text, slug) else "head" if key(text) in named else "counter"
    return first, last, text, rule, 0.99 if score >= 9 else 0.9 if score >= 6 else 0.6


def _title_in_head(
    lines: list[Line], url: str, head: Head, counters: dict[int, int]
) -> tuple[int, int, str, str, float] | None:
    """The title that the page's head spells as its address does, where no line says it (it may be a picture)."""
    slug = slug_in(url).strip("-")
    title = next((text for text in head.titles if slug and _same_slug(text, slug)), None)
    if title is None or site_id_of(url) is None:
        return None
    prose = next((index for index, line in enumerate(lines) if is_prose(line)), None)
    before = min(counters) if len(counters) == 1 else prose
    return None if not before else (before - 1, before - 1, title, "head-alone", 0.9)


def _title_candidates(lines: list[Line], initials: set[str], others: set[int]) -> list[tuple[int, int, str]]:
    """Lines and joined lines of one paragraph that could be a title: they open with one of the bare letters or digits
    in `initials`, as what they are compared with does, or end with one of the lines `others`."""
    found = []
    near = {index - back for index in others for back in range(_MOST_TITLE_LINES)}
    for index, line in enumerate(lines):
        if not 2 <= len(line.text) <= _LONGEST_TITLE:
            continue
        if index not in near and _initial(line.text) not in initials:
            continue
        if words.counter_of(line.text) is None and not words.is_owner_line(line.text):
            found.append((index, index, line.text))
        text, last = line.text, index
        while last + 1 < len(lines) and last - index + 1 < _MOST_TITLE_LINES:
            following = lines[last + 1]
            if following.kind is not LineKind.TEXT or following.paragraph != line.paragraph:
                break
            text, last = f"{text} {following.text}", last + 1
            if len(text) <= _LONGEST_TITLE:
                found.append((index, last, text))
    return found


def _initial(text: str) -> str:
    """The first letter or digit of a text's `key`; "" when there is none."""
    for character in text:
        bare = _bare(character)
        if bare:
            return bare
    return ""


@lru_cache(maxsize=1 << 10)
def _bare(character: str) -> str:
    return key(character)


def _lines_before_counters(lines: list[Line], counters: dict[int, int]) -> set[int]:
    """For each counter the text line just before it, passing over days and controls."""
    found = set()
    for counter in counters:
        index = counter - 1
        while index >= 0 and counter - index < _NEAR:
            line = lines[index]
            if line.kind is LineKind.TEXT and not posted_line(line.text) and not words.is_control(line.text):
                found.add(index)
                break
            index -= 1
    return found


def _same_slug(text: str, slug: str) -> bool:
    own = slug_of(text).strip("-")
    return own == slug or (len(slug) >= 90 and own.startswith(slug)) or (len(own) >= 90 and slug.startswith(own))


def is_prose(line: Line) -> bool:
    """Whether a line reads as running text of an article."""
    text = line.text
    if line.kind is not LineKind.TEXT or len(text) < _PROSE or line.linked > 0.5:
        return False
    return not is_capitals(text) and not words.is_owner_line(text)


def _posted(text: str) -> Day | None:
    """The day of a line that holds a day, perhaps with an hour and the view counter."""
    day = posted_line(text)
    if day is None and words.counter_of(text) is not None and (given := lone_day(words.without_counter(text))):
        day = Day(given[0], DateKind.POSTED, given[1], "day-beside-counter", 0.9)
    return day


def _find_end(
    page: Lines, start: int, framed: frozenset[int], alike: frozenset[int], counters: dict[int, int]
) -> tuple[int, frozenset[int]]:
    """The first line after the article, which is the frame's; and lines of widgets placed inside the article."""
    lines = page.lines
    skipped: set[int] = set()
    for index in range(start, len(lines)):
        line = lines[index]
        if line.kind is not LineKind.TEXT or index in skipped:
            continue
        if words.is_widget_heading(line.text) and _widget_follows(lines, index, framed):
            widget = _links_below(lines, index)
            if not (widget and _article_goes_on(page, start, index, max(widget))):
                return index, frozenset(skipped)
            skipped.update((index, *widget))
        elif index in counters or _is_statistics(lines, index) or _ends_here(lines, index, framed, alike):
            return index, frozenset(skipped)
    return len(lines), frozenset(skipped)


def _ends_here(lines: list[Line], index: int, framed: frozenset[int], alike: frozenset[int]) -> bool:
    """Whether a line is the tail of a page: links to neighbours, a line of the frame, or the owner's."""
    line = lines[index]
    if words.LABELLED_TAIL.match(line.text) and line.linked > 0.2:
        return True
    of_frame = (index in framed or index in alike) and not is_prose(line)
    of_owner = words.is_notice(line.text) or words.OWNER.match(line.text) is not None
    return (of_frame or of_owner) and not _prose_follows(lines, index, framed)


def _is_statistics(lines: list[Line], index: int) -> bool:
    """Whether a line is one of a block of visitor counts; a line of the kind alone may be the article's."""
    near = [lines[i].text for i in (index - 1, index + 1) if 0 <= i < len(lines)]
    return words.STATISTICS.match(lines[index].text) is not None and any(words.STATISTICS.match(text) for text in near)


def _links_below(lines: list[Line], index: int) -> list[int]:
    """The few linked lines right below a heading, as a box of related items has; empty when there are many."""
    below = []
    for following in range(index + 1, min(index + 8, len(lines))):
        if lines[following].kind is LineKind.TEXT and lines[following].linked < 0.7:
            break
        below.append(following)
    return below if len(below) < 7 else []


def _article_goes_on(page: Lines, start: int, index: int, last: int) -> bool:
    """Whether prose follows in the very container that held the article's prose so far."""
    lines, parents = page.lines, page.parents
    own: set[int] = set()
    for line in lines[start:index]:
        if is_prose(line):
            own.update((line.container, parents[line.container]))
    own.discard(0)
    for following in range(last + 1, len(lines)):
        line = lines[following]
        if words.is_widget_heading(line.text):
            return False
        if is_prose(line):
            return line.container in own or parents[line.container] in own
    return False


def _widget_follows(lines: list[Line], index: int, framed: frozenset[int]) -> bool:
    """Whether what comes after a heading is a widget's content rather than a section of the article.

    The headings known of this site need only not stand above prose; words that others use for widgets must have links,
    further widgets or nothing below them.
    """
    if index in framed:
        return True
    known = words.is_site_heading(lines[index].text)
    for following in range(index + 1, min(index + 3, len(lines))):
        line = lines[following]
        if line.kind is LineKind.TEXT and line.text:
            if following in framed or words.is_widget_heading(line.text) or words.is_owner_line(line.text):
                return True
            return not is_prose(line) if known else line.linked > 0.7 or words.is_control(line.text)
        if line.kind is LineKind.PICTURE:
            banner = key(line.alt) in words.BANNER_ALTS
            return banner or ((known or bool(line.links)) and not is_prose_near(lines, following + 1))
        if line.kind is LineKind.TABLE:
            return False
    return True


def is_prose_near(lines: list[Line], index: int) -> bool:
    """Whether one of the next two lines is prose."""
    return any(is_prose(line) for line in lines[index : index + 2])


def _prose_follows(lines: list[Line], index: int, framed: frozenset[int]) -> bool:
    """Whether article text goes on after a line of the frame, as around a widget placed inside the article."""
    for following in range(index + 1, len(lines)):
        line = lines[following]
        if following in framed or line.kind is not LineKind.TEXT:
            continue
        if words.is_widget_heading(line.text) and _widget_follows(lines, following, framed):
            return False
        if is_prose(line):
            return True
    return False


def _trim(page: Lines, start: int, end: int, framed: frozenset[int], url: str) -> tuple[int, int, Day | None]:
    """Takes off what a visitor clicks, at both edges; a lone day at the top is when the page was posted."""
    lines, posted = page.lines, None
    while start < end:
        line = lines[start]
        day = _posted(line.text) if line.kind is LineKind.TEXT else None
        if day and not posted:
            posted = day
        elif not (day or start in framed or _is_clutter(line) or _is_banner(line)):
            break
        start += 1
    while end > start:
        line = lines[end - 1]
        leads_on = _leads_elsewhere(lines, end - 1, start) or _leads_off(line, url)
        if not (end - 1 in framed or _is_clutter(line) or _is_banner(line) or leads_on):
            break
        end -= 1
    return start, end, posted


def _is_clutter(line: Line) -> bool:
    return line.kind is LineKind.TEXT and (words.is_control(line.text) or words.is_widget_heading(line.text))


def _is_banner(line: Line) -> bool:
    return line.kind is LineKind.PICTURE and (not line.src or key(line.alt) in words.BANNER_ALTS)


def _leads_off(line: Line, url: str) -> bool:
    """Whether a picture is a button to another site (share, advert) rather than a photo."""
    if line.kind is not LineKind.PICTURE or not line.links:
        return False
    href = line.links[0].href
    return host_of(href) not in ("", host_of(url)) and not is_media_file(href)


def _leads_elsewhere(lines: list[Line], index: int, start: int) -> bool:
    """Whether a line at the very end is nothing but a link to another page of the site: a list of related items."""
    line = lines[index]
    if line.kind is LineKind.PICTURE:  # a thumbnail that links to a page goes with such a list
        return bool(line.links) and may_follow(line.links[0].href) and site_id_of(line.links[0].href) is not None
    if line.kind is not LineKind.TEXT:
        return False
    rest = line.text
    for link in line.links:
        rest = rest.replace(link.text, "", 1)
    if not line.links or not any(site_id_of(link.href) is not None for link in line.links):
        before = lines[index - 1] if index > start else None
        return bool(posted_line(line.text)) and before is not None and bool(before.links)
    return len(key(rest)) <= 24 and all(may_follow(link.href) or link.href.startswith("#") for link in line.links)


def _dropped_inside(lines: list[Line], start: int, end: int, url: str) -> frozenset[int]:
    """Lines inside the region that are never the article's: banners, and pictures that are buttons."""
    return frozenset(index for index in range(start, end) if _is_banner(lines[index]) or _leads_off(lines[index], url))
