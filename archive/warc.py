"""The WARC files: every response as it came, and the events that no response holds. WARC 1.1 (ISO 28500:2017).

    warc/susta-000007-20261122T020000Z.warc.gz        finished, read-only
    warc/susta-000008-20261123T020000Z.warc.gz.open   being written, or left by a run that was killed
    warc/susta-000006-20261121T020000Z.warc.gz.torn   what was cut off when such a one was repaired; never read

Each opens with its `warcinfo`, a `resource` with the settings, and events naming its predecessor's digest and repairs;
then for each fetch a `request` and its `response`, or a `revisit` where the payload is kept already: one gzip member a
record, the response last, and an fsync: what `append` has returned from survives a power cut. Events are `metadata`
records, a JSON object each. Extension fields: `Susta-Role` and `Susta-Event` (ours), `WARC-Protocol` (IIPC).
"""

import contextlib
import hashlib
import io
import json
import os
import re
from base64 import b32encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import ArchiveUnusable
from archive.gzip_members import FileFacts, facts_of
from archive.payload_type import identified_type
from archive.records import Capture, Role

FOLDER_NAME = "warc"
OPEN_SUFFIX = ".open"
TORN_SUFFIX = ".torn"
NAME = re.compile(r"susta-([0-9]{6,})-[0-9]{8}T[0-9]{6}Z\.warc\.gz(\.open)?")
_TORN_NAME = re.compile(r"susta-([0-9]{6,})-[0-9]{8}T[0-9]{6}Z\.warc\.gz\.torn")
_BEGINNING = ".opening"  # a new file until its first records are whole
# Events of a file's opening: what its predecessor came to, and that a file had to be cut.
FILE_FINISHED, REPAIRED = "file-finished", "repaired"
STANDARD = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
# Why a response need not be kept again (WARC 1.1, 6.7): its payload is one that is kept, or the server said so (304).
_IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response as they went over the wire.

    `request_head` and `response_head` are the start line and header lines with CRLFs, without the empty line; `body` is
    free of transfer coding but keeps its content coding. `fetched_at` is UTC, ISO 8601 with `Z`. `truncated` says why
    the body is not whole, in the words of WARC 1.1 (5.13): `length`, `time`, `disconnect`, `unspecified`; "" if it is.
    `protocols` are those spoken, the upper first, in the words of the IIPC's WARC-Protocol: `http/1.1`, `tls/1.3`.
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
    protocols: tuple[str, ...] = ()
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
    """A capture that holds a payload, for another to refer to. `record_id` is its record's WARC-Record-ID, if known."""

    url: str
    fetched_at: str
    payload_sha256: str
    payload_length: int
    media_type: str
    record_id: str = ""


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


