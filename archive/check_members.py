"""One pass over a WARC file for the audit: every byte is read once, each gzip member is unpacked as a stream, each
record held to its digests, and what it holds is told.

What a member must be is what `warc.py` writes: one record a member (WARC 1.1, annex A), a gzip header without optional
fields, two line ends after the block (WARC 1.1, 4), digests labelled and in Base32 or hex (5.8, 5.9).
"""

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from zlib_ng import zlib_ng as zlib  # inflates in less than half the time of Python's own

from archive.damage import Code, Findings

_CHUNK = 1 << 15
_MAGIC = b"\x1f\x8b\x08\x00"
GZIP_HEADER = 10
_CUT = "the file ends within a record"
GZIP = re.compile(rb"\x1f\x8b\x08\x00....[\x00\x02\x04][\x03\xff]", re.S)  # RFC 1952 2.3, as zlib writes it
_STATUS = re.compile(rb"HTTP/[\d.]+ (\d{3})")
_VERSION = re.compile(rb"WARC/1\.[01]")
_FIELD = re.compile(r"([^\r\n:\s]+):[ \t]*([^\r\n]*?)[ \t]*\r\n")
_LARGEST_HEAD, _USUAL_HEAD = 1 << 20, 4096  # bytes
_LARGEST_EVENT = 1 << 26
_HASHES: dict[str, Callable[[], Any]] = {
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
    "md5": hashlib.md5,
}
_AS_DIGITS = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789abcdefghijklmnopqrstuv")
_HTTP_KINDS = ("response", "revisit", "request")
END = b"\r\n\r\n"


@dataclass(slots=True)
class Record:
    """A record that was read: its fields by lower-case name, and of an HTTP message the head and what its body comes
    to; of an event its JSON. `problem` is what is wrong with it, if anything."""

    offset: int
    end: int = 0
    kind: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    head: bytes = b""
    status: int | None = None
    payload_sha256: str = ""
    payload_length: int = 0
    event: dict[str, Any] | None = None
    problem: tuple[Code, str] | None = None


@dataclass(slots=True)
class Totals:
    """What a file came to so far; of a part of one, `bytes` and `whole` count from the file's beginning, and `sha256`
    is None."""

    sha256: Any = field(default_factory=hashlib.sha256)
    bytes: int = 0
    records: int = 0
    whole: int = 0  # up to where its members are whole


def read_members(file: IO[bytes], size: int, totals: Totals, findings: Findings, name: str) -> Iterator[Record]:
    """Every record of a file up to `size`, in order, from `totals.bytes` on; reads on to the end, whatever is damaged,
    for the file's digest.

    After a member that does not unpack, reading goes on at the next that does.
    """
    data = b""
    position = totals.bytes  # of data in the file
    while True:
        while len(data) < GZIP_HEADER and (more := _more(file, size, totals)):
            data += more
        if not data:
            return
        ended = _unpack(data, position, file, size, totals)
        if isinstance(ended, str):
            findings.add(Code.CUT_MEMBER if ended == _CUT else Code.BAD_MEMBER, ended, file=name, offset=position)
            position = _next_member(file, position + 1, size)
            while totals.bytes < position and _more(file, size, totals):
                pass
            data = os.pread(file.fileno(), totals.bytes - position, position)
            continue
        data, record = ended
        totals.whole = position = record.end
        totals.records += 1
        if record.problem:
            code, what = record.problem
            findings.add(code, what, file=name, offset=record.offset)
        yield record


