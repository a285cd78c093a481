"""What a record that others captured is to this archive: an exchange as a crawl makes them, or a reason to pass it
over. Pure: fields and bytes in, a value out."""

import ipaddress
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from archive.foreign import Fields
from archive.records import Role
from archive.warc import Exchange, as_meant, media_type, parse_headers
from scraper.urls import Scope, is_media_file, media_address, page_address, parts_of

MOST_HEAD = 1 << 18  # bytes of HTTP headers
_STATUS = re.compile(rb"HTTP/[0-9.]{1,3} ([1-9][0-9]{2})(?![0-9])")
_REQUEST = re.compile(rb"([A-Z]{3,20}) \S{1,8000} HTTP/[0-9.]{1,3}\r?\n?")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
_RECORD_ID = re.compile(r"<?[!-;=?-~]{1,300}>?")
_TRUNCATED = ("length", "time", "disconnect", "unspecified")
_MARKUP = ("text/html", "application/xhtml+xml")
_LISTS = ("application/rss+xml", "application/atom+xml")
_LIST_MARKS = re.compile(rb"<(?:urlset|sitemapindex|rss|feed)[\s>]")
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_TRANSFER = re.compile(rb"(?im)^transfer-encoding(?=\s*:)")
_BEFORE_THE_WEB = "1990-12-20"


class Passed(StrEnum):
    """Why a record was not taken. The texts are in PASSED_MEANINGS."""

    OTHER_TYPE = "other-type"
    REQUEST = "request"
    NO_WEB_ADDRESS = "no-web-address"
    OTHER_HOST = "other-host"
    DATE = "date"
    NOT_HTTP = "not-http"
    NOT_GET = "not-get"
    ALREADY_THERE = "already-there"
    UNRESOLVED = "revisit-unresolved"
    WITHDRAWN = "withdrawn"
    DAMAGED = "damaged"


PASSED_MEANINGS: dict[Passed, str] = {
    Passed.OTHER_TYPE: "neither a response nor a revisit: warcinfo, metadata, resource, conversion",
    Passed.REQUEST: "a request; it is taken with its response, not by itself",
    Passed.NO_WEB_ADDRESS: "its target is no http or https address",
    Passed.OTHER_HOST: "its host is not one of the configured ones (`--host` names further ones), "
    "or it is a page of a host for media",
    Passed.DATE: "it has no date that WARC knows, or one in the future",
    Passed.NOT_HTTP: "its block is no HTTP response, or has headers without end",
    Passed.NOT_GET: "it answers another request than GET",
    Passed.ALREADY_THERE: "the archive has this address, date and payload",
    Passed.UNRESOLVED: "it refers to a capture that is neither here nor in the archive: import the file that holds "
    "that one, then this file again",
    Passed.WITHDRAWN: "it is of an article that was withdrawn from the archive (`susta withdraw --list`)",
    Passed.DAMAGED: "it is cut, or its bytes are not those that were written",
}


@dataclass(frozen=True, slots=True)
class Foreign:
    """A response or revisit that is in scope. `order` sorts by time, whatever the date's precision; `address` is the
    target as it stands in the record."""

    address: str
    date: str
    order: str


def look_at(fields: Fields, scope: Scope, now: datetime) -> Foreign | Passed:
    """Whether a record may be taken, from its fields alone; requests of such are Passed.REQUEST."""
    kind = fields.get("warc-type", "")
    if kind not in ("response", "revisit", "request"):
        return Passed.OTHER_TYPE
    target = fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">")
    if not target.startswith(("http://", "https://")) or media_address(target, target) is None:
        return Passed.NO_WEB_ADDRESS
    if not (scope.allows_media(target) or scope.home_of(target)):
        return Passed.OTHER_HOST
    if kind == "request":
        return Passed.REQUEST
    date = fields.get("warc-date", "")
    moment = _moment(date)
    if moment is None or date < _BEFORE_THE_WEB or moment > now + timedelta(days=1):
        return Passed.DATE
    return Foreign(target, date, moment.strftime("%Y-%m-%dT%H:%M:%S.%f"))


def _moment(date: str) -> datetime | None:
    """A WARC-Date to the second or finer (WARC 1.1, 5.4); coarser ones say too little to be a capture's time."""
    if not _DATE.fullmatch(date):
        return None
    try:
        return datetime.fromisoformat(date).astimezone(UTC)
    except ValueError:
        return None


def method_of(block: bytes) -> str:
    """The method of a request; "" where it is none."""
    match = _REQUEST.match(block)
    return match[1].decode() if match else ""


def request_head(block: bytes) -> bytes:
    """Request line and headers, without the empty line; empty where the block is no request."""
    head, _ = _parted(block)
    return head if head is not None and _REQUEST.match(head) else b""


