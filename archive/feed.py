"""An Atom feed (RFC 4287) of new and changed articles, so that others can follow an archive.

    entry id     the article's own canonical address: the same in every archive, whatever serves the feed
    feed id      a UUID of the site, of when the archive began and of the category asked for (RFC 4122 4.3): it stays
                 through rebuilds
    updated      when the newest revision was first captured; published: the day that the record has, at its beginning
                 in Viet Nam, and the words it rests on in the text. Without a day it is left out, and the text says so
    author       the byline's people; for others, whom the site names as the source
    rights       the source's condition, in each entry; the credit ends each text
    withdrawn    articles are told by `at:deleted-entry` (RFC 6721), so that followers take them out too

The text of an article is made of its record, each word of it escaped: no markup of a page reaches a reader, and no
picture is loaded, since a reader would ask the site for it. What XML 1.0 does not allow (2.2) is dropped.
"""

import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any
from urllib.parse import quote

from archive import __version__
from archive.entries import Entry
from archive.people import people_of
from archive.query import Archive
from archive.withdrawal import Tombstone

MEDIA_TYPE = "application/atom+xml"
NEWEST = 50  # entries, where nothing else is asked for
MOST = 1000
_ATOM = "http://www.w3.org/2005/Atom"
_DELETED = "http://purl.org/atompub/tombstones/1.0"
_MIDNIGHT = "T00:00:00+07:00"  # Viet Nam has one time zone and no summer time
_NEVER = "1970-01-01T00:00:00Z"  # of a feed without entries: it must name a time
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)
_KINDS = {"dateline": "ngày ghi trong bài", "posted": "ngày đăng trên danh mục", "document": "ngày của văn bản"}


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is made from. `updated` is the time of its newest entry."""

    id: str
    site: str
    sources: list[dict[str, Any]]
    category: str | None
    updated: str
    entries: list[Entry] = field(default_factory=list)
    withdrawn: list[Tombstone] = field(default_factory=list)


def newest(archive: Archive, *, limit: int = NEWEST, category: str | None = None) -> Feed:
    """The articles that came or changed last, `limit` of them, latest change first; of one category, if it is named.

    Articles are told in the order in which the archive learned of them: one captured by others long ago is news on the
    day that it is imported.
    """
    with archive.one_moment():
        began, ids = archive.latest(max(0, min(limit, MOST)), category)
        entries = archive.entries_of(ids)
        stones = archive.tombstones() if category is None else []
        sources = archive.sources()
    stones = sorted(stones, key=lambda stone: stone.withdrawn_at, reverse=True)[:limit]
    site = entries[0].record.site if entries else (sources[-1]["site"] if sources else "")
    times = [entry.record.captured_at or entry.first_seen for entry in entries[:1]]
    times += [stone.withdrawn_at for stone in stones[:1]]
    named = "\n".join((site, began or "", category or ""))
    feed_id = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, named)}"
    return Feed(feed_id, site, sources, category, max(times, default=_NEVER), entries, stones)


def atom(feed: Feed, *, address: str | None = None, base: str | None = None) -> bytes:
    """A feed as an Atom document in UTF-8. `address` is where it can be fetched (`rel="self"`); `base` is where
    `susta serve` shows the archive, to whose reading pages the entries then lead too, beside the original."""
    return ("\n".join(_lines(feed, address, base)) + "\n").encode()


def digest(document: bytes) -> str:
    """What tells one document from another (RFC 9110 8.8.3), without its quotes."""
    return hashlib.sha256(document).hexdigest()[:32]


def _lines(feed: Feed, address: str | None, base: str | None) -> Iterator[str]:
    source = feed.sources[-1] if feed.sources else {}
    name = source.get("name") or feed.site or "susta-archive"
    notices = "\n".join(dict.fromkeys(each["notice"] for each in feed.sources))
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<feed xmlns="{_ATOM}" xmlns:at="{_DELETED}" xml:lang="vi">'
    yield _element("id", feed.id)
    yield _element("title", f"{name}: bài mới và bài sửa" + (f" ({feed.category})" if feed.category else ""))
    yield _element("subtitle", "Theo bản lưu trữ của susta-archive. Articles that are new or changed in an archive.")
    yield _element("updated", feed.updated)
    yield f"<author>{_element('name', source.get('organisation') or name)}</author>"
    if notices:
        yield _element("rights", notices)
    yield _element("generator", "susta-archive", version=__version__)
    if address:
        yield _link("self", address, MEDIA_TYPE)
    if base:
        yield _link("alternate", f"{base.rstrip('/')}/", "text/html")
    elif feed.entries:
        yield _link("alternate", _iri(feed.entries[0].record.source.url), "text/html")
    for entry in feed.entries:
        yield from _entry(entry, base)
    for stone in feed.withdrawn:
        yield f"<at:deleted-entry{_attributes(ref=_iri(stone.url), when=stone.withdrawn_at)}/>"
    yield "</feed>"


def _entry(entry: Entry, base: str | None) -> Iterator[str]:
    record = entry.record
    authors, photographer, _ = people_of(record)
    yield "<entry>"
    yield _element("id", _iri(record.url))
    yield _element("title", record.title)
    yield _element("updated", record.captured_at or entry.first_seen)
    if published := _instant(record.date):
        yield _element("published", published)
    for author in authors or [record.source.organisation or record.source.name]:
        yield f"<author>{_element('name', author)}</author>"
    if photographer:
        yield f"<contributor>{_element('name', photographer)}</contributor>"
    if record.category and _text(record.category).strip():
        yield f"<category{_attributes(term=record.category)}/>"
    if _leads(record.url):
        yield _link("alternate", _iri(record.url), "text/html")
    if base:
        yield _link("related", f"{base.rstrip('/')}/doc/{entry.id}", "text/html", title="Bản lưu trữ")
    for attachment in record.attachments:
        if _leads(attachment["url"]):
            told = attachment["media_type"] or ""
            media_type = told if _MEDIA_TYPE.fullmatch(told) else "application/octet-stream"
            yield _link("enclosure", _iri(attachment["url"]), media_type, title=attachment["label"] or "")
    yield _element("rights", f"{record.source.credit}. {record.source.notice}")
    yield _element("content", _html(entry), type="html")
    yield "</entry>"


def _html(entry: Entry) -> str:
    """An article as HTML: of nothing but its record's words, each escaped."""
    record = entry.record
    parts = [f"<p><small>{escape('. '.join(_told(entry)))}.</small></p>"]
    for block in entry.blocks:
        if "rows" in block:
            rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in block["rows"])
            parts.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
        elif block.get("photo") is not None and block["photo"] < len(record.photos):
            parts.append(_photo(block["photo"] + 1, record.photos[block["photo"]]))
        elif "text" in block:
            if block["kind"] == "list_item":
                parts.append(f"<ul><li>{escape(block['text'])}</li></ul>")
            else:
                tag = "h2" if block["kind"] == "heading" else "p"
                parts.append(f"<{tag}>{escape(block['text'])}</{tag}>")
    parts.append(f"<p><strong>{escape(record.source.credit)}</strong><br>{escape(record.source.notice)}</p>")
    return "".join(parts).replace("</ul><ul>", "")


