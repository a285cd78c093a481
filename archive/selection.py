"""Which captures go into a package: of the whole archive, or of chosen articles with all that belongs to them.

    articles ─► their captures, at every address ─► redirects that lead there
        └─────► photos, attachments (of all revisions) ─► redirects on the way     + the originals of all revisits

The choice is made in temporary tables of one read transaction, so that it is of one moment even while a crawl writes;
and only captures in the WARC files that are named are taken. Captures whose bytes were removed are left out. What was
withdrawn with its bytes kept is held back, since a package is for others to open; so is, in an archive that has such,
every picture and file that no article has any more.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import schema
from archive.errors import ArchiveUnusable, ConfigError
from archive.missing import missing_captures
from archive.query import Filter, bare
from archive.store import DATABASE_NAME
from archive.warc import FOLDER_NAME

_MOST_HOPS = 6
# Addresses of an article: its own, its aliases, and what redirects to any of them, however often.
_PAGES = f"""
WITH RECURSIVE led(url, hops) AS (
    SELECT url, 0 FROM articles WHERE id IN chosen
    UNION SELECT url, 0 FROM aliases WHERE article_id IN chosen
    UNION SELECT c.url, hops + 1 FROM captures c JOIN led ON c.location = led.url
          WHERE c.role = 'page' AND hops < {_MOST_HOPS}
)
INSERT OR IGNORE INTO included
SELECT id FROM captures WHERE role = 'page' AND url IN (SELECT url FROM led)
UNION SELECT capture_id FROM derivations WHERE article_id IN chosen
"""
# Media of all revisions: their addresses, and where those redirect.
_MEDIA = f"""
WITH RECURSIVE leads(url, hops) AS (
    SELECT url, 0 FROM photos WHERE article_id IN chosen
    UNION SELECT url, 0 FROM attachments WHERE article_id IN chosen
    UNION SELECT json_extract(p.value, '$.url'), 0 FROM revisions r, json_each(r.record, '$.photos') p
          WHERE r.article_id IN chosen
    UNION SELECT json_extract(p.value, '$.url'), 0 FROM revisions r, json_each(r.record, '$.attachments') p
          WHERE r.article_id IN chosen
    UNION SELECT c.location, hops + 1 FROM captures c JOIN leads ON c.url = leads.url
          WHERE c.role = 'media' AND c.location IS NOT NULL AND hops < {_MOST_HOPS}
)
INSERT OR IGNORE INTO included
SELECT id FROM captures WHERE role = 'media' AND url IN (SELECT url FROM leads)
UNION SELECT capture_id FROM photos WHERE article_id IN chosen AND capture_id IS NOT NULL
UNION SELECT capture_id FROM attachments WHERE article_id IN chosen AND capture_id IS NOT NULL
"""
_ORIGINALS = """
INSERT OR IGNORE INTO included
SELECT revisit_of FROM captures WHERE id IN included AND revisit_of IS NOT NULL
"""
_WITHDRAWN = """
SELECT c.id FROM captures c JOIN withdrawn_addresses w ON w.url = c.url
UNION SELECT d.capture_id FROM derivations d WHERE d.refusal = 'withdrawn'
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the record of a capture stands."""

    warc_file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page for the list of pages: the newest capture of it that is in the package."""

    url: str
    captured_at: str
    title: str | None = None
    text: str | None = None
    credit: str | None = None


