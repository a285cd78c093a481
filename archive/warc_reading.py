"""Reading the WARC files back: all records in order, or the response at a place; and mending what a killed run left.

Damage is named with file and offset, never passed over. How the files are written is in `warc.py`.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from fastwarc.warc import ArchiveIterator, WarcRecordType

from archive.errors import ArchiveUnusable
from archive.gzip_members import end_of_member, member_ends
from archive.records import Capture, Role
from archive.warc import (
    OPEN_SUFFIX,
    TORN_SUFFIX,
    StoredEvent,
    StoredExchange,
    as_meant,
    finish,
    make_entry_durable,
    media_type,
    no_writing,
    parse_headers,
    serial_of,
    sha1,
    warc_path,
    warc_paths,
)

_RECORDS_READ = WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.metadata
INDEXED = _RECORDS_READ | WarcRecordType.resource  # what an index of captures is made from
_GZIP = b"\x1f\x8b\x08"
LARGEST_BLOCK = (
    512_000_000  # bytes; no larger body is ever captured, so what says to be is damaged, or meant to fill memory
)


def _without_brackets(uri: str) -> str:
    """WARC 1.0 put target addresses between < and >."""
    return uri[1:-1] if uri.startswith("<") and uri.endswith(">") else uri


class Repair(NamedTuple):
    """A file that a killed run left open: how many bytes were cut from it, and the file they were set aside in ("" when
    it ended with a whole record)."""

    file: str
    cut: int
    set_aside: str


def repair_leftovers(folder: Path) -> list[Repair]:
    """Finishes files that a killed run left open, cut back to their last whole record.

    Nothing is thrown away: what is cut off is set aside beside the file, as `….warc.gz.torn`; a file without one whole
    record is set aside as it is. The next file that is opened tells of it (see WarcFiles). Raises ArchiveUnusable where
    the folder cannot be written.
    """
    repaired = []
    for path in warc_paths(folder):
        if not path.name.endswith(OPEN_SUFFIX):
            continue
        size = path.stat().st_size
        with path.open("rb") as file:
            whole = max(member_ends(file), default=0)
        torn = path.with_name(path.name.removesuffix(OPEN_SUFFIX) + TORN_SUFFIX)
        try:
            if whole == 0:
                path.replace(torn)
                make_entry_durable(folder)
            else:
                if whole < size:
                    _set_aside(path, whole, torn)
                    os.truncate(path, whole)
                finish(path)
        except OSError as error:
            raise no_writing(folder, error) from error
        aside = torn.name if whole < size or whole == 0 else ""
        repaired.append(Repair(path.name.removesuffix(OPEN_SUFFIX), size - whole, aside))
    return repaired


def _set_aside(path: Path, start: int, torn: Path) -> None:
    """Copies what follows a file's last whole record, durably; done again after a crash in between."""
    with path.open("rb") as file, torn.open("wb") as copy:
        file.seek(start)
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())
    make_entry_durable(path.parent)


