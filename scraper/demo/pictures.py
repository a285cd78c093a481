"""Real image files without an image library: PNGs drawn on request, JPEGs and GIFs shipped with the package.

No two addresses give the same bytes: a PNG is drawn from its address, and a shipped file gets its address written
into a comment.
"""

from __future__ import annotations

import hashlib
import random
import struct
import zlib
from functools import lru_cache
from importlib.resources import files

SHIPPED = {"jpg": ("anh-1.jpg", "anh-2.jpg", "anh-3.jpg"), "gif": ("anh-1.gif", "anh-2.gif")}
MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "pdf": "application/pdf"}


@lru_cache(maxsize=32)
def shipped(name: str) -> bytes:
    return files(__package__).joinpath("files").joinpath(name).read_bytes()


@lru_cache(maxsize=256)
def picture(address: str, width: int = 0, height: int = 0) -> bytes:
    """The file of one address; a photo's size follows from its address unless given."""
    ending = address.rsplit(".", 1)[-1]
    digest = hashlib.sha256(address.encode()).digest()
    if ending == "jpg":
        return commented_jpeg(shipped(SHIPPED["jpg"][digest[0] % 3]), address)
    if ending == "gif":
        return commented_gif(shipped(SHIPPED["gif"][digest[0] % 2]), address)
    return png(digest, width or 320 + digest[1] % 4 * 80, height or 214 + digest[2] % 4 * 40)


def commented_jpeg(data: bytes, words: str) -> bytes:
    comment = words.encode()
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + data[2:]


def commented_gif(data: bytes, words: str) -> bytes:
    comment = words.encode()[:255]
    return data[:-1] + b"\x21\xfe" + bytes([len(comment)]) + comment + b"\x00" + data[-1:]


def png(digest: bytes, width: int, height: int) -> bytes:
    """Hills under a sky, in colours taken from the digest."""
    rng = random.Random(digest)
    palette = bytes(
        value for _ in range(8) for value in (rng.randint(30, 230), rng.randint(60, 235), rng.randint(60, 240))
    )
    crests = [height // 3 + rng.randint(0, height // 4) for _ in range(6)]
    rows = []
    for y in range(height):
        row = bytearray([y * 3 // height] * width)
        for hill, crest in enumerate(crests):
            if y > crest:
                half = (y - crest) * (hill + 2) // 2
                middle = width * (2 * hill + 1) // 12
                left, right = max(0, middle - half), min(width, middle + half)
                row[left:right] = bytes([2 + hill]) * (right - left)
        rows.append(b"\x00" + bytes(row))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(b"".join(rows), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