def _unpack(data: bytes, position: int, file: IO[bytes], size: int, totals: Totals) -> tuple[bytes, Record] | str:
    """Unpacks one member; gives the bytes after it and the record it holds, or what is wrong with it."""
    if not GZIP.match(data):
        cut = size - position < GZIP_HEADER and data.startswith(_MAGIC[: len(data)])
        return _CUT if cut else "no gzip member begins here as this program writes them"
    member = zlib.decompressobj(wbits=31)
    end = position + len(data)
    reader = RecordReader(position)
    while True:
        try:
            reader.feed(member.decompress(data, _CHUNK * 4))
        except zlib.error as error:  # type: ignore[misc]  # its stub gives no class
            return f"it does not unpack: {error}"
        if member.eof:
            record = reader.finish()
            record.end = end - len(member.unused_data)
            return member.unused_data, record
        data = member.unconsumed_tail
        if not data:
            data = _more(file, size, totals)
            end += len(data)
            if not data:
                return _CUT


def _next_member(file: IO[bytes], start: int, size: int) -> int:
    """Where the next gzip member begins that holds a WARC record; the end of the file where there is none."""
    position = start
    while position < size:
        data = os.pread(file.fileno(), _CHUNK, position)
        for match in GZIP.finditer(data):
            place = position + match.start()
            try:
                begins = zlib.decompressobj(wbits=31).decompress(os.pread(file.fileno(), 4096, place), 16)
            except zlib.error:  # type: ignore[misc]
                continue
            if begins.startswith(b"WARC/1."):
                return place
        if len(data) < _CHUNK:
            break
        position += len(data) - GZIP_HEADER + 1
    return size


def _more(file: IO[bytes], size: int, totals: Totals) -> bytes:
    data = file.read(min(_CHUNK, size - totals.bytes))
    totals.bytes += len(data)
    if totals.sha256 is not None:
        totals.sha256.update(data)
    return data