class Selection:
    """The captures of one package; `missing` are those lost with a WARC file that is not there. Made by `select`; of
    use while that is open."""

    def __init__(self, db: sqlite3.Connection, missing: dict[str, int], *, everything: bool) -> None:
        self._db, self.missing, self.everything = db, missing, everything

    def _number(self, sql: str) -> int:
        return int(self._db.execute(sql).fetchone()[0])

    @property
    def articles(self) -> int:
        """How many of the chosen articles have a capture in the package."""
        return self._number(
            "SELECT count(*) FROM chosen"
            " WHERE id IN (SELECT article_id FROM derivations WHERE capture_id IN included AND article_id IS NOT NULL)"
        )

    @property
    def captures(self) -> int:
        """How many captures are in the package."""
        return self._number("SELECT count(*) FROM included")

    @property
    def withdrawn(self) -> int:
        """How many captures are held back, since what they say was withdrawn."""
        return self._number("SELECT count(*) FROM held_back")

    @property
    def newest(self) -> str:
        """When the newest of its captures was made; "" when there is none."""
        row = self._db.execute("SELECT max(fetched_at) FROM captures WHERE id IN included").fetchone()
        return row[0] or ""

    def places(self) -> Iterator[Place]:
        """The records of the captures, in the order they were written."""
        rows = self._db.execute(
            "SELECT warc_file, warc_offset, warc_length FROM captures WHERE id IN included"
            " ORDER BY warc_file, warc_offset"
        )
        for row in rows:
            yield Place(*row)

    def article_pages(self) -> Iterator[PageEntry]:
        """The chosen articles, newest first, each with its text and credit."""
        rows = self._db.execute(
            "WITH best AS (SELECT d.article_id, c.url, c.fetched_at, row_number() OVER (PARTITION BY d.article_id"
            "   ORDER BY c.url = a.url DESC, c.status <> 304 DESC, c.fetched_at DESC, c.id DESC) AS place"
            "  FROM derivations d JOIN captures c ON c.id = d.capture_id JOIN articles a ON a.id = d.article_id"
            "  WHERE d.capture_id IN included AND d.article_id IN chosen)"
            " SELECT b.url, b.fetched_at, a.title, a.body, a.credit FROM articles a JOIN best b ON b.article_id = a.id"
            " WHERE b.place = 1 ORDER BY coalesce(a.date, substr(a.first_seen, 1, 10)) DESC, a.id DESC"
        )
        for row in rows:
            yield PageEntry(*row)

    def other_pages(self) -> Iterator[PageEntry]:
        """Pages of the package that are no article: lists, forms and the like, each once."""
        rows = self._db.execute(
            "SELECT c.url, max(c.fetched_at) FROM captures c JOIN derivations d ON d.capture_id = c.id"
            " WHERE c.id IN included AND c.status = 200 AND c.role = 'page' AND d.article_id IS NULL"
            " AND c.media_type IN ('text/html', 'application/xhtml+xml') GROUP BY c.url ORDER BY c.url"
        )
        for url, captured_at in rows:
            yield PageEntry(url, captured_at)

    def home(self) -> PageEntry | None:
        """The newest capture of a site's home page, if it is in the package."""
        row = self._db.execute(
            "SELECT c.url, c.fetched_at FROM captures c JOIN sources s ON c.url IN"
            " ('https://' || s.site || '/', 'http://' || s.site || '/')"
            " WHERE c.id IN included AND c.status = 200 ORDER BY c.fetched_at DESC LIMIT 1"
        ).fetchone()
        return PageEntry(*row) if row else None

    def sources(self) -> list[dict[str, Any]]:
        """Whom to credit for the chosen articles, and the conditions in the sites' own words; of all there are where no
        article was chosen."""
        rows = self._db.execute(
            "SELECT s.site, s.name, s.organisation, s.notice, (SELECT a.credit FROM articles a"
            "  WHERE a.source_id = s.id LIMIT 1), (SELECT substr(a.url, 1, instr(a.url, '://') - 1) FROM articles a"
            "  WHERE a.site = s.site LIMIT 1) FROM sources s"
            " WHERE s.id IN (SELECT source_id FROM articles WHERE id IN chosen)"
            "  OR NOT EXISTS (SELECT 1 FROM articles WHERE id IN chosen) ORDER BY s.id"
        ).fetchall()
        names = ("site", "name", "organisation", "notice", "credit", "scheme")
        return [dict(zip(names, row, strict=True)) for row in rows]


