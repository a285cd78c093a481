"""Reading an archive: articles as credited records, search, counts. Opens `archive.db` read-only; never writes.

A `Record` cannot be made without the source's credit and condition, and every export takes `Record`s and nothing else:
an export without them is impossible.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive import schema
from archive.captures import read_capture
from archive.errors import ArchiveUnusable
from archive.events import Event, events
from archive.history import History, count_revisions, history_of, revision_of
from archive.provenance import CaptureView, capture_view
from archive.records import Article, Source
from archive.search import EVERY_ARTICLE, Filters, Results, search
from archive.store import DATABASE_NAME
from archive.vietnamese import without_marks
from archive.warc import FOLDER_NAME, StoredExchange
from archive.withdrawal import Tombstone, tombstone_of

_SELECT = """
SELECT a.*, s.name AS source_name, s.organisation AS source_organisation, s.notice AS source_notice,
       (SELECT r.seen_at FROM revisions r WHERE r.article_id = a.id ORDER BY r.number DESC LIMIT 1) AS captured_at
FROM articles a JOIN sources s ON s.id = a.source_id
"""
# Articles without a date sort by when they were first seen (contract).
_NEWEST_FIRST = " ORDER BY coalesce(a.date, substr(a.first_seen, 1, 10)) DESC, a.site_id DESC, a.id DESC"


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
        """The record as plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles: days are ISO and inclusive; an article without a day is in none of the ranges."""

    since: str | None = None
    until: str | None = None
    category: str | None = None
    byline: str | None = None

    def sql(self) -> tuple[str, list[Any]]:
        """A WHERE clause (or "") and its parameters."""
        clauses: list[str] = []
        values: list[Any] = []
        for clause, value in (
            ("a.date >= ?", self.since),
            ("a.date <= ?", self.until),
            ("a.category = ?", self.category),
            ("instr(bare(a.byline), bare(?)) > 0", self.byline),
        ):
            if value is not None:
                clauses.append(clause)
                values.append(value)
        return (" WHERE " + " AND ".join(clauses) if clauses else ""), values


@dataclass(frozen=True, slots=True)
class Provenance:
    """The capture an article's record was read from, by which extractor with which frame, and for each field the rule
    that gave it and how sure that is, 0 to 1 (`articles.reasons`)."""

    capture_id: int
    extractor: str
    frame_id: int | None
    reasons: dict[str, tuple[str, float]]


class Archive:
    """One archive, open for reading. Use `Archive.open(folder)`; close it, or use it in a `with`."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self._db = connection
        self._db.row_factory = sqlite3.Row
        self._db.create_function("bare", 1, _bare, deterministic=True)

    @classmethod
    def open(cls, folder: Path | str) -> "Archive":
        """Opens the archive in a folder. Raises ArchiveUnusable (see schema.connect)."""
        folder = Path(folder)
        return cls(folder, schema.connect(folder / DATABASE_NAME, read_only=True))

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def records(self, which: Filter = Filter()) -> Iterator[Record]:
        """Articles as credited records, newest first, one at a time."""
        where, values = which.sql()
        for row in self._db.execute(_SELECT + where + _NEWEST_FIRST, values):
            yield self._record(row)

    def find(self, what: str) -> tuple[int, Record] | None:
        """The article with this id or address (aliases included), as (id, record)."""
        if not what.isprintable():  # control characters and lone surrogates are in no address
            return None
        if re.fullmatch(r"[0-9]{1,18}", what):
            row = self._db.execute(_SELECT + " WHERE a.id = ?", (int(what),)).fetchone()
        else:
            row = self._db.execute(
                _SELECT + " WHERE a.url = ? OR a.id = (SELECT article_id FROM aliases WHERE url = ?)", (what, what)
            ).fetchone()
        return (row["id"], self._record(row)) if row else None

    def withdrawn(self, *whats: str) -> Tombstone | None:
        """The tombstone of a withdrawn article with this address or id; the first that is found."""
        return tombstone_of(self._db, *(what for what in whats if what.isprintable()))

    def ids_of_number(self, number: str) -> list[int]:
        """Ids of the articles whose addresses end in this number."""
        if not re.fullmatch(r"[0-9]{1,18}", number):
            return []
        rows = self._db.execute("SELECT id FROM articles WHERE site_id = ? ORDER BY id", (int(number),))
        return [row[0] for row in rows]

    def history(self, article_id: int) -> dict[str, Any]:
        """Where an article stands in the archive: when it was seen, how often it changed, its address's last answer."""
        row = self._db.execute(
            "SELECT id, first_seen, last_seen, gone_since,"
            " (SELECT count(*) FROM revisions r WHERE r.article_id = a.id) AS revisions,"
            " (SELECT status FROM captures c WHERE c.url = a.url"
            "   ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1) AS last_status,"
            " (SELECT d.refusal FROM captures c JOIN derivations d ON d.capture_id = c.id WHERE c.url = a.url"
            "   ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1) AS last_refusal"
            " FROM articles a WHERE id = ?",
            (article_id,),
        ).fetchone()
        return dict(row)

    def story(self, article_id: int) -> History | None:
        """Revisions, disappearances and returns, counter and other addresses of an article."""
        return history_of(self._db, article_id)

    def revision(self, article_id: int, number: int) -> tuple[Article, str, int] | None:
        """(record, when first seen, capture id) of a revision of an article; None when there is none of this number."""
        return revision_of(self._db, article_id, number)

    def revisions(self, article_id: int) -> int:
        """How many revisions an article has; they are numbered from 1."""
        return count_revisions(self._db, article_id)

    def capture_view(self, capture_id: int) -> CaptureView | None:
        """A capture with all that is known of it; None when there is none. Raises as provenance.capture_view."""
        return capture_view(self._db, self.folder / FOLDER_NAME, capture_id)

    def capture_row(self, capture_id: int) -> dict[str, Any] | None:
        """The row of a capture; None when there is none of this id."""
        row = self._db.execute("SELECT * FROM captures WHERE id = ?", (capture_id,)).fetchone()
        return dict(row) if row else None

    def events(self, **which: Any) -> list[Event]:
        """The newest events first; see events.events. Raises ArchiveUnusable for an archive of an older schema."""
        if not self._db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'events'").fetchone():
            raise ArchiveUnusable(
                f"The archive in {self.folder} was made by an older version, which kept no events",
                advice="The next `susta crawl` or `susta rebuild` brings it up to date.",
            )
        return events(self._db, **which)

    def provenance(self, article_id: int) -> Provenance:
        """What an article's record rests on."""
        row = self._db.execute(
            "SELECT a.capture_id, a.extractor, d.frame_id, a.reasons FROM articles a"
            " LEFT JOIN derivations d ON d.capture_id = a.capture_id WHERE a.id = ?",
            (article_id,),
        ).fetchone()
        return Provenance(row[0], row[1], row[2], json.loads(row[3]))

    def _record(self, row: sqlite3.Row) -> Record:
        blocks = json.loads(row["blocks"])
        scheme = row["url"].partition("://")[0]
        return Record(
            url=row["url"],
            site=row["site"],
            site_id=row["site_id"],
            category=row["category"],
            title=row["title"],
            byline=row["byline"],
            byline_role=row["byline_role"],
            affiliation=row["affiliation"],
            date=row["date"],
            date_kind=row["date_kind"],
            date_evidence=row["date_evidence"],
            body=[block["text"] for block in blocks if "text" in block],
            photos=self._parts("SELECT url, caption, credit, sha256 FROM photos", row["id"]),
            attachments=self._parts("SELECT url, label, media_type, sha256 FROM attachments", row["id"]),
            tables=[{"rows": block["rows"]} for block in blocks if "rows" in block],
            views=row["views"],
            source=CreditedSource(
                row["source_name"],
                row["source_organisation"],
                row["credit"],
                row["source_notice"],
                f"{scheme}://{row['site']}/",
            ),
            captured_at=row["captured_at"],
            content_sha256=row["content_sha256"],
            extractor=row["extractor"],
        )

    def _parts(self, select: str, article_id: int) -> list[dict[str, Any]]:
        rows = self._db.execute(f"{select} WHERE article_id = ? ORDER BY position", (article_id,))
        return [dict(row) for row in rows]

    def capture(self, capture_id: int) -> StoredExchange:
        """A stored response with its payload. Raises ArchiveUnusable when there is none, or its bytes are not there."""
        return read_capture(self._db, self.folder / FOLDER_NAME, capture_id)

    def captured_photos(self, article_id: int) -> list[tuple[int, str, str, int]]:
        """For each captured photo: (position, sha256, media type, capture id)."""
        rows = self._db.execute(
            "SELECT p.position, p.sha256, c.media_type, c.id FROM photos p"
            " JOIN captures c ON c.id = p.capture_id WHERE p.article_id = ? ORDER BY p.position",
            (article_id,),
        ).fetchall()
        return [tuple(row) for row in rows]

    def doubtful(self, *, limit: int = 20, only: str | None = None) -> list[dict[str, Any]]:
        """The records with doubts, worst first: id, url, title, doubt (0 to 1), doubts (codes).

        `only` names one doubt that must be among them. Raises ArchiveUnusable for an archive that an older version made
        and no newer one has written to since.
        """
        if "doubt" not in {row["name"] for row in self._db.execute("PRAGMA table_info(articles)")}:
            raise ArchiveUnusable(
                f"The archive in {self.folder} was made by an older version, which kept no doubts",
                advice="`susta rebuild` makes it again with this one.",
            )
        rows = self._db.execute(
            "SELECT id, url, title, doubt, doubts FROM articles WHERE doubt > 0"
            " AND (?1 IS NULL OR EXISTS (SELECT 1 FROM json_each(doubts) WHERE value = ?1))"
            " ORDER BY doubt DESC, id LIMIT ?2",
            (only, limit),
        ).fetchall()
        return [dict(row) | {"doubts": json.loads(row["doubts"])} for row in rows]

    def newest_page(self, url: str) -> tuple[str, int, str | None] | None:
        """(address, capture id, frame) of the newest capture of a page under this address or another of the
        article's, the frame as JSON that it was read with, if any; None when there is no capture."""
        row = self._db.execute(
            "SELECT c.url, c.id, f.lines FROM captures c"
            " LEFT JOIN derivations d ON d.capture_id = c.id LEFT JOIN frames f ON f.id = d.frame_id"
            " WHERE c.role = 'page' AND c.status IN (200, 304) AND d.refusal IS NOT 'http-status'"
            " AND c.url IN (?1, (SELECT a.url FROM articles a JOIN aliases o ON o.article_id = a.id WHERE o.url = ?1))"
            " ORDER BY c.url <> ?1, c.fetched_at DESC, c.id DESC LIMIT 1",
            (url,),
        ).fetchone()
        return tuple(row) if row else None

    def frame_of(self, site: str) -> str | None:
        """What was last learned of a site's frame, as JSON; None when nothing was yet."""
        row = self._db.execute("SELECT lines FROM frames WHERE site = ? ORDER BY id DESC LIMIT 1", (site,)).fetchone()
        return str(row[0]) if row else None

    def posted_day(self, url: str) -> tuple[str, str] | None:
        """The day and the words of a listing that an article's date rests on; None where it rests on the page's own."""
        row = self._db.execute(
            "SELECT date, date_evidence FROM articles WHERE url = ? AND date_kind = 'posted'", (url,)
        ).fetchone()
        return tuple(row) if row else None

    def search(self, words: str, filters: Filters = EVERY_ARTICLE, *, limit: int = 20, offset: int = 0) -> Results:
        """The articles that a query finds, best first (see search.py). Any input is safe."""
        return search(self._db, words, filters, limit=limit, offset=offset)

    def runs(self, limit: int = 20) -> list[dict[str, Any]]:
        """The newest runs first."""
        rows = self._db.execute("SELECT * FROM runs ORDER BY id DESC LIMIT ?", (limit,)).fetchall()
        return [dict(row) | {"start_urls": json.loads(row["start_urls"])} for row in rows]

    def count(self) -> int:
        """How many articles there are."""
        return int(self._db.execute("SELECT count(*) FROM articles").fetchone()[0])

    def status(self) -> dict[str, Any]:
        """What the archive holds, in numbers."""

        def number(sql: str) -> Any:
            return self._db.execute(sql).fetchone()[0]

        articles, gone, bylines, dates, first, last = self._db.execute(
            "SELECT count(*), count(gone_since), count(byline), count(date), min(date), max(date) FROM articles"
        ).fetchone()
        return {
            "articles": articles,
            "gone": gone,
            "revisions": number("SELECT count(*) FROM revisions"),
            "photos": number("SELECT count(*) FROM photos"),
            "photos_captured": number("SELECT count(*) FROM photos WHERE sha256 IS NOT NULL"),
            "attachments": number("SELECT count(*) FROM attachments"),
            "attachments_captured": number("SELECT count(*) FROM attachments WHERE sha256 IS NOT NULL"),
            "captures": number("SELECT count(*) FROM captures"),
            "refusals": dict(
                self._db.execute("SELECT reason, count(DISTINCT url) FROM refusals GROUP BY reason").fetchall()
            ),
            "with_byline": bylines,
            "with_date": dates,
            "first_day": first,
            "last_day": last,
            "categories": dict(
                self._db.execute(
                    "SELECT coalesce(category, '-'), count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1"
                ).fetchall()
            ),
            "sources": [
                dict(row)
                for row in self._db.execute(
                    "SELECT site, name, organisation, notice, last_seen FROM sources ORDER BY id"
                )
            ],
            "runs": number("SELECT count(*) FROM runs"),
            "last_run": next(iter(self.runs(1)), None),
        }


def _bare(text: str | None) -> str | None:
    return None if text is None else without_marks(text).lower()


def record_of(article: Article, source: Source) -> Record:
    """A record for a page that is in no archive yet: nothing captured, so no digests of pictures and no time."""
    return Record(
        url=article.url,
        site=article.site,
        site_id=article.site_id,
        category=article.category,
        title=article.title,
        byline=article.byline,
        byline_role=article.byline_role and str(article.byline_role),
        affiliation=article.affiliation,
        date=article.date,
        date_kind=article.date_kind and str(article.date_kind),
        date_evidence=article.date_evidence,
        body=list(article.body),
        photos=[asdict(photo) | {"sha256": None} for photo in article.photos],
        attachments=[asdict(attachment) | {"sha256": None} for attachment in article.attachments],
        tables=[{"rows": [list(row) for row in table]} for table in article.tables],
        views=article.views,
        source=CreditedSource(
            source.name,
            source.organisation,
            source.credit,
            source.notice,
            f"{article.url.partition('://')[0]}://{article.site}/",
        ),
        captured_at=None,
        content_sha256=article.content_sha256,
        extractor=article.extractor,
    )
