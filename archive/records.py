"""What an article is: the frozen values that cross every door of the project.

`Article` is what extraction gives, `Refusal` what it gives instead, `Capture` names one stored response. They hold no
database ids of each other and know nothing of HTML, so both halves of the project can share them.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    TABLE = "table"
    PHOTO = "photo"


class BylineRole(StrEnum):
    AUTHOR = "author"
    TEXT_AND_PHOTO = "text_and_photo"
    PHOTO = "photo"
    SYNDICATED = "syndicated"


class DateKind(StrEnum):
    DATELINE = "dateline"
    POSTED = "posted"
    DOCUMENT = "document"


class RefusalReason(StrEnum):
    """Why a captured page gave no article. The texts are in REFUSAL_MEANINGS; both are documented for users."""

    HTTP_STATUS = "http-status"
    EMPTY = "empty"
    NOT_HTML = "not-html"
    BINARY = "binary"
    TRUNCATED = "truncated"
    UNDECODABLE = "undecodable"
    EXTRACTOR_ERROR = "extractor-error"
    HOME = "home"
    LISTING = "listing"
    NOT_FOUND = "not-found"
    NO_TITLE = "no-title"
    NO_BODY = "no-body"
    NO_ARTICLE_MARKS = "no-article-marks"
    SEARCH = "search"
    FORM = "form"
    EMPTY_SHELL = "empty-shell"
    TOO_COMPLEX = "too-complex"
    CHALLENGE = "challenge"
    NOARCHIVE = "noarchive"
    WITHDRAWN = "withdrawn"


REFUSAL_MEANINGS: dict[RefusalReason, str] = {
    RefusalReason.HTTP_STATUS: "the server answered with a status other than 200",
    RefusalReason.EMPTY: "the answer had no bytes",
    RefusalReason.NOT_HTML: "the content type, or the content itself, is not HTML",
    RefusalReason.BINARY: "declared as HTML, but the bytes are those of a picture, document or archive file",
    RefusalReason.TRUNCATED: "the body was cut by the size limit, so the text would not be whole",
    RefusalReason.UNDECODABLE: "the content coding (such as br or a broken gzip stream) could not be undone",
    RefusalReason.EXTRACTOR_ERROR: "a fault of this program; the capture is kept, and a later version can read it",
    RefusalReason.HOME: "the home page of the site",
    RefusalReason.LISTING: "a list of links to articles",
    RefusalReason.NOT_FOUND: "the page says, with status 200, that there is no such page",
    RefusalReason.NO_TITLE: "no title could be told apart from the rest of the page",
    RefusalReason.NO_BODY: "no paragraph, photo or attachment stands where the article should",
    RefusalReason.NO_ARTICLE_MARKS: "neither a view counter nor an article number: not the form of an article",
    RefusalReason.SEARCH: "the results of a search",
    RefusalReason.FORM: "a page that asks its visitor for something: to log in, to vote, to agree, to write",
    RefusalReason.EMPTY_SHELL: "hardly anything to read on the page; a script may be meant to fetch its text",
    RefusalReason.TOO_COMPLEX: "more markup than any page for people has; the capture is kept",
    RefusalReason.CHALLENGE: "the server wants a script run, a cookie kept or a riddle solved before it shows the page",
    RefusalReason.NOARCHIVE: "the page, or its X-Robots-Tag header, asks not to be archived; the capture is kept",
    RefusalReason.WITHDRAWN: "the article was withdrawn from the archive (`susta withdraw`); its reason stands there",
}


class Doubt(StrEnum):
    """What makes a record worth a person's look. Weights and texts are in DOUBTS."""

    TITLE_UNSURE = "title-unsure"
    NO_COUNTER = "no-counter"
    END_UNSURE = "end-unsure"
    BODY_SECOND = "body-from-second-opinion"
    SECOND_DIFFERS = "second-opinion-differs"
    FRAME_IN_BODY = "frame-in-body"
    RECURS = "line-recurs"
    NAME_IN_BODY = "name-in-body"
    LINKS_IN_BODY = "links-in-body"
    THIN_BODY = "thin-body"
    BYLINE_UNSURE = "byline-unsure"
    DATE_UNSURE = "date-unsure"
    CAPTION_UNSURE = "caption-unsure"
    LETTERS_LOST = "letters-lost"
    LETTERS_GARBLED = "letters-garbled"
    NUMBER_SHARED = "number-shared"


