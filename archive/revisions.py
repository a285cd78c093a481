"""From captures to articles: which article a page is, under which address, and which captures are revisions.

An article is a fold over its captures at its canonical address, in the order of their time: consecutive captures that
say the same are one revision, numbered from 1. Captures at other addresses (aliases) never add one; those made at an
earlier canonical address, in runs before the present one was first captured, go on counting. Because the fold depends
on nothing but the derivations and their captures' times, deriving a capture again updates its revision, a rebuild gives
the same rows, and an old capture that comes late (an import) becomes an early revision, never the newest state.

Which article: the address or an alias of it, else the number that ends the address (site fact: the id is the identity),
where what is said agrees (identity.py), else, where one of the two addresses has no such number, the same content.
"""

import json
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from archive import fulltext
from archive.dating import settle_date
from archive.identity import of_number, shares_number
from archive.presence import settle_presence
from archive.records import (
    Article,
    BlockKind,
    Capture,
    Doubt,
    Refusal,
    RefusalReason,
    Source,
    article_from_json,
    doubt_of,
)
from archive.store import LEAST_BODY_FOR_CONTENT_MATCH, Store

_FORMER = "former"  # the alias of an address that was canonical once
_LEGACY = re.compile(r"\.html?$", re.I)


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
    before = store.one("SELECT article_id, content_sha256, record FROM derivations WHERE capture_id = ?", capture_id)
    outcome = derivation.outcome
    source_id, source = store.credited(source, capture.fetched_at)
    article_id: int | None = None
    change = Change.REFUSED
    if isinstance(outcome, Article):
        found = _find(store, outcome, capture.url)
        if shares_number(store, outcome, found[0] if found else None):
            outcome = replace(outcome, doubts=tuple(dict.fromkeys((*outcome.doubts, Doubt.NUMBER_SHARED))))
        article_id, change = _settle(store, capture_id, capture, outcome, (source, source_id), found)
    _write_derivation(store, capture_id, article_id, derivation, source_id)
    if before is not None:
        if before[2] is not None:
            _keep_record(store, before[0], capture_id, before[1], before[2])
        store.db.execute("DELETE FROM refusals WHERE capture_id = ?", (capture_id,))
        store.db.execute("DELETE FROM views WHERE capture_id = ?", (capture_id,))
    if isinstance(outcome, Article):
        assert article_id is not None
        if outcome.views is not None:
            store.insert(
                "views",
                {
                    "article_id": article_id,
                    "seen_at": capture.fetched_at,
                    "views": outcome.views,
                    "capture_id": capture_id,
                },
            )
        if change is not Change.NEW:
            change = _fold(store, article_id, capture_id, outcome)
        if change is Change.UNCHANGED and not store.one("SELECT 1 FROM articles WHERE url = ?", capture.url):
            change = Change.ALIAS
        settle_presence(store.db, article_id, derivation.extractor)
    else:
        store.add_refusal(outcome, capture_id, capture.fetched_at)
        if capture.status in (404, 410) or outcome.reason is RefusalReason.NOT_FOUND:
            _note_absence(store, capture, derivation.extractor)
    if before and before[0] is not None and before[0] != article_id:
        _fold(store, before[0], capture_id, None)
    return change


def _settle(
    store: Store,
    capture_id: int,
    capture: Capture,
    article: Article,
    credited: tuple[Source, int],
    found: tuple[int, str] | None,
) -> tuple[int, Change]:
    """Makes the article a page is, where none was found; keeps its addresses."""
    url = article.url
    if found is None:
        article_id = _insert(store, capture_id, capture, article, *credited)
        change = Change.NEW
    else:
        article_id, known_url = found
        change = Change.UNCHANGED
        if article.url != known_url and _prefer(
            article.url, known_url, gone=_is_gone(store, known_url, capture.fetched_at)
        ):
            store.db.execute("DELETE FROM aliases WHERE url = ?", (article.url,))
            store.db.execute(
                "UPDATE articles SET url = ?, site_id = ?, category = ? WHERE id = ?",
                (article.url, article.site_id, article.category, article_id),
            )
            add_alias(store, known_url, article_id, _FORMER, capture.fetched_at)
        elif article.url != known_url:
            add_alias(store, article.url, article_id, "other-address", capture.fetched_at)
            url = known_url
    if capture.url not in (url, article.url):
        add_alias(store, capture.url, article_id, "canonical", capture.fetched_at)
    return article_id, change


