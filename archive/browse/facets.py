"""What search narrows down by, of every article, held in memory: some 150 bytes an article.

Counting facets asks a few fields of everything that was found, which may be most of the archive; in the table each of
them stands behind the article's whole text. So they are read once, and again when something was written since.
"""

import heapq
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import intern

from archive.browse.database import rows
from archive.search import refuse_older
from archive.search_filters import HAS_TABLE

NAMED = ("category", "year", "byline")
HAS = ("photo", "attachment", "table")
_NEWEST_FIRST = "coalesce(date, substr(first_seen, 1, 10)) DESC, site_id DESC, id DESC"
_HAVING = {
    "photo": "SELECT DISTINCT article_id FROM photos",
    "attachment": "SELECT DISTINCT article_id FROM attachments",
    "table": f"SELECT id FROM articles INDEXED BY articles_with_tables WHERE {HAS_TABLE}",
}
_MOST = 12  # values shown of a facet
_MOST_YEARS = 60


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that narrows the results down, and how many would be left."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """Each article has a place, the newest the first: `ids` has the id at a place, `places` the place of an id. `named`
    has the value of a facet at each place ("" where a category or day is not known, None where a byline is not), `has`
    whether there is one."""

    ids: tuple[int, ...]
    places: Mapping[int, int]
    named: Mapping[str, Sequence[str | None]]
    has: Mapping[str, Sequence[int]]

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
        category, year = [""] * len(ids), [""] * len(ids)
        byline: list[str | None] = [None] * len(ids)
        # Two passes: the index has all of the first, the second asks for one field of each article.
        for one, value, day in rows(db, "SELECT id, category, date FROM articles INDEXED BY articles_by_id"):
            category[places[one]], year[places[one]] = intern(value or ""), intern((day or "")[:4])
        for one, value in rows(db, "SELECT id, byline FROM articles WHERE byline IS NOT NULL"):
            byline[places[one]] = intern(value)
        flags = {name: bytearray(len(ids)) for name in HAS}
        for name, sql in _HAVING.items():
            for one in _ids(db, sql):
                flags[name][places[one]] = 1
        return Columns(ids, places, {"category": category, "year": year, "byline": byline}, flags)
    finally:
        if begun:
            db.execute("ROLLBACK")


def _ids(db: sqlite3.Connection, sql: str) -> Iterator[int]:
    return (one for (one,) in rows(db, sql))


def narrowed(columns: Columns, places: list[int], filters: Sequence[tuple[str, str]], but: str = "") -> list[int]:
    """Those of the places that the filters, (facet, value), leave; one facet's own filter may be left out."""
    for facet, value in filters:
        if facet == "has":
            having = columns.has[value]
            places = [place for place in places if having[place]]
        elif facet != but:
            of = columns.named[facet]
            places = [place for place in places if of[place] == value]
    return places


def facets(
    columns: Columns, places: list[int], filters: Sequence[tuple[str, str]]
) -> dict[str, tuple[FacetValue, ...]]:
    """For each facet its values among the articles at some places, most first (years newest first), counted as if the
    facet were not chosen itself."""
    chosen = dict(filters)
    left = narrowed(columns, places, filters)
    counted = {}
    for name in NAMED:
        among = narrowed(columns, places, filters, but=name) if name in chosen else left
        counts = Counter(map(columns.named[name].__getitem__, among))
        del counts[None]
        counted[name] = tuple(
            FacetValue(value, count, value == chosen.get(name)) for value, count in _shown(counts, name == "year")
        )
    wished = {value for name, value in filters if name == "has"}
    having = ((each, sum(map(columns.has[each].__getitem__, left))) for each in HAS)
    counted["has"] = tuple(FacetValue(each, count, each in wished) for each, count in having if count or each in wished)
    return counted


def _shown(counts: Counter[str | None], by_year: bool) -> list[tuple[str, int]]:
    """The years, newest first, or the values that stand most often."""
    if by_year:
        return sorted(((value or "", count) for value, count in counts.items()), reverse=True)[:_MOST_YEARS]
    least = min(heapq.nlargest(_MOST, counts.values()), default=0)
    many = ((value or "", count) for value, count in counts.items() if count >= least)
    return heapq.nsmallest(_MOST, many, key=lambda one: (-one[1], one[0]))