# How much each weighs (0 to 1: how likely a person would correct the record), and what it means.
DOUBTS: dict[Doubt, tuple[float, str]] = {
    Doubt.TITLE_UNSURE: (0.5, "neither the address nor the page's head confirms the title"),
    Doubt.NO_COUNTER: (0.15, "no view counter below the title, as every known article has"),
    Doubt.END_UNSURE: (0.25, "nothing known of the site marks where the article begins or ends"),
    Doubt.BODY_SECOND: (0.7, "no body was found by the rules; trafilatura's text stands in"),
    Doubt.SECOND_DIFFERS: (0.5, "trafilatura reads a very different text on this page"),
    Doubt.FRAME_IN_BODY: (0.7, "a line of the body is worded like a part of the site's frame"),
    Doubt.RECURS: (0.3, "a line of the body stands in most records; where it stands speaks for text, not frame"),
    Doubt.NAME_IN_BODY: (0.4, "no byline was found, and one of the body's last lines is a name"),
    Doubt.LINKS_IN_BODY: (0.4, "several lines of the body are nothing but links to articles"),
    Doubt.THIN_BODY: (0.1, "hardly any text, and neither photo, table nor attachment"),
    Doubt.BYLINE_UNSURE: (0.3, "the byline rests on its place alone"),
    Doubt.DATE_UNSURE: (0.2, "the date rests on weak evidence"),
    Doubt.CAPTION_UNSURE: (0.15, "a caption rests on its place beside the picture alone"),
    Doubt.LETTERS_LOST: (0.6, "bytes that no letter stands for in the page's charset"),
    Doubt.LETTERS_GARBLED: (0.8, "text that looks encoded twice (á»‡ for ệ)"),
    Doubt.NUMBER_SHARED: (0.5, "another article on record has the number that ends its address, and says otherwise"),
}


