"""Small records to test with: a source, an article, a capture, an exchange; and a desk that files captures in order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.query import Archive
from archive.records import (
    Article,
    Attachment,
    Block,
    BlockKind,
    Capture,
    DateKind,
    Photo,
    Posting,
    Refusal,
    RefusalReason,
    Role,
    Source,
)
from archive.revisions import Change, Derivation, add_redirect_alias, record, settle_date
from archive.store import Store
from archive.warc import Exchange

SITE = "susta.vn"
ADDRESS = "https://susta.vn/tin-tuc/bai-viet-7"
LEGACY_ADDRESS = "https://susta.vn/tin-tuc/bai-viet.html"
SOURCE = Source(SITE, "Susta.vn", "Liên hiệp các hội", "Ghi rõ nguồn “Susta.vn” khi phát hành lại")
LONG_TEXT = "Đoạn văn này đủ dài để hai trang giống nhau không phải do tình cờ. " * 5


def moment(days: float = 0) -> str:
    """A time so many days after the first capture of these tests."""
    return (datetime(2026, 11, 22, 2, tzinfo=UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(BlockKind.PARAGRAPH, text) for text in texts)


def make_article(*texts: str, url: str = ADDRESS, site_id: int | None = 7, **fields: Any) -> Article:
    """An article whose body is `texts`; anything else it says may be given by name."""
    values = {
        "url": url,
        "site": SITE,
        "site_id": site_id,
        "category": "tin-tuc",
        "title": "Một bài viết",
        "blocks": paragraphs(*(texts or ("Một đoạn.",))),
        "extractor": "test-1",
    }
    return Article(**(values | fields))


def make_exchange(
    body: bytes = b"<p>Xin ch\xc3\xa0o</p>",
    *,
    url: str = ADDRESS,
    at: str = "",
    head: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8",
    role: Role = Role.PAGE,
    truncated: str = "",
) -> Exchange:
    request = f"GET {url.removeprefix('https://susta.vn')} HTTP/1.1\r\nHost: susta.vn\r\n".encode()
    return Exchange(url, at or moment(), role, int(head.split()[1]), request, head, body, "203.0.113.5", truncated)


@dataclass
class Desk:
    """Files captures in an archive as a crawl does, one transaction each; the clock goes on a day each time."""

    store: Store
    captures: dict[int, Capture] = field(default_factory=dict)

    def capture(
        self,
        url: str = ADDRESS,
        *,
        status: int = 200,
        role: Role = Role.PAGE,
        payload: str = "",
        day: float | None = None,
        location: str | None = None,
        media_type: str = "text/html",
        truncated: bool = False,
    ) -> int:
        """Notes a response, whatever it is of; returns its id."""
        serial = len(self.captures) + 1
        capture = Capture(
            url=url,
            fetched_at=moment(serial if day is None else day),
            status=status,
            role=role,
            media_type=media_type,
            payload_sha256=hashlib.sha256(payload.encode()).hexdigest(),
            payload_length=len(payload),
            warc_file="susta-000001-20261122T020000Z.warc.gz",
            warc_offset=1000 * serial,
            warc_length=900,
            location=location,
            truncated=truncated,
        )
        capture_id = self.store.add_capture(capture, None)
        self.captures[capture_id] = capture
        return capture_id

    def derive(self, capture_id: int, outcome: Article | Refusal, source: Source = SOURCE) -> Change:
        """Works what a capture gave into the archive, for the first time or again."""
        with self.store.transaction():
            return record(
                self.store, capture_id, self.captures[capture_id], Derivation(outcome, None, "test-1"), source
            )

    def take(self, outcome: Article | Refusal, *, at: str = "", day: float | None = None) -> Change:
        """A page captured (at its own address, unless another is given) and derived."""
        return self.derive(self.capture(at or outcome.url, day=day), outcome)

    def answer(self, status: int, url: str = ADDRESS, *, day: float | None = None) -> Change:
        """An answer that is no page."""
        refusal = Refusal(url, RefusalReason.HTTP_STATUS, str(status))
        return self.derive(self.capture(url, status=status, day=day), refusal)

    def redirect(self, url: str, to: str) -> None:
        capture_id = self.capture(url, status=301, location=to)
        with self.store.transaction():
            add_redirect_alias(self.store, url, to, self.captures[capture_id].fetched_at)

    def picture(self, url: str, payload: str, **fields: Any) -> int:
        return self.capture(url, role=Role.MEDIA, payload=payload, **({"media_type": "image/jpeg"} | fields))

    def post(self, date: str, *, url: str = ADDRESS, site_id: int | None = 7) -> None:
        """A listing that gives the day an item was posted."""
        capture_id = self.capture("https://susta.vn/tin-tuc")
        with self.store.transaction():
            evidence = f"Đăng ngày {date}"
            for article_id in self.store.add_postings((Posting(url, SITE, site_id, date, evidence),), capture_id):
                settle_date(self.store, article_id)

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.store.db.execute(sql, parameters).fetchall()

    def values(self, sql: str, *parameters: Any) -> list[Any]:
        """The first column of a query."""
        return [row[0] for row in self.rows(sql, *parameters)]

    def revisions(self, article_id: int = 1) -> list[tuple[int, str, int]]:
        """(number, digest, capture) of the revisions of an article, in order."""
        return self.rows(
            "SELECT number, content_sha256, capture_id FROM revisions WHERE article_id = ? ORDER BY number", article_id
        )


def file_articles(folder: Path, *articles: Article) -> Archive:
    """An archive that holds these articles, opened for reading."""
    store = Store(folder)
    desk = Desk(store)
    for article in articles:
        desk.take(article)
    store.close()
    return Archive.open(folder)


def full_article(**fields: Any) -> Article:
    """An article with something in every field."""
    values: dict[str, Any] = {
        "blocks": (
            Block(BlockKind.HEADING, "I. Mở đầu"),
            Block(BlockKind.PARAGRAPH, "Đoạn đầu, có “ngoặc kép”, dấu phẩy;\u2028và dấu ngắt dòng lạ."),
            Block(BlockKind.PHOTO, photo=0),
            Block(BlockKind.LIST_ITEM, "Mục một"),
            Block(BlockKind.TABLE, rows=(("TT", "Tên"), ("1", "Cây chè"))),
        ),
        "photos": (Photo("https://susta.vn/anh/1.jpg", "Đại biểu dự hội nghị", "Ảnh: Hà Nam"),),
        "attachments": (Attachment("https://susta.vn/tep/1.pdf", "Tải về", "application/pdf"),),
        "byline": "TS. Cao Thị Hạnh",
        "affiliation": "Trường Đại học Tây Bắc",
        "date": "2021-12-07",
        "date_kind": DateKind.DATELINE,
        "date_evidence": "Ngày 07/12/2021",
        "views": 538,
    }
    return make_article(**(values | fields))
