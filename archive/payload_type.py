"""What a payload is by its own first bytes, whatever its server called it, as the MIME Sniffing Standard tells.

For the field WARC-Identified-Payload-Type, which must rest on the payload itself (WARC 1.1, 5.16).
"""

import re

_HTML_BEGINS = rb"!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p"
_SIGNATURES: tuple[tuple[bytes, str], ...] = (  # mimesniff.spec.whatwg.org, 6 and 7.1; OLE: [MS-CFB] 2.2
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"RIFF....WEBPVP", "image/webp"),
    (rb"BM....\x00\x00\x00\x00", "image/bmp"),
    (rb"\x00\x00[\x01\x02]\x00", "image/x-icon"),
    (rb"%PDF-", "application/pdf"),
    (rb"PK\x03\x04", "application/zip"),
    (rb"Rar!\x1a\x07\x00", "application/x-rar-compressed"),
    (rb"\x1f\x8b\x08", "application/gzip"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (rb"\x00\x00\x00.ftyp", "video/mp4"),
    (rb"ID3", "audio/mpeg"),
    (rb"(?:\xef\xbb\xbf)?[\t\n\f\r ]*<\?xml", "text/xml"),
    (rb"(?i:(?:\xef\xbb\xbf)?[\t\n\f\r ]*<(?:!--|(?:" + _HTML_BEGINS + rb")[ >]))", "text/html"),
)
_LOOKED_AT = 1445  # bytes (mimesniff 5.2)
_KNOWN = tuple((re.compile(pattern, re.DOTALL), media_type) for pattern, media_type in _SIGNATURES)


def identified_type(payload: bytes) -> str | None:
    """The media type that a payload's beginning tells; None when it tells none."""
    beginning = payload[:_LOOKED_AT]
    return next((media_type for signature, media_type in _KNOWN if signature.match(beginning)), None)
