"""The WARC files: every response as it came, and the events that no response holds. WARC 1.1 (ISO 28500:2017).

    warc/susta-000007-20261122T020000Z.warc.gz        finished
    warc/susta-000008-20261123T020000Z.warc.gz.open   being written, or left by a run that was killed

Each file opens with a `warcinfo` record; then for each fetch a `request` and its `response`, one gzip member a record,
the response last, and an fsync: what `append` has returned from survives a power cut. Events (a run's start and end, a
page that could not be fetched) are `metadata` records holding one JSON object. Serial numbers give the order of files;
the clock does not. Two extension fields: `Susta-Role` (why it was asked for) and `Susta-Event`.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import zlib
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import ArchiveUnusable
from archive.records import Capture, Role

FOLDER_NAME = "warc"
OPEN_SUFFIX = ".open"
_NAME = re.compile(r"susta-([0-9]{6,})-[0-9]{8}T[0-9]{6}Z\.warc\.gz(\.open)?")
_RECORDS_READ = WarcRecordType.response | WarcRecordType.metadata
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response as they went over the wire.

    `request_head` and `response_head` are the start line and header lines with CRLFs, without the empty line; `body` is
    free of transfer coding but keeps its content coding. `fetched_at` is UTC, ISO 8601 with `Z`.
    """

    url: str
    fetched_at: str
    role: Role
    status: int
    request_head: bytes
    response_head: bytes
    body: bytes
    ip: str | None = None
    truncated: bool = False

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Response headers in order, names as sent, values decoded as Latin-1 (RFC 9110 5.5)."""
        return parse_headers(self.response_head)

    def header(self, name: str) -> str | None:
        """The first response header of that name, in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """A response read back, with its place."""

    capture: Capture
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first response header of that name, in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event read back, with its place."""

    name: str
    data: dict[str, Any]
    warc_file: str
    warc_offset: int
    warc_length: int


def parse_headers(head: bytes) -> list[tuple[str, str]]:
    """Header lines of a message head (start line first) as (name, value)."""
    lines = head.decode("latin-1").split("\r\n")[1:]
    return [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines if line)]


class _WireHeaders(StatusAndHeaders):  # type: ignore[misc]
    """Headers written as the bytes they came in; warcio would percent-encode those that are not ASCII."""

    def __init__(self, head: bytes) -> None:
        start_line, _, _ = head.decode("latin-1").partition("\r\n")
        protocol, _, status_line = start_line.partition(" ")
        super().__init__(status_line, parse_headers(head), protocol=protocol)
        self._head = head

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self._head.rstrip(b"\r\n") + b"\r\n\r\n"


class _WholeWrites:
    """An unbuffered file that never writes a part only: on a full disk the rest fails loudly."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


