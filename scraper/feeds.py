"""Lists for machines: sitemaps and their indexes (sitemaps.org), RSS and Atom feeds, text sitemaps. Pure.

Bytes in, addresses out. The XML is read as it streams, with lxml: no entity is resolved, nothing is loaded, depth is
bounded by libxml2 (256), and a file that breaks off or is not well-formed gives what stands before the fault. (The
standard library's parser gives up at the first fault, as defusedxml does, and many sites' lists have one.)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from lxml import etree

from scraper.content import decode_content
from scraper.urls import Scope, may_follow, media_address, page_address

MOST_BYTES = 52_428_800  # unpacked; sitemaps.org: 50 MiB
MOST_ENTRIES = 50_000  # sitemaps.org
_CHUNK = 1 << 16
_ROOTS = {"urlset": "sitemap", "sitemapindex": "index", "rss": "feed", "RDF": "feed", "feed": "feed"}
_GROUPS = {"sitemap": "url", "index": "sitemap", "feed": ("item", "entry")}
_GZIP = b"\x1f\x8b"
_SUSPECT = 10  # entries; of fewer it cannot be said whether all claim to be of today


@dataclass(frozen=True, slots=True)
class Entry:
    """An address as the list has it, and until when (POSIX time) it says that it changed, if it does."""

    address: str
    changed: float | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a list says. `kind` is `sitemap`, `index` (its entries are lists themselves), `feed`, `text`, or "" for what
    is no list at all; `cut` where it has more entries or bytes than are read."""

    kind: str = ""
    entries: tuple[Entry, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """The addresses of a list that a crawl may ask for: further lists, pages, and pages with the time they changed."""

    sitemaps: tuple[str, ...]
    pages: tuple[str, ...]
    changed: tuple[tuple[str, float], ...]


def named_in(feed: Feed, url: str, scope: Scope) -> Named:
    """What a list at an address names within the scope, each in the spelling it is known under."""
    sitemaps, pages, changed = dict[str, None](), dict[str, None](), dict[str, float]()
    for entry in feed.entries:
        is_list = feed.kind == "index"
        address = media_address(entry.address, url) if is_list else page_address(entry.address, url, scope)
        if address is None or not scope.allows_page(address) or not (is_list or may_follow(address)):
            continue
        (sitemaps if is_list else pages)[address] = None
        if entry.changed is not None:
            changed[address] = entry.changed
    return Named(tuple(sitemaps), tuple(pages), tuple(changed.items()))


def read_feed(body: bytes, at: datetime) -> Feed:
    """Reads a list, free of content coding; gzip files, also those packed twice, are unpacked. `at` is when it came:
    where most of many entries claim to have changed within the day before, their claims are not believed."""
    cut = False
    for _ in range(2):
        if body.startswith(_GZIP):
            body, cut = _unpacked(body)
    body, cut = body[:MOST_BYTES], cut or len(body) > MOST_BYTES
    start = body[:1024].lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    if not start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return _text(body, cut)
    kind, entries, more = _xml(body)
    return Feed(kind, _believed(entries, at), cut or more) if kind else Feed()


def _unpacked(body: bytes) -> tuple[bytes, bool]:
    """A gzip file's content, all its members, as far as it goes; and whether there was more than is read."""
    decoded = decode_content(body, "gzip", MOST_BYTES, cut=True)
    return decoded.body, decoded.cut


def _text(body: bytes, cut: bool) -> Feed:
    """One address a line (sitemaps.org); nothing else may stand in it."""
    lines = [line.strip() for line in body.decode("utf-8-sig", errors="replace").splitlines()]
    lines = [line for line in lines if line]
    if not lines or not all(re.fullmatch(r"https?://\S+", line) for line in lines[:MOST_ENTRIES]):
        return Feed()
    return Feed("text", tuple(Entry(line) for line in lines[:MOST_ENTRIES]), cut or len(lines) > MOST_ENTRIES)


def _xml(body: bytes) -> tuple[str, list[Entry], bool]:
    """(kind, entries, whether there are more) of an XML list."""
    kind, entries = "", list[Entry]()
    for name, element in _ended(body):
        if not kind:
            root = element.getroottree().getroot()
            kind = _ROOTS.get(_local(root), "")
            if not kind:
                return "", [], False
        if name not in _GROUPS[kind]:
            continue
        entry = _entry(element)
        element.clear()
        if entry is not None:
            if len(entries) >= MOST_ENTRIES:
                return kind, entries, True
            entries.append(entry)
    return kind, entries, False


def _ended(body: bytes) -> Iterator[tuple[str, "etree._Element"]]:
    """Each element once it is whole, by its local name."""
    parser = etree.XMLPullParser(
        events=("end",), resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    for start in range(0, len(body), _CHUNK):
        try:
            parser.feed(body[start : start + _CHUNK])
        except etree.XMLSyntaxError:
            return
        for _, element in parser.read_events():
            if name := _local(element):
                yield name, element


def _local(element: "etree._Element") -> str:
    """An element's local name; "" for a comment or an instruction, and for a name that is no text: the parser lets
    references to surrogates through when it recovers, and fails where they are read."""
    try:
        return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""
    except UnicodeDecodeError:
        return ""


def _said(element: "etree._Element", attribute: str = "", default: str = "") -> str:
    """What an element or its attribute says; "" where it is no text, as of a name."""
    try:
        return ((element.get(attribute, default) if attribute else element.text) or "").strip()
    except UnicodeDecodeError:
        return ""


def _entry(group: "etree._Element") -> Entry | None:
    """The address and day of one `url`, `sitemap`, `item` or `entry`."""
    address, changed = "", None
    for child in group:
        name, text = _local(child), _said(child)
        if name == "loc" or (name == "link" and text):
            address = address or text
        elif name == "link" and _said(child, "rel", "alternate") == "alternate":
            address = address or _said(child, "href")
        elif name == "guid" and _said(child, "isPermaLink", "true") != "false" and text.startswith("http"):
            address = address or text
        elif name in ("lastmod", "updated", "pubDate", "date", "published"):
            moment = _moment(text)
            changed = moment if changed is None else max(changed, moment or changed)
    return Entry(address, changed) if address else None


def _moment(text: str) -> float | None:
    """A W3C date (sitemaps, Atom) or an RFC 5322 one (RSS) as POSIX time; a day alone lasts until its end."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return (datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(days=1)).timestamp()
        found = datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _believed(entries: list[Entry], at: datetime) -> tuple[Entry, ...]:
    """Many sites date every entry with the moment of asking."""
    since = (at - timedelta(days=1)).timestamp()
    recent = sum(1 for entry in entries if entry.changed is not None and entry.changed >= since)
    if len(entries) > _SUSPECT and recent * 2 > len(entries):
        return tuple(Entry(entry.address) for entry in entries)
    return tuple(entries)
