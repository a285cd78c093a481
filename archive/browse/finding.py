"""What the search page shows: articles found, best first, with facets to narrow them down. Reads only; no HTML.

`ranked` is the one place that knows how articles are searched.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import urlencode

from archive.browse.database import rows
from archive.fulltext import COLUMNS
from archive.search import refuse_older
from archive.search_candidates import candidates
from archive.search_filters import EVERY_ARTICLE
from archive.search_query import parse
from archive.search_snippet import pattern_of, snippet_of

PAGE = 20
MOST = 500  # results of a query that are ranked and counted
_TEXTS = f"SELECT {', '.join(COLUMNS)} FROM articles_fts WHERE rowid = ?"
_FACET = 12  # values shown of a facet
_NEWEST_FIRST = "coalesce(a.date, substr(a.first_seen, 1, 10)) DESC, a.site_id DESC, a.id DESC"
_HAS = {
    "photo": "EXISTS (SELECT 1 FROM photos p WHERE p.article_id = a.id)",
    "attachment": "EXISTS (SELECT 1 FROM attachments t WHERE t.article_id = a.id)",
    "table": 'instr(a.blocks, \'"kind": "table"\') > 0',
}
_FACETS = {
    "category": "coalesce(a.category, '')",
    "year": "coalesce(substr(a.date, 1, 4), '')",
    "byline": "a.byline",
}

Snippet = tuple[tuple[str, bool], ...]
"""Original text in pieces; True where a piece is what was searched for."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is searched for. A facet that is None is not asked about; "" asks for articles that have none."""

    words: str = ""
    category: str | None = None
    year: str | None = None
    byline: str | None = None
    has: tuple[str, ...] = ()
    page: int = 1

    @property
    def filters(self) -> list[tuple[str, str]]:
        """(facet, value) of what narrows the search down."""
        named = [("category", self.category), ("year", self.year), ("byline", self.byline)]
        return [(name, value) for name, value in named if value is not None] + [("has", each) for each in self.has]

    def address(self, **changed: object) -> str:
        """The address of this search, with something changed in it; from its first page unless `page` is given."""
        wish = replace(self, **({"page": 1} | changed))  # type: ignore[arg-type]
        pairs = ([("q", wish.words)] if wish.words else []) + wish.filters
        query = urlencode(pairs + ([("page", str(wish.page))] if wish.page > 1 else []))
        return f"/search?{query}" if query else "/search"

    def without(self, facet: str, value: str) -> str:
        """The address of this search without one of its filters."""
        if facet == "has":
            return self.address(has=tuple(each for each in self.has if each != value))
        return self.address(**{facet: None})