class RecordReader:
    """Takes the unpacked bytes of one member and makes a record of them."""

    def __init__(self, offset: int) -> None:
        self.record = Record(offset)
        self._head: bytes | None = b""  # the WARC head while it is read
        self._left = 0  # bytes of the block to come
        self._after = b""
        self._block: Any = None
        self._payload: list[Any] = []
        self._http: bytes | None = None  # the HTTP head while it is read
        self._kept: bytearray | None = None

    def feed(self, data: bytes) -> None:
        # Views, since a page would be copied at every step.
        view = memoryview(data)
        if self._head is not None:
            self._head = self._head + data if self._head else data
            end = self._head.find(END)
            if end < 0:
                if len(self._head) > _LARGEST_HEAD:
                    self._wrong(Code.MALFORMED_RECORD, "its WARC header does not end")
                    self._head = b""
                return
            head, view = self._head[: end + 2], memoryview(self._head)[end + 4 :]
            version, _, rest = head.partition(b"\r\n")
            if not _VERSION.fullmatch(version):
                self._wrong(Code.MALFORMED_RECORD, "its WARC header is not one")
            self.begin(_fields_of(rest.decode("utf-8", "surrogateescape")))
        if len(view) > self._left:
            self._after = (self._after + bytes(view[self._left : self._left + 16]))[:16]
            view = view[: self._left]
        if view:
            self._left -= len(view)
            self._take(view)

    def finish(self) -> Record:
        record = self.record
        if self._head is not None:
            self._wrong(Code.MALFORMED_RECORD, "its WARC header does not end")
        elif self._left or self._after != END:
            self._wrong(Code.MALFORMED_RECORD, "its Content-Length is not that of its block")
        if self._http is not None and self._http:  # a head without the empty line after it: no body
            self._end_of_http_head(self._http, memoryview(b""))
        if record.problem is None:
            self._hold_to("warc-block-digest", self._block, Code.BLOCK_DIGEST)
        if self._payload:
            record.payload_sha256 = self._payload[0].hexdigest()
            if record.problem is None and record.kind == "response" and len(self._payload) > 1:
                self._hold_to("warc-payload-digest", self._payload[1], Code.PAYLOAD_DIGEST)
        if self._kept is not None and record.problem is None:
            try:
                event = json.loads(self._kept)
                record.event = event if isinstance(event, dict) else None
            except (ValueError, RecursionError):
                record.event = None
            if record.event is None:
                self._wrong(Code.MALFORMED_RECORD, "an event that is no JSON object")
        return record

    def begin(self, fields: dict[str, str]) -> None:
        """Takes the fields of the WARC header; what is fed from here on is the block and what ends it."""
        self._head, self.record.fields = None, fields
        self.record.kind = fields.get("warc-type", "")
        length = fields.get("content-length", "")
        if not self.record.kind or not re.fullmatch(r"\d{1,15}", length):
            self._wrong(Code.MALFORMED_RECORD, "its WARC header is not one")
            return
        self._left = int(length)
        self._block = _hash_of(fields.get("warc-block-digest", ""))
        is_http = self.record.kind in _HTTP_KINDS
        self._http = b"" if is_http else None
        if self.record.kind == "metadata" and "susta-event" in fields and self._left <= _LARGEST_EVENT:
            self._kept = bytearray()

    def _take(self, data: memoryview) -> None:
        if self._block is not None:
            self._block.update(data)
        if self._kept is not None:
            self._kept += data
        elif self._http is not None:
            self._take_http_head(data)
        elif self._payload:
            self._take_payload(data)

    def _take_http_head(self, data: memoryview) -> None:
        so_far = self._http or b""
        self._http = so_far + bytes(data[:_USUAL_HEAD])
        end = self._http.find(END)
        if end < 0 and len(data) > _USUAL_HEAD:
            self._http = so_far + bytes(data)
            end = self._http.find(END)
        if end >= 0:
            self._end_of_http_head(self._http[:end], data[end + 4 - len(so_far) :])
        elif len(self._http) > _LARGEST_HEAD:
            self._end_of_http_head(b"", data[:0])

    def _end_of_http_head(self, head: bytes, body: memoryview) -> None:
        self._http = None
        self.record.head, self.record.status = head, status_of(head)
        if self.record.kind == "response":
            self._payload = [hashlib.sha256()]
            if (said := _hash_of(self.record.fields.get("warc-payload-digest", ""))) is not None:
                self._payload.append(said)
            self._take_payload(body)

    def _take_payload(self, data: memoryview) -> None:
        self.record.payload_length += len(data)
        for digest in self._payload:
            digest.update(data)

    def _hold_to(self, name: str, digest: Any, code: Code) -> None:
        said = self.record.fields.get(name)
        if said is None:
            if name == "warc-block-digest":
                self._wrong(Code.MALFORMED_RECORD, "it has no WARC-Block-Digest")
            return
        value = said.partition(":")[2]
        if digest is None:
            self._wrong(Code.MALFORMED_RECORD, f"{name} is of no known kind")
        elif not is_said(value, digest):
            self._wrong(code, f"its bytes do not match its {name}")

    def _wrong(self, code: Code, what: str) -> None:
        if self.record.problem is None:
            self.record.problem = (code, what)


def status_of(head: bytes) -> int | None:
    """The status that an HTTP response's head begins with."""
    status = _STATUS.match(head)
    return int(status[1]) if status else None


def _fields_of(head: str) -> dict[str, str]:
    """The fields of a WARC header, names in lower case, of each name the first."""
    return {name.lower(): value for name, value in reversed(_FIELD.findall(head))}


def _hash_of(said: str) -> Any:
    """The hash function that a digest's label names; None for none."""
    make = _HASHES.get(said.partition(":")[0].lower().replace("-", ""))
    return make() if make else None


def is_said(value: str, digest: Any) -> bool:
    """Whether a digest is the one that is said, in Base32 or hex. Base32 of SHA-1 (32 digits of five bits) is read as
    the number it is: base64.b32encode takes longer than the hash."""
    if len(value) == 32 and digest.digest_size == 20:
        try:
            digits = value.encode("ascii").translate(_AS_DIGITS)
            return int(digits, 32) == int.from_bytes(digest.digest()) and value.isupper()
        except ValueError:
            return False
    return value in (base64.b32encode(digest.digest()).decode(), digest.hexdigest())
