"""What search narrows down by, of every article, held in memory: some 150 bytes an article.

Counting facets asks a few fields of everything that was found, which may be most of the archive; in the table each of
them stands behind the article's whole text. So they are read once, and again when something was written since. Articles
of one category and year that have the same are one kind; there are few kinds, so that kinds are counted, not articles.
"""

import heapq
import itertools
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from sys import intern
from typing import Any, NamedTuple

from archive.browse.database import rows
from archive.search import refuse_older
from archive.search_filters import HAS_TABLE

NAMED = ("category", "year", "byline")
DAYS = ("since", "until")
_OF_ONE = ("byline", *DAYS)  # told article by article, not by kinds
HAS = ("photo", "attachment", "table")
_NEWEST_FIRST = "coalesce(date, substr(first_seen, 1, 10)) DESC, site_id DESC, id DESC"
_HAVING = {
    "photo": "SELECT DISTINCT article_id FROM photos",
    "attachment": "SELECT DISTINCT article_id FROM attachments",
    "table": f"SELECT id FROM articles INDEXED BY articles_with_tables WHERE {HAS_TABLE}",
}
_MOST = 12  # values shown of a facet
_MOST_YEARS = 60
Filter = tuple[str, str]  # facet and value


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that narrows the results down, and how many would be left."""

    value: str
    count: int
    chosen: bool


class Kind(NamedTuple):
    """What articles of one kind have in common; "" for a category or day that is not known."""

    category: str
    year: str
    has: frozenset[str]

    def passes(self, filters: Iterable[Filter], but: str = "") -> bool:
        """Whether these articles are left by the filters, those of byline and days and one other facet's aside."""
        return all(
            value in self.has if facet == "has" else facet in (*_OF_ONE, but) or getattr(self, facet) == value
            for facet, value in filters
        )


@dataclass(frozen=True, slots=True)
class Columns:
    """Each article has a place, the newest the first: `ids` has the id at a place, `places` the place of an id, `kind`
    the number of its kind in `kinds`, `byline` its byline and `day` its day, None where that is not known."""

    ids: tuple[int, ...]
    places: Mapping[int, int]
    kinds: tuple[Kind, ...]
    kind: Sequence[int]
    byline: Sequence[str | None]
    day: Sequence[str | None]

    def places_of(self, ids: Iterable[int]) -> list[int]:
        """The places of articles; those that came since the columns were read have none."""
        return [place for place in map(self.places.get, ids) if place is not None]


def columns_of(db: sqlite3.Connection) -> Columns:
    """Reads them, in one state of the archive; inside the caller's transaction if there is one.

    Raises ArchiveUnusable as search.search does.
    """
    begun = not db.in_transaction
    if begun:
        db.execute("BEGIN")
    try:
        refuse_older(db.cursor())
        ids = tuple(_ids(db, f"SELECT id FROM articles ORDER BY {_NEWEST_FIRST}"))
        places = {one: place for place, one in enumerate(ids)}
        kinds, kind, days = _kinds(db, places)
        byline: list[str | None] = [None] * len(ids)
        for one, value in rows(db, "SELECT id, byline FROM articles WHERE byline IS NOT NULL"):
            byline[places[one]] = intern(value)
        return Columns(ids, places, kinds, kind, byline, days)
    finally:
        if begun:
            db.execute("ROLLBACK")


def _kinds(db: sqlite3.Connection, places: Mapping[int, int]) -> tuple[tuple[Kind, ...], list[int], list[str | None]]:
    """The kinds there are, and at each place the number of the kind, and the day. No text is read for it: indexes have
    it all."""
    having = {name: frozenset(_ids(db, sql)) for name, sql in _HAVING.items()}
    numbers: dict[Kind, int] = {}
    kind = [0] * len(places)
    days: list[str | None] = [None] * len(places)
    every = itertools.product((False, True), repeat=len(HAS))
    has = {flags: frozenset(itertools.compress(HAS, flags)) for flags in every}  # one for all that have the same
    photo, attachment, table = (having[name] for name in HAS)
    for one, category, day in rows(db, "SELECT id, category, date FROM articles INDEXED BY articles_by_id"):
        found = Kind(category or "", (day or "")[:4], has[one in photo, one in attachment, one in table])
        kind[places[one]] = numbers.setdefault(found, len(numbers))
        days[places[one]] = intern(day) if day else None
    return tuple(numbers), kind, days


def _ids(db: sqlite3.Connection, sql: str) -> Iterator[int]:
    return (one for (one,) in rows(db, sql))


def narrowed(columns: Columns, places: list[int], filters: Sequence[Filter], but: str = "") -> list[int]:
    """Those of the places that the filters leave; one facet's own filter may be left out."""
    chosen = dict(filters)
    if but != "byline" and "byline" in chosen:
        of, value = columns.byline, chosen["byline"]
        places = [place for place in places if of[place] == value]
    if any(each in chosen for each in DAYS):
        first, last, days = chosen.get("since", ""), chosen.get("until", "9999-12-31"), columns.day
        places = [place for place in places if (day := days[place]) is not None and first <= day <= last]
    if any(facet not in (*_OF_ONE, but) for facet, _ in filters):
        passing, kind = [each.passes(filters, but) for each in columns.kinds], columns.kind
        places = [place for place in places if passing[kind[place]]]
    return places


def facets(columns: Columns, places: list[int], filters: Sequence[Filter]) -> dict[str, tuple[FacetValue, ...]]:
    """For each facet its values among the articles at some places, most first (years newest first), counted as if the
    facet were not chosen itself."""
    chosen = dict(filters)
    of_one = narrowed(columns, places, [each for each in filters if each[0] in _OF_ONE])
    kinds = [(columns.kinds[number], count) for number, count in _counted(columns.kind, of_one).items()]
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("category", "year", "has")}
    for kind, count in kinds:
        if kind.passes(filters, "category"):
            counts["category"][kind.category] += count
        if kind.passes(filters, "year"):
            counts["year"][kind.year] += count
        if kind.passes(filters):
            counts["has"].update(dict.fromkeys(kind.has, count))
    bylines = _counted(columns.byline, narrowed(columns, places, filters, but="byline"))
    del bylines[None]
    found = {
        "category": _most(counts["category"]),
        "year": sorted(counts["year"].items(), reverse=True)[:_MOST_YEARS],
        "byline": _most(bylines),
    }
    said = {
        name: tuple(FacetValue(value, count, value == chosen.get(name)) for value, count in values)
        for name, values in found.items()
    }
    wished = {value for facet, value in filters if facet == "has"}
    having = ((each, counts["has"][each], each in wished) for each in HAS)
    return said | {"has": tuple(FacetValue(*each) for each in having if each[1] or each[2])}


def _counted(column: Sequence[Any], places: list[int]) -> Counter[Any]:
    return Counter(itemgetter(*places)(column) if len(places) > 1 else [column[place] for place in places])


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    """The values that stand most often."""
    least = min(heapq.nlargest(_MOST, counts.values()), default=0)
    many = (one for one in counts.items() if one[1] >= least)
    return heapq.nsmallest(_MOST, many, key=lambda one: (-one[1], one[0]))
