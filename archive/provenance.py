"""From a capture to its exact bytes, and to all that was made of it: the row, the WARC record as it stands in its file,
the heads as they went over the wire, what was derived, the run. Reads only.

    captures row ──► one gzip member of a WARC file ──► WARC header │ HTTP head │ payload
                     the request stands before it in the same file (WARC-Concurrent-To)
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import ArchiveUnusable
from archive.events import Executes
from archive.warc import warc_path

_CHUNK = 1 << 16
_MOST_HEAD = 1 << 20  # bytes of a WARC header and an HTTP head together; more is no head
_MOST_BEFORE = 200  # records looked at for the request between two responses


@dataclass(frozen=True, slots=True)
class Derived:
    """What a capture gave: an article, and the revision it began if it began one; or a refusal."""

    article_id: int | None
    article_url: str | None
    revision: int | None
    content_sha256: str | None
    refusal: str | None
    detail: str | None
    extractor: str
    frame_id: int | None
    reasons: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class RecordHead:
    """A WARC record's own header, line by line, and the HTTP head within, as sent; read as Latin-1."""

    warc: list[str]
    http: list[str]


@dataclass(frozen=True, slots=True)
class CaptureView:
    """A capture with all that is known of it. `row` is its row in `captures`, `run` that of its run; `stands_for` is
    the row of the capture whose payload it repeats (a revisit). `response` and `request` are None where their bytes are
    not there: removed by choice (`row["removed"]`), or never kept."""

    row: dict[str, Any]
    run: dict[str, Any] | None
    stands_for: dict[str, Any] | None
    derived: Derived | None
    response: RecordHead | None
    request: RecordHead | None

    @property
    def removed(self) -> bool:
        """Whether its bytes were taken out of the WARC files."""
        return bool(self.row.get("removed"))


def capture_view(db: Executes, warc_folder: Path, capture_id: int) -> CaptureView | None:
    """A capture with all that is known of it; None when there is none of this id.

    Raises ArchiveUnusable when its record is not where the row says, or cut or damaged.
    """
    row = _row(db, "captures", capture_id)
    if row is None:
        return None
    stands_for = _row(db, "captures", row["revisit_of"]) if row.get("revisit_of") is not None else None
    run = _row(db, "runs", row["run_id"]) if row["run_id"] is not None else None
    response = request = None
    if not row.get("removed"):
        path = _path(warc_folder, row)
        response = record_head(path, row["warc_offset"])
        request = _request(db, path, row, response)
    return CaptureView(row, run, stands_for, _derived(db, row), response, request)


def _row(db: Executes, table: str, key: int) -> dict[str, Any] | None:
    found = db.execute(f"SELECT * FROM {table} WHERE id = ?", (key,))
    row = found.fetchone()
    return dict(zip((column[0] for column in found.description), row, strict=True)) if row else None


def _derived(db: Executes, row: dict[str, Any]) -> Derived | None:
    found = db.execute(
        "SELECT d.article_id, a.url, d.content_sha256, d.refusal, r.detail, d.extractor, d.frame_id FROM derivations d"
        " LEFT JOIN articles a ON a.id = d.article_id LEFT JOIN refusals r ON r.capture_id = d.capture_id"
        " WHERE d.capture_id = ?",
        (row["id"],),
    ).fetchone()
    if found is None:
        return None
    article_id, url, digest, refusal, detail, extractor, frame_id = found
    said = db.execute(
        "SELECT number, capture_id, json_extract(record, '$.reasons') FROM revisions"
        " WHERE article_id = ? AND content_sha256 = ? ORDER BY capture_id <> ?, number LIMIT 1",
        (article_id, digest, row["id"]),
    ).fetchone()
    number = said[0] if said and said[1] == row["id"] else None
    reasons = json.loads(said[2]) if said else None
    return Derived(article_id, url, number, digest, refusal, detail, extractor, frame_id, reasons)


