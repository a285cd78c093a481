"""The WARC files: every response as it came, and the events that no response holds. WARC 1.1 (ISO 28500:2017).

    warc/susta-000007-20261122T020000Z.warc.gz        finished
    warc/susta-000008-20261123T020000Z.warc.gz.open   being written, or left by a run that was killed

Each file opens with a `warcinfo` record; then for each fetch a `request` and its `response`, or a `revisit` where the
payload is one that is kept already, one gzip member a record, the response last, and an fsync: what `append` has
returned from survives a power cut. Events (a run's start and end, a page that could not be fetched) are `metadata`
records holding one JSON object. Serial numbers give the order of files; the clock does not. Two extension fields:
`Susta-Role` (why it was asked for) and `Susta-Event`. Reading is in `warc_reading.py`.
"""

import contextlib
import hashlib
import io
import json
import os
import re
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import ArchiveUnusable
from archive.records import Capture, Role

FOLDER_NAME = "warc"
OPEN_SUFFIX = ".open"
NAME = re.compile(r"susta-([0-9]{6,})-[0-9]{8}T[0-9]{6}Z\.warc\.gz(\.open)?")
# Why a response need not be kept again (WARC 1.1, 6.7): its payload is one that is kept, or the server said so (304).
_IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response as they went over the wire.

    `request_head` and `response_head` are the start line and header lines with CRLFs, without the empty line; `body` is
    free of transfer coding but keeps its content coding. `fetched_at` is UTC, ISO 8601 with `Z`. `truncated` says why
    the body is not whole, in the words of WARC 1.1 (5.13): `length`, `time`, `disconnect`, `unspecified`; "" if it is.
    An exchange that others captured has further fields of its record in `origin`, and no `request_head` where that is
    not known.
    """

    url: str
    fetched_at: str
    role: Role
    status: int
    request_head: bytes
    response_head: bytes
    body: bytes
    ip: str | None = None
    truncated: str = ""
    origin: tuple[tuple[str, str], ...] = ()

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Response headers in order, names as sent, values decoded as Latin-1 (RFC 9110 5.5)."""
        return parse_headers(self.response_head)

    def header(self, name: str) -> str | None:
        """The first response header of that name, in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Original:
    """A capture that holds a payload, for another to refer to."""

    url: str
    fetched_at: str
    payload_sha256: str
    payload_length: int
    media_type: str


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """A response read back, with its place.

    `refers_to` is (address, time) of the capture that holds the payload, where the record is a revisit; as read from
    the file such a one has no body, no digest and no length: `standing_for` gives them.
    """

    capture: Capture
    headers: list[tuple[str, str]]
    body: bytes
    refers_to: tuple[str, str] | None = None

    def standing_for(self, original: Original, headers: list[tuple[str, str]], body: bytes) -> "StoredExchange":
        """The revisit with the payload it stands for, and for a 304 the original's headers where it has none of its
        own (RFC 9111 3.2: those that describe the content are the original's)."""
        told, media_type = self.headers, self.capture.media_type
        if self.capture.status == 304:
            told = [(name, value) for name, value in self.headers if not name.lower().startswith("content-")]
            own = {name.lower() for name, _ in told}
            told = told + [(name, value) for name, value in headers if name.lower() not in own]
            media_type = original.media_type
        capture = replace(
            self.capture,
            media_type=media_type,
            payload_sha256=original.payload_sha256,
            payload_length=original.payload_length,
        )
        return replace(self, capture=capture, headers=told, body=body)

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
            raise no_writing(folder, error) from error
        self.folder = folder
        self._info = {"software": software, "format": "WARC File Format 1.1", "operator": operator, "robots": "obey"}
        self._max_bytes = max_bytes
        self._file: IO[bytes] | None = None
        self._name = ""

    def append(self, exchange: Exchange, original: Original | None = None) -> Capture:
        """Writes request and response, makes them durable, and says where the response stands.

        With `original` the response is a revisit of it: its payload is that capture's, and only its headers are
        written. Raises ArchiveUnusable when the disk is full or read-only; the file then ends with its last whole
        record.
        """
        file, writer = self._writer(exchange.fetched_at)
        with self._whole(file):
            response = self._response(writer, exchange, original)
            if exchange.request_head:
                request = self._record(writer, "request", exchange, exchange.request_head, b"")
                request.rec_headers.add_header("WARC-Concurrent-To", response.rec_headers.get_header("WARC-Record-ID"))
                writer.write_record(request)
            offset = file.tell()
            writer.write_record(response)
            length = file.tell() - offset
        own = exchange.body if original is None or exchange.status != 304 else None
        return Capture(
            url=exchange.url,
            fetched_at=exchange.fetched_at,
            status=exchange.status,
            role=exchange.role,
            media_type=media_type(exchange.header("content-type")),
            payload_sha256=hashlib.sha256(own).hexdigest() if own is not None else "",
            payload_length=len(own) if own is not None else 0,
            warc_file=self._name,
            warc_offset=offset,
            warc_length=length,
            location=as_meant(exchange.header("location")),
            truncated=bool(exchange.truncated),
            etag=exchange.header("etag"),
            last_modified=exchange.header("last-modified"),
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
        finish(self.folder / (self._name + OPEN_SUFFIX))

    def _response(self, writer: Any, exchange: Exchange, original: Original | None) -> Any:
        if original is None:
            return self._record(writer, "response", exchange, exchange.response_head, exchange.body)
        fields = {
            "WARC-Profile": _NOT_MODIFIED if exchange.status == 304 else _IDENTICAL,
            "WARC-Refers-To-Target-URI": original.url,
            "WARC-Refers-To-Date": original.fetched_at,
        }
        if exchange.status != 304:
            fields["WARC-Payload-Digest"] = sha1(exchange.body)
        return self._record(writer, "revisit", exchange, exchange.response_head, b"", fields)

    @staticmethod
    def _record(
        writer: Any, kind: str, exchange: Exchange, head: bytes, body: bytes, more: dict[str, str] | None = None
    ) -> Any:
        fields = {"WARC-Date": exchange.fetched_at, "Susta-Role": str(exchange.role)} | (more or {})
        if exchange.ip:
            fields["WARC-IP-Address"] = exchange.ip
        if exchange.truncated and kind == "response":
            fields["WARC-Truncated"] = exchange.truncated
        if kind != "request":
            fields |= dict(exchange.origin)
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
            raise no_writing(self.folder, error) from error

    def _open(self, at: str) -> None:
        serial = max((serial_of(path.name) for path in warc_paths(self.folder)), default=0) + 1
        stamp = re.sub(r"[-:]|\.\d+", "", at)
        self._name = f"susta-{serial:06d}-{stamp}.warc.gz"
        # Unbuffered: when a write fails for lack of room, nothing lingers that a later flush would add.
        self._file = open(self.folder / (self._name + OPEN_SUFFIX), "xb", buffering=0)  # noqa: SIM115
        writer = WARCWriter(_WholeWrites(self._file), gzip=True, warc_version="1.1")
        with self._whole(self._file):
            writer.write_record(writer.create_warcinfo_record(self._name, self._info))
        _make_entry_durable(self.folder)

    @contextlib.contextmanager
    def _whole(self, file: IO[bytes]) -> Iterator[None]:
        """Durable at the end, or cut back to where it began."""
        start = file.tell()
        try:
            yield
            os.fsync(file.fileno())
        except BaseException as error:
            with contextlib.suppress(OSError):
                file.truncate(start)
                file.seek(start)
            if isinstance(error, OSError):
                raise no_writing(self.folder, error) from error
            raise


def no_writing(folder: Path, error: OSError) -> ArchiveUnusable:
    """What to raise where a WARC file cannot be written."""
    return ArchiveUnusable(
        f"Cannot write to {folder}: {error.strerror or error}",
        advice="What was captured so far is whole and stays readable. Make room or give write access, then run again.",
    )


def sha1(data: bytes) -> str:
    """A digest as WARC fields have it (WARC 1.1, 5.8: labelled, Base32)."""
    return f"sha1:{b32encode(hashlib.sha1(data).digest()).decode()}"


def as_meant(location: str | None) -> str | None:
    """Many servers send the letters of a Location as UTF-8, which header values are not (RFC 9110 5.5)."""
    try:
        return location if location is None else location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def media_type(content_type: str | None) -> str:
    """The type of a Content-Type header, lower case, without parameters; "" when absent."""
    return (content_type or "").partition(";")[0].strip().lower()


def serial_of(name: str) -> int:
    """The number that gives a file its place in the order; 0 for other names."""
    match = NAME.fullmatch(name)
    return int(match[1]) if match else 0


def warc_paths(folder: Path) -> list[Path]:
    """Our WARC files in the order they were written, an unfinished one included."""
    if not folder.is_dir():
        return []
    return sorted(
        (path for path in folder.iterdir() if NAME.fullmatch(path.name) and path.is_file()),
        key=lambda path: serial_of(path.name),
    )


def warc_path(folder: Path, warc_file: str) -> Path:
    """Where a file named in `captures.warc_file` is now: finished, or still open."""
    if not NAME.fullmatch(warc_file):
        raise ArchiveUnusable(f"{warc_file!r} is not the name of a WARC file of this archive")
    finished = folder / warc_file
    return finished if finished.exists() else folder / (warc_file + OPEN_SUFFIX)


def finish(path: Path) -> None:
    """Takes a file's `.open` away, makes it read-only, and makes that durable."""
    finished = path.rename(path.with_name(path.name.removesuffix(OPEN_SUFFIX)))
    finished.chmod(0o444)
    _make_entry_durable(path.parent)


def _make_entry_durable(folder: Path) -> None:
    """A file's own fsync does not promise that its folder knows it after a power cut (POSIX)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