def wish_of(arguments: Mapping[str, list[str]]) -> Wish:
    """What a query string asks for; what makes no sense in it is passed over."""
    first = {name: values[0] for name, values in arguments.items() if values}
    page = first.get("page", "1")
    return Wish(
        words=" ".join(first.get("q", "").split())[:1000],
        category=first.get("category"),
        year=first["year"] if re.fullmatch(r"(?:[0-9]{4})?", first.get("year", "-"), re.ASCII) else None,
        byline=first.get("byline") or None,
        has=tuple(each for each in _HAS if each in arguments.get("has", [])),
        page=int(page) if re.fullmatch(r"[1-9][0-9]{0,5}", page, re.ASCII) else 1,
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found."""

    id: int
    title: str
    date: str | None
    category: str | None
    byline: str | None
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that narrows the results down, and how many would be left."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results. `more` when there are more than were ranked."""

    wish: Wish
    hits: tuple[Hit, ...]
    total: int
    more: bool
    facets: dict[str, tuple[FacetValue, ...]]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Ranked:
    """The articles that hold some words, best first; `more` when there are more than were asked for. `excerpt` gives
    the snippet of one of them, which costs more than finding it."""

    ids: tuple[int, ...]
    more: bool
    excerpt: Callable[[int], Snippet]


def ranked(db: sqlite3.Connection, words: str, most: int) -> Ranked:
    """The best of the articles that hold some words, `most` at most. Raises ArchiveUnusable as search.search does."""
    reader = db.cursor()
    reader.row_factory = None
    refuse_older(reader)
    understood = parse(words)
    if understood.node is None:
        return Ranked((), False, lambda _: ())
    leaves = understood.leaves
    ids = candidates(reader, understood.node, leaves, EVERY_ARTICLE, most + 1).ids
    pattern = pattern_of(leaves)

    def excerpt(article_id: int) -> Snippet:
        *texts, plain = reader.execute(_TEXTS, (article_id,)).fetchone()
        found = snippet_of(tuple(texts), plain, pattern, leaves)
        return _pieces(found.text, found.marks)

    return Ranked(ids[:most], len(ids) > most, excerpt)


def _pieces(text: str, marks: tuple[tuple[int, int], ...]) -> Snippet:
    """A snippet in pieces, those that were found and those between."""
    places = [0, *(place for mark in marks for place in mark), len(text)]
    parts = ((text[begin:end], at % 2 == 1) for at, (begin, end) in enumerate(pairwise(places)))
    return tuple((part, found) for part, found in parts if part)


def find(db: sqlite3.Connection, wish: Wish) -> Found:
    """A page of results with its facets; without words, all articles, newest first."""
    best = ranked(db, wish.words, MOST) if wish.words else None
    ids = None if best is None else list(best.ids)
    among, where, values = _conditions(wish, ids)
    ((total,),) = rows(db, f"SELECT count(*) FROM {among} WHERE {where}", *values)
    page = min(wish.page, max(1, -(-total // PAGE)))
    found = rows(
        db,
        "SELECT a.id, a.title, a.date, a.category, a.byline, substr(a.body, 1, 260)"
        f" FROM {among} WHERE {where} ORDER BY {_NEWEST_FIRST if ids is None else 'o.key'} LIMIT ? OFFSET ?",
        *values,
        PAGE,
        (page - 1) * PAGE,
    )
    hits = tuple(
        Hit(article_id, title, date, category, byline, best.excerpt(article_id) if best else _opening(opening))
        for article_id, title, date, category, byline, opening in found
    )
    return Found(replace(wish, page=page), hits, total, best is not None and best.more, _facets(db, wish, ids))


def _opening(body: str) -> Snippet:
    text = " ".join(body.split())
    return ((text if len(text) < 240 else text[:240].rpartition(" ")[0] + " …", False),) if text else ()


def _conditions(wish: Wish, ids: list[int] | None, but: str = "") -> tuple[str, str, list[object]]:
    """(FROM, WHERE, values) of a search, leaving out one facet's own condition. `o.key` is an article's rank."""
    among, clauses, values = "articles a", ["1"], list[object]()
    if ids is not None:
        among = "json_each(?) o CROSS JOIN articles a ON a.id = o.value"
        values.append(json.dumps(ids))
    for name, value in wish.filters:
        if name == "has":
            clauses.append(_HAS[value])
        elif name != but:
            clauses.append(f"{_FACETS[name]} = ?")
            values.append(value)
    return among, " AND ".join(clauses), values


def _facets(db: sqlite3.Connection, wish: Wish, ids: list[int] | None) -> dict[str, tuple[FacetValue, ...]]:
    """For each facet its values among the results, counted as if it were not chosen itself."""
    facets = {}
    for name, expression in _FACETS.items():
        among, where, values = _conditions(wish, ids, but=name)
        order = "1 DESC" if name == "year" else "2 DESC, 1"
        found = rows(
            db,
            f"SELECT {expression}, count(*) FROM {among} WHERE {where} AND {expression} IS NOT NULL"
            f" GROUP BY 1 ORDER BY {order} LIMIT ?",
            *values,
            60 if name == "year" else _FACET,
        )
        chosen = dict(wish.filters).get(name)
        facets[name] = tuple(FacetValue(value, count, value == chosen) for value, count in found)
    has = []
    for each, clause in _HAS.items():
        among, where, values = _conditions(wish, ids)
        ((count,),) = rows(db, f"SELECT count(*) FROM {among} WHERE {where} AND {clause}", *values)
        if count or each in wish.has:
            has.append(FacetValue(each, count, each in wish.has))
    facets["has"] = tuple(has)
    return facets