def doubt_of(doubts: "tuple[Doubt, ...]") -> float:
    """How doubtful a record is, 0 to 1: the weights taken together as if independent."""
    sure = 1.0
    for doubt in doubts:
        sure *= 1 - DOUBTS[doubt][0]
    return round(1 - sure, 4)


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of the article. `credit` is the photographer or origin its caption names, if any."""

    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document the article offers for download. `media_type` is a guess from the address until it is captured."""

    url: str
    label: str
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the article in reading order.

    `text` is empty for tables and photos; `rows` is filled for tables only; `photo` is the photo's index in
    `Article.photos`, for photos only.
    """

    kind: BlockKind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    photo: int | None = None


@dataclass(frozen=True, slots=True)
class FieldReason:
    """Which rule gave a field, and how sure it is (0 to 1)."""

    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, without everything that is not the article. See shared record shape in docs/record.md."""

    url: str
    site: str
    site_id: int | None
    category: str | None
    title: str
    blocks: tuple[Block, ...]
    photos: tuple[Photo, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    kicker: str | None = None
    byline: str | None = None
    byline_role: BylineRole | None = None
    affiliation: str | None = None
    date: str | None = None
    date_kind: DateKind | None = None
    date_evidence: str | None = None
    views: int | None = None
    notice: str | None = None
    extractor: str = ""
    reasons: dict[str, FieldReason] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    _said: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)  # what was asked before

    @property
    def body(self) -> tuple[str, ...]:
        """The article's paragraphs, headings and list items, in order."""
        spoken = (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST_ITEM)
        return tuple(block.text for block in self.blocks if block.kind in spoken)

    @property
    def tables(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        return tuple(block.rows for block in self.blocks if block.kind is BlockKind.TABLE)

    @property
    def content_sha256(self) -> str:
        """Digest of what the article says; see `content_digest`."""
        return self.once("digest", self._digest)

    def to_json(self) -> str:
        """The whole record as JSON text, read back by `article_from_json`."""
        return self.once("json", lambda: json.dumps(_as_dict(self), ensure_ascii=False, separators=(",", ":")))

    def once(self, name: str, make: Callable[[], str]) -> str:
        """What `make` makes of this article under a name, made when it is first asked for."""
        if name not in self._said:
            self._said[name] = make()
        return self._said[name]

    @property
    def said(self) -> Mapping[str, str]:
        """What was made of it once, by name."""
        return MappingProxyType(self._said)

    def _digest(self) -> str:
        return content_digest(
            title=self.title,
            body=self.body,
            tables=self.tables,
            captions=tuple(photo.caption for photo in self.photos if photo.caption),
            byline=self.byline,
            labels=tuple(attachment.label for attachment in self.attachments),
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """A page that is no article, and why."""

    url: str
    reason: RefusalReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """What a listing page says of one of its items: the day it was posted. Evidence for an article without a date."""

    url: str
    site: str
    site_id: int | None
    date: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Source:
    """Whom to credit, and the condition in the site's own words."""

    site: str
    name: str
    organisation: str
    notice: str

    @property
    def credit(self) -> str:
        """The line to print beside anything taken from the source."""
        return f"Nguồn: {self.name}"


class Role(StrEnum):
    """Why a response was asked for. Kept in the WARC record, so that a rebuild treats it alike."""

    PAGE = "page"
    MEDIA = "media"
    ROBOTS = "robots"
    SITEMAP = "sitemap"  # a list for machines: sitemap, sitemap index, RSS or Atom feed
    PROBE = "probe"  # an address that cannot exist, asked for to learn what the site says then


@dataclass(frozen=True, slots=True)
class Capture:
    """One stored response and its place in the WARC files. `fetched_at` is UTC, ISO 8601 with `Z`."""

    url: str
    fetched_at: str
    status: int
    role: Role
    media_type: str
    payload_sha256: str
    payload_length: int
    warc_file: str
    warc_offset: int
    warc_length: int
    location: str | None = None
    truncated: bool = False
    etag: str | None = None
    last_modified: str | None = None


def _as_dict(record: Any) -> dict[str, Any]:
    """As `dataclasses.asdict`, which copies every value: a good part of the time that writing a record takes."""
    return {name: _plain(getattr(record, name)) for name in record.__slots__ if name != "_said"}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return _as_dict(value) if hasattr(value, "__slots__") and not isinstance(value, StrEnum) else value


def content_digest(
    *,
    title: str,
    body: tuple[str, ...],
    tables: tuple[tuple[tuple[str, ...], ...], ...],
    captions: tuple[str, ...],
    byline: str | None,
    labels: tuple[str, ...],
) -> str:
    """SHA-256 (hex) of the canonical JSON of what an article says.

    Canonical: UTF-8, keys sorted, no white space, no escapes beyond JSON's own; exactly the six keys below. Nothing of
    counters, adverts, block kinds, markup or media addresses, so one article in two markups has one digest.
    """
    said = {
        "attachments": labels,
        "body": body,
        "byline": byline,
        "captions": captions,
        "tables": tables,
        "title": title,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


_KINDS = {str(kind): kind for kind in BlockKind}


def article_from_json(text: str, said: Mapping[str, str] | None = None) -> Article:
    """The record `Article.to_json` wrote; other text raises whatever is first amiss. `said` is what was made of the
    article once (`Article.once`), its digest for one, where the text was written by this very version."""
    data: dict[str, Any] = json.loads(text)
    data["blocks"] = tuple(
        [
            Block(_KINDS[block["kind"]], block["text"], tuple(map(tuple, block["rows"])), block["photo"])
            for block in data["blocks"]
        ]
    )
    data["photos"] = tuple(Photo(**photo) for photo in data["photos"])
    data["attachments"] = tuple(Attachment(**attachment) for attachment in data["attachments"])
    data["reasons"] = {name: FieldReason(**reason) for name, reason in data["reasons"].items()}
    data["doubts"] = tuple(map(Doubt, data.get("doubts", ())))
    data["byline_role"] = BylineRole(data["byline_role"]) if data["byline_role"] else None
    data["date_kind"] = DateKind(data["date_kind"]) if data["date_kind"] else None
    article = Article(**data)
    if said is not None:  # fresh from another process, so the text is what would be written
        article._said.update(said, json=text)
    return article