def _find(store: Store, article: Article, capture_url: str) -> tuple[int, str] | None:
    """(id, canonical address) of the article a page is. Where its own address and the one it was captured at turn out
    to belong to two articles, these are one from now on."""
    at_own, at_captured = _at_address(store, article.url), _at_address(store, capture_url)
    if at_own and at_captured and at_own[0] != at_captured[0]:
        _merge(store, at_own[0], at_captured[0])
    found = at_own or at_captured
    if found is None and _has_modern_id(article.url, article.site_id):
        found = of_number(store, article)
    if found is None and sum(map(len, article.body)) >= LEAST_BODY_FOR_CONTENT_MATCH:
        rows = store.db.execute(
            "SELECT id, url, site_id FROM articles WHERE content_sha256 = ? AND site = ? ORDER BY id",
            (article.content_sha256, article.site),
        ).fetchall()
        modern = _has_modern_id(article.url, article.site_id)
        found = next((row[:2] for row in rows if not modern or not _has_modern_id(row[1], row[2])), None)
    return (found[0], found[1]) if found else None


def _at_address(store: Store, url: str) -> tuple[int, str] | None:
    row = store.one(
        "SELECT id, url FROM articles WHERE url = ?"
        " UNION SELECT a.id, a.url FROM aliases x JOIN articles a ON a.id = x.article_id WHERE x.url = ?",
        url,
        url,
    )
    return (row[0], row[1]) if row else None


def _merge(store: Store, article_id: int, other_id: int) -> None:
    """Gives all that is known of one article to another, and takes the one away."""
    _keep_records(store, other_id, frozenset())
    row = store.one("SELECT url, first_seen FROM articles WHERE id = ?", other_id)
    assert row is not None
    for table in ("derivations", "aliases", "views"):
        store.db.execute(f"UPDATE {table} SET article_id = ? WHERE article_id = ?", (article_id, other_id))
    _remove(store, other_id)
    add_alias(store, row[0], article_id, "other-address", row[1])


def _remove(store: Store, article_id: int) -> None:
    fulltext.remove(store.db, article_id)
    store.db.execute("DELETE FROM articles WHERE id = ?", (article_id,))


def _has_modern_id(url: str, site_id: int | None) -> bool:
    return site_id is not None and not _LEGACY.search(urlsplit(url).path)


