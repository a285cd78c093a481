"""The gzip members of a WARC file, one a record (WARC 1.1, annex A.2): where each ends, and what the file comes to.

Reads as a stream, however much a member may unpack to.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_CHUNK = 1 << 16  # bytes, packed and unpacked


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Size, SHA-256 and number of records of a WARC file. `whole`: whether it ends with a whole record."""

    name: str
    bytes: int
    sha256: str
    records: int
    whole: bool = True


def facts_of(path: Path) -> FileFacts:
    """What a WARC file on disk comes to. Raises OSError where it cannot be read."""
    digest = hashlib.sha256()
    records = whole = 0
    with path.open("rb") as file:
        for end in member_ends(file, seen=digest.update):
            records, whole = records + 1, end
        while rest := file.read(_CHUNK):
            digest.update(rest)
        size = file.tell()
    return FileFacts(path.name, size, digest.hexdigest(), records, size > 0 and whole == size)


def member_ends(file: IO[bytes], seen: Callable[[bytes], object] = lambda _: None) -> Iterator[int]:
    """Where each gzip member ends that unpacks whole, checksum included, from the file's place on; ends at the first
    that does not. `seen` is given all bytes that were read."""
    member = zlib.decompressobj(wbits=31)
    position = file.tell()
    while chunk := file.read(_CHUNK):
        seen(chunk)
        position += len(chunk)
        while chunk:
            try:
                member.decompress(chunk, _CHUNK)
            except zlib.error:
                return
            if member.eof:
                chunk = member.unused_data
                yield position - len(chunk)
                member = zlib.decompressobj(wbits=31)
            else:
                chunk = member.unconsumed_tail


def end_of_member(path: Path, offset: int) -> int:
    """Where the gzip member at an offset ends; -1 when it is cut or its checksum is wrong."""
    with path.open("rb") as file:
        file.seek(offset)
        return next(member_ends(file), -1)
