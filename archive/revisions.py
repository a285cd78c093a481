"""From captures to articles: which article a page is, under which address, and which captures are revisions.

An article is a fold over its captures at its canonical address: consecutive captures that say the same are one
revision, numbered from 1. Captures at its other addresses (aliases) never add one. Because the fold depends on nothing
but the derivations in their order, deriving a capture again updates its revision, and a rebuild gives the same rows.

Which article: the address or an alias of it, else the number that ends the address (site fact: the id is the identity),
else, where one of the two addresses has no such number, the same content.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from archive.records import Article, BlockKind, Capture, DateKind, Refusal, Source, article_from_json
from archive.store import Store
from archive.vietnamese import without_marks

GONE_AFTER = timedelta(days=3)  # a 404 or 410 must repeat over this time before an article counts as gone
_LEGACY = re.compile(r"\.html?$", re.I)
_LEAST_BODY_FOR_CONTENT_MATCH = 200  # characters; shorter items may be alike by chance


class Change(StrEnum):
    """What a capture did to the archive."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ALIAS = "alias"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Derivation:
    """What a page capture gave: an article or a refusal, read with which frame."""

    outcome: Article | Refusal
    frame_id: int | None
    extractor: str


def record(store: Store, capture_id: int, capture: Capture, derivation: Derivation, source: Source) -> Change:
    """Works the derivation of a capture into the archive, for the first time or again. One transaction around it.

    `source` is what the page itself asks for (or the configured one); its row is made here.
    """
    before = store.one("SELECT article_id FROM derivations WHERE capture_id = ?", capture_id)
    outcome = derivation.outcome
    article_id: int | None = None
    change = Change.REFUSED
    if isinstance(outcome, Article):
        article_id, change = _settle(store, capture_id, capture, outcome, source)
    _write_derivation(store, capture_id, article_id, derivation)
    store.db.execute("DELETE FROM refusals WHERE capture_id = ?", (capture_id,))
    store.db.execute("DELETE FROM views WHERE capture_id = ?", (capture_id,))
    if isinstance(outcome, Article):
        assert article_id is not None
        _note_sighting(store, article_id, capture_id, capture, outcome)
        if change is not Change.NEW:
            change = _fold(store, article_id, capture_id, outcome, source, capture.fetched_at)
            if change is Change.UNCHANGED and not store.one("SELECT 1 FROM articles WHERE url = ?", capture.url):
                change = Change.ALIAS
    else:
        store.add_refusal(outcome, capture_id, capture.fetched_at)
        if capture.status in (404, 410):
            _note_absence(store, capture)
    if before and before[0] is not None and before[0] != article_id:
        _fold(store, before[0], capture_id, None, source, capture.fetched_at)
    return change


def _settle(store: Store, capture_id: int, capture: Capture, article: Article, source: Source) -> tuple[int, Change]:
    """Finds the article a page is, or makes it; keeps its addresses."""
    found = _find(store, article, capture.url)
    if found is None:
        article_id = _insert(store, capture_id, capture, article, source)
        change = Change.NEW
    else:
        article_id, known_url = found
        change = Change.UNCHANGED
        if article.url != known_url and _prefer(article.url, known_url, gone=_is_gone(store, known_url)):
            store.db.execute("DELETE FROM aliases WHERE url = ?", (article.url,))
            store.db.execute(
                "UPDATE articles SET url = ?, site_id = ?, category = ? WHERE id = ?",
                (article.url, article.site_id, article.category, article_id),
            )
            _add_alias(store, known_url, article_id, "other-address", capture.fetched_at)
        elif article.url != known_url:
            _add_alias(store, article.url, article_id, "other-address", capture.fetched_at)
    row = store.one("SELECT url FROM articles WHERE id = ?", article_id)
    if row and capture.url not in (row[0], article.url):
        _add_alias(store, capture.url, article_id, "canonical", capture.fetched_at)
    return article_id, change


