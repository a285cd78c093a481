"""Which articles are searched at all."""

import sqlite3
from dataclasses import dataclass

from archive.days import refuse_odd_days, refuse_odd_text

_FEW = 5000  # up to so many articles are listed once, and what is found looked up in the list
HAS_TABLE = """instr(blocks, '"kind": "table"') > 0"""  # the term of the index articles_with_tables


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

    def __post_init__(self) -> None:
        """Raises ConfigError for what is no day, for a range that is none, and for what is empty."""
        refuse_odd_days(self.since, self.until)
        refuse_odd_text("category", self.category)
        refuse_odd_text("byline", self.byline)


EVERY_ARTICLE = Filters()


def conditions(reader: sqlite3.Cursor, filters: Filters) -> tuple[str, list[str]]:
    """Conditions on the `rowid` of an article found, each beginning with AND, and their values; the byline is not among
    them. The `+` keeps SQLite from asking the full text about one article at a time."""
    clauses, values = [], []
    for clause, value in (
        ("category = ?", filters.category),
        ("date >= ?", filters.since),
        ("date <= ?", filters.until),
    ):
        if value is not None:
            clauses.append(clause)
            values.append(value)
    found = []
    if clauses:
        which = " AND ".join(clauses)
        (count,) = reader.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM articles WHERE {which} LIMIT {_FEW})", values
        ).fetchone()
        if count < _FEW:
            found.append(f"+rowid IN (SELECT id FROM articles WHERE {which})")
        else:  # most of what is found passes: look at that alone
            one = "SELECT 1 FROM articles a INDEXED BY articles_by_id WHERE a.id = +found.rowid"
            found.append(f"EXISTS ({one} AND {which})")
    for table, wish in (("photos", filters.has_photo), ("attachments", filters.has_attachment)):
        if wish is not None:
            having = f"EXISTS (SELECT 1 FROM {table} p WHERE p.article_id = found.rowid)"
            found.append(having if wish else f"NOT {having}")
    if filters.has_table is not None:
        one = "SELECT 1 FROM articles a INDEXED BY articles_with_tables WHERE a.id = +found.rowid"
        having = f"EXISTS ({one} AND {HAS_TABLE})"
        found.append(having if filters.has_table else f"NOT {having}")
    return "".join(f" AND {clause}" for clause in found), values
