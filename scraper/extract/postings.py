"""Posting days that a listing gives for its items: `dd/mm/yyyy` beside a linked title. Evidence of its own kind. Pure.

A day belongs to the title it shares its innermost container with; where it shares one as well with the title before as
with the one after, the page's own order decides, and where that is not clear either, the day belongs to none.
"""

from dataclasses import dataclass
from itertools import pairwise

from archive.records import Posting
from scraper.extract.dates import day_beside, lone_day
from scraper.extract.lines import Line, LineKind, Lines, Link
from scraper.urls import host_of, page_address, site_id_of

_WITHIN = 4  # text lines between a title and its day
_DEEPEST = 200  # containers looked at on the way up


@dataclass(frozen=True, slots=True)
class _Mark:
    """A title or a day among the text lines: `line` counts text lines, `given` is (ISO, words) for a day."""

    line: int
    container: int
    address: str | None = None
    given: tuple[str, str] | None = None


def read_postings(page: Lines, base: str) -> tuple[Posting, ...]:
    """The items of a listing that carry a day, each once."""
    marks: list[_Mark] = []
    found: dict[str, Posting] = {}
    texts = [line for line in page.lines if line.kind is LineKind.TEXT]
    for number, line in enumerate(texts):
        link = next(
            (link for link in line.links if site_id_of(link.href.partition("?")[0]) is not None and link.text), None
        )
        if link is not None:
            address = page_address(link.href, base)
            own = _own_day(line, link)
            if address and own:
                found.setdefault(address, _posting(address, own))
            elif address:
                marks.append(_Mark(number, line.container, address))
        elif given := lone_day(line.text):
            marks.append(_Mark(number, line.container, given=given))
    if found and not any(mark.given for mark in marks):
        return tuple(found.values())
    for address, given in _pair(marks, page.parents):
        found.setdefault(address, _posting(address, given))
    return tuple(found.values())


def _pair(marks: list[_Mark], parents: list[int]) -> list[tuple[str, tuple[str, str]]]:
    """(address, day) for the days whose title is clear."""
    sure: list[tuple[str, tuple[str, str]]] = []
    open_days: list[tuple[_Mark, _Mark | None, _Mark | None]] = []
    for place, day in enumerate(marks):
        if day.given is None:
            continue
        before = marks[place - 1] if place and _near(marks[place - 1], day) else None
        after = marks[place + 1] if place + 1 < len(marks) and _near(day, marks[place + 1]) else None
        depth_before = _shared_depth(before, day, parents)
        depth_after = _shared_depth(after, day, parents)
        if before and after and before.address == after.address and before.address:  # title above, "read on" below
            sure.append((before.address, day.given))
        elif depth_before == depth_after:
            open_days.append((day, before, after))
        else:
            title = before if depth_before > depth_after else after
            assert title is not None
            assert title.address is not None
            sure.append((title.address, day.given))
    order = _order(marks)
    for day, before, after in open_days:
        title = before if order == "title first" else after if order == "day first" else None
        if title is not None and title.address and day.given:
            sure.append((title.address, day.given))
    return sure


def _near(one: _Mark, other: _Mark) -> bool:
    """Whether exactly one of two neighbouring marks is a title, and little stands between them."""
    return (one.address is None) != (other.address is None) and other.line - one.line <= _WITHIN


def _shared_depth(title: _Mark | None, day: _Mark, parents: list[int]) -> int:
    """How deep the innermost container is that holds both; -1 without a title."""
    if title is None:
        return -1
    above = _chain(day.container, parents)
    return next((len(above) - above.index(each) for each in _chain(title.container, parents) if each in above), 0)


def _chain(container: int, parents: list[int]) -> list[int]:
    """A container and those around it, innermost first."""
    chain = [container]
    while container and len(chain) < _DEEPEST:
        container = parents[container]
        chain.append(container)
    return chain


def _order(marks: list[_Mark]) -> str | None:
    """Which comes first on this page, where days and titles alternate throughout."""
    kinds = ["day" if mark.given else "title" for mark in marks]
    if "day" not in kinds:
        return None
    last = len(kinds) - 1 - kinds[::-1].index("day")
    span = kinds[: last + 2] if kinds[0] == "day" else kinds[: last + 1]  # titles of the sidebar follow
    if any(one == other for one, other in pairwise(span)):
        return None
    return "day first" if kinds[0] == "day" else "title first"


def _own_day(line: Line, link: Link) -> tuple[str, str] | None:
    """The day that stands on the same line as an item's title."""
    return lone_day(line.text.replace(link.text, " ", 1)) or day_beside(line.text, link.text)


def _posting(address: str, given: tuple[str, str]) -> Posting:
    return Posting(address, host_of(address), site_id_of(address), given[0], given[1])