def _find(store: Store, article: Article, capture_url: str) -> tuple[int, str] | None:
    row = store.one(
        "SELECT id, url FROM articles WHERE url IN (?1, ?2)"
        " UNION SELECT a.id, a.url FROM aliases x JOIN articles a ON a.id = x.article_id WHERE x.url IN (?1, ?2)"
        " ORDER BY 1 LIMIT 1",
        article.url,
        capture_url,
    )
    if row is None and _has_modern_id(article.url, article.site_id):
        row = store.one(
            "SELECT id, url FROM articles WHERE site = ? AND site_id = ? AND url NOT LIKE '%.htm%' ORDER BY id LIMIT 1",
            article.site,
            article.site_id,
        )
    if row is None and sum(map(len, article.body)) >= _LEAST_BODY_FOR_CONTENT_MATCH:
        rows = store.db.execute(
            "SELECT id, url, site_id FROM articles WHERE content_sha256 = ? AND site = ? ORDER BY id",
            (article.content_sha256, article.site),
        ).fetchall()
        modern = _has_modern_id(article.url, article.site_id)
        row = next((r[:2] for r in rows if not modern or not _has_modern_id(r[1], r[2])), None)
    return (row[0], row[1]) if row else None


def _has_modern_id(url: str, site_id: int | None) -> bool:
    return site_id is not None and not _LEGACY.search(urlsplit(url).path)


