"""Where on the page the article stands: where its body begins, below the title, and where it ends. Pure.

The body runs from the title or its view counter to the first line that is the frame's: learned, or a widget's heading
that widget content follows, or the owner's. A widget's wording inside prose, or as a heading above prose, ends nothing;
nor does anything that the article goes on after, in the container that held it so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archive.records import DateKind
from scraper.extract import vocabulary as words
from scraper.extract.dates import Day, lone_day, posted_line
from scraper.extract.frame import Frame, is_byline_wording
from scraper.extract.lines import Line, LineKind, Lines
from scraper.extract.own import LOOK_AHEAD, Own, is_banner, is_in, is_title, outermost_apart
from scraper.extract.text import is_capitals, key
from scraper.extract.title import Title, counter_after, is_prose
from scraper.urls import host_of, is_media_file, may_follow, site_id_of

_LONGEST_BOX_HEADING = 60  # characters
_ITEMS_OF_A_BOX = 2
_SHORTEST_SENTENCE = 30  # characters
_MOST_BOXES_ABOVE = 6  # between title and article
_LEAST_BELOW = 2  # lines of text below such


@dataclass(frozen=True, slots=True)
class Region:
    """The article's place: `lines[start:end]` without those in `dropped`, which says why each is.

    `cut` is the first line after the article, and `ended_by` what told so; the lines from `end` to `cut` were trimmed
    off; `is_below` tells that boxes stand between title and article. `counter` is the line of the view counter and
    `views` its number; `counted` also when a lone counter stands elsewhere. `posted` is a day the page prints beside
    its title.
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
    is_below: bool = False


class _Ground(NamedTuple):
    """A page as an article's place is looked for on it: what of it is known to be frame or alike, its counters, the
    sentences that it says twice, and its address."""

    page: Lines
    framed: frozenset[int]
    alike: frozenset[int]
    counters: dict[int, int]
    repeated: frozenset[int]
    url: str


class _Place(NamedTuple):
    """Where an article begins and ends, the first line after it and what that is, lines of widgets within, the day
    printed at its top, and what stood so far."""

    start: int
    end: int
    cut: int
    ended_by: str
    skipped: frozenset[int]
    posted: Day | None
    own: Own


def find_region(page: Lines, title: Title, url: str, frame: Frame, counters: dict[int, int]) -> Region:
    """The article's place on the page. `counters` as `find_counters` gives them."""
    lines = page.lines
    framed = frame.places(page, title.text) if frame else frozenset[int]()
    alike = frame.resembling(lines, title.text, framed) if frame else framed
    counter = counter_after(lines, title.last, counters, framed)
    trailing = counter
    if counter is not None and _holds_content(lines, title.last + 1, counter):
        counter = None  # it stands below the article
    start = (counter if counter is not None else title.last) + 1
    if counter is not None and counters[counter] >= 0 and words.counter_of(lines[counter].text) == -1:
        start += 1  # the number stood on a line of its own
    between = lines[title.last + 1 : start]
    posted = next((day for line in between if line.text and (day := _posted(line.text))), None)
    ground = _Ground(page, framed, alike, counters, _repeated(page, framed), url)
    place, is_below = _place_from(ground, start), False
    if place.start >= place.end and (counter is not None or title.rule == "address"):
        below = _place_below(ground, place.cut)
        place, is_below = (place, False) if below is None else (below, True)
    start, end, cut, ended_by, skipped, late, own = place
    views = counters.get(trailing) if trailing is not None else None
    if trailing is None:
        views = next(iter(counters.values())) if len(counters) == 1 else None
    within = range(start, end)
    dropped = {index: "frame" for index in within if index in framed and not own.keeps(index, framed)}
    dropped |= dict.fromkeys(skipped, "widget-inside")
    pictures = [index for index in within if lines[index].kind is LineKind.PICTURE]
    dropped |= {index: "banner" for index in pictures if is_banner(lines[index])}
    dropped |= {index: "button" for index in pictures if _leads_off(lines[index], url)}
    return Region(
        title=title,
        start=start,
        end=end,
        cut=cut,
        ended_by=ended_by,
        counter=trailing,
        views=views if views is not None and views >= 0 else None,
        counted=trailing is not None or len(counters) == 1,
        posted=posted or late,
        dropped=dropped,
        is_below=is_below,
    )


