"""Searching the articles: what was typed, and filters, to ranked hits with snippets. Reads only; any text is safe.

    typed ─► search_query ─► search_expression ─► candidates (search_candidates) ─► one page of them: texts, snippets

What was typed with marks finds that spelling first, then the others; within each, best first. docs/search.md says what
finds what, and why it is made as it is.
"""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from archive.errors import ArchiveUnusable
from archive.fulltext import COLUMNS
from archive.search_candidates import all_found, candidates
from archive.search_filters import EVERY_ARTICLE, Filters
from archive.search_query import Words, parse
from archive.search_snippet import Snippet, pattern_of, snippet_of

__all__ = ["EVERY_ARTICLE", "Filters", "Hit", "Results", "Snippet", "ids_found", "search"]

_TEXTS = f"SELECT {', '.join(COLUMNS)} FROM articles_fts WHERE rowid = ?"
_FIELDS = ("id", "url", "title", "date", "category", "byline", "credit")
_ARTICLE = f"SELECT {', '.join(_FIELDS)} FROM articles WHERE id = ?"
_LABEL = "SELECT label, url FROM attachments WHERE article_id = ? ORDER BY position LIMIT 1 OFFSET ?"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found. `attachment` is the label of the attached document that the snippet is from, if it is."""

    id: int
    url: str
    title: str
    date: str | None
    category: str | None
    byline: str | None
    credit: str
    excerpt: Snippet
    attachment: str | None = None

    @property
    def snippet(self) -> str:
        """Original text around what was found, which stands in [brackets]."""
        return self.excerpt.marked()

    def as_dict(self) -> dict[str, Any]:
        """For JSON: `snippet` in brackets, and `excerpt` with the places of the marks."""
        return {**asdict(self), "snippet": self.snippet}


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found. `total` counts all; where `more` is set, there are at least so many. `notes` say for
    people what of the query was passed over."""

    hits: tuple[Hit, ...]
    total: int
    more: bool = False
    notes: tuple[str, ...] = ()


def search(
    db: sqlite3.Connection, query: str, filters: Filters = EVERY_ARTICLE, *, limit: int = 20, offset: int = 0
) -> Results:
    """The articles that a query finds, best first, `limit` of them after the first `offset`.

    `db` is an open `archive.db` (schema.connect). Words must all be there; capital AND, OR, NOT, "phrases", prefix*,
    NEAR(a b, 5) and parentheses mean what they do in FTS5. Whatever is typed gives results or a note, never an error.
    Raises ArchiveUnusable for an archive that an older version made and no newer one has written to since.
    """
    understood = parse(query)
    with _reading(db) as reader:
        if understood.node is None:
            return Results((), 0, notes=understood.notes)
        leaves = understood.leaves
        found = candidates(reader, understood.node, leaves, filters, max(offset, 0) + max(limit, 0))
        pattern = pattern_of(leaves)
        hits = tuple(_hit(reader, article_id, pattern, leaves) for article_id in found.ids[max(offset, 0) :])
    return Results(hits, found.total, found.more, understood.notes + found.notes)


@contextlib.contextmanager
def _reading(db: sqlite3.Connection) -> Iterator[sqlite3.Cursor]:
    """One state of the archive from the first look to the last, whatever a crawl or a withdrawal does meanwhile."""
    reader = db.cursor()
    reader.row_factory = None
    begun = not db.in_transaction
    if begun:
        reader.execute("BEGIN")
    try:
        refuse_older(reader)
        yield reader
    finally:
        if begun:
            reader.execute("ROLLBACK")


def _hit(reader: sqlite3.Cursor, article_id: int, pattern: re.Pattern[str] | None, leaves: list[Words]) -> Hit:
    row = reader.execute(_ARTICLE, (article_id,)).fetchone()
    *texts, plain = reader.execute(_TEXTS, (article_id,)).fetchone()
    excerpt = snippet_of(tuple(texts), plain, pattern, leaves)
    fields = dict(zip(_FIELDS, row, strict=True))
    return Hit(**fields, excerpt=excerpt, attachment=_label(reader, article_id, excerpt))


def ids_found(db: sqlite3.Connection, query: str) -> list[int] | None:
    """The ids of all articles that a query finds, newest first; None where it has no word. Raises as `search`."""
    understood = parse(query)
    with _reading(db) as reader:
        return None if understood.node is None else all_found(reader, understood.node)


def _label(reader: sqlite3.Cursor, article_id: int, excerpt: Snippet) -> str | None:
    if excerpt.attachment is None:
        return None
    row = reader.execute(_LABEL, (article_id, excerpt.attachment)).fetchone()
    return (row[0] or row[1]) if row else None


def refuse_older(reader: sqlite3.Cursor) -> None:
    """Raises ArchiveUnusable for an archive whose full text an older version made."""
    if not reader.execute("SELECT 1 FROM sqlite_schema WHERE name = 'articles_fts_marked'").fetchone():
        raise ArchiveUnusable(
            "The archive was made by an older version, whose full text cannot be searched by this one",
            advice="`susta rebuild` makes it again with this one; so does the next `susta crawl`.",
        )
