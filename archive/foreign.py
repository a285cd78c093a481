"""WARC files that others made, read as hostile input: WARC 1.0 and 1.1, plain, or gzip by record or as one member.

A reader of its own, since what matters here is what libraries pass over in silence: where a file is cut, which record a
damage is in, and what is whole behind it. Nothing is held that a file can make large: headers, and the beginning of a
block, have limits; blocks pass by in pieces. How our own files are read is in `warc_reading.py`.
"""

import hashlib
import os
import re
import zlib
from base64 import b32encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

MOST_HEADER_BYTES = 1 << 16  # of a record's own fields
START_BYTES = 1 << 12  # of each block, given with the record
_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b\x08"
_VERSION = re.compile(rb"WARC/(?:0\.1[78]|1\.[01])\r?\n")
_MARK = b"WARC/"
_PLAIN_MARK = re.compile(rb"(?<=\n)WARC/(?:0\.1[78]|1\.[01])\r?\n")
_LENGTH = re.compile(r"[0-9]{1,15}")
_END_OF_HEADER = re.compile(rb"\n\r?\n")
_BREAKS = re.compile(rb"[\r\n]*")
_MOST_BREAKS = 1 << 10
_SEARCHED = 1 << 20  # bytes of a file that does not begin as a WARC file

Fields = dict[str, str]
Sink = Callable[[bytes], object]
Want = Callable[[Fields, int | None], Sink | bool]


class Damaged(Exception):
    """A record that is not whole. `offset` is where it, or the gzip member it is in, begins in its file; `checksum`:
    what came of that member before is not to be trusted either."""

    def __init__(self, offset: int, what: str, *, checksum: bool = False) -> None:
        super().__init__(what)
        self.offset, self.what, self.checksum = offset, what, checksum


@dataclass(frozen=True, slots=True)
class ForeignRecord:
    """One whole record. `fields` have lower-case names (the first of each counts); `start` is how its block begins.

    `offset` is where it can be read again from; None where it does not begin a gzip member.
    """

    fields: Fields
    offset: int | None
    length: int
    start: bytes


def is_warc(file: IO[bytes]) -> bool:
    """Whether a file begins as a WARC file does, plain or gzipped; or, where its beginning is damaged, goes on as one.

    Reads no further than a megabyte.
    """
    stream = _Stream(file)
    try:
        if stream.at_record() and _VERSION.match(stream.peek(16)):
            return True
    except Damaged:
        pass
    return stream.find_next(0, _SEARCHED)


def scan(file: IO[bytes], want: Want) -> Iterator[ForeignRecord | Damaged]:
    """Every record in order, each once it is known to be whole, and each damage where it is met.

    `want` is asked before a block is read, with the record's fields and offset. Where it says yes, the block must match
    its WARC-Block-Digest (WARC 1.1, 5.8), if it has one; a sink instead of a yes receives the record verbatim in
    pieces, which are of no use unless the record is then given. Behind a damage, reading goes on at the next thing that
    looks like a record, where the file can be searched. The digest of a revisit's block, which is headers alone, is not
    compared.
    """
    stream = _Stream(file)
    while True:
        try:
            if not stream.at_record():
                return
            yield _record(stream, want)
        except Damaged as damage:
            yield damage
            if not stream.find_next(damage.offset + 1):
                return
        except OSError as error:
            yield Damaged(stream.place, str(error))
            return


def _record(stream: "_Stream", want: Want) -> ForeignRecord:
    offset, place = stream.offset, stream.place
    raw = stream.header()
    fields = _fields(raw)
    length = _length(fields, place)
    wanted = want(fields, offset)
    sink = wanted if callable(wanted) else None
    # wget gives revisits the digest of the block it left out.
    checked = bool(wanted) and fields.get("warc-type") != "revisit"
    said = fields.get("warc-block-digest", "") if checked else ""
    digest = new_digest(said)
    if sink:
        sink(raw)
    start = b""
    for piece in stream.pieces(length):
        if len(start) < START_BYTES:
            start += piece[: START_BYTES - len(start)]
        if digest:
            digest.update(piece)
        if sink:
            sink(piece)
    stream.end_record(place)
    if digest and not is_digest(said, digest.digest()):
        raise Damaged(place, "its bytes do not match their digest")
    return ForeignRecord(fields, offset, length, start)


def read_block(file: IO[bytes], offset: int, limit: int) -> tuple[Fields, bytes, int]:
    """The record at an offset that `scan` gave: its fields, at most `limit` bytes of its block, the block's length.

    Raises Damaged where it is not there any more.
    """
    file.seek(offset)
    stream = _Stream(file)
    if not stream.at_record():
        raise Damaged(offset, "the record is not there any more")
    fields = _fields(stream.header())
    length = _length(fields, offset)
    return fields, b"".join(stream.pieces(min(length, limit))), length