def _place_from(ground: "_Ground", start: int) -> "_Place":
    """The article's place from a line on."""
    own = Own(ground.page, start, ground.repeated)
    cut, ended_by, skipped = _find_end(ground.page, own, start, ground.framed, ground.alike, ground.counters)
    start, end, posted = _trim(own, start, cut, ended_by, ground.framed, ground.url)
    return _Place(start, end, cut, ended_by, skipped, posted, own)


def _place_below(ground: "_Ground", cut: int) -> "_Place | None":
    """The article's place below boxes that stand between its title and itself, the first of them at `cut`: where the
    first prose stands that is in none of them. None where there is no such, or what is there may be no article."""
    for _ in range(_MOST_BOXES_ABOVE):
        after = _after_box(ground, cut)
        if after is None:
            return None
        place = _place_from(ground, after)
        if place.start < place.end:
            lines = ground.page.lines[place.start : place.end]
            is_list = any(line.linked > 0.9 and any(site_id_of(link.href) for link in line.links) for line in lines)
            texts = [line for line in lines if line.kind is LineKind.TEXT]
            return place if len(texts) >= _LEAST_BELOW and any(map(is_prose, texts)) and not is_list else None
        cut = max(place.cut, after)
    return None


def _after_box(ground: "_Ground", index: int) -> int | None:
    """The first line after the element that holds a line and not the next prose; None where nothing parts the two."""
    lines = ground.page.lines
    ahead = range(index + 1, min(index + LOOK_AHEAD, len(lines)))
    prose = next((i for i in ahead if i not in ground.framed and is_prose(lines[i])), None)
    if prose is None:
        return None
    box = outermost_apart(ground.page, lines[index], lines[prose])
    if box is None:
        return None
    return next(i for i in range(index + 1, prose + 1) if not is_in(ground.page, lines[i], box))


def _posted(text: str) -> Day | None:
    """The day of a line that holds a day, perhaps with an hour and the view counter."""
    day = posted_line(text)
    if day is None and words.counter_of(text) is not None and (given := lone_day(words.without_counter(text))):
        day = Day(given[0], DateKind.POSTED, given[1], "day-beside-counter", 0.9)
    return day


def _holds_content(lines: list[Line], start: int, end: int) -> bool:
    """Whether a table, a photo or a file stands among lines: what an article without prose is made of."""
    return any(
        line.kind is LineKind.TABLE
        or (line.kind is LineKind.PICTURE and not is_banner(line) and not line.links)
        or any(is_media_file(link.href) for link in line.links)
        for line in lines[start:end]
    )


def _find_end(
    page: Lines, own: Own, start: int, framed: frozenset[int], alike: frozenset[int], counters: dict[int, int]
) -> tuple[int, str, frozenset[int]]:
    """The first line after the article, what it is, and lines of widgets placed inside the article."""
    lines = page.lines
    skipped: set[int] = set()
    for index in range(start, len(lines)):
        line = lines[index]
        if index in skipped:
            continue
        if page.asides and (beside := own.lines_beside(index)):
            if not own.goes_on(index, beside):
                return index, "aside", frozenset(skipped)
            skipped.update(range(index, beside))
            continue
        if line.kind is LineKind.PICTURE and own and words.is_banner(line.alt) and not own.goes_on(index, index + 1):
            return index, "banner", frozenset(skipped)
        if line.kind is not LineKind.TEXT:
            own.begun = own.begun or not is_banner(line)
            continue
        before = own.begun
        if (after := own.links_apart(index)) and own.is_signed(after):  # they stand at the article's end all the same
            skipped.update(range(index, after))
            continue
        if after and not own.goes_on(index, after):
            return index, "links", frozenset(skipped)
        own.add(index, framed)
        headed = words.is_widget_heading(line.text) and _widget_follows(lines, index, framed, own)
        if headed or _heads_items(lines, index):
            widget = _links_below(lines, index)
            last = not headed and (own.ends_with(index) or own.is_signed(index))  # no heading, but the article's line
            if not (widget and own.goes_on(index, max(widget) + 1)):
                return index + last, "widget-heading", frozenset(skipped)
            skipped.update(widget if last else (index, *widget))
            continue
        ended_by = (
            "counter"
            if index in counters and not own.has_prose_next(index)
            else _ends_here(lines, index, framed, alike, own)
        )
        if ended_by == "frame" and not before:
            continue
        if ended_by:
            return index, ended_by, frozenset(skipped)
    return len(lines), "page-end", frozenset(skipped)


