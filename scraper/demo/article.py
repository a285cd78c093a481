"""What a demo article is made of, and the record that must come out of it.

An `Article` is a sequence of pieces in page order; markups turn pieces into HTML, `truth` turns the same pieces into
the expected record. Both read one source, so a page and its truth cannot drift apart.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Arrangement = Literal["below", "same", "above", "figure", "table", "nbsp", "italic", "outside"]
ARRANGEMENTS: tuple[Arrangement, ...] = ("below", "same", "above", "figure", "table", "nbsp", "italic", "outside")
Role = Literal["author", "text_and_photo", "photo", "syndicated"]


@dataclass(frozen=True, slots=True)
class TitleAgain:
    """The title repeated at the top of the body: paragraphs, each of one or more lines."""

    paragraphs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """A kicker, or an organisation's name in capitals, above the text; it may be counted in the body or not."""

    text: str


@dataclass(frozen=True, slots=True)
class BylineLines:
    lines: tuple[str, ...]
    at_end: bool
    indented: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    linked_words: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]
    typed: bool
    """Typed as `- ` at the start of a line; else a real list."""


@dataclass(frozen=True, slots=True)
class Photo:
    path: str
    caption: str | None
    arrangement: Arrangement
    alt: str


@dataclass(frozen=True, slots=True)
class DataTable:
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Download:
    path: str
    label: str


Piece = TitleAgain | OpeningLine | BylineLines | Paragraph | Heading | Bullets | Photo | DataTable | Download


@dataclass(frozen=True, slots=True)
class Byline:
    name: str | None = None
    role: Role | None = None
    affiliation: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    number: int
    site_id: int
    categories: tuple[str, ...]
    title: str
    byline: Byline
    dateline: str | None
    dates_also_right: tuple[str, ...]
    posted: str | None
    """The day a listing shows, ISO; None where the listing shows none."""
    pieces: tuple[Piece, ...]
    title_form: str
    byline_form: str
    optional_lines: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(f"/{category}/{slug(self.title)}-{self.site_id}" for category in self.categories)

    @property
    def photos(self) -> tuple[Photo, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Photo))

    @property
    def downloads(self) -> tuple[Download, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Download))

    @property
    def summary(self) -> str:
        for piece in self.pieces:
            if isinstance(piece, Paragraph):
                return piece.text if len(piece.text) <= 180 else piece.text[:180].rsplit(" ", 1)[0] + "…"
        return ""


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """The record that a correct reader makes of one article. Dates are ISO; photos are (path, caption), attachments
    (path, label)."""

    path: str
    also_at: tuple[str, ...]
    site_id: int
    category: str
    title: str
    byline: str | None
    byline_role: str | None
    affiliation: str | None
    date: str | None
    date_kind: str | None
    dates_also_right: tuple[str, ...]
    body: tuple[str, ...]
    photos: tuple[tuple[str, str | None], ...]
    attachments: tuple[tuple[str, str], ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]
    optional_lines: tuple[str, ...]


def slug(title: str) -> str:
    """The site's rule: marks dropped, runs of anything else to one hyphen, lower case, cut at 96 characters."""
    plain = (
        "".join(c for c in unicodedata.normalize("NFD", title) if not unicodedata.combining(c))
        .replace("đ", "d")
        .replace("Đ", "D")
    )
    return re.sub(r"[^a-zA-Z0-9_]+", "-", plain).rstrip("-").lower()[:96]


def truth(article: Article, former_paths: tuple[str, ...] = ()) -> ExpectedArticle:
    body: list[str] = []
    tables: list[tuple[tuple[str, ...], ...]] = []
    for piece in article.pieces:
        match piece:
            case Paragraph(text=text) | Heading(text=text):
                body.append(text)
            case Bullets(items=items):
                body.extend(items)
            case DataTable(rows=rows):
                tables.append(rows)
            case _:
                pass
    day = article.dateline or article.posted
    kind = "dateline" if article.dateline else "posted" if article.posted else None
    return ExpectedArticle(
        path=article.paths[0],
        also_at=article.paths[1:] + former_paths,
        site_id=article.site_id,
        category=article.categories[0],
        title=article.title,
        byline=article.byline.name,
        byline_role=article.byline.role,
        affiliation=article.byline.affiliation,
        date=day,
        date_kind=kind,
        dates_also_right=article.dates_also_right,
        body=tuple(body),
        photos=tuple((photo.path, photo.caption) for photo in article.photos),
        attachments=tuple((download.path, download.label) for download in article.downloads),
        tables=tuple(tables),
        optional_lines=article.optional_lines + tuple(download.label for download in article.downloads),
    )
