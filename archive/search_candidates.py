"""Which articles a query finds, in what order.

FTS5's bm25 reads every place of every word in the whole index before it ranks the first article, so it is asked only
about words that not nearly every article holds, and only where the articles found are few enough (MOST_RANKED). Of more
than these, the ones with the words in title, captions or byline come first, then the others, both newest first: words
that so many articles hold say nothing of which is best. Figures: docs/search.md.
"""

import itertools
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from archive import search_expression as expression
from archive.search_query import Node, Without, Words

MOST_RANKED = 2000
_WEIGHTS = "10.0, 1.0, 3.0, 5.0, 0.5, 1.0"  # title, body, captions, byline, files, plain
_SAMPLE = 1000  # newest articles that tell how common a word is
_COMMON = 0.2  # the share of articles that hold a common word
_ONE_BY_ONE = 50  # up to so many articles are looked up in the index of spellings one by one
_HAS_TABLE = """instr(blocks, '"kind": "table"') > 0"""  # the term of the index articles_with_tables


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles to search: days are ISO and inclusive, and an article without a day is in no range of days;
    `byline` are words that the byline holds, with or without marks; the others are wanted (True), unwanted (False), or
    either (None)."""

    since: str | None = None
    until: str | None = None
    category: str | None = None
    byline: str | None = None
    has_photo: bool | None = None
    has_attachment: bool | None = None
    has_table: bool | None = None


EVERY_ARTICLE = Filters()


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of articles, best first, as many as were wanted; `total` and `more` as in `search.Results`."""

    ids: tuple[int, ...]
    total: int
    more: bool = False
    notes: tuple[str, ...] = ()


def candidates(reader: sqlite3.Cursor, node: Node, filters: Filters, *, wanted: int) -> Found:
    """The first `wanted` articles that a query finds. One snapshot of the database is the caller's to hold."""
    search = _Search(reader, node, filters)
    newest = list(itertools.islice(search.ids(search.matching), MOST_RANKED + 1))
    if len(newest) <= MOST_RANKED:
        return Found(tuple(search.ranked(newest)[:wanted]), len(newest))
    ids = tuple(itertools.islice(search.common(newest, wanted), wanted))
    return Found(ids, MOST_RANKED, more=True)


