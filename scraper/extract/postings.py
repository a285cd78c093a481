"""Posting days that a listing gives for its items: `dd/mm/yyyy` beside a linked title. Evidence of its own kind.
Pure."""

from itertools import pairwise

from archive.records import Posting
from scraper.extract.dates import day_beside, lone_day
from scraper.extract.lines import Line, LineKind, Link
from scraper.urls import host_of, page_address, site_id_of

_WITHIN = 4  # lines after an item's title in which its day may stand


def read_postings(lines: list[Line], base: str) -> tuple[Posting, ...]:
    """The items of a listing that carry a day, each once.

    A day belongs to the item whose title was last seen before it; a day that stands before all items of its kind (the
    layout puts days first) belongs to the title that follows.
    """
    days_first = _days_come_first(lines)
    found: dict[str, Posting] = {}
    item: str | None = None
    since = 0
    waiting: tuple[str, str] | None = None
    for line in lines:
        if line.kind is not LineKind.TEXT:
            continue
        since += 1
        link = next(
            (link for link in line.links if site_id_of(link.href.partition("?")[0]) is not None and link.text), None
        )
        own = _own_day(line, link) if link else None
        if link is not None:
            address = page_address(link.href, base)
            given = own or (waiting if days_first else None)
            waiting = None
            item, since = address, 0
            if address and given:
                found.setdefault(address, _posting(address, given))
                item = None
            continue
        given = lone_day(line.text)
        if given is None:
            continue
        if days_first:
            waiting = given
        elif item is not None and since <= _WITHIN:
            found.setdefault(item, _posting(item, given))
            item = None
    return tuple(found.values())


def _own_day(line: Line, link: Link) -> tuple[str, str] | None:
    """The day that stands on the same line as an item's title."""
    return lone_day(line.text.replace(link.text, " ", 1)) or day_beside(line.text, link.text)


def _posting(address: str, given: tuple[str, str]) -> Posting:
    return Posting(address, host_of(address), site_id_of(address), given[0], given[1])


def _days_come_first(lines: list[Line]) -> bool:
    """Whether the first day of the page stands before the first linked item and each day is followed by one."""
    marks = []
    for line in lines:
        if line.kind is not LineKind.TEXT:
            continue
        if any(site_id_of(link.href) is not None and link.text for link in line.links):
            if any(_own_day(line, link) for link in line.links if link.text):
                return False
            marks.append("item")
        elif lone_day(line.text):
            marks.append("day")
    pairs = list(pairwise(marks))
    return pairs.count(("day", "item")) > pairs.count(("item", "day")) or (
        bool(marks) and marks[0] == "day" and pairs.count(("day", "item")) == pairs.count(("item", "day")) + 1
    )
