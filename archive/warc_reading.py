"""Reading the WARC files back: all records in order, or the response at a place; and mending what a killed run left.

Damage is named with file and offset, never passed over. How the files are written is in `warc.py`.
"""

import hashlib
import json
import os
import re
import zlib
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from archive.errors import ArchiveUnusable
from archive.records import Capture, Role
from archive.warc import (
    OPEN_SUFFIX,
    StoredEvent,
    StoredExchange,
    as_meant,
    finish,
    media_type,
    no_writing,
    parse_headers,
    serial_of,
    warc_path,
    warc_paths,
)

_RECORDS_READ = WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.metadata
_CHUNK = 1 << 16


def _without_brackets(uri: str) -> str:
    """WARC 1.0 put target addresses between < and >."""
    return uri[1:-1] if uri.startswith("<") and uri.endswith(">") else uri


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
                finish(path)
        except OSError as error:
            raise no_writing(folder, error) from error
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
        if serial_of(name) < serial_of(last_file):
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
        return replace(stored, warc_length=end - stored.warc_offset)
    capture = stored.capture
    return replace(stored, capture=replace(capture, warc_length=end - capture.warc_offset))


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
        location=as_meant(found.get("location")),
        truncated="warc-truncated" in fields,
        etag=found.get("etag"),
        last_modified=found.get("last-modified"),
    )
    if record.record_type == WarcRecordType.revisit:
        place = (_without_brackets(fields.get("warc-refers-to-target-uri", "")), fields.get("warc-refers-to-date", ""))
        return StoredExchange(replace(capture, payload_sha256="", payload_length=0), headers, b"", place)
    return StoredExchange(capture, headers, body)
