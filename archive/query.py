"""Reading an archive: articles as credited records, search, counts. Opens `archive.db` read-only; never writes.

Records in bulk are read by `entries.py`; whatever leaves the archive is a credited `Record`.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive import schema
from archive.entries import ALL, Part, entry_of, read_entry, read_rows
from archive.entries import CreditedSource as CreditedSource
from archive.entries import Entry as Entry
from archive.entries import Filter as Filter
from archive.entries import Record as Record
from archive.errors import ArchiveUnusable, ConfigError
from archive.events import Event, events
from archive.history import History, count_revisions, history_of, revision_of
from archive.holdings import Holdings, holdings_of
from archive.records import Article, Source
from archive.schema import DATABASE_NAME
from archive.search import EVERY_ARTICLE, Filters, Results, ids_found, search
from archive.vietnamese import without_marks
from archive.withdrawal import Tombstone, tombstone_of, tombstones

if TYPE_CHECKING:
    from archive.provenance import CaptureView
    from archive.warc import StoredExchange


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
        self._db.create_function("bare", 1, bare, deterministic=True)

    @classmethod
    def open(cls, folder: Path | str) -> "Archive":
        """Opens the archive in a folder. Raises ArchiveUnusable (see schema.connect)."""
        folder = Path(folder)
        return cls(folder, schema.connect(folder / DATABASE_NAME, read_only=True))

    def close(self) -> None:
        self._db.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """The database, opened for reading."""
        return self._db

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def rows(self, which: Filter = ALL, *, by_change: bool = False) -> Iterator[tuple[Any, list[Part], list[Part]]]:
        """Articles as bare rows (see entries.read_rows). Raises ConfigError for a query without a word."""
        found = None if which.query is None else self.ids_found(which.query)
        return read_rows(self._db, which, found, by_change=by_change)

    def entries(self, which: Filter = ALL, *, by_change: bool = False) -> Iterator[Entry]:
        """Articles with their places in the archive, one at a time, newest first. Raises as `rows`."""
        return (entry_of(*each) for each in self.rows(which, by_change=by_change))

    def records(self, which: Filter = ALL) -> Iterator[Record]:
        """Articles as credited records, newest first, one at a time. Raises as `rows`."""
        return (entry.record for entry in self.entries(which))

    def ids_found(self, words: str) -> list[int]:
        """The ids of all articles that a search finds. Raises ConfigError when there is no word to search for."""
        found = ids_found(self._db, words)
        if found is None:
            raise ConfigError(f"{words!r} has no word to search for")
        return found

    def entry(self, what: str) -> Entry | None:
        """The article with this id or address (aliases included); None when there is none."""
        if not what.isprintable():  # control characters and lone surrogates are in no address
            return None
        if re.fullmatch(r"[0-9]{1,18}", what):
            return read_entry(self._db, "a.id = ?", int(what))
        return read_entry(self._db, "a.url = ?1 OR a.id = (SELECT article_id FROM aliases WHERE url = ?1)", what)

    def latest(self, limit: int, category: str | None = None) -> tuple[str | None, list[int]]:
        """(when the archive's first capture was made, the ids of the articles that came or changed last).

        In the order in which revisions were filed, which needs no index and reads no further than to the last one.
        """
        (began,) = self._db.execute("SELECT (SELECT fetched_at FROM captures ORDER BY id LIMIT 1)").fetchone()
        rows = self._db.execute(
            "SELECT r.article_id FROM revisions r WHERE ?1 IS NULL"
            " OR (SELECT a.category FROM articles a WHERE a.id = r.article_id) = ?1 ORDER BY r.rowid DESC",
            (category,),
        )
        found: dict[int, None] = {}
        while len(found) < limit and (row := rows.fetchone()):
            found[row[0]] = None
        rows.close()
        return began, list(found)

    def entries_of(self, ids: list[int]) -> list[Entry]:
        """The articles with these ids, the one that changed last first."""
        return [entry_of(*each) for each in read_rows(self._db, ALL, ids, by_change=True)]

    def tombstones(self) -> list[Tombstone]:
        """Every withdrawn article; none in an archive of a version that could withdraw none."""
        return tombstones(self._db)

    def find(self, what: str) -> tuple[int, Record] | None:
        """The article with this id or address (aliases included), as (id, record)."""
        found = self.entry(what)
        return (found.id, found.record) if found else None

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
        return revision_of(self._db, article_id, number) if _fits(number) else None

    def revisions(self, article_id: int) -> int:
        """How many revisions an article has; they are numbered from 1."""
        return count_revisions(self._db, article_id)

    def capture_view(self, capture_id: int) -> "CaptureView | None":
        """A capture with all that is known of it; None when there is none. Raises as provenance.capture_view."""
        from archive.provenance import capture_view
        from archive.warc import FOLDER_NAME

        return capture_view(self._db, self.folder / FOLDER_NAME, capture_id)

    def captures_of(self, article_id: int) -> list[dict[str, Any]]:
        """The rows of an article's captures, at whichever of its addresses, oldest first."""
        rows = self._db.execute(
            "SELECT * FROM captures WHERE id IN (SELECT capture_id FROM derivations WHERE article_id = ?1"
            " UNION SELECT c.id FROM captures c JOIN articles a ON a.url = c.url WHERE a.id = ?1"
            " UNION SELECT c.id FROM captures c JOIN aliases o ON o.url = c.url WHERE o.article_id = ?1)"
            " ORDER BY fetched_at, id",
            (article_id,),
        )
        return [dict(row) for row in rows]

    def captures_at(self, url: str) -> list[dict[str, Any]]:
        """The rows of the captures of an address, oldest first."""
        if not url.isprintable():  # as in `entry`
            return []
        return [
            dict(row)
            for row in self._db.execute("SELECT * FROM captures WHERE url = ? ORDER BY fetched_at, id", (url,))
        ]

    def files_of(self, table: str, article_id: int) -> list[sqlite3.Row]:
        """The rows of `photos` or `attachments` of an article in order, and as `type` the captured media type."""
        assert table in ("photos", "attachments")
        return self._db.execute(
            f"SELECT p.*, c.media_type AS type FROM {table} p"
            " LEFT JOIN captures c ON c.id = p.capture_id WHERE p.article_id = ? ORDER BY p.position",
            (article_id,),
        ).fetchall()

    def capture_row(self, capture_id: int) -> dict[str, Any] | None:
        """The row of a capture; None when there is none of this id."""
        if not _fits(capture_id):
            return None
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

    def capture(self, capture_id: int) -> "StoredExchange":
        """A stored response with its payload. Raises ArchiveUnusable when there is none, or its bytes are not there."""
        from archive.captures import read_capture  # counts and records must not wait for what reads WARC files
        from archive.warc import FOLDER_NAME

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

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """All that is read within is of one moment, even when a crawl goes on meanwhile."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def holdings(self) -> Holdings:
        """What the archive holds and lacks, in numbers (see holdings.py)."""
        return holdings_of(self._db)

    def sources(self) -> list[dict[str, Any]]:
        """Whom to credit, and the conditions that the sites set: site, name, organisation, notice, last_seen."""
        rows = self._db.execute("SELECT site, name, organisation, notice, last_seen FROM sources ORDER BY id")
        return [dict(row) for row in rows]

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
            "sources": self.sources(),
            "runs": number("SELECT count(*) FROM runs"),
            "last_run": next(iter(self.runs(1)), None),
        }


def _fits(number: int) -> bool:
    """Whether SQLite can hold a number at all."""
    return -(1 << 63) <= number < 1 << 63


def bare(text: str | None) -> str | None:
    """A text as the filters compare it: lower case, without marks."""
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