def read_record_id(folder: Path, warc_file: str, offset: int) -> str:
    """The WARC-Record-ID of the record at a place, for another to refer to; "" where there is none to be had."""
    path = warc_path(folder, warc_file)
    with contextlib.suppress(OSError, ValueError), path.open("rb") as file:
        file.seek(offset)
        for record in ArchiveIterator(file, record_types=WarcRecordType.any_type, parse_http=False):
            return str(record.headers.get("WARC-Record-ID", ""))
    return ""


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


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A WARC record as it stands: its kind, its fields by lower-case name, its block, and its place in the file."""

    kind: str
    fields: dict[str, str]
    block: bytes
    offset: int
    end: int


def read_records(path: Path, kinds: WarcRecordType, start: int = 0) -> Iterator[RawRecord]:
    """The records of these kinds in a WARC file, in order, from the one at `start` on; each checked against its digest.

    Raises ArchiveUnusable, naming file and offset, where a record is damaged, is larger than any may be, does not fill
    one gzip member, or the file ends within one.
    """
    size = path.stat().st_size
    if start >= size:
        return
    held: RawRecord | None = None
    offset = start
    with path.open("rb") as file:
        file.seek(start)
        records = ArchiveIterator(file, record_types=WarcRecordType.any_type, parse_http=False)
        try:
            for record in records:
                offset = record.stream_pos
                if os.pread(file.fileno(), 3, offset) != _GZIP:
                    raise _damaged(path, offset, "its records are not compressed one by one")
                if held is not None:
                    yield replace(held, end=offset)
                held = _raw(record, path, offset) if record.record_type & kinds else None
        except (OSError, ValueError) as error:
            # What was asked for is the next record; this one may have been read before.
            whole = end_of_member(path, offset)
            raise _damaged(path, offset if whole in (-1, size) else whole, str(error)) from error
    if end_of_member(path, offset) != size:
        raise _damaged(path, offset, "the file does not end with a whole record")
    if held is not None:
        yield replace(held, end=size)


def _raw(record: Any, path: Path, offset: int) -> RawRecord:
    if record.content_length > LARGEST_BLOCK:
        raise _damaged(path, offset, f"it says to hold {record.content_length} bytes, more than any record does")
    fields = {key.lower(): value for key, value in record.headers}
    block = record.reader.read()
    said = fields.get("warc-block-digest", "")
    if said.startswith("sha1:") and said != sha1(block):
        raise _damaged(path, offset, "its bytes do not match their digest")
    return RawRecord(fields.get("warc-type", ""), fields, block, offset, offset)


def _read_file(path: Path, name: str, start: int) -> Iterator[StoredExchange | StoredEvent]:
    for record in read_records(path, _RECORDS_READ, start):
        try:
            stored = _stored(record, name)
        except (ValueError, TypeError, RecursionError) as error:  # JSON of any depth, a role there is none of
            raise _damaged(path, record.offset, str(error)) from error
        if stored is not None:
            yield stored


def _damaged(path: Path, offset: int, what: str) -> ArchiveUnusable:
    return ArchiveUnusable(
        f"{path} is damaged in the record at offset {offset}: {what}",
        advice="Restore this file from a copy; the other files are unharmed.",
    )


def _stored(record: RawRecord, name: str) -> StoredExchange | StoredEvent | None:
    fields, block, length = record.fields, record.block, record.end - record.offset
    if record.kind == "metadata":
        if "susta-event" not in fields:
            return None
        data = json.loads(block)
        if not isinstance(data, dict):
            raise TypeError("an event without its data")
        return StoredEvent(fields["susta-event"], data, name, record.offset, length)
    head, _, body = block.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/[\d.]+ (\d{3})", head)
    if not status:
        return None
    headers = parse_headers(head)
    found = {key.lower(): value for key, value in reversed(headers)}
    is_revisit = record.kind == "revisit"
    capture = Capture(
        url=_without_brackets(fields.get("warc-target-uri", "")),
        fetched_at=fields.get("warc-date", ""),
        status=int(status[1]),
        role=Role(fields.get("susta-role", "page")),
        media_type=media_type(found.get("content-type")),
        payload_sha256="" if is_revisit else hashlib.sha256(body).hexdigest(),
        payload_length=0 if is_revisit else len(body),
        warc_file=name,
        warc_offset=record.offset,
        warc_length=length,
        location=as_meant(found.get("location")),
        # A revisit is cut of its payload, which is whole where it is kept.
        truncated="warc-truncated" in fields and not is_revisit,
        etag=found.get("etag"),
        last_modified=found.get("last-modified"),
    )
    if is_revisit:
        place = (_without_brackets(fields.get("warc-refers-to-target-uri", "")), fields.get("warc-refers-to-date", ""))
        return StoredExchange(capture, headers, b"", place)
    return StoredExchange(capture, headers, body)