class _Search:
    """One query being answered."""

    def __init__(self, reader: sqlite3.Cursor, node: Node, filters: Filters) -> None:
        self._reader, self._node = reader, node
        self._where, self._values = _conditions(filters)
        positive = node
        if isinstance(node, Without) and expression.is_marked(node.without):
            positive = node.of
            self._where += (
                " AND +rowid NOT IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
                " AND +rowid IN (SELECT rowid FROM articles_fts_marked WHERE articles_fts_marked MATCH ?))"
            )
            self._values += [expression.matching(node.without), expression.spelling(node.without)]
        byline = Words(filters.byline or "").words
        self._of_byline = f" AND ({expression.byline_holds(byline)})" if byline else ""
        self.matching = f"({expression.matching(positive)}){self._of_byline}"
        self.standing = f"({expression.standing(positive)}){self._of_byline}"
        self.spelling = expression.spelling(node) if expression.is_marked(node) else ""

    def ids(self, match: str, below: int | None = None) -> Iterator[int]:
        """Articles that an expression and the filters find, newest first. Read in pieces, so that many can be asked
        for at a time."""
        bound = " AND rowid < ?" if below is not None else ""
        cursor = self._reader.connection.cursor()
        cursor.row_factory = None
        cursor.arraysize = 200
        cursor.execute(
            f"SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?{bound}{self._where} ORDER BY rowid DESC",
            (match, *([below] if below is not None else []), *self._values),
        )
        while rows := cursor.fetchmany():
            yield from (article_id for (article_id,) in rows)

    def ranked(self, ids: list[int]) -> list[int]:
        """Few enough to be ranked: those spelled as typed first, each part by bm25, then newest first."""
        if len(ids) < 2:
            return ids
        ranks = self._ranks(ids)
        typed = self._spelled(ids)
        return sorted(ids, key=lambda one: (one not in typed, ranks.get(one, 0.0), -one))

    def _ranks(self, ids: list[int]) -> dict[int, float]:
        match = expression.ranking(self._node, partial(self._is_common, newest=self._newest()))
        if not match:
            low, high = ids[-1], ids[0]
            standing = self._reader.execute(
                "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?",
                (self.standing, low, high),
            )
            return dict.fromkeys((one for (one,) in standing), -1.0)
        rows = self._reader.execute(
            f"SELECT rowid, bm25(articles_fts, {_WEIGHTS}) FROM articles_fts WHERE articles_fts MATCH ?"
            " AND rowid BETWEEN ? AND ? AND +rowid IN (SELECT value FROM json_each(?))",
            (match, ids[-1], ids[0], json.dumps(ids)),
        )
        return dict(rows.fetchall())

    def _newest(self) -> int:
        row = self._reader.execute("SELECT max(id) FROM articles").fetchone()
        return row[0] or 0

    def _is_common(self, leaf: Words, *, newest: int) -> bool:
        (count,) = self._reader.execute(
            "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ? AND rowid > ?",
            (expression.plain_leaf(leaf), newest - _SAMPLE),
        ).fetchone()
        return newest > MOST_RANKED and count > _SAMPLE * _COMMON

    def _spelled(self, ids: list[int]) -> set[int]:
        """Those of the articles that hold the words with the marks they were typed with; all where none was."""
        if not self.spelling:
            return set(ids)
        match = "SELECT rowid FROM articles_fts_marked WHERE articles_fts_marked MATCH ?"
        if len(ids) <= _ONE_BY_ONE:
            found = (self._reader.execute(f"{match} AND rowid = ?", (self.spelling, one)).fetchone() for one in ids)
            return {row[0] for row in found if row}
        rows = self._reader.execute(f"{match} AND rowid BETWEEN ? AND ?", (self.spelling, min(ids), max(ids)))
        return {one for (one,) in rows} & set(ids)

    def common(self, newest: list[int], wanted: int) -> Iterator[int]:
        """Too many to be ranked."""
        given: set[int] = set()
        standing, again = itertools.tee(itertools.islice(self.ids(self.standing), MOST_RANKED))
        parts: list[Iterator[int]] = [again, iter(newest)]
        if self.spelling:
            parts = [self._spelled_of(standing), self._spelled_of(self.ids(self.matching)), *parts]
        for article_id in itertools.islice(itertools.chain(*parts), MOST_RANKED + wanted):
            if article_id not in given:
                given.add(article_id)
                yield article_id

    def _spelled_of(self, ids: Iterator[int]) -> Iterator[int]:
        while piece := list(itertools.islice(ids, 500)):
            spelled = self._spelled(piece)
            yield from (one for one in piece if one in spelled)


def _conditions(filters: Filters) -> tuple[str, list[str]]:
    """Conditions on an article found, each beginning with AND, and their values. The `+` keeps SQLite from asking the
    full text about one article at a time."""
    clauses, values = [], []
    for clause, value in (
        ("category = ?", filters.category),
        ("date >= ?", filters.since),
        ("date <= ?", filters.until),
    ):
        if value is not None:
            clauses.append(clause)
            values.append(value)
    found = [f"+rowid IN (SELECT id FROM articles WHERE {' AND '.join(clauses)})"] if clauses else []
    for table, wish in (("photos", filters.has_photo), ("attachments", filters.has_attachment)):
        if wish is not None:
            having = f"EXISTS (SELECT 1 FROM {table} p WHERE p.article_id = articles_fts.rowid)"
            found.append(having if wish else f"NOT {having}")
    if filters.has_table is not None:
        found.append(f"+rowid {'' if filters.has_table else 'NOT '}IN (SELECT id FROM articles WHERE {_HAS_TABLE})")
    return "".join(f" AND {clause}" for clause in found), values
