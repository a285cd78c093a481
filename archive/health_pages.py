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
_PAGES = """
SELECT c.id, c.run_id, c.url, d.article_id, d.refusal, d.content_sha256
FROM captures c JOIN derivations d ON d.capture_id = c.id
WHERE c.run_id >= ? AND c.run_id <= ? AND c.role = 'page' AND c.status IN (200, 304) AND c.removed = 0
  AND coalesce(d.refusal, '') NOT IN ('not-found', 'http-status', 'withdrawn') AND c.fetched_at >= ?
ORDER BY c.id DESC LIMIT ?
"""
_RECORD = """
SELECT record, capture_id FROM revisions WHERE article_id = ?1 AND content_sha256 = ?2
UNION ALL
SELECT record, NULL FROM derivations WHERE article_id = ?1 AND content_sha256 = ?2 AND record IS NOT NULL LIMIT 1
"""
_AT_ADDRESS = "SELECT id FROM articles WHERE url = ?1 UNION ALL SELECT article_id FROM aliases WHERE url = ?1 LIMIT 1"
_BEFORE = """
SELECT d.content_sha256 FROM derivations d JOIN captures c ON c.id = d.capture_id
WHERE d.article_id = ? AND d.capture_id < ? AND d.content_sha256 IS NOT NULL AND c.fetched_at >= ?
  AND c.fetched_at < ?
ORDER BY d.capture_id DESC LIMIT 1
"""
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
    """One capture of an article's page. `now` is None where it gave none, for the reason `refusal`; `is_new` where
    this capture began a revision; `lost` are the parts that its article had before, when `was_known`."""

    run: int
    url: str
    now: Said | None
    refusal: str
    is_new: bool
    was_known: bool
    lost: tuple[str, ...]


def pages_of(
    db: sqlite3.Connection, first_run: int, last_run: int, since: datetime, past_until: datetime | None = None
) -> list[Page]:
    """The article pages captured in these runs and not before `since`, at most the newest three thousand.

    What an article had before is told by its newest earlier capture, not before `since` and before `past_until`.
    """
    floor = _start_of(since)
    reader = _Reader(db, floor, _start_of(past_until) if past_until else "9999")
    found = []
    for row in db.execute(_PAGES, (first_run, last_run, floor, _MOST)).fetchall():
        page = reader.page(*row)
        if page is not None:
            found.append(page)
    return found


def _start_of(at: datetime) -> str:
    """A second's start, as it sorts before all fractions of that second."""
    return stamp(at).removesuffix("Z")


class _Reader:
    def __init__(self, db: sqlite3.Connection, since: str, until: str) -> None:
        self._db, self._since, self._until = db, since, until

    def page(
        self, capture_id: int, run: int, url: str, article_id: int | None, refusal: str | None, digest: str | None
    ) -> Page | None:
        if article_id is None:
            row = self._db.execute(_AT_ADDRESS, (url,)).fetchone()
            if row is None and not _ARTICLE.search(url.partition("?")[0]):
                return None
            article_id = row[0] if row else None
        now, is_new = self._said(article_id, digest, capture_id)
        if now is None and refusal is None:
            return None
        past = (article_id, capture_id, self._since, self._until)
        row = self._db.execute(_BEFORE, past).fetchone() if article_id else None
        lost: tuple[str, ...] = ()
        if row and row[0] != digest:
            before, _ = self._said(article_id, row[0], capture_id)
            if before is not None:
                lost = ("everything",) if now is None else _lost(before, now)
        return Page(run, url, now, refusal or "", is_new, row is not None, lost)

    def _said(self, article_id: int | None, digest: str | None, capture_id: int) -> tuple[Said | None, bool]:
        if article_id is None or digest is None:
            return None, False
        row = self._db.execute(_RECORD, (article_id, digest)).fetchone()
        return (_read(json.loads(row[0])), row[1] == capture_id) if row else (None, False)


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
