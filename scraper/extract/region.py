"""Where on the page the article stands: its title line, where its body begins, and where it ends. Pure.

The title is the line that the address spells (slug rule), that the page's head names, and that the view counter
follows: facts of wording, not of markup. The body runs from there to the first line that is the frame's: learned, or a
widget's heading that widget content follows. A widget's wording inside prose, or as a heading above prose, ends
nothing.
"""

from dataclasses import dataclass

from archive.records import DateKind
from scraper.extract import vocabulary as words
from scraper.extract.dates import Day, lone_day, posted_line
from scraper.extract.frame import Frame
from scraper.extract.lines import Line, LineKind, Lines
from scraper.extract.text import key
from scraper.extract.title import Title, counter_after, is_prose
from scraper.urls import host_of, is_media_file, may_follow, site_id_of


@dataclass(frozen=True, slots=True)
class Region:
    """The article's place: `lines[start:end]` without those in `dropped`, which says why each is.

    `cut` is the first line after the article, and `ended_by` what told so; the lines from `end` to `cut` were trimmed
    off. `counter` is the line of the view counter and `views` its number; `counted` also when a lone counter stands
    elsewhere. `posted` is a day the page prints beside its title.
    """

    title: Title
    start: int
    end: int
    cut: int
    ended_by: str
    counter: int | None
    views: int | None
    counted: bool
    posted: Day | None
    dropped: dict[int, str]


def find_region(page: Lines, title: Title, url: str, frame: Frame, counters: dict[int, int]) -> Region:
    """The article's place on the page. `counters` as `find_counters` gives them."""
    lines = page.lines
    framed = alike = frozenset[int]()
    if frame:
        framed = frozenset(index for index, line in enumerate(lines) if frame.holds(line))
        alike = frozenset(index for index, line in enumerate(lines) if index not in framed and frame.resembles(line))
    counter = counter_after(lines, title.last, counters)
    start = (counter if counter is not None else title.last) + 1
    if counter is not None and counters[counter] >= 0 and words.counter_of(lines[counter].text) == -1:
        start += 1  # the number stood on a line of its own
    between = lines[title.last + 1 : start]
    posted = next((day for line in between if line.text and (day := _posted(line.text))), None)
    cut, ended_by, skipped = _find_end(page, start, framed, alike, counters)
    start, end, late = _trim(page, start, cut, framed, url)
    views = counters.get(counter) if counter is not None else None
    if counter is None:
        views = next(iter(counters.values())) if len(counters) == 1 else None
    dropped = {index: "frame" for index in framed if start <= index < end}
    dropped |= dict.fromkeys(skipped, "widget-inside")
    dropped |= {index: "banner" for index in range(start, end) if _is_banner(lines[index])}
    dropped |= {index: "button" for index in range(start, end) if _leads_off(lines[index], url)}
    return Region(
        title=title,
        start=start,
        end=end,
        cut=cut,
        ended_by=ended_by,
        counter=counter,
        views=views if views is not None and views >= 0 else None,
        counted=counter is not None or len(counters) == 1,
        posted=posted or late,
        dropped=dropped,
    )


def _posted(text: str) -> Day | None:
    """The day of a line that holds a day, perhaps with an hour and the view counter."""
    day = posted_line(text)
    if day is None and words.counter_of(text) is not None and (given := lone_day(words.without_counter(text))):
        day = Day(given[0], DateKind.POSTED, given[1], "day-beside-counter", 0.9)
    return day


def _find_end(
    page: Lines, start: int, framed: frozenset[int], alike: frozenset[int], counters: dict[int, int]
) -> tuple[int, str, frozenset[int]]:
    """The first line after the article, what it is, and lines of widgets placed inside the article."""
    lines = page.lines
    skipped: set[int] = set()
    for index in range(start, len(lines)):
        line = lines[index]
        if line.kind is not LineKind.TEXT or index in skipped:
            continue
        if words.is_widget_heading(line.text) and _widget_follows(lines, index, framed):
            widget = _links_below(lines, index)
            if not (widget and _article_goes_on(page, start, index, max(widget))):
                return index, "widget-heading", frozenset(skipped)
            skipped.update((index, *widget))
            continue
        ended_by = "counter" if index in counters else _ends_here(lines, index, framed, alike)
        if ended_by:
            return index, ended_by, frozenset(skipped)
    return len(lines), "page-end", frozenset(skipped)


def _ends_here(lines: list[Line], index: int, framed: frozenset[int], alike: frozenset[int]) -> str | None:
    """What makes a line the first after the article: visitor counts, links to neighbours, a line of the frame, or the
    owner's. None when it is the article's."""
    line = lines[index]
    if _is_statistics(lines, index):
        return "statistics"
    if words.LABELLED_TAIL.match(line.text) and line.linked > 0.2:
        return "neighbours"
    of_frame = (index in framed or index in alike) and not is_prose(line)
    of_owner = words.is_notice(line.text) or words.OWNER.match(line.text) is not None
    if (of_frame or of_owner) and not _prose_follows(lines, index, framed):
        return "frame" if of_frame else "owner"
    return None


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
