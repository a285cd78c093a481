"""What search narrows down by, of every article, held in memory: some 30 bytes an article.

Counting facets asks a few fields of everything that was found, which may be most of the archive; in the table each of
them stands behind the article's whole text. So they are read once, and again when something was written since.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sys import intern

from archive.browse.database import rows
from archive.search import refuse_older
from archive.search_filters import HAS_TABLE

NAMED = ("category", "year", "byline")
HAS = ("photo", "attachment", "table")
_NEWEST_FIRST = "coalesce(date, substr(first_seen, 1, 10)) DESC, site_id DESC, id DESC"
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
    """`newest` are the ids of all articles, newest first; by id each has its value of each facet (`named`: "" where a
    category or day is not known, None where a byline is not), `has` the ids of the articles that have one."""

    newest: tuple[int, ...]
    named: Mapping[str, Mapping[int, str | None]]
    has: Mapping[str, frozenset[int]]


def columns_of(db: sqlite3.Connection) -> Columns:
    """Reads them, in one state of the archive; inside the caller's transaction if there is one.

    Raises ArchiveUnusable as search.search does.
    """
    begun = not db.in_transaction
    if begun:
        db.execute("BEGIN")
    try:
        refuse_older(db.cursor())
        category: dict[int, str | None] = {}
        year: dict[int, str | None] = {}
        # Two passes: the index has all of the first, and the second asks for one field of each article.
        for article_id, value, day in rows(db, "SELECT id, category, date FROM articles INDEXED BY articles_by_id"):
            category[article_id], year[article_id] = intern(value or ""), intern((day or "")[:4])
        byline = {one: intern(value) for one, value in rows(db, "SELECT id, byline FROM articles") if value is not None}
        tables = f"SELECT id FROM articles INDEXED BY articles_with_tables WHERE {HAS_TABLE}"
        return Columns(
            _ids(db, f"SELECT id FROM articles ORDER BY {_NEWEST_FIRST}"),
            {"category": category, "year": year, "byline": byline},
            {
                "photo": frozenset(_ids(db, "SELECT DISTINCT article_id FROM photos")),
                "attachment": frozenset(_ids(db, "SELECT DISTINCT article_id FROM attachments")),
                "table": frozenset(_ids(db, tables)),
            },
        )
    finally:
        if begun:
            db.execute("ROLLBACK")


def _ids(db: sqlite3.Connection, sql: str) -> tuple[int, ...]:
    return tuple(one for (one,) in rows(db, sql))


def narrowed(columns: Columns, ids: Iterable[int], filters: Sequence[tuple[str, str]], but: str = "") -> list[int]:
    """Those of the articles that the filters, (facet, value), leave; one facet's own filter may be left out. Articles
    that came since the columns were read are not among them."""
    known = columns.named["category"]
    found = [one for one in ids if one in known]
    for facet, value in filters:
        if facet == "has":
            having = columns.has[value]
            found = [one for one in found if one in having]
        elif facet != but:
            of = columns.named[facet]
            found = [one for one in found if of.get(one) == value]
    return found


def facets(
    columns: Columns, ids: Sequence[int], filters: Sequence[tuple[str, str]]
) -> dict[str, tuple[FacetValue, ...]]:
    """For each facet its values among the articles, most first (years newest first), counted as if the facet were not
    chosen itself."""
    chosen = dict(filters)
    left = narrowed(columns, ids, filters)
    counted = {}
    for name in NAMED:
        among = narrowed(columns, ids, filters, but=name) if name in chosen else left
        counts = Counter(map(columns.named[name].get, among))
        del counts[None]
        by_year = name == "year"
        ordered = sorted(counts.items(), key=lambda one: one[0] or "", reverse=by_year)
        if not by_year:
            ordered.sort(key=lambda one: -one[1])
        shown = ordered[: _MOST_YEARS if by_year else _MOST]
        counted[name] = tuple(FacetValue(value or "", count, value == chosen.get(name)) for value, count in shown)
    wished = {value for name, value in filters if name == "has"}
    having = ((each, sum(map(columns.has[each].__contains__, left))) for each in HAS)
    counted["has"] = tuple(FacetValue(each, count, each in wished) for each, count in having if count or each in wished)
    return counted
