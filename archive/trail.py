"""What an archive holds of one address: its captures and what each gave, failures, and the article behind it. Reads
only, also from archives of older schemas, and while a crawl writes."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import schema
from archive.captures import read_capture
from archive.errors import ArchiveUnusable
from archive.store import DATABASE_NAME, LARGEST_CATEGORY
from archive.warc import FOLDER_NAME, StoredExchange
from archive.withdrawal import Tombstone, tombstone_of


@dataclass(frozen=True, slots=True)
class Caught:
    """One capture of an address. `refusal` and `detail` say why it gave no article, `article_id` which it gave;
    `revision` is the number of the article's revision that it began, None when it said nothing new."""

    id: int
    url: str
    fetched_at: str
    status: int
    role: str
    media_type: str
    location: str | None
    truncated: bool
    run: int | None
    warc_file: str
    warc_offset: int
    refusal: str | None
    detail: str | None
    article_id: int | None
    revision: int | None


@dataclass(frozen=True, slots=True)
class Missed:
    """One time that no answer could be had."""

    failed_at: str
    reason: str
    detail: str
    run: int | None


@dataclass(frozen=True, slots=True)
class Behind:
    """The article that an address leads to. `alias` says how, where it is not the article's own address."""

    id: int
    url: str
    title: str
    revisions: int
    gone_since: str | None
    alias: str | None


@dataclass(frozen=True, slots=True)
class Trail:
    """What an archive holds of an address. `captures` and `failures` are the newest first, at most so many."""

    captures: list[Caught]
    captures_altogether: int
    failures: list[Missed]
    article: Behind | None
    picture_of: list[str]


_MOST = 20
_MOST_HOPS = 6
_CAPTURED = """
SELECT c.id, c.url, c.fetched_at, c.status, c.role, c.media_type, c.location, c.truncated, c.run_id, c.warc_file,
       c.warc_offset, d.refusal, r.detail, d.article_id,
       (SELECT min(v.number) FROM revisions v WHERE v.capture_id = c.id)
FROM captures c LEFT JOIN derivations d ON d.capture_id = c.id LEFT JOIN refusals r ON r.capture_id = c.id
"""


class Trails:
    """One archive, open for asking about addresses. Use it in a `with closing(...)`."""

    def __init__(self, folder: Path) -> None:
        """Raises ArchiveUnusable (see schema.connect)."""
        self._folder = folder
        self._db: sqlite3.Connection = schema.connect(folder / DATABASE_NAME, in_passing=True)

    def close(self) -> None:
        self._db.close()

    def trail(self, urls: tuple[str, ...]) -> Trail:
        """What is held of an address in any of these spellings."""
        marks = ", ".join("?" for _ in urls)
        where = f" WHERE c.url IN ({marks})"
        rows = self._db.execute(
            f"{_CAPTURED}{where} ORDER BY c.fetched_at DESC, c.id DESC LIMIT {_MOST}", urls
        ).fetchall()
        (count,) = self._db.execute(f"SELECT count(*) FROM captures c{where}", urls).fetchone()
        failures = self._db.execute(
            f"SELECT failed_at, reason, detail, run_id FROM failures WHERE url IN ({marks})"
            f" ORDER BY id DESC LIMIT {_MOST}",
            urls,
        ).fetchall()
        pictured = self._db.execute(
            f"SELECT url FROM articles WHERE id IN (SELECT article_id FROM photos WHERE url IN ({marks})"
            f" UNION SELECT article_id FROM attachments WHERE url IN ({marks})) LIMIT {_MOST}",
            (*urls, *urls),
        ).fetchall()
        captures = [_caught(row) for row in rows]
        return Trail(captures, count, [Missed(*row) for row in failures], self._behind(urls), [u for (u,) in pictured])

    def _behind(self, urls: tuple[str, ...]) -> Behind | None:
        marks = ", ".join("?" for _ in urls)
        row = self._db.execute(
            "SELECT a.id, a.url, a.title, (SELECT count(*) FROM revisions r WHERE r.article_id = a.id), a.gone_since,"
            f" x.reason FROM articles a LEFT JOIN aliases x ON x.article_id = a.id AND x.url IN ({marks})"
            f" WHERE a.url IN ({marks}) OR x.url IS NOT NULL LIMIT 1",
            (*urls, *urls),
        ).fetchone()
        if row is None:
            return None
        article_id, url, title, revisions, gone_since, alias = row
        return Behind(article_id, url, title, revisions, gone_since, None if url in urls else alias)

    def newest_pages(self, most: int) -> Iterator[StoredExchange]:
        """The newest whole captures of pages, one for each address, with their payloads; those that cannot be read are
        left out."""
        rows = self._db.execute(
            "SELECT max(id) FROM captures WHERE role = 'page' AND status = 200 AND truncated = 0 GROUP BY url"
            " ORDER BY 1 DESC LIMIT ?",
            (most,),
        ).fetchall()
        for (capture_id,) in rows:
            try:
                yield read_capture(self._db, self._folder / FOLDER_NAME, capture_id)
            except ArchiveUnusable:
                continue

    def withdrawn(self, urls: tuple[str, ...]) -> Tombstone | None:
        """The tombstone of the article that was withdrawn from one of these addresses."""
        return tombstone_of(self._db, *urls)

    def robots(self, host: str) -> tuple[Caught, bytes, str | None] | None:
        """The newest answer to a request for a host's robots.txt, redirects followed, its bytes and their coding; None
        when it was never asked for. Raises ArchiveUnusable when its WARC file is not there or damaged."""
        urls = tuple(f"{scheme}://{host}/robots.txt" for scheme in ("https", "http"))
        for _ in range(_MOST_HOPS):
            marks = ", ".join("?" for _ in urls)
            row = self._db.execute(
                f"{_CAPTURED} WHERE c.role = 'robots' AND c.url IN ({marks})"
                " ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1",
                urls,
            ).fetchone()
            if row is None:
                return None
            caught = _caught(row)
            if caught.location is None or not 300 <= caught.status < 400:
                stored = read_capture(self._db, self._folder / FOLDER_NAME, caught.id)
                return caught, stored.body, stored.header("content-encoding")
            urls = (caught.location,)
        return None

    def largest_category(self, site: str) -> str | None:
        """As `Store.largest_category`."""
        row = self._db.execute(LARGEST_CATEGORY, (site,)).fetchone()
        return str(row[0]) if row else None

    def next_run(self) -> int:
        """The number that the next run will have."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM runs").fetchone()[0])

    def last_starts(self) -> tuple[str, ...]:
        """The start addresses of the newest run that had any: an import has none."""
        row = self._db.execute(
            "SELECT start_urls FROM runs WHERE start_urls <> '[]' ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return tuple(json.loads(row[0])) if row else ()


def _caught(row: tuple[Any, ...]) -> Caught:
    values = list(row)
    values[7] = bool(values[7])
    return Caught(*values)
