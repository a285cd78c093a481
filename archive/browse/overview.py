"""What the start page shows: how much there is, since when, of which years and categories, what changed lately, and
the source's condition. Reads only; no HTML."""

import sqlite3
from collections import Counter
from dataclasses import dataclass

from archive.browse.database import rows

_LATEST = 12


@dataclass(frozen=True, slots=True)
class SourceSaid:
    """Whom to credit, and the condition, verbatim."""

    site: str
    name: str
    organisation: str
    notice: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something new about an article; `kind` is new, edited or gone, `number` that of the revision."""

    kind: str
    article_id: int
    title: str
    at: str
    number: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Articles by category and year, "" being without a day or category. Years go up, categories from the fullest."""

    years: tuple[str, ...]
    categories: tuple[str, ...]
    counts: dict[tuple[str, str], int]  # (category, year)

    def of_year(self, year: str) -> int:
        return sum(count for (_, one), count in self.counts.items() if one == year)

    def of_category(self, category: str) -> int:
        return sum(count for (one, _), count in self.counts.items() if one == category)

    @property
    def most(self) -> int:
        return max(self.counts.values(), default=0)


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the start page says."""

    articles: int
    photos: tuple[int, int]  # all, captured
    attachments: tuple[int, int]
    revisions: int
    captures: int
    since: str | None
    until: str | None
    grid: Grid
    latest: tuple[Change, ...]
    sources: tuple[SourceSaid, ...]
    last_run: tuple[str, str] | None  # (when it began, outcome)


def overview(db: sqlite3.Connection) -> Overview:
    """The archive in numbers and lists."""
    counts = {
        name: rows(db, f"SELECT count(*){', count(sha256)' if name in ('photos', 'attachments') else ''} FROM {name}")[
            0
        ]
        for name in ("articles", "photos", "attachments", "revisions", "captures")
    }
    ((since, until),) = rows(
        db,
        "SELECT (SELECT fetched_at FROM captures ORDER BY id LIMIT 1),"
        " (SELECT fetched_at FROM captures ORDER BY id DESC LIMIT 1)",
    )
    run = rows(db, "SELECT started_at, outcome FROM runs ORDER BY id DESC LIMIT 1")
    return Overview(
        counts["articles"][0],
        (counts["photos"][0], counts["photos"][1]),
        (counts["attachments"][0], counts["attachments"][1]),
        counts["revisions"][0],
        counts["captures"][0],
        since,
        until,
        grid(db),
        latest(db),
        sources(db),
        (run[0][0], run[0][1]) if run else None,
    )


def grid(db: sqlite3.Connection) -> Grid:
    """Articles by category and year of their day."""
    counts = {
        (category, year): count
        for category, year, count in rows(
            db, "SELECT coalesce(category, ''), coalesce(substr(date, 1, 4), ''), count(*) FROM articles GROUP BY 1, 2"
        )
    }
    of_category: Counter[str] = Counter()
    for (category, _), count in counts.items():
        of_category[category] += count
    known = sorted(int(year) for year in {year for _, year in counts} if year.isascii() and year.isdecimal())
    # A year without articles is shown as such, unless a wrong day would make the chart endless.
    if known and known[-1] - known[0] < 80:
        known = list(range(known[0], known[-1] + 1))
    years = [f"{year:04d}" for year in known] + ([""] if any(year == "" for _, year in counts) else [])
    categories = sorted(of_category, key=lambda name: (-of_category[name], name))
    return Grid(tuple(years), tuple(categories), counts)


def latest(db: sqlite3.Connection) -> tuple[Change, ...]:
    """The newest revisions and disappearances, newest first. Revisions are looked up by when they were filed, which
    needs no index and differs from when they were seen only for captures that were imported."""
    found = [
        Change("new" if number == 1 else "edited", article_id, title, at, number)
        for article_id, title, at, number in rows(
            db,
            "SELECT a.id, a.title, r.seen_at, r.number FROM (SELECT article_id, seen_at, number FROM revisions"
            " ORDER BY rowid DESC LIMIT ?) r JOIN articles a ON a.id = r.article_id",
            _LATEST,
        )
    ]
    found += [
        Change("gone", article_id, title, at, 0)
        for article_id, title, at in rows(
            db,
            # From an index alone first: the texts of all articles are not read for it.
            "SELECT a.id, a.title, g.gone_since FROM (SELECT id, gone_since FROM articles"
            " WHERE gone_since IS NOT NULL ORDER BY gone_since DESC LIMIT ?) g JOIN articles a ON a.id = g.id",
            _LATEST,
        )
    ]
    return tuple(sorted(found, key=lambda change: (change.at, change.article_id), reverse=True)[:_LATEST])


def sources(db: sqlite3.Connection) -> tuple[SourceSaid, ...]:
    """The newest condition of each site."""
    found = rows(db, "SELECT site, name, organisation, notice FROM sources ORDER BY last_seen DESC, id DESC")
    newest: dict[str, SourceSaid] = {}
    for row in found:
        newest.setdefault(row[0], SourceSaid(*row))
    return tuple(newest.values())
