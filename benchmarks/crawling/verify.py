"""Whether an archive has all of a known site, once, and agrees with itself. Reads with SQLite and fastwarc alone, not
with the product's own code."""

import hashlib
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from crawling.sites import Site

_SAID = "SELECT site_id, url, title, body, byline, date, category, content_sha256 FROM articles"


Rows = dict[tuple[str, int], tuple[str, int, str]]
"""Address, length and digest of the payload, by the place of a record."""


@dataclass(slots=True)
class Found:
    """What is wrong with an archive, counted. `lost` are pages, articles and media files of the site that it lacks,
    `doubled` articles and revisions that it has twice, `torn` anything in it that does not fit together."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    captures: int = 0
    articles: int = 0

    @property
    def is_whole(self) -> bool:
        return not (self.lost or self.doubled or self.torn)

    def lines(self) -> Iterator[str]:
        for name in ("lost", "doubled", "torn"):
            for one in getattr(self, name)[:20]:
                yield f"{name}: {one}"


def verify(folder: Path, base: str, site: Site) -> Found:
    """Looks at an archive after a run that went to its end."""
    found = Found()
    with closing(sqlite3.connect(f"{(folder / 'archive.db').resolve().as_uri()}?mode=ro", uri=True)) as db:
        _look_for_losses(db, base.rstrip("/"), site, found)
        _look_for_doubles(db, found)
        _look_at_warcs(db, folder / "warc", found)
        (found.captures,), (found.articles,) = db.execute(
            "SELECT count(*) FROM captures UNION ALL SELECT count(*) FROM articles"
        ).fetchall()
        if list(db.execute("PRAGMA integrity_check")) != [("ok",)]:
            found.torn.append("archive.db fails SQLite's integrity check")
    with closing(sqlite3.connect(f"{(folder / 'frontier.db').resolve().as_uri()}?mode=ro", uri=True)) as db:
        left = db.execute("SELECT state, count(*) FROM addresses WHERE state IN ('queued', 'leased') GROUP BY 1")
        found.lost += [f"{count} addresses are still {state}" for state, count in left]
    return found


def _look_for_losses(db: sqlite3.Connection, base: str, site: Site, found: Found) -> None:
    captured = {url for (url,) in db.execute("SELECT url FROM captures WHERE status = 200 AND role = 'page'")}
    found.lost += [f"page {target}" for target in sorted(site.pages) if base + target not in captured]
    numbers = {number for (number,) in db.execute("SELECT site_id FROM articles")}
    found.lost += [f"article {number}" for number in sorted(site.articles.keys() - numbers)]
    found.torn += [f"article {number} is none of the site's" for number in sorted(numbers - site.articles.keys())]
    digests = dict(db.execute("SELECT url, payload_sha256 FROM captures WHERE role = 'media'").fetchall())
    for target, digest in site.media.items():
        if digests.get(base + target) is None:
            found.lost.append(f"media file {target}")
        elif digests[base + target] != digest:
            found.torn.append(f"media file {target} has other bytes")
    for table in ("photos", "attachments"):
        for url, digest in db.execute(f"SELECT url, sha256 FROM {table}"):
            if digest is None or digest != site.media.get(url.removeprefix(base)):
                found.torn.append(f"{table}: {url} is not tied to its bytes")
    (untold,) = db.execute("SELECT count(*) FROM articles WHERE id NOT IN (SELECT rowid FROM articles_fts)").fetchone()
    found.torn += [f"{untold} articles are not in the full text"] if untold else []


def _look_for_doubles(db: sqlite3.Connection, found: Found) -> None:
    for number, count in db.execute("SELECT site_id, count(*) FROM articles GROUP BY site_id HAVING count(*) > 1"):
        found.doubled.append(f"article {number}, {count} times")
    for url, count in db.execute(
        "SELECT a.url, count(*) FROM revisions r JOIN articles a ON a.id = r.article_id"
        " GROUP BY a.id HAVING count(*) > 1"
    ):
        found.doubled.append(f"revisions of {url}, which never changed: {count}")


def _look_at_warcs(db: sqlite3.Connection, folder: Path, found: Found) -> None:
    rows = {
        (name, offset): (url, length, digest)
        for name, offset, url, length, digest in db.execute(
            "SELECT warc_file, warc_offset, url, warc_length, payload_sha256 FROM captures"
        )
    }
    held: dict[tuple[str, str], set[str]] = {}
    for path in sorted(folder.iterdir()):
        if path.name.endswith(".warc.gz.torn"):  # set aside by a repair
            continue
        if not path.name.endswith(".warc.gz"):
            found.torn.append(f"{path.name} was left behind")
        elif subprocess.run(["gzip", "-t", path], capture_output=True, check=False).returncode:
            found.torn.append(f"{path.name} fails gzip -t")
        else:
            _compare(path, rows, held, found)
    found.torn += [f"no response at {name}, offset {offset}, where a row says so" for name, offset in rows]


def _compare(path: Path, rows: Rows, held: dict[tuple[str, str], set[str]], found: Found) -> None:
    """Each response of a file with its row, which is taken out of `rows`; so each revisit, whose payload must be held
    by a record before it. `held` are the digests of payloads by address and time."""
    places = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.any_type, parse_http=False):
            if not record.verify_block_digest(consume=False):
                found.torn.append(f"{path.name}, offset {record.stream_pos}: its digest is another")
            block = record.reader.read()
            places.append((record.stream_pos, record.record_type, record.headers, block))
    ends = [place[0] for place in places[1:]] + [path.stat().st_size]
    for (offset, kind, headers, block), end in zip(places, ends, strict=True):
        if kind not in (WarcRecordType.response, WarcRecordType.revisit):
            continue
        url = headers["WARC-Target-URI"]
        row = rows.pop((path.name, offset), None)
        if kind == WarcRecordType.response:
            digests = {hashlib.sha256(block.partition(b"\r\n\r\n")[2]).hexdigest()}
            held.setdefault((url, headers["WARC-Date"]), set()).update(digests)
        else:
            digests = held.get((headers["WARC-Refers-To-Target-URI"], headers["WARC-Refers-To-Date"]), set())
        if row is None or row[:2] != (url, end - offset) or row[2] not in digests:
            found.torn.append(f"{path.name}, offset {offset}: {url} has the row {row}")


def records(folder: Path) -> dict[int, tuple[Any, ...]]:
    """What the articles say, by their number."""
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return {row[0]: row for row in db.execute(_SAID)}


def tables(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of archive.db, full text included, but for what was done to the database itself."""
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        names = db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'articles_fts_*'"
            " AND name NOT GLOB '_*' AND name NOT GLOB 'sqlite_*' AND name NOT IN ('events', 'seal')"
        ).fetchall()
        keys = {"attachment_texts": "sha256"}  # the others have a rowid
        return {
            name: db.execute(f"SELECT {key}, * FROM {name} ORDER BY {key}").fetchall()
            for (name,) in names
            for key in (keys.get(name, "rowid"),)
        }


def repeats(asked: list[str], site: Site) -> tuple[int, int]:
    """How many requests were made for something asked for before: articles and media files; all others, which each run
    asks for anew (robots.txt, the home page, listings)."""
    articles = {target for paths in site.articles.values() for target in paths} | site.media.keys()
    counts = Counter(asked)
    once = sum(count - 1 for target, count in counts.items() if target in articles)
    return once, len(asked) - len(counts) - once
