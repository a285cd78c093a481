"""The one writer of `archive.db`: runs, captures, and what was derived from them.

Callers wrap one page's work in `with store.transaction():`, so that a page is in the archive whole or not at all.
The fold of an article's captures into revisions is in `revisions.py`; reading is in `query.py`.
"""

import hashlib
import json
from collections.abc import Callable, Generator, Hashable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import schema, seal
from archive.errors import ArchiveUnusable
from archive.purge import purge_if_due
from archive.records import Article, Capture, Posting, Refusal, Role, Source

DATABASE_NAME = schema.DATABASE_NAME
LARGEST_CATEGORY = (
    "SELECT category FROM articles WHERE site = ? AND category IS NOT NULL"
    " GROUP BY category ORDER BY count(*) DESC, category LIMIT 1"
)
LEAST_BODY_FOR_CONTENT_MATCH = 200  # characters; shorter articles may be alike by chance
_MOST_DUE = 500
_UNDERSTOOD = ("articles", "title", "body", "byline", "date", "undoubted", "photos", "captions")


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What a run did, in pages; `bytes` are those of the payloads received.

    `not_modified` counts answers 304, and `saved` the bytes that did not come again thanks to them; `identical` counts
    answers whose payload was one that is kept already.

    `changed` counts articles with a new revision, `aliases` further addresses of known articles.
    """

    fetched: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    aliases: int = 0
    refused: int = 0
    failed: int = 0
    media: int = 0
    bytes: int = 0
    not_modified: int = 0
    identical: int = 0
    saved: int = 0


def _spellings(url: str) -> str:
    """The addresses that a site serves the same file under: with and without `www.`, by http and https (JSON)."""
    scheme, _, rest = url.partition("://")
    bare = rest.removeprefix("www.")
    others = (f"{each}://{host}" for each in ("http", "https") for host in (bare, f"www.{bare}"))
    return json.dumps([url, *others] if scheme in ("http", "https") else [url])


class Store:
    """Writes one archive. Not thread-safe: one thread owns it."""

    def __init__(self, folder: Path, *, name: str = DATABASE_NAME) -> None:
        """Opens or makes `folder`/`name`, breaks its seal, and finishes a withdrawal that was cut short. Raises
        ArchiveUnusable (see schema.connect)."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveUnusable(f"Cannot make the folder {folder}: {error.strerror}") from error
        self.folder = folder
        self.path = folder / name
        self._due: dict[Hashable, Callable[[], None]] = {}
        self._connection = schema.connect(self.path, create=True)
        try:
            seal.unseal(self._connection, self.path)
        except BaseException:
            self._connection.close()
            raise
        from sqlite_utils import Database  # who only reads must not wait for it

        self.db = Database(self._connection, execute_plugins=False)
        purge_if_due(self.db)

    def close(self) -> None:
        """Folds the write-ahead log in, so that the file alone, copied, is the whole database; and seals it. After a
        withdrawal no byte of the text is left in it.

        A reader that holds an earlier state open is not waited for long: whoever closes last folds the log in.
        """
        try:
            purge_if_due(self.db)
            self.db.execute("PRAGMA optimize")
            seal.settle(self._connection, self.path)
        finally:
            self.db.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All or nothing."""
        try:
            with self.db.atomic():
                yield
                self._do_due()
        finally:
            self._due.clear()

    def before_commit(self, what: Hashable, act: Callable[[], None]) -> None:
        """Does something once at the transaction's end, however often it is asked for: the last word counts. At once
        where there is no transaction."""
        self._due.pop(what, None)
        self._due[what] = act
        if not self.db.conn.in_transaction or len(self._due) >= _MOST_DUE:
            self._do_due()

    def _do_due(self) -> None:
        due, self._due = self._due, {}
        for act in due.values():
            act()

    def one(self, sql: str, *parameters: Any) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        row: tuple[Any, ...] | None = self.db.execute(sql, parameters).fetchone()
        return row

    def insert(self, table: str, row: Mapping[str, Any]) -> int:
        """Adds a row and returns its rowid."""
        columns = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        cursor = self.db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row.values()))
        return int(cursor.lastrowid or 0)

    # Runs

    def start_run(self, started_at: str, software: str, start_urls: tuple[str, ...], kind: str = "crawl") -> int:
        """Opens a run, `crawl` or `import`. Runs that never ended (the process was killed) are closed as `crashed`."""
        self.db.execute("UPDATE runs SET outcome = 'crashed' WHERE finished_at IS NULL AND outcome = 'running'")
        return self.insert(
            "runs",
            {
                "started_at": started_at,
                "software": software,
                "start_urls": json.dumps(list(start_urls)),
                "kind": kind,
            },
        )

    def note_outcome(self, run_id: int, outcome: str) -> None:
        """Says how a run ended that could not be closed; what was captured last is worked in as its own at the next."""
        self.db.execute("UPDATE runs SET outcome = ? WHERE id = ? AND finished_at IS NULL", (outcome, run_id))

    def finish_run(self, run_id: int, finished_at: str, outcome: str, counts: RunCounts) -> None:
        """Closes a run with what it did."""
        self.db.table("runs").update(
            run_id,
            {
                "finished_at": finished_at,
                "outcome": outcome,
                "fetched": counts.fetched,
                "new": counts.new,
                "changed": counts.changed,
                "unchanged": counts.unchanged,
                "aliases": counts.aliases,
                "refused": counts.refused,
                "failed": counts.failed,
                "media": counts.media,
                "bytes": counts.bytes,
                "not_modified": counts.not_modified,
                "identical": counts.identical,
                "saved": counts.saved,
            },
        )

    def understood(self, run_id: int | None = None) -> dict[str, int]:
        """How well pages were understood: counts over the articles that a run's captures gave (of all, without one).

        `articles`, and of them those with a `title` that the address or the page's head confirms, a `body`, a `byline`,
        a `date`, no doubt (`undoubted`); `photos`, and of them those with a caption (`captions`).
        """
        which = (
            "WITH some(id) AS (SELECT DISTINCT d.article_id FROM derivations d JOIN captures c ON c.id = d.capture_id"
            " WHERE d.article_id IS NOT NULL AND (?1 IS NULL OR c.run_id = ?1))"
        )
        articles = self.one(
            which + " SELECT count(*), coalesce(sum(json_extract(reasons, '$.title[1]') >= 0.9), 0),"
            " coalesce(sum(body <> ''), 0), count(byline), count(date), coalesce(sum(doubt = 0), 0)"
            " FROM articles WHERE id IN some",
            run_id,
        )
        photos = self.one(which + " SELECT count(*), count(caption) FROM photos WHERE article_id IN some", run_id)
        assert articles is not None
        assert photos is not None
        return dict(zip(_UNDERSTOOD, (*articles, *photos), strict=True))

    # Captures

    def add_capture(
        self, capture: Capture, run_id: int | None, revisit_of: int | None = None, *, removed: bool = False
    ) -> int:
        """Notes a stored response; returns its id. A media capture is tied to the photos and attachments it is of.

        `revisit_of` is the capture that holds the payload, where this one only refers to it; `removed` marks one whose
        bytes were taken out of the WARC files (withdrawal.py).
        """
        capture_id = self.insert(
            "captures",
            {
                "url": capture.url,
                "fetched_at": capture.fetched_at,
                "status": capture.status,
                "role": str(capture.role),
                "media_type": capture.media_type,
                "payload_sha256": capture.payload_sha256,
                "payload_length": capture.payload_length,
                "truncated": int(capture.truncated),
                "location": capture.location,
                "warc_file": capture.warc_file,
                "warc_offset": capture.warc_offset,
                "warc_length": capture.warc_length,
                "run_id": run_id,
                "etag": capture.etag,
                "last_modified": capture.last_modified,
                "revisit_of": revisit_of,
                "removed": int(removed),
            },
        )
        if capture.role is Role.MEDIA and not removed:
            self._tie_media(capture)
        return capture_id

    def _tie_media(self, capture: Capture) -> None:
        """Ties the bytes to every photo and attachment whose address is, or redirects to, the capture's."""
        addresses = self.db.execute(
            "WITH RECURSIVE led(url, hops) AS (SELECT value, 0 FROM json_each(?) UNION SELECT c.url, hops + 1"
            "  FROM captures c JOIN led ON c.location = led.url WHERE c.role = 'media' AND hops < 6)"
            " SELECT DISTINCT url FROM led WHERE EXISTS (SELECT 1 FROM photos p WHERE p.url = led.url)"
            " OR EXISTS (SELECT 1 FROM attachments a WHERE a.url = led.url)",
            (_spellings(capture.url),),
        ).fetchall()
        for (url,) in addresses:
            capture_id, sha256, media_type = self.media_at(url)
            if capture_id is None:
                continue
            self.db.execute("UPDATE photos SET sha256 = ?, capture_id = ? WHERE url = ?", (sha256, capture_id, url))
            self.db.execute(
                "UPDATE attachments SET sha256 = ?, capture_id = ?, media_type = coalesce(?, media_type) WHERE url = ?",
                (sha256, capture_id, media_type, url),
            )

    def media_at(self, url: str) -> tuple[int | None, str | None, str | None]:
        """(capture id, SHA-256, media type) of the newest whole file captured at an address, redirects followed; at
        another spelling of its host or with the other scheme, where an older capture has that."""
        spellings = _spellings(url)
        if not self.one("SELECT 1 FROM captures WHERE url IN (SELECT value FROM json_each(?)) LIMIT 1", spellings):
            return None, None, None  # as for most, since what a page shows is asked for after it
        row = self.one(
            "WITH RECURSIVE leads(url, hops) AS (SELECT value, 0 FROM json_each(?) UNION"
            "  SELECT c.location, hops + 1 FROM captures c JOIN leads ON c.url = leads.url"
            "  WHERE c.role = 'media' AND c.location IS NOT NULL AND hops < 6)"
            " SELECT id, payload_sha256, media_type FROM captures WHERE url IN (SELECT url FROM leads)"
            " AND role = 'media' AND status = 200 AND truncated = 0 AND removed = 0 AND payload_length > 0"
            " AND media_type NOT IN ('text/html', 'application/xhtml+xml')"  # a page that says there is no such file
            " ORDER BY fetched_at DESC, id DESC LIMIT 1",
            spellings,
        )
        return (row[0], row[1], row[2] or None) if row else (None, None, None)

    def add_failure(self, url: str, failed_at: str, reason: str, detail: str, run_id: int | None) -> None:
        """Notes a page that could not be fetched."""
        self.insert(
            "failures",
            {"url": url, "failed_at": failed_at, "reason": reason, "detail": detail, "run_id": run_id},
        )

    def add_refusal(self, refusal: Refusal, capture_id: int, seen_at: str) -> None:
        """Notes a captured page that is no article."""
        self.db.execute(
            "INSERT OR REPLACE INTO refusals (url, capture_id, reason, detail, seen_at) VALUES (?, ?, ?, ?, ?)",
            (refusal.url, capture_id, str(refusal.reason), refusal.detail, seen_at),
        )

    def add_postings(self, postings: tuple[Posting, ...], capture_id: int) -> list[int]:
        """Keeps the posting days a listing gives; the first one seen of an item stands.

        Returns the ids of the articles whose day may depend on them.
        """
        touched: list[int] = []
        for posting in postings:
            cursor = self.db.execute(
                "INSERT OR IGNORE INTO postings (url, site, site_id, date, evidence, capture_id)"
                " SELECT ?1, ?2, ?3, ?4, ?5, ?6"
                " WHERE NOT EXISTS (SELECT 1 FROM withdrawn_addresses WHERE url = ?1)"
                " AND NOT EXISTS (SELECT 1 FROM withdrawals WHERE site = ?2 AND site_id = ?3)",
                (posting.url, posting.site, posting.site_id, posting.date, posting.evidence, capture_id),
            )
            if cursor.rowcount:
                rows = self.db.execute(
                    "SELECT id FROM articles WHERE url = ? OR (site = ? AND site_id = ?)"
                    " UNION SELECT article_id FROM aliases WHERE url = ?",
                    (posting.url, posting.site, posting.site_id, posting.url),
                ).fetchall()
                touched.extend(row[0] for row in rows)
        return touched

    # Sources

    def source_id(self, source: Source, seen_at: str) -> int:
        """The id of a source and its condition; a changed condition is a new row, the old one stays."""
        return self.credited(source, seen_at)[0]

    def credited(self, source: Source, seen_at: str) -> tuple[int, Source]:
        """As `source_id`, with the source as it is kept: by the name that its condition was first met with."""
        digest = hashlib.sha256(source.notice.encode()).hexdigest()
        row = self.one(
            "INSERT INTO sources (site, name, organisation, notice, notice_sha256, first_seen, last_seen)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (site, notice_sha256) DO UPDATE SET last_seen = max(last_seen, excluded.last_seen),"
            " first_seen = min(first_seen, excluded.first_seen)"
            " RETURNING id, site, name, organisation, notice",
            *(source.site, source.name, source.organisation, source.notice, digest, seen_at, seen_at),
        )
        assert row is not None
        return int(row[0]), Source(*row[1:])

    # Frames

    def add_frame(self, site: str, learned_at: str, run_id: int | None, pages: int, lines: str) -> int:
        """Keeps what a run learned of a site's recurring parts; `lines` is the frame's own JSON."""
        return self.insert(
            "frames", {"site": site, "learned_at": learned_at, "run_id": run_id, "pages": pages, "lines": lines}
        )

    def latest_frame(self, site: str) -> tuple[int, str] | None:
        """Id and JSON of the newest frame of a site."""
        row = self.one("SELECT id, lines FROM frames WHERE site = ? ORDER BY id DESC LIMIT 1", site)
        return (row[0], row[1]) if row else None

    # What a site says where there is nothing

    def add_not_found_page(self, site: str, capture_id: int, target: str | None, record: str | None) -> None:
        """Keeps what a site answered for an address that cannot exist: where it led, or what it said (JSON)."""
        self.db.execute(
            "INSERT OR REPLACE INTO not_found_pages (capture_id, site, target, record) VALUES (?, ?, ?, ?)",
            (capture_id, site, target, record),
        )

    def not_found_page(self, site: str) -> tuple[int, str | None, str | None] | None:
        """(capture id, target, record) of the newest such answer of a site."""
        row = self.one(
            "SELECT capture_id, target, record FROM not_found_pages WHERE site = ? ORDER BY capture_id DESC LIMIT 1",
            site,
        )
        return (row[0], row[1], row[2]) if row else None

    def largest_category(self, site: str) -> str | None:
        """The category with the most articles of a site."""
        row = self.one(LARGEST_CATEGORY, site)
        return str(row[0]) if row else None

    def says_as_another(self, article: Article) -> bool:
        """Whether an article of the site with another number says the same, at some length."""
        if sum(map(len, article.body)) < LEAST_BODY_FOR_CONTENT_MATCH:
            return False
        row = self.one(
            "SELECT 1 FROM articles WHERE content_sha256 = ? AND site = ? AND site_id <> ?",
            article.content_sha256,
            article.site,
            article.site_id,
        )
        return row is not None

    def next_article_id(self) -> int:
        """The id of the next new article; a withdrawn one's is never given again."""
        row = self.one(
            "SELECT 1 + max((SELECT coalesce(max(id), 0) FROM articles),"
            " (SELECT coalesce(max(article_id), 0) FROM withdrawals))"
        )
        assert row is not None
        return int(row[0])

    # Progress through the WARC files

    def progress(self) -> tuple[str, int]:
        """File name and offset up to which the WARC files have been worked in; ("", 0) at the start."""
        row = self.one("SELECT warc_file, warc_end FROM progress")
        return (row[0], row[1]) if row else ("", 0)

    def set_progress(self, warc_file: str, warc_end: int) -> None:
        self.db.execute("INSERT OR REPLACE INTO progress VALUES (1, ?, ?)", (warc_file, warc_end))