def _told(entry: Entry) -> Iterator[str]:
    """What stands before the text: whose it is, its day and what that rests on, which revision it is."""
    record = entry.record
    if record.byline:
        yield f"{record.byline}, {record.affiliation}" if record.affiliation else record.byline
    if record.date:
        kind = _KINDS.get(record.date_kind or "", "")
        evidence = f": “{record.date_evidence}”" if record.date_evidence else ""
        yield f"Ngày {'/'.join(reversed(record.date.split('-')))}" + (f" ({kind}{evidence})" if kind else "")
    else:
        yield "Không rõ ngày"
    if entry.revision > 1:
        yield f"Bản sửa đổi thứ {entry.revision}"
    if entry.gone_since:
        yield f"Không còn trên trang gốc từ {entry.gone_since[:10]}"


def _photo(number: int, photo: dict[str, Any]) -> str:
    said = f"Ảnh {number}"
    if _leads(photo["url"]):
        said = f'<a href="{escape(_iri(photo["url"]))}">{said}</a>'
    words = [text for text in (photo["caption"], photo["credit"]) if text]
    if len(words) == 2 and words[1] in words[0]:
        words.pop()
    return f"<p>[{said}] <em>{escape(' – '.join(words))}</em></p>"


def _instant(day: str | None) -> str | None:
    """The beginning of a day (RFC 3339); None where it is none."""
    try:
        return f"{date.fromisoformat(day).isoformat()}{_MIDNIGHT}" if day else None
    except ValueError:
        return None


def _leads(url: str) -> bool:
    """Whether a link may lead there."""
    return url.startswith(("http://", "https://"))


def _iri(url: str) -> str:
    """An address as Atom takes it (RFC 3987): without blanks, controls and other signs that none may have."""
    kept = "".join(letter for letter in _NOT_XML.sub("", url) if letter.isprintable())
    return re.sub(r'[\s<>"{}|\\^`]', lambda found: quote(found[0]), kept)


def _text(value: str) -> str:
    return escape(_NOT_XML.sub("", value))


def _attributes(**values: str) -> str:
    # White space within an attribute would be read as blanks (XML 1.0 3.3.3); it is written as such.
    return "".join(f' {name}="{_text(" ".join(value.split()))}"' for name, value in values.items())


def _element(name: str, text: str, **attributes: str) -> str:
    return f"<{name}{_attributes(**attributes)}>{_text(text)}</{name}>"


def _link(rel: str, href: str, media_type: str, title: str = "") -> str:
    titled = {"title": title} if title else {}
    return f"<link{_attributes(rel=rel, href=href, type=media_type, **titled)}/>"
