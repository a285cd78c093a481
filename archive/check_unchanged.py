"""A pass over a WARC file that is byte for byte what it was when its row was made, as its SHA-256 has shown: fastwarc
reads its records, in less time than `check_members` takes to find out what is wrong with a file, and where.

A row is made only of a file whose gzip members are all whole, and has their number (warc_files.py). Each record is held
to its digests all the same, and told as `check_members` tells it, but that nothing is told of requests, since nobody
asks. What is not plainly right is for `check_members` to judge. Not looked at: what only the writer can have put
between the fields of a header and after a block, and two records in one member where another holds none.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from typing import IO, Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from archive.check_members import END, GZIP, GZIP_HEADER, Record, RecordReader, Totals, is_said, status_of

_REQUEST, _RESPONSE = WarcRecordType.request, WarcRecordType.response
_WINDOW = 1 << 16  # bytes
_MOST_HELD = 1 << 18  # bytes of a block that is taken in one piece


class NotPlain(Exception):
    """Something in a file asks for the reading that says what it is."""


def read_unchanged(file: IO[bytes], size: int, totals: Totals) -> Iterator[Record]:
    """Every record of a file up to `size`, in order, from `totals.bytes` on. Raises NotPlain."""
    place = totals.bytes
    if place >= size:
        return
    file.seek(place)
    before: Record | None = None
    window, opens = b"", place  # of the file as it is packed
    with _told_by_fastwarc():
        for sent in ArchiveIterator(file, parse_http=False):
            ends = sent.stream_pos
            if before is not None:
                before.end = place = totals.whole = ends
                totals.records += 1
                yield before
                before = None
            if ends >= size:
                break
            if place + GZIP_HEADER > opens + len(window):
                window, opens = os.pread(file.fileno(), _WINDOW, place), place
            if ends != place or not GZIP.match(window, place - opens):
                raise NotPlain
            before = _record_of(sent, place)
    if before is not None:
        before.end = totals.whole = size
        totals.records += 1
        yield before


@contextlib.contextmanager
def _told_by_fastwarc() -> Iterator[None]:
    """Errors by which it says that it cannot read on."""
    try:
        yield
    except OSError as error:
        raise NotPlain(str(error)) from error


def _record_of(sent: Any, offset: int) -> Record:
    kind, length = sent.record_type, sent.content_length
    is_request = kind == _REQUEST
    if length > _MOST_HELD or not (is_request or kind == _RESPONSE):
        return _in_pieces(sent, offset)
    if not sent.verify_block_digest():
        raise NotPlain
    block = sent.reader.read()
    if len(block) != length:
        raise NotPlain
    if is_request:
        return Record(offset, 0, "request")
    record = Record(offset, 0, "response", _fields_of(sent))
    body = block.find(END) + len(END)
    if body < len(END) or record.fields["warc-type"] != record.kind:
        raise NotPlain
    record.head = block[: body - len(END)]
    record.status = status_of(record.head)
    payload = memoryview(block)[body:]
    said = record.fields.get("warc-payload-digest")
    if said is not None and not (said.startswith("sha1:") and is_said(said[5:], hashlib.sha1(payload))):
        raise NotPlain
    record.payload_sha256 = hashlib.sha256(payload).hexdigest()
    record.payload_length = len(payload)
    return record


def _in_pieces(sent: Any, offset: int) -> Record:
    """A record that is long, or another than most."""
    reader = RecordReader(offset)
    reader.begin(_fields_of(sent))
    while piece := sent.reader.read(_MOST_HELD):
        reader.feed(piece)
    reader.feed(END)
    record = reader.finish()
    if record.problem:
        raise NotPlain(record.problem[1])
    return record


def _fields_of(sent: Any) -> dict[str, str]:
    pairs = sent.headers.to_tuples()
    fields = {name.lower(): value for name, value in pairs}
    if len(fields) != len(pairs):
        raise NotPlain
    return fields
