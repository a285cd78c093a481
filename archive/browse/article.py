"""What the reading page shows of an article, or of an earlier revision of it: its blocks in order with their pictures,
its attachments, what it rests on, its history. Reads only; no HTML."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from archive.browse.charts import Line, line
from archive.browse.database import rows
from archive.browse.media import Picture, picture
from archive.history import History
from archive.query import Archive, CreditedSource
from archive.records import Article


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A picture with its words. `sha256` is None where its bytes are not in the archive, `picture` where they are none
    that may be shown."""

    number: int
    url: str
    caption: str | None
    credit: str | None
    sha256: str | None
    picture: Picture | None

    @property
    def credit_beside(self) -> str | None:
        """The credit, where the caption does not say it already."""
        return self.credit if self.credit and self.credit not in (self.caption or "") else None


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A piece of the article: `kind` is paragraph, heading, list (of `items`), table (of `rows`) or photo."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    photo: ShownPhoto | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class ShownFile:
    """An attachment; `sha256` is None where its bytes are not in the archive."""

    url: str
    label: str
    media_type: str | None
    sha256: str | None
    bytes: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it is read. `number` is the revision shown, of `count`."""

    id: int
    url: str
    number: int
    count: int
    seen_at: str
    capture_id: int
    title: str
    kicker: str | None
    category: str | None
    byline: str | None
    byline_role: str | None
    affiliation: str | None
    date: str | None
    date_kind: str | None
    date_evidence: str | None
    blocks: tuple[ShownBlock, ...]
    files: tuple[ShownFile, ...]
    digest: str
    extractor: str
    source: CreditedSource
    history: History
    chart: Line | None

    @property
    def is_newest(self) -> bool:
        return self.number == self.count

    @property
    def original(self) -> str | None:
        """The article's address, where it is one that a link may lead to."""
        return self.url if self.url.startswith(("http://", "https://")) else None


def reading(archive: Archive, db: sqlite3.Connection, article_id: int, number: int | None = None) -> Reading | None:
    """An article, or one of its revisions; None where there is none."""
    found = archive.find(str(article_id))
    history = archive.story(article_id) if found else None
    if found is None or history is None or not history.revisions:
        return None
    record, count = found[1], len(history.revisions)
    number = count if number is None else number
    revision = archive.revision(article_id, number)
    if revision is None:
        return None
    article, seen_at, capture_id = revision
    is_newest = number == count
    # The day of the newest may rest on a listing, which the page itself does not know.
    dated = record if is_newest else article
    return Reading(
        id=article_id,
        url=record.url,
        number=number,
        count=count,
        seen_at=seen_at,
        capture_id=capture_id,
        title=article.title,
        kicker=article.kicker,
        category=article.category,
        byline=article.byline,
        byline_role=str(article.byline_role) if article.byline_role else None,
        affiliation=article.affiliation,
        date=dated.date,
        date_kind=str(dated.date_kind) if dated.date_kind else None,
        date_evidence=dated.date_evidence,
        blocks=_blocks(article, _photos(archive, db, article_id, article)),
        files=_files(db, article_id, article),
        digest=record.content_sha256 if is_newest else article.content_sha256,
        extractor=article.extractor,
        source=record.source,
        history=history,
        chart=line([(one.seen_at, one.views) for one in history.views]),
    )


def _blocks(article: Article, photos: list[ShownPhoto]) -> tuple[ShownBlock, ...]:
    """The blocks in order; list items that follow each other make one list. A picture that no block places comes
    last."""
    shown: list[ShownBlock] = []
    placed: set[int] = set()
    tables = 0
    for block in article.blocks:
        if block.kind == "list_item":
            before = shown.pop().items if shown and shown[-1].kind == "list" else ()
            shown.append(ShownBlock("list", items=(*before, block.text)))
        elif block.kind == "table":
            tables += 1
            shown.append(ShownBlock("table", rows=block.rows, number=tables))
        elif block.kind == "photo":
            if block.photo is not None and block.photo < len(photos):
                placed.add(block.photo)
                shown.append(ShownBlock("photo", photo=photos[block.photo]))
        else:
            shown.append(ShownBlock(str(block.kind), text=block.text))
    shown += [ShownBlock("photo", photo=photo) for place, photo in enumerate(photos) if place not in placed]
    return tuple(shown)


def _photos(archive: Archive, db: sqlite3.Connection, article_id: int, article: Article) -> list[ShownPhoto]:
    held = _held(db, "photos", article_id, [photo.url for photo in article.photos])
    shown = []
    for number, photo in enumerate(article.photos, 1):
        sha256, capture_id, _ = held.get(photo.url, (None, None, None))
        known = picture(archive, capture_id) if capture_id is not None else None
        shown.append(ShownPhoto(number, photo.url, photo.caption, photo.credit, sha256, known))
    return shown


def _files(db: sqlite3.Connection, article_id: int, article: Article) -> tuple[ShownFile, ...]:
    held = _held(db, "attachments", article_id, [one.url for one in article.attachments])
    shown = []
    for one in article.attachments:
        sha256, _, size = held.get(one.url, (None, None, None))
        shown.append(ShownFile(one.url, one.label, one.media_type, sha256, size))
    return tuple(shown)


def _held(db: sqlite3.Connection, table: str, article_id: int, urls: list[str]) -> dict[str, tuple[Any, Any, Any]]:
    """For addresses of pictures or attachments (SHA-256, capture, bytes): as the article has them now, else as they
    were captured last, which is where an earlier revision's stand."""
    held = {
        url: (sha256, capture_id, size)
        for url, sha256, capture_id, size in rows(
            db,
            f"SELECT p.url, p.sha256, p.capture_id, c.payload_length FROM {table} p"
            " JOIN captures c ON c.id = p.capture_id WHERE p.article_id = ? AND p.sha256 IS NOT NULL",
            article_id,
        )
    }
    missing = [url for url in urls if url not in held]
    if missing:
        found = rows(
            db,
            "SELECT url, payload_sha256, id, payload_length FROM captures WHERE url IN (SELECT value FROM json_each(?))"
            " AND role = 'media' AND status = 200 AND removed = 0 AND revisit_of IS NULL ORDER BY fetched_at, id",
            json.dumps(missing),
        )
        held |= {url: (sha256, capture_id, size) for url, sha256, capture_id, size in found}
    return held
