"""What a person wants to know of an archive over coffee: what came in since last time, and how it stands. Reads only.

Everything is a plain value, ready for JSON; report_page.py makes a page of it.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.diff import Kind, diff
from archive.history import revision_of, what_changed

_MOST_NEW, _MOST_CHANGED, _MOST_GONE, _MOST_DOUBTFUL, _MOST_RUNS = 200, 40, 100, 25, 30
_MOST_TEXTS = 12  # changed texts of one article
_MONTHS = 24
_YEARS = 10  # before the last one, each on its own
_CATEGORIES = 12


@dataclass(frozen=True, slots=True)
class Changed:
    """One revision: what changed in a line, and each changed text as segments (kind, text)."""

    id: int
    url: str
    title: str
    seen_at: str
    number: int
    changed: str
    texts: list[list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Articles by category and time: `counts[category][place]` stands for `times[place]`, a month (`2026-11`), a year
    (`2024`), or a year and all before it (`to 2014`)."""

    times: list[str]
    counts: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Facts:
    """The whole report. Lists have their newest or worst first and are cut; `new_count` and `changed_count` are not."""

    since: str
    until: str
    new_count: int
    changed_count: int
    new: list[dict[str, Any]]
    changed: list[Changed]
    gone: list[dict[str, Any]]
    totals: dict[str, int]
    by_month: list[tuple[str, int]]
    coverage: Coverage
    completeness: list[dict[str, Any]]
    runs: list[dict[str, Any]]
    failures: dict[str, int]
    growth: list[tuple[str, int]]
    audits: list[dict[str, Any]]
    doubtful: list[dict[str, Any]]
    sources: list[dict[str, Any]]


_NEW = """
SELECT id, url, title, byline, date, category, credit, first_seen, doubt FROM articles
WHERE first_seen BETWEEN ? AND ? ORDER BY first_seen DESC, id DESC LIMIT ?
"""
_GONE = """
SELECT e.type, e.at, e.target AS url, a.id, a.title FROM events e LEFT JOIN articles a ON a.url = e.target
WHERE e.type IN ('disappeared', 'returned') AND e.at BETWEEN ? AND ? ORDER BY e.at DESC LIMIT ?
"""
_BY_MONTH = """
SELECT substr(coalesce(date, first_seen), 1, 7) AS month, count(*) FROM articles GROUP BY month ORDER BY month
"""
_RUNS = """
SELECT id, started_at, finished_at, outcome, fetched, new, changed, unchanged, refused, failed, bytes
FROM runs WHERE kind = 'crawl' ORDER BY id DESC LIMIT ?
"""
_FAILURES = """
SELECT reason, count(*) AS count FROM failures WHERE failed_at BETWEEN ? AND ? GROUP BY reason ORDER BY count DESC
"""
_GROWTH = "SELECT substr(fetched_at, 1, 7) AS month, sum(warc_length) FROM captures GROUP BY month ORDER BY month"
_AUDITS = "SELECT at, outcome, detail FROM events WHERE type = 'checked' ORDER BY at DESC, id DESC LIMIT 5"
_DOUBTFUL = "SELECT id, url, title, doubt, doubts FROM articles WHERE doubt > 0 ORDER BY doubt DESC, id LIMIT ?"
_SOURCES = "SELECT site, name, organisation, notice, last_seen FROM sources ORDER BY last_seen DESC LIMIT 5"


def report_facts(db: sqlite3.Connection, since: datetime, until: datetime) -> Facts:
    """Gathers the report on the time from `since` to `until`."""
    time = (_exact(since), _exact(until))

    def rows(sql: str, *values: Any) -> list[dict[str, Any]]:
        cursor = db.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def number(sql: str, *values: Any) -> int:
        return int(db.execute(sql, values).fetchone()[0] or 0)

    return Facts(
        since=time[0],
        until=time[1],
        new_count=number("SELECT count(*) FROM articles WHERE first_seen BETWEEN ? AND ?", *time),
        changed_count=number("SELECT count(*) FROM revisions WHERE number > 1 AND seen_at BETWEEN ? AND ?", *time),
        new=rows(_NEW, *time, _MOST_NEW),
        changed=_changed(db, *time),
        gone=rows(_GONE, *time, _MOST_GONE),
        totals=_totals(number),
        by_month=db.execute(_BY_MONTH).fetchall(),
        coverage=_coverage(db, until),
        completeness=_completeness(rows),
        runs=rows(_RUNS, _MOST_RUNS),
        failures=dict(db.execute(_FAILURES, time).fetchall()),
        growth=db.execute(_GROWTH).fetchall(),
        audits=rows(_AUDITS),
        doubtful=rows(_DOUBTFUL, _MOST_DOUBTFUL),
        sources=rows(_SOURCES),
    )