def new_digest(labelled: str) -> "hashlib._Hash | None":
    """A digest of the algorithm that a labelled digest (`sha1:…`) names; None for those that are not known."""
    name = labelled.partition(":")[0].lower().replace("-", "")
    return hashlib.new(name) if name in ("sha1", "sha256", "sha512", "md5") else None


def is_digest(labelled: str, digest: bytes) -> bool:
    """Whether a labelled digest is this one; its value may be Base32 or Base16 in any case (WARC 1.1, 5.8)."""
    value = labelled.partition(":")[2].strip().lower()
    return value.rstrip("=") in (b32encode(digest).decode().lower().rstrip("="), digest.hex())


def _fields(raw: bytes) -> Fields:
    """The named fields of a record; a line that begins with white space goes on with the one before (WARC 1.1, 4)."""
    fields: Fields = {}
    last = ""
    for line in raw.decode("utf-8", "replace").split("\n")[1:]:
        if line[:1] in (" ", "\t") and last:
            fields[last] += " " + line.strip()
            continue
        name, colon, value = line.partition(":")
        last = name.strip().lower() if colon and name.strip().lower() not in fields else ""
        if last:
            fields[last] = value.strip()
    return fields


def _length(fields: Fields, place: int) -> int:
    said = fields.get("content-length", "")
    if not _LENGTH.fullmatch(said):
        raise Damaged(place, "its Content-Length is no number")
    return int(said)