@contextmanager
def select(
    folder: Path, warc_files: list[str], which: Filter | None = None, urls: tuple[str, ...] = ()
) -> Iterator[Selection]:
    """The captures of the archive in a folder that are in some of its WARC files: all, or those of articles.

    `which` and `urls` (an article's addresses, any of them) choose articles, both together what either does. Raises
    ConfigError for an address that no article has, or where nothing is chosen; ArchiveUnusable (see schema.connect).
    """
    db = schema.connect(folder / DATABASE_NAME, read_only=True)
    try:
        if db.execute("PRAGMA user_version").fetchone() != (schema.SCHEMA_VERSION,):
            raise ArchiveUnusable(
                f"The archive in {folder} was made by an older version, which this one does not package as it is",
                advice="The next `susta crawl` brings it up to date, and so does `susta rebuild`.",
            )
        db.execute("PRAGMA query_only = OFF")  # for temporary tables; the archive itself is only read here
        db.create_function("bare", 1, bare, deterministic=True)
        db.execute("CREATE TEMP TABLE packaged (name TEXT PRIMARY KEY)")
        db.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
        db.execute("CREATE TEMP TABLE included (id INTEGER PRIMARY KEY)")
        db.execute("CREATE TEMP TABLE held_back (id INTEGER PRIMARY KEY)")
        db.execute("BEGIN")  # what is read from here on is of one moment
        db.execute("INSERT INTO packaged SELECT value FROM json_each(?)", (json.dumps(warc_files),))
        everything = which is None and not urls
        if everything:
            db.execute("INSERT INTO chosen SELECT id FROM articles")
            db.execute("INSERT INTO included SELECT id FROM captures")
            _hold_back(db)
        else:
            _choose(db, which, urls)
            for step in (_PAGES, _MEDIA, _ORIGINALS, f"INSERT OR IGNORE INTO held_back {_WITHDRAWN}"):
                db.execute(step)
        asked = "SELECT id FROM included EXCEPT SELECT id FROM held_back"
        missing = missing_captures(db, folder / FOLDER_NAME, asked)
        db.execute(
            "DELETE FROM included WHERE id IN held_back"
            " OR id IN (SELECT id FROM captures WHERE removed <> 0 OR warc_file NOT IN packaged)"
        )
        db.execute("PRAGMA query_only = ON")
        yield Selection(db, missing, everything=everything)
    finally:
        db.close()


def _hold_back(db: sqlite3.Connection) -> None:
    """Of a whole archive that holds bytes of withdrawn articles: their pages, and media that are no article's."""
    if not db.execute("SELECT 1 FROM withdrawals WHERE bytes = 'kept'").fetchone():
        return
    db.execute(f"INSERT OR IGNORE INTO held_back {_WITHDRAWN}")
    db.execute("DELETE FROM included WHERE id IN (SELECT id FROM captures WHERE role = 'media')")
    db.execute(_MEDIA)
    db.execute(_ORIGINALS)
    db.execute("INSERT OR IGNORE INTO held_back SELECT id FROM captures WHERE role = 'media' AND id NOT IN included")
    db.execute("DELETE FROM held_back WHERE id IN (SELECT id FROM captures WHERE removed <> 0)")


def _choose(db: sqlite3.Connection, which: Filter | None, urls: tuple[str, ...]) -> None:
    if which is not None:
        where, values = which.sql()
        db.execute(f"INSERT INTO chosen SELECT a.id FROM articles a{where}", values)
    for url in urls:
        row = db.execute(
            "SELECT id FROM articles WHERE url = ?1 UNION SELECT article_id FROM aliases WHERE url = ?1", (url,)
        ).fetchone()
        if row is None:
            raise ConfigError(f"No article has the address {url}", advice="`susta search WORDS` finds articles.")
        db.execute("INSERT OR IGNORE INTO chosen VALUES (?)", row)
    if not db.execute("SELECT 1 FROM chosen").fetchone():
        raise ConfigError("No article is of that kind", advice="`susta status` lists the categories and days.")