class WarcFiles:
    """Appends to the WARC files of one archive. One thread owns it."""

    def __init__(self, folder: Path, *, software: str, operator: str = "", max_bytes: int = 1_000_000_000) -> None:
        """`folder` is the archive's `warc/`; it is made. Leftovers of a killed run must be repaired first."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _no_writing(folder, error) from error
        self.folder = folder
        self._info = {"software": software, "format": "WARC File Format 1.1", "operator": operator, "robots": "obey"}
        self._max_bytes = max_bytes
        self._file: IO[bytes] | None = None
        self._name = ""

    def append(self, exchange: Exchange) -> Capture:
        """Writes request and response, makes them durable, and says where the response stands.

        Raises ArchiveUnusable when the disk is full or read-only; the file then ends with its last whole record.
        """
        file, writer = self._writer(exchange.fetched_at)
        with self._whole(file):
            response = self._record(writer, "response", exchange, exchange.response_head, exchange.body)
            request = self._record(writer, "request", exchange, exchange.request_head, b"")
            request.rec_headers.add_header("WARC-Concurrent-To", response.rec_headers.get_header("WARC-Record-ID"))
            writer.write_record(request)
            offset = file.tell()
            writer.write_record(response)
            length = file.tell() - offset
        return Capture(
            url=exchange.url,
            fetched_at=exchange.fetched_at,
            status=exchange.status,
            role=exchange.role,
            media_type=media_type(exchange.header("content-type")),
            payload_sha256=hashlib.sha256(exchange.body).hexdigest(),
            payload_length=len(exchange.body),
            warc_file=self._name,
            warc_offset=offset,
            warc_length=length,
            location=_as_meant(exchange.header("location")),
            truncated=exchange.truncated,
        )

    def append_event(self, name: str, at: str, data: dict[str, Any]) -> StoredEvent:
        """Writes an event as a metadata record and makes it durable. Raises as `append` does."""
        file, writer = self._writer(at)
        payload = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        with self._whole(file):
            offset = file.tell()
            record = writer.create_warc_record(
                f"urn:susta-archive:{name}",
                "metadata",
                payload=io.BytesIO(payload),
                length=len(payload),
                warc_content_type="application/json",
                warc_headers_dict={"WARC-Date": at, "Susta-Event": name},
            )
            writer.write_record(record)
            length = file.tell() - offset
        return StoredEvent(name, data, self._name, offset, length)

    def close(self) -> None:
        """Finishes the current file: it loses its `.open` and can no longer be written."""
        if self._file is None:
            return
        self._file.close()
        self._file = None
        _finish(self.folder / (self._name + OPEN_SUFFIX))

    @staticmethod
    def _record(writer: Any, kind: str, exchange: Exchange, head: bytes, body: bytes) -> Any:
        fields = {"WARC-Date": exchange.fetched_at, "Susta-Role": str(exchange.role)}
        if exchange.ip:
            fields["WARC-IP-Address"] = exchange.ip
        if exchange.truncated and kind == "response":
            fields["WARC-Truncated"] = "length"
        return writer.create_warc_record(
            exchange.url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=_WireHeaders(head),
            warc_headers_dict=fields,
        )

    def _writer(self, at: str) -> tuple[IO[bytes], Any]:
        if self._file is not None and self._file.tell() >= self._max_bytes:
            self.close()
        try:
            if self._file is None:
                self._open(at)
            assert self._file is not None
            return self._file, WARCWriter(_WholeWrites(self._file), gzip=True, warc_version="1.1")
        except OSError as error:
            raise _no_writing(self.folder, error) from error

    def _open(self, at: str) -> None:
        serial = max((_serial(path.name) for path in warc_paths(self.folder)), default=0) + 1
        stamp = re.sub(r"[-:]|\.\d+", "", at)
        self._name = f"susta-{serial:06d}-{stamp}.warc.gz"
        # Unbuffered: when a write fails for lack of room, nothing lingers that a later flush would add.
        self._file = open(self.folder / (self._name + OPEN_SUFFIX), "xb", buffering=0)  # noqa: SIM115
        writer = WARCWriter(_WholeWrites(self._file), gzip=True, warc_version="1.1")
        with self._whole(self._file):
            writer.write_record(writer.create_warcinfo_record(self._name, self._info))

    @contextlib.contextmanager
    def _whole(self, file: IO[bytes]) -> Iterator[None]:
        """Durable at the end, or cut back to where it began."""
        start = file.tell()
        try:
            yield
            os.fsync(file.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                file.truncate(start)
                file.seek(start)
            raise _no_writing(self.folder, error) from error


def _no_writing(folder: Path, error: OSError) -> ArchiveUnusable:
    return ArchiveUnusable(
        f"Cannot write to {folder}: {error.strerror or error}",
        advice="What was captured so far is whole and stays readable. Make room or give write access, then run again.",
    )


def _as_meant(location: str | None) -> str | None:
    """Many servers send the letters of a Location as UTF-8, which header values are not (RFC 9110 5.5)."""
    try:
        return location if location is None else location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def _without_brackets(uri: str) -> str:
    """WARC 1.0 put target addresses between < and >."""
    return uri[1:-1] if uri.startswith("<") and uri.endswith(">") else uri


def media_type(content_type: str | None) -> str:
    """The type of a Content-Type header, lower case, without parameters; "" when absent."""
    return (content_type or "").partition(";")[0].strip().lower()


def _serial(name: str) -> int:
    match = _NAME.fullmatch(name)
    return int(match[1]) if match else 0


def warc_paths(folder: Path) -> list[Path]:
    """Our WARC files in the order they were written, an unfinished one included."""
    if not folder.is_dir():
        return []
    return sorted(
        (path for path in folder.iterdir() if _NAME.fullmatch(path.name) and path.is_file()),
        key=lambda path: _serial(path.name),
    )


def warc_path(folder: Path, warc_file: str) -> Path:
    """Where a file named in `captures.warc_file` is now: finished, or still open."""
    if not _NAME.fullmatch(warc_file):
        raise ArchiveUnusable(f"{warc_file!r} is not the name of a WARC file of this archive")
    finished = folder / warc_file
    return finished if finished.exists() else folder / (warc_file + OPEN_SUFFIX)


def _finish(path: Path) -> None:
    finished = path.rename(path.with_name(path.name.removesuffix(OPEN_SUFFIX)))
    finished.chmod(0o444)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def repair_leftovers(folder: Path) -> list[tuple[str, int]]:
    """Finishes files that a killed run left open, cut back to their last whole record.

    Returns (file name, bytes cut) for each. A file without one whole record is removed.
    """
    repaired = []
    for path in warc_paths(folder):
        if not path.name.endswith(OPEN_SUFFIX):
            continue
        size = path.stat().st_size
        whole = _whole_members(path)
        try:
            if whole == 0:
                path.unlink()
            else:
                if whole < size:
                    os.truncate(path, whole)
                _finish(path)
        except OSError as error:
            raise _no_writing(folder, error) from error
        repaired.append((path.name.removesuffix(OPEN_SUFFIX), size - whole))
    return repaired


def _whole_members(path: Path) -> int:
    """Bytes up to the end of the last gzip member that decompresses whole, checksum included."""
    whole = position = 0
    with path.open("rb") as file:
        member = zlib.decompressobj(wbits=31)
        while chunk := file.read(_CHUNK):
            position += len(chunk)
            while chunk:
                try:
                    member.decompress(chunk)
                except zlib.error:
                    return whole
                if not member.eof:
                    break
                chunk = member.unused_data
                whole = position - len(chunk)
                member = zlib.decompressobj(wbits=31)
    return whole


def read_all(folder: Path, after: tuple[str, int] = ("", 0)) -> Iterator[StoredExchange | StoredEvent]:
    """Every response and event in the order written, beginning after the place (file, end offset) given.

    Raises ArchiveUnusable, naming file and offset, where a record is damaged or a file ends within one.
    """
    last_file, last_end = after
    for path in warc_paths(folder):
        name = path.name.removesuffix(OPEN_SUFFIX)
        if _serial(name) < _serial(last_file):
            continue
        yield from _read_file(path, name, last_end if name == last_file else 0)


def read_one(folder: Path, warc_file: str, offset: int) -> StoredExchange:
    """The response at a place named in `captures`. Raises ArchiveUnusable when it is not there."""
    path = warc_path(folder, warc_file)
    if path.exists():
        for stored in _read_file(path, warc_file, offset):
            if isinstance(stored, StoredExchange) and stored.capture.warc_offset == offset:
                return stored
            break
    raise ArchiveUnusable(
        f"No response at {warc_file}, offset {offset}", advice="The WARC file is missing or damaged: restore it."
    )


def _read_file(path: Path, name: str, start: int) -> Iterator[StoredExchange | StoredEvent]:
    size = path.stat().st_size
    if start >= size:
        return
    held: StoredExchange | StoredEvent | None = None
    offset = start
    with path.open("rb") as file:
        file.seek(start)
        records = ArchiveIterator(file, record_types=WarcRecordType.any_type, parse_http=False)
        try:
            for record in records:
                offset = record.stream_pos
                if held is not None:
                    yield _with_length(held, offset)
                held = _stored(record, path, name, offset) if record.record_type & _RECORDS_READ else None
        except (OSError, ValueError) as error:
            raise _damaged(path, offset, str(error)) from error
    if _end_of_member(path, offset) != size:
        raise _damaged(path, offset, "the file does not end with a whole record")
    if held is not None:
        yield _with_length(held, size)


def _with_length(stored: StoredExchange | StoredEvent, end: int) -> StoredExchange | StoredEvent:
    if isinstance(stored, StoredEvent):
        return StoredEvent(stored.name, stored.data, stored.warc_file, stored.warc_offset, end - stored.warc_offset)
    capture = stored.capture
    values = {slot: getattr(capture, slot) for slot in Capture.__slots__}
    return StoredExchange(Capture(**(values | {"warc_length": end - capture.warc_offset})), stored.headers, stored.body)


def _damaged(path: Path, offset: int, what: str) -> ArchiveUnusable:
    return ArchiveUnusable(
        f"{path} is damaged in the record at offset {offset}: {what}",
        advice="Restore this file from a copy; the other files are unharmed.",
    )


def _end_of_member(path: Path, offset: int) -> int:
    """Where the gzip member at an offset ends; -1 when it is cut or its checksum is wrong."""
    member = zlib.decompressobj(wbits=31)
    with path.open("rb") as file:
        file.seek(offset)
        position = offset
        while chunk := file.read(_CHUNK):
            position += len(chunk)
            try:
                member.decompress(chunk)
            except zlib.error:
                return -1
            if member.eof:
                return position - len(member.unused_data)
    return -1


def _stored(record: Any, path: Path, name: str, offset: int) -> StoredExchange | StoredEvent | None:
    fields = {key.lower(): value for key, value in record.headers}
    block = record.reader.read()
    said = fields.get("warc-block-digest", "")
    if said.startswith("sha1:") and said != f"sha1:{b32encode(hashlib.sha1(block).digest()).decode()}":
        raise _damaged(path, offset, "its bytes do not match their digest")
    if record.record_type == WarcRecordType.metadata:
        if "susta-event" not in fields:
            return None
        return StoredEvent(fields["susta-event"], json.loads(block), name, offset, 0)
    head, _, body = block.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/[\d.]+ (\d{3})", head)
    if not status:
        return None
    headers = parse_headers(head)
    found = {key.lower(): value for key, value in reversed(headers)}
    capture = Capture(
        url=_without_brackets(fields.get("warc-target-uri", "")),
        fetched_at=fields.get("warc-date", ""),
        status=int(status[1]),
        role=Role(fields.get("susta-role", "page")),
        media_type=media_type(found.get("content-type")),
        payload_sha256=hashlib.sha256(body).hexdigest(),
        payload_length=len(body),
        warc_file=name,
        warc_offset=offset,
        warc_length=0,
        location=_as_meant(found.get("location")),
        truncated="warc-truncated" in fields,
    )
    return StoredExchange(capture, headers, body)
