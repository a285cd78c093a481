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
    writer = csv.DictWriter(buffer, CSV_COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    count = 0
    for record in archive.records(which):
        writer.writerow({name: _cell(value) for name, value in flat(record).items()})
        count += 1
        if buffer.tell() >= _FLUSH_AT:
            out.write(buffer.getvalue().encode())
            buffer.seek(0)
            buffer.truncate()
    out.write(buffer.getvalue().encode())
    return count


def flat(record: Record) -> dict[str, Any]:
    """A record as one flat row: texts and numbers, without lists within."""
    row = record.as_dict()
    source = row.pop("source")
    row["body"] = "\n\n".join(row["body"])
    for name in ("photos", "attachments", "tables"):
        row[name] = json.dumps(row[name], ensure_ascii=False)
    row |= {
        "source_name": source["name"],
        "source_organisation": source["organisation"],
        "credit": source["credit"],
        "notice": source["notice"],
        "source_url": source["url"],
    }
    return {name: row[name] for name in CSV_COLUMNS}


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.lstrip(" \u00a0\ufeff").startswith(_FORMULA) else value
