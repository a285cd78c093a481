"""Which articles a query finds, in what order.

Up to `Limits.ranked` are all ranked (search_ranking.py). Of more, those with the words in title, captions or byline
come first, then the others, both newest first: words that so many articles hold say nothing of which is best, and
ranking them would read the greater part of the index. In either case those spelled as was typed come before the others.
Figures: docs/measurements.md.
"""

import itertools
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archive import search_expression as expression
from archive import search_ranking as ranking
from archive.search_filters import EVERY_ARTICLE, Filters, conditions
from archive.search_query import Node, Without, Words

_PIECE = 100  # articles read at a time


@dataclass(frozen=True, slots=True)
class Limits:
    """How much work is done for the order of what is found: up to `weighed` articles are read and weighed, up to
    `ranked` are ranked by FTS5."""

    ranked: int = 2000
    weighed: int = 200


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of articles, best first, as many as were wanted; `total` and `more` as in `search.Results`."""

    ids: tuple[int, ...]
    total: int
    more: bool = False
    notes: tuple[str, ...] = ()


def candidates(
    reader: sqlite3.Cursor,
    node: Node,
    leaves: list[Words],
    filters: Filters,
    wanted: int,
    limits: Limits = LIMITS,
) -> Found:
    """The first `wanted` articles that a query finds; `leaves` are the words in it that tell which is best."""
    search = _Search(reader, node, filters, limits)
    newest = list(itertools.islice(search.matching(), limits.ranked + 1))
    if len(newest) <= limits.ranked:
        return Found(tuple(search.ranked(newest, leaves)[:wanted]), len(newest))
    return Found(tuple(itertools.islice(search.common(newest), wanted)), limits.ranked, more=True)


def all_found(reader: sqlite3.Cursor, node: Node) -> list[int]:
    """The ids of all articles that a query finds, newest first."""
    return _Search(reader, node, EVERY_ARTICLE, LIMITS).everything()


def best_of(
    reader: sqlite3.Cursor, node: Node, leaves: list[Words], found: list[int], wanted: int, limits: Limits = LIMITS
) -> list[int]:
    """The best `wanted` of what `all_found` gave, or of a part of it that has kept its order."""
    search = _Search(reader, node, EVERY_ARTICLE, limits, found)
    if len(found) <= limits.ranked:
        return search.ranked(found, leaves)[:wanted]
    return list(itertools.islice(search.common(found[: limits.ranked + 1]), wanted))


class _Search:
    """One query being answered, with `found` out of the articles that are known to be found."""

    def __init__(
        self, reader: sqlite3.Cursor, node: Node, filters: Filters, limits: Limits, found: list[int] | None = None
    ) -> None:
        self._reader, self._node, self._limits, self._found = reader, node, limits, found
        self._where, self._values = conditions(reader, filters)
        self._words_only = expression.words_only(node)
        positive = node
        if not self._words_only and isinstance(node, Without) and expression.is_marked(node.without):
            # Typed with marks, it is meant as it was typed.
            positive = node.of
            self._where += (
                " AND +rowid NOT IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
                " AND +rowid IN (SELECT rowid FROM articles_fts_marked WHERE articles_fts_marked MATCH ?))"
            )
            self._values += [expression.matching(node.without), expression.spelling(node.without)]
        if byline := Words(filters.byline or "").words:
            rows = reader.execute(
                "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", (expression.byline_holds(byline),)
            )
            self._where += " AND +rowid IN (SELECT value FROM json_each(?))"
            self._values.append(json.dumps([one for (one,) in rows]))
        self._matching = expression.matching(positive)
        self._standing = expression.standing(node)
        self._spelling = expression.spelling(node) if expression.is_marked(node) else ""

    def matching(self) -> Iterator[int]:
        """All articles found, newest first."""
        if self._found is not None:
            return iter(self._found)
        return self._ids(*self._asked())

    def everything(self) -> list[int]:
        """The same at once: of a hundred thousand, in half the time that as many rows take."""
        table, match = self._asked()
        (found,) = self._reader.execute(
            f"SELECT json_group_array(found.rowid) {self._from(table)}", (match, *self._values)
        ).fetchone()
        return sorted(json.loads(found), reverse=True)

    def _asked(self) -> tuple[str, str]:
        """The table that knows what is found, and what it is asked."""
        return ("articles_fts_marked", self._words_only) if self._words_only else ("articles_fts", self._matching)

    def _from(self, table: str) -> str:
        return f"FROM {table} AS found WHERE {table} MATCH ?{self._where}"

    def _ids(self, table: str, match: str) -> Iterator[int]:
        cursor = self._reader.connection.cursor()
        cursor.row_factory = None
        cursor.execute(f"SELECT found.rowid {self._from(table)} ORDER BY found.rowid DESC", (match, *self._values))
        while rows := cursor.fetchmany(_PIECE):
            yield from (article_id for (article_id,) in rows)

    def ranked(self, ids: list[int], leaves: list[Words]) -> list[int]:
        """Few enough to be ranked: those spelled as typed first, each part best first, then newest first."""
        if len(ids) < 2:
            return ids
        if len(ids) <= self._limits.weighed:
            read = ranking.weigh(self._reader, ids, leaves)
            typed = {one for one in ids if not self._spelling or expression.is_met(self._node, read[one].spelled)}
            return sorted(ids, key=lambda one: (one not in typed, -read[one].weight, -one))
        newest = self._reader.execute("SELECT max(id) FROM articles").fetchone()[0]
        weights = ranking.rank(self._reader, ids, leaves, newest)
        if not weights and self._standing:
            weights = dict.fromkeys(self._among(ids, self._standing), 1.0)
        typed = self._among(ids, self._spelling) if self._spelling else set(ids)
        return sorted(ids, key=lambda one: (one not in typed, -weights.get(one, 0.0), -one))

    def _among(self, ids: list[int], words: str) -> set[int]:
        """Those of the articles that hold the words, by articles_fts_marked."""
        match = "SELECT rowid FROM articles_fts_marked WHERE articles_fts_marked MATCH ?"
        rows = self._reader.execute(f"{match} AND rowid BETWEEN ? AND ?", (words, min(ids), max(ids)))
        return {one for (one,) in rows} & set(ids)

    def _stand(self, newest: list[int]) -> Iterator[int]:
        """The newest articles that hold the words in title, captions or byline; where not words alone are asked for,
        of the newest that are found."""
        if not self._standing:
            return iter(())
        if self._words_only:
            standing = self._ids("articles_fts_marked", self._standing)
            return standing if self._found is None else _both(standing, iter(self._found))
        return iter(sorted(self._among(newest, self._standing), reverse=True))

    def common(self, newest: list[int]) -> Iterator[int]:
        """Too many to be ranked: no more of either kind than would be ranked."""
        parts = [self._stand(newest), iter(newest)]
        if self._spelling:
            standing = _both(self._stand(newest), self._spelled())
            parts = [standing, _both(self.matching(), self._spelled()), *parts]
        given: set[int] = set()
        for article_id in itertools.chain(*(itertools.islice(part, self._limits.ranked) for part in parts)):
            if article_id not in given:
                given.add(article_id)
                yield article_id

    def _spelled(self) -> Iterator[int]:
        cursor = self._reader.connection.cursor()
        cursor.row_factory = None
        cursor.execute(
            "SELECT rowid FROM articles_fts_marked WHERE articles_fts_marked MATCH ? ORDER BY rowid DESC",
            (self._spelling,),
        )
        while rows := cursor.fetchmany(_PIECE):
            yield from (article_id for (article_id,) in rows)


def _both(one: Iterator[int], other: Iterator[int]) -> Iterator[int]:
    """What is in both of two descending rows of numbers, in their order."""
    a, b = next(one, None), next(other, None)
    while a is not None and b is not None:
        if a == b:
            yield a
            a, b = next(one, None), next(other, None)
        elif a > b:
            a = next(one, None)
        else:
            b = next(other, None)
