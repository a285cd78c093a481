"""What the search page shows: articles found, best first, with facets to narrow them down. Reads only; no HTML.

All that is found is counted; of that, the best `MOST` can be looked at.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import urlencode

from archive.browse.database import rows
from archive.browse.facets import DAYS, HAS, Columns, FacetValue, columns_of, facets, narrowed
from archive.days import is_day
from archive.fulltext import COLUMNS
from archive.search import refuse_older
from archive.search_candidates import all_found, best_of
from archive.search_query import Words, parse
from archive.search_snippet import pattern_of, snippet_of

PAGE = 20
_MOST_CHARACTERS = 1000  # of what is typed: every link of the page repeats it
MOST = 500  # results of a query that are ranked
_TEXTS = f"SELECT {', '.join(COLUMNS)} FROM articles_fts WHERE rowid = ?"
_SHOWN = "SELECT title, date, category, byline, substr(body, 1, 260) FROM articles WHERE id = ?"

_YEAR = re.compile(r"(?:[0-9]{4})?")
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")

Snippet = tuple[tuple[str, bool], ...]
"""Original text in pieces; True where a piece is what was searched for."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is searched for. A facet that is None is not asked about; "" asks for articles that have none.
    `since` and `until` are days, inclusive. `passed_over` is what of the address makes no sense,
    `notes` as in `Found`."""

    words: str = ""
    category: str | None = None
    year: str | None = None
    byline: str | None = None
    since: str | None = None
    until: str | None = None
    has: tuple[str, ...] = ()
    page: int = 1
    passed_over: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def filters(self) -> list[tuple[str, str]]:
        """(facet, value) of what narrows the search down."""
        named = [("category", self.category), ("year", self.year), ("byline", self.byline)]
        named += [("since", self.since), ("until", self.until)]
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
    """What a query string asks for; what makes no sense in it is in `passed_over`, for the page to say."""
    first = {name: values[0] for name, values in arguments.items() if values}
    day = {name: value for name in DAYS if is_day(value := first.get(name, ""))}
    words = " ".join(first.get("q", "").split())
    return Wish(
        words=words[:_MOST_CHARACTERS],
        category=first.get("category"),
        year=first["year"] if _YEAR.fullmatch(first.get("year", "-")) else None,
        byline=first.get("byline") or None,
        since=day.get("since"),
        until=day.get("until"),
        has=tuple(each for each in HAS if each in arguments.get("has", [])),
        page=int(first["page"]) if _PAGE_NUMBER.fullmatch(first.get("page", "")) else 1,
        notes=(f"Only the first {_MOST_CHARACTERS} characters are searched for.",) * (len(words) > _MOST_CHARACTERS),
        passed_over=tuple(f"{name}={value}"[:80] for name, value in _odd(arguments)),
    )


def _odd(arguments: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """What is no filter, has no value that it can have, or was given twice; fields of a form left empty are neither."""
    makes_sense: dict[str, Callable[[str], object]] = {
        "q": lambda _: True,
        "category": lambda _: True,
        "byline": lambda _: True,
        "year": _YEAR.fullmatch,
        "page": _PAGE_NUMBER.fullmatch,
        "has": HAS.__contains__,
        "since": lambda day: not day or is_day(day),
        "until": lambda day: not day or is_day(day),
    }
    for name, values in arguments.items():
        known = makes_sense.get(name)
        for at, value in enumerate(values):
            if not (known and known(value) and (at == 0 or name == "has")):
                yield name, value


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
class Found:
    """One page of results. `total` counts all that is found; `more` when that is more than can be looked at. `notes`
    say what of the words was passed over, in English (texts.note_said)."""

    wish: Wish
    hits: tuple[Hit, ...]
    total: int
    more: bool
    facets: dict[str, tuple[FacetValue, ...]]
    notes: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        return max(1, -(-(MOST if self.more else self.total) // PAGE))


def find(db: sqlite3.Connection, wish: Wish, columns: Columns | None = None) -> Found:
    """A page of results with its facets; without words, all articles, newest first. `columns`, which are read where
    they are not given, may be a little older than the archive: what came since is not found yet.

    Raises ArchiveUnusable as search.search does.
    """
    columns = columns or columns_of(db)
    reader = db.cursor()
    reader.row_factory = None
    reader.execute("BEGIN")  # one state of the archive from the first look to the last
    try:
        refuse_older(reader)
        return _find(db, reader, wish, columns)
    finally:
        reader.execute("ROLLBACK")


def _find(db: sqlite3.Connection, reader: sqlite3.Cursor, wish: Wish, columns: Columns) -> Found:
    understood = parse(wish.words)
    node, words = understood.node, understood.leaves
    if node is not None:
        found = columns.places_of(all_found(reader, node))
    else:  # nothing typed asks for everything, what has no word in it for nothing
        found = [] if wish.words else list(range(len(columns.ids)))
    left = [columns.ids[place] for place in narrowed(columns, found, wish.filters)]
    notes = wish.notes + (understood.notes if wish.words else ())
    more = node is not None and len(left) > MOST
    page = min(wish.page, max(1, -(-(MOST if more else len(left)) // PAGE)))
    first, last = (page - 1) * PAGE, page * PAGE
    shown = (left if node is None else best_of(reader, node, words, left, last))[first:last]
    excerpt = _excerpts(reader, words) if words else None
    hits = tuple(hit for one in shown for hit in _hits(db, one, excerpt))
    return Found(replace(wish, page=page), hits, len(left), more, facets(columns, found, wish.filters), notes)


def _hits(db: sqlite3.Connection, article_id: int, excerpt: Callable[[int], Snippet] | None) -> list[Hit]:
    """The article as it is shown; none where it is gone."""
    return [
        Hit(article_id, title, date, category, byline, excerpt(article_id) if excerpt else _opening(opening))
        for title, date, category, byline, opening in rows(db, _SHOWN, article_id)
    ]


def _excerpts(reader: sqlite3.Cursor, words: list[Words]) -> Callable[[int], Snippet]:
    pattern = pattern_of(words)

    def excerpt(article_id: int) -> Snippet:
        *texts, plain = reader.execute(_TEXTS, (article_id,)).fetchone()
        found = snippet_of(tuple(texts), plain, pattern, words)
        return _pieces(found.text, found.marks)

    return excerpt


def _pieces(text: str, marks: tuple[tuple[int, int], ...]) -> Snippet:
    """A snippet in pieces, those that were found and those between."""
    places = [0, *(place for mark in marks for place in mark), len(text)]
    parts = ((text[begin:end], at % 2 == 1) for at, (begin, end) in enumerate(pairwise(places)))
    return tuple((part, found) for part, found in parts if part)


def _opening(body: str) -> Snippet:
    text = " ".join(body.split())
    return ((text if len(text) < 240 else text[:240].rpartition(" ")[0] + " …", False),) if text else ()