def _repeated(page: Lines, framed: frozenset[int]) -> frozenset[int]:
    """The first places of sentences of the frame that stand on the page again: a sidebar sums up the newest items, and
    on the page of one of them its lead says the same."""
    places: dict[str, list[int]] = {}
    for start, run in page.over(_sentences, _sentences) if framed else ():
        for at, said in run:
            if start + at in framed:
                places.setdefault(said, []).append(start + at)
    return frozenset(found[0] for found in places.values() if len(found) > 1)


def _sentences(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """Longer lines that are no links, with their wording."""
    longer = [(at, line) for at, line in enumerate(lines) if len(line.text) >= _SHORTEST_SENTENCE]
    return [(at, key(line.text)) for at, line in longer if line.kind is LineKind.TEXT and line.linked < 0.5]


def _ends_here(lines: list[Line], index: int, framed: frozenset[int], alike: frozenset[int], own: Own) -> str | None:
    """What makes a line the first after the article: visitor counts, links to neighbours, a line of the frame, or the
    owner's. None when it is the article's."""
    line = lines[index]
    if _is_statistics(lines, index):
        return "statistics"
    if words.LABELLED_TAIL.match(line.text) and line.linked > 0.2:
        return "neighbours"
    of_frame = (index in framed or index in alike) and not is_prose(line)
    of_frame = of_frame and not own.surrounds(index, framed)
    of_owner = words.is_notice(line.text) or words.OWNER.match(line.text) is not None
    if (of_frame or of_owner) and not _prose_follows(lines, index, framed, own):
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
        if lines[following].kind is LineKind.TEXT and not _is_linked(lines[following]):
            break
        below.append(following)
    return below if len(below) < 7 else []


def _is_linked(line: Line) -> bool:
    """Whether a line is a link, perhaps with the day of what it leads to."""
    if line.linked >= 0.7:
        return True
    rest = line.text
    for link in line.links:
        rest = rest.replace(link.text, "", 1)
    return bool(line.links) and posted_line(rest.strip(" ()[]-–|:")) is not None


def _heads_items(lines: list[Line], index: int) -> bool:
    """Whether a short line stands above several lines that are nothing but links to articles: a box of related items,
    whatever it is called."""
    line = lines[index]
    if len(line.text) > _LONGEST_BOX_HEADING or line.linked > 0.5 or line.text.endswith((".", "!", "?")):
        return False
    items = 0
    for following in lines[index + 1 : index + 1 + 3 * _ITEMS_OF_A_BOX]:
        if following.kind is LineKind.PICTURE or (following.text and posted_line(following.text)):
            continue
        if following.linked <= 0.9 or not any(site_id_of(link.href) is not None for link in following.links):
            break
        items += 1
    return items >= _ITEMS_OF_A_BOX


def _widget_follows(lines: list[Line], index: int, framed: frozenset[int], own: Own) -> bool:
    """Whether what comes after a heading is a widget's content rather than a section of the article.

    The headings known of this site need only not stand above prose; words that others use for widgets must have links,
    further widgets or nothing below them.
    """
    below = [line.text for line in lines[index + 1 : index + 3]]
    if words.is_comments_heading(lines[index].text) or any(
        words.heads_comments(lines[index].text, text) for text in below
    ):
        return True
    if index in framed:  # the widget's own lines are the frame's as well; an article's section goes on in its prose
        following = next((i for i in range(index + 1, min(index + 4, len(lines))) if lines[i].text), None)
        return (
            following is None or following in framed or not (is_prose(lines[following]) and own.holds(lines[following]))
        )
    known = words.is_site_heading(lines[index].text)
    for following in range(index + 1, min(index + 3, len(lines))):
        line = lines[following]
        if line.kind is LineKind.TEXT and line.text:
            if following in framed or words.is_widget_heading(line.text) or words.is_owner_line(line.text):
                return True
            if known:
                return not (is_prose(line) or (own.surrounds(index, framed) and _is_sentence(line)))
            return _is_linked(line) or words.is_control(line.text)
        if line.kind is LineKind.PICTURE:
            beside = known or bool(line.links)
            return words.is_banner(line.alt) or (beside and not is_prose_near(lines, following + 1))
        if line.kind is LineKind.TABLE:
            return False
    return True


def _is_sentence(line: Line) -> bool:
    """Whether a line is a sentence, though a short one."""
    return len(line.text) >= _SHORTEST_SENTENCE and line.text.endswith((".", ";", ":")) and not line.links


def is_prose_near(lines: list[Line], index: int) -> bool:
    """Whether one of the next two lines is prose."""
    return any(is_prose(line) for line in lines[index : index + 2])


def _prose_follows(lines: list[Line], index: int, framed: frozenset[int], own: Own) -> bool:
    """Whether article text goes on after a line of the frame, as around a widget placed inside the article."""
    for following in range(index + 1, min(index + LOOK_AHEAD, len(lines))):
        line = lines[following]
        if following in framed or line.kind is not LineKind.TEXT:
            continue
        if words.is_widget_heading(line.text) and _widget_follows(lines, following, framed, own):
            return False
        if is_prose(line) or (own and own.holds(line) and is_byline_wording(line.text)):
            return not own or own.holds(line)
    return False


def _trim(
    own: Own, start: int, end: int, ended_by: str, framed: frozenset[int], url: str
) -> tuple[int, int, Day | None]:
    """Takes off what a visitor clicks, at both edges, and what says whose site it is above the condition; a lone day at
    the top is when the page was posted."""
    lines, posted, cut = own.page.lines, None, end
    while start < end:
        line = lines[start]
        day = _posted(line.text) if line.kind is LineKind.TEXT else None
        if day and not posted:
            posted = day
        elif not (day or (start in framed and not own.keeps(start, framed)) or _is_clutter(line) or is_banner(line)):
            titles = _titles_beside(own, start)
            if titles < _ITEMS_OF_A_BOX:
                break
            start += titles - 1
        start += 1
    while end > start:
        line = lines[end - 1]
        leads_on = _leads_elsewhere(lines, end - 1, start) or _leads_off(line, url)
        of_owner = ended_by == "owner" and _is_owners(own, end - 1, cut)
        of_frame = end - 1 in framed and not (is_prose(line) and own.holds(line))
        keywords = line.kind is LineKind.TEXT and words.names_keywords(line.text)
        if not (of_frame or of_owner or _is_clutter(line) or is_banner(line) or leads_on or keywords):
            break
        end -= 1
    return start, end, posted


def _titles_beside(own: Own, start: int) -> int:
    """How many lines from one on are nothing but links to articles, and stand where the prose does not."""
    lines = own.page.lines
    titles = 0
    while (
        own and start + titles < len(lines) and is_title(lines[start + titles]) and not own.holds(lines[start + titles])
    ):
        titles += 1
    return titles


def _is_owners(own: Own, index: int, cut: int) -> bool:
    """Whether a line above the condition (line `cut`) belongs to the block that says whose site it is."""
    lines, parents = own.page.lines, own.page.parents
    line, last = lines[index], lines[cut]
    if line.kind is not LineKind.TEXT or is_prose(line):
        return False
    if words.is_owner_line(line.text) or (is_capitals(line.text) and words.is_owner_line(lines[index + 1].text)):
        return True
    beside = line.container == last.container or parents[line.container] == parents[last.container]
    return bool(own) and beside and not own.holds(line)


def _is_clutter(line: Line) -> bool:
    return line.kind is LineKind.TEXT and (words.is_control(line.text) or words.is_widget_heading(line.text))


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
