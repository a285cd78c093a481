"""An article before it has any markup, and the record that must come out whatever markup it gets."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from json import dumps
from typing import Any

SITE = "https://susta.vn"


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Item:
    """A list item, without its bullet. `bullet` is what an author types where the markup has no list."""

    text: str
    bullet: str = "-"


@dataclass(frozen=True)
class Poem:
    """Short lines; each is an entry of the body."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """`path` is host-relative, or a whole address for a picture on the vendor's storage host."""

    path: str
    caption: str | None = None

    @property
    def url(self) -> str:
        return self.path if self.path.startswith("https:") else SITE + self.path


@dataclass(frozen=True)
class Row:
    """Pictures side by side, each with its caption below it."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Link:
    """A document offered for download, in a paragraph of its own."""

    href: str
    label: str
    media_type: str | None = None

    @property
    def url(self) -> str:
        return self.href if self.href.startswith("https:") else SITE + self.href


@dataclass(frozen=True)
class Fixed:
    """A piece whose very markup is what a page is to show: written into the body as it is, in any style."""

    html: str
    texts: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    links: tuple[Link, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


Block = Paragraph | Heading | Item | Poem | Table | Picture | Row | Link | Fixed


class Again(StrEnum):
    """How the body opens with the title once more."""

    NONE = "none"
    SAME = "same"
    CAPITALS = "capitals"
    TWO_LINES = "two lines"
    TWO_PARAGRAPHS = "two paragraphs"
    FULL_STOP = "full stop"
    TWICE = "twice"
    SHORTENED = "shortened"
    GLUED = "glued to the kicker"
    AFTER_KICKER = "after the kicker"
    AFTER_ORGANISATION = "after an organisation's line"


class Where(StrEnum):
    TOP = "top"
    END = "end"


@dataclass(frozen=True)
class Byline:
    """`lead` is a label such as `Bài và ảnh:`; the affiliation stands on the line below the name."""

    name: str
    role: str = "author"
    where: Where = Where.END
    lead: str = ""
    affiliation: str | None = None

    @property
    def line(self) -> str:
        return f"{self.lead} {self.name}" if self.lead else self.name


@dataclass(frozen=True)
class Day:
    iso: str
    kind: str


@dataclass(frozen=True)
class Written:
    """An article as its author meant it. `shortened` is the title as the body says it, for Again.SHORTENED."""

    site_id: int
    category: str
    title: str
    blocks: tuple[Block, ...]
    views: int = 538
    again: Again = Again.NONE
    kicker: str | None = None
    organisation: str = "LIÊN HIỆP CÁC HỘI KH & KT SƠN LA"
    shortened: str = ""
    byline: Byline | None = None
    day: Day | None = None
    cut: int = 0
    """The word at which a title in two lines breaks; 0 for the middle."""

    @property
    def url(self) -> str:
        return f"{SITE}/{self.category}/{slug(self.title)}-{self.site_id}"

    @property
    def pictures(self) -> tuple[Picture, ...]:
        found: list[Picture] = []
        for block in self.blocks:
            if isinstance(block, Picture):
                found.append(block)
            elif isinstance(block, Row | Fixed):
                found.extend(block.pictures)
        return tuple(found)

    @property
    def links(self) -> tuple[Link, ...]:
        found: list[Link] = []
        for block in self.blocks:
            found.extend(block.links if isinstance(block, Fixed) else [block] if isinstance(block, Link) else [])
        return tuple(found)

    @property
    def tables(self) -> list[list[list[str]]]:
        rows = [block.rows for block in self.blocks if isinstance(block, Table | Fixed) and block.rows]
        return [[[tidy(cell) for cell in row] for row in table] for table in rows]

    @property
    def body(self) -> list[str]:
        texts: list[str] = []
        for block in self.blocks:
            if isinstance(block, Poem):
                texts.extend(block.lines)
            elif isinstance(block, Fixed):
                texts.extend(block.texts)
            elif isinstance(block, Paragraph | Heading | Item):
                texts.append(block.text)
        return [tidy(text) for text in texts]


def slug(title: str) -> str:
    """The site's slug rule, as its known addresses show it."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", title) if not unicodedata.combining(letter))
    bare = bare.replace("đ", "d").replace("Đ", "D")
    return re.sub(r"[^a-zA-Z0-9_]+", "-", bare).rstrip("-").lower()[:96]


def tidy(text: str) -> str:
    """A text as records hold it: one spelling of each letter, one sort of space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def record(article: Written) -> dict[str, Any]:
    """The fields of the exported record that a page decides, by hand from the article: no extractor has a say in it."""
    byline, day = article.byline, article.day
    return {
        "url": article.url,
        "site_id": article.site_id,
        "category": article.category,
        "title": tidy(article.title),
        "byline": byline and tidy(byline.name),
        "byline_role": byline and byline.role,
        "affiliation": byline and byline.affiliation and tidy(byline.affiliation),
        "date": day and day.iso,
        "date_kind": day and day.kind,
        "body": article.body,
        "photos": [{"url": one.url, "caption": one.caption and tidy(one.caption)} for one in article.pictures],
        "attachments": [{"url": one.url, "label": one.label, "media_type": one.media_type} for one in article.links],
        "tables": [{"rows": rows} for rows in article.tables],
        "views": article.views,
    }


def digest(wanted: dict[str, Any]) -> str:
    """`content_sha256` as docs/record.md defines it, computed apart from the code under test."""
    said = {
        "attachments": [one["label"] for one in wanted["attachments"]],
        "body": wanted["body"],
        "byline": wanted["byline"],
        "captions": [one["caption"] for one in wanted["photos"] if one["caption"]],
        "tables": [one["rows"] for one in wanted["tables"]],
        "title": wanted["title"],
    }
    return sha256(dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
