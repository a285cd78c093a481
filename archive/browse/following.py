"""The Atom feed as `susta serve` gives it, and whether who asks has it already (RFC 9110 13: conditional requests)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from archive.feed import MEDIA_TYPE, MOST, NEWEST, atom, digest, newest
from archive.query import Archive

CONTENT_TYPE = f"{MEDIA_TYPE}; charset=utf-8"


def document(archive: Archive, base: str, path: str, asked: Mapping[str, str]) -> bytes:
    """The feed of an archive that is shown at `base`, itself at `path` there; `asked` may hold `limit` and `category`.
    What is no limit counts as none given."""
    told = asked.get("limit", "")
    limit = int(told) if told.isascii() and told.isdecimal() and len(told) < 6 else NEWEST
    feed = newest(archive, limit=min(max(limit, 1), MOST), category=asked.get("category") or None)
    return atom(feed, address=f"{base}{path}", base=base)


def validators(body: bytes, written: float) -> dict[str, str]:
    """ETag and Last-Modified; `written` is when the archive was last written to, in seconds since 1970."""
    at = datetime.fromtimestamp(int(written), UTC)
    return {"ETag": f'"{digest(body)}"', "Last-Modified": format_datetime(at, usegmt=True)}


def has_it(headers: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Whether a request's headers (names in small letters) say that what `validators` told is there already. An
    If-None-Match alone decides where there is one (RFC 9110 13.2.2)."""
    if (known := headers.get("if-none-match")) is not None:
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return "*" in tags or now["ETag"] in tags
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
        return since.tzinfo is not None and since >= parsedate_to_datetime(now["Last-Modified"])
    except (ValueError, TypeError, IndexError, OverflowError):
        return False
