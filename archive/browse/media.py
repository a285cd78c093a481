"""Pictures and attachments from the archive's own bytes, for a browser: pictures as pictures only, all else as a file
to keep.

What a file is, is told by its first bytes, never by what its server called it; SVG and everything that could run is no
picture here. A file is reached through its article, so that nothing of a withdrawn article is reached at all.
"""

import re
import sqlite3
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from archive.errors import ArchiveUnusable
from archive.payload_type import identified_type
from archive.provenance import unpacked_record
from archive.query import Archive
from archive.warc import FOLDER_NAME, StoredExchange

PICTURE_TYPES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
}
_FILE_TYPES = {"application/pdf": "pdf", "application/zip": "zip"}
_PEEK = 256 << 10  # bytes of a picture looked at for its size
_MOST = 512 << 20  # bytes that a content coding may unfold to
# Of an article: its pictures now, and those that an earlier revision had.
_OF_ARTICLE = {
    "photo": "SELECT capture_id FROM photos WHERE article_id = ? AND sha256 = ? AND capture_id IS NOT NULL",
    "file": "SELECT capture_id FROM attachments WHERE article_id = ? AND sha256 = ? AND capture_id IS NOT NULL",
}
_EARLIER = """
SELECT c.id FROM captures c WHERE c.payload_sha256 = ?2 AND c.revisit_of IS NULL AND c.removed = 0 AND c.role = 'media'
AND c.url IN (SELECT json_extract(p.value, '$.url') FROM revisions r, json_each(r.record, ?3) p WHERE r.article_id = ?1)
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a browser may show: its type, and its size in pixels where its first bytes tell."""

    media_type: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Payload:
    """A file's bytes, what they are by their own beginning, and a name for keeping them."""

    body: bytes
    media_type: str
    name: str


def capture_of(db: sqlite3.Connection, article_id: int, kind: str, sha256: str) -> int | None:
    """The capture that holds a `photo` or `file` of an article, now or in an earlier revision; None when there is
    none."""
    part = "$.photos" if kind == "photo" else "$.attachments"
    row = db.execute(_OF_ARTICLE[kind], (article_id, sha256)).fetchone()
    row = row or db.execute(_EARLIER, (article_id, sha256, part)).fetchone()
    return row[0] if row else None


def payload(archive: Archive, capture_id: int) -> Payload | None:
    """A captured file; None where its bytes are not there, or not readable."""
    try:
        stored = archive.capture(capture_id)
    except ArchiveUnusable:
        return None
    body = _plain(stored)
    if body is None:
        return None
    known = identified_type(body)
    return Payload(body, known or "application/octet-stream", file_name(stored.capture.url, known))


def _plain(stored: StoredExchange) -> bytes | None:
    """The payload without a gzip content coding, if it has one; None where that cannot be undone."""
    coding = (stored.header("content-encoding") or "").strip().lower()
    if coding not in ("gzip", "x-gzip") or not stored.body.startswith(b"\x1f\x8b"):
        return stored.body
    try:
        return zlib.decompressobj(31).decompress(stored.body, _MOST)
    except zlib.error:
        return None


def file_name(url: str, media_type: str | None) -> str:
    """A name for a file, from the last part of its address: letters, digits and `._-` of any script, with the ending
    that its bytes deserve."""
    last = unquote(urlsplit(url).path.rpartition("/")[2])
    name = re.sub(r"[^\w.-]+", "-", last).strip(".-_")[-100:].lstrip(".-_") or "file"
    ending = (PICTURE_TYPES | _FILE_TYPES).get(media_type or "")
    if ending in (None, "zip"):  # Word and Excel files are ZIP files
        return name
    stem, _, old = name.rpartition(".")
    alike = old.lower() == ending or (ending == "jpg" and old.lower() == "jpeg")
    return name if stem and alike else f"{name}.{ending}"


def disposition(kind: str, name: str) -> str:
    """A Content-Disposition header (RFC 6266), `kind` being inline or attachment; letters beyond ASCII as RFC 8187
    has it."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def picture(archive: Archive, capture_id: int) -> Picture | None:
    """What is known of a captured picture before it is sent; None where it is none that may be shown."""
    return _picture(archive.folder, _place(archive, capture_id))


def _place(archive: Archive, capture_id: int) -> tuple[str, int, int] | None:
    """(file, offset, length) of the record that holds a capture's bytes."""
    row = archive.capture_row(capture_id)
    if row and row.get("revisit_of") is not None:
        row = archive.capture_row(row["revisit_of"])
    if not row or row.get("removed"):
        return None
    return row["warc_file"], row["warc_offset"], row["warc_length"]


@lru_cache(maxsize=20_000)
def _picture(folder: Path, place: tuple[str, int, int] | None) -> Picture | None:
    """Read once a picture: a file of the archive never changes but by a withdrawal, which changes the place."""
    if place is None:
        return None
    row = {"warc_file": place[0], "warc_offset": place[1], "warc_length": place[2]}
    block = b""
    try:
        for piece in unpacked_record(folder / FOLDER_NAME, row):
            block += piece
            if len(block) > _PEEK:
                break
    except ArchiveUnusable:
        return None
    _, _, http = block.partition(b"\r\n\r\n")
    head, _, body = http.partition(b"\r\n\r\n")
    if body.startswith(b"\x1f\x8b") and b"content-encoding" in head.lower():
        body = _unfolded(body)
    media_type = identified_type(body)
    if media_type not in PICTURE_TYPES:
        return None
    return Picture(media_type, *(size_of(body, media_type) or (None, None)))


def _unfolded(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(body, _PEEK)
    except zlib.error:
        return b""


def size_of(body: bytes, media_type: str) -> tuple[int, int] | None:
    """(width, height) in pixels as the first bytes of a picture tell (PNG 11.2.2, GIF89a 18, ITU-T T.81 B.2.2, the
    WebP container); None where they do not."""
    try:
        if media_type == "image/png":
            size = struct.unpack(">II", body[16:24])
        elif media_type == "image/gif":
            size = struct.unpack("<HH", body[6:10])
        elif media_type == "image/jpeg":
            size = _size_of_jpeg(body)
        elif media_type == "image/webp" and body[12:16] == b"VP8X":
            size = tuple(int.from_bytes(body[at : at + 3], "little") + 1 for at in (24, 27))
        elif media_type == "image/webp" and body[12:16] == b"VP8 ":
            size = tuple(side & 0x3FFF for side in struct.unpack("<HH", body[26:30]))
        else:
            return None
    except struct.error:
        return None
    return (size[0], size[1]) if all(0 < side < 65536 for side in size) else None


def _size_of_jpeg(body: bytes) -> tuple[int, ...]:
    """From the frame header, past all segments before it."""
    place = 2
    while place + 9 < len(body):
        marker, length = body[place + 1], int.from_bytes(body[place + 2 : place + 4])
        if body[place] != 0xFF:
            break
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", body[place + 5 : place + 9])
            return width, height
        place += 1 if marker == 0xFF else 2 + length
    return 0, 0