class _Stream:
    """A file's bytes without gzip, with the knowledge of where members begin.

    `offset` and `place` are those of the record that comes next: where it can be read again from, if anywhere; and
    where to say it is.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._seekable = file.seekable()
        self._whole = 0  # records that were
        self._read_to = file.tell() if self._seekable else 0
        self._size: int | None = None
        if self._seekable:
            self._size = file.seek(0, os.SEEK_END)
            file.seek(self._read_to)
        self._begin()

    def _begin(self) -> None:
        self._raw = b""
        self._buffer = b""
        self._position = 0
        self._inflater: zlib._Decompress | None = None
        self._member = self._read_to
        self._fresh = self._fresh_member = True
        self.offset: int | None = None
        self.place = self._read_to
        self._load()
        self._gzip = self._raw.startswith(_GZIP[:2])
        if not self._gzip:
            self._buffer, self._raw = self._raw, b""

    def _load(self) -> bool:
        piece = self._file.read(_CHUNK)
        self._raw += piece
        self._read_to += len(piece)
        return bool(piece)

    def peek(self, size: int) -> bytes:
        """The next bytes, as far as they are there."""
        while len(self._buffer) - self._position < size and self._more():
            pass
        return self._buffer[self._position : self._position + size]

    def at_record(self) -> bool:
        """Goes to where the next record begins; False at the end of the file."""
        self._skip_breaks()
        if self._position == len(self._buffer):
            return False
        if self._gzip:
            self.offset, self.place = (self._member if self._fresh else None), self._member
        else:
            self.offset = self.place = self._at()
        self._fresh = False
        if not self._seekable:
            self.offset = None
        return True

    def _at(self) -> int:
        """Where in a plain file the next byte stands."""
        return self._read_to - (len(self._buffer) - self._position)

    def _skip_breaks(self, *, within: bool = False) -> None:
        skipped = 0
        while True:
            match = _BREAKS.match(self._buffer, self._position)
            assert match is not None
            skipped += match.end() - self._position
            self._position = match.end()
            if skipped > _MOST_BREAKS:
                raise Damaged(self.place, "blank lines without end")
            if self._position < len(self._buffer) or not self._more(within=within):
                return

    def header(self) -> bytes:
        """The record's header with the empty line that ends it."""
        place = self.place
        if not _VERSION.match(self.peek(16)):
            raise Damaged(place, "no WARC record begins here")
        searched = self._position
        while not (match := _END_OF_HEADER.search(self._buffer, searched)):
            if len(self._buffer) - self._position > MOST_HEADER_BYTES:
                raise Damaged(place, f"its header is longer than {MOST_HEADER_BYTES} bytes")
            kept = len(self._buffer) - self._position
            if not self._more():
                raise Damaged(place, "the file ends within its header")
            searched = self._position + max(kept - 3, 0)
        raw = self._buffer[self._position : match.end()]
        self._position = match.end()
        return raw

    def pieces(self, length: int) -> Iterator[bytes]:
        """The next so many bytes. Raises Damaged where there are fewer, at once where that can be known: a file whose
        every record claims to reach to its end must not be read once for each. (So a record may go on in the next gzip
        member only if that does not begin as a record.)"""
        place, left = self.place, length
        lacking = left - (self._size - self._at()) if self._size is not None and not self._gzip else 0
        if lacking > 0:
            raise Damaged(place, f"the file ends {lacking} bytes before the record does")
        while left:
            if self._position == len(self._buffer):
                if not self._more():
                    raise Damaged(place, f"the file ends {left} bytes before the record does")
                if self._gzip and self._fresh and self._buffer.startswith(_MARK):
                    raise Damaged(place, f"another record begins {left} bytes before this one ends")
            piece = self._buffer[self._position : self._position + left]
            self._position += len(piece)
            left -= len(piece)
            yield piece

    def end_record(self, place: int) -> None:
        """Passes over what ends a record. Raises Damaged unless another one, or the file's end, is behind it; a gzip
        member that ends with the record has then been found whole."""
        self._skip_breaks(within=True)
        if self._position < len(self._buffer) and not _MARK.startswith(self.peek(5)[:5]):
            raise Damaged(place, "its length is not what it says")
        self._whole += 1

    def _more(self, *, within: bool = False) -> bool:
        """Adds to the buffer; False at the end of the file, or (`within`) of the gzip member."""
        if not self._gzip:
            if not self._load():
                return False
            self._keep(self._raw)
            self._raw = b""
            return True
        while True:
            if self._inflater is None and (within or not self._next_member()):
                return False
            if piece := self._inflate():
                self._keep(piece)
                return True

    def _keep(self, piece: bytes) -> None:
        if self._position == len(self._buffer):
            self._buffer = piece
            if self._gzip:
                self._fresh = self._fresh_member
        else:
            self._buffer = self._buffer[self._position :] + piece
        self._position = 0
        self._fresh_member = False

    def _next_member(self) -> bool:
        while len(self._raw) < len(_GZIP) and self._load():
            pass
        if not self._raw.strip(b"\0"):  # padding, as `tar` and tapes leave it
            while self._load():
                if self._raw.strip(b"\0"):
                    break
                self._raw = b""
            else:
                return False
        here = self._read_to - len(self._raw)
        if not self._raw.startswith(_GZIP):
            raise Damaged(here, "neither a gzip member nor the file's end is here")
        self._inflater = zlib.decompressobj(wbits=31)
        self._member, self._fresh_member = here, True
        return True

    def _inflate(self) -> bytes:
        assert self._inflater is not None
        if not self._raw:
            self._load()
        ended = not self._raw
        try:
            piece = self._inflater.decompress(self._raw, _CHUNK)
        except zlib.error as error:
            raise Damaged(self._member, f"its gzip data are damaged ({error})", checksum=True) from error
        if self._inflater.eof:
            self._raw = self._inflater.unused_data
            self._inflater = None
        else:
            self._raw = self._inflater.unconsumed_tail
            if ended and not piece:
                raise Damaged(self._member, "the file ends within its gzip member")
        return piece

    def find_next(self, start: int, most: int | None = None) -> bool:
        """Goes on at the next place from `start` on where a record seems to begin; False where there is none (in `most`
        bytes). Where nothing was whole so far, the file may be a gzip file with a damaged beginning."""
        if not self._seekable:
            return False
        overlap = b""
        self._file.seek(start)
        position = start
        while (most is None or position < most) and (chunk := self._file.read(_CHUNK)):
            window, base = overlap + chunk, position - len(overlap)
            position += len(chunk)
            for found in self._candidates(window):
                if self._begins_record(base + found):
                    self._file.seek(base + found)
                    self._read_to = base + found
                    self._begin()
                    return True
            overlap = window[-16:]
            self._file.seek(position)
        return False

    def _candidates(self, window: bytes) -> Iterator[int]:
        if not self._gzip:
            yield from (match.start() for match in _PLAIN_MARK.finditer(window))
        if not self._gzip and self._whole:
            return
        found = window.find(_GZIP)
        while found >= 0:
            yield found
            found = window.find(_GZIP, found + 1)

    def _begins_record(self, offset: int) -> bool:
        self._file.seek(offset)
        if self._file.read(len(_MARK)) == _MARK:
            return True
        self._file.seek(offset)
        try:
            return zlib.decompressobj(wbits=31).decompress(self._file.read(1 << 9), 5) == _MARK
        except zlib.error:
            return False