class _Sink:
    """An unbuffered file that never writes a part only: on a full disk the rest fails loudly. Keeps the digest of what
    was written and the number of records."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()
        self.records = 0

    def write(self, data: bytes) -> int:
        left = memoryview(data)
        while left:
            left = left[self.file.write(left) :]
        self.sha256.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    @contextlib.contextmanager
    def whole(self) -> Iterator[None]:
        """Durable at the end, or cut back to where it began."""
        start, before = self.file.tell(), (self.sha256.copy(), self.records)
        try:
            yield
            os.fsync(self.file.fileno())
        except BaseException:
            self.sha256, self.records = before
            with contextlib.suppress(OSError):
                self.file.truncate(start)
                self.file.seek(start)
            raise


class _Writer(WARCWriter):  # type: ignore[misc]
    """Gives a payload digest to what has a payload: an event has none, nor a request without a body (WARC 1.1, 5.9)."""

    NO_PAYLOAD_DIGEST_TYPES = ("warcinfo", "request", "metadata", "revisit")


class WarcFiles:
    """Appends to the WARC files of one archive. One thread owns it."""

    def __init__(
        self,
        folder: Path,
        *,
        software: str,
        operator: str = "",
        max_bytes: int = 1_000_000_000,
        info: Mapping[str, str] = {},
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """`folder` is the archive's `warc/`; it is made. Leftovers of a killed run must be repaired first.

        `info` adds to each file's warcinfo, or replaces there (`description`, `robots`, `http-header-user-agent`;
        WARC 1.1, 6.2); `settings`, what the run was configured with, become a resource record. Neither may hold what is
        not meant for all who read the archive. Raises ArchiveUnusable when the folder cannot be made.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise no_writing(folder, error) from error
        self.folder = folder
        told = {
            "software": software,
            "format": "WARC File Format 1.1",
            "conformsTo": STANDARD,
            "operator": operator,
            "robots": "obey",
        }
        self._info = {name: " ".join(value.split()) for name, value in (told | dict(info)).items() if value.strip()}
        self._settings = settings
        self._max_bytes = max_bytes
        self._sink: _Sink | None = None
        self._name = self._warcinfo_id = ""
        self._finished: FileFacts | None = None

    def append(self, exchange: Exchange, original: Original | None = None) -> Capture:
        """Writes request and response, makes them durable, and says where the response stands.

        With `original` the response is a revisit of it: its payload is that capture's, and only its headers are
        written. Raises ArchiveUnusable when the disk is full or read-only; the file then ends with its last whole
        record.
        """
        with self._writing(exchange.fetched_at) as sink:
            writer = _Writer(sink, gzip=True, warc_version="1.1")
            response = self._response(writer, exchange, original)
            if exchange.request_head:
                request = self._message(writer, "request", exchange, exchange.request_head, b"")
                request.rec_headers.add_header("WARC-Concurrent-To", response.rec_headers.get_header("WARC-Record-ID"))
                _write(writer, request)
            offset = sink.file.tell()
            _write(writer, response)
            length = sink.file.tell() - offset
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
        with self._writing(at) as sink:
            return self._event(sink, name, at, data)

    def close(self) -> None:
        """Finishes the current file: it loses its `.open` and can no longer be written."""
        if self._sink is None:
            return
        sink, self._sink = self._sink, None
        self._finished = FileFacts(self._name, sink.file.tell(), sink.sha256.hexdigest(), sink.records)
        sink.file.close()
        finish(self.folder / (self._name + OPEN_SUFFIX))

    def _response(self, writer: Any, exchange: Exchange, original: Original | None) -> Any:
        if original is None:
            fields = {"WARC-Truncated": exchange.truncated} if exchange.truncated else {}
            kind = None if exchange.header("content-encoding") else identified_type(exchange.body)
            fields |= {"WARC-Identified-Payload-Type": kind} if kind else {}
            return self._message(writer, "response", exchange, exchange.response_head, exchange.body, fields)
        fields = {
            "WARC-Profile": _NOT_MODIFIED if exchange.status == 304 else _IDENTICAL,
            "WARC-Refers-To-Target-URI": original.url,
            "WARC-Refers-To-Date": original.fetched_at,
        }
        if original.record_id:
            fields["WARC-Refers-To"] = original.record_id
        if exchange.status != 304:  # WARC 1.1, 6.7.2
            fields |= {"WARC-Payload-Digest": sha1(exchange.body), "WARC-Truncated": "length"}
        return self._message(writer, "revisit", exchange, exchange.response_head, b"", fields)

    def _message(
        self,
        writer: Any,
        kind: str,
        exchange: Exchange,
        head: bytes,
        body: bytes,
        more: Mapping[str, str] = {},
    ) -> Any:
        fields = {"WARC-Date": exchange.fetched_at, "WARC-Warcinfo-ID": self._warcinfo_id, **more}
        fields["Susta-Role"] = str(exchange.role)
        if exchange.ip:
            fields["WARC-IP-Address"] = exchange.ip
        if kind != "request":
            fields |= dict(exchange.origin)
        record = writer.create_warc_record(
            exchange.url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=_WireHeaders(head),
            warc_headers_dict=fields,
        )
        for protocol in exchange.protocols:
            record.rec_headers.add_header("WARC-Protocol", protocol)
        return record

    def _event(self, sink: _Sink, name: str, at: str, data: Mapping[str, Any]) -> StoredEvent:
        offset = sink.file.tell()
        self._json(sink, "metadata", name, at, data, {"Susta-Event": name})
        return StoredEvent(name, dict(data), self._name, offset, sink.file.tell() - offset)

    def _json(
        self, sink: _Sink, kind: str, name: str, at: str, data: Mapping[str, Any], more: Mapping[str, str]
    ) -> None:
        payload = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        writer = _Writer(sink, gzip=True, warc_version="1.1")
        record = writer.create_warc_record(
            f"urn:susta-archive:{name}",
            kind,
            payload=io.BytesIO(payload),
            length=len(payload),
            warc_content_type="application/json",
            warc_headers_dict={"WARC-Date": at, "WARC-Warcinfo-ID": self._warcinfo_id, **more},
        )
        _write(writer, record)

    @contextlib.contextmanager
    def _writing(self, at: str) -> Iterator[_Sink]:
        """The file to write to, a new one where there is none or it is full; what is written is whole or not there."""
        try:
            if self._sink is not None and self._sink.file.tell() >= self._max_bytes:
                self.close()
            if self._sink is None:
                self._open(at)
            assert self._sink is not None
            with self._sink.whole():
                yield self._sink
        except OSError as error:
            raise no_writing(self.folder, error) from error

    def _open(self, at: str) -> None:
        """Begins a file. Its first records are written before it has its name, so that none is without them."""
        names = [path.name for path in (*warc_paths(self.folder), *torn_paths(self.folder))]
        serial = max(map(serial_of, names), default=0) + 1
        stamp = re.sub(r"[-:]|\.\d+", "", at)
        self._name = f"susta-{serial:06d}-{stamp}.warc.gz"
        beginning = self.folder / _BEGINNING
        # Unbuffered: when a write fails for lack of room, nothing lingers that a later flush would add.
        file = open(beginning, "wb", buffering=0)  # noqa: SIM115
        try:
            sink = _Sink(file)
            with sink.whole():
                self._begin(sink, at)
            beginning.rename(self.folder / (self._name + OPEN_SUFFIX))
        except BaseException:
            file.close()
            with contextlib.suppress(OSError):
                beginning.unlink(missing_ok=True)
            raise
        self._sink = sink
        make_entry_durable(self.folder)

    def _begin(self, sink: _Sink, at: str) -> None:
        """Who made the file, with what settings; what its predecessor came to, and what had to be repaired since."""
        writer = _Writer(sink, gzip=True, warc_version="1.1")
        told = "".join(f"{name}: {value}\r\n" for name, value in self._info.items()).encode()
        record = writer.create_warc_record(
            "",
            "warcinfo",
            payload=io.BytesIO(told),
            length=len(told),
            warc_content_type="application/warc-fields",
            warc_headers_dict={"WARC-Date": at, "WARC-Filename": self._name},
        )
        self._warcinfo_id = record.rec_headers.get_header("WARC-Record-ID")
        _write(writer, record)
        if self._settings is not None:
            self._json(sink, "resource", "settings", at, self._settings, {})
        finished = [path for path in warc_paths(self.folder) if not path.name.endswith(OPEN_SUFFIX)]
        if finished:
            known = self._finished
            facts = known if known and known.name == finished[-1].name else facts_of(finished[-1])
            data = {"file": facts.name, "bytes": facts.bytes, "sha256": facts.sha256, "records": facts.records}
            self._event(sink, FILE_FINISHED, at, data)
        for torn in torn_paths(self.folder):
            if not finished or serial_of(torn.name) >= serial_of(finished[-1].name):
                name, cut = torn.name.removesuffix(TORN_SUFFIX), torn.stat().st_size
                self._event(sink, REPAIRED, at, {"file": name, "cut": cut, "set_aside": torn.name})


def _write(writer: Any, record: Any) -> None:
    writer.write_record(record)
    writer.out.records += 1


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
    """The number that gives a file its place in the order, one that was set aside too; 0 for other names."""
    match = NAME.fullmatch(name) or _TORN_NAME.fullmatch(name)
    return int(match[1]) if match else 0


def warc_paths(folder: Path) -> list[Path]:
    """Our WARC files in the order they were written, an unfinished one included."""
    return _named(folder, NAME)


def torn_paths(folder: Path) -> list[Path]:
    """What was set aside when files were repaired, in order. No part of the archive, but none of it is thrown away."""
    return _named(folder, _TORN_NAME)


def _named(folder: Path, name: re.Pattern[str]) -> list[Path]:
    if not folder.is_dir():
        return []
    paths = (path for path in folder.iterdir() if name.fullmatch(path.name) and path.is_file())
    return sorted(paths, key=lambda path: serial_of(path.name))


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
    make_entry_durable(path.parent)


def make_entry_durable(folder: Path) -> None:
    """Makes a folder's list of files survive a power cut: a file's own fsync does not promise that (POSIX)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
