"""Articles read in bulk: which (`Filter`), in what order, each as the `Entry` that every export is written from.

    Filter ──► rows, newest first, a batch at a time ──► Entry ─┬─ Record: what is exported, with credit and condition
                                                                └─ id, capture, revision, blocks in reading order

A `Record` cannot be made without the source's credit and condition, and every export is written from `Record`s: an
export without them is impossible. Memory does not grow with the number of articles.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from archive.days import refuse_odd_days, refuse_odd_text
from archive.errors import ConfigError

Part = list[Any]  # a photo or an attachment
PHOTO_FIELDS = ("url", "caption", "credit", "sha256")
ATTACHMENT_FIELDS = ("url", "label", "media_type", "sha256")
_BATCH = 256  # articles whose photos and attachments are asked for at once
_FIELDS = (
    "a.id, a.url, a.site, a.site_id, a.category, a.title, a.byline, a.byline_role, a.affiliation, a.date, a.date_kind,"
    " a.date_evidence, CAST(a.blocks AS BLOB), a.views, s.name, s.organisation, a.credit, s.notice, a.content_sha256,"
    " a.extractor, a.first_seen, a.last_seen, a.gone_since, r.number, r.seen_at, r.capture_id"
)
_SELECT = (
    f"SELECT {_FIELDS} FROM articles a JOIN sources s ON s.id = a.source_id"
    " LEFT JOIN revisions r ON r.article_id = a.id"
    " AND r.number = (SELECT max(number) FROM revisions WHERE article_id = a.id)"
)
# Articles without a date sort by when they were first seen (contract).
_NEWEST_FIRST = " ORDER BY coalesce(a.date, substr(a.first_seen, 1, 10)) DESC, a.site_id DESC, a.id DESC"
_LATEST_CHANGE_FIRST = " ORDER BY julianday(r.seen_at) DESC, a.id DESC"


@dataclass(frozen=True, slots=True)
class CreditedSource:
    """The source of a record as every export carries it."""

    name: str
    organisation: str
    credit: str
    notice: str
    url: str

    def __post_init__(self) -> None:
        if not (self.name.strip() and self.credit.strip() and self.notice.strip()):
            raise ValueError("a record without its source's name, credit and notice may not leave the archive")


@dataclass(frozen=True, slots=True)
class Record:
    """One article as it is exported; the fields and their order are the contract's."""

    url: str
    site: str
    site_id: int | None
    category: str | None
    title: str
    byline: str | None
    byline_role: str | None
    affiliation: str | None
    date: str | None
    date_kind: str | None
    date_evidence: str | None
    body: list[str]
    photos: list[dict[str, Any]]
    attachments: list[dict[str, Any]]
    tables: list[dict[str, Any]]
    views: int | None
    source: CreditedSource
    captured_at: str | None
    content_sha256: str
    extractor: str

    def as_dict(self) -> dict[str, Any]:
        """The record as plain values, ready for JSON; its lists are the record's own."""
        source = self.source
        return {
            "url": self.url,
            "site": self.site,
            "site_id": self.site_id,
            "category": self.category,
            "title": self.title,
            "byline": self.byline,
            "byline_role": self.byline_role,
            "affiliation": self.affiliation,
            "date": self.date,
            "date_kind": self.date_kind,
            "date_evidence": self.date_evidence,
            "body": self.body,
            "photos": self.photos,
            "attachments": self.attachments,
            "tables": self.tables,
            "views": self.views,
            "source": {
                "name": source.name,
                "organisation": source.organisation,
                "credit": source.credit,
                "notice": source.notice,
                "url": source.url,
            },
            "captured_at": self.captured_at,
            "content_sha256": self.content_sha256,
            "extractor": self.extractor,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """An article with its place in the archive. `revision`, `captured_at` of its record and `capture_id` are those of
    its newest revision; `blocks` are its pieces in reading order, as in `articles.blocks`."""

    id: int
    record: Record
    blocks: list[dict[str, Any]]
    revision: int
    capture_id: int | None
    first_seen: str
    last_seen: str
    gone_since: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles; without any of these, all.

    `since` and `until` are ISO days, inclusive; an article without a day is in none of these ranges. `category` is as
    in the address. `query` is what `susta search` takes. `byline` is a piece of the byline, marks and case aside.
    `changed_since` is a day or time (UTC unless it names its offset): articles whose newest revision came later.
    """

    since: str | None = None
    until: str | None = None
    category: str | None = None
    query: str | None = None
    byline: str | None = None
    changed_since: str | None = None

    def __post_init__(self) -> None:
        """Raises ConfigError for what is no day or time, for a range that is none, and for what is empty."""
        refuse_odd_days(self.since, self.until)
        for name in ("category", "query", "byline", "changed_since"):
            refuse_odd_text(name, getattr(self, name))
        if self.changed_since is not None:
            try:
                _moment(self.changed_since)
            except (ValueError, OverflowError) as error:
                what = f"changed_since: {self.changed_since!r} is neither a day nor a time like 2026-11-22T02:00:00Z"
                raise ConfigError(what) from error

    def sql(self) -> tuple[str, list[Any]]:
        """A WHERE clause (or "") and its parameters; `query` is not in it.

        The `+` keeps SQLite to the index by day, which gives the articles in order without sorting whole texts.
        """
        clauses: list[str] = []
        values: list[Any] = []
        changed = None if self.changed_since is None else _moment(self.changed_since)
        for clause, value in (
            ("a.date >= ?", self.since),
            ("a.date <= ?", self.until),
            ("+a.category = ?", self.category),
            ("instr(bare(a.byline), bare(?)) > 0", self.byline),
            ("julianday(r.seen_at) > julianday(?)", changed),
        ):
            if value is not None:
                clauses.append(clause)
                values.append(value)
        return (" WHERE " + " AND ".join(clauses) if clauses else ""), values


ALL = Filter()


def _moment(text: str) -> str:
    """A day or time as UTC, to the microsecond."""
    given = datetime.fromisoformat(text)
    return given.replace(tzinfo=given.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_rows(
    db: sqlite3.Connection, which: Filter, found: Iterable[int] | None, *, by_change: bool = False
) -> Iterator[tuple[Any, list[Part], list[Part]]]:
    """(the row, its photos, its attachments) of each article, newest first: by day, or `by_change` by when its newest
    revision came. The row has the columns of _FIELDS, a part those of PHOTO_FIELDS or ATTACHMENT_FIELDS.

    `found` are the ids that `which.query` found; None without a query. What is given is the state of one moment, even
    when a crawl goes on meanwhile. `bare` must be known to the connection as a function.
    """
    where, values = which.sql()
    if found is not None:
        where += (" AND" if where else " WHERE") + " a.id IN (SELECT value FROM json_each(?))"
        values.append(json.dumps(sorted(found)))
    # A statement that is not at its end keeps the connection's view of the database.
    view = db.execute("SELECT name FROM sqlite_schema")
    view.fetchone()
    try:
        cursor = db.cursor()
        cursor.row_factory = None
        cursor.execute(_SELECT + where + (_LATEST_CHANGE_FIRST if by_change else _NEWEST_FIRST), values)
        while batch := cursor.fetchmany(_BATCH):
            yield from _with_parts(db, batch)
    finally:
        with suppress(sqlite3.ProgrammingError):  # the archive was closed before all was read
            view.close()


def read_entry(db: sqlite3.Connection, clause: str, *values: Any) -> Entry | None:
    """The one entry that a condition on `a` (articles) holds for; None when there is none."""
    row = db.execute(f"{_SELECT} WHERE {clause}", values).fetchone()
    return next((entry_of(*each) for each in _with_parts(db, [row])), None) if row else None


def _with_parts(db: sqlite3.Connection, rows: list[Any]) -> Iterator[tuple[Any, list[Part], list[Part]]]:
    ids = json.dumps([row[0] for row in rows])
    photos = _parts(db, "photos", PHOTO_FIELDS, ids)
    attachments = _parts(db, "attachments", ATTACHMENT_FIELDS, ids)
    for row in rows:
        yield row, photos.get(row[0], []), attachments.get(row[0], [])


def _parts(db: sqlite3.Connection, table: str, names: tuple[str, ...], ids: str) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = {}
    cursor = db.cursor()
    cursor.row_factory = None
    for article_id, *part in cursor.execute(
        f"SELECT article_id, {', '.join(names)} FROM {table} WHERE article_id IN (SELECT value FROM json_each(?))"
        " ORDER BY article_id, position",
        (ids,),
    ):
        found.setdefault(article_id, []).append(part)
    return found


def entry_of(row: Any, photos: list[Part], attachments: list[Part]) -> Entry:
    """The entry of what `read_rows` gives."""
    (
        article_id, url, site, site_id, category, title, byline, byline_role, affiliation, day, date_kind, evidence,
        blocks_text, views, source_name, organisation, credit, notice, digest, extractor,
        first_seen, last_seen, gone_since, revision, captured_at, capture_id,
    ) = row  # fmt: skip
    blocks = json.loads(blocks_text)
    record = Record(
        url,
        site,
        site_id,
        category,
        title,
        byline,
        byline_role,
        affiliation,
        day,
        date_kind,
        evidence,
        [block["text"] for block in blocks if "text" in block],
        [dict(zip(PHOTO_FIELDS, part, strict=True)) for part in photos],
        [dict(zip(ATTACHMENT_FIELDS, part, strict=True)) for part in attachments],
        [{"rows": block["rows"]} for block in blocks if "rows" in block],
        views,
        CreditedSource(source_name, organisation, credit, notice, source_url(url, site)),
        captured_at,
        digest,
        extractor,
    )
    return Entry(article_id, record, blocks, revision or 0, capture_id, first_seen, last_seen, gone_since)


def source_url(url: str, site: str) -> str:
    """The address of the site that an article is from."""
    return f"{url.partition('://')[0]}://{site}/"
