"""How well article pages were understood, run by run: what each capture of one gave, and what its article had before.

Only pages that should give an article are looked at: those at an article's address, those that gave one, and those
whose address ends in a number as articles' do (site fact). What is no page, or says that there is none, tells nothing.
"""

import json
import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.health_terms import stamp
from archive.records import BlockKind

_MOST = 3000  # captures of a period, the newest
_ARTICLE = re.compile(r"-\d{2,}(\.html?)?$")
_SPOKEN = {str(kind) for kind in (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST_ITEM)}
# What an article had before is told by its newest earlier capture within a time.
_BEFORE = """
SELECT b.content_sha256 FROM derivations b JOIN captures e ON e.id = b.capture_id
WHERE b.article_id = {article} AND b.capture_id < {capture} AND b.content_sha256 IS NOT NULL
  AND e.fetched_at >= ?1 AND e.fetched_at < ?2
ORDER BY b.capture_id DESC LIMIT 1
"""
_PAGES = f"""
SELECT c.id, c.run_id, c.url, d.article_id, d.refusal, d.content_sha256,
  EXISTS (SELECT 1 FROM revisions r WHERE r.article_id = d.article_id AND r.capture_id = c.id),
  ({_BEFORE.format(article="d.article_id", capture="c.id")})
FROM captures c JOIN derivations d ON d.capture_id = c.id
WHERE c.run_id >= ?3 AND c.run_id <= ?4 AND c.role = 'page' AND c.status IN (200, 304) AND c.removed = 0
  AND coalesce(d.refusal, '') NOT IN ('not-found', 'http-status', 'withdrawn') AND c.fetched_at >= ?1
ORDER BY c.id DESC LIMIT ?5
"""
_RECORD = """
SELECT record FROM revisions WHERE article_id = ?1 AND content_sha256 = ?2
UNION ALL
SELECT record FROM derivations WHERE article_id = ?1 AND content_sha256 = ?2 AND record IS NOT NULL LIMIT 1
"""
_AT_ADDRESS = "SELECT id FROM articles WHERE url = ?1 UNION ALL SELECT article_id FROM aliases WHERE url = ?1 LIMIT 1"
# The parts whose absence is counted, as reasons call them.
PARTS = {
    "byline": "its byline",
    "captions": "all captions",
    "photos": "all photos",
    "date": "its date",
    "text": "half of its text",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a record has, as far as health goes; `text` is its length in characters."""

    category: str
    byline: bool
    captions: bool
    photos: bool
    date: bool
    doubtful: bool
    text: int


@dataclass(frozen=True, slots=True)
class Page:
    """One capture of an article's page. `refusal` says why it gave no article, if it gave none. `now` is what its
    record has, where this capture began a revision (`is_new`); `lost` are the parts that its article had before, when
    `was_known`."""

    run: int
    refusal: str
    is_new: bool
    was_known: bool
    lost: tuple[str, ...]
    now: Said | None


class PageBook:
    """The article pages of an archive, by runs; what was looked up is remembered, as several rules ask for the same."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._found: dict[tuple[int | str, ...], list[Page]] = {}
        self._said: dict[tuple[int, str], Said | None] = {}

    def pages(self, first_run: int, last_run: int, since: datetime, past_until: datetime | None = None) -> list[Page]:
        """The article pages captured in these runs and not before `since`, at most the newest three thousand.

        What an article had before is told by its newest earlier capture, not before `since` and before `past_until`.
        """
        times = (_start_of(since), _start_of(past_until) if past_until else "9999")
        asked = (*times, first_run, last_run)
        if asked not in self._found:
            rows = self._db.execute(_PAGES, (*asked, _MOST)).fetchall()
            self._found[asked] = [page for row in rows if (page := self._page(times, row)) is not None]
        return self._found[asked]

    def _page(self, times: tuple[str, str], row: tuple[Any, ...]) -> Page | None:
        """One row of `_PAGES`; None for a page that is not expected to give an article."""
        capture_id, run, url, article_id, refusal, digest, is_new, before = row
        if digest is None or article_id is None:
            known = self._db.execute(_AT_ADDRESS, (url,)).fetchone()
            if known is None:
                expected = _ARTICLE.search(url.partition("?")[0])
                return Page(run, refusal or "none", False, False, (), None) if expected else None
            sql = _BEFORE.format(article="?3", capture="?4")
            was_known = self._db.execute(sql, (*times, known[0], capture_id)).fetchone() is not None
            return Page(run, refusal or "none", False, was_known, ("everything",) if was_known else (), None)
        now = self._has(article_id, digest) if is_new else None
        lost: tuple[str, ...] = ()
        if before is not None and before != digest:
            had, has = self._has(article_id, before), now or self._has(article_id, digest)
            lost = _lost(had, has) if had and has else ()
        return Page(run, "", now is not None, before is not None, lost, now)

    def _has(self, article_id: int, digest: str) -> Said | None:
        """What the record of an article, as it was then, has."""
        asked = (article_id, digest)
        if asked not in self._said:
            row = self._db.execute(_RECORD, asked).fetchone()
            self._said[asked] = _read(json.loads(row[0])) if row else None
        return self._said[asked]


def _start_of(at: datetime) -> str:
    """A second's start, as it sorts before all fractions of that second."""
    return stamp(at).removesuffix("Z")


def _read(record: dict[str, Any]) -> Said:
    photos = record.get("photos") or []
    return Said(
        category=str(record.get("category") or ""),
        byline=bool(record.get("byline")),
        captions=any(photo.get("caption") for photo in photos),
        photos=bool(photos),
        date=bool(record.get("date")),
        doubtful=bool(record.get("doubts")),
        text=sum(len(block.get("text") or "") for block in record["blocks"] if block.get("kind") in _SPOKEN),
    )


def _lost(before: Said, now: Said) -> tuple[str, ...]:
    lost = [part for part in ("byline", "photos", "date") if getattr(before, part) and not getattr(now, part)]
    if before.captions and not now.captions and now.photos:
        lost.append("captions")
    if before.text >= 200 and now.text * 2 < before.text:
        lost.append("text")
    return tuple(lost)