def _address_rank(url: str) -> tuple[bool, bool, int, bool]:
    """Lower is better: today's form `/<category>/<slug>-<id>` before any other, plain letters before encoded ones."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    return (bool(parts.query), _LEGACY.search(parts.path) is not None, abs(len(segments) - 2), "%" in parts.path)


def _prefer(new: str, known: str, *, gone: bool) -> bool:
    return gone or _address_rank(new) < _address_rank(known)


def _is_gone(store: Store, url: str, at: str) -> bool:
    """Whether an address had been left by a time: its newest answer, not later than that, leads away or to nothing."""
    row = store.one(
        "SELECT status, fetched_at FROM captures WHERE url = ? ORDER BY fetched_at DESC, id DESC LIMIT 1", url
    )
    return row is not None and row[1] <= at and (row[0] in (404, 410) or (300 <= row[0] < 400 and row[0] != 304))


def add_alias(store: Store, url: str, article_id: int, reason: str, seen_at: str) -> None:
    """Keeps a further address of an article; a listing may have given its day under that address."""
    cursor = store.db.execute(
        "INSERT OR IGNORE INTO aliases (url, article_id, reason, first_seen) VALUES (?, ?, ?, ?)",
        (url, article_id, reason, seen_at),
    )
    if cursor.rowcount:
        settle_date(store, article_id)
    else:
        store.db.execute("UPDATE aliases SET first_seen = ?1 WHERE url = ?2 AND first_seen > ?1", (seen_at, url))


def add_redirect_alias(store: Store, from_url: str, to_url: str, seen_at: str) -> None:
    """An address that redirects to a known article is an alias of it. Does nothing for other targets."""
    found = _at_address(store, to_url)
    if found and not store.one("SELECT 1 FROM articles WHERE url = ?", from_url):
        add_alias(store, from_url, found[0], "redirect", seen_at)


def _insert(store: Store, capture_id: int, capture: Capture, article: Article, source: Source, source_id: int) -> int:
    row = article_columns(article) | {
        "id": store.next_article_id(),
        "url": article.url,
        "site": article.site,
        "credit": source.credit,
        "source_id": source_id,
        "capture_id": capture_id,
        "first_seen": capture.fetched_at,
        "last_seen": capture.fetched_at,
        "views": article.views,
    }
    article_id = store.insert("articles", row)
    _insert_revision(store, article_id, 1, capture_id, capture.fetched_at, article)
    _write_parts(store, article_id, article)
    settle_date(store, article_id, article)
    return article_id


def article_columns(article: Article) -> dict[str, Any]:
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
        "doubts": json.dumps(list(article.doubts)),
        "doubt": doubt_of(article.doubts),
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
        capture_id, sha256, _ = store.media_at(photo.url)
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
        capture_id, sha256, media_type = store.media_at(attachment.url)
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
    fulltext.index(store, article_id, article)


def _write_derivation(
    store: Store, capture_id: int, article_id: int | None, derivation: Derivation, source_id: int
) -> None:
    outcome = derivation.outcome
    store.db.execute(
        "INSERT OR REPLACE INTO derivations"
        " (capture_id, article_id, content_sha256, refusal, frame_id, source_id, extractor)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            capture_id,
            article_id,
            None if isinstance(outcome, Refusal) else outcome.content_sha256,
            str(outcome.reason) if isinstance(outcome, Refusal) else None,
            derivation.frame_id,
            source_id,
            derivation.extractor,
        ),
    )


def _note_absence(store: Store, capture: Capture, extractor: str) -> None:
    """An article whose address answers that there is nothing may be gone; it is never deleted."""
    row = store.one("SELECT id FROM articles WHERE url = ?", capture.url)
    if row:
        settle_presence(store.db, row[0], extractor)


def _fold(store: Store, article_id: int, capture_id: int, fresh: Article | None) -> Change:
    """Makes the revisions what the derivations say, and the article what its newest revision says.

    `fresh` is the record just derived from `capture_id`; every other one is in a revision, or kept beside its
    derivation.
    """
    captures = _captures_that_count(store, article_id)
    if not captures:
        _remove(store, article_id)
        return Change.REFUSED
    wanted = [next(group) for _, group in groupby(captures, key=lambda row: row[1])]
    existing = store.db.execute(
        "SELECT capture_id, content_sha256, record FROM revisions WHERE article_id = ? ORDER BY number", (article_id,)
    ).fetchall()
    same = [row[:2] for row in existing] == [row[:2] for row in wanted]
    restated = same and fresh is not None and any(row[0] == capture_id for row in existing)
    if not same or restated:
        records = _known_records(store, article_id)
        if fresh is not None and (restated or fresh.content_sha256 not in records):
            records[fresh.content_sha256] = fresh.to_json()
        _keep_records(store, article_id, frozenset(row[1] for row in wanted))
        store.db.execute("DELETE FROM revisions WHERE article_id = ?", (article_id,))
        said = {digest: article_from_json(records[digest]) for _, digest, _ in wanted}
        for number, (first_capture, digest, first_seen) in enumerate(wanted, start=1):
            _insert_revision(store, article_id, number, first_capture, first_seen, said[digest])
        _take_over(store, article_id, said[wanted[-1][1]], wanted[-1][0])
    if fresh is not None and not any(row[1] == fresh.content_sha256 for row in wanted):
        store.db.execute("UPDATE derivations SET record = ? WHERE capture_id = ?", (fresh.to_json(), capture_id))
    _state_sightings(store, article_id, captures[-1][0])
    return Change.CHANGED if len(wanted) > len(existing) else Change.UNCHANGED


def _known_records(store: Store, article_id: int) -> dict[str, str]:
    """Digest to record (JSON), for everything the article was ever seen to say."""
    rows = store.db.execute(
        "SELECT content_sha256, record FROM derivations WHERE article_id = ? AND record IS NOT NULL"
        " UNION ALL SELECT content_sha256, record FROM revisions WHERE article_id = ?",
        (article_id, article_id),
    ).fetchall()
    return dict(rows)


def _keep_records(store: Store, article_id: int, wanted: frozenset[str]) -> None:
    """Before revisions are rewritten: records that no revision will hold are kept beside their derivations."""
    for capture_id, digest, text in store.db.execute(
        "SELECT capture_id, content_sha256, record FROM revisions WHERE article_id = ?", (article_id,)
    ).fetchall():
        if digest not in wanted:
            _keep_record(store, article_id, capture_id, digest, text)


def _keep_record(store: Store, article_id: int | None, capture_id: int, digest: str, text: str) -> None:
    """Keeps a record beside the derivation it came of; or, where that one says something else by now, beside another of
    the article that says the same. Where none does, nobody will ask for it."""
    store.db.execute(
        "UPDATE derivations SET record = ?1 WHERE capture_id = (SELECT capture_id FROM derivations"
        " WHERE article_id IS ?2 AND content_sha256 = ?3 ORDER BY capture_id <> ?4, capture_id LIMIT 1)",
        (text, article_id, digest, capture_id),
    )


def _captures_that_count(store: Store, article_id: int) -> list[tuple[int, str, str]]:
    """(capture id, digest, time) of the captures that make revisions, in the order of their time.

    Those at the canonical address, and those made at a former one in runs before it was first captured; where there are
    none, those at the address captured first.
    """
    rows = store.db.execute(
        "SELECT d.capture_id, d.content_sha256, c.fetched_at, c.url, a.url, c.run_id, x.reason FROM derivations d"
        " JOIN captures c ON c.id = d.capture_id JOIN articles a ON a.id = d.article_id"
        " LEFT JOIN aliases x ON x.url = c.url"
        " WHERE d.article_id = ? AND d.content_sha256 IS NOT NULL AND c.removed <> 1 ORDER BY c.fetched_at, c.id",
        (article_id,),
    ).fetchall()
    if not rows:
        return []
    present = next((row for row in rows if row[3] == row[4]), None)
    if present is None:
        return [row[:3] for row in rows if row[3] == rows[0][3]]

    def counts(row: tuple[Any, ...]) -> bool:
        earlier = (row[2], row[0]) < (present[2], present[0])
        former = row[6] == _FORMER and earlier and (row[5] is None or row[5] != present[5])
        return bool(row[3] == row[4] or former)

    return [row[:3] for row in rows if counts(row)]


def _take_over(store: Store, article_id: int, article: Article, capture_id: int) -> None:
    row = article_columns(article)
    row["capture_id"] = capture_id
    for kept in ("site_id", "category"):  # these belong to the canonical address, which the fold does not change
        row.pop(kept)
    assignments = ", ".join(f"{column} = ?" for column in row)
    store.db.execute(f"UPDATE articles SET {assignments} WHERE id = ?", (*row.values(), article_id))
    _write_parts(store, article_id, article)
    settle_date(store, article_id, article)


def _state_sightings(store: Store, article_id: int, newest_capture: int) -> None:
    """What follows from all captures: when the article was seen, its counter, and whom its newest capture credits."""
    row = store.one(
        "SELECT s.id, s.site, s.name, s.organisation, s.notice FROM derivations d JOIN sources s ON s.id = d.source_id"
        " WHERE d.capture_id = ?",
        newest_capture,
    )
    store.db.execute(
        "UPDATE articles SET (first_seen, last_seen) = (SELECT min(c.fetched_at), max(c.fetched_at) FROM derivations d"
        "   JOIN captures c ON c.id = d.capture_id WHERE d.article_id = articles.id),"
        " views = (SELECT v.views FROM views v WHERE v.article_id = articles.id "
        "   ORDER BY v.seen_at DESC, v.capture_id DESC LIMIT 1),"
        " source_id = coalesce(?, source_id), credit = coalesce(?, credit)"
        " WHERE id = ?",
        (row and row[0], row and Source(*row[1:]).credit, article_id),
    )
