"""From bytes to text, in the order of the HTML standard: BOM, transport, `<meta>`, detection. Pure.

One deviation, for old servers: a declared single-byte charset gives way when the bytes are valid UTF-8 beyond ASCII,
which text in those charsets practically never is.
"""

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MARKS = tuple(mark for mark, _ in _BOMS)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_META_WITHIN = 4096  # bytes; the standard says 1024, real pages put scripts first
# Labels as browsers read them (WHATWG Encoding), where Python means something else by the same name.
_AS_BROWSERS = {
    "iso-8859-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "utf8": "utf-8",
    "unicode": "utf-16-le",
    "utf-16": "utf-16-le",
    "x-cp1258": "windows-1258",
    "tcvn": "windows-1258",
}


def says_utf8(body: bytes, content_type: str | None) -> bool | None:
    """Whether a body without a byte order mark is UTF-8 by what it says: then it is, be it valid or not. None where it
    says nothing: then it is if it is valid."""
    if body.startswith(_MARKS):
        return False
    said = _known(_HEADER.search(content_type or "")) or _meta_charset(body)
    return None if said is None else said == "utf-8"


def decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    """The text of an HTML body and the encoding it was read with. Never fails: bad bytes become U+FFFD."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, errors="replace"), encoding
    declared = _known(_HEADER.search(content_type or "")) or _meta_charset(body)
    if declared in (None, "utf-8") or not declared.startswith("utf-16"):
        try:
            text = body.decode("utf-8")
            if declared is None or declared == "utf-8" or not text.isascii():
                return text, "utf-8"
        except UnicodeDecodeError:
            pass
    if declared is None:
        best = from_bytes(body[: 1 << 16], cp_isolation=["utf_8", "utf_16", "cp1258", "cp1252"]).best()
        declared = best.encoding if best else "utf-8"
    return body.decode(declared, errors="replace"), declared


def _meta_charset(body: bytes) -> str | None:
    found = _META.search(body[:_META_WITHIN])
    encoding = _known(found)
    # A <meta> that could be read byte by byte cannot be UTF-16 (HTML standard, "prescan a byte stream").
    return "utf-8" if encoding and encoding.startswith("utf-16") else encoding


def _known(match: "re.Match[str] | re.Match[bytes] | None") -> str | None:
    if match is None:
        return None
    label = match[1].decode("ascii", "replace") if isinstance(match[1], bytes) else match[1]
    label = _AS_BROWSERS.get(label.lower(), label.lower())
    try:
        codec = codecs.lookup(label)
        b"".decode(codec.name)  # raises for codecs that are no character encodings, such as hex
    except (LookupError, ValueError):
        return None
    if codec.name in ("undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7"):
        return None
    return codec.name.replace("cp1252", "windows-1252").replace("cp1258", "windows-1258")
