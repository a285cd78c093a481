"""Records of our WARC files copied byte for byte: each with the request before it, and the warcinfo of its file."""

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import IO

from archive.errors import ArchiveUnusable
from archive.selection import Place
from archive.warc import warc_path

_GZIP = b"\x1f\x8b\x08"
_LONGEST_REQUEST = 1 << 17  # bytes of a packed request
_HEADER = 1 << 14
_RECORD_ID = re.compile(rb"^WARC-Record-ID: *(<\S+>)", re.M)
_CONCURRENT = re.compile(rb"^WARC-Concurrent-To: *(<\S+>)", re.M)


def copied_records(warc_folder: Path, places: Iterable[Place]) -> Iterator[bytes]:
    """The gzip members of the records at these places (in order of files and offsets), each record whole.

    Every file's warcinfo goes before its records, since they refer to it. Raises ArchiveUnusable for what is not there.
    """
    for name, in_file in groupby(places, key=lambda place: place.warc_file):
        path = warc_path(warc_folder, name)
        try:
            with path.open("rb") as file:
                first = _member(file, 0)
                yield first
                end = len(first)
                for place in in_file:
                    request = _request_before(file, place, end)
                    if request:
                        yield request
                    yield _read(file, path, place)
                    end = place.offset + place.length
        except OSError as error:
            raise ArchiveUnusable(f"Cannot read {path}: {error.strerror}") from error


def _read(file: IO[bytes], path: Path, place: Place) -> bytes:
    file.seek(place.offset)
    member = file.read(place.length)
    if len(member) < place.length or not member.startswith(_GZIP):
        raise ArchiveUnusable(
            f"No record at {path}, offset {place.offset}", advice="`susta check` says what is damaged in the archive."
        )
    return member


def _member(file: IO[bytes], offset: int) -> bytes:
    """The gzip member at an offset."""
    file.seek(offset)
    inflater, read = zlib.decompressobj(wbits=31), b""
    while not inflater.eof and (piece := file.read(_HEADER)):
        inflater.decompress(piece)
        read += piece
    return read[: len(read) - len(inflater.unused_data)]


def _request_before(file: IO[bytes], place: Place, least: int) -> bytes:
    """The request that was written for a response: the member that ends where the response begins, if it names it;
    empty where there is none. `least` is where the record before ends."""
    start = max(least, place.offset - _LONGEST_REQUEST)
    file.seek(start)
    window = file.read(place.offset - start)
    at = window.rfind(_GZIP)
    while at >= 0:
        inflater = zlib.decompressobj(wbits=31)
        try:
            header = inflater.decompress(window[at:], _HEADER)
            if not inflater.eof:
                inflater.decompress(inflater.unconsumed_tail)
        except zlib.error:
            header = b""
        if header.startswith(b"WARC/") and inflater.eof and not inflater.unused_data:
            named, own = _CONCURRENT.search(header), _RECORD_ID.search(_header(file, place.offset))
            return window[at:] if named and own and named[1] == own[1] else b""
        at = window.rfind(_GZIP, 0, at)
    return b""


def _header(file: IO[bytes], offset: int) -> bytes:
    file.seek(offset)
    return zlib.decompressobj(wbits=31).decompress(file.read(_HEADER), _HEADER)
