"""Content coding (RFC 9110 8.4): from the bytes on the wire to the bytes of the page, never more than a limit. Pure.

Servers misdeclare it both ways; what is plainly something else than declared is read as what it is.
"""

import zlib
from dataclasses import dataclass

_GZIP, _DEFLATE = ("gzip", "x-gzip"), ("deflate",)
_GZIP_MAGIC = b"\x1f\x8b"
_MOST_MEMBERS = 100  # each costs a copy of what is behind it


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body without its coding. `cut` when the limit was reached; `problem` when the coding could not be undone."""

    body: bytes
    cut: bool = False
    problem: str = ""


def decode_content(body: bytes, coding: str | None, limit: int, *, cut: bool = False, is_text: bool = False) -> Decoded:
    """Undoes gzip and deflate, applied once; `limit` is in bytes and holds while inflating, so a bomb stays small.

    Of a body that is known to be `cut` what there is comes out. `is_text` says that it cannot be meant to stay gzip.
    """
    names = [name.strip().lower() for name in (coding or "").split(",") if name.strip().lower() not in ("", "identity")]
    if not names and is_text and body.startswith(_GZIP_MAGIC):
        names = ["gzip"]
    if not names:
        return Decoded(body[:limit], len(body) > limit)
    if len(names) > 1 or names[0] not in _GZIP + _DEFLATE:
        return Decoded(b"", problem=f"content coding {', '.join(names)!r} was not asked for")
    if names[0] in _GZIP and not _GZIP_MAGIC.startswith(body[:2]):
        return Decoded(body[:limit], len(body) > limit)
    try:
        if names[0] in _GZIP:
            return _inflate(body, 31, limit, cut)
        try:
            return _inflate(body, 15, limit, cut)
        except zlib.error:  # many servers mean raw deflate
            return _inflate(body, -15, limit, cut)
    except zlib.error as error:
        if body.lstrip()[:1] == b"<":  # deflate has no mark; markup begins no stream of it that makes sense
            return Decoded(body[:limit], len(body) > limit)
        return Decoded(b"", problem=f"broken {names[0]} stream: {error}")


def _inflate(body: bytes, wbits: int, limit: int, cut: bool) -> Decoded:
    """One stream, or several gzip members behind each other (RFC 1952 2.2)."""
    text = b""
    for _ in range(_MOST_MEMBERS):
        inflater = zlib.decompressobj(wbits)
        text += inflater.decompress(body, limit + 1 - len(text))
        if len(text) > limit:
            return Decoded(text[:limit], cut=True)
        if not inflater.eof:
            if cut:
                return Decoded(text, cut=True)
            raise zlib.error("the stream ends early")
        body = inflater.unused_data
        if wbits != 31 or not body.startswith(_GZIP_MAGIC):
            return Decoded(text)
    return Decoded(text, cut=True)
