"""CSV (RFC 4180) that spreadsheets open right: a byte order mark, CRLF, and nothing that runs as a formula."""

import csv
import io
import json
from typing import IO, Any

from archive.entries import Filter, Record
from archive.query import Archive

# What makes a spreadsheet take a cell for a formula (OWASP, CSV Injection), full-width forms included; white space
# before it does not help.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BEFORE = " \u00a0\ufeff"
_SUSPICIOUS = frozenset((*_FORMULA, *_BEFORE))  # what such a cell begins with
_encode = json.JSONEncoder(ensure_ascii=False).encode
_FLUSH_AT = 1 << 16  # characters gathered before they are written
CSV_COLUMNS = (
    "url", "site", "site_id", "category", "title", "byline", "byline_role", "affiliation", "date", "date_kind",
    "date_evidence", "body", "photos", "attachments", "tables", "views", "source_name", "source_organisation", "credit",
    "notice", "source_url", "captured_at", "content_sha256", "extractor",
)  # fmt: skip


def write_csv(archive: Archive, which: Filter, out: IO[bytes]) -> int:
    """A row an article, under a row of names; returns how many articles.

    Paragraphs are parted by a blank line; photos, attachments and tables are JSON. A text that a spreadsheet would run
    as a formula gets an apostrophe before it.
    """
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    count = 0
    for record in archive.records(which):
        writer.writerow([_cell(value) if value.__class__ is str else value for value in _row(record)])
        count += 1
        if buffer.tell() >= _FLUSH_AT:
            out.write(buffer.getvalue().encode())
            buffer.seek(0)
            buffer.truncate()
    out.write(buffer.getvalue().encode())
    return count


def _row(record: Record) -> tuple[Any, ...]:
    """A record as one flat row, in the order of CSV_COLUMNS."""
    source = record.source
    return (
        record.url, record.site, record.site_id, record.category, record.title, record.byline, record.byline_role,
        record.affiliation, record.date, record.date_kind, record.date_evidence, "\n\n".join(record.body),
        _json(record.photos), _json(record.attachments), _json(record.tables), record.views, source.name,
        source.organisation, source.credit, source.notice, source.url, record.captured_at, record.content_sha256,
        record.extractor,
    )  # fmt: skip


def _json(parts: list[dict[str, Any]]) -> str:
    return _encode(parts) if parts else "[]"


def _cell(text: str) -> str:
    if text[:1] in _SUSPICIOUS and text.lstrip(_BEFORE).startswith(_FORMULA):
        return f"'{text}"
    return text
