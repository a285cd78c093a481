"""Content coding (RFC 9110 8.4): from the bytes on the wire to the bytes of the page, never more than a limit. Pure."""

import zlib
from dataclasses import dataclass

_GZIP, _DEFLATE = ("gzip", "x-gzip"), ("deflate",)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body without its coding. `cut` when the limit was reached; `problem` when the coding could not be undone."""

    body: bytes
    cut: bool = False
    problem: str = ""


def decode_content(body: bytes, coding: str | None, limit: int) -> Decoded:
    """Undoes gzip and deflate, applied once; `limit` is in bytes and holds while inflating, so a bomb stays small."""
    names = [name.strip().lower() for name in (coding or "").split(",") if name.strip().lower() not in ("", "identity")]
    if not names:
        return Decoded(body[:limit], len(body) > limit)
    if len(names) > 1 or names[0] not in _GZIP + _DEFLATE:
        return Decoded(b"", problem=f"content coding {', '.join(names)!r} was not asked for")
    try:
        if names[0] in _GZIP:
            return _inflate(body, 31, limit)
        try:
            return _inflate(body, 15, limit)
        except zlib.error:  # many servers mean raw deflate
            return _inflate(body, -15, limit)
    except zlib.error as error:
        return Decoded(b"", problem=f"broken {names[0]} stream: {error}")


def _inflate(body: bytes, wbits: int, limit: int) -> Decoded:
    inflater = zlib.decompressobj(wbits)
    text = inflater.decompress(body, limit + 1)
    if len(text) > limit:
        return Decoded(text[:limit], cut=True)
    if not inflater.eof:
        raise zlib.error("the stream ends early")
    return Decoded(text)