def _path(warc_folder: Path, row: dict[str, Any]) -> Path:
    path = warc_path(warc_folder, row["warc_file"])
    if not path.exists():
        raise ArchiveUnusable(f"{row['warc_file']} is missing", advice="Restore it from a copy.")
    return path


def packed_record(warc_folder: Path, row: dict[str, Any]) -> Iterator[bytes]:
    """The gzip member of a capture's response as it stands in its file; `row` is of `captures`."""
    left = int(row["warc_length"])
    with _path(warc_folder, row).open("rb") as file:
        file.seek(row["warc_offset"])
        while left and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
    if left:
        raise _damaged(row["warc_file"], row["warc_offset"])


def unpacked_record(warc_folder: Path, row: dict[str, Any]) -> Iterator[bytes]:
    """The same without its gzip coding: WARC header, HTTP head and payload."""
    for chunk, _ in _unpacked(_path(warc_folder, row), row["warc_offset"]):
        yield chunk


def _unpacked(path: Path, offset: int) -> Iterator[tuple[bytes, int]]:
    """The gzip member at an offset, piece by piece; with the last piece, where the member ends (0 before)."""
    member = zlib.decompressobj(wbits=31)
    with path.open("rb") as file:
        file.seek(offset)
        place = offset
        while not member.eof:
            chunk = member.unconsumed_tail
            if not chunk:
                chunk = file.read(_CHUNK)
                place += len(chunk)
            if not chunk:
                raise _damaged(path.name, offset)
            try:
                piece = member.decompress(chunk, _CHUNK)
            except zlib.error as error:
                raise _damaged(path.name, offset) from error
            yield piece, place - len(member.unused_data) if member.eof else 0


def _damaged(name: str, offset: int) -> ArchiveUnusable:
    return ArchiveUnusable(
        f"{name} is damaged in the record at offset {offset}", advice="Restore this file from a copy."
    )


def record_head(path: Path, offset: int) -> RecordHead:
    """The heads of the record at an offset. Raises ArchiveUnusable where there is none or the file is damaged."""
    return _head(path, offset)[0]


def _head(path: Path, offset: int, *, whole: bool = False) -> tuple[RecordHead, int]:
    """The heads of a record and, where `whole` is asked for, where its gzip member ends."""
    block = b""
    end = 0
    for piece, end in _unpacked(path, offset):  # noqa: B007
        if len(block) < _MOST_HEAD:
            block += piece
        if not whole and (block.count(b"\r\n\r\n", 0, _MOST_HEAD) > 1 or len(block) >= _MOST_HEAD):
            break
    warc, _, rest = block[:_MOST_HEAD].partition(b"\r\n\r\n")
    if not warc.startswith(b"WARC/"):
        raise ArchiveUnusable(f"No WARC record stands in {path.name} at offset {offset}")
    http = rest.partition(b"\r\n\r\n")[0] if b"application/http" in warc.lower() else b""
    return RecordHead(_lines(warc), _lines(http)), end


def _lines(head: bytes) -> list[str]:
    return head.decode("latin-1").split("\r\n") if head else []


def _field(head: RecordHead, name: str) -> str:
    for line in head.warc[1:]:
        key, _, value = line.partition(":")
        if key.strip().lower() == name:
            return value.strip()
    return ""


def _request(db: Executes, path: Path, row: dict[str, Any], response: RecordHead) -> RecordHead | None:
    """The request that a response answers: written just before it, after whatever capture comes before that."""
    before = db.execute(
        "SELECT warc_offset + warc_length FROM captures WHERE warc_file = ? AND warc_offset < ?"
        " ORDER BY warc_offset DESC LIMIT 1",
        (row["warc_file"], row["warc_offset"]),
    ).fetchone()
    place = int(before[0]) if before else 0
    own = _field(response, "warc-record-id")
    for _ in range(_MOST_BEFORE):
        if place >= row["warc_offset"]:
            break
        head, place = _head(path, place, whole=True)
        if _field(head, "warc-type") == "request" and own and _field(head, "warc-concurrent-to") == own:
            return head
    return None