def _address_rank(url: str) -> tuple[bool, bool, int]:
    """Lower is better: today's form `/<category>/<slug>-<id>` before any other."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    return (bool(parts.query), _LEGACY.search(parts.path) is not None, abs(len(segments) - 2))


def _prefer(new: str, known: str, *, gone: bool) -> bool:
    return gone or _address_rank(new) < _address_rank(known)


def _is_gone(store: Store, url: str) -> bool:
    row = store.one("SELECT status FROM captures WHERE url = ? ORDER BY id DESC LIMIT 1", url)
    return bool(row) and row is not None and (row[0] in (404, 410) or 300 <= row[0] < 400)


def _add_alias(store: Store, url: str, article_id: int, reason: str, seen_at: str) -> None:
    store.db.execute(
        "INSERT OR IGNORE INTO aliases (url, article_id, reason, first_seen) VALUES (?, ?, ?, ?)",
        (url, article_id, reason, seen_at),
    )


def add_redirect_alias(store: Store, from_url: str, to_url: str, seen_at: str) -> None:
    """An address that redirects to a known article is an alias of it. Does nothing for other targets."""
    row = store.one(
        "SELECT id FROM articles WHERE url = ?1 UNION SELECT article_id FROM aliases WHERE url = ?1", to_url
    )
    if row and not store.one("SELECT 1 FROM articles WHERE url = ?", from_url):
        _add_alias(store, from_url, row[0], "redirect", seen_at)


def _insert(store: Store, capture_id: int, capture: Capture, article: Article, source: Source) -> int:
    row = _row(article) | {
        "url": article.url,
        "site": article.site,
        "credit": source.credit,
        "source_id": store.source_id(source, capture.fetched_at),
        "capture_id": capture_id,
        "first_seen": capture.fetched_at,
        "last_seen": capture.fetched_at,
    }
    article_id = store.insert("articles", row)
    _insert_revision(store, article_id, 1, capture_id, capture.fetched_at, article)
    _write_parts(store, article_id, article)
    settle_date(store, article_id)
    return article_id


def _row(article: Article) -> dict[str, Any]:
    """The columns of `articles` that a record fills."""
    return {
        "site_id": article.site_id,
        "category": article.category,
        "title": article.title,
        "kicker": article.kicker,
        "body": "\n\n".join(article.body),
        "blocks": json.dumps([_block_json(block) for block in article.blocks], ensure_ascii=False),
        "byline": article.byline,
        "byline_role": article.byline_role and str(article.byline_role),
        "affiliation": article.affiliation,
        "date": article.date,
        "date_kind": article.date_kind and str(article.date_kind),
        "date_evidence": article.date_evidence,
        "reasons": json.dumps({name: [r.rule, r.confidence] for name, r in article.reasons.items()}),
        "content_sha256": article.content_sha256,
        "extractor": article.extractor,
    }


def _block_json(block: Any) -> dict[str, Any]:
    if block.kind is BlockKind.TABLE:
        return {"kind": "table", "rows": block.rows}
    if block.kind is BlockKind.PHOTO:
        return {"kind": "photo", "photo": block.photo}
    return {"kind": str(block.kind), "text": block.text}


def _insert_revision(
    store: Store, article_id: int, number: int, capture_id: int, seen_at: str, article: Article
) -> None:
    store.insert(
        "revisions",
        {
            "article_id": article_id,
            "number": number,
            "seen_at": seen_at,
            "capture_id": capture_id,
            "content_sha256": article.content_sha256,
            "extractor": article.extractor,
            "record": article.to_json(),
        },
    )


def _write_parts(store: Store, article_id: int, article: Article) -> None:
    """Photos, attachments and full text of the newest revision. Bytes captured earlier are tied again by address."""
    for table in ("photos", "attachments"):
        store.db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
    for position, photo in enumerate(article.photos):
        capture_id, sha256, _ = _media(store, photo.url)
        store.insert(
            "photos",
            {
                "article_id": article_id,
                "position": position,
                "url": photo.url,
                "caption": photo.caption,
                "credit": photo.credit,
                "sha256": sha256,
                "capture_id": capture_id,
            },
        )
    for position, attachment in enumerate(article.attachments):
        capture_id, sha256, media_type = _media(store, attachment.url)
        store.insert(
            "attachments",
            {
                "article_id": article_id,
                "position": position,
                "url": attachment.url,
                "label": attachment.label,
                "media_type": media_type or attachment.media_type,
                "sha256": sha256,
                "capture_id": capture_id,
            },
        )
    _index(store, article_id, article)


def _media(store: Store, url: str) -> tuple[int | None, str | None, str | None]:
    row = store.one(
        "SELECT id, payload_sha256, media_type FROM captures"
        " WHERE url = ? AND role = 'media' AND status = 200 AND truncated = 0 ORDER BY id DESC LIMIT 1",
        url,
    )
    return (row[0], row[1], row[2] or None) if row else (None, None, None)


def _index(store: Store, article_id: int, article: Article) -> None:
    """Full text: the words as written, and once more without marks for words typed without them."""
    body = "\n".join(article.body)
    cells = "\n".join(" ".join(row) for table in article.tables for row in table)
    captions = "\n".join(photo.caption for photo in article.photos if photo.caption)
    byline = " ".join(filter(None, (article.byline, article.affiliation)))
    spoken = "\n".join(filter(None, (body, cells)))
    plain = without_marks("\n".join((article.title, spoken, captions, byline)))
    store.db.execute("DELETE FROM articles_fts WHERE rowid = ?", (article_id,))
    store.db.execute(
        "INSERT INTO articles_fts (rowid, title, body, captions, byline, plain) VALUES (?, ?, ?, ?, ?, ?)",
        (article_id, article.title, spoken, captions, byline, plain),
    )


def _write_derivation(store: Store, capture_id: int, article_id: int | None, derivation: Derivation) -> None:
    outcome = derivation.outcome
    store.db.execute(
        "INSERT OR REPLACE INTO derivations (capture_id, article_id, content_sha256, refusal, frame_id, extractor)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            capture_id,
            article_id,
            None if isinstance(outcome, Refusal) else outcome.content_sha256,
            str(outcome.reason) if isinstance(outcome, Refusal) else None,
            derivation.frame_id,
            derivation.extractor,
        ),
    )


def _note_sighting(store: Store, article_id: int, capture_id: int, capture: Capture, article: Article) -> None:
    store.db.execute(
        "UPDATE articles SET last_seen = max(last_seen, ?), gone_since = NULL WHERE id = ?",
        (capture.fetched_at, article_id),
    )
    if article.views is not None:
        store.insert(
            "views",
            {
                "article_id": article_id,
                "seen_at": capture.fetched_at,
                "views": article.views,
                "capture_id": capture_id,
            },
        )
        store.db.execute(
            "UPDATE articles SET views ="
            " (SELECT views FROM views WHERE article_id = ?1 ORDER BY capture_id DESC LIMIT 1)"
            " WHERE id = ?1",
            (article_id,),
        )


def _note_absence(store: Store, capture: Capture) -> None:
    """Marks an article gone once its address has answered 404 or 410 over GONE_AFTER; it is never deleted."""
    row = store.one(
        "SELECT a.id, (SELECT min(fetched_at) FROM captures c WHERE c.url = a.url AND c.status IN (404, 410)"
        "   AND c.id > coalesce((SELECT max(id) FROM captures k WHERE k.url = a.url AND k.status = 200), 0))"
        " FROM articles a WHERE a.url = ? AND a.gone_since IS NULL",
        capture.url,
    )
    if row and row[1] and _moment(capture.fetched_at) - _moment(row[1]) >= GONE_AFTER:
        store.db.execute("UPDATE articles SET gone_since = ? WHERE id = ?", (row[1], row[0]))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _fold(
    store: Store, article_id: int, capture_id: int, fresh: Article | None, source: Source, seen_at: str
) -> Change:
    """Makes the revisions what the derivations say, and the article what its newest revision says.

    `fresh` is the record just derived from `capture_id`; every other record is found in the revisions by its digest.
    """
    captures = _captures_that_count(store, article_id)
    if not captures:
        store.db.execute("DELETE FROM articles_fts WHERE rowid = ?", (article_id,))
        store.db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        return Change.REFUSED
    wanted = [next(group) for _, group in groupby(captures, key=lambda row: row[1])]
    existing = store.db.execute(
        "SELECT capture_id, content_sha256, record FROM revisions WHERE article_id = ? ORDER BY number", (article_id,)
    ).fetchall()
    same = [row[:2] for row in existing] == [row[:2] for row in wanted]
    restated = same and fresh is not None and any(row[0] == capture_id for row in existing)
    if same and not restated:
        return Change.UNCHANGED
    records = {digest: text for _, digest, text in existing}
    if fresh is not None and (restated or fresh.content_sha256 not in records):
        records[fresh.content_sha256] = fresh.to_json()
    store.db.execute("DELETE FROM revisions WHERE article_id = ?", (article_id,))
    for number, (first_capture, digest, first_seen) in enumerate(wanted, start=1):
        _insert_revision(store, article_id, number, first_capture, first_seen, article_from_json(records[digest]))
    _take_over(store, article_id, article_from_json(records[wanted[-1][1]]), wanted[-1][0], source, seen_at)
    return Change.CHANGED if len(wanted) > len(existing) else Change.UNCHANGED


def _captures_that_count(store: Store, article_id: int) -> list[tuple[int, str, str]]:
    """(capture id, digest, time) of the captures that make revisions: those at the canonical address, where there
    are any, else those at the address captured first."""
    rows = store.db.execute(
        "SELECT d.capture_id, d.content_sha256, c.fetched_at, c.url, a.url FROM derivations d"
        " JOIN captures c ON c.id = d.capture_id JOIN articles a ON a.id = d.article_id"
        " WHERE d.article_id = ? AND d.content_sha256 IS NOT NULL ORDER BY d.capture_id",
        (article_id,),
    ).fetchall()
    if not rows:
        return []
    address = rows[0][4] if any(row[3] == row[4] for row in rows) else rows[0][3]
    return [row[:3] for row in rows if row[3] == address]


def _take_over(store: Store, article_id: int, article: Article, capture_id: int, source: Source, seen_at: str) -> None:
    row = _row(article)
    row["credit"] = source.credit
    row["source_id"] = store.source_id(source, seen_at)
    row["capture_id"] = capture_id
    for kept in ("site_id", "category"):  # these belong to the canonical address, which the fold does not change
        row.pop(kept)
    assignments = ", ".join(f"{column} = ?" for column in row)
    store.db.execute(f"UPDATE articles SET {assignments} WHERE id = ?", (*row.values(), article_id))
    _write_parts(store, article_id, article)
    settle_date(store, article_id)


def settle_date(store: Store, article_id: int) -> None:
    """Writes the day of an article: its dateline, else the day a listing posted it, else a document's own day."""
    row = store.one(
        "SELECT r.record FROM revisions r WHERE r.article_id = ? ORDER BY r.number DESC LIMIT 1", article_id
    )
    if row is None:
        return
    article = article_from_json(row[0])
    day, kind, evidence = article.date, article.date_kind, article.date_evidence
    if kind is not DateKind.DATELINE:
        posted = store.one(
            "SELECT p.date, p.evidence FROM postings p, articles a WHERE a.id = ?1 AND (p.url = a.url"
            " OR p.url IN (SELECT url FROM aliases WHERE article_id = ?1)"
            " OR (p.site = a.site AND p.site_id = a.site_id)) ORDER BY p.capture_id, p.url LIMIT 1",
            article_id,
        )
        if posted:
            day, kind, evidence = posted[0], DateKind.POSTED, posted[1]
    store.db.execute(
        "UPDATE articles SET date = ?, date_kind = ?, date_evidence = ? WHERE id = ?",
        (day, kind and str(kind), evidence, article_id),
    )
