"""Posting days that a listing gives for its items: `dd/mm/yyyy` beside a linked title. Evidence of its own kind. Pure.

A day belongs to a title where the innermost container that holds both holds no other title. In a flat list, where the
day's container holds several, it does only if titles and days alternate throughout in one clear order. A clock above
the list or a dated box beside it is told by its place: it does not stand where the items' days stand. No day rather
than a neighbour's.
"""

import re
from bisect import bisect
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

from archive.records import Posting
from scraper.extract.dates import day_beside, lone_day
from scraper.extract.lines import Line, LineKind, Lines, Link
from scraper.urls import host_of, page_address, site_id_of

_WITHIN = 4  # text lines between a title and its day
_MANY = ""  # stands for the titles of a container that holds several
_DIGITS = re.compile(r"\d+")
_WEEKDAY = re.compile(r"^\W*(?:hôm nay|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])\b|chủ nhật)", re.I)

_Given = tuple[str, str]  # (ISO, words)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A title, with its address, or a day among the text lines; `line` counts text lines."""

    line: int
    container: int
    text: str
    address: str = ""
    given: _Given | None = None


class _Boxes:
    """For each container of a page: whose titles it holds, the innermost around it that holds any, and its depth."""

    def __init__(self, parents: list[int], titles: list[_Mark]) -> None:
        size = len(parents)
        self._parents = parents
        self.holds: list[str | None] = [None] * size  # an address, or `_MANY`
        for title in titles:
            self._add(title.container, title.address)
        for box in range(size - 1, 0, -1):  # a container is numbered after the one around it
            self._add(parents[box], self.holds[box])
        self.around = list(range(size))  # the innermost container, itself or above, that holds a title
        self._outermost = list(range(size))  # the outermost one that holds no other title
        self.depth = [0] * size
        for box in range(1, size):
            above = parents[box]
            self.depth[box] = self.depth[above] + 1
            if self.holds[box] is None:
                self.around[box] = self.around[above]
            if self.holds[above] != _MANY:
                self._outermost[box] = self._outermost[above]

    def _add(self, box: int, address: str | None) -> None:
        if address is not None and self.holds[box] != address:
            self.holds[box] = address if self.holds[box] is None else _MANY

    def title_of(self, day: _Mark) -> str:
        """The only title in the innermost container that holds the day and a title; `_MANY` where it holds several."""
        return self.holds[self.around[day.container]] or _MANY

    def list_of(self, mark: _Mark) -> int:
        """The innermost container around a mark that holds several titles; the page where none does."""
        box = self.around[mark.container]
        return box if self.holds[box] == _MANY else self._parents[self._outermost[box]]

    def places(self, mark: _Mark) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Where a mark stands, in two ways; marks that stand alike share one of them."""
        return (mark.container,), (self.depth[mark.container], self._parents[self._parents[mark.container]])


def read_postings(page: Lines, base: str) -> tuple[Posting, ...]:
    """The items of a listing that carry a day, each once."""
    titles: list[_Mark] = []
    days: list[_Mark] = []
    found: dict[str, Posting] = {}
    for number, line in enumerate(line for line in page.lines if line.kind is LineKind.TEXT):
        link = next((link for link in line.links if link.text and _is_item(link)), None)
        if link is not None:
            address = page_address(link.href, base)
            if address:
                titles.append(_Mark(number, line.container, line.text, address))
                if own := _own_day(line, link):
                    found.setdefault(address, _posting(address, own))
        elif given := lone_day(line.text):
            days.append(_Mark(number, line.container, line.text, given=given))
    if days and titles:
        for address, given in _pair(titles, days, _Boxes(page.parents, titles), frozenset(found)):
            found.setdefault(address, _posting(address, given))
    return tuple(found.values())


def _pair(titles: list[_Mark], days: list[_Mark], boxes: _Boxes, settled: frozenset[str]) -> list[tuple[str, _Given]]:
    """(address, day) for the days whose title is clear; the surest first."""
    boxed = [day for day in days if boxes.title_of(day) != _MANY]
    pairs = _pair_boxed(titles, boxed, boxes, alone=len(days) == 1)
    settled |= {address for address, _ in pairs}
    lists: dict[int, list[_Mark]] = defaultdict(list)
    for day in days:
        if boxes.title_of(day) == _MANY:
            lists[boxes.list_of(day)].append(day)
    for title in titles if lists else ():
        if title.address not in settled and (box := boxes.list_of(title)) in lists:
            lists[box].append(title)
    for marks in lists.values():
        pairs += _pair_flat(sorted(marks, key=lambda mark: mark.line), boxes)
    return pairs


def _pair_boxed(titles: list[_Mark], days: list[_Mark], boxes: _Boxes, *, alone: bool) -> list[tuple[str, _Given]]:
    """The days in a container with one title only; of a title's days the one that shares the innermost comes first."""
    lines: dict[str, list[int]] = defaultdict(list)
    for title in titles:
        lines[title.address].append(title.line)
    together = Counter(map(boxes.list_of, days))
    sure: list[tuple[int, str, _Given]] = []
    for day in days:
        address = boxes.title_of(day)
        own = lines[address]
        place = bisect(own, day.line)
        above = day.line - own[place - 1] if place else _WITHIN + 1
        below = own[place] - day.line if place < len(own) else _WITHIN + 1
        near = min(above, below) <= _WITHIN
        if len(lines) == 1:  # what holds the page's one title may hold the page
            near = below == 1 or above <= 2
        if day.line < titles[0].line:  # a clock above the list stands like no item's day
            near = near and not _WEEKDAY.match(day.text) if alone else near and together[boxes.list_of(day)] > 1
        if near and day.given:
            sure.append((-boxes.depth[boxes.around[day.container]], address, day.given))
    return [(address, given) for _, address, given in sorted(sure, key=lambda each: each[0])]