def _exact(at: datetime) -> str:
    """As captures are dated, to the microsecond: what is in one report is not in the next."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _totals(number: Callable[..., int]) -> dict[str, int]:
    return {
        "articles": number("SELECT count(*) FROM articles"),
        "gone": number("SELECT count(gone_since) FROM articles"),
        "with_byline": number("SELECT count(byline) FROM articles"),
        "with_date": number("SELECT count(date) FROM articles"),
        "doubtful": number("SELECT count(*) FROM articles WHERE doubt > 0"),
        "revisions": number("SELECT count(*) FROM revisions"),
        "photos": number("SELECT count(*) FROM photos"),
        "with_caption": number("SELECT count(caption) FROM photos"),
        "photos_captured": number("SELECT count(capture_id) FROM photos"),
        "attachments": number("SELECT count(*) FROM attachments"),
        "attachments_captured": number("SELECT count(capture_id) FROM attachments"),
        "captures": number("SELECT count(*) FROM captures"),
        "warc_bytes": number("SELECT sum(warc_length) FROM captures"),
    }


def _changed(db: sqlite3.Connection, begin: str, end: str) -> list[Changed]:
    found = []
    for article_id, number, url in db.execute(
        "SELECT r.article_id, r.number, a.url FROM revisions r JOIN articles a ON a.id = r.article_id"
        " WHERE r.number > 1 AND r.seen_at BETWEEN ? AND ? ORDER BY r.seen_at DESC, r.article_id LIMIT ?",
        (begin, end, _MOST_CHANGED),
    ).fetchall():
        before, after = revision_of(db, article_id, number - 1), revision_of(db, article_id, number)
        if before is None or after is None:
            continue
        changes = diff(before[0], after[0])
        texts = [
            [(str(segment.kind), segment.text) for segment in text.segments]
            for change in changes
            for text in change.texts
            if text.kind is not Kind.SAME and text.name != "address"
        ]
        title = after[0].title
        found.append(Changed(article_id, url, title, after[1], number, what_changed(changes), texts[:_MOST_TEXTS]))
    return found


def _coverage(db: sqlite3.Connection, until: datetime) -> Coverage:
    """All articles, by the month of this year and the last one, before that by the year; the largest categories, and
    the rest together."""
    split, found = f"{until.year - 1:04d}-01", dict[tuple[str, str], int]()
    for category, month, count in db.execute(
        "SELECT coalesce(category, ''), substr(coalesce(date, first_seen), 1, 7) AS month, count(*) FROM articles"
        " GROUP BY 1, 2"
    ):
        time = month if month >= split else max(month[:4], f"{until.year - 1 - _YEARS:04d}")
        found[category, time] = found.get((category, time), 0) + count
    months = {f"{year:04d}-{month:02d}" for year in (until.year - 1, until.year) for month in range(1, 13)}
    months = {month for month in months if month <= f"{until.year:04d}-{until.month:02d}"}
    times = sorted({time for _, time in found} | (months if found else set()))
    counted: dict[str, list[int]] = {}
    for (category, time), count in found.items():
        counted.setdefault(category, [0] * len(times))[times.index(time)] += count
    largest = sorted(counted, key=lambda name: (-sum(counted[name]), name))
    counts = {name: counted[name] for name in largest[:_CATEGORIES]}
    if rest := largest[_CATEGORIES:]:
        counts[f"{len(rest)} more"] = [sum(counted[name][place] for name in rest) for place in range(len(times))]
    earliest = f"{until.year - 1 - _YEARS:04d}"
    return Coverage([f"to {time}" if time == earliest else time for time in times], counts)


def _completeness(rows: Callable[..., list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Shares (0 to 1) by the month in which articles were first seen, the last two years."""
    photos = {
        row["month"]: row["captions"]
        for row in rows(
            "SELECT substr(a.first_seen, 1, 7) AS month, 1.0 * count(p.caption) / count(*) AS captions"
            " FROM photos p JOIN articles a ON a.id = p.article_id GROUP BY month"
        )
    }
    found = rows(
        "SELECT substr(first_seen, 1, 7) AS month, count(*) AS articles, 1.0 * count(byline) / count(*) AS byline,"
        " 1.0 * count(date) / count(*) AS date, 1.0 * sum(doubt = 0) / count(*) AS undoubted"
        " FROM articles GROUP BY month ORDER BY month DESC LIMIT ?",
        _MONTHS,
    )
    return [row | {"captions": photos.get(row["month"])} for row in reversed(found)]


def default_since(until: datetime) -> datetime:
    """A week before, where there was no report yet."""
    return until - timedelta(days=7)