def exchange_of(fields: Fields, foreign: Foreign, block: bytes, *, whole: bool) -> Exchange | Passed:
    """The exchange that a response or revisit record holds, its role left open (`page`), under its own address.

    `whole`: that no limit has cut the block. The transfer coding is undone, as a crawl does.
    """
    head, body = _parted(block)
    status = _STATUS.match(head) if head is not None else None
    if head is None or status is None:
        return Passed.NOT_HTTP
    truncated = fields.get("warc-truncated", "").lower()
    if truncated:
        truncated = truncated if truncated in _TRUNCATED else "unspecified"
    named = {name.lower(): value.lower() for name, value in reversed(parse_headers(head))}
    if "transfer-encoding" in named:
        head = _TRANSFER.sub(rb"X-Archive-Orig-\g<0>", head)
        plain = _unchunked(body) if "chunked" in named["transfer-encoding"] else None
        if plain is not None:
            body, ended = plain
            truncated = truncated or ("" if ended or not whole else "disconnect")
    if not whole:
        truncated = "length"
    return Exchange(
        url=foreign.address,
        fetched_at=foreign.date,
        role=Role.PAGE,
        status=int(status[1]),
        request_head=b"",
        response_head=head,
        body=body,
        ip=_ip(fields.get("warc-ip-address", "")),
        truncated=truncated,
    )


def _parted(block: bytes) -> tuple[bytes | None, bytes]:
    """Head and body of an HTTP message; None for a head without end. Lines that end in LF alone are given CRLF."""
    head, parted, body = block.partition(b"\r\n\r\n")
    if not parted or len(head) > MOST_HEAD:
        head, parted, body = block.partition(b"\n\n")
        head = head.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if len(head) > MOST_HEAD:
        return None, b""
    return head.rstrip(b"\r\n"), body


def _unchunked(body: bytes) -> tuple[bytes, bool] | None:
    """A body without chunked coding (RFC 9112 7.1) and whether it came to its end; None for one that has none, though
    the headers say so: many programs undo it and keep the header."""
    at, pieces = 0, list[bytes]()
    while match := _CHUNK_SIZE.match(body, at):
        size = int(match[1], 16)
        at = match.end()
        if not size:
            return b"".join(pieces), True
        pieces.append(body[at : at + size])
        at += size
        if body[at : at + 2] == b"\r\n":
            at += 2
        elif at < len(body):
            return None
    return (b"".join(pieces), False) if pieces and at >= len(body) else None


def _ip(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def role_of(exchange: Exchange, scope: Scope, said: str) -> Role | None:
    """What a crawl would have asked for this as; None for a page of a host that only media are taken from.

    `said` is the role that the record itself names, as files of this program do. Else: robots.txt by its address, pages
    by being HTML, lists for machines by what they hold, and all the rest is media, which becomes a photo or attachment
    where an article embeds it.
    """
    page_host = scope.allows_page(exchange.url) or scope.home_of(exchange.url) is not None
    if said in set(Role) and (page_host or said == Role.MEDIA):
        return Role(said)
    file = is_media_file(exchange.url)
    kind = media_type(exchange.header("content-type"))
    markup = kind in _MARKUP or (not kind and exchange.body.lstrip()[:1] == b"<")
    if page_host and parts_of(exchange.url).path == "/robots.txt":
        return Role.ROBOTS
    if page_host and exchange.status == 200 and not markup:
        if kind in _LISTS or (("xml" in kind or not kind) and _LIST_MARKS.search(exchange.body[:4096])):
            return Role.SITEMAP
        return Role.MEDIA
    if file or (not page_host and not markup):
        return Role.MEDIA
    return Role.PAGE if page_host else None


def address_of(exchange: Exchange, role: Role, scope: Scope) -> str:
    """The address a crawl would know this under: media as it is, pages in their one spelling. A redirect from one
    spelling to another of the same page keeps its own."""
    as_is = media_address(exchange.url, exchange.url) or exchange.url
    if role is Role.MEDIA:
        return as_is
    known = page_address(exchange.url, exchange.url, scope) or as_is
    target = as_meant(exchange.header("location"))
    if target and 300 <= exchange.status < 400 and page_address(target, exchange.url, scope) == known:
        return as_is
    return known


def settled(exchange: Exchange, role: Role, scope: Scope, source_sha256: str, record_id: str) -> Exchange:
    """The exchange under its role and address, with where it came from: fields of our own, since WARC 1.1 has none.

    `Susta-Source-Digest` is the imported file's, `Susta-Source-Record-ID` the record's in it, and `Susta-Source-URI`
    the target as it stood there, where that is another spelling.
    """
    address = address_of(exchange, role, scope)
    origin = [("Susta-Source-Digest", f"sha256:{source_sha256}")]
    if _RECORD_ID.fullmatch(record_id):
        origin.append(("Susta-Source-Record-ID", record_id))
    if address != exchange.url and re.fullmatch(r"[!-~]{1,4000}", exchange.url):
        origin.append(("Susta-Source-URI", exchange.url))
    return replace(exchange, url=address, role=role, origin=tuple(origin))


def cut_to(exchange: Exchange, limit: int) -> Exchange:
    """An exchange whose body is no longer than a limit, as a crawl cuts them."""
    if len(exchange.body) <= limit:
        return exchange
    return replace(exchange, body=exchange.body[:limit], truncated="length")
