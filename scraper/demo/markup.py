"""What every markup has in common: the order of things on a page, not one tag of how they look.

A markup is a subclass that fills in the hooks. `article` and `page` below fix only what the site's own pages fix:
what stands before what.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import ClassVar, Literal

from scraper.demo.article import (
    Article,
    Bullets,
    BylineLines,
    DataTable,
    Download,
    Heading,
    OpeningLine,
    Paragraph,
    Photo,
    Piece,
    TitleAgain,
)

NBSP_RUN = "&nbsp;" * 34
Kind = Literal["text", "centre", "title", "kicker", "heading", "top_byline", "end_byline"]
Link = tuple[str, str]
"""Address and words."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the article on every page."""

    banners: tuple[str, ...]
    adverts: tuple[Link, ...]
    newest: tuple[Link, ...]
    videos: tuple[Link, ...]
    counters: tuple[str, ...]
    footer_banner: str
    owner: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a listing."""

    href: str
    title: str
    day: str
    summary: str
    thumbnail: str


@dataclass(frozen=True, slots=True)
class Listing:
    heading: str
    path: str
    rows: tuple[Row, ...]
    page: int
    pages: int


class Markup(ABC):
    name: ClassVar[str]
    br: ClassVar[str] = "<br>"

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")

    # ---- the article ----
    @abstractmethod
    def article(self, item: Article, views: int) -> str:
        """Title, view counter, body."""

    def body(self, item: Article) -> str:
        return "\n".join(self.piece(piece) for piece in item.pieces)

    def piece(self, piece: Piece) -> str:
        match piece:
            case TitleAgain(paragraphs=paragraphs):
                return "\n".join(
                    self.block(self.br.join(self.text(line) for line in lines), "title") for lines in paragraphs
                )
            case OpeningLine(text=text):
                return self.block(self.text(text), "kicker")
            case BylineLines():
                return self.byline(piece)
            case Paragraph():
                return self.block(self.linked(piece), "text")
            case Heading(text=text):
                return self.block(self.text(text), "heading")
            case Bullets(items=items, typed=typed):
                return self.typed_items(items) if typed else self.items([self.text(item) for item in items])
            case Photo():
                return self.photo(piece)
            case DataTable(rows=rows):
                return self.table(rows)
            case Download():
                return self.download(piece)

    def text(self, words: str) -> str:
        return escape(words, quote=False)

    def linked(self, paragraph: Paragraph) -> str:
        if not paragraph.linked_words:
            return self.text(paragraph.text)
        before, after = paragraph.text.split(paragraph.linked_words, 1)
        link = f'<a href="{escape(paragraph.href)}">{self.text(paragraph.linked_words)}</a>'
        return self.text(before) + link + self.text(after)

    def byline(self, byline: BylineLines) -> str:
        indent = NBSP_RUN if byline.indented else ""
        return "\n".join(
            self.block(indent + self.text(line), "end_byline" if byline.at_end else "top_byline")
            for line in byline.lines
        )

    def typed_items(self, items: Sequence[str]) -> str:
        return "\n".join(self.block("- " + self.text(item), "text") for item in items)

    def photo(self, photo: Photo) -> str:
        image = self.image(photo)
        if photo.caption is None:
            return self.block(image, "centre")
        words = self.text(photo.caption)
        match photo.arrangement:
            case "below":
                return self.block(image, "text") + "\n" + self.block(words, "text")
            case "same":
                return self.block(image + self.br + words, "centre")
            case "above":
                return self.block(words, "centre") + "\n" + self.block(image, "centre")
            case "figure":
                return self.figure(image, words)
            case "table":
                return self.box(image, words)
            case "nbsp":
                return self.block(image, "text") + "\n" + self.block(NBSP_RUN + words, "text")
            case "italic":
                return self.block(image, "centre") + "\n" + self.block(f"<i>{words}</i>", "centre")
            case "outside":
                return image + "\n" + self.block(words, "centre")

    @abstractmethod
    def block(self, html: str, kind: Kind) -> str: ...

    @abstractmethod
    def image(self, photo: Photo) -> str: ...

    @abstractmethod
    def figure(self, image: str, caption: str) -> str: ...

    @abstractmethod
    def box(self, image: str, caption: str) -> str: ...

    @abstractmethod
    def items(self, items: Sequence[str]) -> str: ...

    @abstractmethod
    def table(self, rows: Sequence[Sequence[str]]) -> str: ...

    def download(self, download: Download) -> str:
        return self.block(f'<a href="{download.path}">{self.text(download.label)}</a>', "text")

    # ---- other pages ----
    @abstractmethod
    def entry(self, row: Row) -> str: ...

    @abstractmethod
    def panel(self, heading: str, html: str) -> str:
        """A titled part of a page that is no article."""

    def listing(self, listing: Listing) -> str:
        return self.panel(
            listing.heading, "\n".join(self.entry(row) for row in listing.rows) + "\n" + self.pager(listing)
        )

    def pager(self, listing: Listing) -> str:
        if listing.pages < 2:
            return ""
        links = [(f"{listing.path}?page={number}", str(number)) for number in range(1, listing.pages + 1)]
        return self.numbers(links, listing.page)

    def numbers(self, links: Sequence[Link], current: int) -> str:
        return " ".join(
            f"<b>{words}</b>" if words == str(current) else f'<a href="{href}">{words}</a>' for href, words in links
        )

    # ---- the frame ----
    @abstractmethod
    def page(self, title: str, inner: str, frame: Frame, path: str) -> str:
        """The whole document. `path` is the page's own canonical path."""

    @abstractmethod
    def section(self, heading: str, html: str) -> str: ...

    @abstractmethod
    def links(self, links: Iterable[Link]) -> str: ...

    @abstractmethod
    def lines(self, lines: Iterable[str]) -> str: ...

    @abstractmethod
    def poll(self) -> str: ...

    def sections(self, frame: Frame) -> str:
        """Everything below the article, in the site's order, except the owner's lines."""
        return "\n".join(
            (
                self.section("Thông tin doanh nghiệp", self.links(frame.newest)),
                self.section("Tiêu điểm", ""),
                self.section("Xem &amp; Nghe", self.links(frame.videos) + "<span>1</span>&nbsp;"),
                self.section("Bình chọn", self.poll()),
                self.section("Thống kê truy cập", self.lines(frame.counters)),
                self.section("Đăng nhập", self.login()),
            )
        )

    def login(self) -> str:
        return (
            '<form method="post" action="/dang-nhap"><input name="ten"><input name="khoa" type="password"></form>&nbsp;'
        )


def choices(question: str, *, close: bool) -> str:
    """The poll's list; left open, it takes what follows into itself."""
    end = "</li></ul>" if close else ""
    return f'{question}<ul><li><a href="/binh-chon">Bình chọn</a> <a href="/binh-chon?ket-qua=1">Xem kết quả</a>{end}'


QUESTION = "Làm thế nào bạn tìm thấy trang web này?"