def _pair_flat(marks: list[_Mark], boxes: _Boxes) -> list[tuple[str, _Given]]:
    """The days of a list that says by its order alone which title each belongs to."""
    sure: list[tuple[str, _Given]] = []
    kept: list[_Mark] = []
    title = ""
    for mark in marks:
        if not mark.address:
            kept.append(mark)
        elif mark.address != title:
            title = mark.address
            kept.append(mark)
        elif kept[-1].given:  # the title above the day, "read on" below
            sure.append((title, kept[-1].given))
    kept = _without_strays(kept, boxes)
    kinds = [bool(mark.given) for mark in kept]
    if len(kept) < 4 or len(kept) % 2 or any(one == other for one, other in pairwise(kinds)):
        return sure
    if kinds[0] and not _is_worded_alike(kept):
        return sure
    for one, other in zip(kept[::2], kept[1::2], strict=True):
        day, item = (one, other) if one.given else (other, one)
        if day.given and other.line - one.line <= _WITHIN:
            sure.append((item.address, day.given))
    return sure


def _without_strays(marks: list[_Mark], boxes: _Boxes) -> list[_Mark]:
    """The marks of a list without those at its ends that do not stand like its own: titles unlike any other title, and
    days unlike those between the titles (clocks, dated boxes)."""
    alike = Counter(place for mark in marks if mark.address for place in boxes.places(mark))
    own = [any(alike[place] > 1 for place in boxes.places(mark)) for mark in marks]
    ends = [number for number, mark in enumerate(marks) if mark.address and own[number]]
    if not ends:
        return []
    within = marks[ends[0] : ends[-1]]
    among = {place for mark in within if mark.given for place in boxes.places(mark)}
    kept = [
        number
        for number, mark in enumerate(marks)
        if (own[number] if mark.address else not among.isdisjoint(boxes.places(mark)))
    ]
    return marks[kept[0] : kept[-1] + 1]


def _is_worded_alike(marks: list[_Mark]) -> bool:
    """Whether the first day of a list is written like another one; a clock seldom is."""
    forms = [_DIGITS.sub("0", _WEEKDAY.sub("", mark.text)) for mark in marks if mark.given]
    return forms[0] in forms[1:] and not (_WEEKDAY.match(marks[0].text) and not _WEEKDAY.match(marks[2].text))


def _is_item(link: Link) -> bool:
    return site_id_of(link.href.partition("?")[0]) is not None


def _own_day(line: Line, link: Link) -> _Given | None:
    """The day that stands on the same line as an item's title."""
    return lone_day(line.text.replace(link.text, " ", 1)) or day_beside(line.text, link.text)


def _posting(address: str, given: _Given) -> Posting:
    return Posting(address, host_of(address), site_id_of(address), given[0], given[1])
